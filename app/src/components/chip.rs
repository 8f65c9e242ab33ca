use domain::{
    catalogue::{Generation, Module},
    channel::{Mode, Purpose, Status},
};
use leptos::prelude::*;

use crate::text::{mode_text, purpose_text, status_text, style_text, use_lang, use_words};

#[component]
pub fn ModeChip(mode: Mode) -> impl IntoView {
    view! { <span class=format!("chip chip--{mode}")>{mode_text(use_lang(), mode)}</span> }
}

#[component]
pub fn PurposeChip(purpose: Purpose) -> impl IntoView {
    view! { <span class=format!("chip chip--{purpose}")>{purpose_text(use_lang(), purpose)}</span> }
}

#[component]
pub fn StatusChip(status: Status) -> impl IntoView {
    view! { <span class=format!("chip chip--{status}")>{status_text(use_lang(), status)}</span> }
}

/// The chips of a module and its label: 결제창, API, 본인인증; V1, V2; 신모듈, 구모듈.
#[component]
pub fn ModuleChips(module: Module) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let styles = [("결제창", "window"), ("API", "api"), ("본인인증", "identity"), ("간편결제", "wallet")];
    let chips = styles
        .into_iter()
        .filter(|(word, _)| module.pay_styles.iter().any(|style| style.starts_with(word)))
        .map(|(word, class)| view! { <span class=format!("chip chip--{class}")>{style_text(lang, word)}</span> })
        .collect_view();
    let versions = module
        .versions
        .iter()
        .map(|v| view! { <span class="chip chip--version">{format!("{v:?}")}</span> })
        .collect_view();
    let generation = module.generation.map(|generation| match generation {
        Generation::New => view! { <span class="chip chip--new">{words.new_module}</span> },
        Generation::Old => view! { <span class="chip chip--old">{words.old_module}</span> },
    });
    view! {
        {chips}
        <span>{module.label.clone()}</span>
        {versions}
        {generation}
    }
}
