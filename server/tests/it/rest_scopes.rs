//! The management API with secrets that may only write, or only read.

use axum::http::{Method, StatusCode};
use domain::api_secret::IssueForm;
use serde_json::{Value, json};

use crate::{
    rest::{CHANNELS, Call, a_secret, a_server, call, get, json_of, ksnet, post},
    support::{Console, Person},
};

async fn a_writer(console: &Console, owner: &Person) -> String {
    let form = IssueForm { name: "쓰기".into(), channels_read: String::new(), ..IssueForm::fresh() };
    format!("PortOne {}", a_secret(console, owner, form).await)
}

async fn a_reader(console: &Console, owner: &Person) -> String {
    let form = IssueForm { name: "읽기".into(), channels_write: String::new(), ..IssueForm::fresh() };
    format!("PortOne {}", a_secret(console, owner, form).await)
}

async fn patch(console: &Console, authorization: &str, path: &str, seen: &str, body: Value) -> (StatusCode, Value) {
    let headers = [("if-match", seen)];
    let wanted = Call { method: Method::PATCH, path, authorization, headers: &headers, body: Some(body) };
    json_of(call(console, wanted).await).await
}

async fn delete(console: &Console, authorization: &str, path: &str, seen: &str) -> (StatusCode, Value) {
    let headers = [("if-match", seen)];
    let wanted = Call { method: Method::DELETE, path, authorization, headers: &headers, body: None };
    json_of(call(console, wanted).await).await
}

fn path_of(answer: &Value) -> String {
    format!("{CHANNELS}/{}", answer["channel"]["channelKey"].as_str().expect("a key"))
}

/// Status, and of the channel its version and status.
fn told((status, answer): (StatusCode, Value)) -> (u16, i64, String) {
    let channel = &answer["channel"];
    let word = channel["status"].as_str().unwrap_or_else(|| panic!("{status} {answer}"));
    (status.as_u16(), channel["version"].as_i64().unwrap_or_default(), word.to_owned())
}

#[tokio::test]
async fn who_may_only_write_is_answered_with_what_was_written() {
    let (console, owner, _) = a_server().await;
    let writer = a_writer(&console, &owner).await;
    let (status, added) = post(&console, &writer, CHANNELS, ksnet("하나", "KS0001")).await;
    assert_eq!((status, &added["channel"]["name"]), (StatusCode::CREATED, &json!("하나")), "{added}");
    let path = path_of(&added);

    let (status, changed) = patch(&console, &writer, &path, "\"1\"", json!({"name": "둘"})).await;
    assert_eq!((status, &changed["channel"]["name"]), (StatusCode::OK, &json!("둘")), "{changed}");
    assert_eq!((&changed["channel"]["version"], &changed["warnings"]), (&json!(2), &json!([])));
    let pressed = |word: &'static str| {
        let (console, writer, path) = (&console, &writer, format!("{path}/{word}"));
        async move { told(post(console, writer, &path, json!({})).await) }
    };
    assert_eq!(pressed("pause").await, (200, 3, "paused".into()));
    assert_eq!(pressed("resume").await, (200, 4, "active".into()));
    assert_eq!(delete(&console, &writer, &path, "\"4\"").await.0, StatusCode::NO_CONTENT);
    assert_eq!(pressed("restore").await, (200, 6, "active".into()));

    for read in [CHANNELS.to_owned(), path.clone(), format!("{path}/versions")] {
        let (status, refused) = get(&console, &writer, &read).await;
        assert_eq!((status, &refused["type"]), (StatusCode::FORBIDDEN, &json!("SCOPE_MISSING")), "{read}");
    }
}

#[tokio::test]
async fn who_may_only_read_changes_nothing() {
    let (console, owner, server) = a_server().await;
    let reader = a_reader(&console, &owner).await;
    let mut paths = Vec::new();
    for name in ["쓰임", "멈춤", "지움"] {
        paths.push(path_of(&post(&console, &server, CHANNELS, ksnet(name, "KS0001")).await.1));
    }
    let [active, paused, deleted] = paths.try_into().expect("three channels");
    assert_eq!(post(&console, &server, &format!("{paused}/pause"), json!({})).await.0, StatusCode::OK);
    assert_eq!(delete(&console, &server, &deleted, "\"1\"").await.0, StatusCode::NO_CONTENT);
    let everything = || async {
        let mut listed = Vec::new();
        for query in ["", "?status=archived"] {
            listed.push(get(&console, &server, &format!("{CHANNELS}{query}")).await.1);
        }
        listed
    };
    let before = everything().await;

    for (status, refused) in [
        post(&console, &reader, CHANNELS, ksnet("하나", "KS0002")).await,
        patch(&console, &reader, &active, "\"1\"", json!({"name": "둘"})).await,
        patch(&console, &reader, &active, "\"9\"", json!({"name": ""})).await,
        delete(&console, &reader, &active, "\"1\"").await,
        post(&console, &reader, &format!("{active}/pause"), json!({})).await,
        post(&console, &reader, &format!("{paused}/resume"), json!({})).await,
        post(&console, &reader, &format!("{deleted}/restore"), json!({})).await,
    ] {
        assert_eq!((status, &refused["type"]), (StatusCode::FORBIDDEN, &json!("SCOPE_MISSING")), "{refused}");
    }
    assert_eq!(everything().await, before);
}

#[tokio::test]
async fn a_deleted_channel_is_not_there_for_a_server_until_it_is_restored() {
    let (console, _, server) = a_server().await;
    let path = path_of(&post(&console, &server, CHANNELS, ksnet("하나", "KS0001")).await.1);
    assert_eq!(delete(&console, &server, &path, "\"1\"").await.0, StatusCode::NO_CONTENT);
    for (status, refused) in [
        get(&console, &server, &path).await,
        get(&console, &server, &format!("{path}/versions")).await,
        patch(&console, &server, &path, "\"2\"", json!({"name": "둘"})).await,
        delete(&console, &server, &path, "\"2\"").await,
        post(&console, &server, &format!("{path}/pause"), json!({})).await,
        post(&console, &server, &format!("{path}/resume"), json!({})).await,
    ] {
        assert_eq!((status, &refused["type"]), (StatusCode::NOT_FOUND, &json!("CHANNEL_NOT_FOUND")), "{refused}");
    }
    assert_eq!(told(post(&console, &server, &format!("{path}/restore"), json!({})).await), (200, 3, "active".into()));
}
