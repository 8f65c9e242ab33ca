//! What is being typed into 채널 추가, on the server's side.

use backend::{Actor, Backend};
use domain::{
    catalogue::Module,
    channel::{ChannelForm, Mode, Tax},
    member::Permission,
};

use super::{Draft, NEW_DRAFT, new_draft};
use crate::{
    api::{AppError, channel_drafts::BegunChannel, channels::NewAbout, go_to, refuse},
    paths,
};

/// The most that are offered at once.
const OFFERED: u64 = 5;

pub(crate) async fn keep_typed(
    backend: &Backend,
    actor: &Actor,
    about: NewAbout,
    mut form: ChannelForm,
) -> Result<(), AppError> {
    let chosen = backend.chosen_module(&about.mode, &about.provider, &about.module).map_err(AppError::Form)?;
    let (mode, _, module) = chosen;
    actor.require(Permission::to_edit(mode))?;
    let draft = new_draft(&about.mode, &about.module);
    form.fields.retain(|key, _| module.fields.iter().any(|field| field.key.as_str() == key));
    if !about.draft.is_empty()
        && let Some(before) = backend.draft::<Draft<NewAbout>>(actor, &draft).await?
    {
        keep_secrets(&mut form, &before.form, module);
    }
    if is_blank(&form) {
        backend.forget_draft(actor, &draft).await?;
        return Ok(());
    }
    let request_key = about.request_key.clone();
    backend.keep_draft(actor, &draft, &Draft { about, form, error: None }).await?;
    // The channel may have been added meanwhile; asked after it was kept, so that one of the two forgets it.
    if !request_key.is_empty() && backend.has_added(actor, &request_key).await? {
        backend.forget_draft(actor, &draft).await?;
    }
    Ok(())
}

/// A plain form of a person whose session is over: kept for them, and offered after the login, which leads back to it.
/// Who sent it is not known but by the page's ticket, so nothing is told of what is kept.
pub(crate) async fn keep_signed_out(about: NewAbout, mut form: ChannelForm) -> Result<(), AppError> {
    let backend = crate::api::session::backend().map_err(refuse)?;
    let here =
        paths::in_store(&paths::new_channel(&about.mode, &about.provider, &about.module), about.store.parse().ok());
    let chosen = backend.chosen_module(&about.mode, &about.provider, &about.module);
    if let (Ok((_, _, module)), Ok(owner)) = (chosen, backend.draft_owner(&about.ticket).await) {
        let draft = new_draft(&about.mode, &about.module);
        form.fields.retain(|key, _| module.fields.iter().any(|field| field.key.as_str() == key));
        let before: Option<Draft<NewAbout>> = backend.draft_of(owner, &draft).await.map_err(refuse)?;
        if let Some(before) = before.filter(|_| !about.draft.is_empty()) {
            keep_secrets(&mut form, &before.form, module);
        }
        if !is_blank(&form) {
            backend.keep_draft_of(owner, &draft, &Draft { about, form, error: None }).await.map_err(refuse)?;
        }
    }
    go_to(&paths::log_in_to(&here));
    Ok(())
}

/// Secrets that the page does not have any more are those of the draft that it began with.
fn keep_secrets(form: &mut ChannelForm, before: &ChannelForm, module: &Module) {
    for field in module.fields.iter().filter(|field| field.secret) {
        let typed = form.fields.entry(field.key.to_string()).or_default();
        if let (true, Some(value)) = (typed.as_str().trim().is_empty(), before.fields.get(field.key.as_str())) {
            *typed = value.clone();
        }
    }
}

/// Whether there is nothing to keep: what a page begins with is nobody's work.
fn is_blank(form: &ChannelForm) -> bool {
    let ChannelForm { name, purpose: _, shared_mid, mid, uses, fields, clear: _, tax } = form;
    name.trim().is_empty()
        && mid.trim().is_empty()
        && matches!(shared_mid.as_str(), "" | ChannelForm::OWN_MID)
        && uses.is_empty()
        && fields.values().all(|value| value.as_str().trim().is_empty())
        && (tax.is_empty() || tax == Tax::None.as_str())
}

pub(crate) async fn begun(backend: &Backend, actor: &Actor) -> Result<Vec<BegunChannel>, AppError> {
    let kept = backend.drafts_named(actor, NEW_DRAFT, OFFERED).await?;
    let offer = |draft: backend::KeptDraft| {
        let (mode, module) = draft.form.strip_prefix(NEW_DRAFT)?.split_once('/')?;
        let mode = Mode::parse(mode).filter(|mode| actor.require(Permission::to_edit(*mode)).is_ok())?;
        let (provider, module) = backend.catalogue().module(module).filter(|(_, module)| module.addable())?;
        Some(BegunChannel {
            mode,
            provider: provider.id.clone(),
            provider_name: crate::api::called(provider),
            module: module.id.clone(),
            module_label: module.label.clone(),
            at: draft.at,
        })
    };
    Ok(kept.into_iter().filter_map(offer).collect())
}

pub(crate) async fn forget_typed(backend: &Backend, actor: &Actor, mode: &str, module: &str) -> Result<(), AppError> {
    backend.forget_draft(actor, &new_draft(mode, module)).await?;
    Ok(())
}
