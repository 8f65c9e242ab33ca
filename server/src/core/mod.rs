//! The payment core's API, on a listener of its own that is never public. Bearer tokens only.

mod answer;
mod channel;
mod credentials;
mod resolve;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::header,
    middleware::{Next, from_fn_with_state},
    response::Response,
    routing::{get, post},
};
use backend::Backend;

use answer::Refusal;

pub fn router(backend: Arc<Backend>) -> Router {
    Router::new()
        .route("/core/v1/channels/{channel_key}", get(channel::show))
        .route("/core/v1/resolve", get(resolve::resolve))
        .route("/core/v1/credentials:verify", post(credentials::verify))
        .fallback(|| async { Refusal::NotFound })
        .layer(from_fn_with_state(Arc::clone(&backend), authenticate))
        .with_state(backend)
}

/// No handler runs without a valid token; a person's session is worth nothing here.
async fn authenticate(State(backend): State<Arc<Backend>>, request: Request, next: Next) -> Result<Response, Refusal> {
    let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|text| text.strip_prefix("Bearer ")).ok_or(Refusal::Unauthorized)?;
    backend.core_caller(token.trim()).await?;
    Ok(next.run(request).await)
}
