//! The server's side of the forms of 전자결제 신청: drafts of what was refused, and the data of pages.

use backend::{Actor, Backend, Error};
use domain::{
    application::{BusinessForm, ChoiceForm, Step, offered, view::Overview},
    catalogue::Provider,
    member::Permission,
    secret::Typed,
};
use serde::{Serialize, de::DeserializeOwned};

use super::{AppError, ChoicePage, Offers, ProviderChoice, StepPage, Taken};
use crate::api::{
    called, go_to, refuse,
    refused::{Start, leave},
};

pub(super) const CONSENT: &str = "application/consent";
pub(super) const SUBMIT: &str = "application/submit";
pub(super) const REVIEW: &str = "application/review";

pub(super) fn step_draft(step: Step) -> String {
    format!("application/{step}")
}

/// What a refused upload is kept as: why it was refused, and nothing of it.
pub fn upload_draft() -> String {
    step_draft(Step::Registration)
}

/// At most one draft for each module that there is.
pub(super) fn choice_draft(module: &str) -> String {
    let word: String = module.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(32).collect();
    format!("application/pgs/{word}")
}

/// A refusal for having been overtaken, with the mark of what is stored now.
pub(super) async fn with_mark(
    backend: &Backend,
    actor: &Actor,
    step: Step,
    error: Error,
) -> Result<AppError, AppError> {
    Ok(match AppError::from(error) {
        AppError::Stale { .. } => {
            let details = backend.application(actor).await.map_err(refuse)?.details;
            AppError::Stale { current: details.map(|details| details.mark(step)).unwrap_or_default() }
        }
        error => error,
    })
}

/// Refuses a form: a fetch is told, a plain form finds its page `back` with what was typed. Who may not send it has no page.
pub(super) async fn keep<F: Serialize>(
    backend: &Backend,
    actor: &Actor,
    (draft, back): (&str, &str),
    form: F,
    error: impl Into<AppError>,
) -> Result<(), AppError> {
    let error = error.into();
    if matches!(error, AppError::NotFound | AppError::Forbidden) {
        return Err(refuse(error));
    }
    leave((backend, actor), draft, form, error).await?;
    let mark = if back.contains('?') { '&' } else { '?' };
    go_to(&format!("{back}{mark}draft=1"));
    Ok(())
}

async fn kept<F: DeserializeOwned>(
    backend: &Backend,
    actor: &Actor,
    draft: &str,
    is_draft: bool,
) -> Result<Option<Start<F>>, AppError> {
    Ok(if is_draft { backend.draft(actor, draft).await? } else { None })
}

/// The form with the account number of the draft, where none was typed since.
pub(super) async fn with_kept_number(
    backend: &Backend,
    actor: &Actor,
    step: Step,
    form: BusinessForm,
) -> Result<BusinessForm, AppError> {
    let start: Option<Start<BusinessForm>> = kept(backend, actor, &step_draft(step), true).await.map_err(refuse)?;
    Ok(match start {
        Some(start) if form.account_number.as_str().is_empty() => {
            BusinessForm { account_number: start.form.account_number.clone(), ..form }
        }
        _ => form,
    })
}

pub(super) async fn step_page(
    backend: &Backend,
    actor: &Actor,
    step: Step,
    is_draft: bool,
) -> Result<StepPage, AppError> {
    actor.require(Permission::EditApplication)?;
    let Overview { details: Some(details), .. } = backend.application(actor).await? else {
        return Err(AppError::NotFound);
    };
    let stored = || {
        let form = BusinessForm::of(details.business.as_ref(), details.service.as_ref(), details.bank.as_deref());
        Start { form, ..Start::default() }
    };
    // An upload's draft has no form.
    let start = if step == Step::Registration {
        let refused: Option<Start<()>> = kept(backend, actor, &upload_draft(), is_draft).await?;
        let (errors, error) = refused.map(|refused| (refused.errors, refused.error)).unwrap_or_default();
        Start { errors, error, ..stored() }
    } else {
        kept(backend, actor, &step_draft(step), is_draft).await?.unwrap_or_else(stored)
    };
    let seen = details.mark(step);
    let kept_number = !start.form.account_number.as_str().is_empty();
    Ok(StepPage {
        step,
        done: Step::ALL.iter().copied().filter(|step| details.has(*step)).collect(),
        form: BusinessForm { account_number: Typed::default(), ..start.form },
        errors: start.errors,
        error: start.error,
        has_number: details.number_set_at.is_some(),
        kept_number,
        hold: details.hold,
        seen,
        file: details.file,
    })
}

/// The providers that have something to apply for, and the modules of the one that is chosen.
pub(super) async fn offers(backend: &Backend, actor: &Actor, provider: &str) -> Result<Offers, AppError> {
    actor.require(Permission::EditApplication)?;
    let application = backend.application(actor).await?;
    if !application.is_begun {
        return Err(AppError::NotFound);
    }
    let providers = backend.catalogue().providers();
    let choice = |provider: &Provider| ProviderChoice {
        id: provider.id.clone(),
        name: called(provider),
        category: provider.category,
        also: Vec::new(),
        versions: Vec::new(),
    };
    let found = providers.iter().filter(|provider| provider.modules.iter().any(offered));
    let modules = backend.catalogue().provider(provider).map(|provider| provider.modules.clone()).unwrap_or_default();
    let closed = application.contracts.into_iter().filter(|one| !one.state.is_open());
    Ok(Offers {
        providers: found.map(choice).collect(),
        modules: modules.into_iter().filter(offered).collect(),
        taken: closed.map(|one| Taken { module: one.module, contract: one.id, state: one.state }).collect(),
    })
}

pub(super) async fn choice_page(
    backend: &Backend,
    actor: &Actor,
    module: &str,
    is_draft: bool,
) -> Result<ChoicePage, AppError> {
    actor.require(Permission::EditApplication)?;
    let found = backend.catalogue().module(module).filter(|(_, module)| offered(module));
    let (provider, module) = found.ok_or(AppError::NotFound)?;
    let application = backend.application(actor).await?;
    if !application.is_begun {
        return Err(AppError::NotFound);
    }
    let chosen = application.contracts.into_iter().find(|one| one.module == module.id).and_then(|one| one.details);
    let stored = || Start {
        form: chosen.map(|details| ChoiceForm::of(&details.choice)).unwrap_or_default(),
        ..Start::default()
    };
    let start = kept(backend, actor, &choice_draft(module.id.as_str()), is_draft).await?.unwrap_or_else(stored);
    Ok(ChoicePage { module: module.clone(), provider: provider.id.clone(), provider_name: called(provider), start })
}
