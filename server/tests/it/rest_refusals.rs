//! Why the management API refuses a credential, and that it does not tell more than that.

use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use domain::{
    api_secret::IssueForm,
    credential::{Brand, format_token},
    store::StoreForm,
};
use serde_json::{Value, json};

use crate::{
    rest::{CHANNELS, Call, a_secret, a_secret_of, a_server, call, get, json_of, ksnet, post},
    support::{Console, header_of},
};

const LOG_IN: &str = "/rest/v2/login/api-secret";
const GET_TOKEN: &str = "/rest/v1/users/getToken";

/// The text with another character at this place.
fn spoilt(text: &str, place: usize) -> String {
    let other = if text.as_bytes()[place] == b'x' { "y" } else { "x" };
    format!("{}{other}{}", &text[..place], &text[place + 1..])
}

fn bare(authorization: &str) -> &str {
    authorization.strip_prefix("PortOne ").expect("a secret")
}

async fn status_and_type(console: &Console, authorization: &str) -> (StatusCode, Value) {
    let (status, refused) = get(console, authorization, CHANNELS).await;
    (status, refused["type"].clone())
}

#[tokio::test]
async fn one_wrong_character_is_refused_before_anything_is_looked_up() {
    let (console, _, secret) = a_server().await;
    let (_, tokens) = post(&console, "", LOG_IN, json!({"apiSecret": bare(&secret)})).await;
    let access = format!("Bearer {}", tokens["accessToken"].as_str().expect("a token"));
    let refresh = tokens["refreshToken"].as_str().expect("a token").to_owned();
    // Whatever is looked up from here on fails.
    console.sql("ALTER TABLE api_secrets RENAME TO secrets_elsewhere").await;
    console.sql("ALTER TABLE access_tokens RENAME TO tokens_elsewhere").await;
    for right in [&secret, &access] {
        assert_eq!(get(&console, right, CHANNELS).await.0, StatusCode::INTERNAL_SERVER_ERROR);
        let start = right.find(' ').expect("a scheme") + 1;
        for place in start..right.len() {
            let found = status_and_type(&console, &spoilt(right, place)).await;
            assert_eq!(found, (StatusCode::UNAUTHORIZED, json!("UNAUTHORIZED")), "character {place}");
        }
    }
    for (path, field, right) in
        [(LOG_IN, "apiSecret", bare(&secret)), ("/rest/v2/token/refresh", "refreshToken", refresh.as_str())]
    {
        assert_eq!(post(&console, "", path, json!({field: right})).await.0, StatusCode::INTERNAL_SERVER_ERROR);
        for place in 0..right.len() {
            let (status, refused) = post(&console, "", path, json!({field: spoilt(right, place)})).await;
            assert_eq!((status, &refused["type"]), (StatusCode::UNAUTHORIZED, &json!("UNAUTHORIZED")), "{place}");
        }
    }
}

#[tokio::test]
async fn each_reason_why_a_secret_is_refused_has_a_type_of_its_own() {
    let (console, owner, secret) = a_server().await;
    assert_eq!(get(&console, &secret, CHANNELS).await.0, StatusCode::OK);
    console.sql("UPDATE api_secrets SET expires_at = 1").await;
    assert_eq!(status_and_type(&console, &secret).await, (StatusCode::UNAUTHORIZED, json!("API_SECRET_EXPIRED")));
    let (status, refused) = post(&console, "", LOG_IN, json!({"apiSecret": bare(&secret)})).await;
    assert_eq!((status, &refused["type"]), (StatusCode::UNAUTHORIZED, &json!("API_SECRET_EXPIRED")));
    console.sql("UPDATE api_secrets SET revoked_at = 1").await;
    assert_eq!(status_and_type(&console, &secret).await, (StatusCode::UNAUTHORIZED, json!("API_SECRET_REVOKED")));
    let (status, refused) = post(&console, "", LOG_IN, json!({"apiSecret": bare(&secret)})).await;
    assert_eq!((status, &refused["type"]), (StatusCode::UNAUTHORIZED, &json!("API_SECRET_REVOKED")));

    let payments = IssueForm {
        name: "결제".into(),
        channels_read: String::new(),
        channels_write: String::new(),
        ..IssueForm::fresh()
    };
    let payments = format!("PortOne {}", a_secret(&console, &owner, payments).await);
    assert_eq!(status_and_type(&console, &payments).await, (StatusCode::FORBIDDEN, json!("SCOPE_MISSING")));
}

