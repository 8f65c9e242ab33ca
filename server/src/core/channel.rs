//! One channel, as it is now or at a version; every status, for ever: refunds need it.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::header,
    response::IntoResponse,
};
use backend::Backend;
use serde::{Deserialize, Serialize};

use super::answer::{ChannelBody, Refusal};

#[derive(Debug, Deserialize)]
pub struct Wanted {
    version: Option<String>,
}

#[derive(Debug, Serialize)]
struct Answer {
    channel: ChannelBody,
}

pub async fn show(
    State(backend): State<Arc<Backend>>,
    Path(key): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<impl IntoResponse, Refusal> {
    let key = key.parse().map_err(|_| Refusal::NotFound)?;
    let version = wanted
        .version
        .map(|text| text.parse().ok().filter(|n| *n > 0).ok_or(Refusal::BadRequest("version must be a number from 1")))
        .transpose()?;
    let channel = backend.core_channel(key, version).await?;
    let headers = [(header::ETAG, format!("\"{}\"", channel.version)), (header::CACHE_CONTROL, "no-store".to_owned())];
    Ok((headers, Json(Answer { channel: channel.into() })))
}
