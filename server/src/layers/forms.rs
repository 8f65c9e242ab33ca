//! What a form of our pages may be: of one kind, not compressed, of a size and a number of fields that a page can have.
//! Its body is read whole in front of everything, so that no code of a page or a server function sees another.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

/// The largest body; a PEM field of 16 KiB fits many times.
pub const BODY: usize = 256 * 1024;
/// The most fields; the largest of our forms has a tenth.
const FIELDS: usize = 1_000;
const FORM: &str = "application/x-www-form-urlencoded";

pub async fn read(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    if !is_form(request.headers()) || is_encoded(request.headers()) {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, "Forms come as application/x-www-form-urlencoded.")
            .into_response();
    }
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, BODY).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "This is more than a form can hold.").into_response();
    };
    if bytes.split(|byte| *byte == b'&').count() > FIELDS {
        return (StatusCode::BAD_REQUEST, "These are more fields than a form has.").into_response();
    }
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(FORM)
}

/// Whether the body would have to be unpacked. Nothing here does: a small one could become a large one.
pub fn is_encoded(headers: &HeaderMap) -> bool {
    headers.get_all(header::CONTENT_ENCODING).iter().any(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"))
}
