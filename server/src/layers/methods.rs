//! Methods that no handler may see.

use axum::{
    extract::Request,
    http::{Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

/// Refuses `TRACE`, which would send a request's cookies back in a body, and `CONNECT`: this is no proxy.
pub async fn refuse(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::TRACE | Method::CONNECT) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD, POST, PATCH, DELETE")]).into_response();
    }
    next.run(request).await
}
