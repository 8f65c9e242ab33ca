//! What payment cores, and others who ask their listener, are answered. Every answer is held against the document.

use std::{collections::BTreeSet, convert::Infallible, time::Duration};

use axum::{
    Extension,
    body::Body,
    http::{Method, Request, StatusCode, header},
    response::Response,
};
use backend::{CoreGrant, NewChannel};
use domain::{channel::ChannelForm, credential::CoreScope, secret::Typed};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use server::core::BodyTime;
use tower::ServiceExt as _;

use crate::support::{Console, Person, a_console, header_of, text_of};

const UNKNOWN: &str = "/core/v1/channels/channel-key-00000000-0000-0000-0000-000000000000";

async fn a_token(console: &Console) -> String {
    console.backend.create_core_token("payment-core").await.expect("a token").token.expose().to_owned()
}

/// Asks as a core does, and checks that the document knows of such an answer.
async fn ask(console: &Console, method: Method, path: &str, token: Option<&str>, body: &str) -> Response {
    let mut request = Request::builder().method(&method).uri(path);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Body::from(body.to_owned())).expect("a request");
    let response = console.cores.clone().oneshot(request).await.expect("the router answers");
    let document = document(console).await;
    let path = path.split('?').next().expect("a path");
    let operation = document["paths"].as_object().expect("paths").iter().find_map(|(template, operations)| {
        let fits = template.split('/').count() == path.split('/').count()
            && template.split('/').zip(path.split('/')).all(|(t, p)| t.starts_with('{') || t == p);
        fits.then(|| operations.get(method.as_str().to_lowercase())).flatten()
    });
    if let Some(operation) = operation {
        let known = operation["responses"].as_object().expect("responses");
        let status = response.status();
        assert!(known.contains_key(status.as_str()), "{method} {path} answers {status}, which is not documented");
    }
    response
}

async fn document(console: &Console) -> Value {
    let request = Request::get("/core/openapi.json").body(Body::empty()).expect("a request");
    let (status, text) = text_of(console.cores.clone().oneshot(request).await.expect("the router answers")).await;
    assert_eq!(status, StatusCode::OK);
    serde_json::from_str(&text).expect("JSON")
}

async fn get(console: &Console, path: &str, token: &str) -> (StatusCode, Value) {
    told(ask(console, Method::GET, path, Some(token), "").await).await
}

async fn post(console: &Console, path: &str, token: &str, body: &Value) -> (StatusCode, Value) {
    told(ask(console, Method::POST, path, Some(token), &body.to_string()).await).await
}

async fn told(response: Response) -> (StatusCode, Value) {
    let (status, text) = text_of(response).await;
    (status, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("JSON") })
}

async fn add_ksnet(console: &Console, person: &Person, mid: &str) -> String {
    let fields = [("api_key".to_owned(), Typed::new("ksnet-api-key"))].into();
    let form = ChannelForm { name: mid.to_owned(), mid: mid.to_owned(), fields, ..ChannelForm::default() };
    let new = NewChannel { mode: "live".into(), module: "ksnet".into(), form, ..NewChannel::default() };
    console.backend.add_channel(&person.actor, new).await.expect("added").key.to_string()
}

#[tokio::test]
async fn a_core_without_a_valid_token_learns_nothing() {
    let console = a_console().await;
    let token = a_token(&console).await;
    let mut wrong = token.clone();
    wrong.replace_range(20..21, if &wrong[20..21] == "x" { "y" } else { "x" });
    for token in [None, Some("core_nothing"), Some(wrong.as_str())] {
        for path in [
            UNKNOWN,
            "/core/v1/resolve?impCode=imp00000000",
            "/core/v1/changes",
            "/core/v1/snapshot",
            "/core/v1/stores/x",
            "/anything",
        ] {
            let answer = ask(&console, Method::GET, path, token, "").await;
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path} {token:?}");
            assert_eq!(header_of(&answer, "www-authenticate"), "Bearer");
        }
        for path in ["/core/v1/channels:batchGet", "/core/v1/ack", "/core/v1/credentials:verify"] {
            let answer = ask(&console, Method::POST, path, token, "{}").await;
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path} {token:?}");
        }
    }
}

