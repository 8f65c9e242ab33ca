//! The server's side of the channel forms: what is refused, and the data of pages.

#[path = "channels_typed.rs"]
pub(crate) mod typed;

use std::collections::BTreeSet;

use backend::{Actor, Backend, Error, NewChannel};
use domain::{
    catalogue::{Module, Provider, Version},
    channel::{self, ChannelForm, Mode, code::Coded},
    id::ChannelKey,
    member::Permission,
};

pub(crate) use typed::{Draft, start, with_kept_secrets};

use super::{
    AppError, ChannelPageData, ChosenModule, EditAbout, EditChannelPage, FormStart, NewAbout, ProviderChoice,
    SecondStep, ShownChannel,
};
use crate::{
    api::{go_on, go_to, refuse, wants_html},
    paths,
    text::Lang,
};

pub(super) fn edit_draft(key: ChannelKey) -> String {
    format!("channels/{key}")
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
    let back = typed::page_of(&NewAbout { store: String::new(), ..about.clone() });
    let back = paths::in_store(&format!("{back}&draft=1"), about.store.parse().ok());
    // What names no module has no page of its own to come back to.
    if backend.chosen_module(&about.mode, &about.provider, &about.module).is_ok() {
        typed::keep(backend, actor.into(), about, form, Some(error)).await.map_err(refuse)?;
    }
    go_to(&back);
    Ok(())
}

pub(super) async fn refuse_edit(
    backend: &Backend,
    actor: &Actor,
    (key, about): (ChannelKey, EditAbout),
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
    backend.keep_draft(actor, &edit_draft(key), &Draft { about, form, error: Some(error) }).await?;
    go_on(&format!("{}?draft=1", paths::edit_channel(key)));
    Ok(())
}

pub(crate) async fn new_with_kept_secrets(
    backend: &Backend,
    actor: &Actor,
    about: &NewAbout,
    form: ChannelForm,
) -> Result<ChannelForm, AppError> {
    match backend.catalogue().module(&about.module) {
        Some((_, module)) if !about.draft.is_empty() => {
            let draft = typed::draft_of(about);
            with_kept_secrets::<NewAbout>(backend, actor, &draft, (&about.mode, module), form).await
        }
        _ => Ok(form),
    }
}

pub(super) async fn edit_with_kept_secrets(
    backend: &Backend,
    actor: &Actor,
    key: ChannelKey,
    about: &EditAbout,
    form: ChannelForm,
) -> Result<ChannelForm, AppError> {
    if about.draft.is_empty() {
        return Ok(form);
    }
    let page = channel_page(backend, actor, key).await?;
    let of = (page.channel.summary.mode.as_str(), &page.module);
    with_kept_secrets::<EditAbout>(backend, actor, &edit_draft(key), of, form).await
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
    let about =
        NewAbout { mode: mode.to_owned(), module: module.id.to_string(), from: from.to_owned(), ..NewAbout::default() };
    let start = match typed::begun_with(backend, actor, &about, module).await? {
        Some(start) => start,
        None if from.is_empty() => FormStart::default(),
        None => cloned(backend, actor, from, module, chosen_mode).await?,
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
    let twin = backend.twin_of(actor, key).await?;
    Ok(ShownChannel { code, twin, now: backend.now_ms(), page })
}

pub(super) async fn edit_page(backend: &Backend, actor: &Actor, key: ChannelKey) -> Result<EditChannelPage, AppError> {
    let page = channel_page(backend, actor, key).await?;
    actor.require(Permission::to_edit(page.channel.summary.mode))?;
    let draft: Option<Draft<EditAbout>> = backend.draft(actor, &edit_draft(key)).await?;
    let start = match draft {
        // What somebody saved since was not on the screen when this was typed.
        Some(draft) => FormStart { seen_version: draft.about.seen_version, ..start(draft, &page.module) },
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
