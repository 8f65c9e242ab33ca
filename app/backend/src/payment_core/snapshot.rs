//! Everything a core needs to begin with, page by page: however much there is, one page is in memory.
//!
//! It is no picture of one moment, and need not be: the number is taken first, every row is read later, and rows are
//! never taken away. So each row is at least as new as the number says, what was added meanwhile and is missing has an
//! event after it, and an event about something that is here already does no harm.

use domain::{credential::CoreScope, id::ChannelKey};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::{CoreCaller, CoreChannel, CoreStore, read::core_store};
use crate::{
    Backend,
    entity::{channels, stores},
    error::{Error, Result},
};

const PAGE: u64 = 100;

/// A snapshot that is being read.
#[derive(Debug, Clone)]
pub struct Snapshot {
    core: CoreCaller,
    /// Events after this number bring whoever has read all of it up to date.
    pub seq: i64,
    /// When it was begun.
    pub at: i64,
    next: Next,
}

/// Where the next page begins: after the row of this id.
#[derive(Debug, Clone, Copy)]
enum Next {
    Stores(Uuid),
    Channels(Uuid),
    Nothing,
}

/// A line of a snapshot.
#[derive(Debug)]
pub enum SnapshotItem {
    Store(CoreStore),
    Channel(Box<CoreChannel>),
    /// Its secrets do not open; the others are not kept back for it.
    Unreadable {
        key: ChannelKey,
        version: i64,
    },
}

impl Backend {
    pub async fn begin_snapshot(&self, core: &CoreCaller) -> Result<Snapshot> {
        core.require(CoreScope::ChannelsRead)?;
        let seq = self.feed_head().await?.seq;
        Ok(Snapshot { core: core.clone(), seq, at: self.now_ms(), next: Next::Stores(Uuid::nil()) })
    }

    /// The next lines: stores, then every channel in every status as it is now; nothing when that was all.
    pub async fn snapshot_page(&self, snapshot: &mut Snapshot) -> Result<Vec<SnapshotItem>> {
        if let Next::Stores(after) = snapshot.next {
            let rows = stores::Entity::find()
                .filter(snapshot.core.stores())
                .filter(stores::Column::Id.gt(after))
                .order_by_asc(stores::Column::Id)
                .limit(PAGE)
                .all(self.db.read())
                .await?;
            if let Some(last) = rows.last() {
                snapshot.next = Next::Stores(last.id);
                let imp_codes = self.imp_codes(rows.iter().map(|row| row.merchant_id)).await?;
                return rows.into_iter().map(|row| core_store(row, &imp_codes).map(SnapshotItem::Store)).collect();
            }
            snapshot.next = Next::Channels(Uuid::nil());
        }
        let Next::Channels(after) = snapshot.next else { return Ok(Vec::new()) };
        let heads = channels::Entity::find()
            .filter(snapshot.core.channels())
            .filter(channels::Column::Id.gt(after))
            .order_by_asc(channels::Column::Id)
            .limit(PAGE)
            .all(self.db.read())
            .await?;
        snapshot.next = heads.last().map_or(Next::Nothing, |last| Next::Channels(last.id));
        let places: Vec<_> = heads.iter().map(|head| (ChannelKey::new(head.id), head.current_version)).collect();
        let asked = heads.into_iter().map(|head| {
            let version = head.current_version;
            (head, version)
        });
        let read = self.read_many(&snapshot.core, asked.collect()).await?;
        read.into_iter()
            .zip(places)
            .map(|(read, (key, version))| match read {
                Ok(channel) => Ok(SnapshotItem::Channel(Box::new(channel))),
                Err(Error::Sealed) => Ok(SnapshotItem::Unreadable { key, version }),
                Err(other) => Err(other),
            })
            .collect()
    }
}
