//! Who has to wait is told so: by status and header where a program asks, in words beside the form where a person does.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

use crate::support::{PASSWORD, a_console, form, header_of, text_of};

/// Sends a form until it is refused for coming too often.
async fn until_refused(console: &crate::support::Console, path: &str, body: &str) -> axum::response::Response {
    for _ in 0..12 {
        let mut request = form(path, body).body(Body::from(body.to_owned())).expect("a request");
        request.headers_mut().insert(header::ACCEPT, "application/json".parse().expect("a header"));
        let answer = console.ask(request).await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            return answer;
        }
    }
    panic!("{path} is never refused");
}

#[tokio::test]
async fn each_form_in_front_of_the_login_has_its_limit_and_tells_it() {
    let sign_up = format!(
        "form[email]=me%40example.com&form[password]={PASSWORD}&form[password_again]={PASSWORD}\
         &form[terms]=on&form[privacy]=on"
    );
    for (path, body, page) in [
        ("/api/accounts/log-in", "form[email]=me%40example.com&form[password]=wrong+guess&next=", "/login"),
        ("/api/accounts/sign-up", sign_up.as_str(), "/signup"),
        ("/api/accounts/resend", "email=me%40example.com", "/verify-email/resend"),
        ("/api/account/forgot-password", "email=me%40example.com", "/forgot-password"),
    ] {
        let console = a_console().await;
        let refused = until_refused(&console, path, body).await;
        let seconds: u64 = header_of(&refused, "retry-after").parse().expect("seconds");
        assert!((1..=3600).contains(&seconds), "{path}: {seconds}");
        let (_, text) = text_of(refused).await;
        assert!(text.contains("too_many_attempts"), "{path}: {text}");

        let mut request = form(path, body).body(Body::from(body.to_owned())).expect("a request");
        request
            .headers_mut()
            .insert(header::REFERER, format!("http://127.0.0.1:3000{page}").parse().expect("a header"));
        let plain = console.ask(request).await;
        assert_eq!(plain.status(), StatusCode::FOUND, "{path}");
        let back = header_of(&plain, "location");
        let back = back.strip_prefix("http://127.0.0.1:3000").unwrap_or(&back).to_owned();
        assert!(back.starts_with(page) && !back.contains("wrong") && !back.contains(PASSWORD), "{back}");
        let cookie = header_of(&plain, "set-cookie").split(';').next().unwrap_or_default().to_owned();
        let request = Request::get(&back).header(header::ACCEPT, "text/html").header(header::COOKIE, cookie);
        let (status, page) = text_of(console.ask(request.body(Body::empty()).expect("a request")).await).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("시도가 너무 많았습니다"), "{path}: {page}");
        assert!(page.contains("value=\"me@example.com\""), "{path}: the address is to be kept");
        assert!(!page.contains(PASSWORD) && !page.contains("wrong guess"), "{path}: no password is");
    }
}

#[tokio::test]
async fn whoever_is_locked_out_is_told_the_way_back_in() {
    let console = a_console().await;
    console.a_member("kim@example.com").await;
    let until = console.backend.now_ms();
    console
        .sql(&format!(
            "INSERT INTO rate_counters (name, subject, window_at, count) \
             VALUES ('guesses_of_account', 'kim@example.com', {until}, 100)"
        ))
        .await;
    let body = format!("form[email]=kim%40example.com&form[password]={PASSWORD}&next=");
    let request = form("/api/accounts/log-in", &body).body(Body::from(body)).expect("a request");
    let back = header_of(&console.ask(request).await, "location");
    let back = back.strip_prefix("http://127.0.0.1:3000").unwrap_or(&back).replace("/signup", "/login");
    let (_, page) = text_of(console.open(&back).await).await;
    assert!(page.contains("비밀번호 찾기에서 메일을 받아 새 비밀번호를 정해 주세요"), "{page}");
}
