//! What Home tells.

use serde::{Deserialize, Serialize};

use crate::{channel::Mode, id::ChannelKey, receipt::CoresState};

/// Home, as far as the member may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// The way from the first login to the first payment; nobody ticks it off.
    pub steps: Vec<Step>,
    pub modes: Vec<ModeCount>,
    /// V2 secrets that end soon, the first one first; empty for who may not see keys.
    pub ending: Vec<EndingSecret>,
    /// The newest first.
    pub recent: Vec<RecentChange>,
    pub cores: CoresState,
    /// When this was read, for what is told relative to it.
    pub now: i64,
}

impl Home {
    /// The first step that is still to be done.
    pub fn next_step(&self) -> Option<StepKind> {
        self.steps.iter().find(|step| !step.is_done).map(|step| step.kind)
    }
}

/// One step, and whether it is done: as the data says now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub kind: StepKind,
    pub is_done: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    MailConfirmed,
    FirstTestChannel,
    /// A V2 secret works.
    ApiSecret,
    /// A payment core has told of itself.
    Core,
    FirstLiveChannel,
}

/// The channels of a mode within reach that are not archived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModeCount {
    pub mode: Mode,
    pub active: u64,
    pub paused: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndingSecret {
    pub kid: String,
    pub name: String,
    pub ends_at: i64,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentChange {
    pub at: i64,
    /// The trail's word, like `channel.edited`.
    pub action: String,
    /// The channel that it was done to, with its name now.
    pub channel: Option<(ChannelKey, String)>,
    pub by: By,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Who looks.
    Oneself,
    /// Another member's address.
    Member(String),
    /// The id part of an API secret.
    ApiSecret(String),
    /// Nobody of the merchant's: the operator, a payment core.
    Elsewhere,
}
