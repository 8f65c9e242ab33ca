//! Pages in front of the login.

mod confirm_email;
mod email_input;
mod forgot;
mod frame;
mod invitation;
mod legal;
mod link;
mod log_in;
mod passwords;
mod resend;
mod reset;
mod sign_up;
mod verify;

pub use confirm_email::ConfirmEmailPage;
pub use forgot::ForgotPasswordPage;
pub use invitation::InvitationPage;
pub use legal::{PrivacyPage, TermsPage};
pub use log_in::LogInPage;
pub use passwords::NewPasswords;
pub use resend::ResendPage;
pub use reset::ResetPasswordPage;
pub use sign_up::SignUpPage;
pub use verify::VerifyPage;

use leptos::prelude::*;

use crate::{
    api::AppError,
    text::{ErrorContext, error_text, use_lang},
};

/// The sentence beside a field of a form that was refused.
pub fn field_error(failed: Signal<Option<AppError>>, field: &'static str) -> Signal<Option<String>> {
    let lang = use_lang();
    Signal::derive(move || {
        let failed = failed.get()?;
        failed.fields()?.of(field).map(|code| error_text(lang, code, &ErrorContext::default()))
    })
}
