//! A panic ends one request, never the console.

use std::panic::{AssertUnwindSafe, set_hook};

use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use futures_util::FutureExt as _;

/// Answers 500 in place of what panicked. The hook of [`log_each`] has written it down, once.
pub async fn catch(request: Request, next: Next) -> Response {
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answer.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// From now on each panic is one event of the log, within the span of the request that it ends. The place tells enough;
/// the message may hold what was being worked on.
pub fn log_each() {
    set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}
