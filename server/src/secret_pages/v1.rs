//! REST API Secret: shown, or re-issued and shown.

use app::{
    api::keys::{V1Form, v1_draft},
    paths,
    secret_pages::SecretPage,
};
use axum::{
    extract::{Form, State},
    response::Response,
};
use backend::{Error, Shown};
use domain::api_secret::Crown;

use super::{Pages, visitor::Visitor};

pub async fn show(State(pages): State<Pages>, visitor: Visitor, Form(crown): Form<Crown>) -> Response {
    answer(&pages, &visitor, V1Form::Show, crown).await
}

pub async fn reissue(State(pages): State<Pages>, visitor: Visitor, Form(crown): Form<Crown>) -> Response {
    answer(&pages, &visitor, V1Form::Reissue, crown).await
}

async fn answer(pages: &Pages, visitor: &Visitor, form: V1Form, crown: Crown) -> Response {
    let backend = &pages.backend;
    let path = if form == V1Form::Show { paths::KEYS_SHOW } else { paths::KEYS_REISSUE };
    let actor = match visitor.actor(backend, path).await {
        Ok(actor) => actor,
        Err(to_log_in) => return to_log_in,
    };
    let draft = v1_draft(form);
    let shown = match form {
        V1Form::Show => backend.show_v1_secret(&actor, &crown.request_key, &crown.password).await,
        V1Form::Reissue => backend.reissue_v1_secret(&actor, &crown.request_key, &crown.password).await,
    };
    let keys = backend.v1_keys(&actor).await;
    match (shown, keys) {
        (Ok(Shown::Once(shown)), Ok(keys)) => {
            visitor.proved(backend).await;
            pages.forget(&actor, &draft).await;
            let page = match form {
                V1Form::Show => SecretPage::V1Shown(keys.imp_code, shown),
                V1Form::Reissue => SecretPage::V1Reissued(keys.imp_code, shown),
            };
            pages.show(visitor, page)
        }
        (Ok(Shown::Before) | Err(Error::IdempotencyKeyReused), _) => pages.show(visitor, SecretPage::V1Before),
        (Err(error), _) | (_, Err(error)) => pages.refuse(&actor, (&draft, path), (), error.into()).await,
    }
}
