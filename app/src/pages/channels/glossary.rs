//! The words of the module chooser, explained.

use leptos::prelude::*;

use crate::text::{glossary, use_lang, use_words};

#[component]
pub fn Glossary() -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let groups = glossary(lang)
        .iter()
        .map(|(heading, terms)| {
            // In English, too, the terms are the Korean ones that stand in a gateway's papers.
            let terms =
                terms.iter().map(|(term, text)| view! { <dt lang="ko">{*term}</dt> <dd>{*text}</dd> }).collect_view();
            view! {
                <h3>{*heading}</h3>
                <dl class="kv">{terms}</dl>
            }
        })
        .collect_view();
    view! {
        <details class="card card--sunk glossary">
            <summary>{words.glossary}</summary>
            <div class="stack stack--tight">{groups}</div>
        </details>
    }
}
