//! Sessions and passwords as cookies and redirects tell of them.

use axum::{
    body::Body,
    http::{StatusCode, header},
};

use crate::support::{Person, a_console, form, header_of, text_of};

const CHANGE: &str = "form[current]=wide-lamp-eleven-rivers&form[password]=seven-purple-kettles-dance\
                      &form[password_again]=seven-purple-kettles-dance";

#[tokio::test]
async fn a_new_password_is_a_new_session_and_the_old_cookie_is_dead() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let answer = console.submit_as(&owner, "/api/account/password", CHANGE).await;
    assert_eq!(header_of(&answer, "location"), "/account?done=password");
    let cookie = header_of(&answer, "set-cookie").split(';').next().unwrap_or_default().to_owned();
    assert!(cookie.starts_with("sid=") && cookie != owner.cookie, "{cookie}");
    let gone = console.open_as(&owner, "/account").await;
    assert_eq!(header_of(&gone, "location"), "/login?next=/account");
    let here = Person { cookie, ..owner };
    assert_eq!(console.open_as(&here, "/account").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn signing_out_everywhere_ends_this_session_too() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let answer = console.submit_as(&owner, "/api/account/sign-out-everywhere", "").await;
    assert_eq!(header_of(&answer, "location"), "/login?done=signed-out");
    let gone = console.open_as(&owner, "/team").await;
    assert_eq!(header_of(&gone, "location"), "/login?next=/team");
}

#[tokio::test]
async fn a_session_is_listed_by_its_browser_and_address() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let body = "form[email]=kim%40example.com&form[password]=wide-lamp-eleven-rivers&next=";
    let agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36";
    let request = form("/api/accounts/log-in", body).header(header::USER_AGENT, agent);
    console.ask(request.body(Body::from(body)).expect("a request")).await;
    let (_, text) = text_of(console.open_as(&owner, "/account").await).await;
    for part in ["Chrome · Windows", "127.0.0.1", "지금 이 기기", "알 수 없는 기기"] {
        assert!(text.contains(part), "{part}");
    }
}

#[tokio::test]
async fn who_forgot_the_password_is_answered_the_same_whether_or_not_there_is_an_account() {
    let console = a_console().await;
    console.an_owner().await;
    for email in ["kim%40example.com", "stranger%40example.com"] {
        let answer = console.submit("/api/account/forgot-password", &format!("email={email}")).await;
        assert_eq!(header_of(&answer, "location"), "/forgot-password?sent=1");
    }
}

#[tokio::test]
async fn nobody_reaches_the_team_the_stores_or_an_account_without_a_login() {
    let console = a_console().await;
    for path in ["/team", "/stores", "/account"] {
        let response = console.open(path).await;
        assert_eq!(header_of(&response, "location"), format!("/login?next={path}"));
    }
    for path in ["/api/team/list", "/api/stores/list", "/api/account/sessions"] {
        let body = "search=&page=1&invitations=1";
        let request = form(path, body).header(header::ACCEPT, "application/json");
        let mut request = request.body(Body::from(body)).expect("a request");
        request.headers_mut().insert(header::ACCEPT, header::HeaderValue::from_static("application/json"));
        assert_eq!(console.ask(request).await.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}
