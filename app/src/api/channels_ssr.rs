//! The server's side of the channel forms: drafts of what was refused, and the data of pages.

use backend::{Actor, Backend, Error, NewChannel};
use domain::{
    catalogue::Module,
    channel::{ChannelForm, Mode, view::FieldState},
    form::FormErrors,
    id::{ChannelKey, FieldKey},
    secret::Typed,
};
use serde::{Deserialize, Serialize};

use super::{
    AppError, ChannelPageData, ChosenModule, EditChannelForm, EditChannelPage, FormStart, NewChannelForm,
    NewChannelPage, ProviderChoice,
};
use crate::{
    api::{go_to, refuse, wants_html},
    paths,
};

pub(super) const NEW_DRAFT: &str = "channels/new";

pub(super) fn edit_draft(key: ChannelKey) -> String {
    format!("channels/{key}")
}

/// A refused form with the reason, as it is sealed.
#[derive(Serialize, Deserialize)]
struct Draft<F> {
    form: F,
    error: AppError,
}

pub(super) fn new_channel(form: &NewChannelForm) -> NewChannel {
    NewChannel {
        mode: form.mode.clone(),
        provider: form.provider.clone(),
        module: form.module.clone(),
        idempotency_key: form.request_key.clone(),
        form: ChannelForm {
            name: form.name.clone(),
            purpose: form.purpose.clone(),
            shared_mid: form.shared_mid.clone(),
            mid: form.mid.clone(),
            uses: form.uses.clone(),
            fields: form.fields.clone(),
            clear: std::collections::BTreeMap::new(),
            tax: form.tax.clone(),
        },
    }
}

pub(super) fn edited(form: &EditChannelForm) -> ChannelForm {
    ChannelForm {
        name: form.name.clone(),
        purpose: form.purpose.clone(),
        shared_mid: form.shared_mid.clone(),
        mid: form.mid.clone(),
        uses: form.uses.clone(),
        fields: form.fields.clone(),
        clear: form.clear.clone(),
        tax: form.tax.clone(),
    }
}

/// Refuses a new channel: a fetch is told, a plain form finds its page again with everything that was typed.
pub(super) async fn refuse_new(
    backend: &Backend,
    actor: &Actor,
    form: NewChannelForm,
    error: AppError,
) -> Result<(), AppError> {
    if !wants_html() {
        return Err(refuse(error));
    }
    let back = format!("{}&draft=1", paths::new_channel(&form.mode, &form.provider, &form.module));
    backend.keep_draft(actor, NEW_DRAFT, &Draft { form, error }).await?;
    go_to(&back);
    Ok(())
}

pub(super) async fn refuse_edit(
    backend: &Backend,
    actor: &Actor,
    key: ChannelKey,
    form: EditChannelForm,
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
    backend.keep_draft(actor, &edit_draft(key), &Draft { form, error }).await?;
    go_to(&format!("{}?draft=1", paths::edit_channel(key)));
    Ok(())
}

/// Blank secrets of a form that showed a draft are the draft's.
pub(super) async fn with_kept_secrets(
    backend: &Backend,
    actor: &Actor,
    mut form: NewChannelForm,
) -> Result<NewChannelForm, AppError> {
    if form.draft.is_empty() {
        return Ok(form);
    }
    let draft: Option<Draft<NewChannelForm>> = backend.draft(actor, NEW_DRAFT).await?;
    if let (Some(draft), Some((_, module))) = (draft, backend.catalogue().module(&form.module))
        && draft.form.module == form.module
        && !is_shared(&form.shared_mid, &form.mode, module)
    {
        fill(&mut form.fields, &draft.form.fields, &form.uses, module);
    }
    Ok(form)
}

pub(super) async fn edit_with_kept_secrets(
    backend: &Backend,
    actor: &Actor,
    key: ChannelKey,
    mut form: EditChannelForm,
) -> Result<EditChannelForm, AppError> {
    if form.draft.is_empty() {
        return Ok(form);
    }
    let draft: Option<Draft<EditChannelForm>> = backend.draft(actor, &edit_draft(key)).await?;
    let page = channel_page(backend, actor, key).await?;
    let mode = page.channel.summary.mode.as_str();
    if let Some(draft) = draft.filter(|_| !is_shared(&form.shared_mid, mode, &page.module)) {
        fill(&mut form.fields, &draft.form.fields, &form.uses, &page.module);
    }
    Ok(form)
}

fn is_shared(shared_mid: &str, mode: &str, module: &Module) -> bool {
    mode == Mode::Test.as_str() && module.test_mid(shared_mid).is_some()
}

type Fields = std::collections::BTreeMap<String, Typed>;
type Uses = std::collections::BTreeMap<String, String>;

