//! Writing the change feed of the payment core: every change of a channel, store or credential, numbered in commit order.

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryTrait as _,
    sea_query::{Expr, ExprTrait as _},
};
use uuid::Uuid;

use crate::{
    Backend,
    db::Write,
    entity::{config_events, feed_heads},
    error::{Error, Result},
    time_ms,
};

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $word:literal),+ $(,)?) => {
        /// What happened to a channel, a store or a credential.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum EventKind { $($(#[$doc])* $kind),+ }

        impl EventKind {
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $word),+ }
            }
        }
    };
}

kinds! {
    ChannelCreated = "CHANNEL_CREATED",
    ChannelChanged = "CHANNEL_CHANGED",
    ChannelPaused = "CHANNEL_PAUSED",
    ChannelResumed = "CHANNEL_RESUMED",
    ChannelArchived = "CHANNEL_ARCHIVED",
    ChannelRestored = "CHANNEL_RESTORED",
    /// Given to another store.
    ChannelAssigned = "CHANNEL_ASSIGNED",
    /// A new sub-store, or the primary store of a new merchant. A new name is nothing that payments are found by.
    StoreAdded = "STORE_ADDED",
    ApiSecretIssued = "API_SECRET_ISSUED",
    /// It has a successor; its time to live was cut.
    ApiSecretRolled = "API_SECRET_ROLLED",
    ApiSecretRevoked = "API_SECRET_REVOKED",
    V1SecretReissued = "V1_SECRET_REISSUED",
}

/// Events that were committed without a number.
const UNNUMBERED: &str = "unnumbered_events";

/// What an event is about, beside a merchant and a store.
enum About<'a> {
    Store,
    Channel {
        id: Uuid,
        version: i64,
    },
    /// By the part of it that is no secret.
    Credential(&'a str),
}

impl Backend {
    /// Writes an event of a channel, after what it tells of: so the events of one channel are in their order.
    pub(crate) async fn announce(
        &self,
        txn: &Write,
        kind: EventKind,
        merchant: Uuid,
        store: Uuid,
        channel: Uuid,
        version: i64,
    ) -> Result<()> {
        self.event(txn, kind, (merchant, store), About::Channel { id: channel, version }).await
    }

    /// Writes an event of a credential, by the part of it that is no secret.
    pub(crate) async fn announce_credential(
        &self,
        txn: &Write,
        kind: EventKind,
        merchant: Uuid,
        store: Uuid,
        credential: &str,
    ) -> Result<()> {
        self.event(txn, kind, (merchant, store), About::Credential(credential)).await
    }

    /// Writes the event of a new store.
    pub(crate) async fn announce_store(&self, txn: &Write, merchant: Uuid, store: Uuid) -> Result<()> {
        self.event(txn, EventKind::StoreAdded, (merchant, store), About::Store).await
    }

    /// Writes an event. With one writer at a time (SQLite) its number comes with it: the one row of `feed_heads` is locked
    /// like everything else until the transaction has ended, so nobody who sees a number can miss a smaller one, and none is
    /// left out. Where many write at once (PostgreSQL) it is numbered after the commit.
    async fn event(
        &self,
        txn: &Write,
        kind: EventKind,
        (merchant, store): (Uuid, Uuid),
        about: About<'_>,
    ) -> Result<()> {
        let (channel_id, version, credential_id) = match about {
            About::Store => (None, None, None),
            About::Channel { id, version } => (Some(id), Some(version), None),
            About::Credential(id) => (None, None, Some(id.to_owned())),
        };
        let mut event = config_events::ActiveModel {
            seq: NotSet,
            at: Set(time_ms(self.clock.now())),
            kind: Set(kind.as_str().to_owned()),
            merchant_id: Set(merchant),
            store_id: Set(Some(store)),
            channel_id: Set(channel_id),
            version: Set(version),
            credential_id: Set(credential_id),
        };
        if !self.db.is_sqlite() {
            let mut insert = config_events::Entity::insert(event);
            // It has the same columns but the number.
            insert.query().into_table(UNNUMBERED);
            insert.exec_without_returning(txn).await?;
            txn.leaves_events();
            return Ok(());
        }
        let advanced = feed_heads::Entity::update_many()
            .col_expr(feed_heads::Column::Seq, Expr::col(feed_heads::Column::Seq).add(1))
            .filter(feed_heads::Column::Id.eq(1))
            .exec_with_returning(txn)
            .await?;
        let head = advanced.into_iter().next().ok_or_else(|| Error::Internal("the feed has no head".into()))?;
        event.seq = Set(head.seq);
        config_events::Entity::insert(event).exec_without_returning(txn).await?;
        txn.will_announce(head.seq);
        Ok(())
    }
}
