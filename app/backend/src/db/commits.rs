//! Whether anything was committed since, told without asking SQLite.
//!
//! The index of its write-ahead log lies in a file that all connections map into their memory, and begins with a header
//! that every commit changes, whoever makes it (<https://www.sqlite.org/walformat.html>, 2.1). SQLite itself compares this
//! header with the last one it saw to know whether what it keeps is still true. So do we: a look costs a microsecond, a
//! question two changes of thread.

use std::{
    fs::File,
    os::unix::fs::{FileExt as _, MetadataExt as _},
    path::{Path, PathBuf},
    sync::Mutex,
};

use crate::held::held;

const HEADER: usize = 48;

/// The state of the database. While two are the same, nothing was committed between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Glance([u8; HEADER]);

/// The log's index beside a database file.
#[derive(Debug)]
pub(super) struct Commits {
    path: PathBuf,
    file: Mutex<Option<File>>,
}

impl Commits {
    /// `database` must be open.
    pub fn of(database: &Path) -> Option<Self> {
        // SQLite puts it beside the file itself, not beside a link to it.
        let mut path = database.canonicalize().ok()?.into_os_string();
        path.push("-shm");
        Some(Self { path: path.into(), file: Mutex::default() })
    }

    /// None where it cannot be told: then the database has to be asked.
    pub fn glance(&self) -> Option<Glance> {
        let mut file = held(&self.file);
        // When nobody has the database open the index goes; the next one is another file.
        let is_gone = |file: &File| file.metadata().map_or(true, |about| about.nlink() == 0);
        if file.as_ref().is_none_or(is_gone) {
            *file = File::open(&self.path).ok();
        }
        let mut twice = [0; 2 * HEADER];
        file.as_ref()?.read_exact_at(&mut twice, 0).ok()?;
        let (first, second) = twice.split_first_chunk::<HEADER>()?;
        // It stands there twice: where the two differ, somebody is writing it.
        (first.as_slice() == second).then_some(Glance(*first))
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::ConnectionTrait as _;

    use super::*;
    use crate::db::Db;

    async fn opened(folder: &Path) -> Db {
        Db::open(&format!("sqlite://{}", folder.join("test.db").display())).await.expect("opened")
    }

    async fn change(db: &Db, sql: &str) {
        db.statement().execute_unprepared(sql).await.expect("changed");
    }

    #[tokio::test]
    async fn every_commit_shows_whoever_made_it_and_reading_does_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let (ours, theirs) = (opened(folder.path()).await, opened(folder.path()).await);
        change(&ours, "CREATE TABLE notes (text TEXT)").await;
        let mut seen = vec![ours.glance().expect("a glance")];
        for db in [&ours, &theirs, &ours] {
            change(db, "INSERT INTO notes VALUES ('once more')").await;
            db.read().execute_unprepared("SELECT COUNT(*) FROM notes").await.expect("read");
            let now = ours.glance().expect("a glance");
            assert_eq!(theirs.glance(), Some(now));
            assert!(!seen.contains(&now));
            seen.push(now);
        }
        change(&theirs, "PRAGMA wal_checkpoint(TRUNCATE)").await;
        change(&theirs, "INSERT INTO notes VALUES ('after the log began anew')").await;
        assert!(!seen.contains(&ours.glance().expect("a glance")));
    }

    #[tokio::test]
    async fn an_index_that_was_taken_away_tells_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = opened(folder.path()).await;
        change(&db, "CREATE TABLE notes (text TEXT)").await;
        let before = db.glance().expect("a glance");
        let commits = Commits::of(&folder.path().join("test.db")).expect("a file");
        assert_eq!(commits.glance(), Some(before));
        db.close().await.expect("closed");
        assert_eq!(commits.glance(), None);
        let again = opened(folder.path()).await;
        change(&again, "INSERT INTO notes VALUES ('by another')").await;
        assert!(commits.glance().is_some_and(|now| now != before));
    }
}
