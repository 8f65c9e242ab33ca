use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};

use crate::support::{ORIGIN, a_console};

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
        assert_eq!(method, Method::POST, "{path}");
    }
}

#[tokio::test]
async fn another_site_cannot_call_any_server_function() {
    let console = a_console().await;
    for (path, _) in server_functions() {
        for headers in [
            &[("origin", "https://evil.example")][..],
            &[("origin", ORIGIN), ("sec-fetch-site", "cross-site")],
            &[("origin", ORIGIN), ("sec-fetch-site", "same-site")],
            &[("origin", "null")],
            &[],
        ] {
            assert_eq!(status_of(&console, path, headers).await, StatusCode::FORBIDDEN, "{path} {headers:?}");
        }
    }
}

#[tokio::test]
async fn our_own_pages_can_call_them() {
    let console = a_console().await;
    for (path, _) in server_functions() {
        let status = status_of(&console, path, &[("origin", ORIGIN), ("sec-fetch-site", "same-origin")]).await;
        assert_ne!(status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn nobody_gets_at_channels_without_logging_in() {
    let console = a_console().await;
    for (path, _) in server_functions().into_iter().filter(|(path, _)| path.starts_with("/api/channels/")) {
        let body = "key=channel-key-00000000-0000-0000-0000-000000000000&to=pause&mode=test&search=&page=1&provider=&module=\
             &store=store-00000000-0000-0000-0000-000000000000";
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", ORIGIN)
            .body(Body::from(format!(
                "{body}&form[name]=x&about[key]=channel-key-00000000-0000-0000-0000-000000000000"
            )))
            .expect("a request");
        assert_eq!(console.ask(request).await.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}
