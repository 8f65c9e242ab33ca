//! What the trail tells of a change: names, and values as far as they are no secrets.

use serde::{Deserialize, Serialize};

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
