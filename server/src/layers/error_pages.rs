//! What a person sees of a refusal that was made outside of the pages: a page in words, not a line of a library's.

use app::{
    error_page::{ErrorPage, render},
    secret_pages::Look,
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::{Html, IntoResponse as _, Response},
};
use leptos::config::LeptosOptions;

/// What a refusal may carry besides its words.
const KEPT: [HeaderName; 3] = [header::ALLOW, header::RETRY_AFTER, header::SET_COOKIE];

/// Puts a page into refusals that have none, for whoever asked for one; others get the status alone.
pub async fn add(State(options): State<LeptosOptions>, request: Request, next: Next) -> Response {
    let wants_page = wants_html(request.headers()).then(|| Look::of(request.headers(), ""));
    let answer = next.run(request).await;
    let status = answer.status();
    if !(status.is_client_error() || status.is_server_error()) || has_words(answer.headers()) {
        return answer;
    }
    let mut worded = match wants_page {
        Some(look) => Html(render(options, &look, ErrorPage::of(status))).into_response(),
        None => status.canonical_reason().unwrap_or_default().into_response(),
    };
    *worded.status_mut() = status;
    for name in KEPT {
        for value in answer.headers().get_all(&name) {
            worded.headers_mut().append(name.clone(), value.clone());
        }
    }
    worded
}

fn wants_html(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|text| text.contains("text/html"))
}

/// Pages, and answers to programs. What libraries say is plain text, if anything.
fn has_words(headers: &HeaderMap) -> bool {
    let is_plain = |kind: &HeaderValue| kind.as_bytes().starts_with(b"text/plain");
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| !is_plain(kind))
}
