use leptos::prelude::*;

use super::FieldMessage;

/// A labelled choice from a list.
#[component]
pub fn SelectField(
    #[prop(into)] id: String,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// What is sent, and what is shown for it.
    options: Vec<(String, String)>,
    #[prop(into)] selected: String,
    #[prop(into)] error: Signal<Option<String>>,
    /// Help below the list.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (error_id, help_id) = (format!("{id}-error"), format!("{id}-help"));
    let described = {
        let (error_id, help_id) = (error_id.clone(), help_id.clone());
        move || if error.get().is_some() { format!("{error_id} {help_id}") } else { help_id.clone() }
    };
    let options = options
        .into_iter()
        .map(|(value, text)| {
            let is_selected = value == selected;
            view! {
                <option value=value selected=is_selected>
                    {text}
                </option>
            }
        })
        .collect_view();
    view! {
        <div class="field" class:field--invalid=move || error.get().is_some()>
            <label class="field-label" for=id.clone()>
                {label}
            </label>
            <select
                class="select"
                id=id
                name=name
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby=described
            >
                {options}
            </select>
            <FieldMessage id=error_id error=error />
            <div id=help_id>{children.map(|children| children())}</div>
        </div>
    }
}
