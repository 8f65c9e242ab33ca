//! 요청 검사: what would be refused of a payment request, and why. The page is the server's alone, so that neither the
//! guides nor what was pasted have anything to do with the program in the browser.

use domain::id::ChannelKey;
use leptos::prelude::*;

use crate::{components::Icon, paths, text::use_guided_words};

#[cfg(feature = "ssr")]
#[path = "request_check_ssr.rs"]
mod ssr;
#[cfg(feature = "ssr")]
pub use ssr::RequestCheckPage;

/// The program in the browser only leads there: whoever comes by it sees the server's page.
#[cfg(not(feature = "ssr"))]
#[component]
pub fn RequestCheckPage() -> impl IntoView {
    Effect::new(|_| {
        let _ = window().location().reload();
    });
}

/// The way there, from a channel whose requests can be checked.
#[component]
pub fn RequestCheckLink(key: ChannelKey) -> impl IntoView {
    let words = use_guided_words();
    view! {
        <section class="card card--sunk stack stack--tight">
            <h2>{words.request_check}</h2>
            <p>{words.request_check_text}</p>
            <p>
                <a class="button" href=paths::request_check(key) rel="external">
                    <Icon name="check" small=true />
                    {words.request_check}
                </a>
            </p>
        </section>
    }
}
