//! 상점 as its page needs it.

use domain::{
    id::{ChannelKey, StoreId},
    store::{StoreForm, StoreView},
    page::Page,
};
use leptos::prelude::*;

use super::{AppError, refused::Start};

#[cfg(feature = "ssr")]
const DRAFT: &str = "stores/add";

#[server(prefix = "/api", endpoint = "stores/list")]
pub async fn list_stores(page: u64) -> Result<Page<StoreView>, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.list_stores(&actor, page).await.map_err(super::refuse)
}

/// What the form of 하위 상점 추가 begins with.
#[server(prefix = "/api", endpoint = "stores/draft")]
pub async fn store_start() -> Result<Start<StoreForm>, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let draft = backend.draft(&actor, DRAFT).await.map_err(super::refuse)?;
    Ok(draft.unwrap_or_default())
}

#[server(prefix = "/api", endpoint = "stores/add")]
pub async fn add_store(form: StoreForm) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    match backend.add_store(&actor, form.clone()).await {
        Ok(_) => {
            backend.forget_draft(&actor, DRAFT).await.map_err(super::refuse)?;
            super::go_to(&format!("{}?done=added", crate::paths::STORES));
            Ok(())
        }
        Err(error) => super::refused::keep((&backend, &actor), (DRAFT, crate::paths::STORES), form, error).await,
    }
}

#[server(prefix = "/api", endpoint = "stores/rename")]
pub async fn rename_store(id: StoreId, name: String) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.rename_store(&actor, id, &name).await.map_err(super::refuse)?;
    super::go_to(&format!("{}?done=renamed", crate::paths::STORES));
    Ok(())
}

/// Gives a channel to a store.
#[server(prefix = "/api", endpoint = "channels/assign")]
pub async fn assign_channel(key: ChannelKey, store: StoreId) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.assign_channel(&actor, key, &store.to_string()).await.map_err(super::refuse)?;
    super::go_on(&format!("{}?done=assigned", crate::paths::channel(key)));
    Ok(())
}
