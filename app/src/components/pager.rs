use leptos::prelude::*;

use crate::text::use_words;

/// Where one is among pages, and the ways to the next and the one before. `url` gives the address of a page.
#[component]
pub fn Pager(page: u64, pages: u64, total: u64, url: impl Fn(u64) -> String) -> impl IntoView {
    let words = use_words();
    let link = |to: u64, text: &'static str| {
        let possible = (1..=pages).contains(&to);
        view! {
            <a
                class="button button--small"
                href=possible.then(|| url(to))
                aria-disabled=(!possible).then_some("true")
            >
                {text}
            </a>
        }
    };
    let (before, after) = (link(page.wrapping_sub(1), words.previous), link(page + 1, words.next));
    view! {
        <nav class="pager" aria-label=words.pages>
            <span>{format!("{} {total} · {page} / {pages}", words.total)}</span>
            <span class="row">{before} {after}</span>
        </nav>
    }
}
