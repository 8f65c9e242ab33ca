//! One channel, as it is now or at a version; every status, for ever: refunds need it.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::header,
    response::IntoResponse,
};
use backend::{Backend, Error};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    auth::Core,
    body::Asked,
    problem::{Problem, ProblemBody},
    records::{ChannelAnswer, NO_STORE, StoreAnswer, WrittenJson, written},
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct At {
    /// From 1; the current one if not said.
    #[param(value_type = Option<i64>, minimum = 1)]
    version: Option<String>,
}

/// A channel with its decrypted secrets, in whatever status it is.
#[utoipa::path(
    get, path = "/core/v1/channels/{channelKey}", tag = "Channels",
    params(("channelKey" = String, Path), At),
    responses(
        (status = 200, body = ChannelAnswer, headers(("ETag" = String, description = "The version, in quotes."))),
        (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody),
        (status = 500, body = ProblemBody),
        (status = 503, body = ProblemBody),
    ),
    security(("coreToken" = [])),
)]
pub async fn show(
    State(backend): State<Arc<Backend>>,
    Core(core): Core,
    Path(key): Path<String>,
    Asked(at): Asked<At>,
) -> Result<impl IntoResponse, Problem> {
    let key = key.parse().map_err(|_| Problem::NotFound)?;
    let version = at.version.map(|text| version(&text)).transpose()?;
    let channel = backend.core_channel(&core, key, version).await?;
    let headers = [(header::ETAG, format!("\"{}\"", channel.version)), (NO_STORE.0, NO_STORE.1.to_owned())];
    Ok((headers, WrittenJson(format!(r#"{{"channel":{}}}"#, written(&channel)?))))
}

fn version(text: &str) -> Result<i64, Problem> {
    text.parse().ok().filter(|version| *version > 0).ok_or(Problem::BadRequest("VERSION"))
}

/// A store: what a core needs to know that payments name one.
#[utoipa::path(
    get, path = "/core/v1/stores/{storeId}", tag = "Channels",
    params(("storeId" = String, Path)),
    responses(
        (status = 200, body = StoreAnswer),
        (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody),
        (status = 500, body = ProblemBody),
        (status = 503, body = ProblemBody),
    ),
    security(("coreToken" = [])),
)]
pub async fn store(
    State(backend): State<Arc<Backend>>,
    Core(core): Core,
    Path(store): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let store = store.parse().map_err(|_| Problem::StoreNotFound)?;
    let store = backend.core_store(&core, store).await.map_err(|error| match error {
        Error::NotFound => Problem::StoreNotFound,
        other => other.into(),
    })?;
    Ok(([NO_STORE], Json(StoreAnswer { store: store.into() })))
}