#[tokio::test]
async fn a_core_is_told_why_there_is_no_channel() {
    let console = a_console().await;
    let token = a_token(&console).await;
    for (path, status, kind) in [
        (UNKNOWN, StatusCode::NOT_FOUND, "CHANNEL_NOT_FOUND"),
        ("/core/v1/channels/nonsense", StatusCode::NOT_FOUND, "CHANNEL_NOT_FOUND"),
        ("/core/v1/stores/nonsense", StatusCode::NOT_FOUND, "STORE_NOT_FOUND"),
        ("/core/v1/resolve?impCode=imp00000000&pg=ksnet", StatusCode::NOT_FOUND, "IMP_CODE_NOT_FOUND"),
        ("/core/v1/resolve?storeId=store-1&channelKey=x", StatusCode::NOT_FOUND, "STORE_NOT_FOUND"),
        ("/core/v1/resolve", StatusCode::BAD_REQUEST, "INVALID_REQUEST"),
        ("/core/v1/resolve?impCode=imp00000000&mode=maybe", StatusCode::BAD_REQUEST, "INVALID_REQUEST"),
        ("/core/v1/resolve?impcode=imp00000000", StatusCode::BAD_REQUEST, "INVALID_REQUEST"),
        ("/core/v1/nothing", StatusCode::NOT_FOUND, "NOT_FOUND"),
        ("/core/v1/ack", StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED"),
    ] {
        let (found, body) = get(&console, path, &token).await;
        assert_eq!((found, &body["type"]), (status, &json!(kind)), "{path} {body}");
        assert!(!body["message"].as_str().expect("a sentence").is_empty(), "{path} {body}");
    }
}

#[tokio::test]
async fn reasons_are_in_korean_and_on_request_in_english() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let token = a_token(&console).await;
    add_ksnet(&console, &owner, "ks0001").await;
    let imp_code = console.backend.viewer(&owner.actor).await.expect("a viewer").imp_code;
    let ask_in = async |language: &str, pg: &str| {
        let request = Request::get(format!("/core/v1/resolve?impCode={imp_code}&pg={pg}"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::ACCEPT_LANGUAGE, language)
            .body(Body::empty())
            .expect("a request");
        told(console.cores.clone().oneshot(request).await.expect("an answer")).await.1
    };
    let told = ask_in("ko", "ksnet.2999199999").await;
    assert_eq!((&told["type"], &told["reason"]), (&json!("CHANNEL_NOT_FOUND"), &json!("OTHER_MIDS")));
    assert_eq!(told["message"], "`ksnet` 채널은 있지만 MID 2999199999가 아닙니다 (있는 MID: ks0001).");
    assert_eq!(told["mids"], json!(["ks0001"]));
    let told = ask_in("en-US,en;q=0.9", "ksnet.2999199999").await;
    assert_eq!(told["message"], "There are `ksnet` channels, none of MID 2999199999 (there is ks0001).");
    assert_eq!(ask_in("fr", "kcp").await["codes"], json!(["ksnet"]));
}

#[tokio::test]
async fn a_core_token_opens_nothing_on_the_listener_for_people() {
    let console = a_console().await;
    let token = a_token(&console).await;
    let request = Request::get(UNKNOWN).header("authorization", format!("Bearer {token}"));
    let response = console.ask(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(header_of(&response, "content-type").starts_with("text/html"));
    for scheme in ["Bearer", "PortOne"] {
        let request = Request::get("/rest/v2/channels").header("authorization", format!("{scheme} {token}"));
        let response = console.ask(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{scheme}");
    }
}

#[tokio::test]
async fn a_session_or_a_merchants_secret_opens_nothing_on_the_cores_listener() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let key = add_ksnet(&console, &owner, "ks0001").await;
    let secret = format!("chv2_{}_{}", "k".repeat(12), "s".repeat(49));
    for (name, value) in [
        ("cookie", owner.cookie.clone()),
        ("authorization", format!("PortOne {secret}")),
        ("authorization", format!("Bearer {secret}")),
        ("authorization", "Basic Y29yZTo=".to_owned()),
    ] {
        let request = Request::get(format!("/core/v1/channels/{key}")).header(name, value);
        let request = request.body(Body::empty()).expect("a request");
        let response = console.cores.clone().oneshot(request).await.expect("an answer");
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{name}");
    }
}

#[tokio::test]
async fn a_token_is_good_for_its_scopes_and_stores() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let key = add_ksnet(&console, &owner, "ks0001").await;
    let grant = CoreGrant { scopes: vec![CoreScope::CredentialsVerify], ..CoreGrant::everything("verify only") };
    let verifier = console.backend.grant_core_token(&grant).await.expect("a token").token.expose().to_owned();
    for path in [&format!("/core/v1/channels/{key}"), "/core/v1/changes", "/core/v1/snapshot"] {
        let (status, body) = get(&console, path, &verifier).await;
        assert_eq!((status, &body["type"]), (StatusCode::FORBIDDEN, &json!("SCOPE_MISSING")), "{path}");
    }
    let (status, body) = post(&console, "/core/v1/credentials:verify", &verifier, &json!({"apiSecret": "x"})).await;
    assert_eq!((status, &body["type"]), (StatusCode::UNAUTHORIZED, &json!("CREDENTIAL_UNKNOWN")));
}

#[tokio::test]
async fn a_batch_has_up_to_a_hundred_channels() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let token = a_token(&console).await;
    let key = add_ksnet(&console, &owner, "ks0001").await;
    let batch = async |channels: Value| {
        post(&console, "/core/v1/channels:batchGet", &token, &json!({ "channels": channels })).await
    };
    let nowhere = "channel-key-00000000-0000-0000-0000-000000000000";
    let (status, body) = batch(json!([
        {"channelKey": key}, {"channelKey": nowhere}, {"channelKey": key, "version": 1},
        {"channelKey": key, "version": 2}, {"channelKey": "nonsense"},
    ]))
    .await;
    assert_eq!(status, StatusCode::OK);
    let found: Vec<_> =
        body["channels"].as_array().expect("channels").iter().map(|c| &c["secrets"]["api_key"]).collect();
    assert_eq!(found, [&json!("ksnet-api-key"), &json!("ksnet-api-key")]);
    let missing = |key: &str| json!({"channelKey": key, "type": "CHANNEL_NOT_FOUND"});
    let no_version = json!({"channelKey": key, "version": 2, "type": "CHANNEL_NOT_FOUND"});
    assert_eq!(body["missing"], json!([missing(nowhere), no_version, missing("nonsense")]));
    let many = |count: usize| json!(vec![json!({ "channelKey": key }); count]);
    assert_eq!(batch(many(100)).await.0, StatusCode::OK);
    for (body, status, reason) in [
        (many(101), StatusCode::BAD_REQUEST, json!("TOO_MANY_KEYS")),
        (many(3_000), StatusCode::BAD_REQUEST, json!("TOO_MANY_KEYS")),
        (many(10_000), StatusCode::PAYLOAD_TOO_LARGE, Value::Null),
        (json!([]), StatusCode::BAD_REQUEST, json!("NO_KEYS")),
        (json!([{"channelKey": key, "version": 0}]), StatusCode::BAD_REQUEST, json!("VERSION")),
        (json!([{"channelKey": 7}]), StatusCode::BAD_REQUEST, json!("JSON")),
        (json!("x"), StatusCode::BAD_REQUEST, json!("JSON")),
    ] {
        let (found, answer) = batch(body).await;
        assert_eq!((found, answer.get("reason").cloned().unwrap_or_default()), (status, reason), "{answer}");
    }
}

