//! The team: looking at it, changing roles, removing, leaving.

use std::collections::BTreeMap;

use domain::{
    id::{MemberId, StoreId},
    member::{Permission, Role},
    page::Page,
    team::{MemberView, Standing},
    trail::{FieldChange, Trace},
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _,
    sea_query::{Expr, ExprTrait as _, Func},
};
use uuid::Uuid;

use super::role_of;
use crate::{
    Backend,
    actor::Actor,
    audit::{Action, Entry},
    db::containing,
    entity::{drafts, members, sessions, stores},
    error::{Error, Result},
    paging::{PAGE, page_of},
    time_ms,
};

/// What the list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TeamQuery {
    /// In address and memo.
    pub search: String,
    /// From 1; anything below is the first page.
    pub page: u64,
}

impl Backend {
    /// The members, who joined first on top.
    pub async fn team(&self, actor: &Actor, query: TeamQuery) -> Result<Page<MemberView>> {
        actor.require(Permission::ViewChannels)?;
        let mut found = members::present(actor.merchant);
        let search: String = query.search.chars().filter(|c| !c.is_control()).collect();
        if !search.trim().is_empty() {
            let search = search.trim().to_lowercase();
            found = found.filter(
                Condition::any()
                    .add(members::Column::EmailKey.like(containing(&search)))
                    .add(Expr::expr(Func::lower(Expr::col(members::Column::Memo))).like(containing(&search))),
            );
        }
        let found = found.order_by_asc(members::Column::CreatedAt).order_by_asc(members::Column::Id);
        let page = page_of(&self.db, found, query.page, PAGE).await?;
        let names = self.store_names(actor.merchant, page.items.iter().filter_map(|row| row.store_id)).await?;
        page.try_map(|row| {
            Ok(MemberView {
                id: MemberId::new(row.id),
                role: role_of(&row.role)?,
                email: row.email,
                memo: row.memo,
                store: named(&names, row.store_id),
                joined_at: row.created_at,
                is_me: row.id == actor.member,
            })
        })
    }

    /// The names of sub-stores that lines of a list mention.
    pub(super) async fn store_names(
        &self,
        merchant: Uuid,
        ids: impl Iterator<Item = Uuid>,
    ) -> Result<BTreeMap<Uuid, String>> {
        let ids: Vec<Uuid> = ids.collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows = stores::owned_by(merchant).filter(stores::Column::Id.is_in(ids)).all(self.db.read()).await?;
        Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
    }

    /// 권한 변경. It takes the right to take away the old role and to give the new one.
    pub async fn change_role(&self, actor: &Actor, member: MemberId, standing: Standing) -> Result<()> {
        let target = self.address_of(actor, member).await?;
        let changed = self.try_change_role(actor, member, standing).await;
        self.noted(changed, actor, Action::RoleChanged, &target).await
    }

    async fn try_change_role(&self, actor: &Actor, member: MemberId, standing: Standing) -> Result<()> {
        let txn = self.db.write().await?;
        self.await_turn(&txn, actor.merchant).await?;
        let row = self.present_member(&txn, actor, member).await?;
        let (old, new) = (role_of(&row.role)?, standing.role);
        self.may_now(&txn, actor, &[Permission::to_grant(old), Permission::to_grant(new)]).await?;
        let store = self.limit(&txn, actor.merchant, standing.store).await?;
        if new != Role::Owner {
            self.keep_an_owner(&txn, &row).await?;
        }
        members::Entity::update_many()
            .col_expr(members::Column::Role, Expr::value(new.as_str()))
            .col_expr(members::Column::StoreId, Expr::value(store))
            .filter(members::Column::Id.eq(row.id))
            .exec(&txn)
            .await?;
        if gains(old, new) || row.store_id.is_some() && row.store_id != store {
            // Whoever knew a session from before gets none of it: it is logged in to anew. What is being typed is kept.
            sessions::Entity::delete_many().filter(sessions::Column::MemberId.eq(row.id)).exec(&txn).await?;
        }
        let trace = |id: Option<Uuid>| id.map(|id| Trace::value(StoreId::new(id).to_string()));
        let store = (row.store_id != store).then(|| FieldChange::new("store", trace(row.store_id), trace(store)));
        let changes = FieldChange::of_value("role", old.as_str(), new.as_str()).into_iter().chain(store).collect();
        self.audit(&txn, Entry::by(actor, Action::RoleChanged, &row.email).changing(changes)).await?;
        txn.commit().await
    }

