//! Another key for everything, while consoles serve.
//!
//! 1. The new key is added to the ring's file. Consoles look at the file every second, and whenever they meet a key that
//!    they do not know.
//! 2. When every console that serves can read the key, it becomes active: a process that has not got it does not start any
//!    more. When every console seals with it, nothing is sealed with the old one any more.
//! 3. Data keys are wrapped anew; what they seal stays as it is.
//!
//! Each step can be repeated: a run that was cut short goes on. The old key stays in the ring until it is removed; then what
//! checks keyed hashes is left of it: trails are never rewritten, credentials move to the active key when they are used.

mod consoles;
mod rewrap;
mod uses;

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::Path,
    time::Duration,
};

pub use consoles::CONSOLE_PULSE;
use domain::trail::{FieldChange, Trace};
use sea_orm::EntityTrait as _;
pub use uses::KeyUses;

use self::consoles::reads;
use crate::{
    Backend,
    audit::{Action, Entry},
    entity::key_checks,
    error::{Error, Result},
    keyring::{KeyRing, KeyRingError},
    vault::MacPurpose,
};

/// What a rotation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    pub key_id: String,
    /// It went on with one that was cut short.
    pub resumed: bool,
    /// Rows that were wrapped anew by this run.
    pub rewrapped: u64,
    /// Rows that do not open with the key that they name.
    pub unreadable: Vec<String>,
    /// Keys that can be removed, as far as this database goes.
    pub old: Vec<String>,
}

/// What became of a key that was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removed {
    /// It checks keyed hashes, and opens nothing any more.
    Checks(KeyUses),
    /// Nothing names it; it is gone.
    Gone,
}

/// Why keys were not rotated, or one was not removed.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    #[error("the key ring was not read from a file")]
    NoFile,
    #[error("another rotate-key is at work")]
    Busy,
    #[error("the key ring's file cannot be written: {0}")]
    Write(io::Error),
    #[error(transparent)]
    Ring(#[from] KeyRingError),
    #[error(
        "these consoles do not have key {key} yet: {}; copy the key ring to their machines, then run this again",
        consoles.join(", ")
    )]
    NotEverywhere { key: String, consoles: Vec<String> },
    #[error(
        "these consoles do not seal with key {key} yet: {}; copy the key ring to their machines, then run this again",
        consoles.join(", ")
    )]
    NotActive { key: String, consoles: Vec<String> },
    #[error("{0} is no key of the ring")]
    Unknown(String),
    #[error("{0} is the active key; rotate first")]
    Active(String),
    #[error("a rotation is not finished; run rotate-key first")]
    Unfinished,
    #[error("key {key} is still in use: {}", told(uses))]
    InUse { key: String, uses: Vec<(&'static str, u64)> },
    #[error("{0}")]
    Backend(#[from] Error),
}

impl From<sea_orm::DbErr> for RotationError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Backend(error.into())
    }
}

