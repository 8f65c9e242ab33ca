//! What the trail tells of a change: names, and values as far as they are no secrets.

use serde::{Deserialize, Serialize};

use crate::{form::ErrorCode, text};

/// One value before or after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trace {
    /// A public value, as it is stored.
    Value(String),
    /// A secret that is set; long ones have an 8-hex keyed fingerprint.
    Secret { fingerprint: Option<String> },
}

impl Trace {
    pub fn value(text: impl Into<String>) -> Self {
        Self::Value(text.into())
    }
}

/// What became of one field. `None` means that there was, or is, nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// As forms name their inputs: `name`, `mid`, `fields.api_key`, `role`.
    pub field: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Trace>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Trace>,
}

impl FieldChange {
    pub fn new(field: impl Into<String>, before: Option<Trace>, after: Option<Trace>) -> Self {
        Self { field: field.into(), before, after }
    }

    /// A public value, which is noted when it differs.
    pub fn of_value(field: &str, before: &str, after: &str) -> Option<Self> {
        (before != after).then(|| Self::new(field, Some(Trace::value(before)), Some(Trace::value(after))))
    }
}

/// One line of the trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailEntry {
    /// Without gaps, per merchant, from 1.
    pub seq: i64,
    /// UTC milliseconds since 1970.
    pub at: i64,
    /// The member's e-mail address; empty when an API secret was at work.
    pub member: String,
    /// The id part of the API secret that was at work.
    pub credential: Option<String>,
    /// The client's network address.
    pub address: String,
    /// A word like `channel.edited`.
    pub action: String,
    /// A channel key, an address, an id; what it was done to.
    pub target: String,
    pub outcome: Outcome,
    pub changes: Vec<FieldChange>,
    pub reason: String,
}

/// Why somebody did something, in their own words: at most 200 characters on one line, or none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    pub const MAX: u32 = 200;

    pub fn parse(typed: &str) -> Result<Self, ErrorCode> {
        text::note(typed, Self::MAX).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What of the trail is asked for; blank fields ask for all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrailQuery {
    /// The first part of an action's word: `channel`, `member`.
    pub kind: String,
    pub outcome: String,
    /// Part of a member's address or of an API secret's id.
    pub who: String,
    /// Part of what it was done to.
    pub target: String,
    /// Korean days, `2026-11-21`, both included.
    pub from: String,
    pub until: String,
}

/// Whether what was asked for was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    #[default]
    Done,
    /// Not allowed, or not proved: a role, a scope, a password.
    Refused,
}

impl Outcome {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Done, Self::Refused].into_iter().find(|outcome| outcome.as_str() == text)
    }
}
