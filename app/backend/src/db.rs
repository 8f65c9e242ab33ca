//! The connection: SQLite by default, PostgreSQL by URL; durable either way.

mod write;

use std::{path::Path, time::Duration};

use migrations::{Migrator, MigratorTrait as _};
use sea_orm::{
    ConnectOptions, Database, DatabaseBackend, DatabaseConnection,
    sea_query::LikeExpr,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::sync::watch;

pub use write::Write;

use self::write::Pen;
use crate::error::Result;

const CONNECTIONS: u32 = 8;

/// The connections. SQLite takes one writer at a time: writers wait for its one writing connection in the order they
/// came, where several would poll for the file's lock and starve each other. PostgreSQL has one pool for both.
#[derive(Debug, Clone)]
pub struct Db {
    reading: DatabaseConnection,
    writing: DatabaseConnection,
    pen: Pen,
    /// The number of the last event that this process committed.
    announced: watch::Sender<i64>,
}

impl Db {
    /// Connects and brings the schema up to date. `url` is `sqlite://…` or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self> {
        if !url.starts_with("sqlite:") {
            let both = Database::connect(options(url, CONNECTIONS)).await?;
            Migrator::up(&both, None).await?;
            return Ok(Self::of(both.clone(), both));
        }
        let mut writer = options(url, 1);
        writer.map_sqlx_sqlite_opts(durable);
        let writing = Database::connect(writer).await?;
        Migrator::up(&writing, None).await?;
        let mut readers = options(url, CONNECTIONS);
        readers.map_sqlx_sqlite_opts(|sqlite| durable(sqlite).pragma("query_only", "ON"));
        let reading = Database::connect(readers).await?;
        Ok(Self::of(reading, writing))
    }

    fn of(reading: DatabaseConnection, writing: DatabaseConnection) -> Self {
        let announced = watch::Sender::new(0);
        Self { reading, pen: Pen::new(writing.clone(), announced.clone()), writing, announced }
    }

    /// Whether the schema is older than this program's.
    pub async fn is_behind(url: &str) -> Result<bool> {
        let mut only_look = options(url, 1);
        only_look.map_sqlx_sqlite_opts(|sqlite| sqlite.create_if_missing(false));
        let connection = Database::connect(only_look).await?;
        let is_behind = !Migrator::get_pending_migrations(&connection).await?.is_empty();
        connection.close().await?;
        Ok(is_behind)
    }

    /// A copy of SQLite's file, to be looked at and nothing else.
    pub(crate) async fn open_copy(path: &Path) -> Result<DatabaseConnection> {
        let mut copy = options("sqlite::memory:", 1);
        let path = path.to_owned();
        copy.map_sqlx_sqlite_opts(move |sqlite| {
            sqlite.in_memory(false).filename(&path).read_only(true).immutable(true)
        });
        Ok(Database::connect(copy).await?)
    }

    /// For reading.
    pub const fn read(&self) -> &DatabaseConnection {
        &self.reading
    }

    /// For one statement that writes. Whoever holds a transaction of [`Self::write`] writes in that.
    pub const fn statement(&self) -> &DatabaseConnection {
        &self.writing
    }

    /// Begins a transaction that will write.
    pub async fn write(&self) -> Result<Write> {
        self.pen.take().await
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

fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        // A file does not hang up: asking whether it is there would cost as much as a question.
        .test_before_acquire(!url.starts_with("sqlite:"))
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