fn told(uses: &[(&'static str, u64)]) -> String {
    uses.iter().map(|(what, count)| format!("{count} {what}")).collect::<Vec<_>>().join(", ")
}

impl Backend {
    /// Moves everything sealed to a new key, or goes on doing so. Waits as long as `patience` for consoles that serve.
    pub async fn rotate_key(&self, patience: Duration) -> Result<Rotated, RotationError> {
        let before = self.vault.ring();
        let path = before.path().ok_or(RotationError::NoFile)?;
        let _lock = lock(path)?;
        let mut ring = KeyRing::read(path)?;
        let resumed = ring.next_id().is_some();
        let key = ring.begin_rotation(&*self.random).to_owned();
        if !resumed {
            ring.replace(path).map_err(RotationError::Write)?;
        }
        self.vault.refresh()?;
        if ring.active_id() != key {
            self.wait_until_read(&key, patience).await?;
            self.let_nobody_start_without(&key).await?;
            ring.activate_next();
            ring.replace(path).map_err(RotationError::Write)?;
            self.vault.refresh()?;
        }
        self.wait_until_active(&key, patience).await?;
        let done = self.rewrap_everything().await?;
        ring.end_rotation();
        ring.replace(path).map_err(RotationError::Write)?;
        self.vault.refresh()?;
        let old = ring.ids().filter(|id| *id != key).map(str::to_owned).collect();
        Ok(Rotated { key_id: key, resumed, rewrapped: done.rows, unreadable: done.unreadable, old })
    }

    /// Removes a key that seals nothing any more. While keyed hashes name it, what checks them is kept; a key of which only
    /// that is left is removed when nothing names it.
    pub async fn remove_key(&self, key: &str, patience: Duration) -> Result<Removed, RotationError> {
        let before = self.vault.ring();
        let path = before.path().ok_or(RotationError::NoFile)?;
        let _lock = lock(path)?;
        let mut ring = KeyRing::read(path)?;
        let is_whole = ring.opens(key);
        if ring.active_id() == key {
            return Err(RotationError::Active(key.to_owned()));
        }
        if !is_whole && ring.checking_ids().all(|id| id != key) {
            return Err(RotationError::Unknown(key.to_owned()));
        }
        if ring.next_id().is_some() {
            return Err(RotationError::Unfinished);
        }
        self.vault.refresh()?;
        self.wait_until_active(ring.active_id(), patience).await?;
        if is_whole {
            // Whoever was slow to write when the key changed has written by now.
            self.rewrap_everything().await?;
        }
        let uses = self.unused_by_seals(key).await?;
        let with_key = ring.clone();
        let removed = if uses.checked.is_empty() {
            ring.forget(key);
            Removed::Gone
        } else if is_whole {
            ring.keep_checks(key, &MacPurpose::CHECKED);
            Removed::Checks(uses)
        } else {
            return Err(RotationError::InUse { key: key.to_owned(), uses: uses.checked });
        };
        let txn = self.db.write().await?;
        key_checks::Entity::delete_by_id(key).exec(&txn).await?;
        let kept = if removed == Removed::Gone { "" } else { "checks" };
        let change = FieldChange::new("key", Some(Trace::value(key)), Some(Trace::value(kept)));
        self.audit(&txn, Entry::by_operator(Action::KeyRemoved, key, vec![change])).await?;
        txn.commit().await?;
        ring.replace(path).map_err(RotationError::Write)?;
        if let Err(error) = self.unused_by_seals(key).await {
            // Written by somebody who was slower still: the key comes back, and with it its check.
            with_key.replace(path).map_err(RotationError::Write)?;
            self.add_key_check(self.db.statement(), key).await?;
            return Err(error);
        }
        self.vault.refresh()?;
        Ok(removed)
    }

    /// The ring's keys, the active one first, with what names them.
    pub async fn keys_in_use(&self) -> Result<Vec<(String, KeyUses)>> {
        let ring = self.vault.ring();
        let others = ring.ids().chain(ring.checking_ids()).filter(|id| *id != ring.active_id());
        let mut keys = Vec::new();
        for id in std::iter::once(ring.active_id()).chain(others) {
            keys.push((id.to_owned(), self.uses_of_key(id).await?));
        }
        Ok(keys)
    }

    /// The ring as this process holds it.
    pub fn key_ring(&self) -> KeyRing {
        self.vault.ring()
    }

    async fn unused_by_seals(&self, key: &str) -> Result<KeyUses, RotationError> {
        let uses = self.uses_of_key(key).await?;
        if uses.sealed.is_empty() {
            Ok(uses)
        } else {
            Err(RotationError::InUse { key: key.to_owned(), uses: uses.sealed })
        }
    }

    /// From here on a process that has not got the key does not start. One that started in the meantime is found.
    async fn let_nobody_start_without(&self, key: &str) -> Result<(), RotationError> {
        let txn = self.db.write().await?;
        if key_checks::Entity::find_by_id(key).one(&txn).await?.is_none() {
            self.add_key_check(&txn, key).await?;
        }
        let change = FieldChange::new("key", Some(Trace::value(self.vault.active_key_id())), Some(Trace::value(key)));
        self.audit(&txn, Entry::by_operator(Action::KeyRotated, key, vec![change])).await?;
        txn.commit().await?;
        let consoles = self.consoles_not(|console| reads(console, key)).await?;
        if consoles.is_empty() {
            return Ok(());
        }
        key_checks::Entity::delete_by_id(key).exec(self.db.statement()).await?;
        Err(RotationError::NotEverywhere { key: key.to_owned(), consoles })
    }

    async fn wait_until_read(&self, key: &str, patience: Duration) -> Result<(), RotationError> {
        let key = key.to_owned();
        let consoles = self.patiently(patience, |console| reads(console, &key)).await?;
        if consoles.is_empty() { Ok(()) } else { Err(RotationError::NotEverywhere { key, consoles }) }
    }

    async fn wait_until_active(&self, key: &str, patience: Duration) -> Result<(), RotationError> {
        let key = key.to_owned();
        let consoles = self.patiently(patience, |console| console.active_key == key).await?;
        if consoles.is_empty() { Ok(()) } else { Err(RotationError::NotActive { key, consoles }) }
    }

    /// Waits until all consoles are ready; those that are not when patience ends.
    async fn patiently(
        &self,
        patience: Duration,
        is_ready: impl Fn(&crate::entity::consoles::Model) -> bool,
    ) -> Result<Vec<String>> {
        const LOOK: Duration = Duration::from_millis(200);
        let mut left = patience;
        loop {
            let waiting = self.consoles_not(&is_ready).await?;
            if waiting.is_empty() || left.is_zero() {
                return Ok(waiting);
            }
            tokio::time::sleep(LOOK.min(left)).await;
            left = left.saturating_sub(LOOK);
        }
    }
}

/// One at a time for one ring.
fn lock(ring: &Path) -> Result<File, RotationError> {
    let mut path = ring.as_os_str().to_owned();
    path.push(".lock");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(RotationError::Write)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(RotationError::Busy),
        Err(TryLockError::Error(error)) => Err(RotationError::Write(error)),
    }
}
