//! What was read for payment cores before, kept as long as it is true.
//!
//! Nothing that is answered may be older than its question, and the database may be changed by others (the command line,
//! another console): so before anything kept is used, the database is asked how far the feed is and how many tokens were
//! revoked. One such question serves everybody who waits at that moment ([`Fresh::catch_up`]); what the feed names since
//! the last one is forgotten. Versions never change, so what remains is as good as read anew. SQLite need not be asked
//! while its log shows that nothing was committed ([`Db::glance`]).
//!
//! Decrypted secrets are among what is kept: they are wiped when they are pushed out, and their number is bounded.

use std::{
    collections::HashMap,
    num::NonZeroUsize,
    sync::{Arc, Mutex},
};

use domain::{
    channel::{Mode, Purpose},
    id::{ImpCode, StoreId},
    resolve::{Narrow, Within},
};
use lru::LruCache;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QueryResult,
    QuerySelect as _, Statement,
};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::{CoreCaller, CoreChannel};
use crate::{
    Backend,
    db::{Db, Glance},
    entity::{channels, config_events, merchants, stores},
    error::{Error, Result},
    held::held,
    together::Together,
};

/// Channels kept, some 2 kB each; tokens, merchants and answered questions beside them are small.
const KEPT: NonZeroUsize = NonZeroUsize::new(16_384).expect("more than none");
const TOKENS: NonZeroUsize = NonZeroUsize::new(256).expect("more than none");
/// After so many events at once, everything is forgotten.
const EVENTS: u64 = 1_000;
/// So many merchants are remembered to have changed something.
const CHANGED: usize = 100_000;

/// A moment to which everything kept is true. Reading by it is right for whoever asked before it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// The last event then.
    seq: i64,
    /// How many tokens were revoked then.
    revoked: i64,
}

impl Moment {
    /// The last event then.
    pub(crate) const fn seq(self) -> i64 {
        self.seq
    }
}

/// A channel at its current version, with its head.
#[derive(Debug)]
pub(super) struct KeptChannel {
    pub head: channels::Model,
    pub channel: Arc<CoreChannel>,
}

/// A question of V1 that has one answer until something of the merchant changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    merchant: Uuid,
    pg: String,
    purpose: Option<Purpose>,
    mode: Option<Mode>,
    store: Option<StoreId>,
}

impl Asked {
    pub fn new(merchant: Uuid, pg: &str, narrow: &Narrow) -> Self {
        let store = match narrow.within {
            Within::Merchant => None,
            Within::Store(store) => Some(store),
        };
        Self { merchant, pg: pg.to_owned(), purpose: narrow.purpose, mode: narrow.mode, store }
    }
}

/// The channel that was meant, how many fitted, and the event up to which that is known.
#[derive(Debug, Clone, Copy)]
struct Answered {
    channel: Uuid,
    matches: usize,
    as_of: i64,
}

#[derive(Debug, Default)]
pub(crate) struct Fresh {
    moments: Arc<Together<(), Moment>>,
    kept: Mutex<Kept>,
}

#[derive(Debug)]
struct Kept {
    known: Moment,
    /// What the database looked like just before `known` was asked for.
    seen: Option<Glance>,
    tokens: LruCache<String, ([u8; 32], CoreCaller)>,
    channels: LruCache<Uuid, Arc<KeptChannel>>,
    answers: LruCache<Asked, Answered>,
    /// The last event of each merchant since the console started.
    changed: HashMap<Uuid, i64>,
    // A merchant's 고객사 식별코드, and whose a store is and whether it is the primary one: for ever the same.
    imp_codes: LruCache<Uuid, ImpCode>,
    merchants: LruCache<ImpCode, Uuid>,
    stores: LruCache<StoreId, (Uuid, bool)>,
    primary_stores: LruCache<Uuid, Uuid>,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            known: Moment { seq: 0, revoked: 0 },
            seen: None,
            tokens: LruCache::new(TOKENS),
            channels: LruCache::new(KEPT),
            answers: LruCache::new(KEPT),
            changed: HashMap::new(),
            imp_codes: LruCache::new(KEPT),
            merchants: LruCache::new(KEPT),
            stores: LruCache::new(KEPT),
            primary_stores: LruCache::new(KEPT),
        }
    }
}

