//! Whoever is told that it does not work now is told when to ask again.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};

/// A second to every 503 that says nothing itself: a lock or a permit is had by then, or not at all.
pub async fn say_when(mut answer: Response) -> Response {
    if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
        answer.headers_mut().entry(header::RETRY_AFTER).or_insert(HeaderValue::from_static("1"));
    }
    answer
}
