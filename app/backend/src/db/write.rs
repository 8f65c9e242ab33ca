//! Transactions that write.
//!
//! PostgreSQL has one for each writer. SQLite has one writer at a time, and each of its commits waits for the disk: so
//! those who wait for their turn join the transaction that is open, one after the other, each within a savepoint, and one
//! commit writes down all of them. Nobody is answered before that commit: what it loses, it loses for everybody.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr, ExecResult, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait as _,
};
use tokio::{
    sync::{Mutex, OwnedMutexGuard, oneshot, watch},
    time::timeout,
};

use super::numbers::Numbers;
use crate::error::{Error, Result};

/// So long a writer waits for its turn.
const WAIT: Duration = Duration::from_secs(10);
/// So many are written down by one commit at most.
const MOST: usize = 64;

/// Who may write now.
#[derive(Debug, Clone)]
pub(super) struct Pen {
    writing: DatabaseConnection,
    numbers: Numbers,
    /// The number of the last event that this process committed.
    announced: watch::Sender<i64>,
    /// SQLite's open transaction; whoever holds the lock is at work in it.
    group: Arc<Mutex<Option<Group>>>,
}

/// An open transaction of SQLite and who has written in it.
#[derive(Debug)]
struct Group {
    txn: DatabaseTransaction,
    /// Those who are done and wait for the commit.
    done: Vec<oneshot::Sender<Result<()>>>,
    /// Somebody is at work, or went away in the middle of it: there is something to undo.
    is_underway: bool,
    /// So many turns there were. Whoever goes away may do so within any statement, and of one that was not waited for nobody
    /// knows whether it was carried out. So each turn has a savepoint with a name of its own, and none is counted on twice:
    /// one that is left over ends with the transaction.
    turns: u64,
    /// Somebody waits for its turn to commit.
    is_closing: bool,
    announces: i64,
}

impl Pen {
    pub fn new(writing: DatabaseConnection, announced: watch::Sender<i64>) -> Self {
        let numbers = Numbers::new(writing.clone());
        Self { writing, numbers, announced, group: Arc::default() }
    }

    pub async fn take(&self) -> Result<Write> {
        let turn = match self.writing.get_database_backend() {
            DatabaseBackend::Sqlite => Turn::Group(self.enter().await?),
            _ => Turn::Alone(self.writing.begin().await?, self.numbers.clone()),
        };
        let announced = self.announced.clone();
        Ok(Write { turn, announces: AtomicI64::new(0), leaves_events: AtomicBool::new(false), announced })
    }

    /// Numbers the events that whoever committed them has left without.
    pub async fn number_left_events(&self) -> Result<()> {
        if self.writing.get_database_backend() != DatabaseBackend::Sqlite
            && let Some(last) = self.numbers.give_left().await?
        {
            announce(&self.announced, last);
        }
        Ok(())
    }

    async fn enter(&self) -> Result<Within> {
        let turn = timeout(WAIT, Arc::clone(&self.group).lock_owned()).await;
        let mut within = Within { group: turn.map_err(|_| Error::Unavailable)?, shared: Arc::clone(&self.group) };
        if let Some(group) = &mut *within.group
            && group.leave_undone().await.is_err()
        {
            // Whoever waits for its commit is told so.
            *within.group = None;
        }
        if within.group.is_none() {
            // The lock at once: one who reads first and writes later would be refused instead of waiting for another
            // process.
            let options = TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            };
            let txn = self.writing.begin_with_options(options).await?;
            *within.group =
                Some(Group { txn, done: Vec::new(), is_underway: false, turns: 0, is_closing: false, announces: 0 });
        }
        within.open()?.enter().await?;
        Ok(within)
    }
}

impl Group {
    async fn enter(&mut self) -> Result<()> {
        self.turns += 1;
        // The first one's work is undone with the transaction.
        if !self.done.is_empty() {
            self.txn.execute_unprepared(&format!("SAVEPOINT turn_{}", self.turns)).await?;
        }
        self.is_underway = true;
        Ok(())
    }

    /// Undoes the work of one who went away in the middle of it.
    async fn leave_undone(&mut self) -> Result<()> {
        if self.is_underway {
            if self.done.is_empty() {
                return Err(Error::Unavailable);
            }
            self.txn.execute_unprepared(&format!("ROLLBACK TO turn_{}", self.turns)).await?;
            self.is_underway = false;
        }
        Ok(())
    }

    /// From here on the work is kept, whoever goes away.
    async fn leave(&mut self, last_event: i64) -> Result<()> {
        self.is_underway = false;
        self.announces = self.announces.max(last_event);
        if !self.done.is_empty()
            && let Err(error) = self.txn.execute_unprepared(&format!("RELEASE turn_{}", self.turns)).await
        {
            self.is_underway = true;
            return Err(error.into());
        }
        Ok(())
    }

