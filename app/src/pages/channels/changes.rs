//! What the PG asks for otherwise than when a channel was saved.

use domain::channel::catalogue_change::CatalogueChange;
use leptos::prelude::*;

use crate::{
    components::{Banner, Tone},
    text::{change_text, use_lang, use_words},
};

#[component]
pub fn CatalogueChanges(changes: Vec<CatalogueChange>) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let items = changes.iter().map(|change| view! { <li>{change_text(lang, change)}</li> }).collect_view();
    (!changes.is_empty()).then(|| {
        view! {
            <Banner tone=Tone::Info title=words.catalogue_changed>
                <ul class="notice-list">{items}</ul>
            </Banner>
        }
    })
}