fn fill(fields: &mut Fields, kept: &Fields, uses: &Uses, module: &Module) {
    let chosen: Vec<_> = uses.keys().filter_map(|word| domain::channel::Use::parse(word)).collect();
    for field in module.fields.iter().filter(|field| field.secret && field.allowed(&chosen)) {
        let typed = fields.entry(field.key.to_string()).or_default();
        if let (true, Some(value)) = (typed.as_str().trim().is_empty(), kept.get(field.key.as_str())) {
            *typed = value.clone();
        }
    }
}

/// The draft as a page may show it: secrets blank, their keys listed.
fn start(form: ChannelForm, module: &Module, error: AppError) -> FormStart {
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
        AppError::Form(errors) => (errors, None),
        other => (FormErrors::default(), Some(other)),
    };
    FormStart { form, kept, is_draft: true, errors, error }
}

pub(super) async fn new_channel_page(
    backend: &Backend,
    actor: &Actor,
    mode: &str,
    provider: &str,
    module: &str,
) -> Result<NewChannelPage, AppError> {
    actor.require(domain::member::Permission::EditChannels)?;
    let catalogue = backend.catalogue();
    let chosen_mode = Mode::parse(mode).unwrap_or(Mode::Test);
    let modules = catalogue.provider(provider).map_or_else(Vec::new, |provider| {
        provider.modules.iter().filter(|m| m.addable() && m.modes.contains(&chosen_mode)).cloned().collect()
    });
    let mut page =
        NewChannelPage { providers: providers(backend), modules, chosen: None, choice_errors: FormErrors::default() };
    if module.is_empty() {
        return Ok(page);
    }
    match backend.chosen_module(mode, provider, module) {
        Err(errors) => page.choice_errors = errors,
        Ok((_, owner, module)) => {
            let draft: Option<Draft<NewChannelForm>> = backend.draft(actor, NEW_DRAFT).await?;
            let ours =
                |draft: &Draft<NewChannelForm>| draft.form.module == module.id.as_str() && draft.form.mode == mode;
            let start = draft
                .filter(ours)
                .map_or_else(FormStart::default, |draft| start(new_channel(&draft.form).form, module, draft.error));
            page.chosen = Some(ChosenModule {
                provider_id: owner.id.clone(),
                provider_name: owner.name.clone(),
                admin_url: owner.admin_url.clone(),
                names: backend.free_names(actor, chosen_mode, owner, module).await?,
                start,
                request_key: backend.request_key(),
                module: module.clone(),
            });
        }
    }
    Ok(page)
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
        provider_name: provider.name.clone(),
        admin_url: provider.admin_url.clone(),
        providers: providers(backend),
        channel,
    })
}

pub(super) async fn edit_page(backend: &Backend, actor: &Actor, key: ChannelKey) -> Result<EditChannelPage, AppError> {
    actor.require(domain::member::Permission::EditChannels)?;
    let page = channel_page(backend, actor, key).await?;
    let draft: Option<Draft<EditChannelForm>> = backend.draft(actor, &edit_draft(key)).await?;
    let start = match draft {
        Some(draft) => start(edited(&draft.form), &page.module, draft.error),
        None => FormStart { form: stored_form(&page), ..FormStart::default() },
    };
    Ok(EditChannelPage { page, start })
}

/// The stored channel as its form shows it.
fn stored_form(page: &ChannelPageData) -> ChannelForm {
    let channel = &page.channel;
    let shared = channel.summary.mode == Mode::Test && page.module.test_mid(&channel.summary.mid).is_some();
    let fields = channel.fields.iter().filter_map(|field| match &field.state {
        FieldState::Value { value } if !shared => Some((field.key.to_string(), Typed::new(value.clone()))),
        _ => None,
    });
    ChannelForm {
        name: channel.summary.name.clone(),
        purpose: channel.summary.purpose.as_str().to_owned(),
        shared_mid: if shared { channel.summary.mid.clone() } else { ChannelForm::OWN_MID.to_owned() },
        mid: if shared { String::new() } else { channel.summary.mid.clone() },
        uses: channel.uses.iter().map(|word| (word.as_str().to_owned(), "on".to_owned())).collect(),
        fields: fields.collect(),
        clear: std::collections::BTreeMap::new(),
        tax: channel.tax.as_str().to_owned(),
    }
}

fn providers(backend: &Backend) -> Vec<ProviderChoice> {
    let choice = |provider: &domain::catalogue::Provider| ProviderChoice {
        id: provider.id.clone(),
        name: provider.name.clone(),
        category: provider.category,
    };
    backend.catalogue().providers().iter().map(choice).collect()
}