impl Kept {
    fn forget_everything(&mut self) {
        self.channels.clear();
        self.answers.clear();
        self.changed.clear();
    }
}

/// How far the database is, and one of the events that have no number yet.
struct Told {
    seq: i64,
    revoked: i64,
    merchant: Option<Uuid>,
    channel: Option<Uuid>,
}

impl Told {
    fn of(row: &QueryResult) -> Result<Self, DbErr> {
        Ok(Self {
            seq: row.try_get_by_index(0)?,
            revoked: row.try_get_by_index(1)?,
            merchant: row.try_get_by_index(2)?,
            channel: row.try_get_by_index(3)?,
        })
    }
}

impl Fresh {
    /// Returns when everything that was committed before the call is known.
    async fn moment(self: &Arc<Self>, db: &Db) -> Result<Moment> {
        if let Some(now) = db.glance() {
            let kept = held(&self.kept);
            if kept.seen == Some(now) {
                return Ok(kept.known);
            }
        }
        let (fresh, db) = (Arc::clone(self), db.clone());
        let ask = move |everybody: Vec<()>| {
            let (fresh, db) = (Arc::clone(&fresh), db.clone());
            async move { Ok(vec![fresh.catch_up(&db).await?; everybody.len()]) }
        };
        self.moments.ask((), ask).await
    }

    /// The primary store of a merchant.
    pub(crate) fn primary_store(&self, merchant: Uuid) -> Option<Uuid> {
        held(&self.kept).primary_stores.get(&merchant).copied()
    }

    pub(crate) fn keep_primary_store(&self, merchant: Uuid, store: Uuid) {
        held(&self.kept).primary_stores.put(merchant, store);
    }

    /// Asks the database how far it is, and forgets what has changed since it was asked last.
    async fn catch_up(&self, db: &Db) -> Result<Moment> {
        let seen = db.glance();
        // As text without a LIMIT: SQLite would prepare a statement with a bound one anew each time. What is committed and
        // has no number yet is told in the same moment: it will have a later one.
        let sql = "SELECT h.seq, (SELECT COUNT(*) FROM core_tokens WHERE revoked_at IS NOT NULL), u.merchant_id, u.channel_id \
            FROM feed_heads h LEFT JOIN unnumbered_events u ON TRUE WHERE h.id = 1";
        let told = db.read().query_all_raw(Statement::from_string(db.read().get_database_backend(), sql)).await?;
        let told = told.iter().map(Told::of).collect::<Result<Vec<Told>, DbErr>>()?;
        let &Told { seq, revoked, .. } = told.first().ok_or_else(|| Error::Internal("the feed has no head".into()))?;
        let known = {
            let mut kept = held(&self.kept);
            if kept.known.revoked != revoked {
                kept.tokens.clear();
                kept.known.revoked = revoked;
            }
            kept.known.seq
        };
        if known != seq {
            let events: Vec<(Uuid, Option<Uuid>)> = config_events::Entity::find()
                .select_only()
                .column(config_events::Column::MerchantId)
                .column(config_events::Column::ChannelId)
                .filter(config_events::Column::Seq.gt(known))
                .filter(config_events::Column::Seq.lte(seq))
                .order_by_asc(config_events::Column::Seq)
                .limit(EVENTS)
                .into_tuple()
                .all(db.read())
                .await?;
            let is_whole = usize::try_from(seq - known).is_ok_and(|count| count == events.len());
            let mut kept = held(&self.kept);
            if !is_whole || kept.changed.len() > CHANGED {
                kept.forget_everything();
            }
            for (merchant, channel) in events {
                kept.changed.insert(merchant, seq);
                channel.and_then(|channel| kept.channels.pop(&channel));
            }
            kept.known.seq = seq;
        }
        let mut kept = held(&self.kept);
        for (merchant, channel) in told.iter().filter_map(|told| Some((told.merchant?, told.channel))) {
            kept.changed.insert(merchant, seq + 1);
            channel.and_then(|channel| kept.channels.pop(&channel));
        }
        kept.seen = seen;
        Ok(Moment { seq, revoked })
    }
}

