//! 요청 검사 as it is posted: answered with its own page, and with nothing kept of it.

use axum::{
    Router,
    body::Body,
    extract::Form,
    http::{Request, request::Parts},
    response::IntoResponse as _,
    routing::post,
};
use domain::request_check::RequestForm;
use leptos::prelude::{IntoView, provide_context};
use leptos_axum::render_app_async_with_context;

/// At the address of the page itself. `document` is what every page is rendered as.
pub fn routes<S, V>(
    context: impl Fn() + Clone + Send + Sync + 'static,
    document: impl Fn() -> V + Clone + Send + Sync + 'static,
) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let check = move |parts: Parts, Form(pairs): Form<Vec<(String, String)>>| {
        let form = RequestForm::from_pairs(pairs);
        let context = context.clone();
        let context = move || {
            context();
            provide_context(form.clone());
        };
        let render = render_app_async_with_context(context, document.clone());
        async move { render(Request::from_parts(parts, Body::empty())).await.into_response() }
    };
    Router::new().route("/integration/channels/{key}/check", post(check))
}
