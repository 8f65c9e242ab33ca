//! What is being typed into 채널 추가, kept while it is typed and offered again.

use domain::{
    channel::{ChannelForm, Mode},
    id::{ModuleId, ProviderId},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{AppError, channels::NewAbout};

/// A channel that somebody began to add.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BegunChannel {
    pub mode: Mode,
    pub provider: ProviderId,
    pub provider_name: String,
    pub module: ModuleId,
    pub module_label: String,
    /// When it was typed last.
    pub at: i64,
}

/// Keeps what is typed so far. Sent by the page itself, with the very names of the form that adds the channel.
#[server(prefix = "/api", endpoint = "channels/draft")]
pub async fn keep_new_channel(about: NewAbout, form: ChannelForm) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    super::channels::keep_typed(&backend, &actor, about, form).await.map_err(super::refuse)
}

/// What can be gone on with.
#[server(prefix = "/api", endpoint = "channels/begun")]
pub async fn list_begun() -> Result<Vec<BegunChannel>, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    super::channels::begun(&backend, &actor).await.map_err(super::refuse)
}

/// Throws away what was typed, and goes back to where that was asked for.
#[server(prefix = "/api", endpoint = "channels/drop-draft")]
pub async fn drop_new_channel(mode: String, module: String, back: String) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    super::channels::forget_typed(&backend, &actor, &mode, &module).await.map_err(super::refuse)?;
    match crate::paths::LocalPath::parse(&back) {
        Some(path) => super::go(&path),
        None => super::go_to(crate::paths::CHANNELS),
    }
    Ok(())
}
