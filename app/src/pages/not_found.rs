use leptos::prelude::*;
use leptos_meta::Title;

use crate::{paths, text::use_words};

/// Nothing here, or nothing for you.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::api::set_status(axum::http::StatusCode::NOT_FOUND);
    let words = use_words();
    view! {
        <Title text=words.not_found_title />
        <div class="empty">
            <img class="empty-mark" src=crate::assets::asset("/empty.svg") alt="" />
            <h1>{words.not_found_title}</h1>
            <p>{words.not_found_text}</p>
            <a class="button" href=paths::HOME>
                {words.to_home}
            </a>
        </div>
    }
}

/// A page that one's role does not open.
#[component]
pub fn NotAllowed() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::api::set_status(axum::http::StatusCode::FORBIDDEN);
    let words = use_words();
    view! {
        <Title text=words.not_allowed_title />
        <div class="empty">
            <img class="empty-mark" src=crate::assets::asset("/empty.svg") alt="" />
            <h1>{words.not_allowed_title}</h1>
            <p>{words.not_allowed_text}</p>
            <a class="button" href=paths::HOME>
                {words.to_home}
            </a>
        </div>
    }
}
