//! 작업 기록: who did what.

mod entry;

use domain::{
    page::Page,
    trail::{Outcome, TrailEntry, TrailQuery},
};
use leptos::{either::Either, prelude::*};
use leptos_router::{components::Form, hooks::use_query_map};

use crate::{
    api::trail::load_trail,
    components::{Icon, Pager},
    pages::console::{PageError, PageHead},
    paths,
    text::{kind_text, kinds, outcome_text, use_lang, use_words},
};
use entry::Entry;

#[component]
pub fn TrailPage() -> impl IntoView {
    let words = use_words();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let part = |name: &str| query.with(|query| query.get(name).unwrap_or_default());
        let asked = TrailQuery {
            kind: part("kind"),
            outcome: part("outcome"),
            who: part("who"),
            target: part("target"),
            from: part("from"),
            until: part("until"),
        };
        (asked, part("page").parse::<u64>().unwrap_or(1))
    });
    let found = Resource::new(move || asked.get(), |(asked, page)| load_trail(asked, page));
    let file = move || paths::with_query(paths::AUDIT_FILE, &asked.get().0, None);
    view! {
        <PageHead title=words.trail lead=words.trail_lead>
            <a class="button" href=file download="audit.csv" rel="external">
                <Icon name="download" small=true />
                {words.trail_file}
            </a>
        </PageHead>
        <Filters asked=asked />
        <Transition>
            {move || Suspend::new(async move {
                match found.await {
                    Ok(page) => Either::Left(view! { <Results page=page asked=asked.get_untracked().0 /> }),
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Filters(asked: Memo<(TrailQuery, u64)>) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let part = move |of: fn(&TrailQuery) -> &String| move || asked.with(|(query, _)| of(query).clone());
    let kind_options = kinds()
        .map(|kind| {
            let selected = move || asked.with(|(query, _)| query.kind == kind);
            view! {
                <option value=kind selected=selected>
                    {kind_text(lang, kind)}
                </option>
            }
        })
        .collect_view();
    let outcome_options = [Outcome::Done, Outcome::Refused]
        .map(|outcome| {
            let selected = move || asked.with(|(query, _)| query.outcome == outcome.as_str());
            view! {
                <option value=outcome.as_str() selected=selected>
                    {outcome_text(lang, outcome)}
                </option>
            }
        })
        .collect_view();
    view! {
        <Form method="GET" action=paths::AUDIT attr:class="card card--sunk filters" attr:role="search">
            <label class="field">
                <span class="field-label">{words.trail_kind}</span>
                <select class="select" name="kind">
                    <option value="">{words.all}</option>
                    {kind_options}
                </select>
            </label>
            <label class="field">
                <span class="field-label">{words.trail_outcome}</span>
                <select class="select" name="outcome">
                    <option value="">{words.all}</option>
                    {outcome_options}
                </select>
            </label>
            <label class="field">
                <span class="field-label">{words.trail_who}</span>
                <input class="input" name="who" autocomplete="off" value=part(|q| &q.who) />
            </label>
            <label class="field">
                <span class="field-label">{words.trail_target}</span>
                <input class="input" name="target" autocomplete="off" value=part(|q| &q.target) />
            </label>
            <label class="field">
                <span class="field-label">{words.trail_from}</span>
                <input class="input" type="date" name="from" value=part(|q| &q.from) />
            </label>
            <label class="field">
                <span class="field-label">{words.trail_until}</span>
                <input class="input" type="date" name="until" value=part(|q| &q.until) />
            </label>
            <div class="filters-actions">
                <a class="button button--ghost" href=paths::AUDIT>
                    {words.clear_filters}
                </a>
                <button class="button" type="submit">
                    <Icon name="search" small=true />
                    {words.search_button}
                </button>
            </div>
        </Form>
    }
}

#[component]
fn Results(page: Page<TrailEntry>, asked: TrailQuery) -> impl IntoView {
    let words = use_words();
    if page.items.is_empty() {
        return Either::Left(view! {
            <div class="empty">
                <img class="empty-mark" src=crate::assets::asset("/empty.svg") alt="" />
                <h2>{words.no_matches}</h2>
                <p>{words.trail_none}</p>
            </div>
        });
    }
    let entries = page.items.into_iter().map(|entry| view! { <Entry entry=entry /> }).collect_view();
    Either::Right(view! {
        <ol class="trail">{entries}</ol>
        <Pager
            page=page.page
            pages=page.pages
            total=page.total
            url=move |to| paths::with_query(paths::AUDIT, &asked, Some(to))
        />
    })
}
