//! What the forms have in common whose answer shows a secret. They are plain forms in every browser: the answer is a page
//! of its own, made without JavaScript.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::{AppError, keys::SecretStart},
    components::{ErrorBanner, TextField},
    text::{ErrorContext, error_text, use_key_words, use_lang},
};

/// Whether the URL says that the form was refused.
pub(super) fn use_refused() -> Memo<bool> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|query| query.get("refused").is_some()))
}

/// The sentence beside a field.
pub(super) fn error_beside(error: Option<&AppError>, field: &str) -> Signal<Option<String>> {
    let lang = use_lang();
    let code = error.and_then(AppError::fields).and_then(|errors| errors.of(field));
    Signal::stored(code.map(|code| error_text(lang, code, &ErrorContext::default())))
}

/// The form's name for itself, what refused it before, and the password where it is asked for.
#[component]
pub fn SecretFormTop(start: SecretStart) -> impl IntoView {
    view! {
        <input type="hidden" name="request_key" value=start.request_key.clone() />
        <ErrorBanner error=Signal::stored(start.error.clone()) />
    }
}

/// The password, typed again.
#[component]
pub fn PasswordAgain(start: SecretStart) -> impl IntoView {
    let keys = use_key_words();
    start.asks_password.then(|| {
        view! {
            <TextField
                id="password"
                name="password"
                label=keys.password_now
                kind="password"
                autocomplete="current-password"
                required=true
                value=RwSignal::new(String::new())
                error=error_beside(start.error.as_ref(), "password")
            >
                <p class="field-help">{keys.password_why}</p>
            </TextField>
        }
    })
}
