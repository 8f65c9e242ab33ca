//! Whose a credential is that a merchant's server showed to the payment core.

use std::sync::Arc;

use axum::{Json, extract::State, http::header, response::IntoResponse};
use backend::{Backend, Credential, Error, Presented};
use domain::{credential::Scope, secret::Typed};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::answer::{Refusal, utc};

/// One of: `impKey` with `impSecret`, `apiSecret`, `accessToken`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Shown {
    imp_key: Option<String>,
    imp_secret: Option<Typed>,
    api_secret: Option<Typed>,
    access_token: Option<Typed>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    imp_code: String,
    store_id: String,
    /// Whether the store is the primary one, whose credentials reach every store.
    primary_store: bool,
    kind: &'static str,
    /// What events of the change feed call it.
    credential_id: String,
    scopes: Vec<Scope>,
    /// Null where it has no end.
    expires_at: Option<String>,
}

impl From<Credential> for Answer {
    fn from(known: Credential) -> Self {
        let at = |ms: i64| OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000);
        Self {
            imp_code: known.imp_code.to_string(),
            store_id: known.store_id.to_string(),
            primary_store: known.is_primary,
            kind: known.kind.as_str(),
            credential_id: known.id,
            scopes: known.scopes,
            expires_at: known.ends_at.and_then(|ms| at(ms).ok()).map(utc),
        }
    }
}

pub async fn verify(State(backend): State<Arc<Backend>>, body: String) -> Result<impl IntoResponse, Refusal> {
    const ONE: Refusal = Refusal::BadRequest("one of: impKey with impSecret, apiSecret, accessToken");
    let shown: Shown = serde_json::from_str(&body).map_err(|_| ONE)?;
    let presented = match (&shown.imp_key, &shown.imp_secret, &shown.api_secret, &shown.access_token) {
        (Some(key), Some(secret), None, None) => Presented::V1 { key, secret: secret.as_str() },
        (None, None, Some(secret), None) => Presented::ApiSecret(secret.as_str()),
        (None, None, None, Some(token)) => Presented::AccessToken(token.as_str()),
        _ => return Err(ONE),
    };
    // Not the core's own token: that one was right, or it would not have come this far.
    let known = backend.verify_credential(presented).await.map_err(|error| match error {
        Error::Unauthenticated => Refusal::CredentialUnknown,
        other => other.into(),
    })?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Answer::from(known))))
}
