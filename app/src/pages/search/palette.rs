//! The search over the page at hand, and the keys that open it.

use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;

use super::keys::Keys;
use crate::{components::Icon, paths, text::use_search_words};

/// What is open.
#[derive(Debug, Clone, Copy)]
pub struct Searching {
    search: RwSignal<bool>,
    keys: RwSignal<bool>,
}

impl Searching {
    pub fn provide() -> Self {
        let searching = Self { search: RwSignal::new(false), keys: RwSignal::new(false) };
        provide_context(searching);
        searching
    }
}

/// The way to the search: a page, or where JavaScript runs the dialog.
#[component]
pub fn SearchLink() -> impl IntoView {
    let words = use_search_words();
    let searching: Searching = expect_context();
    view! {
        <a
            class="side-search"
            href=paths::SEARCH
            aria-keyshortcuts="/ Control+K Meta+K"
            on:click=move |event| {
                // Another window or tab is asked for.
                if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                    event.prevent_default();
                    searching.search.set(true);
                }
            }
        >
            <Icon name="search" />
            <span>{words.title}</span>
            <kbd aria-hidden="true">"/"</kbd>
        </a>
    }
}

/// Without JavaScript there are no keys to tell of.
#[component]
pub fn KeysButton() -> impl IntoView {
    let words = use_search_words();
    let searching: Searching = expect_context();
    let is_live = RwSignal::new(false);
    Effect::new(move |_| is_live.set(true));
    view! {
        <Show when=move || is_live.get()>
            <button class="switch" type="button" aria-keyshortcuts="?" on:click=move |_| searching.keys.set(true)>
                {words.keys}
            </button>
        </Show>
    }
}

/// The two dialogs, empty until they are opened.
#[component]
pub fn Palette() -> impl IntoView {
    let words = use_search_words();
    let searching: Searching = expect_context();
    let (search, keys) = (NodeRef::<html::Dialog>::new(), NodeRef::<html::Dialog>::new());
    let are_single_on = RwSignal::new(true);
    for (is_open, dialog) in [(searching.search, search), (searching.keys, keys)] {
        Effect::new(move |_| {
            let Some(dialog) = dialog.get() else { return };
            match (is_open.get(), dialog.open()) {
                (true, false) => drop(dialog.show_modal()),
                (false, true) => dialog.close(),
                _ => {}
            }
        });
    }
    let location = use_location();
    Effect::new(move |_| {
        location.pathname.track();
        location.search.track();
        searching.search.set(false);
    });
    #[cfg(feature = "hydrate")]
    live::listen(searching, are_single_on);
    let panel = move || {
        #[cfg(feature = "hydrate")]
        return view! { <live::Panel searching=searching dialog=search /> }.into_any();
        #[cfg(not(feature = "hydrate"))]
        ().into_any()
    };
    view! {
        <dialog
            class="dialog palette"
            node_ref=search
            aria-label=words.label
            on:close=move |_| searching.search.set(false)
        >
            <Show when=move || searching.search.get()>{panel}</Show>
        </dialog>
        <Keys is_open=searching.keys dialog=keys are_single_on=are_single_on.into() />
    }
}

/// Where JavaScript runs.
#[cfg(feature = "hydrate")]
mod live {
    use std::time::Duration;

