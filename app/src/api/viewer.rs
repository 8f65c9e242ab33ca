//! The person in front of the page.

use domain::{
    id::{ImpCode, StoreId},
    member::Role,
    store::StoreView,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::AppError;
use crate::text::Lang;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    pub email: String,
    pub role: Role,
    pub imp_code: ImpCode,
    /// The store at hand: the primary one, or the sub-store that the member is limited to.
    pub store_id: StoreId,
    /// The stores to choose from.
    pub stores: Vec<StoreView>,
    /// The language of the next page: another than this one's after a login that brought its own.
    pub lang: Lang,
}

impl Viewer {
    /// Sub-stores within reach.
    pub fn sub_stores(&self) -> impl Iterator<Item = &StoreView> {
        self.stores.iter().filter(|store| !store.is_primary)
    }

    /// Whether the member is limited to one sub-store.
    pub fn is_limited(&self) -> bool {
        !self.stores.iter().any(|store| store.is_primary)
    }
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
    let stores = backend.store_choices(&actor).await.map_err(super::refuse)?;
    let backend::Viewer { email, role, imp_code, store_id } = viewer;
    Ok(Some(Viewer { email, role, imp_code, store_id, stores, lang: Lang::current() }))
}
