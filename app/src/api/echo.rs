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
        let flags = [typed.terms, typed.privacy, typed.marketing].map(|on| if on { '1' } else { '0' });
        let email = typed.email.bytes().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        super::set_cookie(COOKIE, &format!("{}{email}", String::from_iter(flags)), 300);
    }
}

/// What was typed before, if anything.
#[server(prefix = "/api", endpoint = "echo")]
pub async fn typed_before() -> Result<Typed, AppError> {
    Ok(super::preference(COOKIE).and_then(|cookie| read(&cookie)).unwrap_or_default())
}

#[cfg(feature = "ssr")]
fn read(cookie: &str) -> Option<Typed> {
    let (flags, email) = cookie.split_at_checked(3)?;
    let bytes: Vec<u8> = (0..email.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(email.get(i..i + 2)?, 16).ok())
        .collect::<Option<_>>()?;
    let on = |index: usize| flags.as_bytes().get(index) == Some(&b'1');
    Some(Typed { email: String::from_utf8(bytes).ok()?, terms: on(0), privacy: on(1), marketing: on(2) })
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_that_is_not_ours_is_nothing() {
        for cookie in ["", "1", "000zz", "0001", "000ff"] {
            assert_eq!(read(cookie), None, "{cookie}");
        }
        assert_eq!(read("10161").map(|t| (t.email, t.terms, t.privacy)), Some(("a".to_owned(), true, false)));
    }
}
