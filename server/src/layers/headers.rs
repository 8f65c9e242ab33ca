//! Headers of every response, errors and files included.

use std::sync::{Arc, OnceLock};

use app::assets;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    middleware::Next,
    response::Response,
};

const ALWAYS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Plain forms find their way back by the Referer: `no-referrer` would lose it.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Two years; not for the neighbours under the same domain, whom we do not know.
const HTTPS_ONLY: &str = "max-age=63072000";

/// The nonce of the page that answers a request, noted while it is rendered.
#[derive(Debug, Clone, Default)]
pub struct PageNonce(Arc<OnceLock<String>>);

impl PageNonce {
    pub fn set(&self, nonce: String) {
        // The first is the page's; nothing renders two.
        let _ = self.0.set(nonce);
    }

    /// The policy of a page: our files, and the inline scripts that bear its nonce. A page without a nonce tells of an
    /// error and has no script; what is no page (a file, an answer to a program) may load nothing.
    fn policy(&self, headers: &HeaderMap) -> HeaderValue {
        let policy = self.0.get().map(|nonce| {
            format!(
                "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
                 img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
            )
        });
        let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        let without = if is_page {
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
        } else {
            "default-src 'none'; frame-ancestors 'none'"
        };
        policy.and_then(|policy| HeaderValue::from_str(&policy).ok()).unwrap_or(HeaderValue::from_static(without))
    }
}

/// How long browsers may keep what is at an address: for good, where another content has another address.
fn lasts(uri: &Uri) -> Option<&'static str> {
    let is_picture = assets::is_asset(uri.path());
    if uri.path().starts_with("/pkg/") || is_picture && assets::is_current(uri.query()) {
        return Some("public, max-age=31536000, immutable");
    }
    is_picture.then_some("public, max-age=86400")
}

/// Adds the fixed headers, and keeps pages out of caches; files carry their own cache rule. Over https browsers are told
/// never to come by another way.
pub async fn add(State(is_https): State<bool>, mut request: Request, next: Next) -> Response {
    let nonce = PageNonce::default();
    request.extensions_mut().insert(nonce.clone());
    let lasts = lasts(request.uri());
    let mut response = next.run(request).await;
    let is_there = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HTTPS_ONLY));
    }
    let policy = nonce.policy(headers);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    let cache = lasts.filter(|_| is_there).unwrap_or("no-store");
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(cache));
    response
}