    /// Commits, and tells everybody how it went.
    async fn close(mut self, announced: &watch::Sender<i64>) {
        let closed = match self.leave_undone().await {
            Ok(()) => self.txn.commit().await.map_err(Error::from),
            Err(error) => Err(error),
        };
        if closed.is_ok() {
            announce(announced, self.announces);
        }
        for waiting in self.done {
            let _ = waiting.send(match &closed {
                Ok(()) => Ok(()),
                Err(Error::Internal(why)) => Err(Error::Internal(why.clone())),
                Err(_) => Err(Error::Unavailable),
            });
        }
    }
}

/// A turn within the open transaction.
#[derive(Debug)]
struct Within {
    group: OwnedMutexGuard<Option<Group>>,
    shared: Arc<Mutex<Option<Group>>>,
}

impl Within {
    fn open(&mut self) -> Result<&mut Group> {
        self.group.as_mut().ok_or_else(|| Error::Internal("no transaction is open".into()))
    }

    /// Leaves the work to the commit of all, and waits for that.
    async fn commit(mut self, last_event: i64, announced: watch::Sender<i64>) -> Result<()> {
        let group = self.open()?;
        group.leave(last_event).await?;
        let (waiting, closed) = oneshot::channel();
        group.done.push(waiting);
        if group.done.len() >= MOST {
            if let Some(group) = self.group.take() {
                group.close(&announced).await;
            }
        } else if !group.is_closing {
            group.is_closing = true;
            let shared = Arc::clone(&self.shared);
            // Waits for its turn like everybody: who came before it joins.
            tokio::spawn(async move {
                let mut open = shared.lock().await;
                if let Some(group) = open.take() {
                    group.close(&announced).await;
                }
            });
        }
        drop(self);
        closed.await.unwrap_or(Err(Error::Unavailable))
    }
}

impl Drop for Within {
    fn drop(&mut self) {
        // The first one went away in the middle of its work: nobody else is to commit it, or to keep it open.
        if self.group.as_ref().is_some_and(|group| group.is_underway && group.done.is_empty()) {
            *self.group = None;
        }
    }
}

#[derive(Debug)]
enum Turn {
    Alone(DatabaseTransaction, Numbers),
    Group(Within),
}

/// A transaction that writes; dropped without a commit, it changed nothing. Its commit wakes whoever waits for the events
/// that it wrote.
#[derive(Debug)]
pub struct Write {
    turn: Turn,
    /// The last event within, 0 for none.
    announces: AtomicI64,
    /// There are events within that are numbered after the commit.
    leaves_events: AtomicBool,
    announced: watch::Sender<i64>,
}

impl Write {
    /// Returns when everything that was written is on the disk.
    pub async fn commit(self) -> Result<()> {
        let announces = self.announces.into_inner();
        match self.turn {
            Turn::Alone(txn, numbers) => {
                txn.commit().await?;
                if self.leaves_events.into_inner() {
                    // The change is made, whatever becomes of its number: whoever looks for those left will give it one.
                    match numbers.give().await {
                        Ok(last) => announce(&self.announced, last),
                        Err(error) => tracing::warn!(%error, "an event waits for its number"),
                    }
                }
                Ok(())
            }
            Turn::Group(within) => within.commit(announces, self.announced).await,
        }
    }

    /// Notes an event that this transaction has written.
    pub(crate) fn will_announce(&self, seq: i64) {
        self.announces.fetch_max(seq, Ordering::Relaxed);
    }

    /// Notes that this transaction has written events without a number.
    pub(crate) fn leaves_events(&self) {
        self.leaves_events.store(true, Ordering::Relaxed);
    }

    fn txn(&self) -> Result<&DatabaseTransaction, DbErr> {
        match &self.turn {
            Turn::Alone(txn, _) => Ok(txn),
            Turn::Group(within) => match &*within.group {
                Some(group) => Ok(&group.txn),
                None => Err(DbErr::Custom("no transaction is open".into())),
            },
        }
    }
}

fn announce(announced: &watch::Sender<i64>, seq: i64) {
    if seq > 0 {
        // Commits may overtake each other on the way from the database to here.
        announced.send_modify(|last| *last = seq.max(*last));
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Write {
    fn get_database_backend(&self) -> DatabaseBackend {
        match &self.turn {
            Turn::Alone(txn, _) => txn.get_database_backend(),
            Turn::Group(_) => DatabaseBackend::Sqlite,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.txn()?.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.txn()?.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.txn()?.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.txn()?.query_all_raw(statement).await
    }
}

#[cfg(test)]
mod tests;
