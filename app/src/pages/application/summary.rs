//! Everything once more, to be checked and submitted.

use std::collections::BTreeMap;

use domain::{
    application::{
        ApplicationError, Consented, Step,
        view::{ContractSummary, Details, Overview},
    },
    form::ErrorCode,
    member::Permission,
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use super::{Back, PgName, StateChip, overview::url_told};
use crate::{
    api::{
        AppError,
        application::{ApplicationStart, SubmitApplications, load_application, load_application_start},
        refused::{Start, refused_by},
    },
    components::{Banner, ErrorBanner, FieldMessage, Tone, when_text},
    pages::{
        auth::field_error,
        console::{PageError, PageHead},
    },
    paths,
    routes::Account,
    text::{business_kind_text, consent_text, step_text, style_text, use_application_words, use_lang, use_words},
};

#[component]
pub fn SummaryPage() -> impl IntoView {
    let words = use_application_words();
    let account: Account = expect_context();
    let query = use_query_map();
    let is_draft = query.with_untracked(|query| query.get("draft").is_some());
    let found = Resource::new(|| (), |()| load_application());
    let start = Resource::new(
        move || is_draft,
        async |is_draft| {
            if is_draft { load_application_start().await.unwrap_or_default() } else { ApplicationStart::default() }
        },
    );
    view! {
        <Back />
        <PageHead title=words.summary lead=words.summary_lead />
        <Transition>
            {move || Suspend::new(async move {
                let may_edit = account.may(Permission::EditApplication).await;
                let start = start.await.submit;
                match found.await {
                    Ok(Overview { details: Some(details), contracts, .. }) if may_edit => {
                        Either::Left(
                            view! {
                                <Entered details=details.clone() />
                                <Submit details=details contracts=contracts start=start />
                            },
                        )
                    }
                    Ok(found) => {
                        let error = if may_edit && !found.is_begun { AppError::NotFound } else { AppError::Forbidden };
                        Either::Right(view! { <PageError error=error /> })
                    }
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

/// What was entered, line by line.
#[component]
pub fn Entered(details: Details) -> impl IntoView {
    let (words, lang) = (use_application_words(), use_lang());
    let Details { consents, business, service, bank, number_set_at, file, .. } = details;
    let mut lines: Vec<(&'static str, String)> = Vec::new();
    if let Some(it) = business {
        lines.extend([
            (words.kind, business_kind_text(lang, it.kind).to_owned()),
            (words.number, it.number.printed()),
            (words.company, it.company),
            (words.representative, it.representative),
            (words.sector, it.sector),
            (words.trade, it.trade),
            (words.address, it.address),
        ]);
    }
    if let Some(it) = service {
        lines.extend([
            (words.url, url_told(lang, &it)),
            (words.contact_name, it.contact.name),
            (words.contact_email, it.contact.email),
            (words.contact_phone, it.contact.phone),
        ]);
    }
    lines.extend(bank.map(|bank| (words.bank, bank)));
    lines.extend(number_set_at.map(|at| (words.account_number, format!("{} · {}", words.account_set, when_text(at)))));
    lines.extend(file.map(|file| (step_text(lang, Step::Registration), file.name)));
    let consent = |Consented { consent, version, at }: Consented| {
        (consent_text(lang, consent), format!("{version} · {}", when_text(at)))
    };
    lines.extend(consents.into_iter().map(consent));
    let lines = lines.into_iter().map(|(label, value)| view! { <dt>{label}</dt> <dd>{value}</dd> }).collect_view();
    view! {
        <section class="card stack" aria-labelledby="entered">
            <div class="card-head">
                <h2 id="entered">{words.business}</h2>
            </div>
            <dl class="kv">{lines}</dl>
        </section>
    }
}

#[component]
fn Submit(details: Details, contracts: Vec<ContractSummary>, start: Start<BTreeMap<String, String>>) -> impl IntoView {
    let (words, application, lang) = (use_words(), use_application_words(), use_lang());
    let action = ServerAction::<SubmitApplications>::new();
    // A refused form comes back as it was ticked.
    let before = start.refusal();
    let ticked = before.is_some().then_some(start.form);
    let is_ticked = move |id: &str| ticked.as_ref().is_none_or(|ticked| ticked.contains_key(id));
    let failed = refused_by(action, before);
    let missing = details.missing();
    let error = field_error(failed, "contracts");
    let rows = contracts
        .into_iter()
        .filter(|contract| contract.state.is_open())
        .map(|contract| {
            let (id, state) = (contract.id.to_string(), contract.state);
            let choice = contract.details.as_ref().map(|details| details.choice.clone()).unwrap_or_default();
            let methods = choice
                .methods
                .iter()
                .map(|(style, methods)| format!("{}: {}", style_text(lang, style), methods.join(", ")));
            let told = choice
                .styles
                .iter()
                .map(|style| style_text(lang, style))
                .chain(methods)
                .collect::<Vec<_>>()
                .join(" · ");
            view! {
                <li class="application-line">
                    <label class="checkbox application-name">
                        <input type="checkbox" name=format!("contracts[{id}]") value="on" checked=is_ticked(&id) />
                        <PgName contract=contract />
                    </label>
                    <StateChip state=state />
                    <p class="application-note">{told}</p>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let is_ready = missing.is_empty() && !rows.is_empty();
    view! {
        {(!missing.is_empty()).then(|| view! { <Missing missing=missing /> })}
        <ActionForm action=action attr:novalidate=true attr:class="card stack">
            <ErrorBanner error=failed />
            <fieldset class="field" class:field--invalid=move || error.get().is_some() aria-describedby="contracts-error">
                <legend class="field-label">{application.submit_pick}</legend>
                {if rows.is_empty() {
                    Either::Left(view! { <p class="field-help">{application.pgs_none_text}</p> })
                } else {
                    Either::Right(view! { <ul class="application-list">{rows}</ul> })
                }}
                <FieldMessage id="contracts-error" error=error />
                <Show when=move || failed.with(|failed| failed.as_ref().is_some_and(is_about_url))>
                    <p>
                        <a href=paths::application_step(Step::Service)>{application.mend_url}</a>
                    </p>
                </Show>
            </fieldset>
            <div class="form-actions">
                <a class="button" href=paths::APPLICATION>
                    {words.cancel}
                </a>
                <button
                    class="button button--primary"
                    type="submit"
                    disabled=!is_ready
                    aria-busy=move || action.pending().get().then_some("true")
                >
                    {application.submit}
                </button>
            </div>
        </ActionForm>
    }
}

/// Whether the service's host stands in the way.
fn is_about_url(failed: &AppError) -> bool {
    let code = failed.fields().and_then(|errors| errors.of("contracts"));
    let is_host = |why: &ApplicationError| matches!(why, ApplicationError::UrlUnknown | ApplicationError::UrlPrivate);
    matches!(code, Some(ErrorCode::Application { why }) if is_host(why))
}

#[component]
fn Missing(missing: Vec<Step>) -> impl IntoView {
    let (words, lang) = (use_application_words(), use_lang());
    let links = missing
        .into_iter()
        .map(|step| view! { <li><a href=paths::application_step(step)>{step_text(lang, step)}</a></li> })
        .collect_view();
    view! {
        <Banner tone=Tone::Caution title=words.incomplete>
            <ul class="notice-list">{links}</ul>
        </Banner>
    }
}
