//! The connection: SQLite by default, PostgreSQL by URL; durable either way.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use migrations::{Migrator, MigratorTrait as _};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr,
    ExecResult, QueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait as _,
    sea_query::LikeExpr,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::sync::watch;

use crate::error::Result;

const CONNECTIONS: u32 = 8;

/// The connections. SQLite takes one writer at a time: writers wait for its one writing connection in the order they
/// came, where several would poll for the file's lock and starve each other. PostgreSQL has one pool for both.
#[derive(Debug, Clone)]
pub struct Db {
    reading: DatabaseConnection,
    writing: DatabaseConnection,
    /// The number of the last event that this process committed.
    announced: watch::Sender<i64>,
}

impl Db {
    /// Connects and brings the schema up to date. `url` is `sqlite://…` or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self> {
        if !url.starts_with("sqlite:") {
            let both = Database::connect(options(url, CONNECTIONS)).await?;
            Migrator::up(&both, None).await?;
            return Ok(Self { reading: both.clone(), writing: both, announced: watch::Sender::new(0) });
        }
        let mut writer = options(url, 1);
        writer.map_sqlx_sqlite_opts(durable);
        let writing = Database::connect(writer).await?;
        Migrator::up(&writing, None).await?;
        let mut readers = options(url, CONNECTIONS);
        readers.map_sqlx_sqlite_opts(|sqlite| durable(sqlite).pragma("query_only", "ON"));
        let reading = Database::connect(readers).await?;
        Ok(Self { reading, writing, announced: watch::Sender::new(0) })
    }

    /// For reading.
    pub const fn read(&self) -> &DatabaseConnection {
        &self.reading
    }

    /// For one statement that writes. Whoever holds a transaction of [`Self::write`] writes in that.
    pub const fn statement(&self) -> &DatabaseConnection {
        &self.writing
    }

    /// Begins a transaction that will write. SQLite takes its lock at once: one that reads first and writes later
    /// would be refused instead of waiting for another process.
    pub async fn write(&self) -> Result<Write> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let txn = self.writing.begin_with_options(options).await?;
        Ok(Write { txn, announces: AtomicI64::new(0), announced: self.announced.clone() })
    }

    /// Changes whenever this process has committed an event.
    pub(crate) fn announced(&self) -> watch::Receiver<i64> {
        self.announced.subscribe()
    }

    pub fn is_sqlite(&self) -> bool {
        self.reading.get_database_backend() == DatabaseBackend::Sqlite
    }

    /// Closes every connection, and with them SQLite's files.
    pub async fn close(&self) -> Result<()> {
        self.reading.close_by_ref().await?;
        Ok(self.writing.close_by_ref().await?)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.reading.ping().await?)
    }
}

/// A transaction that writes; dropped without a commit, it changed nothing. Its commit wakes whoever waits for the events
/// that it wrote.
#[derive(Debug)]
pub struct Write {
    txn: DatabaseTransaction,
    /// The last event within, 0 for none.
    announces: AtomicI64,
    announced: watch::Sender<i64>,
}

impl Write {
    pub async fn commit(self) -> Result<()> {
        self.txn.commit().await?;
        let seq = self.announces.into_inner();
        if seq > 0 {
            // Commits may overtake each other on the way from the database to here.
            self.announced.send_modify(|last| *last = seq.max(*last));
        }
        Ok(())
    }

    /// Notes an event that this transaction has written.
    pub(crate) fn will_announce(&self, seq: i64) {
        self.announces.fetch_max(seq, Ordering::Relaxed);
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Write {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.txn.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.txn.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.txn.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.txn.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.txn.query_all_raw(statement).await
    }
}

fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        // Statements carry values; neither logs nor spans shall.
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    options
}

fn durable(sqlite: SqliteConnectOptions) -> SqliteConnectOptions {
    sqlite
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // NORMAL loses acknowledged commits when the power goes.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("secure_delete", "ON")
        // Otherwise INSERT OR REPLACE would delete rows past the triggers that keep the trail append-only.
        .pragma("recursive_triggers", "ON")
        .pragma("trusted_schema", "OFF")
}

/// Matches what contains `text` as it is: `%` and `_` are no wildcards.
pub(crate) fn containing(text: &str) -> LikeExpr {
    LikeExpr::new(format!("%{}%", literal(text))).escape('\\')
}

/// Matches what begins with `text` as it is.
pub(crate) fn beginning(text: &str) -> LikeExpr {
    LikeExpr::new(format!("{}%", literal(text))).escape('\\')
}

/// No text of ours has control characters; a NUL is an error to one database and the end of the text to the other.
fn literal(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