#[tokio::test]
async fn half_a_body_is_not_waited_for() {
    let console = a_console().await;
    let token = a_token(&console).await;
    let cores = console.cores.clone().layer(Extension(BodyTime(Duration::from_millis(100))));
    for path in ["/core/v1/channels:batchGet", "/core/v1/ack", "/core/v1/credentials:verify"] {
        let half = stream::once(async { Ok::<_, Infallible>("{\"chan") }).chain(stream::pending());
        let request = Request::post(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        let request = request.body(Body::from_stream(half)).expect("a request");
        let (status, body) = told(cores.clone().oneshot(request).await.expect("an answer")).await;
        assert_eq!((status, &body["type"]), (StatusCode::REQUEST_TIMEOUT, &json!("REQUEST_TIMEOUT")), "{path}");
    }
}

#[tokio::test]
async fn what_is_no_number_of_an_event_or_version_is_refused() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let token = a_token(&console).await;
    let key = add_ksnet(&console, &owner, "ks0001").await;
    for (query, reason) in [
        ("after=-1", "AFTER"),
        ("after=x", "AFTER"),
        ("after=", "AFTER"),
        ("after=99999999999999999999", "AFTER"),
        ("after=9223372036854775807", "AFTER"),
        ("after=3", "AFTER_BEYOND"),
        ("after=0&wait=26", "WAIT"),
        ("after=0&wait=-1", "WAIT"),
        ("after=0&since=1", "QUERY"),
        ("after=0&after=1", "QUERY"),
    ] {
        let (status, body) = get(&console, &format!("/core/v1/changes?{query}"), &token).await;
        assert_eq!((status, &body["reason"]), (StatusCode::BAD_REQUEST, &json!(reason)), "{query} {body}");
    }
    for version in ["0", "-1", "x", "1.0", "99999999999999999999"] {
        let (status, body) = get(&console, &format!("/core/v1/channels/{key}?version={version}"), &token).await;
        assert_eq!((status, &body["reason"]), (StatusCode::BAD_REQUEST, &json!("VERSION")), "{version} {body}");
    }
    assert_eq!(get(&console, &format!("/core/v1/channels/{key}?version=2"), &token).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_core_begins_with_a_snapshot_follows_and_confirms() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let token = a_token(&console).await;
    let key = add_ksnet(&console, &owner, "ks0001").await;
    let answer = ask(&console, Method::GET, "/core/v1/snapshot", Some(&token), "").await;
    assert_eq!(header_of(&answer, "content-type"), "application/x-ndjson");
    assert_eq!(header_of(&answer, "cache-control"), "no-store");
    let text = text_of(answer).await.1;
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let seq = lines[0]["snapshot"]["seq"].as_i64().expect("a number");
    assert_eq!(lines[1]["store"]["primaryStore"], json!(true));
    assert_eq!(lines[2]["channel"]["channelKey"], json!(key));
    assert_eq!(lines[2]["channel"]["secrets"], json!({"api_key": "ksnet-api-key"}));
    assert_eq!((lines.len(), &lines[3]), (4, &json!({"end": {"seq": seq, "lines": 2}})));

    console.backend.pause_channel(&owner.actor, key.parse().expect("a key")).await.expect("paused");
    let (status, body) = get(&console, &format!("/core/v1/changes?after={seq}&wait=25"), &token).await;
    assert_eq!((status, &body["next"]), (StatusCode::OK, &json!(seq + 1)));
    let event = &body["events"][0];
    assert_eq!((&event["type"], &event["version"]), (&json!("CHANNEL_PAUSED"), &json!(2)));
    assert_eq!((&event["channelKey"], event.get("credentialId")), (&json!(key), None));
    let (status, _) = post(&console, "/core/v1/ack", &token, &json!({"node": "seoul-1", "seq": seq + 1})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    for (body, reason) in [
        (json!({"node": "seoul-1", "seq": seq + 2}), "SEQ_BEYOND"),
        (json!({"node": "", "seq": seq}), "NODE"),
        (json!({"node": "seoul-1"}), "JSON"),
    ] {
        let (status, answer) = post(&console, "/core/v1/ack", &token, &body).await;
        assert_eq!((status, &answer["reason"]), (StatusCode::BAD_REQUEST, &json!(reason)), "{body}");
    }
    console.backend.cut_feed(seq + 1).await.expect("cut");
    let (status, body) = get(&console, &format!("/core/v1/changes?after={seq}"), &token).await;
    assert_eq!((status, &body["type"]), (StatusCode::GONE, &json!("USE_SNAPSHOT")));
}

#[tokio::test]
async fn the_record_of_secret_reads_names_the_core_as_it_calls_itself() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let token = a_token(&console).await;
    let key = add_ksnet(&console, &owner, "ks0001").await;
    let ask_as = async |node: &[u8]| {
        let request = Request::get(format!("/core/v1/channels/{key}"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header("core-node", node)
            .body(Body::empty())
            .expect("a request");
        console.cores.clone().oneshot(request).await.expect("an answer").status()
    };
    assert_eq!(ask_as(b"seoul-1").await, StatusCode::OK);
    assert_eq!(ask_as(b"").await, StatusCode::BAD_REQUEST);
    assert_eq!(ask_as(&[b'x'; 81]).await, StatusCode::BAD_REQUEST);
    console.backend.write_secret_reads().await.expect("written");
    let reads = console.backend.secret_reads(&owner.actor, key.parse().expect("a key")).await.expect("reads");
    assert_eq!((reads.len(), reads[0].core.as_str(), reads[0].node.as_str()), (1, "payment-core", "seoul-1"));
}

#[tokio::test]
async fn the_document_has_every_path_and_no_other() {
    let console = a_console().await;
    let document = document(&console).await;
    let paths: BTreeSet<&str> = document["paths"].as_object().expect("paths").keys().map(String::as_str).collect();
    let expected = [
        "/core/v1/ack",
        "/core/v1/applications",
        "/core/v1/applications/{applicationId}",
        "/core/v1/applications/{applicationId}/move",
        "/core/v1/applications/{applicationId}/review",
        "/core/v1/changes",
        "/core/v1/channels/{channelKey}",
        "/core/v1/channels:batchGet",
        "/core/v1/credentials:verify",
        "/core/v1/resolve",
        "/core/v1/snapshot",
        "/core/v1/stores/{storeId}",
    ];
    assert_eq!(paths, BTreeSet::from(expected));
}
