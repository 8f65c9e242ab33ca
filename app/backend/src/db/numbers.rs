//! Numbers for the change feed where many write at once.
//!
//! A number must be seen after all smaller ones. Given out within a transaction, the next number would have to wait until
//! that transaction is on the disk: one commit after the other, a thousand a second. So on PostgreSQL a transaction leaves
//! its events without a number, and once it is committed the next numbers go to everything that was committed until then,
//! in one short transaction for all who wait. Whoever dies between the two leaves events that the next one numbers, or
//! whoever looks for them ([`Numbers::give_left`]).
//!
//! The events of one channel are numbered in their order: its writers wait for each other before an event has its place in
//! the queue.

use std::sync::Arc;

use sea_orm::{ConnectionTrait as _, DatabaseBackend, DatabaseConnection, DbErr, Statement, TransactionTrait as _};

use crate::{
    error::{Error, Result},
    together::Together,
};

/// Within PostgreSQL a statement sees what was committed when it began: so the lock is had before.
const LOCK: &str = "SELECT seq FROM feed_heads WHERE id = 1 FOR UPDATE";
const NUMBER: &str = "WITH taken AS (DELETE FROM unnumbered_events RETURNING *), \
    numbered AS (INSERT INTO config_events (seq, at, kind, merchant_id, store_id, channel_id, version, credential_id) \
        SELECT h.seq + row_number() OVER (ORDER BY t.id), t.at, t.kind, t.merchant_id, t.store_id, t.channel_id, t.version, \
            t.credential_id \
        FROM taken t, feed_heads h WHERE h.id = 1 RETURNING seq) \
    UPDATE feed_heads SET seq = seq + (SELECT COUNT(*) FROM numbered) WHERE id = 1 RETURNING seq";
const LEFT: &str = "SELECT 1 FROM unnumbered_events LIMIT 1";

#[derive(Debug, Clone)]
pub(super) struct Numbers {
    db: DatabaseConnection,
    giving: Arc<Together<(), i64>>,
}

impl Numbers {
    pub fn new(db: DatabaseConnection) -> Self {
        Self { db, giving: Arc::default() }
    }

    /// Numbers everything that was committed before the call; the last number.
    pub async fn give(&self) -> Result<i64> {
        let db = self.db.clone();
        let ask = move |everybody: Vec<()>| {
            let db = db.clone();
            async move { Ok(vec![number(&db).await?; everybody.len()]) }
        };
        self.giving.ask((), ask).await
    }

    /// Numbers what others have left, if there is anything.
    pub async fn give_left(&self) -> Result<Option<i64>> {
        let left = self.db.query_one_raw(Statement::from_string(DatabaseBackend::Postgres, LEFT)).await?;
        if left.is_none() { Ok(None) } else { self.give().await.map(Some) }
    }
}

async fn number(db: &DatabaseConnection) -> Result<i64> {
    let txn = db.begin().await?;
    txn.execute_unprepared(LOCK).await?;
    let row = txn.query_one_raw(Statement::from_string(DatabaseBackend::Postgres, NUMBER)).await?;
    let last = row.map(|row| row.try_get_by_index(0)).transpose().map_err(|error: DbErr| Error::from(error))?;
    txn.commit().await?;
    last.ok_or_else(|| Error::Internal("the feed has no head".into()))
}
