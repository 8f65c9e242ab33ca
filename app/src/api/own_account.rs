//! 내 계정, and the ways back into it by mail.

use domain::own_account::{ChangeEmailForm, ChangePasswordForm, NewPasswordForm, SessionView};
use leptos::prelude::*;

use super::AppError;

#[server(prefix = "/api", endpoint = "account/password")]
pub async fn change_password(form: ChangePasswordForm) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let caller = super::session::caller()?;
    let signed_in = backend.change_password(&actor, form, caller).await.map_err(super::refuse)?;
    // Every session ended with the old password; this browser gets a new one.
    super::session::begin(signed_in).await.map_err(super::refuse)?;
    super::go_to(&format!("{}?done=password", crate::paths::ACCOUNT));
    Ok(())
}

#[server(prefix = "/api", endpoint = "account/email")]
pub async fn ask_for_email(form: ChangeEmailForm) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    super::echo::keep(&super::echo::Typed { email: form.email.clone(), ..Default::default() });
    backend.ask_for_email(&actor, form, super::session::caller()?).await.map_err(super::refuse)?;
    super::go_to(&format!("{}?done=email-asked", crate::paths::ACCOUNT));
    Ok(())
}

/// Whether the link to the new address still works. Looking does not use it up.
#[server(prefix = "/api", endpoint = "account/email-link")]
pub async fn email_link_usable(token: String) -> Result<bool, AppError> {
    let backend = super::session::backend()?;
    let state = backend.email_link(&token).await.map_err(super::refuse)?;
    Ok(state == backend::LinkState::Usable)
}

#[server(prefix = "/api", endpoint = "account/confirm-email")]
pub async fn confirm_email(token: String) -> Result<(), AppError> {
    let (backend, caller) = (super::session::backend()?, super::session::caller()?);
    backend.change_email(&token, caller).await.map_err(super::refuse)?;
    // The mail may be read in another browser than the one that is logged in.
    let next = if super::session::actor().await.is_ok() {
        format!("{}?done=email", crate::paths::ACCOUNT)
    } else {
        format!("{}?done=email", crate::paths::LOG_IN)
    };
    super::go_to(&next);
    Ok(())
}

#[server(prefix = "/api", endpoint = "account/sessions")]
pub async fn my_sessions() -> Result<Vec<SessionView>, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let current = super::session::handle().await.map_err(super::refuse)?;
    backend.my_sessions(&actor, &current).await.map_err(super::refuse)
}

#[server(prefix = "/api", endpoint = "account/end-session")]
pub async fn end_session(handle: String) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.end_session(&actor, &handle).await.map_err(super::refuse)?;
    super::go_to(&format!("{}?done=session", crate::paths::ACCOUNT));
    Ok(())
}

#[server(prefix = "/api", endpoint = "account/sign-out-everywhere")]
pub async fn sign_out_everywhere() -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.sign_out_everywhere(&actor).await.map_err(super::refuse)?;
    super::session::end().await.map_err(super::refuse)?;
    super::go_to(&format!("{}?done=signed-out", crate::paths::LOG_IN));
    Ok(())
}

#[server(prefix = "/api", endpoint = "account/forgot-password")]
pub async fn forgot_password(email: String) -> Result<(), AppError> {
    let (backend, caller) = (super::session::backend()?, super::session::caller()?);
    super::echo::keep(&super::echo::Typed { email: email.clone(), ..Default::default() });
    backend.forgot_password(&email, caller).await.map_err(super::refuse)?;
    super::go_to(&format!("{}?sent=1", crate::paths::FORGOT_PASSWORD));
    Ok(())
}

#[server(prefix = "/api", endpoint = "account/reset-link")]
pub async fn reset_link_usable(token: String) -> Result<bool, AppError> {
    let backend = super::session::backend()?;
    let state = backend.reset_link(&token).await.map_err(super::refuse)?;
    Ok(state == backend::LinkState::Usable)
}

#[server(prefix = "/api", endpoint = "account/reset-password")]
pub async fn reset_password(token: String, form: NewPasswordForm) -> Result<(), AppError> {
    let (backend, caller) = (super::session::backend()?, super::session::caller()?);
    let email = backend.reset_password(&token, form, caller).await.map_err(super::refuse)?;
    // Whoever has the mailbox is to get in even while somebody else guesses on.
    super::accounts::know_device(&backend, &email);
    super::go_to(&format!("{}?done=password", crate::paths::LOG_IN));
    Ok(())
}