#[tokio::test]
async fn a_sub_stores_secret_is_refused_what_is_another_stores() {
    let (console, owner, primary) = a_server().await;
    let (_, added) = post(&console, &primary, CHANNELS, ksnet("대표", "KS0001")).await;
    let path = format!("{CHANNELS}/{}", added["channel"]["channelKey"].as_str().expect("a key"));
    let form = StoreForm { name: "하위".into(), tier_code: "AAA".into() };
    let store = console.backend.add_store(&owner.actor, form).await.expect("added");
    let form = IssueForm { name: "하위 서버".into(), ..IssueForm::fresh() };
    let secret = format!("PortOne {}", a_secret_of(&console, &owner, form, Some(store)).await);
    let told = json!("STORE_FORBIDDEN");
    let (status, refused) = get(&console, &secret, &path).await;
    assert_eq!((status, &refused["type"]), (StatusCode::FORBIDDEN, &told));
    let (status, refused) = post(&console, &secret, &format!("{path}/pause"), json!({})).await;
    assert_eq!((status, &refused["type"]), (StatusCode::FORBIDDEN, &told));
    let mut elsewhere = ksnet("다른 상점", "KS0002");
    elsewhere["storeId"] = added["channel"]["storeId"].clone();
    let (status, refused) = post(&console, &secret, CHANNELS, elsewhere).await;
    assert_eq!((status, &refused["type"]), (StatusCode::FORBIDDEN, &told), "{refused}");
    let (status, own) = post(&console, &secret, CHANNELS, ksnet("하위", "KS0003")).await;
    assert_eq!((status, &own["channel"]["storeId"]), (StatusCode::CREATED, &json!(store.to_string())));
    let mut nowhere = ksnet("없는 상점", "KS0004");
    nowhere["storeId"] = json!("store-00000000-0000-4000-8000-000000000000");
    let (status, refused) = post(&console, &primary, CHANNELS, nowhere).await;
    assert_eq!((status, &refused["type"]), (StatusCode::NOT_FOUND, &json!("STORE_NOT_FOUND")));
}

#[tokio::test]
async fn a_secret_made_up_is_answered_alike_whether_or_not_its_id_exists() {
    let (console, owner, secret) = a_server().await;
    let kid = &bare(&secret)[5..17];
    let mut answers = Vec::new();
    for kid in [kid, "000000000000"] {
        let made_up = format_token(Brand::V2Secret, kid, &[7; 32], crc32fast::hash);
        let shown = format!("PortOne {made_up}");
        answers.push(get(&console, &shown, CHANNELS).await);
        answers.push(post(&console, "", LOG_IN, json!({"apiSecret": made_up})).await);
    }
    assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert!(!answers[0].1.to_string().contains(kid));

    let key = console.backend.v1_keys(&owner.actor).await.expect("keys").key;
    let mut answers = Vec::new();
    for key in [key.as_str(), "1234567890123456"] {
        answers.push(post(&console, "", GET_TOKEN, json!({"imp_key": key, "imp_secret": "x".repeat(80)})).await);
    }
    assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED);
    assert_eq!(answers[0], answers[1]);
}

/// Asks until it is told to wait; what it is told, and how often it was not.
async fn until_it_waits(console: &Console, authorization: &str) -> (Response, usize) {
    for asked in 0..20_000 {
        let asking = Call { method: Method::GET, path: CHANNELS, authorization, headers: &[], body: None };
        let answer = call(console, asking).await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            return (answer, asked);
        }
    }
    panic!("nobody had to wait");
}

#[tokio::test]
async fn a_client_that_shows_wrong_credentials_all_day_waits_and_who_shows_a_right_one_does_not() {
    let (console, _, secret) = a_server().await;
    let (refused, asked) = until_it_waits(&console, "Bearer x").await;
    assert!(asked >= 500, "{asked}");
    assert_eq!(header_of(&refused, "retry-after"), "1");
    let (_, body) = json_of(refused).await;
    assert_eq!(body["type"], json!("TOO_MANY_REQUESTS"));
    assert_eq!(get(&console, &secret, CHANNELS).await.0, StatusCode::OK);
    // The same count for all that takes a credential; the window opens a little while this is asked.
    for (path, body) in [
        (LOG_IN, json!({"apiSecret": "x"})),
        ("/rest/v2/token/refresh", json!({"refreshToken": "x"})),
        (GET_TOKEN, json!({"imp_key": "1", "imp_secret": "2"})),
    ] {
        until_it_waits(&console, "Bearer x").await;
        let (status, refused) = post(&console, "", path, body).await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        if path == GET_TOKEN {
            assert_eq!((&refused["code"], &refused["response"]), (&json!(-1), &Value::Null));
        }
    }
}

#[tokio::test]
async fn a_server_that_never_pauses_is_told_to_and_another_secret_is_not() {
    let (console, owner, secret) = a_server().await;
    let other = a_secret(&console, &owner, IssueForm { name: "다른 서버".into(), ..IssueForm::fresh() }).await;
    let (refused, asked) = until_it_waits(&console, &secret).await;
    assert!(asked >= 500, "{asked}");
    assert_eq!(header_of(&refused, "retry-after"), "1");
    let (_, body) = json_of(refused).await;
    assert_eq!(body["type"], json!("TOO_MANY_REQUESTS"));
    assert_eq!(get(&console, &format!("PortOne {other}"), CHANNELS).await.0, StatusCode::OK);
}
