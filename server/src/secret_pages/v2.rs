//! V2 API secrets: issued or rolled, and shown.

use app::{
    api::keys::{ISSUE_DRAFT, roll_draft},
    paths,
    secret_pages::SecretPage,
};
use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use backend::{Actor, Error, Issue, Issued, PasswordProof, Roll, Shown};
use domain::{
    api_secret::{Crown, IssueForm},
    id::StoreId,
};
use serde::{Deserialize, Serialize};

use super::{Pages, visitor::Visitor};

/// 새로운 API Secret 발급 as it is posted.
#[derive(Debug, Deserialize)]
pub struct IssuePost {
    #[serde(flatten)]
    form: IssueForm,
    /// The store it will belong to; empty for the primary one.
    #[serde(default)]
    store: String,
    #[serde(flatten)]
    crown: Crown,
}

#[derive(Debug, Deserialize)]
pub struct RollPost {
    #[serde(default)]
    overlap: String,
    #[serde(flatten)]
    crown: Crown,
}

pub async fn issue(State(pages): State<Pages>, visitor: Visitor, Form(post): Form<IssuePost>) -> Response {
    let backend = &pages.backend;
    let actor = match visitor.actor(backend, paths::KEYS_V2_NEW).await {
        Ok(actor) => actor,
        Err(to_log_in) => return to_log_in,
    };
    let proof = visitor.proof(backend, post.crown.password).await;
    let typed = matches!(proof, PasswordProof::Typed(_));
    // A store that is none is not there, like another merchant's.
    let store: Option<StoreId> = match post.store.as_str() {
        "" => None,
        text => match text.parse() {
            Ok(store) => Some(store),
            Err(_) => {
                return pages
                    .refuse(&actor, (ISSUE_DRAFT, paths::KEYS_V2_NEW), post.form, Error::NotFound.into())
                    .await;
            }
        },
    };
    let path = store.map_or_else(|| paths::KEYS_V2_NEW.to_owned(), |id| format!("{}?store={id}", paths::KEYS_V2_NEW));
    let at = (ISSUE_DRAFT, path.as_str());
    let issue = Issue {
        form: post.form.clone(),
        store,
        request_key: post.crown.request_key,
        proof,
        language: visitor.language(),
    };
    let shown = backend.issue_api_secret(&actor, issue).await;
    answer(&pages, &visitor, &actor, at, post.form, typed, shown).await
}

pub async fn roll(
    State(pages): State<Pages>,
    visitor: Visitor,
    Path(kid): Path<String>,
    Form(post): Form<RollPost>,
) -> Response {
    let backend = &pages.backend;
    let (path, draft) = (paths::roll_secret(&kid), roll_draft(&kid));
    let actor = match visitor.actor(backend, &path).await {
        Ok(actor) => actor,
        Err(to_log_in) => return to_log_in,
    };
    let proof = visitor.proof(backend, post.crown.password).await;
    let typed = matches!(proof, PasswordProof::Typed(_));
    let roll = Roll {
        kid,
        overlap: post.overlap.clone(),
        request_key: post.crown.request_key,
        proof,
        language: visitor.language(),
    };
    let shown = backend.roll_api_secret(&actor, roll).await;
    answer(&pages, &visitor, &actor, (&draft, &path), post.overlap, typed, shown).await
}

async fn answer<F: Serialize>(
    pages: &Pages,
    visitor: &Visitor,
    actor: &Actor,
    at: (&str, &str),
    form: F,
    password_typed: bool,
    shown: backend::Result<Shown<Issued>>,
) -> Response {
    match shown {
        Ok(Shown::Once(issued)) => {
            if password_typed {
                visitor.proved(&pages.backend).await;
            }
            pages.forget(actor, at.0).await;
            pages.show(visitor, SecretPage::V2(issued))
        }
        Ok(Shown::Before) | Err(Error::IdempotencyKeyReused) => pages.show(visitor, SecretPage::V2Before),
        Err(error) => pages.refuse(actor, at, form, error.into()).await,
    }
}
