//! The connection: SQLite by default, PostgreSQL by URL; durable either way.

mod commits;
mod direct;
mod numbers;
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
pub(crate) use direct::Direct;
pub use write::Write;

use self::{commits::Commits, write::Pen};
use crate::error::{Error, Result};

/// To SQLite's file, for reading.
const READERS: u32 = 8;
/// To a server: whoever writes holds one while it waits for the disk.
const CONNECTIONS: u32 = 16;
/// A connection that rests longer than this is asked whether it is still there before it is used.
const RESTS: Duration = Duration::from_secs(1);
/// What is only noted by the way (who was seen when) waits no longer for a database that is locked: whoever reads shall not
/// notice.
pub(crate) const NOTE_WAIT: Duration = Duration::from_secs(2);

/// The connections. SQLite takes one writer at a time: writers wait for its one writing connection in the order they
/// came, where several would poll for the file's lock and starve each other. PostgreSQL has one pool for both.
#[derive(Debug, Clone)]
pub struct Db {
    reading: DatabaseConnection,
    writing: DatabaseConnection,
    pen: Pen,
    /// The number of the last event that this process committed.
    announced: watch::Sender<i64>,
    /// SQLite's.
    file: Option<Arc<SqliteFile>>,
}

/// What is known of SQLite's file without asking the driver.
#[derive(Debug)]
struct SqliteFile {
    commits: Commits,
    direct: Direct,
}

impl Db {
    /// Connects and brings the schema up to date. `url` is `sqlite://…` or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self> {
        if !url.starts_with("sqlite:") {
            let both = Database::connect(options(url, CONNECTIONS)).await?;
            Migrator::up(&both, None).await?;
            let db = Self::of(both.clone(), both);
            db.number_left_events().await?;
            return Ok(db);
        }
        let mut writer = options(url, 1);
        writer.map_sqlx_sqlite_opts(durable);
        writer.map_sqlx_sqlite_pool_opts(only_when_settled);
        let writing = Database::connect(writer).await?;
        Migrator::up(&writing, None).await?;
        let mut readers = options(url, READERS);
        readers.map_sqlx_sqlite_opts(|sqlite| durable(sqlite).pragma("query_only", "ON"));
        let reading = Database::connect(readers).await?;
        let path = SqliteConnectOptions::from_str(url).map_err(|error| Error::Internal(error.to_string()))?;
        let path = path.get_filename().to_owned();
        let file = Commits::of(&path).map(|commits| Arc::new(SqliteFile { commits, direct: Direct::of(path) }));
        Ok(Self { file, ..Self::of(reading, writing) })
    }

    fn of(reading: DatabaseConnection, writing: DatabaseConnection) -> Self {
        let announced = watch::Sender::new(0);
        let pen = Pen::new(writing.clone(), announced.clone());
        Self { reading, pen, writing, announced, file: None }
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

    /// For reading what a payment waits for; none where only the pool reads.
    pub(crate) fn direct(&self) -> Option<&Direct> {
        Some(&self.file.as_ref()?.direct)
    }

    /// For one statement that writes. Whoever holds a transaction of [`Self::write`] writes in that.
    pub const fn statement(&self) -> &DatabaseConnection {
        &self.writing
    }

    /// Begins a transaction that will write.
    pub async fn write(&self) -> Result<Write> {
        self.pen.take().await
    }

    /// Numbers the events that a console has committed and could not number any more.
    pub async fn number_left_events(&self) -> Result<()> {
        self.pen.number_left_events().await
    }

    /// Changes whenever this process has committed an event.
    pub(crate) fn announced(&self) -> watch::Receiver<i64> {
        self.announced.subscribe()
    }

    /// A look at what was committed, by whomever; none where only a question tells.
    pub(crate) fn glance(&self) -> Option<Glance> {
        self.file.as_ref()?.commits.glance()
    }

    pub fn is_sqlite(&self) -> bool {
        self.reading.get_database_backend() == DatabaseBackend::Sqlite
    }

    /// Closes every connection, and with them SQLite's files.
    pub async fn close(&self) -> Result<()> {
        if let Some(direct) = self.direct() {
            direct.close();
        }
        self.reading.close_by_ref().await?;
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
        // Statements carry values; neither logs nor spans shall.
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    // To ask whether the database is there costs as much as a question. A file does not hang up, and whoever was answered a
    // moment ago need not be asked.
    if url.starts_with("sqlite:") {
        options.test_before_acquire(false);
    } else {
        options.test_before_acquire_if_idle_for(RESTS);
    }
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

/// No text that is looked through is longer; SQLite refuses patterns of more than 50,000 bytes.
const LONGEST: usize = 4_000;

/// No text of ours has control characters; a NUL is an error to one database and the end of the text to the other.
fn literal(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
