//! 상점 as its page needs it.

use domain::{
    id::{ChannelKey, StoreId},
    page::Page,
    store::{StoreForm, StoreView},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{AppError, refused::Start};

#[cfg(feature = "ssr")]
const DRAFT: &str = "stores/add";
#[cfg(feature = "ssr")]
const RENAME_DRAFT: &str = "stores/rename";

/// A sub-store's name as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renaming {
    pub id: Option<StoreId>,
    pub name: String,
}

/// What the forms of 상점 begin with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreStart {
    pub add: Start<StoreForm>,
    pub rename: Start<Renaming>,
}

#[server(prefix = "/api", endpoint = "stores/list")]
pub async fn list_stores(page: u64) -> Result<Page<StoreView>, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.list_stores(&actor, page).await.map_err(super::refuse)
}

#[server(prefix = "/api", endpoint = "stores/draft")]
pub async fn load_store_start() -> Result<StoreStart, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let add = backend.draft(&actor, DRAFT).await.map_err(super::refuse)?;
    let rename = backend.draft(&actor, RENAME_DRAFT).await.map_err(super::refuse)?;
    Ok(StoreStart { add: add.unwrap_or_default(), rename: rename.unwrap_or_default() })
}

#[server(prefix = "/api", endpoint = "stores/add")]
pub async fn add_store(form: StoreForm) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    match backend.add_store(&actor, form.clone()).await {
        Ok(_) => {
            backend.forget_draft(&actor, DRAFT).await.map_err(super::refuse)?;
            super::go_back(crate::paths::STORES, "done=added");
            Ok(())
        }
        Err(error) => super::refused::keep((&backend, &actor), (DRAFT, crate::paths::STORES), form, error).await,
    }
}

#[server(prefix = "/api", endpoint = "stores/rename")]
pub async fn rename_store(id: StoreId, name: String) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    match backend.rename_store(&actor, id, &name).await {
        Ok(()) => {
            backend.forget_draft(&actor, RENAME_DRAFT).await.map_err(super::refuse)?;
            super::go_back(crate::paths::STORES, "done=renamed");
            Ok(())
        }
        Err(error) => {
            let form = Renaming { id: Some(id), name };
            super::refused::keep((&backend, &actor), (RENAME_DRAFT, crate::paths::STORES), form, error).await
        }
    }
}

/// Gives a channel to a store.
#[server(prefix = "/api", endpoint = "channels/assign")]
pub async fn assign_channel(key: ChannelKey, store: StoreId) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.assign_channel(&actor, key, &store.to_string()).await.map_err(super::refuse)?;
    super::go_on(&format!("{}?done=assigned", crate::paths::channel(key)));
    Ok(())
}
