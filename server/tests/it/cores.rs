use axum::http::StatusCode;

use crate::support::{a_console, header_of, text_of};

const UNKNOWN: &str = "/core/v1/channels/channel-key-00000000-0000-0000-0000-000000000000";

#[tokio::test]
async fn a_core_without_a_valid_token_learns_nothing() {
    let console = a_console().await;
    let made = console.backend.create_core_token("payment-core").await.expect("a token");
    let mut wrong = made.token.expose().to_owned();
    wrong.replace_range(20..21, if &wrong[20..21] == "x" { "y" } else { "x" });
    for token in [None, Some("core_nothing"), Some(wrong.as_str())] {
        for path in [UNKNOWN, "/core/v1/resolve?impCode=imp00000000", "/anything"] {
            assert_eq!(console.ask_core(path, token).await.status(), StatusCode::UNAUTHORIZED, "{path} {token:?}");
        }
    }
}

#[tokio::test]
async fn a_core_is_told_why_there_is_no_channel() {
    let console = a_console().await;
    let made = console.backend.create_core_token("payment-core").await.expect("a token");
    for (path, status, kind) in [
        (UNKNOWN, StatusCode::NOT_FOUND, "CHANNEL_NOT_FOUND"),
        ("/core/v1/channels/nonsense", StatusCode::NOT_FOUND, "CHANNEL_NOT_FOUND"),
        ("/core/v1/resolve?impCode=imp00000000&pg=ksnet", StatusCode::NOT_FOUND, "IMP_CODE_NOT_FOUND"),
        ("/core/v1/resolve?storeId=store-1&channelKey=x", StatusCode::NOT_FOUND, "STORE_NOT_FOUND"),
        ("/core/v1/resolve", StatusCode::BAD_REQUEST, "INVALID_REQUEST"),
        ("/core/v1/resolve?impCode=imp00000000&mode=maybe", StatusCode::BAD_REQUEST, "INVALID_REQUEST"),
    ] {
        let response = console.ask_core(path, Some(made.token.expose())).await;
        let (found, text) = text_of(response).await;
        assert_eq!(found, status, "{path} {text}");
        assert!(text.contains(&format!("\"type\":\"{kind}\"")), "{path} {text}");
    }
}

#[tokio::test]
async fn a_core_token_opens_nothing_on_the_listener_for_people() {
    let console = a_console().await;
    let made = console.backend.create_core_token("payment-core").await.expect("a token");
    let request = axum::http::Request::get(UNKNOWN).header("authorization", format!("Bearer {}", made.token.expose()));
    let response = console.ask(request.body(axum::body::Body::empty()).expect("a request")).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(header_of(&response, "content-type").starts_with("text/html"));
}
