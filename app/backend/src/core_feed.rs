//! The change feed of the payment core: every change of a channel or credential, numbered in commit order.

use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::Set,
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    sea_query::{Expr, ExprTrait as _},
};
use uuid::Uuid;

use crate::{
    Backend,
    entity::{config_events, feed_heads},
    error::{Error, Result},
    time_ms,
};

/// What happened to a channel or a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    ChannelCreated,
    ChannelChanged,
    ChannelPaused,
    ChannelResumed,
    ChannelArchived,
    ChannelRestored,
    ApiSecretIssued,
    /// It has a successor; its time to live was cut.
    ApiSecretRolled,
    ApiSecretRevoked,
    V1SecretReissued,
}

impl EventKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChannelCreated => "CHANNEL_CREATED",
            Self::ChannelChanged => "CHANNEL_CHANGED",
            Self::ChannelPaused => "CHANNEL_PAUSED",
            Self::ChannelResumed => "CHANNEL_RESUMED",
            Self::ChannelArchived => "CHANNEL_ARCHIVED",
            Self::ChannelRestored => "CHANNEL_RESTORED",
            Self::ApiSecretIssued => "API_SECRET_ISSUED",
            Self::ApiSecretRolled => "API_SECRET_ROLLED",
            Self::ApiSecretRevoked => "API_SECRET_REVOKED",
            Self::V1SecretReissued => "V1_SECRET_REISSUED",
        }
    }
}

impl Backend {
    /// Writes an event of a channel; must be the last statements of the transaction.
    pub(crate) async fn announce(
        &self,
        txn: &impl ConnectionTrait,
        kind: EventKind,
        merchant: Uuid,
        store: Uuid,
        channel: Uuid,
        version: i64,
    ) -> Result<()> {
        let event = self.event(txn, kind, merchant, store).await?;
        config_events::ActiveModel { channel_id: Set(Some(channel)), version: Set(Some(version)), ..event }
            .insert(txn)
            .await?;
        Ok(())
    }

    /// Writes an event of a credential, by the part of it that is no secret; must be the last statements of the
    /// transaction.
    pub(crate) async fn announce_credential(
        &self,
        txn: &impl ConnectionTrait,
        kind: EventKind,
        merchant: Uuid,
        store: Uuid,
        credential: &str,
    ) -> Result<()> {
        let event = self.event(txn, kind, merchant, store).await?;
        config_events::ActiveModel { credential_id: Set(Some(credential.to_owned())), ..event }.insert(txn).await?;
        Ok(())
    }

    /// The next event, about nothing yet. Numbers come from a row that the transaction then holds until it commits, so a
    /// smaller number is never committed after a larger one, on either database.
    async fn event(
        &self,
        txn: &impl ConnectionTrait,
        kind: EventKind,
        merchant: Uuid,
        store: Uuid,
    ) -> Result<config_events::ActiveModel> {
        feed_heads::Entity::update_many()
            .col_expr(feed_heads::Column::Seq, Expr::col(feed_heads::Column::Seq).add(1))
            .filter(feed_heads::Column::Id.eq(1))
            .exec(txn)
            .await?;
        let head = feed_heads::Entity::find_by_id(1).one(txn).await?;
        let head = head.ok_or_else(|| Error::Internal("the feed has no head".into()))?;
        Ok(config_events::ActiveModel {
            seq: Set(head.seq),
            at: Set(time_ms(self.clock.now())),
            kind: Set(kind.as_str().to_owned()),
            merchant_id: Set(merchant),
            store_id: Set(Some(store)),
            channel_id: Set(None),
            version: Set(None),
            credential_id: Set(None),
        })
    }
}
