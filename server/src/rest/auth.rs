//! From the `Authorization` header to the actor.

use std::sync::Arc;

use app::api::session::ClientAddress;
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{header, request::Parts},
};
use backend::{Actor, Backend, Presented};

use super::problem::Problem;

/// The API secret at work.
pub struct Caller(pub Actor);

impl FromRequestParts<Arc<Backend>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, backend: &Arc<Backend>) -> Result<Self, Problem> {
        let shown = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (scheme, credential) = shown.and_then(|text| text.trim().split_once(' ')).ok_or(Problem::Unauthorized)?;
        let credential = credential.trim();
        let presented = match scheme.to_ascii_lowercase().as_str() {
            "portone" => Presented::ApiSecret(credential),
            "bearer" => Presented::AccessToken(credential),
            _ => return Err(Problem::Unauthorized),
        };
        let ClientAddress(address) = *parts.extensions.get::<ClientAddress>().ok_or(Problem::Internal)?;
        Ok(Self(backend.api_actor(presented, address).await?))
    }
}

/// The version that `If-Match` names: `"3"`.
pub struct SeenVersion(pub i64);

impl FromRequestParts<Arc<Backend>> for SeenVersion {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Backend>) -> Result<Self, Problem> {
        let sent = parts.headers.get(header::IF_MATCH).ok_or(Problem::VersionRequired)?;
        let version =
            sent.to_str().ok().and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok());
        version.map(Self).ok_or(Problem::BadRequest("`If-Match` must be a version in quotes, like \"3\"."))
    }
}

/// `Idempotency-Key`, quoted or not.
pub struct IdempotencyKey(pub String);

impl OptionalFromRequestParts<Arc<Backend>> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Backend>) -> Result<Option<Self>, Problem> {
        let Some(sent) = parts.headers.get("idempotency-key") else { return Ok(None) };
        let text = sent.to_str().unwrap_or_default().trim();
        let key = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
        if (16..=256).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(Some(Self(key.to_owned())))
        } else {
            Err(Problem::BadRequest("`Idempotency-Key` must be 16 to 256 visible ASCII characters."))
        }
    }
}
