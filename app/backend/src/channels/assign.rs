//! Giving a channel to a store.

use domain::{channel::view::VersionReason, id::ChannelKey, id::StoreId, trail::FieldChange};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, sea_query::Expr,
};

use super::row::next_version;
use crate::{
    Backend,
    actor::Actor,
    audit::{Action, Entry},
    entity::{channel_versions, channels},
    error::{Error, Result},
    payment_core::EventKind,
    time_ms,
};

impl Backend {
    /// Gives a channel to a store of the merchant, by its id as it was typed or chosen.
    pub async fn assign_channel(&self, actor: &Actor, key: ChannelKey, store: &str) -> Result<()> {
        let target = key.to_string();
        let edit = self.permission_to_edit(actor, key).await?;
        self.require(actor, edit, Action::ChannelAssigned, &target).await?;
        let store = self.store_named(actor, store).await?;
        let txn = self.db.write().await?;
        let (head, current) = self.head(&txn, actor, key).await?;
        if head.archived_at.is_some() {
            return Err(Error::NotFound);
        }
        if head.store_id == store {
            return Err(Error::WrongStatus);
        }
        let (version, now) = (head.current_version + 1, time_ms(self.clock.now()));
        let moved = channels::Entity::update_many()
            .col_expr(channels::Column::StoreId, Expr::value(store))
            .col_expr(channels::Column::CurrentVersion, Expr::value(version))
            .col_expr(channels::Column::UpdatedAt, Expr::value(now))
            .filter(channels::Column::Id.eq(head.id))
            .filter(channels::Column::MerchantId.eq(actor.merchant))
            .filter(channels::Column::CurrentVersion.eq(head.current_version))
            .exec(&txn)
            .await?;
        if moved.rows_affected != 1 {
            return Err(Error::Stale);
        }
        let next = next_version(&head, current, actor, (VersionReason::Assigned, now));
        let row = channel_versions::Model { store_id: store, ..next };
        row.into_active_model().reset_all().insert(&txn).await?;
        let (before, after) = (StoreId::new(head.store_id).to_string(), StoreId::new(store).to_string());
        let changed = FieldChange::of_value("store", &before, &after);
        let entry = Entry::by(actor, Action::ChannelAssigned, &target).changing(changed.into_iter().collect());
        self.audit(&txn, entry).await?;
        self.announce(&txn, EventKind::ChannelAssigned, actor.merchant, store, head.id, version).await?;
        txn.commit().await
    }
}
