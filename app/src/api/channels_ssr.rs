//! The server's side of the channel forms: drafts of what was refused, and the data of pages.

#[path = "channels_typed.rs"]
pub(super) mod typed;

use std::collections::BTreeSet;

use backend::{Actor, Backend, Error, NewChannel};
use domain::{
    catalogue::{Module, Provider, Version},
    channel::{self, ChannelForm, Mode, code::Coded},
    form::FormErrors,
    id::{ChannelKey, FieldKey},
    member::Permission,
    secret::Typed,
};
use serde::{Deserialize, Serialize};

use super::{
    AppError, ChannelPageData, ChosenModule, EditAbout, EditChannelPage, FormStart, NewAbout, ProviderChoice,
    SecondStep, ShownChannel,
};
use crate::{
    api::{go_on, go_to, refuse, wants_html},
    paths,
    text::Lang,
};

const NEW_DRAFT: &str = "channels/new/";

/// Each module and mode has a draft of its own: beginning another channel loses nothing.
pub(super) fn new_draft(mode: &str, module: &str) -> String {
    format!("{NEW_DRAFT}{mode}/{module}")
}

pub(super) fn edit_draft(key: ChannelKey) -> String {
    format!("channels/{key}")
}

/// A form with why it was refused, if it was, as it is sealed. `about` is empty where the draft's name says all.
#[derive(Serialize, Deserialize)]
pub(crate) struct Draft<A> {
    pub about: A,
    pub form: ChannelForm,
    #[serde(default)]
    pub error: Option<AppError>,
}

pub(super) fn new_channel(about: &NewAbout, form: &ChannelForm) -> NewChannel {
    NewChannel {
        mode: about.mode.clone(),
        provider: about.provider.clone(),
        module: about.module.clone(),
        idempotency_key: about.request_key.clone(),
        store: about.store.clone(),
        form: form.clone(),
        twin_of: None,
    }
}

/// The channel's page, with what was done and which inputs were cleaned.
pub(crate) fn saved(backend: &Backend, done: &str, key: ChannelKey, module: &str, form: &ChannelForm) -> String {
    let cleaned = backend.catalogue().module(module).map(|(_, module)| channel::cleaned(form, module));
    let cleaned =
        cleaned.filter(|cleaned| !cleaned.is_empty()).map(|cleaned| format!("&cleaned={}", cleaned.join(",")));
    format!("{}?done={done}{}", paths::channel(key), cleaned.unwrap_or_default())
}

/// Refuses a new channel: a fetch is told, a plain form finds its page again with everything that was typed.
pub(super) async fn refuse_new(
    backend: &Backend,
    actor: &Actor,
    about: NewAbout,
    form: ChannelForm,
    error: AppError,
) -> Result<(), AppError> {
    if !wants_html() {
        return Err(refuse(error));
    }
    let back = format!("{}&draft=1", paths::new_channel(&about.mode, &about.provider, &about.module));
    // The store that was chosen in the form, as the URL keeps it.
    let back = paths::in_store(&back, about.store.parse().ok());
    // What names no module has no page of its own to come back to.
    if backend.chosen_module(&about.mode, &about.provider, &about.module).is_ok() {
        let draft = new_draft(&about.mode, &about.module);
        backend.keep_draft(actor, &draft, &Draft { about, form, error: Some(error) }).await?;
    }
    go_to(&back);
    Ok(())
}

pub(super) async fn refuse_edit(
    backend: &Backend,
    actor: &Actor,
    key: ChannelKey,
    form: ChannelForm,
    error: AppError,
) -> Result<(), AppError> {
    // Saving again, after a look, is saving over what is stored by now.
    let error = match error {
        AppError::Stale { .. } => AppError::Stale { current: backend.channel(actor, key).await?.version },
        other => other,
    };
    if !wants_html() || error == AppError::NotFound {
        return Err(refuse(error));
    }
    backend.keep_draft(actor, &edit_draft(key), &Draft { about: (), form, error: Some(error) }).await?;
    go_on(&format!("{}?draft=1", paths::edit_channel(key)));
    Ok(())
}

