use leptos::{html, prelude::*};

use crate::text::use_search_words;

/// 단축키: what the keyboard does, and the switch for those of one letter (WCAG 2.1.4), which somebody who speaks to the
/// computer may press by accident.
#[component]
pub fn Keys(is_open: RwSignal<bool>, dialog: NodeRef<html::Dialog>, are_single_on: Signal<bool>) -> impl IntoView {
    let words = use_search_words();
    let key = |keys: &'static [&'static str], text: &'static str| {
        let caps = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
        view! {
            <dt>{caps}</dt>
            <dd>{text}</dd>
        }
    };
    let switch = move || {
        let is_on = are_single_on.get();
        let (state, text) = if is_on { (words.single_on, words.turn_off) } else { (words.single_off, words.turn_on) };
        view! {
            <form class="stack--tight" method="post" action="/api/preferences/set">
                <input type="hidden" name="name" value="keys" />
                <input type="hidden" name="value" value=if is_on { "off" } else { "on" } />
                <p class="kv-note">{state}</p>
                <button class="button button--small" type="submit">
                    {text}
                </button>
            </form>
        }
    };
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby="keys-title" on:close=move |_| is_open.set(false)>
            <Show when=move || is_open.get()>
                <div class="stack">
                    <h2 id="keys-title">{words.keys}</h2>
                    <dl class="keys">
                        {key(&["/", "Ctrl K", "⌘ K"], words.key_search)} {key(&["↓", "↑"], words.key_move)}
                        {key(&["Enter"], words.key_enter)} {key(&["Tab", "Shift Tab"], words.key_next)}
                        {key(&["Esc"], words.key_escape)} {key(&["?"], words.key_keys)}
                    </dl>
                    {switch}
                    <form method="dialog" class="form-actions">
                        <button class="button" type="submit">
                            {words.close}
                        </button>
                    </form>
                </div>
            </Show>
        </dialog>
    }
}
