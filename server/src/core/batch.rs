//! Many channels at once.

use std::sync::Arc;

use axum::{Json, extract::State, response::IntoResponse};
use backend::{Backend, Error, Wanted};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    auth::Core,
    body::JsonBody,
    problem::{Problem, ProblemBody},
    records::{ChannelBody, NO_STORE},
};

const AT_ONCE: usize = 100;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchBody {
    /// 1 to 100.
    #[schema(min_items = 1, max_items = 100)]
    channels: Vec<WantedBody>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WantedBody {
    channel_key: String,
    /// The current one if not said.
    #[schema(minimum = 1)]
    version: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BatchAnswer {
    /// Those that were found, in the order they were asked for.
    channels: Vec<ChannelBody>,
    /// The others.
    missing: Vec<MissingBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MissingBody {
    channel_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
    /// `CHANNEL_NOT_FOUND`, `STORE_FORBIDDEN` or `SEALED`, as for one channel.
    #[serde(rename = "type")]
    kind: &'static str,
}

/// Up to 100 channels with their decrypted secrets, each at a version or as it is now.
#[utoipa::path(
    post, path = "/core/v1/channels:batchGet", tag = "Channels", request_body = BatchBody,
    responses(
        (status = 200, body = BatchAnswer),
        (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 408, body = ProblemBody),
        (status = 413, body = ProblemBody),
        (status = 500, body = ProblemBody),
        (status = 503, body = ProblemBody),
    ),
    security(("coreToken" = [])),
)]
pub async fn batch_get(
    State(backend): State<Arc<Backend>>,
    Core(core): Core,
    JsonBody(body): JsonBody<BatchBody>,
) -> Result<impl IntoResponse, Problem> {
    if body.channels.is_empty() {
        return Err(Problem::BadRequest("NO_KEYS"));
    }
    if body.channels.len() > AT_ONCE {
        return Err(Problem::BadRequest("TOO_MANY_KEYS"));
    }
    if body.channels.iter().any(|wanted| wanted.version.is_some_and(|version| version < 1)) {
        return Err(Problem::BadRequest("VERSION"));
    }
    let wanted: Vec<Option<Wanted>> = body
        .channels
        .iter()
        .map(|wanted| Some(Wanted { key: wanted.channel_key.parse().ok()?, version: wanted.version }))
        .collect();
    let known: Vec<Wanted> = wanted.iter().copied().flatten().collect();
    let mut found = backend.core_channels(&core, &known).await?.into_iter();
    let mut answer = BatchAnswer { channels: Vec::new(), missing: Vec::new() };
    for (asked, wanted) in body.channels.into_iter().zip(wanted) {
        let read = wanted.and_then(|_| found.next()).unwrap_or(Err(Error::NotFound));
        match read.map_err(Problem::from) {
            Ok(channel) => answer.channels.push((&channel).into()),
            Err(problem @ (Problem::NotFound | Problem::StoreForbidden | Problem::Sealed)) => {
                let kind = problem.kind();
                answer.missing.push(MissingBody { channel_key: asked.channel_key, version: asked.version, kind });
            }
            Err(other) => return Err(other),
        }
    }
    Ok(([NO_STORE], Json(answer)))
}
