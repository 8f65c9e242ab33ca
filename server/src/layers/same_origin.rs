//! The wall against requests that another site makes in a member's name. Server functions check nothing themselves and
//! answer plain forms with a redirect to whatever page sent them, so this stands in front of all of them.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

/// Refuses what our own pages did not ask for: every unsafe request, and every request to a server function, whatever its
/// method. A person never goes to one; who comes by a link follows somebody else's.
pub async fn require(State(origin): State<Arc<str>>, request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS)
        && !request.uri().path().starts_with("/api/");
    if is_safe || is_ours(request.headers(), &origin) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

/// By `Sec-Fetch-Site` where the browser sends it, else by `Origin`; neither is no browser of ours.
fn is_ours(headers: &HeaderMap, origin: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let origin_matches = text(header::ORIGIN.as_str()).map(|sent| sent == origin);
    match text("sec-fetch-site") {
        Some("same-origin") => origin_matches != Some(false),
        // Typed addresses and bookmarks; a form post then still names its origin.
        Some("none") | None => origin_matches == Some(true),
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(site: Option<&str>, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
            if let Some(value) = value {
                headers.insert(name, value.parse().expect("header"));
            }
        }
        is_ours(&headers, "https://console.example")
    }

    #[test]
    fn our_own_pages_pass() {
        assert!(ours(Some("same-origin"), Some("https://console.example")));
        assert!(ours(None, Some("https://console.example")));
    }

    #[test]
    fn every_other_origin_is_refused() {
        for origin in ["null", "https://evil.example", "http://console.example", "https://console.example:444"] {
            assert!(!ours(None, Some(origin)), "{origin}");
            assert!(!ours(Some("same-origin"), Some(origin)), "{origin}");
        }
        for site in ["same-site", "cross-site", "junk"] {
            assert!(!ours(Some(site), Some("https://console.example")), "{site}");
        }
        assert!(!ours(None, None));
        assert!(!ours(Some("none"), None));
    }
}
