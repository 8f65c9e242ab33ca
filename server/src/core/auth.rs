//! From the `Authorization` header to the payment core that asks.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{header, request::Parts},
    middleware::Next,
    response::Response,
};
use backend::{Backend, CoreCaller};

use super::problem::Problem;

/// The name that a running core gives itself.
const NODE: &str = "core-node";

/// No handler runs without a valid token.
pub async fn require_token(
    State(backend): State<Arc<Backend>>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) = header.and_then(|text| text.trim().split_once(' ')).ok_or(Problem::Unauthorized)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Problem::Unauthorized);
    }
    let caller = backend.core_caller_of_request(token.trim()).await?;
    let caller = match request.headers().get(NODE) {
        Some(node) => {
            let node = node.to_str().map_err(|_| Problem::BadRequest("NODE"))?;
            caller.called(node).ok_or(Problem::BadRequest("NODE"))?
        }
        None => caller,
    };
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

/// The payment core that asks.
pub struct Core(pub CoreCaller);

impl<S: Send + Sync> FromRequestParts<S> for Core {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<CoreCaller>().cloned().map(Self).ok_or(Problem::Unauthorized)
    }
}
