//! Language, theme and the keys of one letter: cookies, no account needed. A member's language is kept with the account as
//! well.

use leptos::prelude::*;

use super::AppError;

/// A preference from the request's cookies.
#[cfg(feature = "ssr")]
pub fn preference(name: &str) -> Option<String> {
    super::cookie(&use_context::<axum::http::request::Parts>()?.headers, name)
}

/// Remembers a preference for a year; a plain form always, since the whole document changes with it.
#[server(prefix = "/api", endpoint = "preferences/set")]
pub async fn set_preference(name: String, value: String) -> Result<(), AppError> {
    let known = matches!(
        (name.as_str(), value.as_str()),
        ("lang", "ko" | "en") | ("theme", "light" | "dark") | ("keys", "on" | "off")
    );
    if !known {
        return Err(super::refuse(AppError::BadRequest));
    }
    super::set_cookie(&name, &value, super::A_YEAR);
    // Of who is logged in it is kept with the account.
    if name == "lang"
        && let Ok((backend, actor)) = super::session::actor().await
    {
        backend.choose_language(&actor, super::session::language_of(&value)).await.map_err(super::refuse)?;
    }
    Ok(())
}
