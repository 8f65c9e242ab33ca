//! What is being typed into 채널 추가, kept while it is typed and offered again.

use domain::{
    channel::{ChannelForm, Mode},
    id::{ChannelKey, ModuleId, ProviderId},
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
    /// The channel that is duplicated, if one is.
    pub from: Option<ChannelKey>,
    /// When it was typed last.
    pub at: i64,
}

/// For whom what was typed is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeptFor {
    /// Who is logged in.
    Person,
    /// Whoever the page is of: their session is over.
    SignedOut,
}

/// Keeps what is typed so far. Sent by the page itself, with the very names of the form that adds the channel.
#[server(prefix = "/api", endpoint = "channels/draft")]
pub async fn keep_new_channel(about: NewAbout, form: ChannelForm) -> Result<KeptFor, AppError> {
    match super::session::actor_of_page(&about.ticket).await {
        Ok((backend, actor)) => {
            super::channels::keep_typed(&backend, &actor, about, form).await.map_err(super::refuse)?;
            Ok(KeptFor::Person)
        }
        Err(AppError::Unauthenticated)
            if super::channels::keep_by_ticket(about, form).await.map_err(super::refuse)? =>
        {
            Ok(KeptFor::SignedOut)
        }
        Err(error) => Err(super::refuse(error)),
    }
}

/// What can be gone on with.
#[server(prefix = "/api", endpoint = "channels/begun")]
pub async fn list_begun() -> Result<Vec<BegunChannel>, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    super::channels::begun(&backend, &actor).await.map_err(super::refuse)
}

/// Throws away what was typed, and goes back to where that was asked for.
#[server(prefix = "/api", endpoint = "channels/drop-draft")]
pub async fn drop_new_channel(
    mode: String,
    module: String,
    #[server(default)] from: String,
    /// As in [`NewAbout`].
    #[server(default)]
    key: String,
    #[server(default)] live: String,
    back: String,
) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let about = NewAbout { mode, module, from, key, live, ..NewAbout::default() };
    backend.forget_draft(&actor, &super::channels::draft_of(&about)).await.map_err(super::refuse)?;
    match crate::paths::LocalPath::parse(&back) {
        Some(path) => super::go(&path),
        None => super::go_to(crate::paths::CHANNELS),
    }
    Ok(())
}
