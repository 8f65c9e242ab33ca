//! A payment core, as small as it can be and right: documentation that runs.
//!
//! ```sh
//! export CORE_TOKEN=$(channel-console core-token create --name seoul) CORE_KEY=$(openssl rand -hex 32)
//! cargo run -p server --example payment_core -- http://127.0.0.1:3001 127.0.0.1:3100 ./core.snapshot seoul-1
//! curl 'http://127.0.0.1:3100/resolve?impCode=imp…&pg=ksnet'
//! ```
//!
//! What a payment needs is in memory ([`memory`]); a thread follows the console ([`follower`]) and seals what it has to a
//! file ([`saved`]). So payments go on while the console is down, and even when the core itself starts anew meanwhile.

mod console;
mod follower;
mod memory;
mod saved;

use std::{error::Error, path::PathBuf, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use domain::secret::Secret;
use serde::Deserialize;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use console::Console;
use follower::Follower;
use memory::{Asked, Memory};
use saved::Saved;

#[expect(clippy::disallowed_methods, reason = "a program of its own, with an environment of its own")]
fn variable(name: &str) -> Result<Secret, String> {
    std::env::var(name).map(Secret::new).map_err(|_| format!("{name} is needed"))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [console, addr, file, node] = arguments.as_slice() else {
        return Err("usage: payment_core CONSOLE-URL OWN-ADDRESS SNAPSHOT-FILE NODE-NAME".into());
    };
    let console = Console::new(console, variable("CORE_TOKEN")?, node);
    let saved = Saved::new(PathBuf::from(file), variable("CORE_KEY")?.expose())?;
    let memory = Arc::new(Memory::default());
    let follower = Follower::new(console, saved, Arc::clone(&memory));
    follower.begin_with_what_was_saved();
    let stop = follower.stopper();
    // Long polls block a thread: it is the follower's own.
    let following = std::thread::spawn(move || {
        follower.follow();
        follower.save();
    });
    let router = Router::new().route("/resolve", get(resolve)).route("/seq", get(seq)).with_state(memory);
    let mut told = signal(SignalKind::terminate())?;
    let told = async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = told.recv() => {}
        }
    };
    axum::serve(tokio::net::TcpListener::bind(addr).await?, router).with_graceful_shutdown(told).await?;
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    // The follower may be waiting for changes: what it had a second ago is saved.
    for _ in 0..20 {
        if following.is_finished() {
            return following.join().map_err(|_| "the follower failed".into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Question {
    imp_code: Option<String>,
    store_id: Option<String>,
    channel_key: Option<String>,
    pg: Option<String>,
}

/// What a payment would be sent to the gateway with; of secrets only their names are shown.
async fn resolve(State(memory): State<Arc<Memory>>, Query(question): Query<Question>) -> Response {
    let asked = match (&question.imp_code, &question.store_id, &question.channel_key, &question.pg) {
        (Some(imp_code), None, Some(key), _) => Asked::V1Key { imp_code, key },
        (Some(imp_code), None, None, Some(pg)) => Asked::V1Pg { imp_code, pg },
        (None, Some(store_id), Some(key), _) => Asked::V2 { store_id, key },
        _ => return StatusCode::BAD_REQUEST.into_response(),
    };
    match memory.resolve(&asked) {
        Ok((channel, matches)) => Json(json!({
            "channelKey": channel.key, "version": channel.version, "mid": channel.mid, "matches": matches,
            "secrets": channel.secrets.keys().collect::<Vec<_>>(),
        }))
        .into_response(),
        Err(why) => (StatusCode::NOT_FOUND, Json(json!({"type": why.kind(), "reason": why.reason()}))).into_response(),
    }
}

async fn seq(State(memory): State<Arc<Memory>>) -> Json<Option<i64>> {
    Json(memory.seq())
}
