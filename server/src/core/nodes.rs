//! What running cores confirm.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use backend::{AckRefused, Backend};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    auth::Core,
    body::JsonBody,
    problem::{Problem, ProblemBody},
};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AckBody {
    /// As the core calls itself; pages tell it. 1 to 80 characters.
    #[schema(min_length = 1, max_length = 80)]
    node: String,
    /// The last event whose change it has taken over.
    #[schema(minimum = 0)]
    seq: i64,
}

/// A running core has everything up to an event. It counts for a minute: say so again when nothing changes.
#[utoipa::path(
    post, path = "/core/v1/ack", tag = "Feed", request_body = AckBody,
    responses(
        (status = 204),
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
pub async fn ack(
    State(backend): State<Arc<Backend>>,
    Core(core): Core,
    JsonBody(body): JsonBody<AckBody>,
) -> Result<StatusCode, Problem> {
    backend.ack(&core, &body.node, body.seq).await?.map_err(|refused| match refused {
        AckRefused::Name => Problem::BadRequest("NODE"),
        AckRefused::Beyond { last } => Problem::Beyond("SEQ_BEYOND", last),
        AckRefused::TooMany => Problem::BadRequest("TOO_MANY_NODES"),
    })?;
    Ok(StatusCode::NO_CONTENT)
}