impl Backend {
    /// Returns when everything that was committed before the call is known; what is kept may then be used.
    pub(crate) async fn moment(&self) -> Result<Moment> {
        self.fresh.moment(&self.db).await
    }

    pub(super) fn kept_token(&self, kid: &str, token: &str) -> Option<CoreCaller> {
        let mut kept = held(&self.fresh.kept);
        let (hash, caller) = kept.tokens.get(kid)?;
        bool::from(hash.ct_eq(&hashed(token))).then(|| caller.clone())
    }

    /// Keeps a caller that was read after `moment`, unless a token was revoked since: it may be this one.
    pub(super) fn keep_token(&self, moment: Moment, token: &str, caller: &CoreCaller) {
        let mut kept = held(&self.fresh.kept);
        if kept.known.revoked == moment.revoked {
            kept.tokens.put(caller.kid.to_string(), (hashed(token), caller.clone()));
        }
    }

    pub(super) fn kept_channel(&self, id: Uuid) -> Option<Arc<KeptChannel>> {
        held(&self.fresh.kept).channels.get(&id).cloned()
    }

    /// Keeps a channel that was read after `moment`, unless something has changed since: then it may be older.
    pub(super) fn keep_channel(&self, moment: Moment, channel: &Arc<KeptChannel>) {
        let mut kept = held(&self.fresh.kept);
        if kept.known.seq == moment.seq {
            kept.channels.put(channel.head.id, Arc::clone(channel));
        }
    }

    pub(super) fn kept_answer(&self, asked: &Asked) -> Option<(Uuid, usize)> {
        let mut kept = held(&self.fresh.kept);
        let answered = *kept.answers.get(asked)?;
        let changed = kept.changed.get(&asked.merchant).copied().unwrap_or(i64::MIN);
        (changed <= answered.as_of).then_some((answered.channel, answered.matches))
    }

    pub(super) fn keep_answer(&self, moment: Moment, asked: Asked, channel: Uuid, matches: usize) {
        let mut kept = held(&self.fresh.kept);
        if kept.known.seq == moment.seq {
            kept.answers.put(asked, Answered { channel, matches, as_of: moment.seq });
        }
    }

    /// The merchant of a 고객사 식별코드.
    pub(super) async fn merchant_of(&self, imp_code: &ImpCode) -> Result<Option<Uuid>> {
        if let Some(id) = held(&self.fresh.kept).merchants.get(imp_code).copied() {
            return Ok(Some(id));
        }
        let row = merchants::Entity::find().filter(merchants::Column::ImpCode.eq(imp_code.as_str()));
        let Some(row) = row.one(self.db.read()).await? else { return Ok(None) };
        held(&self.fresh.kept).merchants.put(imp_code.clone(), row.id);
        Ok(Some(row.id))
    }

    /// The 고객사 식별코드 of a merchant.
    pub(crate) async fn imp_code(&self, merchant: Uuid) -> Result<ImpCode> {
        if let Some(code) = held(&self.fresh.kept).imp_codes.get(&merchant).cloned() {
            return Ok(code);
        }
        let code = self.imp_codes([merchant]).await?.remove(&merchant).ok_or(Error::NotFound)?;
        held(&self.fresh.kept).imp_codes.put(merchant, code.clone());
        Ok(code)
    }

    /// Whose a store is, and whether it is the primary one.
    pub(crate) async fn store_owner(&self, store: StoreId) -> Result<Option<(Uuid, bool)>> {
        if let Some(known) = held(&self.fresh.kept).stores.get(&store).copied() {
            return Ok(Some(known));
        }
        let Some(row) = stores::Entity::find_by_id(store.uuid()).one(self.db.read()).await? else { return Ok(None) };
        held(&self.fresh.kept).stores.put(store, (row.merchant_id, row.is_primary));
        Ok(Some((row.merchant_id, row.is_primary)))
    }
}

fn hashed(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
