//! One box for a PG's mail or table: the values in it, found before anything is filled in. Comes with JavaScript, and what
//! is pasted stays in the browser: the box has no name, so that no form and no draft holds it.

use leptos::prelude::*;

use super::inputs::Inputs;

#[cfg(not(feature = "hydrate"))]
#[component]
pub fn PasteBox(inputs: Inputs) -> impl IntoView {
    // As much as the browser begins with: nothing, until it is alive.
    view! { <Show when=move || inputs.is_live.get()><br /></Show> }
}

#[cfg(feature = "hydrate")]
#[component]
pub fn PasteBox(inputs: Inputs) -> impl IntoView {
    view! {
        <Show when=move || inputs.is_live.get()>
            <live::Box inputs=inputs />
        </Show>
    }
}

#[cfg(feature = "hydrate")]
mod live {
    use domain::channel::paste::{Pasted, Place, Taken, read};
    use leptos::{
        ev::{Event, MouseEvent},
        prelude::*,
        wasm_bindgen::JsCast as _,
        web_sys::HtmlTextAreaElement,
    };

    use super::super::{inputs::Inputs, keeping::Keeping};
    use crate::{
        components::TextArea,
        text::{mid_label, use_guided_words, use_lang},
    };

    #[component]
    pub fn Box(inputs: Inputs) -> impl IntoView {
        let words = use_guided_words();
        let keeping = use_context::<Keeping>();
        let (found, told) = (RwSignal::new(None::<Pasted>), RwSignal::new(None::<Vec<Place>>));
        // What happens in the box is no typing into the form.
        let look = move |event: Event| {
            event.stop_propagation();
            let typed = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
            let text = typed.map(|area| area.value()).unwrap_or_default();
            let pasted = inputs.module.with_value(|module| read(&text, module, inputs.mode));
            found.set((!text.trim().is_empty()).then_some(pasted));
            told.set(None);
        };
        let fill = move |event: MouseEvent| {
            if let Some(pasted) = found.get_untracked() {
                told.set(Some(inputs.fill(&pasted.taken)));
                if let Some(keeping) = keeping {
                    keeping.note(&event);
                }
            }
        };
        let result = move || found.get().map(|pasted| view! { <Found inputs=inputs pasted=pasted fill=fill /> });
        let outcome = move || {
            told.get().map(|refused| {
                let labels: Vec<String> = refused.iter().map(|place| label_of(inputs, place)).collect();
                view! {
                    <p>{words.paste_filled}</p>
                    {(!labels.is_empty()).then(|| view! { <p>{words.paste_typed} " " {labels.join(", ")}</p> })}
                }
            })
        };
        view! {
            <details class="paste-box">
                <summary>{words.paste}</summary>
                <div class="stack stack--tight">
                    <label class="field-label" for="paste">
                        {words.paste_label}
                    </label>
                    <TextArea id="paste" value=RwSignal::new(String::new()) is_invalid=false described_by="paste-help" on:input=look />
                    <p class="field-help" id="paste-help">
                        {words.paste_help}
                    </p>
                    <div class="stack stack--tight">{result}</div>
                    <div role="status">{outcome}</div>
                </div>
            </details>
        }
    }

    fn label_of(inputs: Inputs, place: &Place) -> String {
        inputs.module.with_value(|module| match place {
            Place::Mid => mid_label(use_lang(), module),
            Place::Field(key) => module.field(key).map_or_else(|| key.to_string(), |field| field.label.clone()),
        })
    }

    /// A secret is not shown again, not even to who has just pasted it.
    fn shown(inputs: Inputs, taken: &Taken) -> String {
        let is_secret = inputs.module.with_value(|module| match &taken.place {
            Place::Field(key) => module.field(key).is_some_and(|field| field.secret),
            Place::Mid => false,
        });
        if is_secret {
            format!("{} ({})", use_guided_words().paste_secret, taken.value.chars().count())
        } else {
            taken.value.clone()
        }
    }

    /// What was found, with the way to take it over, and what was not.
    #[component]
    fn Found(inputs: Inputs, pasted: Pasted, fill: impl Fn(MouseEvent) + Copy + 'static) -> impl IntoView {
        let words = use_guided_words();
        let row = |taken: &Taken| {
            view! {
                <dt>{label_of(inputs, &taken.place)}</dt>
                <dd>
                    <code>{shown(inputs, taken)}</code>
                </dd>
            }
        };
        let rows = pasted.taken.iter().map(row).collect_view();
        let left = pasted.left.iter().map(|line| view! { <li>{line.clone()}</li> }).collect_view();
        let (is_empty, count) = (pasted.taken.is_empty(), pasted.left.len());
        let taken = (!is_empty).then(|| {
            view! {
                <p class="field-label">{words.paste_found}</p>
                <dl class="kv">{rows}</dl>
                <button class="button" type="button" on:click=fill>
                    {words.paste_fill}
                </button>
            }
        });
        let left = (count > 0).then(|| {
            view! {
                <details class="paste-left">
                    <summary>{words.paste_left} " " {count}</summary>
                    <ul class="notice-list">{left}</ul>
                </details>
            }
        });
        view! {
            {is_empty.then(|| view! { <p>{words.paste_none}</p> })}
            {taken}
            {left}
        }
    }
}
