//! What may be shown of channels. No type here can hold a secret: what a server function returns is public.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    ChannelForm, Credentials, Mode, Purpose, Status, Tax, Use, Warning, catalogue_change::CatalogueChange,
    history::Author,
};
use crate::catalogue::Module;
use crate::id::{ChannelKey, FieldKey, ModuleId, ProviderId, StoreId};
use crate::secret::Typed;

/// A row of 채널 관리.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelSummary {
    pub key: ChannelKey,
    pub mode: Mode,
    pub status: Status,
    pub provider: ProviderId,
    pub provider_name: String,
    pub module: ModuleId,
    pub purpose: Purpose,
    pub name: String,
    pub mid: String,
    /// UTC milliseconds since 1970, as all times here.
    pub created_at: i64,
}

/// A channel's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelDetail {
    pub summary: ChannelSummary,
    pub version: i64,
    pub store_id: StoreId,
    pub credentials: Credentials,
    pub uses: Vec<Use>,
    pub tax: Tax,
    pub fields: Vec<FieldView>,
    pub warnings: Vec<Warning>,
    /// What the catalogue asks for otherwise than when the channel was saved.
    pub changes: Vec<CatalogueChange>,
    pub updated_at: i64,
    /// Who set the secrets that are stored.
    pub secrets_by: BTreeMap<FieldKey, Author>,
    /// Until when a deleted channel can be restored.
    pub restorable_until: Option<i64>,
}

impl ChannelDetail {
    /// The channel as its form shows it: public values filled in, secrets blank (blank keeps them).
    pub fn form(&self, module: &Module) -> ChannelForm {
        let mid = &self.summary.mid;
        let shared = self.summary.mode == Mode::Test && module.test_mid(mid).is_some();
        let fields = self.fields.iter().filter_map(|field| match &field.state {
            FieldState::Value { value } if !shared => Some((field.key.to_string(), Typed::new(value.clone()))),
            _ => None,
        });
        ChannelForm {
            name: self.summary.name.clone(),
            purpose: self.summary.purpose.as_str().to_owned(),
            shared_mid: if shared { mid.clone() } else { ChannelForm::OWN_MID.to_owned() },
            mid: if shared { String::new() } else { mid.clone() },
            uses: self.uses.iter().map(|word| (word.as_str().to_owned(), "on".to_owned())).collect(),
            fields: fields.collect(),
            clear: BTreeMap::new(),
            tax: self.tax.as_str().to_owned(),
        }
    }
}

/// One PG field of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldView {
    pub key: FieldKey,
    pub label: String,
    pub state: FieldState,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum FieldState {
    /// A public value.
    Value {
        value: String,
    },
    /// A secret that is stored. Long ones have an 8-hex keyed fingerprint; short ones could be guessed from one.
    Set {
        at: i64,
        fingerprint: Option<String>,
        /// The key that the fingerprint was made with, where that was noted. Browsers need not know.
        #[serde(skip)]
        made_with: Option<String>,
    },
    Unset,
}

/// One line of a channel's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionView {
    pub version: i64,
    pub at: i64,
    /// The member's e-mail address.
    pub by: String,
    pub reason: VersionReason,
    pub name: String,
    pub mid: String,
    pub status: Status,
}

/// Why a version was appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionReason {
    Added,
    Edited,
    Paused,
    Resumed,
    Deleted,
    Restored,
    /// Given to another store.
    Assigned,
    /// Made from an older version.
    RolledBack,
}

impl VersionReason {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Edited => "edited",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Deleted => "deleted",
            Self::Restored => "restored",
            Self::Assigned => "assigned",
            Self::RolledBack => "rolled_back",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let of_status = [Self::Paused, Self::Resumed, Self::Deleted, Self::Restored];
        let of_content = [Self::Added, Self::Edited, Self::Assigned, Self::RolledBack];
        of_content.into_iter().chain(of_status).find(|reason| reason.as_str() == text)
    }
}
