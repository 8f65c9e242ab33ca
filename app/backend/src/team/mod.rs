//! People of a merchant: who they are, inviting them, what they may. There is always an Owner.

mod invitations;
mod members;

use domain::{
    form::{ErrorCode, FormErrors},
    id::StoreId,
    member::{Permission, Role},
    team::Standing,
    trail::{FieldChange, Trace},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _};
use uuid::Uuid;

pub use invitations::Invited;
pub use members::TeamQuery;

use crate::{
    Backend,
    actor::Actor,
    audit::{Action, Entry},
    entity::{members as member_rows, stores},
    error::{Error, Result},
};

impl Backend {
    /// Whether the actor may now, within a transaction that has the merchant's turn: whoever lost the role while waiting
    /// for it has lost it here too.
    async fn may_now(&self, txn: &impl ConnectionTrait, actor: &Actor, permissions: &[Permission]) -> Result<()> {
        actor.person()?;
        let me = member_rows::present(actor.merchant).filter(member_rows::Column::Id.eq(actor.member)).one(txn).await?;
        let role = me.and_then(|me| Role::parse(&me.role)).ok_or(Error::Unauthenticated)?;
        if permissions.iter().all(|permission| role.may(*permission)) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Notes down a refusal that was found within a transaction, which is over by now; other errors go on as they are.
    async fn noted<T>(&self, result: Result<T>, actor: &Actor, action: Action, target: &str) -> Result<T> {
        if let Err(error @ (Error::Forbidden | Error::ScopeMissing)) = &result {
            let txn = self.db.write().await?;
            self.audit(&txn, Entry::by(actor, action, target).refused(error.code())).await?;
            txn.commit().await?;
        }
        result
    }

    /// The row id of a sub-store of the merchant, for somebody to be limited to.
    async fn limit(&self, txn: &impl ConnectionTrait, merchant: Uuid, store: Option<StoreId>) -> Result<Option<Uuid>> {
        let Some(store) = store else { return Ok(None) };
        let found = stores::owned_by(merchant)
            .filter(stores::Column::Id.eq(store.uuid()))
            .filter(stores::Column::IsPrimary.eq(false))
            .one(txn)
            .await?;
        let found = found.ok_or_else(|| FormErrors::one("store", ErrorCode::NotAChoice))?;
        Ok(Some(found.id))
    }
}

/// What a member is given, for the trail.
fn given(standing: Standing, memo: &str) -> Vec<FieldChange> {
    let begun = |field: &str, value: String| FieldChange::new(field, None, Some(Trace::value(value)));
    let mut changes = vec![begun("role", standing.role.as_str().to_owned())];
    changes.extend(standing.store.map(|store| begun("store", store.to_string())));
    changes.extend((!memo.is_empty()).then(|| begun("memo", memo.to_owned())));
    changes
}

fn role_of(word: &str) -> Result<Role> {
    Role::parse(word).ok_or_else(|| Error::Internal("unknown role".into()))
}
