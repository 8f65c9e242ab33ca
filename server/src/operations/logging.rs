//! The log: a line an event, on standard error. Text for the eye at a terminal, else JSON: what collects logs reads values
//! as values, and nothing that somebody sent can look like another line or another field.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

use crate::layers::panics;

/// Begins to log; `filter` as in `RUST_LOG`.
pub fn start(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    // A line that cannot be written is lost: saying so on the same standard error would fail again, by a panic.
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).log_internal_errors(false);
    if io::stderr().is_terminal() {
        lines.init();
    } else {
        lines.json().flatten_event(true).with_span_list(false).init();
    }
    panics::log_each();
}
