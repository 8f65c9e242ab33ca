//! Reading SQLite within the thread that asks.
//!
//! The driver of the pools has a thread for each connection: a question wakes it, and each row wakes the asker. That is
//! right for pages and for whatever writes. What every payment waits for is a row or two that lie in the system's memory,
//! and the waking would cost several times the reading. Should the file not be in memory, the thread waits for the disk;
//! the payment cores' listener has threads of its own.

use std::{path::PathBuf, sync::Mutex};

use rusqlite::{Connection, OpenFlags, Params, Row};

use crate::held::held;

/// So many connections are kept open while nobody reads.
const IDLE: usize = 4;
/// So many bytes of the file are read from the system's memory, without a copy of our own.
const MAPPED: i64 = 1 << 30;
/// Statements that a connection keeps ready.
const READY: usize = 16;

/// Connections that only read.
#[derive(Debug)]
pub(crate) struct Direct {
    path: PathBuf,
    /// None once it is closed.
    idle: Mutex<Option<Vec<Connection>>>,
}

impl Direct {
    /// `path` is a database that is open already: nothing is created, and nothing is configured that lasts.
    pub(super) const fn of(path: PathBuf) -> Self {
        Self { path, idle: Mutex::new(Some(Vec::new())) }
    }

    /// The rows of a statement as they are at this moment. None when it cannot be told at once (a lock, a disk that fails):
    /// then the pool is to be asked, which waits, and knows what to say of an error.
    pub(crate) fn rows<T>(
        &self,
        sql: &str,
        values: impl Params,
        mut decode: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Option<Vec<T>> {
        let connection = self.take()?;
        let read = || {
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_map(values, |row| decode(row))?.collect::<rusqlite::Result<Vec<T>>>()
        };
        let rows = read().inspect_err(|error| tracing::debug!(%error, "asked the long way")).ok()?;
        if let Some(idle) = &mut *held(&self.idle)
            && idle.len() < IDLE
        {
            idle.push(connection);
        }
        Some(rows)
    }

    pub(super) fn close(&self) {
        *held(&self.idle) = None;
    }

    fn take(&self) -> Option<Connection> {
        if let Some(connection) = held(&self.idle).as_mut()?.pop() {
            return Some(connection);
        }
        self.open().inspect_err(|error| tracing::debug!(%error, "no connection of its own")).ok()
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        // For writing too: whoever only reads may not look after the log's index.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(std::time::Duration::ZERO)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "mmap_size", MAPPED)?;
        connection.set_prepared_statement_cache_capacity(READY);
        Ok(connection)
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::ConnectionTrait as _;

    use super::*;
    use crate::db::Db;

    async fn noted() -> (tempfile::TempDir, Db, Direct) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("test.db");
        let db = Db::open(&format!("sqlite://{}", path.display())).await.expect("opened");
        db.statement().execute_unprepared("CREATE TABLE notes (text TEXT)").await.expect("made");
        (folder, db, Direct::of(path))
    }

    fn notes(direct: &Direct) -> Option<Vec<String>> {
        direct.rows("SELECT text FROM notes WHERE text <> ?", ["unseen"], |row| row.get(0))
    }

    #[tokio::test]
    async fn what_was_committed_is_read_at_once_and_what_was_not_is_not() {
        let (_folder, db, direct) = noted().await;
        assert_eq!(notes(&direct), Some(Vec::new()));
        let write = db.write().await.expect("a turn");
        write.execute_unprepared("INSERT INTO notes VALUES ('first')").await.expect("written");
        assert_eq!(notes(&direct), Some(Vec::new()));
        write.commit().await.expect("committed");
        assert_eq!(notes(&direct), Some(vec!["first".to_owned()]));
    }

    #[tokio::test]
    async fn nothing_is_written_this_way() {
        let (_folder, _db, direct) = noted().await;
        assert!(direct.rows("INSERT INTO notes VALUES (?) RETURNING text", ["mine"], |_| Ok(())).is_none());
        assert_eq!(notes(&direct), Some(Vec::new()));
    }

    #[tokio::test]
    async fn a_locked_database_is_asked_the_long_way_and_a_closed_one_not_at_all() {
        let (folder, db, direct) = noted().await;
        db.close().await.expect("closed");
        let other = Connection::open(folder.path().join("test.db")).expect("opened");
        other.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").expect("locked");
        assert_eq!(notes(&direct), None);
        other.execute_batch("ROLLBACK").expect("let go");
        drop(other);
        assert_eq!(notes(&direct), Some(Vec::new()));
        direct.close();
        assert_eq!(notes(&direct), None);
    }
}
