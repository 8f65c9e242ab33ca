//! The channels of a merchant as lists and searches need them, kept in memory as long as they are true.
//!
//! A list of twenty must not read ten thousand rows to count its pages, and any part of a Korean name finds a channel:
//! no index of a database serves two syllables out of the middle of a word on both databases, and one of our own would be
//! some twenty rows more for each channel that is written. Ten thousand heads are two megabytes, and looked through in
//! less than a millisecond.
//!
//! Every change of a channel writes an event in its transaction, and the numbers of events are seen in their order: so
//! whatever was committed is known by asking how far the feed is (SQLite need not be asked while nothing was committed),
//! and only the channels that the feed names since are read again.

use std::{
    cmp::Reverse,
    collections::BTreeSet,
    num::NonZeroUsize,
    sync::{Arc, Mutex},
};

use domain::{
    catalogue::{Module, Provider},
    channel::{Mode, Purpose, Status, view::ChannelSummary},
    id::ChannelKey,
    text::comparison_key,
};
use lru::LruCache;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use tokio::sync::Mutex as AsyncMutex;
use uuid::Uuid;

use crate::{
    Backend,
    actor::Reach,
    entity::{channels, config_events},
    error::{Error, Result},
    held::held,
};

/// Merchants whose channels are kept, and how many channels of all of them together: some 25 MB.
const MERCHANTS: NonZeroUsize = NonZeroUsize::new(1_000).expect("more than none");
const KEPT: usize = 100_000;
/// After so many events of all merchants together a merchant's channels are read anew.
const EVENTS: i64 = 1_000;

/// A channel that is not archived.
#[derive(Debug)]
pub(crate) struct Head {
    pub id: Uuid,
    store: Uuid,
    pub mode: Mode,
    pub status: Status,
    purpose: Purpose,
    pub provider: &'static Provider,
    pub module: &'static Module,
    name: Box<str>,
    mid: Box<str>,
    created_at: i64,
    /// Name and MID as names are compared, a line each.
    pub text: Box<str>,
}

/// The newest first.
pub(crate) type HeadList = Arc<Vec<Arc<Head>>>;

#[derive(Debug)]
pub(crate) struct Heads {
    merchants: Mutex<LruCache<Uuid, Arc<OneMerchant>>>,
}

impl Default for Heads {
    fn default() -> Self {
        Self { merchants: Mutex::new(LruCache::new(MERCHANTS)) }
    }
}

#[derive(Debug, Default)]
struct OneMerchant {
    /// The list, and the event up to which it is true.
    known: Mutex<Option<(i64, HeadList)>>,
    /// Held by whoever reads: one does for all who wait.
    reading: AsyncMutex<()>,
}

impl OneMerchant {
    fn as_of(&self, seq: i64) -> Option<HeadList> {
        held(&self.known).as_ref().filter(|(known, _)| *known >= seq).map(|(_, list)| Arc::clone(list))
    }

    fn len(&self) -> usize {
        held(&self.known).as_ref().map_or(0, |(_, list)| list.len())
    }
}

impl Heads {
    fn of(&self, merchant: Uuid) -> Arc<OneMerchant> {
        Arc::clone(held(&self.merchants).get_or_insert(merchant, Arc::default))
    }

    /// Forgets the merchants that were not asked for lately, until what is kept is not too much.
    fn make_room(&self) {
        let mut merchants = held(&self.merchants);
        let mut kept: usize = merchants.iter().map(|(_, one)| one.len()).sum();
        while kept > KEPT && merchants.len() > 1 {
            let Some((_, one)) = merchants.pop_lru() else { return };
            kept -= one.len();
        }
    }
}

impl Reach {
    /// As [`Self::has`] for a row.
    pub(crate) fn shows(self, head: &Head) -> bool {
        match self {
            Self::Merchant => true,
            Self::Store(store) => head.mode == Mode::Test || head.store == store,
        }
    }
}

impl Head {
    pub fn summary(&self) -> ChannelSummary {
        ChannelSummary {
            key: ChannelKey::new(self.id),
            mode: self.mode,
            status: self.status,
            provider: self.provider.id.clone(),
            provider_name: self.provider.name.clone(),
            module: self.module.id.clone(),
            purpose: self.purpose,
            name: self.name.to_string(),
            mid: self.mid.to_string(),
            created_at: self.created_at,
        }
    }
}

impl Backend {
    /// Every channel of a merchant that is not archived, as it is now.
    pub(crate) async fn heads(&self, merchant: Uuid) -> Result<HeadList> {
        let now = self.moment().await?.seq();
        let kept = self.heads.of(merchant);
        if let Some(list) = kept.as_of(now) {
            return Ok(list);
        }
        let _turn = kept.reading.lock().await;
        let known = held(&kept.known).clone();
        let list = match known {
            // Somebody has read them while we waited.
            Some((seq, list)) if seq >= now => return Ok(list),
            Some((seq, list)) if now - seq <= EVENTS => self.followed(merchant, list, seq, now).await?,
            _ => self.read_heads(merchant, None).await?.into(),
        };
        *held(&kept.known) = Some((now, Arc::clone(&list)));
        self.heads.make_room();
        Ok(list)
    }

    /// The list with what the feed names after `seq` read again.
    async fn followed(&self, merchant: Uuid, mut list: HeadList, seq: i64, now: i64) -> Result<HeadList> {
        let changed: Vec<Option<Uuid>> = config_events::Entity::find()
            .select_only()
            .column(config_events::Column::ChannelId)
            .filter(config_events::Column::MerchantId.eq(merchant))
            .filter(config_events::Column::Seq.gt(seq))
            .filter(config_events::Column::Seq.lte(now))
            .into_tuple()
            .all(self.db.read())
            .await?;
        let changed: BTreeSet<Uuid> = changed.into_iter().flatten().collect();
        if !changed.is_empty() {
            let read = self.read_heads(merchant, Some(&changed)).await?;
            let heads = Arc::make_mut(&mut list);
            heads.retain(|head| !changed.contains(&head.id));
            heads.extend(read);
            // Nearly in order: fast.
            heads.sort_by_key(|head| Reverse((head.created_at, head.id)));
        }
        Ok(list)
    }

    async fn read_heads(&self, merchant: Uuid, only: Option<&BTreeSet<Uuid>>) -> Result<Vec<Arc<Head>>> {
        let mut found = channels::owned_by(merchant).filter(channels::Column::ArchivedAt.is_null());
        if let Some(only) = only {
            found = found.filter(channels::Column::Id.is_in(only.iter().copied()));
        }
        let found = found.order_by_desc(channels::Column::CreatedAt).order_by_desc(channels::Column::Id);
        let rows = found.all(self.db.read()).await?;
        rows.into_iter().map(|row| self.head_of(row).map(Arc::new)).collect()
    }

    fn head_of(&self, row: channels::Model) -> Result<Head> {
        let damaged = || Error::Internal("channels".into());
        let (provider, module) = self.module_of(&row.module)?;
        Ok(Head {
            id: row.id,
            store: row.store_id,
            mode: Mode::parse(&row.mode).ok_or_else(damaged)?,
            status: Status::parse(&row.status).ok_or_else(damaged)?,
            purpose: Purpose::parse(&row.purpose).ok_or_else(damaged)?,
            provider,
            module,
            text: format!("{}\n{}", row.name_key, comparison_key(&row.mid)).into(),
            name: row.name.into(),
            mid: row.mid.into(),
            created_at: row.created_at,
        })
    }
}
