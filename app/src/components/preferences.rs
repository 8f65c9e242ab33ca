use leptos::prelude::*;

use super::Icon;
use crate::text::{Lang, use_lang, use_words};

/// Language and theme. Plain forms: the document as a whole changes with them.
#[component]
pub fn Switches() -> impl IntoView {
    let words = use_words();
    let other = if use_lang() == Lang::Ko { Lang::En } else { Lang::Ko };
    let switch = |name: &'static str, value: &'static str, icon: &'static str, text: &'static str| {
        view! {
            <form method="post" action="/api/preferences/set">
                <input type="hidden" name="name" value=name />
                <input type="hidden" name="value" value=value />
                <button class="switch" type="submit">
                    <Icon name=icon small=true />
                    {text}
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
