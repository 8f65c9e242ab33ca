//! The payment core's API, on a listener of its own that is never public. Core tokens only: a person's session or a
//! merchant's secret is worth nothing here.

mod applications;
mod auth;
mod batch;
mod body;
mod channel;
mod credentials;
mod follow;
mod nodes;
mod problem;
mod records;
mod resolve;
mod snapshot;

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    routing::get,
};
use backend::Backend;
use tower::ServiceBuilder;
use tower_http::timeout::TimeoutLayer;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::layers::{headers, methods, panics};

pub use body::BodyTime;

/// Longer than anybody may wait for changes.
const TIME: Duration = Duration::from_secs(35);

/// The document's own words; paths and schemas come from the handlers.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Channel Console payment core API",
        version = "1",
        description = "For payment cores, on a listener that is never public. Messages are Korean; with `Accept-Language: en` they are English. \
            A core may send `Core-Node: <its name>`: the record of who read which secrets then tells it.",
        license(name = "Apache-2.0"),
    ),
    modifiers(&Credentials)
)]
struct Document;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
        let bearer = bearer.description(Some("`core_…`, made by `channel-console core-token create`"));
        components.add_security_scheme("coreToken", SecurityScheme::Http(bearer.build()));
    }
}

pub fn router(backend: Arc<Backend>) -> Router {
    let (router, document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(channel::show))
        .routes(routes!(batch::batch_get))
        .routes(routes!(channel::store))
        .routes(routes!(resolve::resolve))
        .routes(routes!(follow::changes))
        .routes(routes!(snapshot::snapshot))
        .routes(routes!(nodes::ack))
        .routes(routes!(credentials::verify))
        .routes(routes!(applications::list))
        .routes(routes!(applications::show))
        .routes(routes!(applications::move_to))
        .routes(routes!(applications::review))
        .split_for_parts();
    router
        .fallback(|| async { problem::Problem::NoSuchPath })
        .layer(from_fn_with_state(Arc::clone(&backend), auth::require_token))
        // What the API is like is no secret.
        .route("/core/openapi.json", get(move || async move { Json(document) }))
        // One layer of many: each layer of a router is boxed, and copied with every request.
        .layer(
            ServiceBuilder::new()
                // No browser comes here; should one be led here, it finds nothing to show, keep or frame.
                .layer(from_fn_with_state(false, headers::add))
                .layer(from_fn(problem::in_words))
                .layer(from_fn(methods::refuse))
                .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIME))
                .layer(from_fn(panics::catch)),
        )
        .with_state(backend)
}
