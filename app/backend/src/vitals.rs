//! How the console is, in numbers and in one word, for whoever operates it. Nothing of a merchant's.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use crate::{
    Backend,
    db::PoolLoad,
    entity::outbox_mails,
    error::Result,
    outbox::{ABANDONED, QUEUED},
    password::HashingLoad,
};

/// Why the console should be sent nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unready {
    /// It does not answer.
    Database,
    /// It was not brought up to date.
    Migrations,
    /// What is stored does not open with it.
    KeyRing,
}

impl Unready {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Database => "DATABASE",
            Self::Migrations => "MIGRATIONS",
            Self::KeyRing => "KEY_RING",
        }
    }
}

/// What the database tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vitals {
    /// The number of the change feed's last event.
    pub feed_seq: i64,
    pub nodes: Vec<NodeVitals>,
    pub mails_queued: u64,
    /// Given up after a day of trying, or beyond composing.
    pub mails_abandoned: u64,
}

/// How far a running payment core is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeVitals {
    /// The id part of its token.
    pub core: String,
    /// As it calls itself.
    pub name: String,
    /// Events that it has not confirmed.
    pub behind: i64,
    pub silent_ms: i64,
}

/// What this process carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    pub hashing: HashingLoad,
    pub pools: Vec<PoolLoad>,
    /// How often each limiter has held somebody back.
    pub limiter_hits: BTreeMap<&'static str, u64>,
}

impl Backend {
    /// Whether requests can be answered now: the database answers, is up to date and opens with the key ring.
    pub async fn readiness(&self) -> Result<(), Unready> {
        let pending = self.db.pending_migrations().await.map_err(|_| Unready::Database)?;
        if pending > 0 {
            return Err(Unready::Migrations);
        }
        match self.key_ring_fits().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Unready::KeyRing),
            Err(_) => Err(Unready::Database),
        }
    }

    pub async fn vitals(&self) -> Result<Vitals> {
        use outbox_mails::Column;
        let mails = |state: &str| outbox_mails::Entity::find().filter(Column::State.eq(state));
        let feed_seq = self.feed_head().await?.seq;
        let now = self.now_ms();
        let nodes = self.nodes().await?.into_iter().map(|row| NodeVitals {
            behind: (feed_seq - row.seq).max(0),
            silent_ms: now - row.acked_at,
            core: row.core_kid,
            name: row.name,
        });
        Ok(Vitals {
            feed_seq,
            nodes: nodes.collect(),
            mails_queued: mails(QUEUED).count(self.db.read()).await?,
            // One that was never tried was never meant to go: see `promise_nothing`.
            mails_abandoned: mails(ABANDONED).filter(Column::Attempts.gt(0)).count(self.db.read()).await?,
        })
    }

    pub fn load(&self) -> Load {
        Load { hashing: self.passwords.load(), pools: self.db.pools(), limiter_hits: self.limits.hits.all() }
    }
}
