//! 상점: sub-stores beside the primary one.

use domain::{
    form::{ErrorCode, FormErrors},
    id::StoreId,
    member::Permission,
    page::Page,
    store::{NewStore, StoreForm, StoreName, StoreView},
    trail::{FieldChange, Trace},
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, SqlErr, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    Backend,
    actor::{Actor, Reach},
    audit::{Action, Entry},
    entity::stores,
    error::{Error, Result},
    limits::require_room,
    paging::{PAGE, page_of},
    time_ms,
};

/// The switcher offers no more; the list in pages has them all.
const CHOICES: u64 = 200;

impl Backend {
    /// The stores within the actor's reach, the primary one first.
    pub async fn list_stores(&self, actor: &Actor, page: u64) -> Result<Page<StoreView>> {
        actor.require(Permission::ViewChannels)?;
        Ok(page_of(&self.db, Self::stores_of(actor), page, PAGE).await?.map(view))
    }

    /// The stores that one may choose from.
    pub async fn store_choices(&self, actor: &Actor) -> Result<Vec<StoreView>> {
        let rows = Self::stores_of(actor).limit(CHOICES).all(self.db.read()).await?;
        Ok(rows.into_iter().map(view).collect())
    }

    fn stores_of(actor: &Actor) -> Select<stores::Entity> {
        let mut found = stores::owned_by(actor.merchant);
        if let Reach::Store(only) = actor.reach {
            found = found.filter(stores::Column::Id.eq(only));
        }
        found
            .order_by_desc(stores::Column::IsPrimary)
            .order_by_asc(stores::Column::CreatedAt)
            .order_by_asc(stores::Column::Id)
    }

    /// 하위 상점 추가.
    pub async fn add_store(&self, actor: &Actor, form: StoreForm) -> Result<StoreId> {
        self.require(actor, Permission::ManageMembers, Action::StoreAdded, "").await?;
        let new = NewStore::try_from(form)?;
        let txn = self.db.write().await?;
        require_room("name", stores::owned_by(actor.merchant).count(&txn).await?, self.caps.stores)?;
        let row = stores::ActiveModel {
            id: Set(self.random.uuid()),
            merchant_id: Set(actor.merchant),
            is_primary: Set(false),
            name: Set(new.name.as_str().to_owned()),
            created_at: Set(time_ms(self.clock.now())),
            tier_code: Set(Some(new.tier_code.as_str().to_owned())),
        };
        let row = row.insert(&txn).await.map_err(|e| match e.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => FormErrors::one("tier_code", ErrorCode::TierTaken).into(),
            _ => Error::from(e),
        })?;
        let id = StoreId::new(row.id);
        let begun = |field: &str, value: &str| FieldChange::new(field, None, Some(Trace::value(value)));
        let changes = vec![begun("name", &row.name), begun("tier_code", new.tier_code.as_str())];
        self.audit(&txn, Entry::by(actor, Action::StoreAdded, &id.to_string()).changing(changes)).await?;
        self.announce_store(&txn, actor.merchant, row.id).await?;
        txn.commit().await?;
        Ok(id)
    }

    /// Gives a sub-store another name; its code stays.
    pub async fn rename_store(&self, actor: &Actor, store: StoreId, name: &str) -> Result<()> {
        let target = store.to_string();
        self.require(actor, Permission::ManageMembers, Action::StoreRenamed, &target).await?;
        let name = StoreName::parse(name).map_err(|code| FormErrors::one("name", code))?;
        let txn = self.db.write().await?;
        let row = self.store_of(&txn, actor, store).await?.filter(|row| !row.is_primary).ok_or(Error::NotFound)?;
        stores::Entity::update_many()
            .col_expr(stores::Column::Name, Expr::value(name.as_str()))
            .filter(stores::Column::Id.eq(row.id))
            .exec(&txn)
            .await?;
        let changes = FieldChange::of_value("name", &row.name, name.as_str()).into_iter().collect();
        self.audit(&txn, Entry::by(actor, Action::StoreRenamed, &target).changing(changes)).await?;
        txn.commit().await
    }

    /// A store of the actor's merchant within its reach.
    pub(crate) async fn store_of(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        store: StoreId,
    ) -> Result<Option<stores::Model>> {
        let found = Self::stores_of(actor).filter(stores::Column::Id.eq(store.uuid()));
        Ok(found.one(db).await?)
    }

    /// The store that a form names; where it names none, the actor's own: the primary one, or the sub-store it is
    /// limited to.
    pub(crate) async fn store_named(&self, actor: &Actor, typed: &str) -> Result<Uuid> {
        if typed.is_empty() {
            return match actor.reach {
                Reach::Merchant => self.primary_store(actor.merchant).await,
                Reach::Store(own) => Ok(own),
            };
        }
        let no_choice = || Error::Form(FormErrors::one("store", ErrorCode::NotAChoice));
        let store: StoreId = typed.parse().map_err(|_| no_choice())?;
        if let Some(row) = self.store_of(self.db.read(), actor, store).await? {
            return Ok(row.id);
        }
        // A server that has another store's secret is told; who is logged in had no such choice.
        let is_ours = stores::owned_by(actor.merchant).filter(stores::Column::Id.eq(store.uuid()));
        let is_forbidden = actor.credential().is_some() && is_ours.count(self.db.read()).await? > 0;
        Err(if is_forbidden { Error::StoreForbidden } else { no_choice() })
    }
}

fn view(row: stores::Model) -> StoreView {
    StoreView {
        id: StoreId::new(row.id),
        name: row.name,
        tier_code: row.tier_code,
        is_primary: row.is_primary,
        created_at: row.created_at,
    }
}
