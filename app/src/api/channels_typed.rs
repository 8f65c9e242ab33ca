//! Drafts of the forms that add a channel, on its own or behind a test channel: refused, or being typed.

use backend::{Actor, Backend, DraftOwner};
use domain::{
    catalogue::{Field, Module},
    channel::{ChannelForm, Mode, Tax, Use},
    form::FormErrors,
    id::{ChannelKey, FieldKey},
    member::Permission,
    secret::Typed,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    api::{
        AppError,
        channel_drafts::BegunChannel,
        channels::{FormStart, NewAbout},
        go_to, refuse, wants_html,
    },
    paths,
};

/// The most that are offered at once.
const OFFERED: u64 = 5;

const NEW_DRAFT: &str = "channels/new/";

/// A form with why it was refused, if it was, as it is sealed.
#[derive(Serialize, Deserialize)]
pub(crate) struct Draft<A> {
    pub about: A,
    pub form: ChannelForm,
    #[serde(default)]
    pub error: Option<AppError>,
}

/// Each module and mode has a draft of its own, and so has each channel that is duplicated or promoted: beginning another
/// one loses nothing.
pub(crate) fn draft_of(about: &NewAbout) -> String {
    let NewAbout { mode, module, .. } = about;
    match (key(&about.key), key(&about.live), key(&about.from)) {
        (Some(test), Some(live), _) => format!("channels/{test}/promote/{live}"),
        (Some(test), None, _) => format!("channels/{test}/promote"),
        (None, _, Some(from)) => format!("{NEW_DRAFT}{mode}/{module}/{from}"),
        (None, _, None) => format!("{NEW_DRAFT}{mode}/{module}"),
    }
}

fn key(text: &str) -> Option<ChannelKey> {
    text.parse().ok()
}

/// The module that a form is about.
fn module_of(backend: &Backend, about: &NewAbout) -> Result<&'static Module, AppError> {
    if key(&about.key).is_none() {
        let chosen = backend.chosen_module(&about.mode, &about.provider, &about.module);
        return Ok(chosen.map_err(AppError::Form)?.2);
    }
    // The live channel of a pair may be of a module that nobody can add any more.
    backend.catalogue().module(&about.module).map(|(_, module)| module).ok_or(AppError::NotFound)
}

/// Keeps a form as somebody's draft.
pub(crate) async fn keep(
    backend: &Backend,
    owner: DraftOwner,
    about: NewAbout,
    form: ChannelForm,
    error: Option<AppError>,
) -> Result<(), AppError> {
    for key in [&about.key, &about.live, &about.from].into_iter().filter_map(|text| key(text)) {
        if !backend.owner_has_channel(owner, key).await? {
            return Err(AppError::NotFound);
        }
    }
    backend.keep_draft_of(owner, &draft_of(&about), &Draft { about, form, error }).await?;
    Ok(())
}

/// The same of what is not refused, unless there is nothing to keep. Secrets that the page does not have any more are those
/// of the draft that it began with. Answers whether there was something.
async fn keep_unsent(
    backend: &Backend,
    owner: DraftOwner,
    about: NewAbout,
    mut form: ChannelForm,
) -> Result<bool, AppError> {
    let module = module_of(backend, &about)?;
    form.fields.retain(|key, _| module.fields.iter().any(|field| field.key.as_str() == key));
    if !about.draft.is_empty()
        && let Some(before) = backend.draft_of::<Draft<NewAbout>>(owner, &draft_of(&about)).await?
    {
        fill(&mut form, &before.form, module, |_| true);
    }
    if is_blank(&form) {
        return Ok(false);
    }
    keep(backend, owner, about, form, None).await?;
    Ok(true)
}

/// Keeps what is being typed.
pub(crate) async fn keep_typed(
    backend: &Backend,
    actor: &Actor,
    about: NewAbout,
    form: ChannelForm,
) -> Result<(), AppError> {
    module_of(backend, &about)?;
    actor.require(Mode::parse(&about.mode).map_or(Permission::EditLiveChannels, Permission::to_edit))?;
    let (draft, request_key) = (draft_of(&about), about.request_key.clone());
    let is_kept = keep_unsent(backend, actor.into(), about, form).await?;
    // The channel may have been added meanwhile; asked after it was kept, so that one of the two forgets it.
    if !is_kept || !request_key.is_empty() && backend.has_added(actor, &request_key).await? {
        backend.forget_draft(actor, &draft).await?;
    }
    Ok(())
}

/// Keeps a form of 채널 추가 that somebody has begun to fill in; for programs of the host.
pub async fn keep_begun(
    backend: &Backend,
    actor: &Actor,
    (mode, module): (Mode, &str),
    form: ChannelForm,
) -> Result<(), AppError> {
    let provider = backend.catalogue().module(module).map(|(provider, _)| provider.id.to_string());
    let (mode, module) = (mode.to_string(), module.to_owned());
    let about = NewAbout { mode, provider: provider.unwrap_or_default(), module, ..NewAbout::default() };
    keep_typed(backend, actor, about, form).await
}

