//! What was typed into a refused sign-up or login without JavaScript, kept for five minutes in a cookie of the person who
//! typed it. Anonymous visitors get no session row. Never a password.
#![cfg_attr(feature = "ssr", expect(clippy::unused_async, reason = "a server function is async whatever it does"))]

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::AppError;

/// The public part of 회원가입 and 로그인.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    pub email: String,
    pub terms: bool,
    pub privacy: bool,
    pub marketing: bool,
}

#[cfg(feature = "ssr")]
const COOKIE: &str = "typed";

/// Keeps what was typed if the answer will be a page.
#[cfg(feature = "ssr")]
pub(crate) fn keep(typed: &Typed) {
    if super::wants_html() && typed.email.len() <= 400 {
        let value = super::cookies::packed([typed.terms, typed.privacy, typed.marketing], &typed.email);
        super::set_cookie(COOKIE, &value, 300);
    }
}

/// Whoever sits here next need not know.
#[cfg(feature = "ssr")]
pub(crate) fn forget() {
    super::set_cookie(COOKIE, "", 0);
}

/// What was typed before, if anything.
#[server(prefix = "/api", endpoint = "echo")]
pub async fn typed_before() -> Result<Typed, AppError> {
    Ok(super::preference(COOKIE).and_then(|cookie| read(&cookie)).unwrap_or_default())
}

#[cfg(feature = "ssr")]
fn read(cookie: &str) -> Option<Typed> {
    let ([terms, privacy, marketing], email) = super::cookies::unpacked(cookie)?;
    Some(Typed { email, terms, privacy, marketing })
}