/// Blank secrets of a form that showed a draft are the draft's.
pub(super) async fn with_kept_secrets(
    backend: &Backend,
    actor: &Actor,
    about: &NewAbout,
    mut form: ChannelForm,
) -> Result<ChannelForm, AppError> {
    if about.draft.is_empty() {
        return Ok(form);
    }
    let draft: Option<Draft<NewAbout>> = backend.draft(actor, &new_draft(&about.mode, &about.module)).await?;
    if let (Some(draft), Some((_, module))) = (draft, backend.catalogue().module(&about.module))
        && !is_shared(&form.shared_mid, &about.mode, module)
    {
        fill(&mut form, &draft.form, module);
    }
    Ok(form)
}

pub(super) async fn edit_with_kept_secrets(
    backend: &Backend,
    actor: &Actor,
    key: ChannelKey,
    about: &EditAbout,
    mut form: ChannelForm,
) -> Result<ChannelForm, AppError> {
    if about.draft.is_empty() {
        return Ok(form);
    }
    let draft: Option<Draft<()>> = backend.draft(actor, &edit_draft(key)).await?;
    let page = channel_page(backend, actor, key).await?;
    let mode = page.channel.summary.mode.as_str();
    if let Some(draft) = draft.filter(|_| !is_shared(&form.shared_mid, mode, &page.module)) {
        fill(&mut form, &draft.form, &page.module);
    }
    Ok(form)
}

fn is_shared(shared_mid: &str, mode: &str, module: &Module) -> bool {
    mode == Mode::Test.as_str() && module.test_mid(shared_mid).is_some()
}

pub(crate) fn fill(form: &mut ChannelForm, kept: &ChannelForm, module: &Module) {
    let chosen: Vec<_> = form.uses.keys().filter_map(|word| domain::channel::Use::parse(word)).collect();
    for field in module.fields.iter().filter(|field| field.secret && field.allowed(&chosen)) {
        let typed = form.fields.entry(field.key.to_string()).or_default();
        if let (true, Some(value)) = (typed.as_str().trim().is_empty(), kept.fields.get(field.key.as_str())) {
            *typed = value.clone();
        }
    }
}

/// The draft as a page may show it: secrets blank, their keys listed.
pub(crate) fn start(form: ChannelForm, module: &Module, error: Option<AppError>) -> FormStart {
    let mut form = form;
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
    FormStart { form, kept, is_draft: true, is_clone: false, errors, error }
}

pub(super) fn modules(backend: &Backend, mode: &str, provider: &str) -> Vec<Module> {
    let mode = Mode::parse(mode).unwrap_or(Mode::Test);
    let modules = backend.catalogue().provider(provider).into_iter().flat_map(|provider| &provider.modules);
    modules.filter(|module| module.addable() && module.modes.contains(&mode)).cloned().collect()
}

pub(super) async fn second_step(
    backend: &Backend,
    actor: &Actor,
    (mode, provider, module): (&str, &str, &str),
    from: &str,
) -> Result<SecondStep, AppError> {
    let (chosen_mode, owner, module) = match backend.chosen_module(mode, provider, module) {
        Ok(chosen) => chosen,
        Err(errors) => return Ok(SecondStep::Refused(errors)),
    };
    actor.require(Permission::to_edit(chosen_mode))?;
    let start = if from.is_empty() {
        let draft: Option<Draft<NewAbout>> = backend.draft(actor, &new_draft(mode, module.id.as_str())).await?;
        draft.map_or_else(FormStart::default, |draft| start(draft.form, module, draft.error))
    } else {
        cloned(backend, actor, from, module, chosen_mode).await?
    };
    Ok(SecondStep::Form(Box::new(ChosenModule {
        provider_id: owner.id.clone(),
        provider_name: crate::api::called(owner),
        admin_url: owner.admin_url.clone(),
        names: backend.free_names(actor, chosen_mode, owner, module).await?,
        used_mids: backend.mids_in_use(actor, chosen_mode, &module.id, None).await?,
        start,
        request_key: backend.request_key(),
        ticket: backend.draft_ticket(actor).await?,
        module: module.clone(),
    })))
}

