//! Whose a credential is that a merchant's server showed to the payment core.

use std::sync::Arc;

use axum::{Json, extract::State, response::IntoResponse};
use backend::{Backend, Credential, Error, Presented};
use domain::{credential::Scope, secret::Typed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    auth::Core,
    body::JsonBody,
    problem::{Problem, ProblemBody},
    records::NO_STORE,
};
use crate::utc::utc_ms;

/// One of: `impKey` with `impSecret`, `apiSecret`, `accessToken`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Shown {
    imp_key: Option<String>,
    #[schema(value_type = Option<String>)]
    imp_secret: Option<Typed>,
    #[schema(value_type = Option<String>)]
    api_secret: Option<Typed>,
    #[schema(value_type = Option<String>)]
    access_token: Option<Typed>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CredentialAnswer {
    imp_code: String,
    store_id: String,
    /// Whether the store is the primary one, whose credentials reach every store.
    primary_store: bool,
    /// `v1` or `v2`.
    kind: &'static str,
    /// What events of the change feed call it.
    credential_id: String,
    /// `channels:read`, `channels:write`, `payments`.
    scopes: Vec<&'static str>,
    /// Null where it has no end.
    expires_at: Option<String>,
}

impl From<Credential> for CredentialAnswer {
    fn from(known: Credential) -> Self {
        Self {
            imp_code: known.imp_code.to_string(),
            store_id: known.store_id.to_string(),
            primary_store: known.is_primary,
            kind: known.kind.as_str(),
            credential_id: known.id,
            scopes: known.scopes.into_iter().map(Scope::as_str).collect(),
            expires_at: known.ends_at.map(utc_ms),
        }
    }
}

/// Whose a credential is, what it is good for and until when.
#[utoipa::path(
    post, path = "/core/v1/credentials:verify", tag = "Credentials", request_body = Shown,
    responses(
        (status = 200, body = CredentialAnswer),
        (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody, description = "`UNAUTHORIZED` is about the core's own token; `CREDENTIAL_UNKNOWN`, \
            `API_SECRET_EXPIRED` and `API_SECRET_REVOKED` are about what was shown."),
        (status = 403, body = ProblemBody),
        (status = 408, body = ProblemBody),
        (status = 413, body = ProblemBody),
        (status = 500, body = ProblemBody),
        (status = 503, body = ProblemBody),
    ),
    security(("coreToken" = [])),
)]
pub async fn verify(
    State(backend): State<Arc<Backend>>,
    Core(core): Core,
    JsonBody(shown): JsonBody<Shown>,
) -> Result<impl IntoResponse, Problem> {
    let presented = match (&shown.imp_key, &shown.imp_secret, &shown.api_secret, &shown.access_token) {
        (Some(key), Some(secret), None, None) => Presented::V1 { key, secret: secret.as_str() },
        (None, None, Some(secret), None) => Presented::ApiSecret(secret.as_str()),
        (None, None, None, Some(token)) => Presented::AccessToken(token.as_str()),
        _ => return Err(Problem::BadRequest("CREDENTIAL_SHAPE")),
    };
    // Not the core's own token: that one was right, or it would not have come this far.
    let known = backend.verify_for_core(&core, presented).await.map_err(|error| match error {
        Error::Unauthenticated => Problem::CredentialUnknown,
        other => other.into(),
    })?;
    Ok(([NO_STORE], Json(CredentialAnswer::from(known))))
}
