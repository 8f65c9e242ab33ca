//! Channels by API: the use cases of the pages, against the version that was seen.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderName, StatusCode, header},
    response::IntoResponse,
};
use backend::{Backend, ChannelRecord, Error, RecordQuery};
use domain::{
    channel::{Mode, Status},
    id::ChannelKey,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    auth::{Caller, IdempotencyKey, SeenVersion},
    body::{Asked, JsonBody},
    problem::{Problem, ProblemBody},
    records::{ChannelAnswer, ChannelsAnswer, NewChannelBody, PatchBody, VersionsAnswer},
    responses::{Guarded, OfChannel, OnVersion, Scoped, WithBody},
    words,
};

type Console = State<Arc<Backend>>;

const PAGE: u64 = 20;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// `test` or `live`.
    #[param(pattern = "^(test|live)$")]
    mode: Option<String>,
    /// `active`, `paused` or `archived`; archived channels are listed only so.
    #[param(pattern = "^(active|paused|archived)$")]
    status: Option<String>,
    /// Part of the name, the MID or the provider's name.
    q: Option<String>,
    /// Where the answer before said that the next page begins.
    cursor: Option<String>,
    /// 1 to 100, else 20.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u64>,
}

/// Only read from the document: [`SeenVersion`] reads the header. Not a required one there, since 428 answers without it.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "read by the derive only")]
struct IfMatch {
    /// The version that was seen, as `"3"`; 428 without it.
    #[param(rename = "If-Match", pattern = r#"^"[0-9]{1,18}"$"#, example = "\"1\"")]
    if_match: Option<String>,
}

impl TryFrom<ListQuery> for RecordQuery {
    type Error = Problem;

    fn try_from(query: ListQuery) -> Result<Self, Problem> {
        let mode = |text: String| Mode::parse(&text).ok_or(Problem::BadRequest(words::MODE));
        let status = |text: String| Status::parse(&text).ok_or(Problem::BadRequest(words::STATUS));
        let limit = query.limit.unwrap_or(PAGE);
        if !(1..=100).contains(&limit) {
            return Err(Problem::BadRequest(words::LIMIT));
        }
        Ok(Self {
            mode: query.mode.map(mode).transpose()?,
            status: query.status.map(status).transpose()?,
            search: query.q.unwrap_or_default(),
            cursor: query.cursor,
            limit,
        })
    }
}

/// The merchant's channels, newest first.
#[utoipa::path(
    get, path = "/rest/v2/channels", operation_id = "listChannels", tag = "Channels", params(ListQuery),
    responses(
        (status = 200, body = ChannelsAnswer),
        (status = 400, body = ProblemBody, description = "A parameter is not what this takes."),
        Guarded,
        Scoped,
    ),
    security(("apiSecret" = []), ("accessToken" = [])),
)]
pub async fn list(
    State(backend): Console,
    Caller(actor): Caller,
    Asked(query): Asked<ListQuery>,
) -> Result<Json<ChannelsAnswer>, Problem> {
    let (found, cursor) = backend.channel_records(&actor, &query.try_into()?).await?;
    Ok(Json(ChannelsAnswer { channels: found.into_iter().map(Into::into).collect(), cursor }))
}

/// Adds a channel. With an `Idempotency-Key`, the same request again within 24 h gets the same answer and adds nothing.
#[utoipa::path(
    post, path = "/rest/v2/channels", operation_id = "addChannel", tag = "Channels", request_body = NewChannelBody,
    params(("Idempotency-Key" = Option<String>, Header, min_length = 16, max_length = 256, pattern = "^[!-~]+$")),
    responses(
        (status = 201, body = ChannelAnswer, headers(("ETag" = String), ("Location" = String))),
        (status = 404, body = ProblemBody, description = "There is no such store."),
        (status = 409, body = ProblemBody, description = "The name is taken, or the key was used for another request."),
        Guarded,
        Scoped,
        WithBody,
    ),
    security(("apiSecret" = []), ("accessToken" = [])),
)]
pub async fn create(
    State(backend): Console,
    Caller(actor): Caller,
    key: Option<IdempotencyKey>,
    JsonBody(body): JsonBody<NewChannelBody>,
) -> Result<impl IntoResponse, Problem> {
    let key = key.map(|IdempotencyKey(key)| key).unwrap_or_default();
    let (created, channel) =
        backend.add_channel_record(&actor, body.request(key)).await.map_err(|error| match error {
            // A page offers stores to choose from; a server names one, as it does a channel.
            Error::Form(errors) if errors.of("store").is_some() => Problem::StoreNotFound,
            other => other.into(),
        })?;
    let place = (header::LOCATION, format!("/rest/v2/channels/{}", created.key));
    let warnings = Some(created.warnings.into_iter().map(Into::into).collect());
    Ok((StatusCode::CREATED, [place, etag(&channel)], Json(ChannelAnswer { channel: channel.into(), warnings })))
}

