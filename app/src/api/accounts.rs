//! Signing up, confirming, logging in and out.

use domain::account::{LoginForm, SignUpForm};
use leptos::prelude::*;

use super::AppError;

/// The cookie of a browser that has logged in before.
#[cfg(feature = "ssr")]
const DEVICE: &str = "device";

/// Lets this browser be known to an account that it has just proved to be of: it is not held up by whoever guesses at
/// the account from elsewhere.
#[cfg(feature = "ssr")]
pub(crate) fn know_device(backend: &backend::Backend, email: &domain::account::Email) {
    let before = super::preference(DEVICE);
    match backend.known_device(email, before.as_deref()) {
        Ok(device) => super::set_cookie(DEVICE, &device, 365 * 24 * 60 * 60),
        Err(error) => tracing::error!(%error, "device cookie"),
    }
}

#[server(prefix = "/api", endpoint = "accounts/sign-up")]
pub async fn sign_up(form: SignUpForm) -> Result<(), AppError> {
    let (backend, caller) = (super::session::backend()?, super::session::caller()?);
    super::echo::keep(&super::echo::Typed {
        email: form.email.clone(),
        terms: !form.terms.is_empty(),
        privacy: !form.privacy.is_empty(),
        marketing: !form.marketing.is_empty(),
    });
    backend.sign_up(form, caller).await.map_err(super::refuse)?;
    super::go_to(&format!("{}?sent=1", crate::paths::SIGN_UP));
    Ok(())
}

#[server(prefix = "/api", endpoint = "accounts/resend")]
pub async fn resend_verification(email: String) -> Result<(), AppError> {
    let (backend, caller) = (super::session::backend()?, super::session::caller()?);
    super::echo::keep(&super::echo::Typed { email: email.clone(), ..Default::default() });
    backend.resend_verification(&email, caller).await.map_err(super::refuse)?;
    super::go_to(&format!("{}?sent=1", crate::paths::RESEND));
    Ok(())
}

/// Whether the link in the mail still works. Looking does not use it up.
#[server(prefix = "/api", endpoint = "accounts/link")]
pub async fn link_usable(token: String) -> Result<bool, AppError> {
    let backend = super::session::backend()?;
    let state = backend.verification_link(&token).await.map_err(super::refuse)?;
    Ok(state == backend::LinkState::Usable)
}

#[server(prefix = "/api", endpoint = "accounts/verify")]
pub async fn verify_email(token: String) -> Result<(), AppError> {
    let (backend, caller) = (super::session::backend()?, super::session::caller()?);
    backend.verify_email(&token, caller).await.map_err(super::refuse)?;
    super::go_to(&format!("{}?verified=1", crate::paths::LOG_IN));
    Ok(())
}

#[server(prefix = "/api", endpoint = "accounts/log-in")]
pub async fn log_in(form: LoginForm, next: String) -> Result<(), AppError> {
    let (backend, caller) = (super::session::backend()?, super::session::caller()?);
    super::echo::keep(&super::echo::Typed { email: form.email.clone(), ..Default::default() });
    let (email, device) = (form.email.clone(), super::preference(DEVICE));
    let signed_in = backend.log_in_from(form, caller, device.as_deref()).await.map_err(super::refuse)?;
    super::session::begin(signed_in).await.map_err(super::refuse)?;
    if let Some(language) = backend.chosen_language(signed_in).await.map_err(super::refuse)? {
        super::set_cookie("lang", language.code(), super::A_YEAR);
    }
    if let Ok(email) = domain::account::Email::parse(&email) {
        know_device(&backend, &email);
    }
    match crate::paths::LocalPath::parse(&next) {
        Some(path) => super::go(&path),
        None => super::go_to(crate::paths::CHANNELS),
    }
    Ok(())
}

#[server(prefix = "/api", endpoint = "accounts/log-out")]
pub async fn log_out() -> Result<(), AppError> {
    // Somebody whose session is over already wanted just that.
    if let Ok((backend, actor)) = super::session::actor().await {
        backend.log_out(&actor).await.map_err(super::refuse)?;
    }
    super::session::end().await.map_err(super::refuse)?;
    super::go_to(crate::paths::LOG_IN);
    Ok(())
}
