//! The connection: SQLite by default, PostgreSQL by URL; durable either way.

mod commits;
mod write;

use std::{path::Path, str::FromStr as _, sync::Arc, time::Duration};

use migrations::{Migrator, MigratorTrait as _};
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseBackend, DatabaseConnection, DbErr, Statement,
    sea_query::LikeExpr,
    sqlx::{
        self, Connection as _, Sqlite,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};
use tokio::sync::watch;

pub(crate) use commits::Glance;
pub use write::Write;

use self::{commits::Commits, write::Pen};
use crate::error::{Error, Result};

const CONNECTIONS: u32 = 8;
const PAYING: u32 = 2;
/// So many bytes of SQLite's file are read from the system's memory, without a copy of our own.
const MAPPED: &str = "1073741824";
/// What is only noted by the way (who was seen when) waits no longer for a database that is locked: whoever reads shall not
/// notice.
pub(crate) const NOTE_WAIT: Duration = Duration::from_secs(2);

/// The connections. SQLite takes one writer at a time: writers wait for its one writing connection in the order they
/// came, where several would poll for the file's lock and starve each other. PostgreSQL has one pool for both.
#[derive(Debug, Clone)]
pub struct Db {
    reading: DatabaseConnection,
    /// Reads for payments. SQLite's connections each map the file for themselves: these two stay with what payments need.
    paying: DatabaseConnection,
    writing: DatabaseConnection,
    pen: Pen,
    /// The number of the last event that this process committed.
    announced: watch::Sender<i64>,
    /// SQLite's.
    commits: Option<Arc<Commits>>,
}

impl Db {
    /// Connects and brings the schema up to date. `url` is `sqlite://…` or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self> {
        if !url.starts_with("sqlite:") {
            let both = Database::connect(options(url, CONNECTIONS)).await?;
            Migrator::up(&both, None).await?;
            return Ok(Self::of(both.clone(), both.clone(), both));
        }
        let mut writer = options(url, 1);
        writer.map_sqlx_sqlite_opts(durable);
        writer.map_sqlx_sqlite_pool_opts(only_when_settled);
        let writing = Database::connect(writer).await?;
        Migrator::up(&writing, None).await?;
        let readers = async |connections| {
            let mut readers = options(url, connections);
            readers
                .map_sqlx_sqlite_opts(|sqlite| durable(sqlite).pragma("query_only", "ON").pragma("mmap_size", MAPPED));
            Database::connect(readers).await
        };
        let (reading, paying) = (readers(CONNECTIONS).await?, readers(PAYING).await?);
        let file = SqliteConnectOptions::from_str(url).map_err(|error| Error::Internal(error.to_string()))?;
        let commits = Commits::of(file.get_filename()).map(Arc::new);
        Ok(Self { commits, ..Self::of(reading, paying, writing) })
    }

    fn of(reading: DatabaseConnection, paying: DatabaseConnection, writing: DatabaseConnection) -> Self {
        let announced = watch::Sender::new(0);
        let pen = Pen::new(writing.clone(), announced.clone());
        Self { reading, paying, pen, writing, announced, commits: None }
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

    /// For reading what a payment waits for.
    pub(crate) const fn read_for_payments(&self) -> &DatabaseConnection {
        &self.paying
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

    /// A look at what was committed, by whomever; none where only a question tells.
    pub(crate) fn glance(&self) -> Option<Glance> {
        self.commits.as_ref()?.glance()
    }

    pub fn is_sqlite(&self) -> bool {
        self.reading.get_database_backend() == DatabaseBackend::Sqlite
    }

    /// Closes every connection, and with them SQLite's files.
    pub async fn close(&self) -> Result<()> {
        self.reading.close_by_ref().await?;
        self.paying.close_by_ref().await?;
        Ok(self.writing.close_by_ref().await?)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.reading.ping().await?)
    }

    /// How many steps of ours the schema lacks; it may have later ones.
    pub async fn pending_migrations(&self) -> Result<usize> {
        let sql = "SELECT version FROM seaql_migrations";
        let statement = Statement::from_string(self.reading.get_database_backend(), sql);
        let rows = self.reading.query_all_raw(statement).await?;
        let done = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<String>, DbErr>>()?;
        Ok(Migrator::migrations().iter().filter(|ours| !done.iter().any(|name| name == ours.name())).count())
    }

    pub fn pools(&self) -> Vec<PoolLoad> {
        if self.is_sqlite() {
            vec![
                PoolLoad::of("reading", self.reading.get_sqlite_connection_pool()),
                PoolLoad::of("paying", self.paying.get_sqlite_connection_pool()),
                PoolLoad::of("writing", self.writing.get_sqlite_connection_pool()),
            ]
        } else {
            vec![PoolLoad::of("both", self.reading.get_postgres_connection_pool())]
        }
    }
}

/// How busy a pool of connections is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolLoad {
    pub name: &'static str,
    pub open: u32,
    pub idle: u32,
    pub most: u32,
}

impl PoolLoad {
    fn of<D: sqlx::Database>(name: &'static str, pool: &sqlx::Pool<D>) -> Self {
        let (open, most) = (pool.size(), pool.options().get_max_connections());
        // The two are counted one after the other.
        let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX).min(open);
        Self { name, open, idle, most }
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

/// A connection whose transaction did not end goes no further. When the disk is full a COMMIT can fail and undo everything,
/// and the ROLLBACK that follows fails in turn, since there is nothing left. The driver then believes that it is within a
/// transaction for ever: what came next would be a part of it, be answered with success, and never be committed.
fn only_when_settled(pool: sqlx::pool::PoolOptions<Sqlite>) -> sqlx::pool::PoolOptions<Sqlite> {
    pool.after_release(|connection, _| {
        Box::pin(async move {
            // Behind the rollback of what was dropped.
            connection.ping().await?;
            Ok(!connection.is_in_transaction())
        })
    })
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
