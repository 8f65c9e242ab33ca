//! Reading bodies and queries, with refusals of ours. A body that comes too slowly is not waited for.

use std::time::Duration;

use axum::{
    extract::{FromRequest, FromRequestParts, Query, Request},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use super::problem::Problem;

const LIMIT: usize = 256 * 1024;

/// How long a body may take to come.
#[derive(Debug, Clone, Copy)]
pub struct BodyTime(pub Duration);

impl Default for BodyTime {
    fn default() -> Self {
        Self(Duration::from_secs(10))
    }
}

/// A JSON body, whatever it calls itself.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let BodyTime(time) = request.extensions().get::<BodyTime>().copied().unwrap_or_default();
        let body = tokio::time::timeout(time, axum::body::to_bytes(request.into_body(), LIMIT));
        let body = body.await.map_err(|_| Problem::TooSlow)?.map_err(|_| Problem::TooLarge)?;
        serde_json::from_slice(&body).map(Self).map_err(|_| Problem::BadRequest("JSON"))
    }
}

/// A query whose parameters are all known and readable.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query.map(|Query(query)| Self(query)).map_err(|_| Problem::BadRequest("QUERY"))
    }
}
