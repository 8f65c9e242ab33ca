//! What an operator sees: whether it lives, its numbers, its log.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use serde_json::Value;
use server::operations::{self, Metrics};
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::{
    programs::Program,
    support::{Console, ORIGIN, a_console, header_of, text_of},
    surviving::{an_api_secret, blocking},
};

struct Looking {
    router: Router,
    stop: watch::Sender<bool>,
}

fn looking_at(console: &Console) -> Looking {
    let (stop, stopping) = watch::channel(false);
    let metrics = Arc::new(Metrics::new(0));
    Looking { router: operations::routes(Arc::clone(&console.backend), metrics, stopping), stop }
}

impl Looking {
    async fn ready(&self) -> (StatusCode, String) {
        let request = Request::get("/readyz").body(Body::empty()).expect("a request");
        text_of(self.router.clone().oneshot(request).await.expect("an answer")).await
    }
}

fn unready(reason: &str) -> (StatusCode, String) {
    (StatusCode::SERVICE_UNAVAILABLE, format!("{{\"ready\":false,\"reason\":\"{reason}\"}}"))
}

#[tokio::test]
async fn a_console_is_ready_while_nothing_is_wrong_with_it() {
    let console = a_console().await;
    let looking = looking_at(&console);
    assert_eq!(looking.ready().await, (StatusCode::OK, "{\"ready\":true}".to_owned()));
    looking.stop.send(true).expect("looking");
    assert_eq!(looking.ready().await, unready("STOPPING"));
}

#[tokio::test]
async fn whoever_asks_is_told_what_is_wrong() {
    let console = a_console().await;
    let looking = looking_at(&console);
    console.sql("DELETE FROM seaql_migrations WHERE version LIKE 'm0002%'").await;
    assert_eq!(looking.ready().await, unready("MIGRATIONS"));
    console
        .sql("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m0002_channels', 0), ('m9999_later', 0)")
        .await;
    assert_eq!(looking.ready().await.0, StatusCode::OK, "a later console has been here");
    console.sql("UPDATE key_checks SET sealed = X'00'").await;
    assert_eq!(looking.ready().await, unready("KEY_RING"));
    console.backend.db().close().await.expect("closed");
    assert_eq!(looking.ready().await, unready("DATABASE"));
    let request = Request::get("/livez").body(Body::empty()).expect("a request");
    let answer = looking.router.clone().oneshot(request).await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK, "it lives");
    let request = Request::get("/metrics").body(Body::empty()).expect("a request");
    let (status, text) = text_of(looking.router.clone().oneshot(request).await.expect("an answer")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(text.contains("\nconsole_database_up 0\n"), "{text}");
}

