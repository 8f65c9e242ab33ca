//! Tokens for credentials: V1 `getToken`, V2 login and refresh.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use backend::{ApiTokens, Backend, Error};
use domain::secret::Typed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    body::{JsonBody, bytes, media_type},
    problem::{Problem, ProblemBody},
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
    post, path = "/rest/v1/users/getToken", tag = "V1",
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
        (status = 503, body = V1Answer),
    ),
)]
pub async fn get_token(State(backend): State<Arc<Backend>>, request: Request) -> Response {
    let kind = media_type(&request);
    let read = match bytes(request).await {
        Ok(bytes) if kind == "application/json" => serde_json::from_slice::<V1Credentials>(&bytes).map_err(|_| 400),
        Ok(bytes) if kind == "application/x-www-form-urlencoded" => {
            serde_urlencoded::from_bytes::<V1Credentials>(&bytes).map_err(|_| 400)
        }
        Ok(_) => Err(415),
        Err(_) => Err(413),
    };
    let refused = |status: u16, message: &str| {
        let answer = V1Answer { code: -1, message: Some(message.to_owned()), response: None };
        (StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), [NO_STORE], Json(answer)).into_response()
    };
    let sent = match read {
        Ok(sent) => sent,
        Err(status) => return refused(status, "imp_key와 imp_secret을 JSON이나 폼으로 보내 주세요."),
    };
    match backend.v1_token(&sent.imp_key, sent.imp_secret.as_str()).await {
        Ok(token) => {
            let response = V1Token {
                access_token: token.access_token.expose().to_owned(),
                now: token.now / 1000,
                expired_at: token.expires_at / 1000,
            };
            ([NO_STORE], Json(V1Answer { code: 0, message: None, response: Some(response) })).into_response()
        }
        Err(Error::Unauthenticated) => refused(401, "인증에 실패하였습니다. API키와 secret을 확인하세요."),
        Err(error) => {
            tracing::warn!(%error, "getToken");
            refused(503, "잠시 뒤 다시 시도해 주세요.")
        }
    }
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
    post, path = "/rest/v2/login/api-secret", tag = "V2",
    request_body = Login,
    responses(
        (status = 200, body = Tokens),
        (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody),
        (status = 413, body = ProblemBody),
        (status = 415, body = ProblemBody),
        (status = 503, body = ProblemBody),
    ),
)]
pub async fn log_in(
    State(backend): State<Arc<Backend>>,
    JsonBody(login): JsonBody<Login>,
) -> Result<impl IntoResponse, Problem> {
    let tokens = backend.log_in_api_secret(login.api_secret.as_str()).await?;
    Ok(([NO_STORE], Json(Tokens::from(tokens))))
}

/// New tokens for a refresh token.
#[utoipa::path(
    post, path = "/rest/v2/token/refresh", tag = "V2",
    request_body = Refresh,
    responses(
        (status = 200, body = Tokens),
        (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody),
        (status = 413, body = ProblemBody),
        (status = 415, body = ProblemBody),
        (status = 503, body = ProblemBody),
    ),
)]
pub async fn refresh(
    State(backend): State<Arc<Backend>>,
    JsonBody(sent): JsonBody<Refresh>,
) -> Result<impl IntoResponse, Problem> {
    let tokens = backend.refresh_api_tokens(sent.refresh_token.as_str()).await?;
    Ok(([NO_STORE], Json(Tokens::from(tokens))))
}
