use leptos::prelude::*;

use super::Icon;
use crate::text::use_words;

/// A value to take along. The text is selectable as a whole; the button comes with JavaScript.
#[component]
pub fn Copy(
    #[prop(into)] value: String,
    /// What is copied, for those who do not see the page.
    #[prop(into)]
    label: String,
    #[prop(optional)] whole: bool,
    /// Several lines, as they are.
    #[prop(optional)]
    block: bool,
) -> impl IntoView {
    let words = use_words();
    let class = match (whole, block) {
        (_, true) => "copy copy--block",
        (true, false) => "copy copy--whole",
        (false, false) => "copy",
    };
    let (is_live, copied) = (RwSignal::new(false), RwSignal::new(false));
    Effect::new(move |_| is_live.set(true));
    let text = StoredValue::new(value.clone());
    let copy = move |_| {
        #[cfg(feature = "hydrate")]
        {
            // The promise's outcome changes nothing here: a browser that refuses leaves the text to be selected.
            drop(window().navigator().clipboard().write_text(&text.get_value()));
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = text;
        copied.set(true);
    };
    view! {
        <span class=class>
            <code>{value}</code>
            <Show when=move || is_live.get()>
                <button
                    class="copy-button"
                    type="button"
                    aria-label=format!("{label} {}", words.copy)
                    data-copied=move || copied.get().then_some("true")
                    on:click=copy
                >
                    <Icon name="copy" small=true class="copy-idle" />
                    <Icon name="check" small=true class="copy-done" />
                </button>
                <span class="visually-hidden" role="status">{move || copied.get().then_some(words.copied)}</span>
            </Show>
        </span>
    }
}