    /// Removes a member: every session ends at once, the address is free for another account, the row stays since the
    /// history names it.
    pub async fn remove_member(&self, actor: &Actor, member: MemberId) -> Result<()> {
        if member.uuid() == actor.member {
            return self.leave(actor).await;
        }
        let target = self.address_of(actor, member).await?;
        let removed = self.try_remove(actor, member).await;
        self.noted(removed, actor, Action::MemberRemoved, &target).await
    }

    async fn try_remove(&self, actor: &Actor, member: MemberId) -> Result<()> {
        let txn = self.db.write().await?;
        self.await_turn(&txn, actor.merchant).await?;
        let row = self.present_member(&txn, actor, member).await?;
        self.may_now(&txn, actor, &[Permission::to_grant(role_of(&row.role)?)]).await?;
        self.take_out(&txn, &row).await?;
        self.audit(&txn, Entry::by(actor, Action::MemberRemoved, &row.email).changing(gone(&row))).await?;
        txn.commit().await
    }

    /// A member goes of their own accord. The last Owner cannot.
    pub async fn leave(&self, actor: &Actor) -> Result<()> {
        actor.person()?;
        let txn = self.db.write().await?;
        self.await_turn(&txn, actor.merchant).await?;
        let row = self.present_member(&txn, actor, MemberId::new(actor.member)).await?;
        self.take_out(&txn, &row).await?;
        self.audit(&txn, Entry::by(actor, Action::MemberLeft, &row.email).changing(gone(&row))).await?;
        txn.commit().await
    }

    async fn take_out(&self, txn: &impl ConnectionTrait, row: &members::Model) -> Result<()> {
        use members::Column;
        self.keep_an_owner(txn, row).await?;
        members::Entity::update_many()
            .col_expr(Column::RemovedAt, Expr::value(time_ms(self.clock.now())))
            // No address: the member's own is free for a new account.
            .col_expr(Column::EmailKey, Expr::value(format!("removed {}", row.id)))
            .col_expr(Column::PasswordHash, Expr::value(""))
            .col_expr(Column::SessionEpoch, Expr::col(Column::SessionEpoch).add(1))
            .filter(Column::Id.eq(row.id))
            .exec(txn)
            .await?;
        self.end_sessions(txn, row.id).await?;
        self.forget_links(txn, row.id).await?;
        drafts::Entity::delete_many().filter(drafts::Column::MemberId.eq(row.id)).exec(txn).await?;
        Ok(())
    }

    /// Refuses what would leave the merchant without an Owner. The transaction has the merchant's turn, so nobody else
    /// takes one away at the same time.
    async fn keep_an_owner(&self, txn: &impl ConnectionTrait, row: &members::Model) -> Result<()> {
        if row.role != Role::Owner.as_str() {
            return Ok(());
        }
        let others = members::present(row.merchant_id)
            .filter(members::Column::Role.eq(Role::Owner.as_str()))
            .filter(members::Column::Id.ne(row.id))
            .count(txn)
            .await?;
        if others == 0 { Err(Error::LastOwner) } else { Ok(()) }
    }

    async fn present_member(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        member: MemberId,
    ) -> Result<members::Model> {
        let row = members::present(actor.merchant).filter(members::Column::Id.eq(member.uuid())).one(db).await?;
        row.ok_or(Error::NotFound)
    }

    async fn address_of(&self, actor: &Actor, member: MemberId) -> Result<String> {
        Ok(self.present_member(self.db.read(), actor, member).await?.email)
    }
}

pub(super) fn named(names: &BTreeMap<Uuid, String>, store: Option<Uuid>) -> Option<(StoreId, String)> {
    let store = store?;
    Some((StoreId::new(store), names.get(&store).cloned().unwrap_or_default()))
}

fn gone(row: &members::Model) -> Vec<FieldChange> {
    vec![FieldChange::new("role", Some(Trace::value(&row.role)), None)]
}

/// Whether there is something that the new role may do and the old one may not.
fn gains(old: Role, new: Role) -> bool {
    Permission::ALL.into_iter().any(|permission| new.may(permission) && !old.may(permission))
}
