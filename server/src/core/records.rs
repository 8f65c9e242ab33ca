//! The shapes in which the core is told of channels and stores.

use std::collections::BTreeMap;

use axum::{
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use backend::{CoreChannel, CoreStore};
use domain::catalogue::Version;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::Problem;
use crate::utc::utc;

/// What holds secrets is kept by nobody on the way.
pub const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

/// A channel with its secrets.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChannelBody {
    channel_key: String,
    version: i64,
    imp_code: String,
    store_id: String,
    /// `test` or `live`.
    mode: &'static str,
    /// `active`, `paused` or `archived`, at that version.
    status: &'static str,
    provider: String,
    module: String,
    pg_provider: String,
    /// Null for modules of V2 only.
    pg_code: Option<String>,
    /// `V1`, `V2`: of the payment API, those that the module works with.
    api_versions: Vec<&'static str>,
    /// `payment` or `identity`.
    purpose: &'static str,
    name: String,
    mid: String,
    uses: Vec<&'static str>,
    /// `own` or `shared_test`.
    credentials: &'static str,
    /// `none`, `taxable` or `tax_free`.
    tax: &'static str,
    fields: BTreeMap<String, String>,
    /// Decrypted; none for `shared_test`.
    secrets: BTreeMap<String, String>,
    created_at: String,
    updated_at: String,
}

impl From<&CoreChannel> for ChannelBody {
    fn from(channel: &CoreChannel) -> Self {
        let version = |version: Version| match version {
            Version::V1 => "V1",
            Version::V2 => "V2",
        };
        Self {
            channel_key: channel.key.to_string(),
            version: channel.version,
            imp_code: channel.imp_code.to_string(),
            store_id: channel.store_id.to_string(),
            mode: channel.mode.as_str(),
            status: channel.status.as_str(),
            provider: channel.provider.to_string(),
            module: channel.module.to_string(),
            pg_provider: channel.pg_provider.clone(),
            pg_code: channel.pg_code.clone(),
            api_versions: channel.api_versions.iter().copied().map(version).collect(),
            purpose: channel.purpose.as_str(),
            name: channel.name.clone(),
            mid: channel.mid.clone(),
            uses: channel.uses.iter().copied().map(domain::channel::Use::as_str).collect(),
            credentials: channel.credentials.as_str(),
            tax: channel.tax.as_str(),
            fields: channel.fields.iter().map(|(key, value)| (key.to_string(), value.clone())).collect(),
            secrets: channel.secrets.iter().map(|(key, value)| (key.clone(), value.expose().to_owned())).collect(),
            created_at: utc(channel.created_at),
            updated_at: utc(channel.updated_at),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelAnswer {
    pub channel: ChannelBody,
}

/// A channel as text, written once for as long as it is kept.
pub fn written(channel: &CoreChannel) -> Result<&str, Problem> {
    if let Some(text) = channel.written() {
        return Ok(text);
    }
    let text = serde_json::to_string(&ChannelBody::from(channel)).map_err(|_| Problem::Internal)?;
    Ok(channel.keep_written(text))
}

/// What is JSON already.
pub struct WrittenJson(pub String);

impl IntoResponse for WrittenJson {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json")], self.0).into_response()
    }
}

/// A store, as far as payments are found by it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoreBody {
    store_id: String,
    imp_code: String,
    /// The primary store uses every channel of its merchant, a sub-store those assigned to it and all test channels.
    primary_store: bool,
    /// What V1 names a sub-store by; null for the primary one.
    tier_code: Option<String>,
}

impl From<CoreStore> for StoreBody {
    fn from(store: CoreStore) -> Self {
        Self {
            store_id: store.store_id.to_string(),
            imp_code: store.imp_code.to_string(),
            primary_store: store.is_primary,
            tier_code: store.tier_code,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StoreAnswer {
    pub store: StoreBody,
}
