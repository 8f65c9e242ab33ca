//! Language and theme: two cookies, no account needed.
#![cfg_attr(feature = "ssr", expect(clippy::unused_async, reason = "a server function is async whatever it does"))]

use leptos::prelude::*;

use super::AppError;

/// A preference from the request's cookies.
#[cfg(feature = "ssr")]
pub fn preference(name: &str) -> Option<String> {
    preference_in(&use_context::<axum::http::request::Parts>()?.headers, name)
}

#[cfg(feature = "ssr")]
pub(crate) fn preference_in(headers: &axum::http::HeaderMap, name: &str) -> Option<String> {
    use axum::http::header;
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// Remembers a preference for a year; a plain form always, since the whole document changes with it.
#[server(prefix = "/api", endpoint = "preferences/set")]
pub async fn set_preference(name: String, value: String) -> Result<(), AppError> {
    let known = matches!((name.as_str(), value.as_str()), ("lang", "ko" | "en") | ("theme", "light" | "dark"));
    if !known {
        return Err(super::refuse(AppError::BadRequest));
    }
    super::set_cookie(&format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax"));
    Ok(())
}
