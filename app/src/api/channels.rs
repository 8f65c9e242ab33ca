//! Channels as pages need them.

use domain::{
    catalogue::{Category, Module, Version},
    channel::{
        ChannelForm, Mode,
        code::Code,
        view::{ChannelDetail, ChannelSummary},
    },
    form::FormErrors,
    id::{ChannelKey, FieldKey, ProviderId, StoreId},
    page::Page,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::AppError;

/// A provider as the chooser shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderChoice {
    pub id: ProviderId,
    pub name: String,
    pub category: Category,
    /// What else it is found by: English name, aliases, codes.
    pub also: Vec<String>,
    /// The versions its modules work with.
    pub versions: Vec<Version>,
}

/// The providers that have something to add, by category.
#[server(prefix = "/api", endpoint = "channels/providers")]
pub async fn list_providers() -> Result<Vec<ProviderChoice>, AppError> {
    use domain::member::Permission;
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    actor.require(Permission::EditTestChannels).map_err(super::refuse)?;
    Ok(ssr::providers(&backend))
}

/// What a form begins with: values to show, secrets that are kept without being shown, and what was wrong with them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormStart {
    /// Public values; every secret is blank.
    pub form: ChannelForm,
    /// Secrets that the draft holds.
    pub kept: Vec<FieldKey>,
    /// Whether this is a draft: the form then says so when it is sent.
    pub is_draft: bool,
    /// Whether these are another channel's values.
    pub is_clone: bool,
    /// The store that was chosen in the draft.
    pub store: Option<StoreId>,
    /// The version that was on the screen when the draft was typed; 0 for the one that is stored now.
    pub seen_version: i64,
    pub errors: FormErrors,
    /// What else refused it.
    pub error: Option<AppError>,
}

/// The second step of 채널 추가.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecondStep {
    /// The chosen module with what its form begins with.
    Form(Box<ChosenModule>),
    /// What is wrong with the choice itself.
    Refused(FormErrors),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenModule {
    pub module: Module,
    pub provider_id: ProviderId,
    pub provider_name: String,
    pub admin_url: Option<String>,
    /// A name for each shared test MID, none of them taken.
    pub names: Vec<(String, String)>,
    /// The MIDs of other channels of the module and mode.
    pub used_mids: Vec<String>,
    pub start: FormStart,
    /// Names this page: sent twice, it adds one channel.
    pub request_key: String,
    /// Lets this page keep what is typed into it when the session is over.
    pub ticket: String,
}

/// What the forms of 채널 추가 and 실연동으로 올리기 send beside the channel itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewAbout {
    pub mode: String,
    pub provider: String,
    pub module: String,
    /// The store that it is for; empty for one's own.
    pub store: String,
    pub request_key: String,
    /// Not empty when the page showed a draft: blank secrets are then taken from it.
    pub draft: String,
    /// Whose page it was, for when the session is over.
    pub ticket: String,
    /// The channel whose values the form began with, if one is duplicated.
    pub from: String,
    /// The test channel that is promoted.
    pub key: String,
    /// The live channel behind it, which is edited; empty for one to be added.
    pub live: String,
    /// The version of that one that was seen.
    pub seen_version: i64,
}

/// What the form of 채널 수정 sends beside the channel itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EditAbout {
    pub key: String,
    pub seen_version: i64,
    pub draft: String,
}

/// A channel's page, and what its edit form begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelPageData {
    pub channel: ChannelDetail,
    pub module: Module,
    pub provider_name: String,
    pub admin_url: Option<String>,
    /// Whether payment requests for it can be checked.
    pub has_request_guide: bool,
}

/// A channel's page with what stands on it beside the channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownChannel {
    pub page: ChannelPageData,
    pub code: Code,
    /// The channel that it is paired with.
    pub twin: Option<ChannelSummary>,
    /// When the page was made, for what is told relative to it.
    pub now: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditChannelPage {
    pub page: ChannelPageData,
    pub used_mids: Vec<String>,
    pub start: FormStart,
}

#[server(prefix = "/api", endpoint = "channels/list")]
pub async fn list_channels(
    mode: Option<Mode>,
    store: Option<StoreId>,
    search: String,
    page: u64,
) -> Result<Page<ChannelSummary>, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let asked = backend::ListQuery { mode, store, search, page };
    let mut found = backend.list_channels(&actor, asked).await.map_err(super::refuse)?;
    for channel in &mut found.items {
        super::call(&backend, &channel.provider, &mut channel.provider_name);
    }
    Ok(found)
}