/// Every series with its value, as a scraper reads them.
fn series(text: &str) -> BTreeMap<&str, f64> {
    assert!(text.ends_with("# EOF\n"), "the last line");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.rsplit_once(' ').expect("a value"))
        .map(|(name, n)| (name, n.parse().expect("a number")))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_reads_numbers_and_a_log_that_give_nothing_away() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let secret = an_api_secret(&console, &owner).await;
    let token = console.backend.create_core_token("core").await.expect("a token").token.expose().to_owned();
    let dir = console.closed().await;
    blocking(move || {
        let addresses @ [people, cores] = Program::addresses();
        let mut program = Program::start_with(dir.path(), addresses, None, &[("CONSOLE_LOG", "debug")]);
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let get = |url: String, authorization: &str| {
            let asked = agent.get(url).header("authorization", authorization).header("x-request-id", "forged-by-me");
            asked.header("cookie", &owner.cookie).call().expect("an answer")
        };
        let credential = format!("PortOne {secret}");
        let typed = "canary-of-the-query";
        let mut ids = Vec::new();
        for path in [
            "/rest/v2/channels?q=",
            "/integration/channels?q=",
            "/login?next=/",
            "/nowhere/at/all?x=",
            "/verify-email?token=",
        ] {
            let answer = get(format!("http://{people}{path}{typed}"), &credential);
            ids.push(answer.headers().get("x-request-id").expect("an id").to_str().expect("text").to_owned());
        }
        let core = format!("Bearer {token}");
        let acked = agent.post(format!("http://{cores}/core/v1/ack")).header("authorization", &core);
        let acked = acked.header("content-type", "application/json").send("{\"node\":\"서울 \\\"1\\\"\",\"seq\":0}");
        assert!(acked.expect("an answer").status().is_success());
        // However many paths, methods and names strangers make up, there are no more numbers.
        let text = |()| get(format!("http://{cores}/metrics"), "").body_mut().read_to_string().expect("text");
        let before = series(&text(())).len();
        for number in 0..40 {
            get(format!("http://{people}/nowhere/{number}?x={typed}"), &credential);
            get(format!("http://{people}/integration/channels/channel-key-{number}"), &credential);
            get(format!("http://{people}/api/nothing-{number}"), &credential);
            get(format!("http://{people}/rest/v2/nothing-{number}"), &credential);
            get(format!("http://{cores}/core/v1/channels/{number}"), "");
        }
        let text = text(());
        let numbers = series(&text);
        assert!(numbers.len() < before + 120, "{} and before {before}", numbers.len());
        for name in [
            "console_requests_total{listener=\"people\",method=\"GET\",route=\"/rest/v2/channels\",status=\"200\"}",
            "console_request_duration_seconds_count{listener=\"people\",method=\"GET\",route=\"/rest/v2/channels\"}",
            "console_feed_seq",
            "console_outbox_mails{state=\"queued\"}",
            "console_outbox_mails{state=\"abandoned\"}",
            "console_password_hashes{state=\"in_flight\"}",
            "console_password_hashes{state=\"waiting\"}",
            "console_database_connections{pool=\"reading\",state=\"open\"}",
            "console_connections{listener=\"people\"}",
            "console_connections_held_back_total{listener=\"people\"}",
            "console_database_up",
            "process_resident_memory_bytes",
            "process_open_fds",
            "process_start_time_seconds",
        ] {
            assert!(numbers.contains_key(name), "{name} is missing in\n{text}");
        }
        assert!(numbers["process_resident_memory_bytes"] > 1e6 && numbers["console_feed_seq"] >= 1.0);
        let behind = numbers.iter().find(|(name, _)| name.starts_with("console_core_node_behind{"));
        assert_eq!(
            behind.map(|(name, n)| (name.contains("서울 \\\"1\\\""), *n)),
            Some((true, numbers["console_feed_seq"]))
        );
        program.stop();

        let log = program.log();
        let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
        for id in ids {
            assert_ne!(id, "forged-by-me");
            let told = lines.iter().filter(|line| line["span"]["id"] == id.as_str() && line["message"] == "answered");
            assert_eq!(told.count(), 1, "{id}");
        }
        let told =
            |route: &str| lines.iter().find(|line| line["route"] == route).unwrap_or_else(|| panic!("{route}\n{log}"));
        let list = told("/rest/v2/channels");
        assert_eq!((&list["status"], &list["client"]), (&Value::from(200), &Value::from("127.0.0.1")));
        assert!(list["merchant"].as_str().is_some_and(|id| id.len() == 36) && list["ms"].is_number(), "{list}");
        assert_eq!(list["actor"].as_str().map(str::len), Some(12), "the id part of the API secret: {list}");
        assert!(told("/integration/channels")["actor"].as_str().is_some_and(|id| id.len() == 36));
        assert_eq!(told("/core/v1/channels/{channelKey}")["outcome"], "UNAUTHORIZED");
        let session = owner.cookie.trim_start_matches("sid=");
        for kept in [typed, &secret, &token, session, "kim@example.com", "forged-by-me"] {
            assert!(!log.contains(kept) && !text.contains(kept), "{kept}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_503_says_when_to_come_back() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let secret = an_api_secret(&console, &owner).await;
    console.backend.db().close().await.expect("closed");
    let rest = Request::get("/rest/v2/channels").header("authorization", format!("PortOne {secret}"));
    let page = Request::post("/api/viewer").header("origin", ORIGIN).header("cookie", &owner.cookie);
    let page = page.header("content-type", "application/x-www-form-urlencoded");
    for request in [rest, page] {
        let answer = console.ask(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(header_of(&answer, "retry-after"), "1");
    }
}

/// Whatever the machine's zone is: rows and log have UTC.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_console_in_seoul_writes_utc() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let secret = an_api_secret(&console, &owner).await;
    let before = console.backend.now_ms();
    let dir = console.closed().await;
    blocking(move || {
        let addresses @ [people, _] = Program::addresses();
        let zone = [("TZ", "Asia/Seoul"), ("CONSOLE_LOG", "info")];
        let mut program = Program::start_with(dir.path(), addresses, None, &zone);
        let body = serde_json::json!({
            "mode": "live", "module": "ksnet", "name": "하나", "purpose": "payment", "mid": "ks0001", "uses": [],
            "tax": "none", "fields": {"api_key": "ksnet-api-key"},
        });
        let asked = ureq::post(format!("http://{people}/rest/v2/channels"))
            .header("authorization", format!("PortOne {secret}"))
            .header("content-type", "application/json");
        let text = asked.send(body.to_string()).expect("added").body_mut().read_to_string().expect("text");
        let added: Value = serde_json::from_str(&text).expect("JSON");
        let first = |text: &str| {
            let at = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).expect(text);
            assert!(text.ends_with('Z'), "{text}");
            (at.unix_timestamp_nanos() / 1_000_000) - i128::from(before)
        };
        let created = added["channel"]["createdAt"].as_str().expect("a time");
        assert!((0..120_000).contains(&first(created)), "{created}");
        program.stop();
        let log = program.log();
        let line: Value = serde_json::from_str(log.lines().next().expect("a line")).expect("JSON");
        let logged = line["timestamp"].as_str().expect("a time");
        assert!((0..120_000).contains(&first(logged)), "{logged}");
    })
    .await;
}
