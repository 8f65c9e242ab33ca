//! Everything there is, a line each. A page is read when the core has taken the one before: a slow core costs one page of
//! memory, however much there is.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::header,
    response::IntoResponse,
};
use backend::{Backend, Error, Snapshot, SnapshotItem};
use futures_util::stream::try_unfold;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    auth::Core,
    problem::{Problem, ProblemBody},
    records::{ChannelBody, NO_STORE, StoreBody},
};
use crate::utc::utc_ms;

/// One line: an object with one of these.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum SnapshotLine {
    /// The first line.
    Snapshot(BeginBody),
    Store(StoreBody),
    Channel(Box<ChannelBody>),
    /// A channel whose secrets do not open; the others are not kept back for it.
    Unreadable(UnreadableBody),
    /// The last line: without it the snapshot was cut off, and is to be thrown away.
    End(EndBody),
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BeginBody {
    /// What to follow the feed from, once the last line is read.
    seq: i64,
    at: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnreadableBody {
    channel_key: String,
    version: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EndBody {
    seq: i64,
    /// Lines between the first and this one.
    lines: u64,
}

struct Reading {
    backend: Arc<Backend>,
    snapshot: Snapshot,
    lines: u64,
    stage: Stage,
}

#[derive(Clone, Copy)]
enum Stage {
    Begin,
    Pages,
    Over,
}

/// Every store and every channel in every status as it is now, as NDJSON, with the number to follow the feed from.
#[utoipa::path(
    get, path = "/core/v1/snapshot", tag = "Feed",
    responses(
        (status = 200, body = SnapshotLine, content_type = "application/x-ndjson"),
        (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 500, body = ProblemBody),
        (status = 503, body = ProblemBody),
    ),
    security(("coreToken" = [])),
)]
pub async fn snapshot(State(backend): State<Arc<Backend>>, Core(core): Core) -> Result<impl IntoResponse, Problem> {
    let snapshot = backend.begin_snapshot(&core).await?;
    let reading = Reading { backend, snapshot, lines: 0, stage: Stage::Begin };
    let body = Body::from_stream(try_unfold(reading, next_page));
    Ok(([NO_STORE, (header::CONTENT_TYPE, "application/x-ndjson")], body))
}

async fn next_page(mut reading: Reading) -> Result<Option<(Bytes, Reading)>, Error> {
    let seq = reading.snapshot.seq;
    let mut page = Vec::new();
    match reading.stage {
        Stage::Begin => {
            put(&mut page, &SnapshotLine::Snapshot(BeginBody { seq, at: utc_ms(reading.snapshot.at) }));
            reading.stage = Stage::Pages;
        }
        Stage::Pages => {
            let items = reading.backend.snapshot_page(&mut reading.snapshot).await.inspect_err(|error| {
                // The core is not told by words: the connection breaks and the last line is missing.
                tracing::warn!(%error, "a snapshot was cut off");
            })?;
            reading.lines += items.len() as u64;
            if items.is_empty() {
                put(&mut page, &SnapshotLine::End(EndBody { seq, lines: reading.lines }));
                reading.stage = Stage::Over;
            }
            for item in items {
                put(&mut page, &line(item));
            }
        }
        Stage::Over => return Ok(None),
    }
    Ok(Some((page.into(), reading)))
}

fn line(item: SnapshotItem) -> SnapshotLine {
    match item {
        SnapshotItem::Store(store) => SnapshotLine::Store(store.into()),
        SnapshotItem::Channel(channel) => SnapshotLine::Channel(Box::new((&*channel).into())),
        SnapshotItem::Unreadable { key, version } => {
            SnapshotLine::Unreadable(UnreadableBody { channel_key: key.to_string(), version })
        }
    }
}

fn put(page: &mut Vec<u8>, line: &SnapshotLine) {
    // Strings, numbers and maps of strings: there is nothing that could fail.
    let _ = serde_json::to_writer(&mut *page, line);
    page.push(b'\n');
}
