//! 전자결제 신청 as its pages need it. The account number is never sent, the file by a download of its own only.

use std::collections::BTreeMap;

use domain::{
    application::{
        BusinessForm, ChoiceForm, ConsentForm, State, Step,
        view::{ContractSummary, FileView, Hold, Overview},
    },
    catalogue::Module,
    form::FormErrors,
    id::{ApplicationId, ChannelKey, ModuleId, ProviderId},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{AppError, channels::ProviderChoice, refused::Start};

/// What the forms begin with whose pages show more than a form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationStart {
    pub consent: Start<ConsentForm>,
    pub submit: Start<BTreeMap<String, String>>,
    pub review: Start<ReviewForm>,
}

/// 카드사 심사 of one issuer, as chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReviewForm {
    pub issuer: String,
    /// A state, or [`NO_REVIEW`].
    pub review: String,
}

/// What takes the note of a review away.
pub const NO_REVIEW: &str = "none";

/// One step of 비즈니스 인증.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepPage {
    pub step: Step,
    pub done: Vec<Step>,
    pub form: BusinessForm,
    pub errors: FormErrors,
    pub error: Option<AppError>,
    /// An account number is stored.
    pub has_number: bool,
    /// One was typed into the form that was refused; it is kept.
    pub kept_number: bool,
    pub file: Option<FileView>,
    pub hold: Hold,
    /// Of what is stored, to be sent along.
    pub seen: i64,
}

/// What can be applied for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offers {
    pub providers: Vec<ProviderChoice>,
    /// Of the provider that is chosen.
    pub modules: Vec<Module>,
    /// Applied for already.
    pub taken: Vec<Taken>,
}

/// A module that there is an application for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    pub module: ModuleId,
    pub contract: ApplicationId,
    pub state: State,
}

/// The choice of what a module offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoicePage {
    pub module: Module,
    pub provider: ProviderId,
    pub provider_name: String,
    pub start: Start<ChoiceForm>,
}

/// The page of one application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractPageData {
    pub contract: ContractSummary,
    pub module: Module,
}

#[server(prefix = "/api", endpoint = "application/overview")]
pub async fn load_application() -> Result<Overview, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let mut found = backend.application(&actor).await.map_err(super::refuse)?;
    for contract in &mut found.contracts {
        super::call(&backend, &contract.provider, &mut contract.provider_name);
    }
    Ok(found)
}

#[server(prefix = "/api", endpoint = "application/drafts")]
pub async fn load_application_start() -> Result<ApplicationStart, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let consent = backend.draft(&actor, ssr::CONSENT).await.map_err(super::refuse)?.unwrap_or_default();
    let submit = backend.draft(&actor, ssr::SUBMIT).await.map_err(super::refuse)?.unwrap_or_default();
    let review = backend.draft(&actor, ssr::REVIEW).await.map_err(super::refuse)?.unwrap_or_default();
    Ok(ApplicationStart { consent, submit, review })
}

#[server(prefix = "/api", endpoint = "application/consent")]
pub async fn consent_to_apply(#[server(default)] form: ConsentForm) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let was_begun = backend.application(&actor).await.map_err(super::refuse)?.is_begun;
    match backend.consent_to_apply(&actor, &form).await {
        Ok(()) => {
            backend.forget_draft(&actor, ssr::CONSENT).await.map_err(super::refuse)?;
            let done = if was_begun { "saved" } else { "begun" };
            super::go_to(&format!("{}?done={done}", crate::paths::APPLICATION));
            Ok(())
        }
        Err(error) => ssr::keep(&backend, &actor, (ssr::CONSENT, crate::paths::APPLICATION), form, error).await,
    }
}

#[server(prefix = "/api", endpoint = "application/step")]
pub async fn load_step(step: Step, draft: bool) -> Result<StepPage, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    ssr::step_page(&backend, &actor, step, draft).await.map_err(super::refuse)
}

#[server(prefix = "/api", endpoint = "application/save")]
pub async fn save_step(
    step: Step,
    /// Not empty when the page showed a draft: a blank account number is then taken from it.
    #[server(default)]
    draft: String,
    /// The mark of what the page showed; 0 of who saw nothing.
    #[server(default)]
    seen: i64,
    #[server(default)] form: BusinessForm,
) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let form = if draft.is_empty() { form } else { ssr::with_kept_number(&backend, &actor, step, form).await? };
    let seen = Some(seen).filter(|mark| *mark != 0);
    match backend.save_application_step_over(&actor, step, &form, seen).await {
        Ok(()) => {
            backend.forget_draft(&actor, &ssr::step_draft(step)).await.map_err(super::refuse)?;
            let to = step.next().map_or_else(
                || format!("{}?done=saved", crate::paths::APPLICATION),
                |next| format!("{}&done=saved", crate::paths::application_step(next)),
            );
            super::go_to(&to);
            Ok(())
        }
        Err(error) => {
            let back = crate::paths::application_step(step);
            let error = ssr::with_mark(&backend, &actor, step, error).await?;
            ssr::keep(&backend, &actor, (&ssr::step_draft(step), &back), form, error).await
        }
    }
}

