//! 식별코드 · API Keys as pages need it. No secret comes this way: those are shown by the plain pages of `secret_pages`.

use domain::{
    api_secret::{ApiSecretView, IssueForm, V1Keys},
    page::Page,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::AppError;

/// What a form begins with whose answer shows a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretStart {
    /// Names this page: sent twice, it shows one secret.
    pub request_key: String,
    /// Whether the last proof of who it is was too long ago.
    pub asks_password: bool,
    /// Why the form was refused before, if it was.
    pub error: Option<AppError>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueStart {
    pub form: IssueForm,
    pub start: SecretStart,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollStart {
    pub secret: ApiSecretView,
    pub overlap: String,
    pub start: SecretStart,
}

/// Which of the two forms of the V1 secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum V1Form {
    Show,
    Reissue,
}

#[server(prefix = "/api", endpoint = "keys/v1")]
pub async fn load_v1_keys() -> Result<V1Keys, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.v1_keys(&actor).await.map_err(super::refuse)
}

#[server(prefix = "/api", endpoint = "keys/v1/form")]
pub async fn load_v1_form(form: V1Form, refused: bool) -> Result<SecretStart, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let (_, start) = ssr::start::<()>(&backend, &actor, &ssr::v1_draft(form), refused).await.map_err(super::refuse)?;
    Ok(SecretStart { asks_password: true, ..start })
}

#[server(prefix = "/api", endpoint = "keys/v2/list")]
pub async fn list_api_secrets(page: u64) -> Result<Page<ApiSecretView>, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.list_api_secrets(&actor, page).await.map_err(super::refuse)
}

#[server(prefix = "/api", endpoint = "keys/v2/form")]
pub async fn load_issue(refused: bool) -> Result<IssueStart, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let (form, start) = ssr::start(&backend, &actor, ssr::ISSUE_DRAFT, refused).await.map_err(super::refuse)?;
    Ok(IssueStart { form: form.unwrap_or_else(IssueForm::fresh), start })
}

#[server(prefix = "/api", endpoint = "keys/v2/show")]
pub async fn load_api_secret(kid: String) -> Result<ApiSecretView, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.api_secret(&actor, &kid).await.map_err(super::refuse)
}

#[server(prefix = "/api", endpoint = "keys/v2/roll")]
pub async fn load_roll(kid: String, refused: bool) -> Result<RollStart, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let secret = backend.api_secret(&actor, &kid).await.map_err(super::refuse)?;
    let (overlap, start) =
        ssr::start(&backend, &actor, &ssr::roll_draft(&kid), refused).await.map_err(super::refuse)?;
    Ok(RollStart { secret, overlap: overlap.unwrap_or_else(|| "24".to_owned()), start })
}

#[server(prefix = "/api", endpoint = "keys/v2/revoke")]
pub async fn revoke_api_secret(kid: String, #[server(default)] reason: String) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let actor = super::session::because(actor, &reason).map_err(super::refuse)?;
    let language = super::session::caller()?.language;
    backend.revoke_api_secret(&actor, &kid, language).await.map_err(super::refuse)?;
    super::go_to(&format!("{}?done=revoked", crate::paths::KEYS_V2));
    Ok(())
}

#[cfg(feature = "ssr")]
pub use ssr::{ISSUE_DRAFT, Refused, roll_draft, v1_draft};

#[cfg(feature = "ssr")]
mod ssr {
    use backend::{Actor, Backend};
    use domain::member::Permission;
    use serde::{Deserialize, Serialize, de::DeserializeOwned};

    use super::{AppError, SecretStart, V1Form};

    /// What a refused form of each kind is kept as.
    pub const ISSUE_DRAFT: &str = "keys/v2/new";

    pub fn roll_draft(kid: &str) -> String {
        format!("keys/v2/{kid}/roll")
    }

    pub fn v1_draft(form: V1Form) -> String {
        match form {
            V1Form::Show => "keys/secret".to_owned(),
            V1Form::Reissue => "keys/reissue".to_owned(),
        }
    }

    /// A refused form as it is sealed: never the password.
    #[derive(Serialize, Deserialize)]
    pub struct Refused<F> {
        pub form: F,
        pub error: AppError,
    }

    /// What was typed before, if it was `refused`, and what else the form begins with.
    pub(super) async fn start<F: DeserializeOwned>(
        backend: &Backend,
        actor: &Actor,
        draft: &str,
        refused: bool,
    ) -> Result<(Option<F>, SecretStart), AppError> {
        if !actor.may(Permission::IssueCredentials) {
            return Err(AppError::Forbidden);
        }
        let draft: Option<Refused<F>> = if refused { backend.draft(actor, draft).await? } else { None };
        let (form, error) = draft.map_or((None, None), |draft| (Some(draft.form), Some(draft.error)));
        let session = crate::api::session::session().await?;
        let asks_password = !crate::api::session::proved_lately(backend, &session).await;
        Ok((form, SecretStart { request_key: backend.request_key(), asks_password, error }))
    }
}
