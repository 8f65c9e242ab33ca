//! The wall against what other sites make a browser send.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use domain::member::Role;

use crate::{
    policy::{
        asked::{Kind, filled},
        people::{Principal, World},
        table::TABLE,
    },
    support::{ORIGIN, a_console, times},
};

fn server_functions() -> Vec<(&'static str, Method)> {
    let found: Vec<_> = leptos::server_fn::axum::server_fn_paths().collect();
    assert!(found.len() > 10, "the server functions were not registered");
    found
}

async fn status_of(console: &crate::support::Console, path: &str, headers: &[(&str, &str)]) -> StatusCode {
    let mut request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    console.ask(request.body(Body::empty()).expect("a request")).await.status()
}

#[test]
fn no_server_function_can_be_reached_by_a_link() {
    for (path, method) in server_functions() {
        assert!(method == Method::POST || READS.contains(&path), "{path} can be asked by {method}: is it a read?");
    }
}

/// Reads that may be asked by GET. There are none: whoever adds one says here that it changes nothing.
const READS: [&str; 0] = [];

const ORIGINS: [Option<&str>; 9] = [
    None,
    Some("null"),
    Some(ORIGIN),
    Some("https://127.0.0.1:3000"),
    Some("http://127.0.0.1:3001"),
    Some("http://console.127.0.0.1:3000"),
    Some("https://evil.example"),
    Some("HTTP://127.0.0.1:3000"),
    Some("http://127.0.0.1:3000/"),
];
const SITES: [Option<&str>; 6] =
    [None, Some("none"), Some("same-origin"), Some("same-site"), Some("cross-site"), Some("junk")];
const KINDS: [Option<&str>; 5] = [
    Some("application/x-www-form-urlencoded"),
    Some("multipart/form-data; boundary=x"),
    Some("text/plain"),
    Some("application/json"),
    None,
];
const OVERRIDES: [Option<&str>; 3] = [None, Some("GET"), Some("POST")];

/// What a browser sends with a form or a fetch of our own pages.
fn is_of_our_pages(origin: Option<&str>, site: Option<&str>) -> bool {
    matches!((site, origin), (Some("same-origin"), None | Some(ORIGIN)) | (None | Some("none"), Some(ORIGIN)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_another_site_makes_a_browser_send_is_refused_without_a_trace() {
    let world = World::new().await;
    world.console.count_changes().await;
    let (owner, mut refused, mut passed, mut turn) = (Principal::Member(Role::Owner), 0, 0, 0);
    for row in TABLE.iter().filter(|row| matches!(row.kind(), Kind::Function | Kind::SecretPage)) {
        let ids = world.ours.ids.clone();
        let (path, body) = filled(&world, row, &ids);
        let cookie = world.credentials(owner).await.0.expect("a session");
        world.console.changed().await;
        for (origin, site) in ORIGINS.into_iter().flat_map(|origin| SITES.map(|site| (origin, site))) {
            let all: Vec<_> = KINDS.into_iter().flat_map(|kind| OVERRIDES.map(|method| (kind, method))).collect();
            // All of them at one route; elsewhere every fourth, another one each time.
            let every = if row.name() == "POST /api/viewer" { 1 } else { times("CONSOLE_TEST_EVERY", 4) };
            turn += 1;
            for (kind, method) in all.into_iter().skip(turn % every).step_by(every) {
                let is_ours = is_of_our_pages(origin, site);
                if is_ours && row.name() != "POST /api/viewer" {
                    continue;
                }
                let mut request = Request::post(&path).header(header::COOKIE, &cookie);
                for (name, value) in [
                    ("origin", origin),
                    ("sec-fetch-site", site),
                    ("content-type", kind),
                    ("x-http-method-override", method),
                    ("x-method-override", method),
                ] {
                    if let Some(value) = value {
                        request = request.header(name, value);
                    }
                }
                let status =
                    world.console.ask(request.body(Body::from(body.clone())).expect("a request")).await.status();
                let what = format!("{path} {origin:?} {site:?} {kind:?} {method:?}");
                assert_eq!(status == StatusCode::FORBIDDEN, !is_ours, "{what}: {status}");
                if is_ours { passed += 1 } else { refused += 1 }
            }
        }
        if row.name() != "POST /api/viewer" {
            assert_eq!(world.console.changed().await, [""; 0], "{path}");
        }
    }
    assert!(passed > 50 && refused > 10_000, "{passed} {refused}");
    println!("{refused} refused, {passed} passed");
}

/// Not by a link, not by a picture, not by a frame, and not by what claims to be another method.
#[tokio::test]
async fn a_server_function_asked_by_get_is_refused_before_it_runs() {
    let world = World::new().await;
    world.console.count_changes().await;
    let cookie = world.credentials(Principal::Member(Role::Owner)).await.0.expect("a session");
    world.console.changed().await;
    for row in TABLE.iter().filter(|row| row.kind() == Kind::Function) {
        let (path, body) = filled(&world, row, &world.ours.ids);
        let query: String =
            body.bytes().map(|byte| if byte.is_ascii_graphic() { char::from(byte) } else { '+' }).collect();
        for method in [Method::GET, Method::HEAD] {
            for (site, mode) in [("cross-site", "navigate"), ("same-site", "no-cors"), ("none", "navigate")] {
                let request = Request::builder()
                    .method(&method)
                    .uri(format!("{path}?{query}"))
                    .header(header::COOKIE, &cookie)
                    .header("sec-fetch-site", site)
                    .header("sec-fetch-mode", mode)
                    .header("x-http-method-override", "POST");
                let answer = world.console.ask(request.body(Body::empty()).expect("a request")).await;
                assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{method} {path} {site}");
            }
        }
    }
    assert_eq!(world.console.changed().await, [""; 0]);
}

#[tokio::test]
async fn our_own_pages_can_call_them() {
    let console = a_console().await;
    for (path, _) in server_functions() {
        let status = status_of(&console, path, &[("origin", ORIGIN), ("sec-fetch-site", "same-origin")]).await;
        assert_ne!(status, StatusCode::FORBIDDEN, "{path}");
    }
}
