//! What payment cores have taken over, and which read secrets: what pages tell of them.

use serde::{Deserialize, Serialize};

/// How far the payment cores are with a channel's last change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Cores that told of themselves within the last minute, or did within a day and are silent.
    pub nodes: Vec<NodeReceipt>,
}

/// One core's word on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeReceipt {
    /// As the core calls itself.
    pub name: String,
    /// Told of itself within the last minute.
    pub alive: bool,
    pub applied: bool,
    /// From the change to the core's word that it has it, as far as that is known.
    pub took_ms: Option<i64>,
    /// Events it has not confirmed yet.
    pub behind: i64,
    /// UTC milliseconds since 1970, as all times here.
    pub last_ack_at: i64,
}

impl Receipt {
    /// Cores that count: those alive.
    pub fn alive(&self) -> impl Iterator<Item = &NodeReceipt> {
        self.nodes.iter().filter(|node| node.alive)
    }

    /// Whether every core that counts has the change, and there is one.
    pub fn is_complete(&self) -> bool {
        self.alive().next().is_some() && self.alive().all(|node| node.applied)
    }

    /// How long the last of them took.
    pub fn took_ms(&self) -> Option<i64> {
        self.alive().map(|node| node.took_ms).collect::<Option<Vec<_>>>()?.into_iter().max()
    }
}

/// Whether any payment core follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoresState {
    /// None ever did: nothing to warn of.
    #[default]
    NeverSeen,
    Following,
    /// One did, and none has for a minute.
    Silent {
        since: i64,
    },
}

/// A payment core read a channel's secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretRead {
    /// The minute it was in.
    pub minute: i64,
    /// The name of its token.
    pub core: String,
    /// As the core called itself; empty where it did not.
    pub node: String,
    pub count: i64,
}
