//! The trail, as its page needs it.

use domain::{
    page::Page,
    trail::{TrailEntry, TrailQuery},
};
use leptos::prelude::*;

use super::AppError;

#[server(prefix = "/api", endpoint = "trail")]
pub async fn load_trail(query: TrailQuery, page: u64) -> Result<Page<TrailEntry>, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.trail(&actor, &query, page).await.map_err(super::refuse)
}