/// Keeps what was typed into a page of a person whose session is over, or in whose browser somebody else is logged in now.
/// Who sent it is not known but by the page's ticket, so nothing is told of what is kept. Answers whether it is kept.
pub(crate) async fn keep_by_ticket(about: NewAbout, form: ChannelForm) -> Result<bool, AppError> {
    let backend = crate::api::session::backend()?;
    let Ok(owner) = backend.draft_owner(&about.ticket).await else { return Ok(false) };
    if module_of(&backend, &about).is_err() {
        return Ok(false);
    }
    keep_unsent(&backend, owner, about, form).await?;
    Ok(true)
}

/// Refuses a form whose page is of somebody who is not logged in (any more): kept for them, and offered after the login,
/// which leads back to it.
pub(crate) async fn refuse_signed_out(about: NewAbout, form: ChannelForm) -> Result<(), AppError> {
    let here = page_of(&about);
    keep_by_ticket(about, form).await.map_err(refuse)?;
    if !wants_html() {
        return Err(refuse(AppError::Unauthenticated));
    }
    go_to(&paths::log_in_to(&here));
    Ok(())
}

/// The page that a form is on.
pub(crate) fn page_of(about: &NewAbout) -> String {
    let page = key(&about.key).map_or_else(
        || paths::new_channel_from(&about.mode, &about.provider, &about.module, key(&about.from)),
        paths::promote,
    );
    // The store that was chosen in the form, as the URL keeps it.
    paths::in_store(&page, about.store.parse().ok())
}

/// Blank secrets of a form that showed a draft are the draft's.
pub(crate) async fn with_kept_secrets<A: DeserializeOwned>(
    backend: &Backend,
    actor: &Actor,
    draft: &str,
    (mode, module): (&str, &Module),
    mut form: ChannelForm,
) -> Result<ChannelForm, AppError> {
    let is_shared = mode == Mode::Test.as_str() && module.test_mid(&form.shared_mid).is_some();
    let kept: Option<Draft<A>> = if is_shared { None } else { backend.draft(actor, draft).await? };
    if let Some(kept) = kept {
        let chosen: Vec<_> = form.uses.keys().filter_map(|word| Use::parse(word)).collect();
        fill(&mut form, &kept.form, module, |field| field.allowed(&chosen));
    }
    Ok(form)
}

fn fill(form: &mut ChannelForm, kept: &ChannelForm, module: &Module, is_wanted: impl Fn(&Field) -> bool) {
    for field in module.fields.iter().filter(|field| field.secret && is_wanted(field)) {
        let typed = form.fields.entry(field.key.to_string()).or_default();
        if let (true, Some(value)) = (typed.as_str().trim().is_empty(), kept.fields.get(field.key.as_str())) {
            *typed = value.clone();
        }
    }
}

/// The draft as a page may show it: secrets blank, their keys listed.
pub(crate) fn start<A>(draft: Draft<A>, module: &Module) -> FormStart {
    let Draft { about: _, mut form, error } = draft;
    let mut kept: Vec<FieldKey> = Vec::new();
    for field in module.fields.iter().filter(|field| field.secret) {
        if let Some(typed) = form.fields.get_mut(field.key.as_str()) {
            if !typed.as_str().trim().is_empty() {
                kept.push(field.key.clone());
            }
            *typed = Typed::default();
        }
    }
    form.fields.retain(|key, _| module.fields.iter().any(|f| f.key.as_str() == key));
    let (errors, error) = match error {
        Some(AppError::Form(errors)) => (errors, None),
        other => (FormErrors::default(), other),
    };
    FormStart { form, kept, is_draft: true, errors, error, ..FormStart::default() }
}

/// The draft of a form that adds a channel, if there is one, as its page shows it.
pub(crate) async fn begun_with(
    backend: &Backend,
    actor: &Actor,
    about: &NewAbout,
    module: &Module,
) -> Result<Option<FormStart>, AppError> {
    let draft: Option<Draft<NewAbout>> = backend.draft(actor, &draft_of(about)).await?;
    Ok(draft.map(|draft| {
        let (store, seen_version) = (draft.about.store.parse().ok(), draft.about.seen_version);
        FormStart { store, seen_version, ..start(draft, module) }
    }))
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
        let mut parts = draft.form.strip_prefix(NEW_DRAFT)?.split('/');
        let (mode, module, from) = (parts.next()?, parts.next()?, parts.next().and_then(key));
        let mode = Mode::parse(mode).filter(|mode| actor.require(Permission::to_edit(*mode)).is_ok())?;
        let (provider, module) = backend.catalogue().module(module).filter(|(_, module)| module.addable())?;
        Some(BegunChannel {
            mode,
            provider: provider.id.clone(),
            provider_name: crate::api::called(provider),
            module: module.id.clone(),
            module_label: module.label.clone(),
            from,
            at: draft.at,
        })
    };
    Ok(kept.into_iter().filter_map(offer).collect())
}
