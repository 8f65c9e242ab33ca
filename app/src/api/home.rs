//! What Home tells.

use domain::home::Home;
use leptos::prelude::*;

use super::AppError;

#[server(prefix = "/api", endpoint = "home")]
pub async fn load_home() -> Result<Home, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.home(&actor).await.map_err(super::refuse)
}