pub(super) async fn channel_page(
    backend: &Backend,
    actor: &Actor,
    key: ChannelKey,
) -> Result<ChannelPageData, AppError> {
    let channel = backend.channel(actor, key).await?;
    let catalogue = backend.catalogue();
    let (provider, module) = catalogue.module(channel.summary.module.as_str()).ok_or(Error::NotFound)?;
    Ok(ChannelPageData {
        module: module.clone(),
        provider_name: crate::api::called(provider),
        admin_url: provider.admin_url.clone(),
        has_request_guide: catalogue.request_guide(&module.id).is_some(),
        channel,
    })
}

/// What another channel of the module has, under a name that is free; its secrets stay where they are.
async fn cloned(
    backend: &Backend,
    actor: &Actor,
    from: &str,
    module: &Module,
    mode: Mode,
) -> Result<FormStart, AppError> {
    let key: ChannelKey = from.parse().map_err(|_| AppError::NotFound)?;
    let channel = backend.channel(actor, key).await?;
    if channel.summary.module != module.id {
        return Err(AppError::NotFound);
    }
    let mut form = channel.form(module);
    if channel.summary.mode != mode {
        (form.shared_mid, form.mid) = (String::new(), String::new());
    }
    form.name = backend.name_like(actor, mode, &form.name).await?;
    Ok(FormStart { form, is_clone: true, ..FormStart::default() })
}

/// A channel's page.
pub(super) async fn shown(backend: &Backend, actor: &Actor, key: ChannelKey) -> Result<ShownChannel, AppError> {
    let page = channel_page(backend, actor, key).await?;
    let (channel, words) = (&page.channel, Lang::current().channel());
    let (provider, module) = backend.catalogue().module(page.module.id.as_str()).ok_or(Error::NotFound)?;
    let coded = Coded {
        module,
        category: provider.category,
        imp_code: &backend.viewer(actor).await?.imp_code,
        store: channel.store_id,
        key,
        mid: &channel.summary.mid,
        purpose: channel.summary.purpose,
        uses: &channel.uses,
        sample: (words.sample_order, words.sample_buyer),
    };
    let code = coded.code();
    Ok(ShownChannel { code, now: backend.now_ms(), page })
}

pub(super) async fn edit_page(backend: &Backend, actor: &Actor, key: ChannelKey) -> Result<EditChannelPage, AppError> {
    let page = channel_page(backend, actor, key).await?;
    actor.require(Permission::to_edit(page.channel.summary.mode))?;
    let draft: Option<Draft<()>> = backend.draft(actor, &edit_draft(key)).await?;
    let start = match draft {
        Some(draft) => start(draft.form, &page.module, draft.error),
        None => FormStart { form: page.channel.form(&page.module), ..FormStart::default() },
    };
    let summary = &page.channel.summary;
    let used_mids = backend.mids_in_use(actor, summary.mode, &summary.module, Some(key)).await?;
    Ok(EditChannelPage { page, used_mids, start })
}

/// By heading, then by name.
pub(super) fn providers(backend: &Backend) -> Vec<ProviderChoice> {
    let choice = |provider: &Provider| {
        let modules = || provider.modules.iter().filter(|module| module.addable());
        let codes = modules().flat_map(|m| m.pg_code.iter().chain([&m.pg_provider]));
        let also: BTreeSet<String> = provider
            .aliases
            .iter()
            .chain([&provider.name, &provider.name_en])
            .chain(codes)
            .map(|name| name.to_lowercase())
            .collect();
        let versions = [Version::V1, Version::V2];
        modules().next().map(|_| ProviderChoice {
            id: provider.id.clone(),
            name: crate::api::called(provider),
            category: provider.category,
            also: also.into_iter().collect(),
            versions: versions.into_iter().filter(|v| modules().any(|m| m.versions.contains(v))).collect(),
        })
    };
    let mut choices: Vec<ProviderChoice> = backend.catalogue().providers().iter().filter_map(choice).collect();
    choices.sort_by(|a, b| (a.category, &a.name).cmp(&(b.category, &b.name)));
    choices
}
