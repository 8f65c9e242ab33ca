//! What the API answers instead of what was asked for: a type to program by, a sentence to read, and what is wrong where.

use app::text::{ErrorContext, Lang, error_text};
use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::Error;
use domain::form::{ErrorCode, FormErrors};
use serde::Serialize;
use utoipa::ToSchema;

use super::words;
use crate::operations::Outcome;

/// Every refusal has this body.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// What to program by.
    #[serde(rename = "type")]
    kind: &'static str,
    /// A sentence for the developer.
    message: String,
    /// What is wrong with which field, where that is the problem.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldProblem>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// `name`, `mid`, `fields.api_key`.
    field: String,
    /// What to program by.
    code: String,
    message: String,
}

#[derive(Debug)]
pub enum Problem {
    Form(FormErrors),
    BadRequest(&'static str),
    Unauthorized,
    SecretExpired,
    SecretRevoked,
    Forbidden,
    ScopeMissing,
    StoreForbidden,
    ChannelNotFound,
    StoreNotFound,
    ProviderNotFound,
    NoSuchPath,
    NoSuchMethod,
    Conflict(&'static str),
    Stale,
    TooLarge,
    NotJson,
    VersionRequired,
    KeyReused,
    TooMany(u64),
    Unavailable,
    Internal,
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Form(errors) => Self::Form(errors),
            Error::NotFound => Self::ChannelNotFound,
            Error::Unauthenticated => Self::Unauthorized,
            Error::SecretExpired => Self::SecretExpired,
            Error::SecretRevoked => Self::SecretRevoked,
            // Nobody is locked out here: a password opens nothing.
            Error::Forbidden | Error::LockedOut => Self::Forbidden,
            Error::ScopeMissing => Self::ScopeMissing,
            Error::StoreForbidden => Self::StoreForbidden,
            Error::Stale => Self::Stale,
            Error::NameTaken => Self::Conflict(words::NAME_TAKEN),
            Error::WrongStatus => Self::Conflict(words::WRONG_STATUS),
            Error::IdempotencyKeyReused => Self::KeyReused,
            Error::CursorInvalid => Self::BadRequest(words::CURSOR),
            Error::TooManyAttempts { retry_after } => Self::TooMany(retry_after.as_secs().max(1)),
            Error::Unavailable => Self::Unavailable,
            other => {
                tracing::error!(error = %other, "management API");
                Self::Internal
            }
        }
    }
}

impl Problem {
    const fn parts(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Form(_) | Self::BadRequest(_) => (StatusCode::BAD_REQUEST, "INVALID_REQUEST"),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "UNAUTHORIZED"),
            Self::SecretExpired => (StatusCode::UNAUTHORIZED, "API_SECRET_EXPIRED"),
            Self::SecretRevoked => (StatusCode::UNAUTHORIZED, "API_SECRET_REVOKED"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "FORBIDDEN"),
            Self::ScopeMissing => (StatusCode::FORBIDDEN, "SCOPE_MISSING"),
            Self::StoreForbidden => (StatusCode::FORBIDDEN, "STORE_FORBIDDEN"),
            Self::ChannelNotFound => (StatusCode::NOT_FOUND, "CHANNEL_NOT_FOUND"),
            Self::StoreNotFound => (StatusCode::NOT_FOUND, "STORE_NOT_FOUND"),
            Self::ProviderNotFound => (StatusCode::NOT_FOUND, "PROVIDER_NOT_FOUND"),
            Self::NoSuchPath => (StatusCode::NOT_FOUND, "NOT_FOUND"),
            Self::NoSuchMethod => (StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED"),
            Self::Conflict(_) => (StatusCode::CONFLICT, "CONFLICT"),
            Self::Stale => (StatusCode::PRECONDITION_FAILED, "PRECONDITION_FAILED"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE"),
            Self::NotJson => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE"),
            Self::VersionRequired => (StatusCode::PRECONDITION_REQUIRED, "PRECONDITION_REQUIRED"),
            Self::KeyReused => (StatusCode::CONFLICT, "IDEMPOTENCY_KEY_REUSED"),
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"),
        }
    }

    pub const fn status(&self) -> StatusCode {
        self.parts().0
    }

    /// Seconds after which trying again may do.
    pub const fn wait(&self) -> Option<u64> {
        match self {
            Self::TooMany(seconds) => Some(*seconds),
            Self::Unavailable => Some(1),
            _ => None,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (mut status, mut kind) = self.parts();
        let (message, wait) = (words::sentence(&self), self.wait());
        let mut errors = Vec::new();
        if let Self::Form(found) = &self {
            if found.0.iter().all(|error| error.code == ErrorCode::NameTaken) {
                (status, kind) = (StatusCode::CONFLICT, "CONFLICT");
            }
            errors = found.0.iter().map(|error| FieldProblem::new(&error.field, &error.code)).collect();
        }
        let mut answer = (status, Json(ProblemBody { kind, message: message.to_owned(), errors })).into_response();
        answer.extensions_mut().insert(Outcome(kind));
        if let Some(seconds) = wait {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("PortOne, Bearer"));
        }
        answer
    }
}

impl FieldProblem {
    fn new(field: &str, code: &ErrorCode) -> Self {
        let message = error_text(Lang::En, code, &ErrorContext::default());
        Self { field: field.to_owned(), code: words::code(code), message }
    }
}

/// Gives refusals that were made outside of the handlers the body of all others.
pub async fn in_json(request: Request, next: Next) -> Response {
    let answer = next.run(request).await;
    let is_json = answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    match answer.status() {
        status if is_json || status.is_success() => answer,
        StatusCode::METHOD_NOT_ALLOWED => {
            let allowed = answer.headers().get(header::ALLOW).cloned();
            let mut problem = Problem::NoSuchMethod.into_response();
            if let Some(allowed) = allowed {
                problem.headers_mut().insert(header::ALLOW, allowed);
            }
            problem
        }
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge.into_response(),
        StatusCode::NOT_FOUND => Problem::NoSuchPath.into_response(),
        StatusCode::SERVICE_UNAVAILABLE => Problem::Unavailable.into_response(),
        StatusCode::INTERNAL_SERVER_ERROR => Problem::Internal.into_response(),
        _ => answer,
    }
}
