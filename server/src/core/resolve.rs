//! Which channel a new payment means.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State},
    http::header,
    response::IntoResponse,
};
use backend::{Backend, ResolveV1, ResolveV2};
use domain::channel::{Mode, Purpose};
use serde::{Deserialize, Serialize};

use super::answer::{ChannelBody, Refusal};

/// V1 by `impCode`, V2 by `storeId`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Asked {
    imp_code: Option<String>,
    store_id: Option<String>,
    channel_key: Option<String>,
    pg: Option<String>,
    purpose: Option<String>,
    mode: Option<String>,
    tier: Option<String>,
}

#[derive(Debug, Serialize)]
struct Answer {
    channel: ChannelBody,
    /// How many active channels fit; the oldest is answered.
    matches: usize,
}

pub async fn resolve(
    State(backend): State<Arc<Backend>>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse, Refusal> {
    let (channel, matches) = match (asked.imp_code, asked.store_id) {
        (Some(imp_code), None) => {
            let purpose = word(asked.purpose, Purpose::parse, "purpose must be payment or identity")?;
            let mode = word(asked.mode, Mode::parse, "mode must be test or live")?;
            let query =
                ResolveV1 { imp_code, channel_key: asked.channel_key, pg: asked.pg, purpose, mode, tier: asked.tier };
            backend.resolve_v1(&query).await?.map_err(Refusal::Unresolved)?
        }
        (None, Some(store_id)) => {
            let channel_key = asked.channel_key.ok_or(Refusal::BadRequest("storeId goes with channelKey"))?;
            let found = backend.resolve_v2(&ResolveV2 { store_id, channel_key }).await?;
            (found.map_err(Refusal::Unresolved)?, 1)
        }
        _ => return Err(Refusal::BadRequest("either impCode (V1) or storeId (V2) is needed")),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Answer { channel: channel.into(), matches })))
}

fn word<T>(text: Option<String>, parse: fn(&str) -> Option<T>, wrong: &'static str) -> Result<Option<T>, Refusal> {
    text.map(|text| parse(&text).ok_or(Refusal::BadRequest(wrong))).transpose()
}
