//! Reading the change feed: what came after a number, waiting for it when nothing has come yet; and cutting its beginning
//! off when it is old.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use domain::{
    credential::CoreScope,
    id::{ChannelKey, ImpCode, StoreId},
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, sea_query::Expr,
};
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use super::CoreCaller;
use crate::{
    Backend,
    entity::{channel_versions, channels, config_events, feed_heads},
    error::{Error, Result},
    time_ms,
};

/// Events of one answer.
const AT_ONCE: u64 = 500;
/// A commit of this process wakes its own readers at once; what another process committed is found by looking this often.
const LOOK: Duration = Duration::from_millis(200);
/// Events are kept this long, and the last ones for ever: a core that was away needs no snapshot.
const KEPT: time::Duration = time::Duration::days(7);
const KEPT_AT_LEAST: i64 = 20_000;
/// Removed in one transaction, so that nobody waits for long.
const CUT_AT_ONCE: i64 = 1_000;

/// One event, as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeEvent {
    pub seq: i64,
    /// UTC milliseconds since 1970.
    pub at: i64,
    pub kind: String,
    pub imp_code: ImpCode,
    pub store_id: Option<StoreId>,
    pub channel_key: Option<ChannelKey>,
    pub version: Option<i64>,
    pub credential_id: Option<String>,
}

/// What came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    pub events: Vec<ChangeEvent>,
    /// What to ask for next; beyond the last event where the ones between are out of the token's reach.
    pub next: i64,
}

/// What a follower is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Followed {
    Changes(Changes),
    /// Events after that number are gone: begin with a snapshot.
    UseSnapshot {
        compacted: i64,
    },
    /// No event ever had that number: the last one is `last`.
    Beyond {
        last: i64,
    },
}

impl Backend {
    /// What came after event number `after`; waits up to `wait` for something to come.
    pub async fn changes(&self, core: &CoreCaller, after: i64, wait: Duration) -> Result<Followed> {
        core.require(CoreScope::ChannelsRead)?;
        let until = Instant::now() + wait;
        let mut after = after;
        let mut stopping = self.stopping.subscribe();
        let mut announced = self.db.announced();
        loop {
            // Before looking: what is committed from here on wakes the wait below.
            announced.mark_unchanged();
            let rows = config_events::Entity::find()
                .filter(config_events::Column::Seq.gt(after))
                .order_by_asc(config_events::Column::Seq)
                .limit(AT_ONCE)
                .all(self.db.read())
                .await?;
            match rows.first() {
                // Numbers have no gaps, so what is missing was cut off.
                Some(first) if first.seq != after + 1 => {
                    return Ok(Followed::UseSnapshot { compacted: first.seq - 1 });
                }
                Some(_) => {}
                None => {
                    let head = self.feed_head().await?;
                    if after > head.seq {
                        return Ok(Followed::Beyond { last: head.seq });
                    }
                    if after < head.compacted {
                        return Ok(Followed::UseSnapshot { compacted: head.compacted });
                    }
                }
            }
            let next = rows.last().map_or(after, |last| last.seq);
            let events = self.told(core, rows).await?;
            if !events.is_empty() {
                return Ok(Followed::Changes(Changes { events, next }));
            }
            if next > after {
                // All of it was out of reach; there may be more.
                after = next;
                continue;
            }
            loop {
                if *stopping.borrow_and_update() || Instant::now() >= until {
                    return Ok(Followed::Changes(Changes { events, next }));
                }
                let look = until.min(Instant::now() + LOOK);
                let woken = timeout_at(look, async {
                    tokio::select! {
                        _ = announced.changed() => true,
                        _ = stopping.changed() => false,
                    }
                });
                if woken.await == Ok(true) || self.feed_head().await?.seq > after {
                    break;
                }
            }
        }
    }

    /// Answers whoever waits for changes now, and lets nobody wait any more: the console is about to stop.
    pub fn stop_waiting(&self) {
        self.stopping.send_replace(true);
    }

