use leptos::{either::Either, prelude::*};

use super::{Icon, TextArea};

/// What is wrong with a field, beside it.
#[component]
pub fn FieldMessage(#[prop(into)] id: String, #[prop(into)] error: Signal<Option<String>>) -> impl IntoView {
    move || {
        let id = id.clone();
        error.get().map(|text| {
            view! {
                <p class="field-error" role="alert" id=id>
                    <Icon name="alert" />
                    <span>{text}</span>
                </p>
            }
        })
    }
}

/// The star of what must be filled; screen readers hear it from the input.
#[component]
pub fn Required() -> impl IntoView {
    view! {
        <span class="field-required" aria-hidden="true">
            "*"
        </span>
    }
}

/// A labelled input. `id` names the element, `name` what is sent.
#[component]
pub fn TextField(
    #[prop(into)] id: String,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] error: Signal<Option<String>>,
    /// What it shows at first; later `value` follows what is typed.
    #[prop(into)]
    value: RwSignal<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] required: bool,
    #[prop(optional)] mono: bool,
    /// Several lines.
    #[prop(optional)]
    multiline: bool,
    #[prop(optional, into)] note: String,
    /// The most characters that can be typed.
    #[prop(optional, into)]
    max: Option<u32>,
    /// Help below the input.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (error_id, help_id) = (format!("{id}-error"), format!("{id}-help"));
    let described = {
        let (error_id, help_id) = (error_id.clone(), help_id.clone());
        move || if error.get().is_some() { format!("{error_id} {help_id}") } else { help_id.clone() }
    };
    view! {
        <div class="field" class:field--invalid=move || error.get().is_some()>
            <label class="field-label" for=id.clone()>
                {label}
                {if required {
                    Either::Left(view! { <Required /> })
                } else {
                    Either::Right((!note.is_empty()).then(|| view! { <span class="field-optional">{note}</span> }))
                }}
            </label>
            {if multiline {
                Either::Left(
                    view! {
                        <TextArea
                            id=id
                            name=name
                            required=required
                            value=value
                            is_invalid=Signal::derive(move || error.get().is_some())
                            described_by=Signal::derive(described)
                        />
                    },
                )
            } else {
                Either::Right(
                    view! {
                        <input
                            class=if mono { "input input--mono" } else { "input" }
                            id=id
                            name=name
                            type=kind
                            autocomplete=autocomplete
                            maxlength=max
                            spellcheck="false"
                            aria-required=required.then_some("true")
                            aria-invalid=move || error.get().is_some().then_some("true")
                            aria-describedby=described
                            value=value.get_untracked()
                            prop:value=value
                            on:input:target=move |event| value.set(event.target().value())
                        />
                    },
                )
            }}
            <FieldMessage id=error_id error=error />
            <div id=help_id>{children.map(|children| children())}</div>
        </div>
    }
}

/// A box to tick.
#[component]
pub fn CheckField(
    #[prop(into)] id: String,
    #[prop(into)] name: String,
    #[prop(optional)] checked: bool,
    #[prop(into)] error: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    let (error_id, label_for) = (format!("{id}-error"), id.clone());
    view! {
        <label class="checkbox" for=label_for>
            <input
                type="checkbox"
                id=id
                name=name
                value="on"
                checked=checked
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby=error_id.clone()
            />
            <span>{children()}</span>
        </label>
        <FieldMessage id=error_id error=error />
    }
}
