//! Tokens for credentials: V1 `getToken`, V2 login and refresh.

use std::{net::IpAddr, sync::Arc};

use app::api::session::ClientAddress;
use axum::{
    Extension, Json,
    extract::{Request, State},
    http::header,
    response::{IntoResponse, Response},
};
use backend::{ApiTokens, Backend};
use domain::secret::Typed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    body::{JsonBody, bytes, media_type},
    problem::Problem,
    responses::{Guarded, WithBody},
    words,
};

const NO_STORE: (header::HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

#[derive(Debug, Deserialize, ToSchema)]
pub struct V1Credentials {
    /// REST API Key.
    imp_key: String,
    /// REST API Secret.
    #[schema(value_type = String)]
    imp_secret: Typed,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct V1Answer {
    /// 0 when all is well, else -1.
    code: i32,
    message: Option<String>,
    response: Option<V1Token>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct V1Token {
    access_token: String,
    /// Unix time in seconds, as `expired_at`.
    now: i64,
    expired_at: i64,
}

/// A V1 access token for REST API Key and Secret: 30 minutes, the same one when asked again.
#[utoipa::path(
    post, path = "/rest/v1/users/getToken", operation_id = "getToken", tag = "V1",
    request_body(content(
        (V1Credentials = "application/json"),
        (V1Credentials = "application/x-www-form-urlencoded"),
    )),
    responses(
        (status = 200, body = V1Answer),
        (status = 400, body = V1Answer),
        (status = 401, body = V1Answer, description = "Key and secret do not belong together."),
        (status = 413, body = V1Answer),
        (status = 415, body = V1Answer),
        (status = 429, body = V1Answer, headers(("Retry-After" = u64, description = "Seconds to wait."))),
        (status = 503, body = V1Answer),
    ),
)]
pub async fn get_token(
    State(backend): State<Arc<Backend>>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    request: Request,
) -> Response {
    match v1_token(&backend, address, request).await {
        Ok(token) => {
            let response = V1Token {
                access_token: token.access_token.expose().to_owned(),
                now: token.now / 1000,
                expired_at: token.expires_at / 1000,
            };
            ([NO_STORE], Json(V1Answer { code: 0, message: None, response: Some(response) })).into_response()
        }
        Err(problem) => {
            let message = Some(words::v1_sentence(&problem).to_owned());
            let wait = problem.wait().map(|seconds| [(header::RETRY_AFTER, seconds.to_string())]);
            (problem.status(), [NO_STORE], wait, Json(V1Answer { code: -1, message, response: None })).into_response()
        }
    }
}

async fn v1_token(backend: &Backend, address: IpAddr, request: Request) -> Result<backend::V1Token, Problem> {
    let kind = media_type(&request);
    let bytes = bytes(request).await?;
    let sent: V1Credentials = match kind.as_str() {
        "application/json" => serde_json::from_slice(&bytes).ok(),
        "application/x-www-form-urlencoded" => serde_urlencoded::from_bytes(&bytes).ok(),
        _ => return Err(Problem::NotJson),
    }
    .ok_or(Problem::BadRequest(words::BODY))?;
    let token = backend.v1_token(&sent.imp_key, sent.imp_secret.as_str()).await;
    Ok(backend.counting_refusals(address, token)?)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Login {
    #[schema(value_type = String)]
    api_secret: Typed,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Refresh {
    #[schema(value_type = String)]
    refresh_token: Typed,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tokens {
    /// 30 minutes.
    access_token: String,
    /// A day, for one use; the one before is dead.
    refresh_token: String,
}

impl From<ApiTokens> for Tokens {
    fn from(tokens: ApiTokens) -> Self {
        Self {
            access_token: tokens.access_token.expose().to_owned(),
            refresh_token: tokens.refresh_token.expose().to_owned(),
        }
    }
}

/// Tokens for a V2 API secret.
#[utoipa::path(
    post, path = "/rest/v2/login/api-secret", operation_id = "logIn", tag = "V2",
    request_body = Login,
    responses(
        (status = 200, body = Tokens),
        Guarded,
        WithBody,
    ),
)]
pub async fn log_in(
    State(backend): State<Arc<Backend>>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    JsonBody(login): JsonBody<Login>,
) -> Result<impl IntoResponse, Problem> {
    let tokens = backend.log_in_api_secret(login.api_secret.as_str()).await;
    Ok(([NO_STORE], Json(Tokens::from(backend.counting_refusals(address, tokens)?))))
}

/// New tokens for a refresh token.
#[utoipa::path(
    post, path = "/rest/v2/token/refresh", operation_id = "refresh", tag = "V2",
    request_body = Refresh,
    responses(
        (status = 200, body = Tokens),
        Guarded,
        WithBody,
    ),
)]
pub async fn refresh(
    State(backend): State<Arc<Backend>>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    JsonBody(sent): JsonBody<Refresh>,
) -> Result<impl IntoResponse, Problem> {
    let tokens = backend.refresh_api_tokens(sent.refresh_token.as_str()).await;
    Ok(([NO_STORE], Json(Tokens::from(backend.counting_refusals(address, tokens)?))))
}
