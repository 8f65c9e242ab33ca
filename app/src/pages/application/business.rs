//! 비즈니스 인증: one page, a step at a time, each saved by itself.

use domain::application::{Step, view::Hold};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use super::{
    Back,
    inputs::{BusinessInputs, ServiceInputs, SettlementInputs, Upload},
};
use crate::{
    api::{
        AppError,
        application::{SaveStep, StepPage, load_step},
        refused::refused_by,
    },
    components::{Banner, ErrorBanner, Icon, Tone},
    pages::{
        auth::field_error,
        console::{PageError, PageHead},
    },
    paths,
    text::{step_text, use_application_words, use_lang, use_words},
};

#[component]
pub fn BusinessPage() -> impl IntoView {
    let words = use_application_words();
    let query = use_query_map();
    let part = move |name: &str| query.with(|query| query.get(name).unwrap_or_default());
    let step = Memo::new(move |_| Step::parse(&part("step")).unwrap_or(Step::Business));
    let done = Memo::new(move |_| part("done"));
    let is_draft = Memo::new(move |_| !part("draft").is_empty() || !part("refused").is_empty());
    let page = Resource::new(move || (step.get(), is_draft.get()), |(step, is_draft)| load_step(step, is_draft));
    view! {
        <Back />
        <PageHead title=words.business lead=words.business_lead />
        <Show when=move || done.get() == "saved">
            <Banner tone=Tone::Success title=words.saved />
        </Show>
        <Transition>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(page) => {
                        Either::Left(
                            view! {
                                <Steps page=page.clone() />
                                <Step_ page=page />
                            },
                        )
                    }
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Steps(page: StepPage) -> impl IntoView {
    let lang = use_lang();
    let items = Step::ALL
        .iter()
        .map(|step| {
            view! {
                <li aria-current=(*step == page.step).then_some("step")>
                    <a href=paths::application_step(*step)>
                        {step_text(lang, *step)}
                        {page.done.contains(step).then(|| view! { <Icon name="check" small=true /> })}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="steps application-steps">{items}</ol> }
}

/// The form of a step. The name has a mark, since the step itself is called so.
#[component]
fn Step_(page: StepPage) -> impl IntoView {
    let words = use_application_words();
    if page.hold == Hold::Locked {
        return Either::Left(view! {
            <Banner tone=Tone::Info>
                <p>{words.locked}</p>
            </Banner>
        });
    }
    let before = match (page.errors.is_empty(), page.error.clone()) {
        (false, _) => Some(AppError::Form(page.errors.clone())),
        (true, error) => error,
    };
    let shared = (page.hold == Hold::Shared).then(|| {
        view! {
            <Banner tone=Tone::Caution>
                <p>{words.shared}</p>
            </Banner>
        }
    });
    let form = if page.step == Step::Registration {
        Either::Left(view! { <Upload file=page.file before=before /> })
    } else {
        Either::Right(view! { <Form page=page before=before /> })
    };
    Either::Right(view! {
        {shared}
        {form}
    })
}

#[component]
fn Form(page: StepPage, before: Option<AppError>) -> impl IntoView {
    let (words, application, lang) = (use_words(), use_application_words(), use_lang());
    let action = ServerAction::<SaveStep>::new();
    let failed = refused_by(action, before);
    let locked = field_error(failed, "step");
    let StepPage { step, form, has_number, kept_number, seen, .. } = page;
    let stale = move || match failed.get() {
        Some(AppError::Stale { current }) => Some(current),
        _ => None,
    };
    let inputs = match step {
        Step::Business => view! { <BusinessInputs form=form failed=failed /> }.into_any(),
        Step::Service => view! { <ServiceInputs form=form failed=failed /> }.into_any(),
        _ => view! { <SettlementInputs form=form failed=failed has_number=has_number kept_number=kept_number /> }
            .into_any(),
    };
    view! {
        <ActionForm action=action attr:novalidate=true attr:class="card stack">
            <h2>{step_text(lang, step)}</h2>
            <ErrorBanner error=failed />
            {move || stale().map(|_| view! { <p><a href=paths::APPLICATION_SUMMARY>{application.see_stored}</a></p> })}
            {move || locked.get().map(|text| view! { <Banner tone=Tone::Caution title=text /> })}
            <input type="hidden" name="step" value=step.as_str() />
            // Whoever was overtaken has been told, and saves over it by saving again.
            <input type="hidden" name="seen" value=move || stale().filter(|mark| *mark != 0).unwrap_or(seen) />
            {kept_number.then(|| view! { <input type="hidden" name="draft" value="1" /> })}
            {inputs}
            <div class="form-actions">
                <a class="button" href=paths::APPLICATION>
                    {words.cancel}
                </a>
                <button class="button button--primary" type="submit" aria-busy=move || action.pending().get().then_some("true")>
                    {application.save_next}
                </button>
            </div>
        </ActionForm>
    }
}
