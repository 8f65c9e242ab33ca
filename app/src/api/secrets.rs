//! 이 값과 같은지 확인.

use domain::{
    id::{ChannelKey, FieldKey},
    secret::Typed,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::AppError;

/// The answer to the last comparison. It is kept like a draft, since what stands in a URL anybody could have written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    pub field: FieldKey,
    pub is_same: bool,
    pub at: i64,
}

#[cfg(feature = "ssr")]
fn answer_to(key: ChannelKey) -> String {
    format!("channels/{key}/compared")
}

#[server(prefix = "/api", endpoint = "channels/compare")]
pub async fn compare_secret(key: ChannelKey, field: FieldKey, value: Typed) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let is_same = backend.compare_secret(&actor, key, &field, &value).await.map_err(super::refuse)?;
    let compared = Compared { field, is_same, at: backend.now_ms() };
    backend.keep_draft(&actor, &answer_to(key), &compared).await.map_err(super::refuse)?;
    super::go_on(&format!("{}?compared={}", crate::paths::channel(key), compared.field));
    Ok(())
}

/// What was said of this field last, if it was a moment ago.
#[server(prefix = "/api", endpoint = "channels/compared")]
pub async fn load_compared(key: ChannelKey, field: String) -> Result<Option<Compared>, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.channel(&actor, key).await.map_err(super::refuse)?;
    let compared: Option<Compared> = backend.draft(&actor, &answer_to(key)).await.map_err(super::refuse)?;
    Ok(compared.filter(|compared| compared.field.as_str() == field && backend.now_ms() - compared.at < FRESH_MS))
}

/// An answer that is older is nobody's question any more.
#[cfg(feature = "ssr")]
const FRESH_MS: i64 = 10 * 60 * 1000;
