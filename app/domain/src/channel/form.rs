//! The form of 채널 추가 and 채널 수정, as typed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::secret::Typed;

/// What the form posts. Absent inputs are empty: an unticked box is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(default)]
pub struct ChannelForm {
    #[validate(length(max = 200, code = "too_long"))]
    pub name: String,
    #[validate(length(max = 20, code = "too_long"))]
    pub purpose: String,
    /// A shared test MID that was picked, or empty for one's own.
    #[validate(length(max = 80, code = "too_long"))]
    pub shared_mid: String,
    /// One's own MID.
    #[validate(length(max = 400, code = "too_long"))]
    pub mid: String,
    /// Chosen uses, by word; the value is the box's `on`.
    pub uses: BTreeMap<String, String>,
    /// PG fields by key.
    pub fields: BTreeMap<String, Typed>,
    /// "지우기" boxes of stored optional secrets, by key.
    pub clear: BTreeMap<String, String>,
    #[validate(length(max = 20, code = "too_long"))]
    pub tax: String,
}

impl ChannelForm {
    /// The value of `shared_mid` that says "one's own MID".
    pub const OWN_MID: &'static str = "own";

    /// The MID that is meant, before any check.
    pub fn chosen_mid(&self) -> &str {
        match self.shared_mid.as_str() {
            "" | Self::OWN_MID => &self.mid,
            shared => shared,
        }
    }

    pub fn field(&self, key: &str) -> &str {
        self.fields.get(key).map_or("", Typed::as_str)
    }

    pub fn has_use(&self, word: &str) -> bool {
        self.uses.contains_key(word)
    }
}
