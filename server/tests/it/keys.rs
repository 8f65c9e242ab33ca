//! The pages that show a secret, and what the payment core is told of one.

use axum::{
    http::{StatusCode, header},
    response::Response,
};

use crate::support::{Console, Person, a_console, header_of, text_of};

const NEW: &str = "/integration/keys/v2/new";
const SHOW: &str = "/integration/keys/secret";
const REISSUE: &str = "/integration/keys/reissue";
const PASSWORD: &str = "wide-lamp-eleven-rivers";

fn issue(name: &str, request_key: &str) -> String {
    format!("name={name}&expiry=365&channels_read=on&payments=on&request_key={request_key}")
}

/// The secret on a page that shows one.
async fn shown(response: Response) -> String {
    let (status, text) = text_of(response).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    let secret = text.split("<code id=\"secret\">").nth(1).and_then(|rest| rest.split('<').next());
    secret.unwrap_or_else(|| panic!("no secret: {text}")).to_owned()
}

async fn issued(console: &Console, person: &Person, name: &str) -> String {
    shown(console.submit_as(person, NEW, &issue(name, name)).await).await
}

async fn verified(console: &Console, body: &str) -> (StatusCode, String) {
    let core = console.backend.create_core_token("core").await.expect("a token");
    text_of(console.tell_core("/core/v1/credentials:verify", Some(core.token.expose()), body).await).await
}

#[tokio::test]
async fn a_secret_is_shown_on_a_page_of_its_own_that_nobody_keeps() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let response = console.submit_as(&owner, NEW, &issue("server", "a")).await;
    assert_eq!(header_of(&response, "cache-control"), "no-store");
    assert_eq!(header_of(&response, "content-type"), "text/html; charset=utf-8");
    let policy = header_of(&response, "content-security-policy");
    let (_, text) = text_of(response).await;
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
    assert_eq!(text.matches("<script").count(), 1, "nothing is hydrated: {text}");
    assert!(text.contains(&format!("<script nonce=\"{nonce}\">")), "{text}");
    assert!(text.contains("API Secret을 확인했습니다") && text.contains("V2_API_SECRET=chv2_"), "{text}");
}

#[tokio::test]
async fn the_same_form_again_is_told_that_the_secret_was_shown() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let secret = issued(&console, &owner, "server").await;
    for body in [issue("server", "server"), issue("other", "server")] {
        let (status, text) = text_of(console.submit_as(&owner, NEW, &body).await).await;
        assert_eq!(status, StatusCode::OK);
        assert!(text.contains("이미 표시되었습니다") && !text.contains(&secret), "{text}");
    }
    let (_, list) = text_of(console.open_as(&owner, "/integration/keys/v2").await).await;
    assert!(list.contains(&secret[..17]) && !list.contains(&secret), "{list}");
}

#[tokio::test]
async fn a_refused_form_finds_its_page_with_what_was_typed() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let response = console.submit_as(&owner, NEW, "name=a%2Fb&expiry=90&request_key=a").await;
    assert_eq!(response.status(), StatusCode::FOUND);
    let back = header_of(&response, "location");
    assert_eq!(back, format!("{NEW}?refused=1"));
    let (_, text) = text_of(console.open_as(&owner, &back).await).await;
    assert!(text.contains("value=\"a/b\"") && text.contains("하나 이상 골라 주세요"), "{text}");
}

#[tokio::test]
async fn a_secret_belongs_to_the_store_at_hand_and_a_foreign_one_is_not_there() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let primary = console.backend.viewer(&owner.actor).await.expect("a viewer").store_id;
    let (_, text) = text_of(console.open_as(&owner, &format!("{NEW}?store={primary}")).await).await;
    assert!(text.contains(&format!("name=\"store\" value=\"{primary}\"")), "{text}");
    shown(console.submit_as(&owner, NEW, &format!("{}&store={primary}", issue("server", "a"))).await).await;
    for store in ["store-00000000-0000-0000-0000-000000000007", "nonsense"] {
        let body = format!("{}&store={store}", issue("other", "b"));
        let response = console.submit_as(&owner, NEW, &body).await;
        assert_eq!(response.status(), StatusCode::FOUND);
        let back = header_of(&response, "location");
        assert!(back.starts_with(NEW) && back.ends_with("refused=1"), "{back}");
        let (_, text) = text_of(console.open_as(&owner, &back).await).await;
        assert!(text.contains("찾을 수 없습니다"), "{text}");
    }
}

#[tokio::test]
async fn ten_minutes_after_the_login_the_password_is_asked_for_once() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let (_, text) = text_of(console.open_as(&owner, NEW).await).await;
    assert!(!text.contains("type=\"password\""), "{text}");
    // As if it were written longer ago.
    console.sql("UPDATE sessions SET data = replace(data, '\"proved_at\":', '\"forgotten\":')").await;
    let (_, text) = text_of(console.open_as(&owner, NEW).await).await;
    assert!(text.contains("type=\"password\""), "{text}");
    for password in ["", "wrong-password-1"] {
        let body = format!("{}&password={password}", issue("server", "a"));
        let response = console.submit_as(&owner, NEW, &body).await;
        assert_eq!(header_of(&response, "location"), format!("{NEW}?refused=1"));
    }
    shown(console.submit_as(&owner, NEW, &format!("{}&password={PASSWORD}", issue("server", "a"))).await).await;
    issued(&console, &owner, "other").await;
}

