//! The connection: SQLite by default, PostgreSQL by URL; durable either way.

use std::time::Duration;

use migrations::{Migrator, MigratorTrait as _};
use sea_orm::{
    ConnectOptions, Database, DatabaseBackend, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode,
    TransactionOptions, TransactionTrait as _,
    sea_query::LikeExpr,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

use crate::error::Result;

/// A pool of connections.
#[derive(Debug, Clone)]
pub struct Db(DatabaseConnection);

impl Db {
    /// Connects and brings the schema up to date. `url` is `sqlite://…` or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self> {
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(8)
            .acquire_timeout(Duration::from_secs(10))
            // Statements carry values; neither logs nor spans shall.
            .sqlx_logging(false)
            .record_stmt_in_spans(false)
            .map_sqlx_sqlite_opts(|sqlite| {
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
            });
        let connection = Database::connect(options).await?;
        Migrator::up(&connection, None).await?;
        Ok(Self(connection))
    }

    /// For reading.
    pub const fn read(&self) -> &DatabaseConnection {
        &self.0
    }

    /// Begins a transaction that will write. SQLite takes its lock at once: one that reads first and writes later
    /// would be refused instead of waiting.
    pub async fn write(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.0.begin_with_options(options).await?)
    }

    pub fn is_sqlite(&self) -> bool {
        self.0.get_database_backend() == DatabaseBackend::Sqlite
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.0.ping().await?)
    }
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
