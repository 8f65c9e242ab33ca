//! The management API for merchants' servers, on the public listener: JSON, API secrets or access tokens, never cookies.
//! The same use cases as the pages; only words and shapes differ.

mod auth;
mod body;
mod channels;
mod problem;
mod providers;
mod records;
mod responses;
mod tokens;
mod words;

use std::sync::Arc;

use axum::{Json, Router, middleware::from_fn, routing::get};
use backend::Backend;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::layers::panics;

/// The document's own words; paths and schemas come from the handlers.
#[derive(OpenApi)]
#[openapi(
    info(title = "Channel Console management API", version = "2", license(name = "Apache-2.0")),
    components(schemas(problem::ProblemBody)),
    modifiers(&Credentials)
)]
struct Document;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A V2 access token"));
        components.add_security_scheme("accessToken", SecurityScheme::Http(bearer.build()));
        let secret = ApiKeyValue::with_description("Authorization", "`PortOne <V2 API secret>`");
        components.add_security_scheme("apiSecret", SecurityScheme::ApiKey(ApiKey::Header(secret)));
    }
}

pub fn router(backend: Arc<Backend>) -> Router {
    let (router, document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(tokens::get_token))
        .routes(routes!(tokens::log_in))
        .routes(routes!(tokens::refresh))
        .routes(routes!(providers::list))
        .routes(routes!(providers::show))
        .routes(routes!(channels::list, channels::create))
        .routes(routes!(channels::show, channels::patch, channels::delete))
        .routes(routes!(channels::pause))
        .routes(routes!(channels::resume))
        .routes(routes!(channels::restore))
        .routes(routes!(channels::versions))
        .split_for_parts();
    router
        .route("/rest/openapi.json", get(move || async move { Json(document) }))
        .route("/rest/{*other}", axum::routing::any(|| async { problem::Problem::NoSuchPath }))
        .layer(from_fn(panics::catch))
        .layer(from_fn(problem::in_json))
        .with_state(backend)
}
