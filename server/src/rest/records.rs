//! The shapes in which channels are told and asked for.
#![expect(clippy::option_option, reason = "a patch tells what is absent from what is null")]

use std::collections::BTreeMap;

use backend::{ChannelPatch, ChannelRecord, NewChannel};
use domain::{
    channel::{
        ChannelForm, Warning,
        view::{FieldState, VersionView},
    },
    secret::Typed,
};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::words;
use crate::utc::utc_ms;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChannelBody {
    channel_key: String,
    version: i64,
    store_id: String,
    /// `test` or `live`.
    mode: &'static str,
    /// `active`, `paused` or `archived`.
    status: &'static str,
    provider: String,
    module: String,
    pg_provider: String,
    pg_code: Option<String>,
    /// `payment` or `identity`.
    purpose: &'static str,
    name: String,
    mid: String,
    uses: Vec<&'static str>,
    /// `own` or `shared_test`.
    credentials: &'static str,
    /// `none`, `taxable` or `tax_free`.
    tax: &'static str,
    /// Public values as they are; of secrets only that they are set.
    fields: BTreeMap<String, StoredFieldBody>,
    created_at: String,
    updated_at: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum StoredFieldBody {
    Public(String),
    Secret(SetBody),
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SetBody {
    set: bool,
    updated_at: String,
    /// Eight hexadecimal digits, of long secrets only.
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
}

impl From<ChannelRecord> for ChannelBody {
    fn from(channel: ChannelRecord) -> Self {
        let fields = channel.fields.into_iter().filter_map(|field| {
            let body = match field.state {
                FieldState::Value { value } => StoredFieldBody::Public(value),
                FieldState::Set { at, fingerprint, .. } => {
                    StoredFieldBody::Secret(SetBody { set: true, updated_at: utc_ms(at), fingerprint })
                }
                FieldState::Unset => return None,
            };
            Some((field.key.to_string(), body))
        });
        Self {
            channel_key: channel.key.to_string(),
            version: channel.version,
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
            fields: fields.collect(),
            created_at: utc_ms(channel.created_at),
            updated_at: utc_ms(channel.updated_at),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelAnswer {
    pub channel: ChannelBody,
    /// What looks odd; nothing was refused for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warnings: Option<Vec<WarningBody>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WarningBody {
    field: String,
    code: String,
}

impl From<Warning> for WarningBody {
    fn from(warning: Warning) -> Self {
        Self { code: words::code(&warning.code), field: warning.field }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelsAnswer {
    pub channels: Vec<ChannelBody>,
    /// Where the next page begins; null on the last one.
    pub cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct VersionsAnswer {
    pub versions: Vec<VersionBody>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct VersionBody {
    version: i64,
    at: String,
    /// The member's e-mail address.
    by: String,
    /// `added`, `edited`, `paused`, `resumed`, `deleted`, `restored`, `assigned`,
    /// `rolled_back`.
    reason: &'static str,
    name: String,
    mid: String,
    status: &'static str,
}

impl From<VersionView> for VersionBody {
    fn from(version: VersionView) -> Self {
        Self {
            version: version.version,
            at: utc_ms(version.at),
            by: version.by,
            reason: version.reason.as_str(),
            name: version.name,
            mid: version.mid,
            status: version.status.as_str(),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"mode": "test", "module": "ksnet", "mid": "2999199999"}))]
pub struct NewChannelBody {
    /// `test` or `live`.
    #[schema(pattern = "^(test|live)$")]
    mode: String,
    /// The module's id in the catalogue.
    module: String,
    /// May be left out with a shared test MID.
    #[serde(default)]
    name: String,
    /// `payment` or `identity`; the module's only or first one when left out.
    #[serde(default)]
    #[schema(pattern = "^(payment|identity|)$")]
    purpose: String,
    mid: String,
    #[serde(default)]
    uses: Vec<String>,
    /// `none`, `taxable` or `tax_free`; `none` when left out.
    #[serde(default)]
    #[schema(pattern = "^(none|taxable|tax_free|)$")]
    tax: String,
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    fields: BTreeMap<String, Typed>,
    /// The store that it is for; the API secret's own when left out.
    #[serde(default)]
    store_id: String,
}

impl NewChannelBody {
    pub fn request(self, idempotency_key: String) -> NewChannel {
        NewChannel {
            mode: self.mode,
            provider: String::new(),
            module: self.module,
            store: self.store_id,
            idempotency_key,
            form: ChannelForm {
                name: self.name,
                purpose: self.purpose,
                mid: self.mid,
                uses: self.uses.into_iter().map(|word| (word, "on".to_owned())).collect(),
                fields: self.fields,
                tax: self.tax,
                ..ChannelForm::default()
            },
            twin_of: None,
        }
    }
}

/// What is absent keeps what is stored, null clears it, a blank text is refused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"tax": "taxable"}))]
pub struct PatchBody {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    name: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    purpose: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    mid: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<String>>)]
    uses: Option<Option<Vec<String>>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    tax: Option<Option<String>>,
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Option<String>>)]
    fields: BTreeMap<String, Option<Typed>>,
}

/// Tells null from absent.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl From<PatchBody> for ChannelPatch {
    fn from(body: PatchBody) -> Self {
        let PatchBody { name, purpose, mid, uses, tax, fields } = body;
        Self { name, purpose, mid, uses, tax, fields }
    }
}
