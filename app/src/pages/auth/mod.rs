//! Pages in front of the login.

mod frame;
mod legal;
mod log_in;
mod resend;
mod sign_up;
mod verify;

pub use legal::{PrivacyPage, TermsPage};
pub use log_in::LogInPage;
pub use resend::ResendPage;
pub use sign_up::SignUpPage;
pub use verify::VerifyPage;

use leptos::prelude::*;

use crate::{
    api::AppError,
    text::{ErrorContext, error_text, use_lang},
};

/// The sentence beside a field of a form that was refused.
fn field_error(failed: Signal<Option<AppError>>, field: &'static str) -> Signal<Option<String>> {
    let lang = use_lang();
    Signal::derive(move || {
        let failed = failed.get()?;
        failed.fields()?.of(field).map(|code| error_text(lang, code, &ErrorContext::default()))
    })
}