/// The modules of a provider that can be added in this mode: the catalogue's, which is no secret.
#[server(prefix = "/api", endpoint = "channels/modules")]
pub async fn list_modules(mode: String, provider: String) -> Result<Vec<Module>, AppError> {
    let (backend, _) = super::session::actor().await.map_err(super::refuse)?;
    Ok(ssr::modules(&backend, &mode, &provider))
}

#[server(prefix = "/api", endpoint = "channels/new")]
pub async fn load_new_channel(
    mode: String,
    provider: String,
    module: String,
    #[server(default)] from: String,
) -> Result<SecondStep, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    ssr::second_step(&backend, &actor, (&mode, &provider, &module), &from).await.map_err(super::refuse)
}

#[server(prefix = "/api", endpoint = "channels/add")]
pub async fn add_channel(about: NewAbout, form: ChannelForm) -> Result<(), AppError> {
    let (backend, actor) = match super::session::actor_of_page(&about.ticket).await {
        Err(AppError::Unauthenticated) => return ssr::typed::refuse_signed_out(about, form).await,
        other => other.map_err(super::refuse)?,
    };
    let form = ssr::new_with_kept_secrets(&backend, &actor, &about, form).await.map_err(super::refuse)?;
    match backend.add_channel(&actor, ssr::new_channel(&about, &form)).await {
        Ok(created) => {
            backend.forget_draft(&actor, &ssr::typed::draft_of(&about)).await.map_err(super::refuse)?;
            super::go_on(&ssr::saved(&backend, "added", created.key, &about.module, &form));
            Ok(())
        }
        Err(error) => ssr::refuse_new(&backend, &actor, about, form, error.into()).await,
    }
}

#[server(prefix = "/api", endpoint = "channels/show")]
pub async fn show_channel(key: ChannelKey) -> Result<ShownChannel, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    ssr::shown(&backend, &actor, key).await.map_err(super::refuse)
}

#[server(prefix = "/api", endpoint = "channels/edit-page")]
pub async fn load_edit_channel(key: ChannelKey) -> Result<EditChannelPage, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    ssr::edit_page(&backend, &actor, key).await.map_err(super::refuse)
}

#[server(prefix = "/api", endpoint = "channels/edit")]
pub async fn edit_channel(about: EditAbout, form: ChannelForm) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let key = about.key.parse().map_err(|_| super::refuse(AppError::NotFound))?;
    let form = ssr::edit_with_kept_secrets(&backend, &actor, key, &about, form).await.map_err(super::refuse)?;
    let change = backend::Change { seen_version: about.seen_version, form: form.clone() };
    match backend.edit_channel(&actor, key, change).await {
        Ok(module) => {
            backend.forget_draft(&actor, &ssr::edit_draft(key)).await.map_err(super::refuse)?;
            super::go_on(&ssr::saved(&backend, "saved", key, module.as_str(), &form));
            Ok(())
        }
        Err(error) => ssr::refuse_edit(&backend, &actor, (key, about), form, error.into()).await,
    }
}

/// One of the buttons of a channel's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelMove {
    Pause,
    Resume,
    Delete,
    Restore,
}

#[server(prefix = "/api", endpoint = "channels/move")]
pub async fn move_channel(key: ChannelKey, to: ChannelMove, #[server(default)] reason: String) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let actor = super::session::because(actor, &reason).map_err(super::refuse)?;
    let (moved, done) = match to {
        ChannelMove::Pause => (backend.pause_channel(&actor, key).await, "paused"),
        ChannelMove::Resume => (backend.resume_channel(&actor, key).await, "resumed"),
        ChannelMove::Delete => (backend.delete_channel(&actor, key).await, "deleted"),
        ChannelMove::Restore => (backend.restore_channel(&actor, key).await, "restored"),
    };
    moved.map_err(super::refuse)?;
    super::go_on(&format!("{}?done={done}", crate::paths::channel(key)));
    Ok(())
}

#[cfg(feature = "ssr")]
#[path = "channels_ssr.rs"]
pub(crate) mod ssr;
#[cfg(feature = "ssr")]
pub use ssr::typed::keep_begun;
#[cfg(feature = "ssr")]
pub(super) use ssr::{
    new_with_kept_secrets,
    typed::{begun, draft_of, keep_by_ticket, keep_typed, refuse_signed_out},
};
