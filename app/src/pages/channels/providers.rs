//! Choosing a provider among all: search, V1 and V2, by category.

use domain::{
    catalogue::{Category, Version},
    search::finds,
};
use leptos::{prelude::*, web_sys};

use crate::{
    api::channels::ProviderChoice,
    components::{Icon, Mark, Required},
    text::{category_text, use_lang, use_words},
};

#[component]
pub fn Providers(
    providers: Vec<ProviderChoice>,
    chosen: String,
    /// Called with the id of the provider that is chosen.
    follow: impl Fn(String) + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let words = use_words();
    let typed = RwSignal::new(String::new());
    let all = StoredValue::new(providers.clone());
    let is_found = move |choice: &ProviderChoice| {
        typed.with(|typed| finds(typed, choice.also.iter().map(String::as_str).chain([choice.name.as_str()])))
    };
    let found = move || all.with_value(|all| all.iter().filter(|choice| is_found(choice)).count());
    let groups = [Category::PaymentGateway, Category::DirectWallet, Category::Overseas, Category::Identity]
        .into_iter()
        .map(|category| {
            let choices: Vec<_> = providers.iter().filter(|choice| choice.category == category).cloned().collect();
            view! { <Group category=category choices=choices chosen=chosen.clone() follow=follow.clone() is_found=is_found /> }
        })
        .collect_view();
    // Enter takes the first that is found; the arrow goes down to them.
    let on_key = move |event: web_sys::KeyboardEvent| match event.key().as_str() {
        "Enter" if !typed.with_untracked(String::is_empty) => {
            event.prevent_default();
            if let Some(first) = first_shown() {
                first.click();
                let _ = first.focus();
            }
        }
        "ArrowDown" => {
            if let Some(first) = first_shown() {
                event.prevent_default();
                let _ = first.focus();
            }
        }
        _ => {}
    };
    view! {
        <fieldset class="field providers">
            <legend class="field-label">{words.provider} <Required /></legend>
            <div class="row row--between">
                <div class="search needs-js">
                    <label class="visually-hidden" for="provider-search">
                        {words.provider_search}
                    </label>
                    <Icon name="search" />
                    <input
                        class="input"
                        id="provider-search"
                        type="search"
                        autocomplete="off"
                        placeholder=words.provider_search_placeholder
                        prop:value=typed
                        on:input:target=move |event| typed.set(event.target().value())
                        on:keydown=on_key
                    />
                </div>
                <VersionFilter />
            </div>
            <div class="provider-list">
                {groups}
                <p class="field-help" role="status">
                    {move || (found() == 0).then_some(words.provider_none)}
                </p>
            </div>
        </fieldset>
    }
}

/// The first provider that the search leaves.
fn first_shown() -> Option<web_sys::HtmlElement> {
    use leptos::wasm_bindgen::JsCast as _;
    let found = document().query_selector(".provider-list .choice:not([hidden]) input").ok().flatten()?;
    found.dyn_into().ok()
}

#[component]
fn Group(
    category: Category,
    choices: Vec<ProviderChoice>,
    chosen: String,
    follow: impl Fn(String) + Clone + Send + Sync + 'static,
    is_found: impl Fn(&ProviderChoice) -> bool + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let lang = use_lang();
    let stored = StoredValue::new(choices.clone());
    let is_empty = move || stored.with_value(|choices| !choices.iter().any(is_found));
    let title = format!("category-{category:?}").to_lowercase();
    let heading = title.clone();
    let radios = choices
        .into_iter()
        .map(|choice| {
            let (follow, id) = (follow.clone(), choice.id.to_string());
            let works_with = |version: Version| choice.versions.contains(&version).to_string();
            let (v1, v2, is_chosen) = (works_with(Version::V1), works_with(Version::V2), id == chosen);
            let (mark, name) = (choice.id.clone(), choice.name.clone());
            view! {
                <label class="choice" data-v1=v1 data-v2=v2 hidden=move || !is_found(&choice)>
                    <input
                        type="radio"
                        name="provider"
                        value=id.clone()
                        checked=is_chosen
                        on:change=move |_| follow(id.clone())
                    />
                    <span class="choice-body">
                        <Mark provider=mark />
                        <span>{name}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    (!stored.with_value(Vec::is_empty)).then(|| {
        view! {
            <div class="provider-group" role="group" aria-labelledby=title hidden=is_empty>
                <h3 id=heading>{category_text(lang, category)}</h3>
                <div class="choices choices--grid">{radios}</div>
            </div>
        }
    })
}

/// Hides what does not work with the version, by style alone. The radios belong to no form: they are not part of the
/// choice.
#[component]
fn VersionFilter() -> impl IntoView {
    let words = use_words();
    let radio = |version: &'static str, label: &'static str, checked: bool| {
        view! {
            <label>
                <input type="radio" name="version" form="none" value=version checked=checked />
                {label}
            </label>
        }
    };
    view! {
        <div class="segmented segmented--small" role="group" aria-label=words.version_filter>
            {radio("all", words.all_versions_filter, true)} {radio("v1", "V1", false)} {radio("v2", "V2", false)}
        </div>
    }
}
