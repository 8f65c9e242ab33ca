//! How often each limit has held somebody back since the start; for who operates the console.

use std::{collections::BTreeMap, sync::Mutex};

use crate::{error::Result, held::held};

#[derive(Debug, Default)]
pub struct Hits(Mutex<BTreeMap<&'static str, u64>>);

impl Hits {
    pub fn note(&self, name: &'static str) {
        *held(&self.0).entry(name).or_default() += 1;
    }

    /// Hands a limit's answer on, and counts a refusal.
    pub fn counted<T>(&self, name: &'static str, checked: Result<T>) -> Result<T> {
        checked.inspect_err(|_| self.note(name))
    }

    pub fn all(&self) -> BTreeMap<&'static str, u64> {
        held(&self.0).clone()
    }
}
