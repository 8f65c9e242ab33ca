//! One line of the trail.

use domain::{
    id::ChannelKey,
    trail::{FieldChange, Outcome, Trace, TrailEntry},
};
use leptos::{either::Either, prelude::*};

use crate::{
    components::{Icon, When},
    paths,
    text::{Words, action_text, outcome_text, refusal_text, use_lang, use_words},
};

#[component]
pub fn Entry(entry: TrailEntry) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let who = match &entry.credential {
        Some(kid) => format!("{} {kid}", words.api_secret),
        None => entry.member.clone(),
    };
    let is_refused = entry.outcome == Outcome::Refused;
    let reason = if is_refused { refusal_text(lang, &entry.reason).to_owned() } else { entry.reason.clone() };
    view! {
        <li class="trail-entry" class:trail-entry--refused=is_refused>
            <p class="trail-what">
                <strong>{action_text(lang, &entry.action)}</strong>
                {is_refused.then(|| view! { <span class="chip chip--refused">{outcome_text(lang, entry.outcome)}</span> })}
                {(!reason.is_empty()).then(|| view! { <span class="trail-meta">{reason}</span> })}
            </p>
            <p class="trail-target">
                <Target target=entry.target />
            </p>
            <p class="trail-meta trail-who">{who}</p>
            <p class="trail-meta trail-when"><When at=entry.at /> " · " {entry.address}</p>
            <Changes changes=entry.changes />
        </li>
    }
}

/// What it was done to; a channel is a link to its page.
#[component]
fn Target(target: String) -> impl IntoView {
    match target.parse::<ChannelKey>() {
        Ok(key) => Either::Left(view! {
            <a href=paths::channel(key)>
                <code>{target}</code>
            </a>
        }),
        Err(_) => Either::Right((!target.is_empty()).then(|| view! { <code>{target}</code> })),
    }
}

#[component]
fn Changes(changes: Vec<FieldChange>) -> impl IntoView {
    let words = use_words();
    let count = changes.len();
    let rows = changes
        .into_iter()
        .map(|change| {
            view! {
                <li>
                    <code>{change.field}</code>
                    " "
                    <Side trace=change.before />
                    <Icon name="chevron-right" small=true />
                    <Side trace=change.after />
                </li>
            }
        })
        .collect_view();
    (count > 0).then(|| {
        view! {
            <details class="trail-changes">
                <summary>{words.trail_changes} " " {count}</summary>
                <ul>{rows}</ul>
            </details>
        }
    })
}

#[component]
fn Side(trace: Option<Trace>) -> impl IntoView {
    let words: &'static Words = use_words();
    match trace {
        None => view! { <span class="trail-meta">{words.nothing}</span> }.into_any(),
        Some(Trace::Value(value)) => view! { <span>{value}</span> }.into_any(),
        Some(Trace::Secret { fingerprint }) => view! {
            <span class="chip chip--secret-set">{words.stored_secret}</span>
            {fingerprint.map(|print| view! { <code>{print}</code> })}
        }
        .into_any(),
    }
}
