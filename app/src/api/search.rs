//! The search. Pages and actions are found where the page is made; channels here.

use domain::search::FoundChannels;
use leptos::prelude::*;

use super::AppError;

#[server(prefix = "/api", endpoint = "search")]
pub async fn search_channels(typed: String) -> Result<FoundChannels, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.search_channels(&actor, &typed).await.map_err(super::refuse)
}
