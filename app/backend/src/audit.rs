//! Who did what. Each row is bound to the one before by a keyed hash, per merchant, and is written in the transaction of
//! the change itself: no audit row, no action.

use std::net::IpAddr;

use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::Set,
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    sea_query::{Expr, ExprTrait as _},
};
use uuid::Uuid;

use crate::{
    Backend,
    entity::{audit_chains, audit_events},
    error::{Error, Result},
    time_ms,
    vault::MacPurpose,
};

/// What was done; a closed list of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    MerchantCreated,
    LoggedIn,
    LoggedOut,
    ChannelAdded,
    ChannelEdited,
    ChannelPaused,
    ChannelResumed,
    ChannelDeleted,
    ChannelRestored,
}

impl Action {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MerchantCreated => "merchant.created",
            Self::LoggedIn => "member.logged_in",
            Self::LoggedOut => "member.logged_out",
            Self::ChannelAdded => "channel.added",
            Self::ChannelEdited => "channel.edited",
            Self::ChannelPaused => "channel.paused",
            Self::ChannelResumed => "channel.resumed",
            Self::ChannelDeleted => "channel.deleted",
            Self::ChannelRestored => "channel.restored",
        }
    }
}

/// One entry to be written.
#[derive(Debug)]
pub struct Entry<'a> {
    pub merchant: Uuid,
    pub member: Option<Uuid>,
    pub address: IpAddr,
    pub action: Action,
    pub target: &'a str,
    /// Names of what changed, never values.
    pub details: &'a [String],
}

impl Backend {
    /// Appends an entry within the caller's transaction. Updating the chain's head locks it, so entries of one merchant
    /// are numbered without gaps.
    pub(crate) async fn audit(&self, txn: &impl ConnectionTrait, entry: Entry<'_>) -> Result<()> {
        use audit_chains::Column as Chain;
        let advanced = audit_chains::Entity::update_many()
            .col_expr(Chain::Seq, Expr::col(Chain::Seq).add(1))
            .filter(Chain::MerchantId.eq(entry.merchant))
            .exec(txn)
            .await?;
        let (seq, previous) = if advanced.rows_affected == 0 {
            let head =
                audit_chains::ActiveModel { merchant_id: Set(entry.merchant), seq: Set(1), mac: Set(vec![0; 32]) };
            head.insert(txn).await?;
            (1, vec![0; 32])
        } else {
            let head = audit_chains::Entity::find_by_id(entry.merchant).one(txn).await?;
            let head = head.ok_or_else(|| Error::Internal("audit chain without a head".into()))?;
            (head.seq, head.mac)
        };
        let mut row = audit_events::Model {
            merchant_id: entry.merchant,
            seq,
            at: time_ms(self.clock.now()),
            member_id: entry.member,
            address: entry.address.to_string(),
            action: entry.action.as_str().to_owned(),
            target: entry.target.to_owned(),
            details: entry.details.join(","),
            previous_mac: previous,
            key_id: self.vault.active_key_id().to_owned(),
            mac: Vec::new(),
        };
        row.mac = self.audit_mac(&row)?.to_vec();
        audit_chains::Entity::update_many()
            .col_expr(Chain::Mac, Expr::value(row.mac.clone()))
            .filter(Chain::MerchantId.eq(entry.merchant))
            .exec(txn)
            .await?;
        audit_events::ActiveModel::from(row).insert(txn).await?;
        Ok(())
    }

    /// Walks a merchant's chain; the number of the first entry that does not fit, if any.
    pub async fn verify_audit(&self, merchant: Uuid) -> Result<Option<i64>> {
        let head = audit_chains::Entity::find_by_id(merchant).one(self.db.read()).await?;
        let rows = audit_events::owned_by(merchant).order_by_asc(audit_events::Column::Seq).all(self.db.read()).await?;
        let (mut expected_seq, mut previous) = (1, vec![0; 32]);
        // Nothing is complete without a head, except the trail of a merchant that never was.
        let mut complete = head.is_none() && rows.is_empty();
        for row in rows {
            let sound =
                row.seq == expected_seq && row.previous_mac == previous && self.audit_mac(&row)?[..] == row.mac[..];
            if !sound {
                return Ok(Some(expected_seq));
            }
            // The head was read first: rows that were added since come after it.
            complete |= head.as_ref().is_some_and(|head| head.seq == row.seq && head.mac == row.mac);
            expected_seq += 1;
            previous = row.mac;
        }
        Ok(if complete { None } else { Some(expected_seq) })
    }

    fn audit_mac(&self, row: &audit_events::Model) -> Result<[u8; 32]> {
        let member = row.member_id.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
        let parts: [&[u8]; 9] = [
            row.merchant_id.as_bytes(),
            &row.seq.to_be_bytes(),
            &row.at.to_be_bytes(),
            &member,
            row.address.as_bytes(),
            row.action.as_bytes(),
            row.target.as_bytes(),
            row.details.as_bytes(),
            &row.previous_mac,
        ];
        self.vault.mac(&row.key_id, MacPurpose::Audit, &parts)
    }
}
