//! Looking at API secrets: never the secret.

use std::collections::BTreeMap;

use domain::{
    api_secret::{ApiSecretView, EXPIRING, LATELY, SecretState},
    id::StoreId,
    member::Permission,
    page::Page,
};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use super::scopes_of;
use crate::{
    Backend,
    actor::{Actor, Reach},
    entity::{api_secrets, members, stores},
    error::Result,
    paging::{PAGE, page_of},
    time_ms, time_of,
};

/// The names of people and stores, by id.
struct Names {
    people: BTreeMap<Uuid, String>,
    stores: BTreeMap<Uuid, String>,
}

impl Backend {
    /// The secrets of the merchant, the newest first. `page` is from 1.
    pub async fn list_api_secrets(&self, actor: &Actor, page: u64) -> Result<Page<ApiSecretView>> {
        actor.require(Permission::ViewKeys)?;
        let mut found = api_secrets::owned_by(actor.merchant);
        if let Reach::Store(store) = actor.reach {
            found = found.filter(api_secrets::Column::StoreId.eq(store));
        }
        let found = found.order_by_desc(api_secrets::Column::CreatedAt).order_by_desc(api_secrets::Column::Kid);
        let page = page_of(&self.db, found, page, PAGE).await?;
        let names = self.names_for(actor, &page.items).await?;
        Ok(page.map(|row| self.view(&row, &names)))
    }

    pub async fn api_secret(&self, actor: &Actor, kid: &str) -> Result<ApiSecretView> {
        actor.require(Permission::ViewKeys)?;
        let row = self.own_secret(self.db.read(), actor, kid).await?;
        let names = self.names_for(actor, std::slice::from_ref(&row)).await?;
        Ok(self.view(&row, &names))
    }

    async fn names_for(&self, actor: &Actor, rows: &[api_secrets::Model]) -> Result<Names> {
        let people = members::owned_by(actor.merchant)
            .filter(members::Column::Id.is_in(rows.iter().map(|row| row.created_by)))
            .all(self.db.read())
            .await?;
        let shops = stores::owned_by(actor.merchant)
            .filter(stores::Column::Id.is_in(rows.iter().map(|row| row.store_id)))
            .all(self.db.read())
            .await?;
        Ok(Names {
            people: people.into_iter().map(|member| (member.id, member.email)).collect(),
            stores: shops.into_iter().map(|store| (store.id, store.name)).collect(),
        })
    }

    fn view(&self, row: &api_secrets::Model, names: &Names) -> ApiSecretView {
        let now = self.clock.now();
        let used_lately = row.last_used_at.is_some_and(|at| time_of(at) + LATELY > now);
        ApiSecretView {
            kid: row.kid.clone(),
            name: row.name.clone(),
            scopes: scopes_of(row),
            store_id: StoreId::new(row.store_id),
            store_name: names.stores.get(&row.store_id).cloned().unwrap_or_default(),
            state: state(row, time_ms(now), time_ms(now + EXPIRING)),
            is_live: row.is_live(time_ms(now)),
            created_at: row.created_at,
            created_by: names.people.get(&row.created_by).cloned().unwrap_or_default(),
            ends_at: row.ends_at(),
            last_used_at: row.last_used_at,
            used_lately,
        }
    }
}

fn state(row: &api_secrets::Model, now: i64, soon: i64) -> SecretState {
    if row.revoked_at.is_some() {
        SecretState::Revoked
    } else if row.successor.is_some() {
        SecretState::Rolled
    } else if row.is_over(now) {
        SecretState::Expired
    } else if row.is_over(soon) {
        SecretState::Expiring
    } else {
        SecretState::Active
    }
}
