//! 검색: a page for everybody, and the same in a dialog where JavaScript runs.

mod keys;
mod palette;
mod results;

use leptos::{either::Either, prelude::*};
use leptos_router::{components::Form, hooks::use_query_map};

use self::results::Results;
use super::console::{PageError, PageHead};
use crate::{
    api::search::search_channels,
    components::Icon,
    paths,
    routes::Account,
    text::{places, use_search_words},
};

pub use palette::{KeysButton, Palette, SearchLink, Searching};

/// 검색
#[component]
pub fn SearchPage() -> impl IntoView {
    let words = use_search_words();
    let account: Account = expect_context();
    let query = use_query_map();
    let typed = Memo::new(move |_| query.with(|query| query.get("q").unwrap_or_default()));
    let found = Resource::new(move || typed.get(), search_channels);
    view! {
        <PageHead title=words.title lead=words.lead />
        <Form method="GET" action=paths::SEARCH attr:class="search search--page" attr:role="search">
            <label class="visually-hidden" for="search-q">
                {words.label}
            </label>
            <Icon name="search" />
            <input
                class="input"
                id="search-q"
                name="q"
                type="search"
                maxlength="80"
                autofocus
                placeholder=words.placeholder
                value=move || typed.get()
            />
            <button class="button" type="submit">
                {words.button}
            </button>
        </Form>
        <Transition>
            {move || Suspend::new(async move {
                let role = account.person().await.map(|viewer| viewer.role);
                let text = typed.get_untracked();
                let places = places(&text, |permission| role.is_some_and(|role| role.may(permission)));
                match found.await {
                    Ok(found) => Either::Left(view! { <Results typed=text places=places found=found /> }),
                    Err(error) => Either::Right(view! { <PageError error=error /> }),
                }
            })}
        </Transition>
    }
}
