//! What every cookie of ours has. The layer of sessions takes its cookie back without the attributes it was given with,
//! and a browser does not take that from a `__Host-` cookie: logged out, it would keep it.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// Adds what is missing; `Secure` where people come by https.
pub async fn complete(State(is_https): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for cookie in response.headers_mut().iter_mut().filter(|(name, _)| *name == header::SET_COOKIE).map(|(_, v)| v) {
        let Some(completed) = cookie.to_str().ok().map(|text| completed(text, is_https)) else { continue };
        if let Ok(value) = HeaderValue::from_str(&completed) {
            *cookie = value;
        }
    }
    response
}

fn completed(cookie: &str, is_https: bool) -> String {
    let has = |name: &str| {
        let attributes = cookie.split(';').skip(1).map(|part| part.split('=').next().unwrap_or_default().trim());
        attributes.into_iter().any(|attribute| attribute.eq_ignore_ascii_case(name))
    };
    let mut completed = cookie.to_owned();
    for (name, attribute) in [("HttpOnly", "HttpOnly"), ("SameSite", "SameSite=Lax"), ("Path", "Path=/")] {
        if !has(name) {
            completed = format!("{completed}; {attribute}");
        }
    }
    if is_https && !has("Secure") {
        completed.push_str("; Secure");
    }
    completed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_gets_what_it_lacks_and_nothing_twice() {
        assert_eq!(
            completed("__Host-sid=; Path=/; Max-Age=0", true),
            "__Host-sid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
        );
        let whole = "sid=x; HttpOnly; SameSite=Lax; Path=/; Max-Age=1800";
        assert_eq!(completed(whole, false), whole);
    }
}
