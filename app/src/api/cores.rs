//! What pages tell of the payment cores.

use domain::{
    id::ChannelKey,
    receipt::{Receipt, SecretRead},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::AppError;

/// How far the payment cores are with a channel, and which of them read its secrets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelCores {
    pub receipt: Receipt,
    pub reads: Vec<SecretRead>,
}

#[server(prefix = "/api", endpoint = "cores/channel")]
pub async fn load_channel_cores(key: ChannelKey) -> Result<ChannelCores, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let receipt = backend.channel_receipt(&actor, key).await.map_err(super::refuse)?;
    Ok(ChannelCores { receipt, reads: backend.secret_reads(&actor, key).await.map_err(super::refuse)? })
}
