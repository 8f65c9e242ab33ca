use leptos::prelude::*;

use super::Icon;
use crate::text::{Lang, use_lang, use_words};

/// Language and theme. Plain forms: the document as a whole changes with them.
#[component]
pub fn Switches() -> impl IntoView {
    let words = use_words();
    let other = if use_lang() == Lang::Ko { Lang::En } else { Lang::Ko };
    let switch = |name: &'static str, value: &'static str, icon: &'static str, text: &'static str| {
        let text_class = if name == "theme" { "visually-hidden" } else { "" };
        view! {
            <form method="post" action="/api/preferences/set">
                <input type="hidden" name="name" value=name />
                <input type="hidden" name="value" value=value />
                // The other language is named in itself.
                <button class="switch" type="submit" title=text lang=(name == "lang").then_some(value)>
                    <Icon name=icon small=true />
                    <span class=text_class>{text}</span>
                </button>
            </form>
        }
    };
    view! {
        <div class="switches">
            {switch("lang", other.code(), "globe", words.other_language)}
            {switch("theme", "light", "sun", words.light)} {switch("theme", "dark", "moon", words.dark)}
        </div>
    }
}