    use domain::search::FoundChannels;
    use leptos::{
        either::Either,
        ev, html,
        leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle, window_event_listener},
        prelude::*,
        task::spawn_local,
        wasm_bindgen::JsCast as _,
        web_sys::{Element, HtmlElement, KeyboardEvent},
    };
    use leptos_router::{NavigateOptions, hooks::use_navigate};

    use super::Searching;
    use crate::{
        api::{AppError, search::search_channels},
        components::{Banner, Icon, Tone},
        pages::search::results::Results,
        paths,
        routes::Account,
        text::{app_error_text, places, use_lang, use_search_words, use_words},
    };

    /// Typing has paused for this long.
    const PAUSE: Duration = Duration::from_millis(120);

    /// Opens the dialogs by key, wherever one is; not while something is typed or another dialog is open.
    pub fn listen(searching: Searching, are_single_on: RwSignal<bool>) {
        let root = document().document_element();
        are_single_on.set(root.and_then(|root| root.get_attribute("data-keys")).as_deref() != Some("off"));
        let listener = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
            let key = event.key();
            if event.is_composing() || event.alt_key() {
                return;
            }
            let is_free = document().query_selector("dialog[open]").ok().flatten().is_none();
            if event.ctrl_key() || event.meta_key() {
                if key.eq_ignore_ascii_case("k") && (is_free || searching.search.get_untracked()) {
                    event.prevent_default();
                    searching.search.update(|is_open| *is_open = !*is_open);
                }
                return;
            }
            if !is_free || !are_single_on.get_untracked() || is_typing(&event) {
                return;
            }
            match key.as_str() {
                "/" => searching.search.set(true),
                "?" => searching.keys.set(true),
                _ => return,
            }
            event.prevent_default();
        });
        on_cleanup(move || listener.remove());
    }

    fn is_typing(event: &KeyboardEvent) -> bool {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let typing = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
        target.is_some_and(|target| target.matches(typing) == Ok(true))
    }

    /// The way from one result to the next, the input among them.
    fn go(dialog: &HtmlElement, by: i32) {
        let Ok(stops) = dialog.query_selector_all("input, a[href]") else { return };
        let at = document().active_element();
        let count = i32::try_from(stops.length()).unwrap_or(i32::MAX);
        let stop =
            |number: i32| stops.item(u32::try_from(number).ok()?).and_then(|node| node.dyn_into::<HtmlElement>().ok());
        let here = (0..count).find(|number| stop(*number).map(Element::from) == at).unwrap_or_default();
        if let Some(next) = stop((here + by).clamp(0, count - 1)) {
            let _ = next.focus();
        }
    }

    #[component]
    pub fn Panel(searching: Searching, dialog: NodeRef<html::Dialog>) -> impl IntoView {
        let words = use_search_words();
        let navigate = use_navigate();
        let typed = RwSignal::new(String::new());
        let found = RwSignal::new(FoundChannels::default());
        // What the channels shown were found by.
        let found_by = RwSignal::new(String::new());
        let failed = RwSignal::new(None::<AppError>);
        let timer = StoredValue::new(None::<TimeoutHandle>);
        let wait_no_more = move || {
            timer.try_update_value(|timer| timer.take().map(|timer| timer.clear()));
        };
        let ask = move || {
            let asked = typed.get_untracked();
            spawn_local(async move {
                let answer = search_channels(asked.clone()).await;
                // An answer that was overtaken tells of another question.
                if typed.try_get_untracked().as_ref() == Some(&asked) {
                    failed.try_set(answer.as_ref().err().cloned());
                    if let Ok(answer) = answer {
                        found.try_set(answer);
                        found_by.try_set(asked);
                    }
                }
            });
        };
        let note = move |event| {
            typed.set(event_target_value(&event));
            wait_no_more();
            let handle = set_timeout_with_handle(ask, PAUSE).ok();
            timer.try_update_value(|timer| *timer = handle);
        };
        on_cleanup(wait_no_more);
        let send = move |event: ev::SubmitEvent| {
            event.prevent_default();
            let text = typed.get_untracked();
            let is_current = text.trim().is_empty() || found_by.get_untracked() == text;
            let first =
                dialog.get_untracked().and_then(|dialog| dialog.query_selector("a.place-row, a.channel-row").ok()?);
            match first.and_then(|first| first.dyn_into::<HtmlElement>().ok()).filter(|_| is_current) {
                Some(first) => first.click(),
                None => navigate(&paths::search(&text), NavigateOptions::default()),
            }
            searching.search.set(false);
        };
        let step = move |event: KeyboardEvent| {
            let by = match event.key().as_str() {
                "ArrowDown" => 1,
                "ArrowUp" => -1,
                _ => return,
            };
            if let (Some(dialog), false) = (dialog.get_untracked(), event.is_composing()) {
                event.prevent_default();
                go(&dialog, by);
            }
        };
        // The page that is open already, or one of the results that leads to it.
        let leave = move |event: ev::MouseEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if target.is_some_and(|target| matches!(target.closest("a[href]"), Ok(Some(_)))) {
                searching.search.set(false);
            }
        };
        let input = NodeRef::<html::Input>::new();
        Effect::new(move |_| input.get().map(|input| input.focus()));
        view! {
            <div class="palette-panel" on:keydown=step on:click=leave>
                <form class="search" role="search" on:submit=send>
                    <label class="visually-hidden" for="palette-q">
                        {words.label}
                    </label>
                    <Icon name="search" />
                    <input
                        class="input"
                        id="palette-q"
                        type="search"
                        autocomplete="off"
                        maxlength="80"
                        placeholder=words.placeholder
                        node_ref=input
                        on:input=note
                    />
                    <button class="button button--small" type="button" on:click=move |_| searching.search.set(false)>
                        {words.close}
                    </button>
                </form>
                <div class="palette-found stack">
                    <Answers typed=typed found=found found_by=found_by failed=failed ask=ask />
                </div>
            </div>
        }
    }

    /// What is known so far of what was typed: pages at once, channels when there is an answer.
    #[component]
    fn Answers(
        typed: RwSignal<String>,
        found: RwSignal<FoundChannels>,
        found_by: RwSignal<String>,
        failed: RwSignal<Option<AppError>>,
        ask: impl Fn() + Copy + Send + 'static,
    ) -> impl IntoView {
        let account: Account = expect_context();
        let role = RwSignal::new(None);
        Effect::new(move |_| role.set(account.viewer.get().and_then(Result::ok).flatten().map(|viewer| viewer.role)));
        move || {
            let (text, role) = (typed.get(), role.get());
            let places = places(&text, |permission| role.is_some_and(|role| role.may(permission)));
            let is_blank = text.trim().is_empty();
            let found = if is_blank { FoundChannels::default() } else { found.get() };
            let is_open = !is_blank && found_by.get() != text;
            let failure = failed.get().filter(|_| is_open);
            let failure = failure.map(|error| view! { <Failure error=error typed=text.clone() ask=ask /> });
            view! {
                {failure}
                <Results typed=text places=places found=found is_open=is_open />
            }
        }
    }

    /// Why channels could not be looked for, and how to go on.
    #[component]
    fn Failure(error: AppError, typed: String, ask: impl Fn() + 'static) -> impl IntoView {
        let (search, words, lang) = (use_search_words(), use_words(), use_lang());
        let way = if error == AppError::Unauthenticated {
            let to = paths::log_in_to(&paths::search(&typed));
            Either::Left(view! { <a class="button button--small" href=to>{words.log_in}</a> })
        } else {
            Either::Right(
                view! { <button class="button button--small" type="button" on:click=move |_| ask()>{search.again}</button> },
            )
        };
        view! {
            <Banner tone=Tone::Error title=search.failed>
                <p>{app_error_text(lang, &error)}</p>
                <p>{way}</p>
            </Banner>
        }
    }
}
