//! The first page: what to have ready, or how far everything is.

use domain::{
    application::{
        ConsentForm, Consented, Service, State, Step,
        view::{ContractSummary, Details, Hold, Overview},
    },
    member::Permission,
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use super::{PgName, StateChip, intro::Intro};
use crate::{
    api::{
        application::{ApplicationStart, load_application, load_application_start},
        refused::Start,
    },
    components::{Banner, Icon, Tone, When},
    pages::console::{PageError, PageHead},
    paths,
    routes::Account,
    text::{Lang, step_text, use_application_words, use_lang},
};

/// 전자결제 신청
#[component]
pub fn ApplicationPage() -> impl IntoView {
    let words = use_application_words();
    let account: Account = expect_context();
    let query = use_query_map();
    let part = move |name: &str| query.with(|query| query.get(name).unwrap_or_default());
    let done = Memo::new(move |_| part("done"));
    let consents = Memo::new(move |_| !part("consents").is_empty());
    let found = Resource::new(move || done.get(), |_| load_application());
    let is_draft = query.with_untracked(|query| query.get("draft").is_some());
    let start = Resource::new(
        move || is_draft,
        async |is_draft| {
            if is_draft { load_application_start().await.unwrap_or_default() } else { ApplicationStart::default() }
        },
    );
    view! {
        <PageHead title=words.title lead=words.lead />
        <Done done=done />
        <Transition>
            {move || Suspend::new(async move {
                let may_edit = account.may(Permission::EditApplication).await;
                let start = start.await;
                match found.await {
                    Ok(found) if found.is_begun && !consents.get() => {
                        Either::Left(view! { <Begun found=found may_edit=may_edit /> })
                    }
                    Ok(found) => {
                        let given = found.details.map(|details| details.consents).unwrap_or_default();
                        let start = if is_draft { start.consent } else { given_before(&given) };
                        let is_outdated = !found.is_begun && !given.is_empty();
                        Either::Right(view! { <Intro start=start may_edit=may_edit is_outdated=is_outdated /> }.into_any())
                    }
                    Err(error) => Either::Right(view! { <PageError error=error /> }.into_any()),
                }
            })}
        </Transition>
    }
}

/// The consents as they were given.
fn given_before(given: &[Consented]) -> Start<ConsentForm> {
    Start { form: ConsentForm::of(given), ..Start::default() }
}

/// What has just been done, after the redirect.
#[component]
fn Done(done: Memo<String>) -> impl IntoView {
    let words = use_application_words();
    move || {
        let title = match done.get().as_str() {
            "begun" => words.begun,
            "saved" => words.saved,
            "chosen" => words.chosen,
            "dropped" => words.dropped,
            "submitted" => words.submitted,
            _ => return None,
        };
        Some(view! { <Banner tone=Tone::Success title=title /> })
    }
}

#[component]
fn Begun(found: Overview, may_edit: bool) -> impl IntoView {
    let words = use_application_words();
    let Overview { details, contracts, .. } = found;
    let sees = details.is_some();
    let is_whole = details.as_ref().is_some_and(|details| details.missing().is_empty());
    let is_in_hand = contracts.iter().any(|contract| contract.state.is_open());
    view! {
        {match details {
            Some(details) => Either::Left(view! { <Business details=details may_edit=may_edit /> }),
            None => {
                Either::Right(
                    view! {
                        <Banner tone=Tone::Info>
                            <p>{words.states_only}</p>
                        </Banner>
                    },
                )
            }
        }}
        <section class="card stack" aria-labelledby="application-pgs">
            <div class="card-head">
                <h2 id="application-pgs">{words.pgs}</h2>
                {may_edit
                    .then(|| {
                        view! {
                            <a class="button" href=paths::APPLICATION_NEW_PG>
                                <Icon name="plus" small=true />
                                {words.add_pg}
                            </a>
                        }
                    })}
            </div>
            <Contracts contracts=contracts sees=sees />
            {(may_edit && is_in_hand)
                .then(|| {
                    view! {
                        <div class="form-actions">
                            {(!is_whole).then(|| view! { <span class="field-help form-actions-left">{words.incomplete}</span> })}
                            <a class="button button--primary" href=paths::APPLICATION_SUMMARY>
                                {words.summary}
                                <Icon name="chevron-right" small=true />
                            </a>
                        </div>
                    }
                })}
        </section>
    }
}

/// 비즈니스 인증, step by step.
#[component]
fn Business(details: Details, may_edit: bool) -> impl IntoView {
    let (words, lang) = (use_application_words(), use_lang());
    let hold = details.hold;
    let rows = Step::ALL
        .iter()
        .map(|step| {
            let has = details.has(*step);
            let (chip, text) = if has { ("chip chip--applied", words.done) } else { ("chip chip--awaited", words.missing) };
            let verb = if has { words.change } else { words.enter };
            let name = step_text(lang, *step);
            let edit = (may_edit && hold != Hold::Locked).then(|| {
                view! {
                    <a class="button button--small" href=paths::application_step(*step) aria-label=format!("{name} {verb}")>
                        {verb}
                    </a>
                }
            });
            view! {
                <li class="application-line">
                    <span class="application-name">{name}</span>
                    <span class="kv-note application-told">{told(lang, &details, *step)}</span>
                    <span class=chip>{text}</span>
                    {edit}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card stack" aria-labelledby="application-business">
            <div class="card-head">
                <h2 id="application-business">{words.business}</h2>
                {details
                    .file
                    .is_some()
                    .then(|| {
                        view! {
                            // A file, not a page of ours.
                            <a href=paths::APPLICATION_REGISTRATION rel="external" download="">
                                {words.download}
                                <span class="visually-hidden">" " {step_text(lang, Step::Registration)}</span>
                            </a>
                        }
                    })}
            </div>
            <p class="field-help">
                {match hold {
                    Hold::Locked => words.locked,
                    Hold::Shared => words.shared,
                    Hold::Free => words.business_lead,
                }}
            </p>
            <ol class="application-list">{rows}</ol>
            {may_edit
                .then(|| {
                    view! {
                        <p class="row">
                            <a href=format!("{}?consents=1", paths::APPLICATION)>{words.see_consents}</a>
                        </p>
                    }
                })}
        </section>
    }
}

/// In a few words what a step holds.
fn told(lang: Lang, details: &Details, step: Step) -> String {
    let found = match step {
        Step::Business => details.business.as_ref().map(|it| format!("{} · {}", it.company, it.number.printed())),
        Step::Service => details.service.as_ref().map(|it| format!("{} · {}", url_told(lang, it), it.contact.name)),
        Step::Settlement => details.bank.clone(),
        Step::Registration => details.file.as_ref().map(|it| it.name.clone()),
    };
    found.unwrap_or_default()
}

/// The URL, and whether its host is yet to be found.
pub fn url_told(lang: Lang, service: &Service) -> String {
    let url = service.url.as_str();
    match service.found_at {
        Some(_) => url.to_owned(),
        None => format!("{url} ({})", lang.application().url_not_found_yet),
    }
}

/// Each application with its state.
#[component]
pub fn Contracts(contracts: Vec<ContractSummary>, sees: bool) -> impl IntoView {
    let words = use_application_words();
    if contracts.is_empty() {
        return Either::Left(view! {
            <div class="empty">
                <h3>{words.pgs_none}</h3>
                <p>{words.pgs_none_text}</p>
            </div>
        });
    }
    let rows = contracts
        .into_iter()
        .map(|contract| {
            let (id, state, at) = (contract.id, contract.state, contract.state_at);
            let note = contract.details.as_ref().map(|details| details.note.clone()).unwrap_or_default();
            let link = sees.then(|| {
                let label = format!("{} {} {}", contract.provider_name, contract.module_label, words.see);
                view! {
                    <a class="button button--small" href=paths::contract(id) aria-label=label>
                        {words.see}
                    </a>
                }
            });
            let live = (sees && state == State::Contracted).then(|| view! { <LiveLink contract=contract.clone() /> });
            view! {
                <li class="application-line">
                    <span class="application-name">
                        <PgName contract=contract />
                    </span>
                    <StateChip state=state />
                    <span class="kv-note"><When at=at /></span>
                    {live}
                    {link}
                    {(!note.is_empty()).then(|| view! { <p class="application-note">{note}</p> })}
                </li>
            }
        })
        .collect_view();
    Either::Right(view! { <ul class="application-list">{rows}</ul> })
}

/// 채널 추가 with mode, provider and module filled in; for whoever may.
#[component]
pub fn LiveLink(contract: ContractSummary) -> impl IntoView {
    let words = use_application_words();
    let account: Account = expect_context();
    let path = paths::new_channel("live", contract.provider.as_str(), contract.module.as_str());
    let link = move || {
        let path = path.clone();
        Suspend::new(async move {
            account.may(Permission::EditLiveChannels).await.then(|| {
                view! {
                    <a class="button button--small button--primary" href=path>
                        {words.add_live}
                    </a>
                }
            })
        })
    };
    view! { <Transition>{link}</Transition> }
}
