//! 변경 이력 and going back, as their pages need them.

use domain::{
    channel::{
        history::{HistoryEntry, RollBackForm, RollBackPlan},
        view::ChannelSummary,
    },
    id::ChannelKey,
    page::Page,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{AppError, refused::Start};

/// One page of 변경 이력.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    pub channel: ChannelSummary,
    /// What the module calls the MID.
    pub mid_label: String,
    pub versions: Page<HistoryEntry>,
    /// When the page was made, for what is told relative to it.
    pub now: i64,
}

/// The page of going back to a version, and what its form begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollBackPage {
    pub plan: RollBackPlan,
    pub mid_label: String,
    pub start: Start<RollBackForm>,
    pub now: i64,
}

#[cfg(feature = "ssr")]
fn draft_of(key: ChannelKey) -> String {
    format!("channels/{key}/roll-back")
}

#[cfg(feature = "ssr")]
fn mid_label(backend: &backend::Backend, channel: &ChannelSummary) -> String {
    let module = backend.catalogue().module(channel.module.as_str());
    module.map(|(_, module)| crate::text::mid_label(crate::text::Lang::current(), module)).unwrap_or_default()
}

#[server(prefix = "/api", endpoint = "channels/history")]
pub async fn load_history(key: ChannelKey, page: u64) -> Result<History, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let (channel, versions) = backend.channel_history(&actor, key, page).await.map_err(super::refuse)?;
    Ok(History { mid_label: mid_label(&backend, &channel), channel, versions, now: backend.now_ms() })
}

#[server(prefix = "/api", endpoint = "channels/roll-back-page")]
pub async fn load_roll_back(
    key: ChannelKey,
    to: i64,
    /// Whether it was refused just now.
    #[server(default)]
    is_refused: bool,
) -> Result<RollBackPage, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let (channel, plan) = backend.roll_back_plan(&actor, key, to).await.map_err(super::refuse)?;
    let start: Option<Start<RollBackForm>> = backend.draft(&actor, &draft_of(key)).await.map_err(super::refuse)?;
    let mut start = start.filter(|start| start.form.to == to).unwrap_or_default();
    if !is_refused {
        // What stood in the way then may be gone by now: the plan says what stands in it still.
        start = Start { form: start.form, ..Start::default() };
    }
    Ok(RollBackPage { mid_label: mid_label(&backend, &channel), plan, start, now: backend.now_ms() })
}

#[server(prefix = "/api", endpoint = "channels/roll-back")]
pub async fn roll_back(key: ChannelKey, form: RollBackForm) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let done = match super::session::because(actor.clone(), &form.reason) {
        Ok(actor) => backend.roll_back(&actor, key, &form).await.map_err(AppError::from),
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => {
            backend.forget_draft(&actor, &draft_of(key)).await.map_err(super::refuse)?;
            super::go_on(&format!("{}?done=rolled-back", crate::paths::channel(key)));
            Ok(())
        }
        Err(error) if error == AppError::NotFound => Err(super::refuse(error)),
        Err(error) => {
            let back = crate::paths::roll_back(key, form.to);
            super::refused::keep((&backend, &actor), (&draft_of(key), &back), form, error).await
        }
    }
}
