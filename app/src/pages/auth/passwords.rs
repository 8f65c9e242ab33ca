use leptos::prelude::*;

use super::field_error;
use crate::{api::AppError, components::TextField, text::use_words};

/// A new password, typed twice. `form` is the name of the form's part that they are in.
#[component]
pub fn NewPasswords(form: &'static str, failed: Signal<Option<AppError>>) -> impl IntoView {
    let words = use_words();
    view! {
        <TextField
            id="password"
            name=format!("{form}[password]")
            label=words.new_password
            kind="password"
            autocomplete="new-password"
            required=true
            value=RwSignal::new(String::new())
            error=field_error(failed, "password")
        >
            <p class="field-help">{words.password_help}</p>
        </TextField>
        <TextField
            id="password-again"
            name=format!("{form}[password_again]")
            label=words.password_again
            kind="password"
            autocomplete="new-password"
            required=true
            value=RwSignal::new(String::new())
            error=field_error(failed, "password_again")
        />
    }
}
