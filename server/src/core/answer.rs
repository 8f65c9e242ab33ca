//! Bodies of the core's API.

use std::collections::BTreeMap;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use backend::{CoreChannel, Error, Unresolved};
use serde::Serialize;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A channel with its secrets.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChannelBody {
    channel_key: String,
    version: i64,
    imp_code: String,
    store_id: String,
    mode: &'static str,
    status: &'static str,
    provider: String,
    module: String,
    pg_provider: String,
    pg_code: Option<String>,
    purpose: &'static str,
    name: String,
    mid: String,
    uses: Vec<&'static str>,
    credentials: &'static str,
    tax: &'static str,
    fields: BTreeMap<String, String>,
    secrets: BTreeMap<String, String>,
    created_at: String,
    updated_at: String,
}

impl From<CoreChannel> for ChannelBody {
    fn from(channel: CoreChannel) -> Self {
        Self {
            channel_key: channel.key.to_string(),
            version: channel.version,
            imp_code: channel.imp_code.to_string(),
            store_id: channel.store_id.to_string(),
            mode: channel.mode.as_str(),
            status: channel.status.as_str(),
            provider: channel.provider.to_string(),
            module: channel.module.to_string(),
            pg_provider: channel.pg_provider,
            pg_code: channel.pg_code,
            purpose: channel.purpose.as_str(),
            name: channel.name,
            mid: channel.mid,
            uses: channel.uses.into_iter().map(domain::channel::Use::as_str).collect(),
            credentials: channel.credentials.as_str(),
            tax: channel.tax.as_str(),
            fields: channel.fields.into_iter().map(|(key, value)| (key.to_string(), value)).collect(),
            secrets: channel.secrets.into_iter().map(|(key, value)| (key, value.expose().to_owned())).collect(),
            created_at: utc(channel.created_at),
            updated_at: utc(channel.updated_at),
        }
    }
}

pub(super) fn utc(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

/// Why a core is not answered with a channel.
#[derive(Debug)]
pub enum Refusal {
    Unauthorized,
    BadRequest(&'static str),
    NotFound,
    Unresolved(Unresolved),
    /// What a merchant's server showed is nothing of ours; no hint whether its id part exists.
    CredentialUnknown,
    SecretExpired,
    SecretRevoked,
    Unavailable,
    Internal,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Unauthenticated => Self::Unauthorized,
            Error::NotFound => Self::NotFound,
            Error::SecretExpired => Self::SecretExpired,
            Error::SecretRevoked => Self::SecretRevoked,
            Error::Unavailable => Self::Unavailable,
            other => {
                tracing::error!(error = %other, "payment core");
                Self::Internal
            }
        }
    }
}

#[derive(Debug, Serialize)]
struct Body {
    #[serde(rename = "type")]
    kind: &'static str,
    message: String,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, kind, message) = match self {
            Self::Unauthorized => (
                StatusCode::UNAUTHORIZED,
                "UNAUTHORIZED",
                "A payment core's token is needed: Authorization: Bearer core_…".into(),
            ),
            Self::BadRequest(why) => (StatusCode::BAD_REQUEST, "INVALID_REQUEST", why.to_owned()),
            Self::NotFound => (StatusCode::NOT_FOUND, "CHANNEL_NOT_FOUND", "해당하는 채널이 없습니다.".into()),
            Self::CredentialUnknown => (
                StatusCode::UNAUTHORIZED,
                "CREDENTIAL_UNKNOWN",
                "인증 정보가 맞지 않습니다. REST API Key와 Secret, API Secret 또는 토큰을 확인해 주세요.".into(),
            ),
            Self::SecretExpired => {
                (StatusCode::UNAUTHORIZED, "API_SECRET_EXPIRED", "API Secret의 기한이 지났습니다.".into())
            }
            Self::SecretRevoked => (StatusCode::UNAUTHORIZED, "API_SECRET_REVOKED", "폐기된 API Secret입니다.".into()),
            Self::Unresolved(why) => return unresolved(why),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "Try again in a moment.".into()),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "The console could not answer.".into()),
        };
        (status, Json(Body { kind, message })).into_response()
    }
}

/// Every reason is one that a developer can act on.
fn unresolved(why: Unresolved) -> Response {
    let (kind, message) = match why {
        Unresolved::PgRequired => {
            let message = "pg나 channelKey가 필요합니다. 기본 채널은 없습니다.".to_owned();
            return (StatusCode::BAD_REQUEST, Json(Body { kind: "INVALID_REQUEST", message })).into_response();
        }
        Unresolved::ImpCodeUnknown => ("IMP_CODE_NOT_FOUND", "이 고객사 식별코드를 쓰는 고객사가 없습니다. MID나 CID가 아니라 imp로 시작하는 식별코드인지 확인해 주세요.".to_owned()),
        Unresolved::StoreUnknown => ("STORE_NOT_FOUND", "이 상점 아이디를 쓰는 상점이 없습니다.".to_owned()),
        Unresolved::TierUnknown => ("TIER_NOT_FOUND", "이 티어 코드를 쓰는 하위 상점이 없습니다.".to_owned()),
        Unresolved::ChannelUnknown => ("CHANNEL_NOT_FOUND", "이 고객사에 해당하는 채널 키가 없습니다.".to_owned()),
        Unresolved::NoChannelOfCode { code } => ("CHANNEL_NOT_FOUND", format!("이 고객사에 `{code}` 채널이 없습니다.")),
        Unresolved::OtherMids { code, mid, known } => {
            ("CHANNEL_NOT_FOUND", format!("`{code}` 채널은 있지만 MID {mid}가 아닙니다 (있는 MID: {}).", known.join(", ")))
        }
        Unresolved::OtherMode { code, exists_in } => {
            let mode = if exists_in == domain::channel::Mode::Test { "테스트" } else { "실연동" };
            ("CHANNEL_NOT_FOUND", format!("`{code}` 채널은 {mode}에만 있습니다."))
        }
        Unresolved::Paused { key } => ("CHANNEL_PAUSED", format!("{key}는 일시중지된 채널입니다.")),
        Unresolved::Deleted { key } => ("CHANNEL_DELETED", format!("{key}는 삭제된 채널입니다. 30일 안에는 콘솔에서 되돌릴 수 있습니다.")),
        Unresolved::NotInV1 { key } => ("MODULE_NOT_IN_V1", format!("{key}의 결제 모듈은 V2에서만 쓸 수 있습니다.")),
        Unresolved::NotInV2 { key } => ("MODULE_NOT_IN_V2", format!("{key}의 결제 모듈은 V1에서만 쓸 수 있습니다.")),
    };
    (StatusCode::NOT_FOUND, Json(Body { kind, message })).into_response()
}
