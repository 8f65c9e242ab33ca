//! One input of the PG, with where its value is found.

use domain::{
    catalogue::{Field, Required as Need},
    channel::view::FieldState,
    id::FieldKey,
};
use leptos::prelude::*;

use super::inputs::{Inputs, condition_text};
use crate::{
    components::{Icon, TextField},
    text::{use_lang, use_words},
};

/// One input of the PG. A stored or kept secret is never shown: blank keeps it.
#[component]
pub fn PgField(inputs: Inputs, field: Field, is_kept: bool, state: Option<FieldState>) -> impl IntoView {
    let (words, lang) = (use_words(), use_lang());
    let key: FieldKey = field.key.clone();
    let is_stored = matches!(state, Some(FieldState::Set { .. }));
    // The star says "type something here": not where a value is held already, nor where it depends on a use.
    let is_held = is_kept || is_stored;
    let required = matches!(field.required, Need::Always | Need::Live) && !is_held;
    let note = if field.required == Need::Optional { words.optional } else { "" };
    let condition = condition_text(lang, &field);
    let help = field.help.as_ref().map(|help| lang.pick(help));
    let caution = field.caution.as_ref().map(|text| lang.pick(text));
    let error = inputs.error_of(lang, format!("fields.{key}"));
    let help_url = field.help_url.clone().or_else(|| inputs.subject.with_value(|subject| subject.admin_url.clone()));
    let (label, kind) = (field.label.clone(), if field.secret { "password" } else { "text" });
    let may_clear = is_stored && field.required == Need::Optional;
    let multiline = field.multiline;
    let value = inputs.value_of(&key).unwrap_or_default();
    let notes = inputs.field_notes(lang, &field, value);
    let hidden = move || inputs.hides(&field).then_some("true");
    view! {
        <div data-hidden=hidden class="field">
            <TextField
                id=format!("field-{key}")
                name=format!("form[fields][{key}]")
                label=label
                kind=kind
                autocomplete=if kind == "password" { "new-password" } else { "off" }
                mono=true
                multiline=multiline
                required=required
                note=note
                value=value
                error=error
            >
                {is_kept.then(|| view! { <KeptNote chip=words.kept_secret text=words.kept_secret_help /> })}
                {(is_stored && !is_kept).then(|| view! { <KeptNote chip=words.stored_secret text=words.stored_secret_help /> })}
                {(!condition.is_empty())
                    .then(|| view! { <p class="field-help">{words.only_with} " " <strong>{condition}</strong></p> })}
                {help.map(|text| view! { <p class="field-help">{text} " " <Where url=help_url /></p> })}
                {caution
                    .map(|text| {
                        view! {
                            <p class="field-warning">
                                <Icon name="info" />
                                <span>{text}</span>
                            </p>
                        }
                    })}
                <Notes notes=notes />
            </TextField>
            {may_clear
                .then(|| {
                    view! {
                        <label class="checkbox">
                            <input type="checkbox" name=format!("form[clear][{key}]") value="on" />
                            <span>{words.clear}</span>
                        </label>
                    }
                })}
        </div>
    }
}

/// What looks odd about a value, or becomes of it; it may be saved all the same.
#[component]
pub fn Notes(notes: Signal<Vec<String>>) -> impl IntoView {
    let line = |text: String| {
        view! {
            <p class="field-warning">
                <Icon name="info" />
                <span>{text}</span>
            </p>
        }
    };
    view! { <div role="status">{move || notes.get().into_iter().map(line).collect_view()}</div> }
}

#[component]
fn KeptNote(chip: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <p class="field-help">
            <span class="chip chip--secret-set">{chip}</span>
            " "
            {text}
        </p>
    }
}

/// A link to where a value is found.
#[component]
pub fn Where(url: Option<String>) -> impl IntoView {
    let words = use_words();
    url.map(|url| {
        view! {
            <a href=url target="_blank" rel="noopener noreferrer">
                {words.where_to_find}
                <Icon name="external" small=true />
            </a>
        }
    })
}
