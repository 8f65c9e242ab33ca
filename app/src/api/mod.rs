//! Server functions: the way of every form and every page to the backend. Each is an open endpoint, so each begins with
//! the actor; what each returns is public, since Leptos writes it into the page.

pub mod accounts;
pub mod application;
pub mod channel_drafts;
pub mod channels;
#[cfg(feature = "ssr")]
mod cookies;
pub mod cores;
pub mod echo;
pub mod history;
pub mod home;
pub mod keys;
pub mod own_account;
pub mod pairs;
pub mod preferences;
pub mod refused;
pub mod search;
pub mod secrets;
#[cfg(feature = "ssr")]
pub mod session;
pub mod stores;
pub mod team;
pub mod trail;
pub mod viewer;

use domain::form::FormErrors;
use leptos::{
    prelude::*,
    server_fn::{codec::JsonEncoding, error::ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
pub use preferences::preference;

/// What a server function may answer instead of its result: codes, never text. In a plain form's answer it travels in
/// the URL, where anybody can write it, so a forged one can at worst show a sentence of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    Form(FormErrors),
    NotFound,
    Unauthenticated,
    Forbidden,
    WrongCredentials,
    NotVerified,
    LinkInvalid,
    /// Somebody saved a newer version; `current` is its number, 0 where nobody asked.
    Stale {
        current: i64,
    },
    /// Restoring onto a taken name.
    NameTaken,
    /// Done already: pausing a paused channel.
    WrongStatus,
    /// A merchant always has an Owner.
    LastOwner,
    /// This very form was saved before, with other content.
    AlreadySubmitted,
    TooManyAttempts {
        seconds: u32,
    },
    /// Too many wrong passwords: a new one has to be chosen by mail.
    LockedOut,
    Unavailable,
    BadRequest,
    /// The request did not reach the server.
    Offline,
    Internal,
}

impl AppError {
    /// The errors beside fields, if it is about fields.
    pub fn fields(&self) -> Option<&FormErrors> {
        if let Self::Form(errors) = self { Some(errors) } else { None }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let error = match error {
            ServerFnErrorErr::Request(_) => Self::Offline,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::BadRequest
            }
            _ => Self::Internal,
        };
        // What cannot be read is refused before a line of ours runs; it would be answered with 500.
        #[cfg(feature = "ssr")]
        let error = refuse(error);
        error
    }
}

impl std::fmt::Display for AppError {
    /// For logs and `{}` in generic code; pages use `text::app_error_text`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

/// What a provider is called in the language of the page.
#[cfg(feature = "ssr")]
pub(crate) fn called(provider: &domain::catalogue::Provider) -> String {
    match crate::text::Lang::current() {
        crate::text::Lang::Ko => provider.name.clone(),
        crate::text::Lang::En => provider.name_en.clone(),
    }
}

/// The same by its id, in place of the Korean name.
#[cfg(feature = "ssr")]
pub(crate) fn call(backend: &backend::Backend, id: &domain::id::ProviderId, name: &mut String) {
    if let Some(provider) = backend.catalogue().provider(id.as_str()) {
        *name = called(provider);
    }
}

/// How long a browser remembers what somebody chose.
#[cfg(feature = "ssr")]
pub(crate) const A_YEAR: u32 = 365 * 24 * 60 * 60;

#[cfg(feature = "ssr")]
mod server {
    use axum::http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
    use leptos_axum::ResponseOptions;

    use super::{AppError, use_context};
    use crate::paths::LocalPath;

    const HOST: &str = "__Host-";

    impl From<backend::Error> for AppError {
        fn from(error: backend::Error) -> Self {
            use backend::Error;
            if let Some(note) = super::session::note() {
                note.outcome(error.code());
            }
            match error {
                Error::Form(errors) => Self::Form(errors),
                Error::NotFound => Self::NotFound,
                // No page is opened with an API secret: whoever shows one is nobody here.
                Error::Unauthenticated | Error::SecretExpired | Error::SecretRevoked => Self::Unauthenticated,
                Error::Forbidden | Error::ScopeMissing | Error::StoreForbidden => Self::Forbidden,
                Error::WrongCredentials => Self::WrongCredentials,
                Error::NotVerified => Self::NotVerified,
                Error::LinkInvalid => Self::LinkInvalid,
                Error::Stale => Self::Stale { current: 0 },
                Error::NameTaken => Self::NameTaken,
                Error::WrongStatus => Self::WrongStatus,
                Error::LastOwner => Self::LastOwner,
                Error::IdempotencyKeyReused => Self::AlreadySubmitted,
                Error::CursorInvalid => Self::BadRequest,
                Error::TooManyAttempts { retry_after } => {
                    Self::TooManyAttempts { seconds: u32::try_from(retry_after.as_secs()).unwrap_or(u32::MAX) }
                }
                Error::LockedOut => Self::LockedOut,
                Error::Unavailable => Self::Unavailable,
                Error::Sealed => {
                    tracing::error!("sealed data does not open");
                    Self::Internal
                }
                Error::Internal(why) => {
                    tracing::error!(%why, "internal error");
                    Self::Internal
                }
            }
        }
    }

