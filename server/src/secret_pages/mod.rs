//! Where a secret is shown: plain forms, answered with a page of their own. A form that is refused finds its page again,
//! with what was typed and never with the password.

mod v1;
mod v2;
mod visitor;

use std::sync::Arc;

use app::{
    api::{AppError, keys::Refused},
    paths,
    secret_pages::{SecretPage, render},
};
use axum::{
    Router,
    http::{StatusCode, header},
    response::{Html, IntoResponse as _, Response},
    routing::post,
};
use backend::{Actor, Backend};
use leptos::config::LeptosOptions;
use serde::Serialize;

use self::visitor::Visitor;
use crate::config::Config;

/// What the handlers share.
#[derive(Clone)]
struct Pages {
    backend: Arc<Backend>,
    options: LeptosOptions,
    public_url: Arc<str>,
}

/// At the addresses of the forms themselves.
pub fn routes<S: Clone + Send + Sync + 'static>(
    config: &Config,
    backend: &Arc<Backend>,
    options: &LeptosOptions,
) -> Router<S> {
    let public_url = config.public_url.as_str().into();
    let pages = Pages { backend: Arc::clone(backend), options: options.clone(), public_url };
    Router::new()
        .route(paths::KEYS_SHOW, post(v1::show))
        .route(paths::KEYS_REISSUE, post(v1::reissue))
        .route(paths::KEYS_V2_NEW, post(v2::issue))
        .route("/integration/keys/v2/{kid}/roll", post(v2::roll))
        .with_state(pages)
}

impl Pages {
    fn show(&self, visitor: &Visitor, page: SecretPage) -> Response {
        let look = visitor.look(self.backend.nonce());
        let html = render(self.options.clone(), look, &self.public_url, page);
        ([(header::CACHE_CONTROL, "no-store")], Html(html)).into_response()
    }

    /// Back to the form, which tells what was wrong.
    async fn refuse<F: Serialize>(&self, actor: &Actor, at: (&str, &str), form: F, error: AppError) -> Response {
        let (draft, path) = at;
        match self.backend.keep_draft(actor, draft, &Refused { form, error }).await {
            Ok(()) => go_to(&format!("{path}{}refused=1", if path.contains('?') { '&' } else { '?' })),
            Err(_) => go_to(path),
        }
    }

    async fn forget(&self, actor: &Actor, draft: &str) {
        if self.backend.forget_draft(actor, draft).await.is_err() {
            tracing::warn!("a draft was not forgotten");
        }
    }
}

fn go_to(path: &str) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, path.to_owned())]).into_response()
}