#[server(prefix = "/api", endpoint = "application/offers")]
pub async fn load_offers(provider: String) -> Result<Offers, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    ssr::offers(&backend, &actor, &provider).await.map_err(super::refuse)
}

#[server(prefix = "/api", endpoint = "application/choice")]
pub async fn load_choice(module: String, draft: bool) -> Result<ChoicePage, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    ssr::choice_page(&backend, &actor, &module, draft).await.map_err(super::refuse)
}

#[server(prefix = "/api", endpoint = "application/choose")]
pub async fn choose_module(module: String, #[server(default)] form: ChoiceForm) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    if !backend.catalogue().module(&module).is_some_and(|(_, module)| domain::application::offered(module)) {
        return Err(super::refuse(AppError::NotFound));
    }
    match backend.choose_module(&actor, &module, &form).await {
        Ok(_) => {
            backend.forget_draft(&actor, &ssr::choice_draft(&module)).await.map_err(super::refuse)?;
            super::go_to(&format!("{}?done=chosen", crate::paths::APPLICATION));
            Ok(())
        }
        Err(error) => {
            let back = crate::paths::application_module(&module);
            ssr::keep(&backend, &actor, (&ssr::choice_draft(&module), &back), form, error).await
        }
    }
}

#[server(prefix = "/api", endpoint = "application/drop")]
pub async fn drop_application(id: ApplicationId) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.drop_application(&actor, id).await.map_err(super::refuse)?;
    super::go_to(&format!("{}?done=dropped", crate::paths::APPLICATION));
    Ok(())
}

/// Submits what is ticked, by id.
#[server(prefix = "/api", endpoint = "application/submit")]
pub async fn submit_applications(#[server(default)] contracts: BTreeMap<String, String>) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let ids: Result<Vec<ApplicationId>, _> = contracts.keys().map(|id| id.parse()).collect();
    let ids = ids.map_err(|_| super::refuse(AppError::NotFound))?;
    match backend.submit_applications(&actor, &ids, super::session::caller()?.language).await {
        Ok(()) => {
            backend.forget_draft(&actor, ssr::SUBMIT).await.map_err(super::refuse)?;
            super::go_to(&format!("{}?done=submitted", crate::paths::APPLICATION));
            Ok(())
        }
        Err(error) => {
            ssr::keep(&backend, &actor, (ssr::SUBMIT, crate::paths::APPLICATION_SUMMARY), contracts, error).await
        }
    }
}

#[server(prefix = "/api", endpoint = "application/contract")]
pub async fn load_contract(id: ApplicationId) -> Result<ContractPageData, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let mut contract = backend.application_contract(&actor, id).await.map_err(super::refuse)?;
    super::call(&backend, &contract.provider, &mut contract.provider_name);
    let (_, module) = backend.catalogue().module(contract.module.as_str()).ok_or(AppError::Internal)?;
    Ok(ContractPageData { contract, module: module.clone() })
}

#[server(prefix = "/api", endpoint = "application/again")]
pub async fn begin_again(id: ApplicationId) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let language = super::session::caller()?.language;
    backend.begin_again(&actor, id, language).await.map_err(super::refuse)?;
    super::go_to(&format!("{}?done=begun_again", crate::paths::contract(id)));
    Ok(())
}

#[server(prefix = "/api", endpoint = "application/review")]
pub async fn note_review(id: ApplicationId, #[server(default)] form: ReviewForm) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let review = domain::application::Review::parse(&form.review);
    let noted = if review.is_some() || form.review == NO_REVIEW {
        backend.note_review(&actor, id, &form.issuer, review).await
    } else {
        Err(FormErrors::one("review", domain::form::ErrorCode::Required).into())
    };
    match noted {
        Ok(()) => {
            backend.forget_draft(&actor, ssr::REVIEW).await.map_err(super::refuse)?;
            super::go_to(&format!("{}?done=reviewed", crate::paths::contract(id)));
            Ok(())
        }
        Err(error) => ssr::keep(&backend, &actor, (ssr::REVIEW, &crate::paths::contract(id)), form, error).await,
    }
}

/// The application that a live channel comes of, for who may see it.
#[server(prefix = "/api", endpoint = "application/channel")]
pub async fn load_channel_contract(key: ChannelKey) -> Result<Option<ContractSummary>, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.contract_of_channel(&actor, key).await.map_err(super::refuse)
}

#[cfg(feature = "ssr")]
pub use ssr::upload_draft;

#[cfg(feature = "ssr")]
#[path = "application_ssr.rs"]
mod ssr;
