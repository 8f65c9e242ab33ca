//! A channel's history: what each version changed, and what going back to one would change.

use serde::{Deserialize, Serialize};

use super::{Status, view::VersionReason};
use crate::{id::ChannelKey, trail::Trace};

/// Who made a version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The member's e-mail address; of an API secret, of whoever issued it.
    pub email: String,
    /// The id part of the API secret that was at work.
    pub credential: Option<String>,
}

/// What one version changed of one field. `None` means that there was, or is, nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionChange {
    /// As forms name their inputs: `name`, `mid`, `fields.api_key`; `store` and `status` beside.
    pub field: String,
    /// The PG's own word for a field of its own; empty for ours.
    pub label: String,
    pub before: Option<Trace>,
    pub after: Option<Trace>,
}

/// One line of 변경 이력.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    pub version: i64,
    /// UTC milliseconds since 1970.
    pub at: i64,
    pub by: Author,
    pub reason: VersionReason,
    /// Why, in the words of whoever did it.
    pub note: String,
    /// The version whose content this one has again.
    pub made_from: Option<i64>,
    pub name: String,
    pub mid: String,
    pub status: Status,
    pub changes: Vec<VersionChange>,
}

/// What going back to an older version would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollBackPlan {
    pub key: ChannelKey,
    /// The channel's name now.
    pub name: String,
    pub seen_version: i64,
    /// The version to go back to, and when it was made.
    pub to: i64,
    pub at: i64,
    pub by: Author,
    /// From now to then; empty when the two say the same.
    pub changes: Vec<VersionChange>,
    /// Whether another channel of the mode has the name of then.
    pub is_name_taken: bool,
    /// Whether the secrets of then still open.
    pub is_readable: bool,
}

/// What the form of going back sends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RollBackForm {
    pub to: i64,
    pub seen_version: i64,
    /// Not empty to keep the name of now.
    pub keep_name: String,
    pub reason: String,
}