/// One channel. Its version stands in `ETag` too.
#[utoipa::path(
    get, path = "/rest/v2/channels/{channelKey}", operation_id = "showChannel", tag = "Channels",
    params(("channelKey" = String, Path)),
    responses(
        (status = 200, body = ChannelAnswer, headers(("ETag" = String))),
        Guarded,
        Scoped,
        OfChannel,
    ),
    security(("apiSecret" = []), ("accessToken" = [])),
)]
pub async fn show(
    State(backend): Console,
    Caller(actor): Caller,
    Path(key): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    Ok(answer(backend.channel_record(&actor, parse(&key)?).await?))
}

/// Changes what is named, on top of the version in `If-Match`.
#[utoipa::path(
    patch, path = "/rest/v2/channels/{channelKey}", operation_id = "changeChannel", tag = "Channels",
    request_body = PatchBody,
    params(("channelKey" = String, Path), IfMatch),
    responses(
        (status = 200, body = ChannelAnswer, headers(("ETag" = String))),
        (status = 409, body = ProblemBody, description = "The name is taken."),
        Guarded,
        Scoped,
        OfChannel,
        WithBody,
        OnVersion,
    ),
    security(("apiSecret" = []), ("accessToken" = [])),
)]
pub async fn patch(
    State(backend): Console,
    Caller(actor): Caller,
    Path(key): Path<String>,
    SeenVersion(seen): SeenVersion,
    JsonBody(body): JsonBody<PatchBody>,
) -> Result<impl IntoResponse, Problem> {
    let key = parse(&key)?;
    let (channel, warnings) = backend.patch_channel(&actor, key, seen, body.into()).await?;
    let warnings = Some(warnings.into_iter().map(Into::into).collect());
    Ok(([etag(&channel)], Json(ChannelAnswer { channel: channel.into(), warnings })))
}

/// Archives a channel: no new payments, refunds go on, 30 days to restore it.
#[utoipa::path(
    delete, path = "/rest/v2/channels/{channelKey}", operation_id = "deleteChannel", tag = "Channels",
    params(("channelKey" = String, Path), IfMatch),
    responses(
        (status = 204),
        Guarded,
        Scoped,
        OfChannel,
        OnVersion,
    ),
    security(("apiSecret" = []), ("accessToken" = [])),
)]
pub async fn delete(
    State(backend): Console,
    Caller(actor): Caller,
    Path(key): Path<String>,
    SeenVersion(seen): SeenVersion,
) -> Result<StatusCode, Problem> {
    backend.delete_channel_at(&actor, parse(&key)?, Some(seen)).await?;
    Ok(StatusCode::NO_CONTENT)
}

macro_rules! moves {
    ($(#[doc = $doc:literal] $name:ident: $path:literal, $id:literal, $use_case:ident;)+) => {$(
        #[doc = $doc]
        #[utoipa::path(
            post, path = $path, operation_id = $id, tag = "Channels",
            params(("channelKey" = String, Path)),
            responses(
                (status = 200, body = ChannelAnswer, headers(("ETag" = String))),
                (status = 409, body = ProblemBody, description = "Not in the status that the channel is in."),
                Guarded,
                Scoped,
                OfChannel,
            ),
            security(("apiSecret" = []), ("accessToken" = [])),
        )]
        pub async fn $name(
            State(backend): Console,
            Caller(actor): Caller,
            Path(key): Path<String>,
        ) -> Result<impl IntoResponse, Problem> {
            let key = parse(&key)?;
            let version = backend.$use_case(&actor, key).await?;
            Ok(answer(backend.written_record(&actor, key, version).await?))
        }
    )+};
}

moves! {
    #[doc = "Stops new payments by a channel until it is resumed."]
    pause: "/rest/v2/channels/{channelKey}/pause", "pauseChannel", pause_channel;
    #[doc = "Lets new payments through again."]
    resume: "/rest/v2/channels/{channelKey}/resume", "resumeChannel", resume_channel;
    #[doc = "Brings back a channel that was deleted in the last 30 days."]
    restore: "/rest/v2/channels/{channelKey}/restore", "restoreChannel", restore_channel;
}

/// What a channel was, version by version, newest first.
#[utoipa::path(
    get, path = "/rest/v2/channels/{channelKey}/versions", operation_id = "listVersions", tag = "Channels",
    params(("channelKey" = String, Path)),
    responses(
        (status = 200, body = VersionsAnswer),
        Guarded,
        Scoped,
        OfChannel,
    ),
    security(("apiSecret" = []), ("accessToken" = [])),
)]
pub async fn versions(
    State(backend): Console,
    Caller(actor): Caller,
    Path(key): Path<String>,
) -> Result<Json<VersionsAnswer>, Problem> {
    let key = parse(&key)?;
    backend.channel_record(&actor, key).await?;
    let versions = backend.channel_versions(&actor, key).await?;
    Ok(Json(VersionsAnswer { versions: versions.into_iter().map(Into::into).collect() }))
}

fn parse(key: &str) -> Result<ChannelKey, Problem> {
    key.parse().map_err(|_| Problem::ChannelNotFound)
}

fn answer(channel: ChannelRecord) -> impl IntoResponse {
    ([etag(&channel)], Json(ChannelAnswer { channel: channel.into(), warnings: None }))
}

fn etag(channel: &ChannelRecord) -> (HeaderName, String) {
    (header::ETAG, format!("\"{}\"", channel.version))
}
