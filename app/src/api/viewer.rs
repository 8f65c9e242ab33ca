//! The person in front of the page.

use domain::{
    id::{ImpCode, StoreId},
    member::Role,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::AppError;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    pub email: String,
    pub role: Role,
    pub imp_code: ImpCode,
    pub store_id: StoreId,
}

/// Nobody when no one is logged in.
#[server(prefix = "/api", endpoint = "viewer")]
pub async fn load_viewer() -> Result<Option<Viewer>, AppError> {
    let (backend, actor) = match super::session::actor().await {
        Ok(found) => found,
        Err(AppError::Unauthenticated) => return Ok(None),
        Err(error) => return Err(super::refuse(error)),
    };
    let viewer = backend.viewer(&actor).await.map_err(super::refuse)?;
    Ok(Some(Viewer { email: viewer.email, role: viewer.role, imp_code: viewer.imp_code, store_id: viewer.store_id }))
}
