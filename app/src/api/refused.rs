//! A form that was refused, kept as a draft so that its page finds everything that was typed.

use domain::form::FormErrors;
use leptos::{prelude::*, server_fn::ServerFn};
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

impl<F> Start<F> {
    /// What a refused form leaves for its page.
    pub fn refused(form: F, error: AppError) -> Self {
        match error {
            AppError::Form(errors) => Self { form, errors, error: None },
            other => Self { form, errors: FormErrors::default(), error: Some(other) },
        }
    }

    /// Why the form was refused, if it was.
    pub fn refusal(&self) -> Option<AppError> {
        match (self.errors.is_empty(), &self.error) {
            (false, _) => Some(AppError::Form(self.errors.clone())),
            (true, error) => error.clone(),
        }
    }
}

/// Why a form is refused: by what was just sent, or `before` its page was loaded.
pub fn refused_by<S>(action: ServerAction<S>, before: Option<AppError>) -> Signal<Option<AppError>>
where
    S: ServerFn<Output = (), Error = AppError> + Clone + Send + Sync + 'static,
{
    Signal::derive(move || match action.value().get() {
        Some(outcome) => outcome.err(),
        None => before.clone(),
    })
}

/// Refuses a form without secrets: a fetch is told, a plain form finds the list `back` with what was typed.
#[cfg(feature = "ssr")]
pub(crate) async fn keep<F: Serialize>(
    by: (&backend::Backend, &backend::Actor),
    (draft, back): (&str, &str),
    form: F,
    error: impl Into<AppError>,
) -> Result<(), AppError> {
    leave(by, draft, form, error.into()).await?;
    super::go_back(back, "draft=1");
    Ok(())
}

/// Leaves a refused form where its page finds it; a fetch is told instead. Sealed, so secrets may be in it.
#[cfg(feature = "ssr")]
pub(crate) async fn leave<F: Serialize>(
    (backend, actor): (&backend::Backend, &backend::Actor),
    draft: &str,
    form: F,
    error: AppError,
) -> Result<(), AppError> {
    if !super::wants_html() {
        return Err(super::refuse(error));
    }
    backend.keep_draft(actor, draft, &Start::refused(form, error)).await.map_err(super::refuse)
}
