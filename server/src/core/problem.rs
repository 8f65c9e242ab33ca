//! What the core's API answers instead of what was asked for: a type to program by, a reason, and a sentence that a
//! developer can act on.

use app::text::{Lang, bad_request_text, core_problem_text, unresolved_text};
use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::Error;
use domain::resolve::Unresolved;
use serde::Serialize;
use utoipa::ToSchema;

use crate::operations::Outcome;

/// Every refusal has this body.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemBody {
    /// What to program by.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Why, more closely than the type.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// A sentence for the developer.
    message: String,
    /// The channel that was meant and cannot serve.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_key: Option<String>,
    /// The MIDs that there are of the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    mids: Option<Vec<String>>,
    /// The V1 codes that there are, or that may be meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    codes: Option<Vec<String>>,
    /// The number of the last event, or of the last that is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<i64>,
}

/// Why a core is not answered with what it asked for.
#[derive(Debug, Clone)]
pub enum Problem {
    Unauthorized,
    ScopeMissing,
    StoreForbidden,
    /// By its reason.
    BadRequest(&'static str),
    /// Beyond the last event, by its reason.
    Beyond(&'static str, i64),
    UseSnapshot(i64),
    NotFound,
    StoreNotFound,
    ApplicationNotFound,
    /// There is no such move from the state that an application is in.
    WrongState,
    NoSuchPath,
    NoSuchMethod,
    Unresolved(Box<Unresolved>),
    /// What a merchant's server showed is nothing of ours; no hint whether its id part exists.
    CredentialUnknown,
    SecretExpired,
    SecretRevoked,
    Sealed,
    TooSlow,
    TooLarge,
    Unavailable,
    Internal,
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Unauthenticated => Self::Unauthorized,
            Error::ScopeMissing => Self::ScopeMissing,
            Error::StoreForbidden => Self::StoreForbidden,
            Error::NotFound => Self::NotFound,
            Error::SecretExpired => Self::SecretExpired,
            Error::SecretRevoked => Self::SecretRevoked,
            Error::Unavailable => Self::Unavailable,
            Error::Sealed => {
                tracing::error!("payment core: secrets do not open; `channel-console verify` tells which");
                Self::Sealed
            }
            other => {
                tracing::error!(error = %other, "payment core");
                Self::Internal
            }
        }
    }
}

impl Problem {
    pub const fn kind(&self) -> &'static str {
        self.parts().1
    }

    const fn parts(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "UNAUTHORIZED"),
            Self::ScopeMissing => (StatusCode::FORBIDDEN, "SCOPE_MISSING"),
            Self::StoreForbidden => (StatusCode::FORBIDDEN, "STORE_FORBIDDEN"),
            Self::BadRequest(_) | Self::Beyond(..) => (StatusCode::BAD_REQUEST, "INVALID_REQUEST"),
            Self::UseSnapshot(_) => (StatusCode::GONE, "USE_SNAPSHOT"),
            Self::NotFound => (StatusCode::NOT_FOUND, "CHANNEL_NOT_FOUND"),
            Self::StoreNotFound => (StatusCode::NOT_FOUND, "STORE_NOT_FOUND"),
            Self::ApplicationNotFound => (StatusCode::NOT_FOUND, "APPLICATION_NOT_FOUND"),
            Self::WrongState => (StatusCode::CONFLICT, "WRONG_STATE"),
            Self::NoSuchPath => (StatusCode::NOT_FOUND, "NOT_FOUND"),
            Self::NoSuchMethod => (StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED"),
            Self::Unresolved(why) => {
                let is_bad = matches!(**why, Unresolved::PgRequired);
                (if is_bad { StatusCode::BAD_REQUEST } else { StatusCode::NOT_FOUND }, why.kind())
            }
            Self::CredentialUnknown => (StatusCode::UNAUTHORIZED, "CREDENTIAL_UNKNOWN"),
            Self::SecretExpired => (StatusCode::UNAUTHORIZED, "API_SECRET_EXPIRED"),
            Self::SecretRevoked => (StatusCode::UNAUTHORIZED, "API_SECRET_REVOKED"),
            Self::Sealed => (StatusCode::INTERNAL_SERVER_ERROR, "SEALED"),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "REQUEST_TIMEOUT"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"),
        }
    }

    fn body(&self, lang: Lang) -> ProblemBody {
        let kind = self.kind();
        let plain = |reason: Option<&'static str>, message: String| ProblemBody {
            kind,
            reason,
            message,
            ..ProblemBody::default()
        };
        match self {
            Self::BadRequest(reason) => plain(Some(reason), bad_request_text(lang, reason).to_owned()),
            Self::Beyond(reason, last) => {
                ProblemBody { seq: Some(*last), ..plain(Some(reason), bad_request_text(lang, reason).to_owned()) }
            }
            Self::UseSnapshot(compacted) => {
                ProblemBody { seq: Some(*compacted), ..plain(None, core_problem_text(lang, kind).to_owned()) }
            }
            Self::Unresolved(why) => {
                let body = plain(Some(why.reason()), unresolved_text(lang, why));
                match &**why {
                    Unresolved::Paused { key }
                    | Unresolved::Deleted { key }
                    | Unresolved::NotInV1 { key }
                    | Unresolved::NotInV2 { key } => ProblemBody { channel_key: Some(key.to_string()), ..body },
                    Unresolved::OtherMids { known, .. } => ProblemBody { mids: Some(known.clone()), ..body },
                    Unresolved::NoChannelOfCode { known, .. } => ProblemBody { codes: Some(known.clone()), ..body },
                    Unresolved::CodeUnknown { perhaps, .. } => ProblemBody { codes: Some(perhaps.clone()), ..body },
                    Unresolved::OtherModule { has, .. } => {
                        ProblemBody { codes: Some(has.iter().cloned().collect()), ..body }
                    }
                    _ => body,
                }
            }
            _ => plain(None, core_problem_text(lang, kind).to_owned()),
        }
    }
}

impl IntoResponse for Problem {
    /// Without words yet: [`in_words`] knows the language.
    fn into_response(self) -> Response {
        let mut answer = self.parts().0.into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}

/// Gives refusals their words, and those that were made outside of the handlers the body of all others.
pub async fn in_words(request: Request, next: Next) -> Response {
    let wanted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let lang = if wanted.is_some_and(|text| text.trim_start().starts_with("en")) { Lang::En } else { Lang::Ko };
    let mut answer = next.run(request).await;
    let problem = match (answer.extensions_mut().remove::<Problem>(), answer.status()) {
        (Some(problem), _) => problem,
        (None, StatusCode::METHOD_NOT_ALLOWED) => Problem::NoSuchMethod,
        (None, StatusCode::NOT_FOUND) => Problem::NoSuchPath,
        (None, StatusCode::PAYLOAD_TOO_LARGE) => Problem::TooLarge,
        (None, StatusCode::SERVICE_UNAVAILABLE) => Problem::Unavailable,
        (None, StatusCode::BAD_REQUEST) => Problem::BadRequest("QUERY"),
        (None, StatusCode::INTERNAL_SERVER_ERROR) => Problem::Internal,
        _ => return answer,
    };
    let allowed = answer.headers_mut().remove(header::ALLOW);
    let mut answer = (problem.parts().0, Json(problem.body(lang))).into_response();
    answer.extensions_mut().insert(Outcome(problem.kind()));
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(allowed) = allowed {
        headers.insert(header::ALLOW, allowed);
    }
    match problem {
        Problem::Unavailable => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        Problem::Unauthorized => {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        _ => {}
    }
    answer
}
