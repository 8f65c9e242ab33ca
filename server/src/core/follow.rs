//! The change feed.

use std::{sync::Arc, time::Duration};

use axum::{Json, extract::State, response::IntoResponse};
use backend::{Backend, ChangeEvent, Followed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::Core,
    body::Asked,
    problem::{Problem, ProblemBody},
    records::NO_STORE,
};
use crate::utc::utc_ms;

/// Seconds; the listener's own time-out is longer.
const LONGEST_WAIT: u64 = 25;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Since {
    /// `next` of the answer before, or `seq` of a snapshot; 0 is before the first event.
    #[param(value_type = Option<i64>, minimum = 0)]
    after: Option<String>,
    /// Seconds to wait for something to come, 0 to 25; 0 if not said.
    #[param(value_type = Option<u64>, minimum = 0, maximum = 25)]
    wait: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ChangesAnswer {
    /// In the order they were committed, without gaps as far as the token reaches; at most 500.
    events: Vec<EventBody>,
    /// What to ask for next.
    next: i64,
}

/// Tells that something changed, not to what: read it, and take the version you find.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventBody {
    seq: i64,
    at: String,
    /// `CHANNEL_CREATED`, `CHANNEL_CHANGED`, `CHANNEL_PAUSED`, `CHANNEL_RESUMED`, `CHANNEL_ARCHIVED`, `CHANNEL_RESTORED`,
    /// `CHANNEL_ASSIGNED`, `STORE_ADDED`, `API_SECRET_ISSUED`, `API_SECRET_ROLLED`, `API_SECRET_REVOKED` or
    /// `V1_SECRET_REISSUED`; more may come.
    #[serde(rename = "type")]
    kind: String,
    /// 고객사 식별코드.
    merchant: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    store_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_id: Option<String>,
}

impl From<ChangeEvent> for EventBody {
    fn from(event: ChangeEvent) -> Self {
        Self {
            seq: event.seq,
            at: utc_ms(event.at),
            kind: event.kind,
            merchant: event.imp_code.to_string(),
            store_id: event.store_id.map(|id| id.to_string()),
            channel_key: event.channel_key.map(|key| key.to_string()),
            version: event.version,
            credential_id: event.credential_id,
        }
    }
}

/// What came after an event; waits for something to come. A core that was away long begins with a snapshot: 410
/// `USE_SNAPSHOT`.
#[utoipa::path(
    get, path = "/core/v1/changes", tag = "Feed", params(Since),
    responses(
        (status = 200, body = ChangesAnswer),
        (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 410, body = ProblemBody),
        (status = 500, body = ProblemBody),
        (status = 503, body = ProblemBody),
    ),
    security(("coreToken" = [])),
)]
pub async fn changes(
    State(backend): State<Arc<Backend>>,
    Core(core): Core,
    Asked(since): Asked<Since>,
) -> Result<impl IntoResponse, Problem> {
    let number = |text: Option<String>, most: i64, wrong| match text {
        None => Ok(0),
        Some(text) => text.parse().ok().filter(|n| (0..=most).contains(n)).ok_or(Problem::BadRequest(wrong)),
    };
    let after = number(since.after, i64::MAX - 1, "AFTER")?;
    let wait = number(since.wait, LONGEST_WAIT.cast_signed(), "WAIT")?;
    match backend.changes(&core, after, Duration::from_secs(wait.unsigned_abs())).await? {
        Followed::Changes(changes) => {
            let events = changes.events.into_iter().map(Into::into).collect();
            Ok(([NO_STORE], Json(ChangesAnswer { events, next: changes.next })))
        }
        Followed::UseSnapshot { compacted } => Err(Problem::UseSnapshot(compacted)),
        Followed::Beyond { last } => Err(Problem::Beyond("AFTER_BEYOND", last)),
    }
}
