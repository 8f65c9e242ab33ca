//! Reading bodies and queries, with refusals of ours.

use axum::{
    extract::{FromRequest, FromRequestParts, Query, Request},
    http::{header, request::Parts},
};
use serde::de::DeserializeOwned;

use super::{problem::Problem, words};
use crate::layers::forms::is_encoded;

const LIMIT: usize = 256 * 1024;

/// A JSON body.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind = media_type(&request);
        if kind != "application/json" && !kind.ends_with("+json") {
            return Err(Problem::NotJson);
        }
        let bytes = bytes(request).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|_| Problem::BadRequest(words::BODY))
    }
}

/// The media type without its parameters, in lower case.
pub fn media_type(request: &Request) -> String {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

pub async fn bytes(request: Request) -> Result<axum::body::Bytes, Problem> {
    if is_encoded(request.headers()) {
        return Err(Problem::NotJson);
    }
    axum::body::to_bytes(request.into_body(), LIMIT).await.map_err(|_| Problem::TooLarge)
}

/// A query whose parameters are all known and readable.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query.map(|Query(query)| Self(query)).map_err(|_| Problem::BadRequest(words::QUERY))
    }
}
