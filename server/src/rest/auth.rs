//! From the `Authorization` header to the actor.

use std::sync::Arc;

use app::api::session::{ClientAddress, RequestNote};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use backend::{Actor, Backend, Error, Presented};

use super::{problem::Problem, words};

/// The API secret at work.
pub struct Caller(pub Actor);

impl FromRequestParts<Arc<Backend>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, backend: &Arc<Backend>) -> Result<Self, Problem> {
        let ClientAddress(address) = *parts.extensions.get::<ClientAddress>().ok_or(Problem::Internal)?;
        let actor = match presented(&parts.headers) {
            Some(presented) => backend.api_actor(presented, address).await,
            None => Err(Error::Unauthenticated),
        };
        let actor = backend.counting_refusals(address, actor)?;
        if let Some(note) = parts.extensions.get::<RequestNote>() {
            note.actor(&actor);
        }
        Ok(Self(actor))
    }
}

fn presented(headers: &HeaderMap) -> Option<Presented<'_>> {
    let (scheme, credential) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    let credential = credential.trim();
    match scheme.to_ascii_lowercase().as_str() {
        "portone" => Some(Presented::ApiSecret(credential)),
        "bearer" => Some(Presented::AccessToken(credential)),
        _ => None,
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
        version.map(Self).ok_or(Problem::BadRequest(words::VERSION))
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
            Err(Problem::BadRequest(words::IDEMPOTENCY_KEY))
        }
    }
}