    pub(crate) async fn feed_head(&self) -> Result<feed_heads::Model> {
        let head = feed_heads::Entity::find_by_id(1).one(self.db.read()).await?;
        head.ok_or_else(|| Error::Internal("the feed has no head".into()))
    }

    /// The events within a token's reach.
    async fn told(&self, core: &CoreCaller, rows: Vec<config_events::Model>) -> Result<Vec<ChangeEvent>> {
        let rows = if core.is_limited() { self.within_reach(core, rows).await? } else { rows };
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let imp_codes = self.imp_codes(rows.iter().map(|row| row.merchant_id)).await?;
        rows.into_iter()
            .map(|row| {
                let imp_code = imp_codes.get(&row.merchant_id).cloned();
                Ok(ChangeEvent {
                    seq: row.seq,
                    at: row.at,
                    kind: row.kind,
                    imp_code: imp_code.ok_or_else(|| Error::Internal("an event without a merchant".into()))?,
                    store_id: row.store_id.map(StoreId::new),
                    channel_key: row.channel_id.map(ChannelKey::new),
                    version: row.version,
                    credential_id: row.credential_id,
                })
            })
            .collect()
    }

    /// Whoever could read a channel at any of its versions is told of it: one that was given to another store has to be
    /// let go of.
    async fn within_reach(
        &self,
        core: &CoreCaller,
        rows: Vec<config_events::Model>,
    ) -> Result<Vec<config_events::Model>> {
        use channel_versions::Column::{ChannelId, StoreId};
        let rows: Vec<_> = rows.into_iter().filter(|row| core.knows_merchant(row.merchant_id)).collect();
        let ids: BTreeSet<Uuid> = rows.iter().filter_map(|row| row.channel_id).collect();
        let heads = channels::Entity::find().filter(channels::Column::Id.is_in(ids.iter().copied()));
        let heads: BTreeMap<Uuid, channels::Model> =
            heads.all(self.db.read()).await?.into_iter().map(|head| (head.id, head)).collect();
        let stores: Vec<(Uuid, Uuid)> = channel_versions::Entity::find()
            .select_only()
            .columns([ChannelId, StoreId])
            .distinct()
            .filter(ChannelId.is_in(ids))
            .into_tuple()
            .all(self.db.read())
            .await?;
        let could_read = |channel: &Uuid| {
            heads.get(channel).is_some_and(|head| {
                let at = |store: Uuid| core.has(&channels::Model { store_id: store, ..head.clone() });
                stores.iter().filter(|(of, _)| of == channel).any(|(_, store)| at(*store))
            })
        };
        Ok(rows
            .into_iter()
            .filter(|row| match (&row.channel_id, row.store_id) {
                (Some(channel), _) => could_read(channel),
                (None, Some(store)) => core.has_store(row.merchant_id, store),
                (None, None) => true,
            })
            .collect())
    }

    /// Cuts off the beginning of the feed as far as it is old. Followers further back are told to use a snapshot.
    pub(crate) async fn compact_feed(&self) -> Result<()> {
        let old = time_ms(self.clock.now() - KEPT);
        loop {
            let head = self.feed_head().await?;
            let border = (head.compacted + CUT_AT_ONCE).min(head.seq - KEPT_AT_LEAST);
            if border <= head.compacted {
                return Ok(());
            }
            let last = config_events::Entity::find_by_id(border).one(self.db.read()).await?;
            if last.is_none_or(|event| event.at > old) {
                return Ok(());
            }
            self.cut_feed(border).await?;
        }
    }

    /// Removes the events up to `border`.
    pub async fn cut_feed(&self, border: i64) -> Result<()> {
        let txn = self.db.write().await?;
        feed_heads::Entity::update_many()
            .col_expr(feed_heads::Column::Compacted, Expr::value(border))
            .filter(feed_heads::Column::Id.eq(1))
            .filter(feed_heads::Column::Compacted.lt(border))
            .exec(&txn)
            .await?;
        config_events::Entity::delete_many().filter(config_events::Column::Seq.lte(border)).exec(&txn).await?;
        txn.commit().await
    }
}
