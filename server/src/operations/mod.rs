//! What an operator looks at: whether the console lives and is ready, its numbers, a line of log a request. On the payment
//! cores' listener, without a token: that listener is never public.

mod logging;
mod metrics;
mod process;
mod telling;

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use backend::{Backend, Unready};
use serde_json::json;
use tokio::{sync::watch, time::timeout};

pub use logging::start as start_logging;
use metrics::Asked;
pub use metrics::Metrics;
pub use telling::{Outcome, Telling, tell};

/// A database that takes longer to say that it is there is not.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Operations {
    backend: Arc<Backend>,
    metrics: Arc<Metrics>,
    stopping: watch::Receiver<bool>,
}

/// `/livez`, `/readyz` and `/metrics`.
pub fn routes(backend: Arc<Backend>, metrics: Arc<Metrics>, stopping: watch::Receiver<bool>) -> Router {
    Router::new()
        .route("/livez", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(numbers))
        .with_state(Operations { backend, metrics, stopping })
}

/// Whether to send anybody here: the database answers, is up to date and opens with the key ring, and the console is not
/// about to stop.
async fn ready(State(operations): State<Operations>) -> Response {
    let why = if *operations.stopping.borrow() {
        Some("STOPPING")
    } else {
        let looked = timeout(PATIENCE, operations.backend.readiness()).await;
        looked.unwrap_or(Err(Unready::Database)).err().map(Unready::code)
    };
    match why {
        None => Json(json!({"ready": true})).into_response(),
        Some(reason) => {
            let later = [(header::RETRY_AFTER, HeaderValue::from_static("1"))];
            (StatusCode::SERVICE_UNAVAILABLE, later, Json(json!({"ready": false, "reason": reason}))).into_response()
        }
    }
}

async fn numbers(State(operations): State<Operations>) -> Response {
    let vitals = timeout(PATIENCE, operations.backend.vitals()).await.ok().and_then(Result::ok);
    match operations.metrics.text(&operations.backend, vitals.as_ref()) {
        Some(text) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