#[tokio::test]
async fn the_v1_secret_is_shown_for_a_minute_to_who_types_the_password() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let response = console.submit_as(&owner, SHOW, "request_key=a&password=wrong-password-1").await;
    assert_eq!(header_of(&response, "location"), format!("{SHOW}?refused=1"));
    let (_, text) = text_of(console.open_as(&owner, &format!("{SHOW}?refused=1")).await).await;
    assert!(text.contains("비밀번호가 맞지 않습니다") && !text.contains("wrong-password-1"), "{text}");
    let body = format!("request_key=b&password={PASSWORD}");
    let response = console.submit_as(&owner, SHOW, &body).await;
    assert_eq!(header_of(&response, "cache-control"), "no-store");
    let (_, text) = text_of(response).await;
    assert!(text.contains("http-equiv=\"refresh\" content=\"60;url=/integration/keys\""), "{text}");
    let (_, text) = text_of(console.submit_as(&owner, SHOW, &body).await).await;
    assert!(text.contains("이미 표시되었습니다"), "{text}");
}

#[tokio::test]
async fn a_core_is_told_whose_a_credential_is_or_why_it_is_none() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let secret = issued(&console, &owner, "server").await;
    let (status, text) = verified(&console, &format!("{{\"apiSecret\":\"{secret}\"}}")).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    assert!(text.contains("\"kind\":\"v2\"") && text.contains("\"scopes\":[\"channels:read\",\"payments\"]"), "{text}");
    let tokens = console.backend.log_in_api_secret(&secret).await.expect("tokens");
    let (status, _) = verified(&console, &format!("{{\"accessToken\":\"{}\"}}", tokens.access_token.expose())).await;
    assert_eq!(status, StatusCode::OK);

    let password = format!("password={PASSWORD}");
    let old = shown(console.submit_as(&owner, SHOW, &format!("request_key=a&{password}")).await).await;
    let key = console.backend.v1_keys(&owner.actor).await.expect("keys").key;
    let pair = |secret: &str| format!("{{\"impKey\":\"{key}\",\"impSecret\":\"{secret}\"}}");
    assert_eq!(verified(&console, &pair(&old)).await.0, StatusCode::OK);
    let new = shown(console.submit_as(&owner, REISSUE, &format!("request_key=b&{password}")).await).await;
    assert_eq!(verified(&console, &pair(&new)).await.0, StatusCode::OK);

    let kid = &secret[5..17];
    console.submit_as(&owner, "/api/keys/v2/revoke", &format!("kid={kid}")).await;
    for (body, status, kind) in [
        (format!("{{\"apiSecret\":\"{secret}\"}}"), StatusCode::UNAUTHORIZED, "API_SECRET_REVOKED"),
        (format!("{{\"apiSecret\":\"{secret}x\"}}"), StatusCode::UNAUTHORIZED, "CREDENTIAL_UNKNOWN"),
        (pair(&old), StatusCode::UNAUTHORIZED, "CREDENTIAL_UNKNOWN"),
        (format!("{{\"apiSecret\":\"{secret}\",\"accessToken\":\"x\"}}"), StatusCode::BAD_REQUEST, "INVALID_REQUEST"),
        ("{}".into(), StatusCode::BAD_REQUEST, "INVALID_REQUEST"),
        ("nonsense".into(), StatusCode::BAD_REQUEST, "INVALID_REQUEST"),
    ] {
        let (found, text) = verified(&console, &body).await;
        assert!(found == status && text.contains(&format!("\"type\":\"{kind}\"")), "{body}: {found} {text}");
        assert!(!text.contains(&secret) && !text.contains(&old), "{text}");
    }
}

#[tokio::test]
async fn a_dev_sees_the_list_and_is_refused_whatever_is_posted() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let secret = issued(&console, &owner, "server").await;
    let kid = &secret[5..17];
    console.sql("UPDATE members SET role = 'dev'").await;
    let (_, list) = text_of(console.open_as(&owner, "/integration/keys/v2").await).await;
    assert!(list.contains(kid) && !list.contains("/roll\"") && !list.contains("새로운 API Secret 발급"), "{list}");
    let roll = format!("/integration/keys/v2/{kid}/roll");
    for (path, body) in [
        (NEW, issue("other", "x")),
        (roll.as_str(), "overlap=0&request_key=x".into()),
        (SHOW, format!("request_key=x&password={PASSWORD}")),
        (REISSUE, format!("request_key=x&password={PASSWORD}")),
    ] {
        let response = console.submit_as(&owner, path, &body).await;
        assert_eq!(header_of(&response, "location"), format!("{path}?refused=1"));
        let (_, text) = text_of(console.open_as(&owner, &format!("{path}?refused=1")).await).await;
        assert!(text.contains("이 화면은 다른 권한이 필요합니다"), "{path} {text}");
    }
    console.submit_as(&owner, "/api/keys/v2/revoke", &format!("kid={kid}")).await;
    assert_eq!(verified(&console, &format!("{{\"apiSecret\":\"{secret}\"}}")).await.0, StatusCode::OK);
    console.sql("UPDATE members SET role = 'viewer'").await;
    let (_, text) = text_of(console.open_as(&owner, "/integration/keys/v2").await).await;
    assert!(text.contains("이 화면은 다른 권한이 필요합니다") && !text.contains(kid), "{text}");
}

#[tokio::test]
async fn who_is_not_logged_in_or_comes_from_elsewhere_is_shown_nothing() {
    let console = a_console().await;
    for path in [NEW, SHOW, REISSUE, "/integration/keys/v2/aaaaaaaaaaaa/roll"] {
        let response = console.submit(path, "request_key=a").await;
        assert_eq!(header_of(&response, "location"), format!("/login?next={path}"));
        let request = axum::http::Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, "https://evil.example");
        let response = console.ask(request.body(axum::body::Body::from("request_key=a")).expect("a request")).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
    }
}
