//! What to have ready, and two ways on.

use domain::application::{Consent, ConsentForm};
use leptos::{either::Either, prelude::*};

use crate::{
    api::{
        AppError,
        application::ConsentToApply,
        refused::{Start, refused_by},
    },
    components::{Banner, CheckField, ErrorBanner, Tone},
    paths,
    text::{ErrorContext, consent_text, error_text, use_application_words, use_lang},
};

#[component]
pub fn Intro(
    start: Start<ConsentForm>,
    may_edit: bool,
    /// What was agreed to has other words by now.
    is_outdated: bool,
) -> impl IntoView {
    let words = use_application_words();
    view! {
        {is_outdated
            .then(|| {
                view! {
                    <Banner tone=Tone::Caution>
                        <p>{words.consents_outdated}</p>
                    </Banner>
                }
            })}
        <div class="columns">
            {if may_edit {
                Either::Left(view! { <Consents start=start /> })
            } else {
                Either::Right(
                    view! {
                        <Banner tone=Tone::Info>
                            <p>{words.only_editors}</p>
                        </Banner>
                    },
                )
            }}
            <aside class="card card--sunk stack" aria-labelledby="application-ready">
                <h2 id="application-ready">{words.ready_title}</h2>
                <ul class="notice-list">
                    <li>{words.ready_registration}</li>
                    <li>{words.ready_url}</li>
                    <li>{words.ready_people}</li>
                </ul>
                <a class="button" href=format!("{}?mode=test", paths::NEW_CHANNEL)>
                    {words.test_first}
                </a>
            </aside>
        </div>
    }
}

#[component]
fn Consents(start: Start<ConsentForm>) -> impl IntoView {
    let (words, lang) = (use_application_words(), use_lang());
    let action = ServerAction::<ConsentToApply>::new();
    let failed = refused_by(action, start.refusal());
    let boxes = Consent::ALL
        .iter()
        .map(|consent| {
            let text = match consent {
                Consent::ThirdParty => words.third_party_text,
                Consent::Collection => words.collection_text,
                Consent::Marketing => words.marketing_text,
            };
            let mark = if consent.is_required() { words.required } else { words.optional };
            let field = format!("consents.{consent}");
            let error = Signal::derive(move || {
                let failed: AppError = failed.get()?;
                failed.fields()?.of(&field).map(|code| error_text(lang, code, &ErrorContext::default()))
            });
            view! {
                <div class="application-consent">
                    <CheckField
                        id=format!("consent-{consent}")
                        name=format!("form[consents][{consent}]")
                        checked=start.form.has(*consent)
                        error=error
                    >
                        {mark}
                        " "
                        {consent_text(lang, *consent)}
                    </CheckField>
                    <p class="field-help">{text}</p>
                </div>
            }
        })
        .collect_view();
    view! {
        <ActionForm action=action attr:novalidate=true attr:class="card stack">
            <h2>{words.consents}</h2>
            <ErrorBanner error=failed />
            <fieldset class="field">
                <legend class="visually-hidden">{words.consents}</legend>
                <div class="stack">{boxes}</div>
            </fieldset>
            <div class="form-actions">
                <button class="button button--primary" type="submit" aria-busy=move || action.pending().get().then_some("true")>
                    {words.start}
                </button>
            </div>
        </ActionForm>
    }
}
