//! What became of a module's fields since a channel was saved: catalogues change, versions do not.

use serde::{Deserialize, Serialize};

use super::Purpose;
use crate::{
    catalogue::{Field, Module},
    id::FieldKey,
};

/// A field as it was asked for when a version was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedField {
    pub key: FieldKey,
    pub label: String,
    pub secret: bool,
}

impl AskedField {
    /// What the module asks for today.
    pub fn all_of(module: &Module, purpose: Purpose) -> Vec<Self> {
        let asked = |f: &Field| Self { key: f.key.clone(), label: f.label.clone(), secret: f.secret };
        module.fields_for(purpose).map(asked).collect()
    }

    /// The field of today that goes on with this one's value: the same or its new name, as secret as before.
    pub fn today<'a>(&self, module: &'a Module, purpose: Purpose) -> Option<&'a Field> {
        let is_same = |f: &&Field| f.key == self.key || f.formerly.contains(&self.key);
        module.fields_for(purpose).find(is_same).filter(|field| field.secret == self.secret)
    }
}

/// One difference between what a version was asked for and what the catalogue asks for today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum CatalogueChange {
    /// Asked for since: nothing is stored yet.
    Added { label: String },
    /// The same value under another name.
    Renamed { from: String, to: String },
    /// Not asked for any more; the next save leaves it out.
    Removed { label: String },
}

/// The differences, in the order of today's form; what is gone comes last.
pub fn catalogue_changes(asked: &[AskedField], module: &Module, purpose: Purpose) -> Vec<CatalogueChange> {
    let before =
        |field: &Field| asked.iter().find(|old| old.today(module, purpose).is_some_and(|today| today.key == field.key));
    let today = module.fields_for(purpose).filter_map(|field| match before(field) {
        None => Some(CatalogueChange::Added { label: field.label.clone() }),
        Some(old) if old.label != field.label => {
            Some(CatalogueChange::Renamed { from: old.label.clone(), to: field.label.clone() })
        }
        Some(_) => None,
    });
    let gone = asked
        .iter()
        .filter(|old| old.today(module, purpose).is_none())
        .map(|old| CatalogueChange::Removed { label: old.label.clone() });
    today.chain(gone).collect()
}
