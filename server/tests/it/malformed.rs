//! Bodies that no page of ours would send, to every server function.

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use domain::member::Role;

use crate::{
    chance::Chance,
    policy::{
        asked::{Kind, filled, request_of, sent},
        people::{Principal, World},
        table::TABLE,
    },
    support::times,
};

const VALUES: [&str; 26] = [
    "",
    " ",
    "\0",
    "-1",
    "0",
    "18446744073709551616",
    "9223372036854775808",
    "1e999",
    "NaN",
    "null",
    "[]",
    "{}",
    "true",
    "../../etc/passwd",
    "'; DROP TABLE channels;--",
    "<script>alert(1)</script>",
    "\u{202e}gnp.exe",
    "\u{3164}",
    "\r\nSet-Cookie: sid=1",
    "channel-key-",
    "store-00000000",
    "%ff%fe",
    "%zz",
    "%",
    "\u{1112}\u{1161}\u{11ab}",
    "😀",
];
const KEYS: [&str; 12] = [
    "form",
    "form[",
    "form]",
    "form[]",
    "form[0]",
    "form[name][",
    "[",
    "[[[[",
    "about[key][key]",
    "=",
    "__err",
    "%5b%5d",
];
/// Words of libraries, of the database, of our sources.
const INTERNALS: [&str; 12] = [
    "panicked",
    "sqlx",
    "sea_orm",
    "SELECT ",
    "INSERT ",
    "serde",
    "missing field",
    "invalid type",
    "src/",
    ".rs:",
    "expected ",
    "Deserializ",
];
/// What may be written about a request that was refused.
const MAY_CHANGE: [&str; 6] = ["audit_chains", "audit_events", "drafts", "rate_counters", "sessions", "outbox_mails"];

/// A body made from a good one, and what it claims to be.
fn spoilt(chance: &mut Chance, good: &str) -> (&'static str, Vec<u8>) {
    const FORM: &str = "application/x-www-form-urlencoded";
    let mut pairs: Vec<String> = good.split('&').map(str::to_owned).collect();
    let place = chance.below(pairs.len());
    let key = pairs[place].split('=').next().unwrap_or_default().to_owned();
    let value = match chance.below(8) {
        0 => "A".repeat(1 + chance.below(70_000)),
        1 => "[".repeat(2_000),
        2 => "한".repeat(chance.below(3_000)),
        _ => (*chance.one_of(&VALUES)).to_owned(),
    };
    match chance.below(12) {
        0 => return (FORM, chance.bytes(300)),
        1 => return (FORM, good.as_bytes()[..chance.below(good.len() + 1)].to_vec()),
        2 => return ("application/json", br#"{"form": {"name": [1, 2, {"a": null}]}}"#.to_vec()),
        3 => return ("application/cbor", chance.bytes(200)),
        4 => {
            return (
                "multipart/form-data; boundary=x",
                b"--x\r\nContent-Disposition: form-data; name=\"form[name]\"\r\n\r\na".to_vec(),
            );
        }
        5 => drop(pairs.remove(place)),
        6 => pairs.push(format!("{key}={value}")),
        7 => pairs[place] = format!("{}={value}", chance.one_of(&KEYS)),
        8 => pairs.push(format!("form{}={value}", "[a]".repeat(chance.below(3_000)))),
        9 => {
            let mut bytes = good.as_bytes().to_vec();
            for _ in 0..=chance.below(8) {
                let at = chance.below(bytes.len().max(1));
                let with = chance.number().to_le_bytes()[0];
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = with;
                }
            }
            return (FORM, bytes);
        }
        _ => pairs[place] = format!("{key}={value}"),
    }
    (FORM, pairs.join("&").into_bytes())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_body_whatever_breaks_a_server_function_or_changes_anything_when_it_is_refused() {
    let mut world = World::new().await;
    let mut chance = Chance::new();
    world.console.count_changes().await;
    let (owner, bodies) = (Principal::Member(Role::Owner), times("CONSOLE_TEST_BODIES", 40));
    let (mut asked, mut refused) = (0, 0);
    for row in TABLE.iter().filter(|row| row.kind() == Kind::Function) {
        for number in 0..bodies {
            let ids = world.ours.ids.clone();
            let mut request = request_of(&world, row, owner, &ids).await;
            let (kind, body) = spoilt(&mut chance, &filled(&world, row, &ids).1);
            let shown = String::from_utf8_lossy(&body[..body.len().min(400)]).into_owned();
            request.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
            if number % 2 == 1 {
                request.headers_mut().insert(header::ACCEPT, header::HeaderValue::from_static("text/html"));
            }
            *request.body_mut() = Body::from(body);
            world.console.changed().await;
            let answer = sent(&world, Kind::Function, request).await;
            let what = format!("{} {kind} {shown}", row.route);
            asked += 1;
            assert!(!answer.status.is_server_error(), "{what}: {} {}", answer.status, answer.body);
            let location = answer.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default();
            let is_refused = answer.status.is_client_error() || location.contains("__err=");
            if is_refused {
                refused += 1;
                let changed = world.console.changed().await;
                let wrong: Vec<_> = changed.iter().filter(|table| !MAY_CHANGE.contains(&table.as_str())).collect();
                assert!(wrong.is_empty(), "{what}: {} and changed {wrong:?}", answer.status);
                let is_page = answer.body.starts_with("<!DOCTYPE");
                let told = INTERNALS.iter().find(|word| !is_page && answer.body.contains(*word));
                assert_eq!(told, None, "{what}: {}", answer.body);
            } else if row.is_last {
                world.log_in_again(owner).await;
            }
            assert_ne!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{what}");
        }
    }
    assert!(refused > asked / 4, "most are refused: {refused} of {asked}");
    println!("{asked} bodies, {refused} refused");
}
