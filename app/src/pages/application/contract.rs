//! One application: its state, what was chosen, what follows, and 카드사 심사.

use domain::{
    application::{
        Issuer, Review, State,
        view::{ContractDetails, ContractSummary},
    },
    id::ApplicationId,
    member::Permission,
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::{use_params_map, use_query_map};

use super::{Back, StateChip, channel::Reviews, choose::ContractNeeds, overview::LiveLink};
use crate::{
    api::{
        AppError,
        application::{
            ApplicationStart, BeginAgain, ContractPageData, DropApplication, NO_REVIEW, NoteReview, ReviewForm,
            load_application_start, load_contract,
        },
        refused::{Start, refused_by},
    },
    components::{Banner, ErrorBanner, Mark, ModuleChips, SelectField, Tone, When},
    pages::{auth::field_error, console::PageError},
    paths,
    routes::Account,
    text::{issuer_text, review_text, style_text, use_application_words, use_lang},
};

#[component]
pub fn ContractPage() -> impl IntoView {
    let account: Account = expect_context();
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.with(|p| p.get("contract").and_then(|id| id.parse::<ApplicationId>().ok())));
    let done = Memo::new(move |_| query.with(|query| query.get("done").unwrap_or_default()));
    let reviewed = ServerAction::<NoteReview>::new();
    let again = ServerAction::<BeginAgain>::new();
    let page = Resource::new(
        move || (id.get(), done.get(), reviewed.version().get(), again.version().get()),
        |(id, ..)| async move {
            match id {
                Some(id) => load_contract(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    let is_draft = query.with_untracked(|query| query.get("draft").is_some());
    let start = Resource::new(
        move || is_draft,
        async |is_draft| {
            if is_draft { load_application_start().await.unwrap_or_default() } else { ApplicationStart::default() }
        },
    );
    view! {
        <Back />
        <Transition>
            {move || Suspend::new(async move {
                let may_edit = account.may(Permission::EditApplication).await;
                let start = start.await.review;
                match page.await {
                    Ok(page) => {
                        Either::Left(
                            view! { <Contract page=page may_edit=may_edit done=done.get() reviewed=reviewed again=again start=start /> },
                        )
                    }
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Contract(
    page: ContractPageData,
    may_edit: bool,
    done: String,
    reviewed: ServerAction<NoteReview>,
    again: ServerAction<BeginAgain>,
    start: Start<ReviewForm>,
) -> impl IntoView {
    let (words, lang) = (use_application_words(), use_lang());
    let ContractPageData { contract, module } = page;
    let ContractDetails { choice, note, reviews } = contract.details.clone().unwrap_or_default();
    let state = contract.state;
    let styles = choice.styles.iter().map(|style| style_text(lang, style)).collect::<Vec<_>>().join(" · ");
    let methods = choice
        .methods
        .into_iter()
        .map(|(style, methods)| view! { <dt>{style_text(lang, &style)}</dt> <dd>{methods.join(" · ")}</dd> })
        .collect_view();
    let id = contract.id;
    let live = (state == State::Contracted).then(|| view! { <LiveLink contract=contract.clone() /> });
    let moves = may_edit.then(|| view! { <Moves contract=contract.clone() again=again /> });
    let about = module.clone();
    let title = format!("{} · {}", contract.provider_name, words.title);
    let done = match done.as_str() {
        "reviewed" => Some(words.review_saved),
        "begun_again" => Some(words.begun_again),
        _ => None,
    };
    view! {
        <leptos_meta::Title text=format!("{title} · Channel Console") />
        <div class="page-head">
            <div class="row">
                <Mark provider=contract.provider.clone() large=true />
                <h1>{contract.provider_name.clone()}</h1>
                <StateChip state=state />
            </div>
        </div>
        {done.map(|title| view! { <Banner tone=Tone::Success title=title /> })}
        {(!note.is_empty())
            .then(|| {
                view! {
                    <Banner tone=Tone::Caution title=words.message>
                        <p>{note}</p>
                    </Banner>
                }
            })}
        {(state == State::Contracted)
            .then(|| {
                view! {
                    <Banner tone=Tone::Success title=words.contract_done>
                        <p>{words.contract_done_text}</p>
                        {live}
                    </Banner>
                }
            })}
        <div class="columns">
            <div class="stack">
                <section class="card stack" aria-labelledby="chosen">
                    <div class="card-head">
                        <h2 id="chosen">{words.choose_methods}</h2>
                        <span class="kv-note"><When at=contract.state_at /></span>
                    </div>
                    <p class="row">
                        <ModuleChips module=module.clone() />
                    </p>
                    <dl class="kv">
                        <dt>{words.styles}</dt>
                        <dd>{styles}</dd>
                        {methods}
                    </dl>
                    {moves}
                </section>
                {(state == State::Contracted)
                    .then(|| {
                        view! {
                            <section class="card stack" aria-labelledby="reviews">
                                <h2 id="reviews">{words.reviews}</h2>
                                <Reviews reviews=reviews />
                                {may_edit.then(|| view! { <NoteForm id=id reviewed=reviewed start=start /> })}
                            </section>
                        }
                    })}
            </div>
            <aside class="stack">
                <ContractNeeds module=about />
            </aside>
        </div>
    }
}

/// What the merchant can do with it.
#[component]
fn Moves(contract: ContractSummary, again: ServerAction<BeginAgain>) -> impl IntoView {
    let words = use_application_words();
    let dropped = ServerAction::<DropApplication>::new();
    let failed = Signal::derive(move || {
        let dropped = dropped.value().get().and_then(Result::err);
        dropped.or_else(|| again.value().get().and_then(Result::err))
    });
    let (id, same) = (contract.id.to_string(), contract.id.to_string());
    let in_hand = contract.state.is_open().then(|| {
        view! {
            <a class="button" href=paths::application_module(contract.module.as_str())>
                {words.change}
            </a>
            <a class="button button--primary" href=paths::APPLICATION_SUMMARY>
                {words.summary}
            </a>
        }
    });
    let is_fresh = contract.state == State::Draft && contract.submitted_at.is_none();
    let drop = is_fresh.then(|| {
        view! {
            <ActionForm action=dropped>
                <input type="hidden" name="id" value=id />
                <button class="button button--danger" type="submit">
                    {words.drop}
                </button>
            </ActionForm>
        }
    });
    let again = (contract.state == State::Rejected).then(|| {
        view! {
            <ActionForm action=again>
                <input type="hidden" name="id" value=same />
                <button class="button button--primary" type="submit">
                    {words.again}
                </button>
            </ActionForm>
        }
    });
    view! {
        <ErrorBanner error=failed />
        <div class="row">{in_hand} {drop} {again}</div>
    }
}

/// 카드사 심사, noted.
#[component]
fn NoteForm(id: ApplicationId, reviewed: ServerAction<NoteReview>, start: Start<ReviewForm>) -> impl IntoView {
    let (words, lang) = (use_application_words(), use_lang());
    let failed = refused_by(reviewed, start.refusal());
    let none = || [(String::new(), words.choose.to_owned())];
    let issuers = Issuer::ALL.iter().map(move |one| (one.as_str().to_owned(), issuer_text(lang, *one).to_owned()));
    let states = Review::ALL.iter().map(move |one| (one.as_str().to_owned(), review_text(lang, *one).to_owned()));
    let remove = [(NO_REVIEW.to_owned(), words.review_none.to_owned())];
    view! {
        <ActionForm action=reviewed attr:novalidate=true attr:class="stack">
            <ErrorBanner error=failed />
            <input type="hidden" name="id" value=id.to_string() />
            <div class="halves">
                <SelectField
                    id="issuer"
                    name="form[issuer]"
                    label=words.issuer
                    options=none().into_iter().chain(issuers).collect()
                    selected=start.form.issuer
                    error=field_error(failed, "issuer")
                />
                <SelectField
                    id="review"
                    name="form[review]"
                    label=words.review_state
                    options=none().into_iter().chain(states).chain(remove).collect()
                    selected=start.form.review
                    error=field_error(failed, "review")
                />
            </div>
            <button class="button" type="submit">
                {words.review_save}
            </button>
        </ActionForm>
    }
}
