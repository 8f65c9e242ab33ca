use axum::http::StatusCode;

use crate::support::{PASSWORD, a_console, a_console_told, form, header_of, text_of};

#[tokio::test]
async fn every_answer_bears_the_headers_that_protect_it() {
    let console = a_console().await;
    for path in ["/login", "/signup", "/nowhere", "/health", "/pkg/nothing.js"] {
        let response = console.open(path).await;
        assert_eq!(header_of(&response, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header_of(&response, "x-frame-options"), "DENY", "{path}");
        assert_eq!(header_of(&response, "referrer-policy"), "same-origin", "{path}");
        assert_eq!(header_of(&response, "cache-control"), "no-store", "{path}");
        assert!(header_of(&response, "content-security-policy").contains("frame-ancestors 'none'"), "{path}");
    }
}

#[tokio::test]
async fn each_page_has_a_nonce_of_its_own() {
    let console = a_console().await;
    let policy = |response| header_of(&response, "content-security-policy");
    let (first, second) = (policy(console.open("/login").await), policy(console.open("/login").await));
    assert!(first.contains("script-src 'self' 'nonce-"), "{first}");
    assert_ne!(first, second);
}

#[tokio::test]
async fn a_page_that_is_not_there_is_a_404_with_a_way_home() {
    let console = a_console().await;
    let (status, text) = text_of(console.open("/nowhere").await).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(text.contains("찾을 수 없습니다"));
}

#[tokio::test]
async fn who_is_not_logged_in_is_sent_to_the_login_and_back_afterwards() {
    let console = a_console().await;
    let response = console.open("/integration/channels?mode=live").await;
    assert_eq!(response.status(), StatusCode::FOUND);
    assert_eq!(header_of(&response, "location"), "/login?next=/integration/channels%3Fmode%3Dlive");
}

#[tokio::test]
async fn english_is_a_cookie_away() {
    let console = a_console().await;
    let request = axum::http::Request::get("/login").header("accept", "text/html").header("cookie", "lang=en");
    let response = console.ask(request.body(axum::body::Body::empty()).expect("a request")).await;
    let (_, text) = text_of(response).await;
    assert!(text.contains("<html lang=\"en\"") && text.contains("Log in"));
}

#[tokio::test]
async fn a_language_chosen_once_is_there_at_the_next_login_elsewhere() {
    let console = a_console_told(&[("trusted_proxies", "127.0.0.1")]).await;
    let owner = console.an_owner().await;
    // From an address of its own each time: one alone may not log in so often.
    let log_in = async |client: &str| {
        let body = format!("form[email]=kim@example.com&form[password]={PASSWORD}&next=");
        let request = form("/api/accounts/log-in", &body).header("x-forwarded-for", client);
        let answer = console.ask(request.body(axum::body::Body::from(body)).expect("a request")).await;
        assert_eq!(header_of(&answer, "location"), "/integration/channels");
        let cookies = answer.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        cookies.filter_map(|cookie| cookie.strip_prefix("lang=")).map(|rest| rest[..2].to_owned()).collect::<Vec<_>>()
    };
    assert!(log_in("10.1.0.1").await.is_empty(), "who never chose has the browser's");
    for (chosen, kept, client) in [("en", "en", "10.1.0.2"), ("ko", "ko", "10.1.0.3"), ("fr", "ko", "10.1.0.4")] {
        console.submit_as(&owner, "/api/preferences/set", &format!("name=lang&value={chosen}")).await;
        assert_eq!(log_in(client).await, [kept]);
    }
}

#[tokio::test]
async fn a_visitor_without_an_account_leaves_no_session() {
    let console = a_console().await;
    let response = console.open("/login").await;
    assert_eq!(header_of(&response, "set-cookie"), "");
}

#[tokio::test]
async fn a_refused_plain_sign_up_finds_its_page_with_the_address_still_there() {
    let console = a_console().await;
    let response = console.submit("/api/accounts/sign-up", "form[email]=me%40example.com&form[terms]=on").await;
    assert_eq!(response.status(), StatusCode::FOUND);
    assert!(header_of(&response, "location").contains("/signup?__path="), "{response:?}");
    assert!(header_of(&response, "set-cookie").starts_with("typed=100"), "{response:?}");
}

#[tokio::test]
async fn a_signed_up_visitor_is_told_where_to_look_whether_or_not_the_address_was_new() {
    let console = a_console().await;
    let body = "form[email]=me%40example.com&form[password]=wide-lamp-eleven-rivers\
                &form[password_again]=wide-lamp-eleven-rivers&form[terms]=on&form[privacy]=on";
    for _ in 0..2 {
        let response = console.submit("/api/accounts/sign-up", body).await;
        assert_eq!(header_of(&response, "location"), "/signup?sent=1");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_before_it_is_read() {
    let console = a_console().await;
    let body = "x".repeat(256 * 1024 + 1);
    let response = console.submit("/api/accounts/sign-up", &body).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_forged_error_shows_at_worst_a_sentence_of_ours() {
    let console = a_console().await;
    let (status, text) = text_of(console.open("/login?__path=/api/accounts/log-in&__err=PGI%2BaGVsbG8%3D").await).await;
    assert_eq!(status, StatusCode::OK);
    assert!(!text.contains("<b>hello"));
}

#[tokio::test]
async fn home_warns_when_payment_cores_have_fallen_silent() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let made = console.backend.create_core_token("payment-core").await.expect("a token");
    let core = console.backend.core_caller(made.token.expose()).await.expect("a core");
    let home = async || text_of(console.open_as(&owner, "/").await).await.1;
    assert!(!home().await.contains("결제 코어가 1분 넘게 응답하지 않습니다"), "none was ever there");
    console.backend.ack(&core, "seoul-1", 0).await.expect("asked").expect("taken");
    assert!(!home().await.contains("결제 코어가 1분 넘게 응답하지 않습니다"), "it was there just now");
    console.sql("UPDATE core_tokens SET last_acked_at = last_acked_at - 61000").await;
    assert!(home().await.contains("결제 코어가 1분 넘게 응답하지 않습니다"));
    console.backend.revoke_core_token(&made.kid).await.expect("revoked");
    assert!(!home().await.contains("결제 코어가 1분 넘게 응답하지 않습니다"), "it is not to come back");
}
