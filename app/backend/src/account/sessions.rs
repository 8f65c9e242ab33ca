//! Where a member is logged in.

use domain::own_account::SessionView;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _},
};

use crate::{
    Backend,
    actor::Actor,
    audit::{Action, Entry},
    entity::{members, sessions},
    error::{Error, Result},
    hex, time_ms,
};

/// More are not listed; they end after half an hour without a request anyway.
const LISTED: u64 = 100;

impl Backend {
    /// The member's sessions, the latest used first. `current` is the handle of the one that asks.
    pub async fn my_sessions(&self, actor: &Actor, current: &str) -> Result<Vec<SessionView>> {
        actor.person()?;
        let rows = sessions::Entity::find()
            .filter(sessions::Column::MemberId.eq(actor.member))
            .filter(sessions::Column::ExpiresAt.gt(time_ms(self.clock.now())))
            .order_by_desc(sessions::Column::SeenAt)
            .order_by_asc(sessions::Column::IdHash)
            .limit(LISTED)
            .all(self.db.read())
            .await?;
        let view = |row: sessions::Model| {
            let handle = hex(&row.id_hash);
            SessionView {
                is_current: handle == current,
                handle,
                device: row.device,
                address: row.address,
                created_at: row.created_at,
                seen_at: row.seen_at,
            }
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Ends one session of the member's; another member's is not found.
    pub async fn end_session(&self, actor: &Actor, handle: &str) -> Result<()> {
        let (_, email) = actor.person()?;
        let hash = bytes_of(handle).ok_or(Error::NotFound)?;
        let txn = self.db.write().await?;
        let ended = sessions::Entity::delete_many()
            .filter(sessions::Column::IdHash.eq(hash))
            .filter(sessions::Column::MemberId.eq(actor.member))
            .exec(&txn)
            .await?;
        if ended.rows_affected != 1 {
            return Err(Error::NotFound);
        }
        self.audit(&txn, Entry::by(actor, Action::SessionEnded, email)).await?;
        txn.commit().await
    }

    /// Ends every session of the member, this one too.
    pub async fn sign_out_everywhere(&self, actor: &Actor) -> Result<()> {
        let (_, email) = actor.person()?;
        let txn = self.db.write().await?;
        members::Entity::update_many()
            .col_expr(members::Column::SessionEpoch, Expr::col(members::Column::SessionEpoch).add(1))
            .filter(members::Column::Id.eq(actor.member))
            .exec(&txn)
            .await?;
        self.end_sessions(&txn, actor.member).await?;
        self.audit(&txn, Entry::by(actor, Action::SignedOutEverywhere, email)).await?;
        txn.commit().await
    }
}

fn bytes_of(handle: &str) -> Option<Vec<u8>> {
    let is_hex = handle.len() == 64 && handle.bytes().all(|b| b.is_ascii_hexdigit());
    let pairs = (0..handle.len()).step_by(2).filter(|_| is_hex);
    let bytes: Vec<u8> = pairs.filter_map(|i| u8::from_str_radix(handle.get(i..i + 2)?, 16).ok()).collect();
    (bytes.len() == 32).then_some(bytes)
}
