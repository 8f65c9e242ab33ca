//! A form that was refused, kept as a draft so that its page finds everything that was typed.

use domain::form::FormErrors;
use serde::{Deserialize, Serialize};

use super::AppError;

/// What a form begins with: nothing, or what was refused and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start<F> {
    pub form: F,
    pub errors: FormErrors,
    /// What else refused it.
    pub error: Option<AppError>,
}

/// Refuses a form without secrets: a fetch is told, a plain form finds its page `back` with what was typed.
#[cfg(feature = "ssr")]
pub(crate) async fn keep<F: Serialize>(
    (backend, actor): (&backend::Backend, &backend::Actor),
    (draft, back): (&str, &str),
    form: F,
    error: backend::Error,
) -> Result<(), AppError> {
    let error = AppError::from(error);
    if !super::wants_html() {
        return Err(super::refuse(error));
    }
    let start = match error {
        AppError::Form(errors) => Start { form, errors, error: None },
        other => Start { form, errors: FormErrors::default(), error: Some(other) },
    };
    backend.keep_draft(actor, draft, &start).await.map_err(super::refuse)?;
    super::go_to(&format!("{back}?draft=1"));
    Ok(())
}
