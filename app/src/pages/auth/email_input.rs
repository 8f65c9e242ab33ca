use leptos::prelude::*;

use super::field_error;
use crate::{
    api::AppError,
    components::{ErrorBanner, TextField},
    text::use_words,
};

/// What a form has that sends a mail to an address: why it was refused, the address, and the button.
#[component]
pub fn EmailInput(
    /// What was typed before.
    email: String,
    failed: Signal<Option<AppError>>,
    button: &'static str,
) -> impl IntoView {
    let words = use_words();
    view! {
        <ErrorBanner error=failed />
        <TextField
            id="email"
            name="email"
            label=words.email
            kind="email"
            autocomplete="username"
            value=RwSignal::new(email)
            error=field_error(failed, "email")
        />
        <button class="button button--primary button--wide" type="submit">
            {button}
        </button>
    }
}
