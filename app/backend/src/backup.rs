//! A copy of the database, taken while consoles serve. The key ring is not in it.
//!
//! SQLite copies itself (`VACUUM INTO`): what is in the copy is what was committed at one moment. Copying the file would
//! miss what is in the write-ahead log, or tear it. The copy gets its name when it was looked at and is on the disk.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseBackend, EntityTrait as _, Order, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Statement, sea_query::Expr,
};

use crate::{
    Backend,
    db::Db,
    entity::{channel_versions, feed_heads},
    error::Error,
};

/// Sealed versions of the copy that are opened.
const TRIED: u64 = 100;

/// A copy that is sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backup {
    pub bytes: u64,
    /// The last event of the change feed in it.
    pub seq: i64,
    /// Sealed versions that were drawn and opened.
    pub opened: u64,
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("PostgreSQL is copied by its own tool, while consoles serve")]
    NotSqlite,
    #[error("{0} is there already; a backup overwrites nothing")]
    Exists(PathBuf),
    #[error("{path} cannot be written: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error("the copy is not sound: {0}")]
    NotSound(String),
    #[error("{0}")]
    Backend(#[from] Error),
}

impl From<sea_orm::DbErr> for BackupError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Backend(error.into())
    }
}

impl Backend {
    /// Copies the database to `path`, which nothing may have.
    pub async fn backup(&self, path: &Path) -> Result<Backup, BackupError> {
        if !self.db.is_sqlite() {
            return Err(BackupError::NotSqlite);
        }
        if path.symlink_metadata().is_ok() {
            return Err(BackupError::Exists(path.to_owned()));
        }
        let mut part = path.as_os_str().to_owned();
        part.push(format!(".{}.part", self.random.alphanumeric(8)));
        let part = PathBuf::from(part);
        let made = self.copy_to(&part, path).await;
        // It has its name by now, or is worth nothing.
        let _ = fs::remove_file(&part);
        made
    }

    async fn copy_to(&self, part: &Path, path: &Path) -> Result<Backup, BackupError> {
        let io = |source| BackupError::Io { path: path.to_owned(), source };
        let name = part.to_str().ok_or_else(|| io(io::ErrorKind::InvalidFilename.into()))?;
        // Private from its first byte; SQLite takes an empty file for none.
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(part).map_err(io)?;
        let copy = Statement::from_sql_and_values(DatabaseBackend::Sqlite, "VACUUM INTO ?", [name.into()]);
        self.db.statement().execute_raw(copy).await?;
        let file = File::open(part).map_err(io)?;
        file.sync_all().map_err(io)?;
        let bytes = file.metadata().map_err(io)?.len();
        let copy = Db::open_copy(part).await?;
        let looked_at = self.look_at(&copy).await;
        copy.close().await?;
        let (seq, opened) = looked_at?;
        // Unlike renaming, this fails where there is something.
        fs::hard_link(part, path).map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists(path.to_owned()),
            _ => io(source),
        })?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)?;
        Ok(Backup { bytes, seq, opened })
    }

    /// The copy's last event, and how many of the sealed versions that were drawn open: all, or it is not sound.
    async fn look_at(&self, copy: &impl ConnectionTrait) -> Result<(i64, u64), BackupError> {
        let whole =
            copy.query_all_raw(Statement::from_string(DatabaseBackend::Sqlite, "PRAGMA integrity_check")).await?;
        let said = whole.iter().filter_map(|row| row.try_get_by_index::<String>(0).ok()).collect::<Vec<_>>();
        if said != ["ok"] {
            return Err(BackupError::NotSound(said.first().cloned().unwrap_or_default()));
        }
        let heads = feed_heads::Entity::find().one(copy).await?;
        let drawn = channel_versions::Entity::find()
            .filter(channel_versions::Column::WrappedKey.is_not_null())
            .order_by(Expr::cust("RANDOM()"), Order::Asc)
            .limit(TRIED)
            .all(copy)
            .await?;
        for row in &drawn {
            if self.open_secrets(copy, row).await.is_err() {
                let which = format!("secrets of channel {}, version {} do not open", row.channel_id, row.version);
                return Err(BackupError::NotSound(which));
            }
        }
        Ok((heads.map_or(0, |head| head.seq), drawn.len() as u64))
    }
}