    const fn status(error: &AppError) -> StatusCode {
        match error {
            AppError::Form(_) | AppError::LinkInvalid => StatusCode::UNPROCESSABLE_ENTITY,
            AppError::NotFound => StatusCode::NOT_FOUND,
            AppError::Unauthenticated | AppError::WrongCredentials => StatusCode::UNAUTHORIZED,
            AppError::Forbidden | AppError::NotVerified => StatusCode::FORBIDDEN,
            AppError::Stale { .. }
            | AppError::NameTaken
            | AppError::WrongStatus
            | AppError::LastOwner
            | AppError::AlreadySubmitted => StatusCode::CONFLICT,
            AppError::TooManyAttempts { .. } | AppError::LockedOut => StatusCode::TOO_MANY_REQUESTS,
            AppError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            AppError::BadRequest => StatusCode::BAD_REQUEST,
            AppError::Offline | AppError::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// When it may be worth trying again, in seconds.
    const fn wait(error: &AppError) -> Option<u32> {
        match error {
            AppError::TooManyAttempts { seconds } => Some(*seconds),
            AppError::Unavailable => Some(1),
            _ => None,
        }
    }

    /// Whether the request is a plain form or a page: a browser without our JavaScript asks for HTML.
    pub(crate) fn wants_html() -> bool {
        use_context::<Parts>().is_some_and(|parts| {
            parts.headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("text/html"))
        })
    }

    /// The error as the page gets it. Leptos answers every error with 500; a fetch gets the status that fits, a plain
    /// form keeps its redirect (with another status its browser would stay on a page of JSON).
    pub(crate) fn refuse(error: impl Into<AppError>) -> AppError {
        let error = error.into();
        if !wants_html() {
            set_status(status(&error));
            if let (Some(seconds), Some(response)) = (wait(&error), use_context::<ResponseOptions>()) {
                response.insert_header(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
        }
        error
    }

    pub(crate) fn set_status(status: StatusCode) {
        if let Some(response) = use_context::<ResponseOptions>() {
            response.set_status(status);
        }
    }

    /// The one redirect: its target cannot be anything but a place in this console.
    #[expect(clippy::disallowed_methods, reason = "a LocalPath is always a valid header value")]
    pub(crate) fn go(path: &LocalPath) {
        leptos_axum::redirect(path.as_str());
    }

    /// [`go`] to a path that the program itself wrote.
    pub(crate) fn go_to(path: &str) {
        if let Some(path) = LocalPath::parse(path) {
            go(&path);
        }
    }

    /// [`go_to`] a page of 연동 관리, seen from the same store as the page that asked.
    pub(crate) fn go_on(path: &str) {
        let store = asking_query().split('&').find_map(|pair| pair.strip_prefix("store=")?.parse().ok());
        go_to(&crate::paths::in_store(path, store));
    }

    /// [`go_to`] a list, at the place where it was asked from; `told` is one more parameter, like `done=added`.
    pub(crate) fn go_back(list: &str, told: &str) {
        let query = asking_query();
        let is_place = |pair: &&str| ["q=", "page=", "invitations="].iter().any(|name| pair.starts_with(name));
        let query = query.split('&').filter(is_place).chain([told]).collect::<Vec<_>>().join("&");
        go_to(&format!("{list}?{query}"));
    }

    /// The query of the page that asked.
    fn asking_query() -> String {
        let parts = use_context::<Parts>();
        let referer = parts.as_ref().and_then(|parts| parts.headers.get(header::REFERER)?.to_str().ok());
        referer.and_then(|referer| referer.split_once('?')).map_or_else(String::new, |(_, query)| query.to_owned())
    }

    /// Sets a cookie for so many seconds; by https under a name that only this very host can set.
    pub(crate) fn set_cookie(name: &str, value: &str, seconds: u32) {
        let is_https = super::session::backend().is_ok_and(|backend| backend.is_https());
        let (prefix, secure) = if is_https { (HOST, "; Secure") } else { ("", "") };
        let cookie = format!("{prefix}{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
            response.append_header(header::SET_COOKIE, value);
        }
    }

    /// A cookie of the request that [`set_cookie`] set.
    pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
        let lines = || headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let named = |wanted: &str| super::cookies::find(lines(), wanted).map(str::to_owned);
        named(&format!("{HOST}{name}")).or_else(|| named(name))
    }

    pub(crate) fn set_header(name: &'static str, value: &'static str) {
        if let Some(response) = use_context::<ResponseOptions>() {
            response.insert_header(header::HeaderName::from_static(name), HeaderValue::from_static(value));
        }
    }
}

#[cfg(feature = "ssr")]
pub(crate) use server::{cookie, go, go_back, go_on, go_to, refuse, set_cookie, set_header, set_status, wants_html};
