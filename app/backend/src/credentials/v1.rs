//! The V1 REST API Secret: shown again to who proves the password, re-issued at once for all.

use domain::{
    api_secret::V1Keys,
    member::Permission,
    secret::{Secret, Typed},
    trail::{FieldChange, Trace},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use uuid::Uuid;

use super::Shown;
use crate::{
    Backend,
    actor::Actor,
    audit::{Action, Entry},
    entity::{merchants, rest_api_keys},
    error::{Error, Result},
    payment_core::EventKind,
    time_ms,
    vault::Place,
};

/// Characters of a REST API Secret.
pub(crate) const V1_SECRET: usize = 80;

/// Where the secret of a generation lies: one of an older generation does not open as today's.
pub(crate) const fn v1_secret_place(merchant: Uuid, generation: i64) -> Place<'static> {
    Place { kind: "v1-secret", owner: merchant, object: merchant, version: generation }
}

/// REST API Key and Secret, at the moment they are shown.
#[derive(Debug)]
pub struct Reissued {
    pub key: String,
    pub secret: Secret,
}

impl Backend {
    /// What may be shown without a password.
    pub async fn v1_keys(&self, actor: &Actor) -> Result<V1Keys> {
        actor.require(Permission::ViewKeys)?;
        let merchant = merchants::Entity::find_by_id(actor.merchant).one(self.db.read()).await?;
        let merchant = merchant.ok_or(Error::NotFound)?;
        let row = self.v1_row(self.db.read(), actor.merchant).await?;
        Ok(V1Keys {
            imp_code: merchant.imp_code.parse().map_err(|_| Error::Internal("stored imp code".into()))?,
            key: row.key,
            issued_at: row.issued_at,
            last_used_at: row.last_used_at,
        })
    }

    pub async fn show_v1_secret(&self, actor: &Actor, request_key: &str, password: &Typed) -> Result<Shown<Reissued>> {
        let action = Action::V1SecretShown;
        self.require(actor, Permission::IssueCredentials, action, "").await?;
        let request = self.showing(actor, "v1_secret.show", request_key, &[])?;
        if self.answered(self.db.read(), &request).await?.is_some() {
            return Ok(Shown::Before);
        }
        self.confirm_password(actor, password, action, "").await?;
        let txn = self.db.write().await?;
        self.await_turn(&txn, actor.merchant).await?;
        if self.answered(&txn, &request).await?.is_some() {
            return Ok(Shown::Before);
        }
        let row = self.v1_row(&txn, actor.merchant).await?;
        let secret = self.vault.open_one(v1_secret_place(actor.merchant, row.generation), &row.sealed_secret)?;
        self.audit(&txn, Entry::by(actor, action, &row.key)).await?;
        self.remember(&txn, &request, "").await?;
        txn.commit().await?;
        Ok(Shown::Once(Reissued { key: row.key, secret }))
    }

    /// The old secret and its access token are dead when this commits.
    pub async fn reissue_v1_secret(
        &self,
        actor: &Actor,
        request_key: &str,
        password: &Typed,
    ) -> Result<Shown<Reissued>> {
        use rest_api_keys::Column;
        let action = Action::V1SecretReissued;
        self.require(actor, Permission::IssueCredentials, action, "").await?;
        let request = self.showing(actor, "v1_secret.reissue", request_key, &[])?;
        if self.answered(self.db.read(), &request).await?.is_some() {
            return Ok(Shown::Before);
        }
        self.confirm_password(actor, password, action, "").await?;
        let store = self.primary_store(actor.merchant).await?;
        let txn = self.db.write().await?;
        self.await_turn(&txn, actor.merchant).await?;
        if self.answered(&txn, &request).await?.is_some() {
            return Ok(Shown::Before);
        }
        let row = self.v1_row(&txn, actor.merchant).await?;
        let generation = row.generation + 1;
        let secret = Secret::new(self.random.alphanumeric(V1_SECRET));
        let sealed = self.vault.seal_one(&*self.random, v1_secret_place(actor.merchant, generation), &secret)?;
        let changed = rest_api_keys::Entity::update_many()
            .col_expr(Column::Generation, Expr::value(generation))
            .col_expr(Column::SealedSecret, Expr::value(sealed))
            .col_expr(Column::IssuedAt, Expr::value(time_ms(self.clock.now())))
            .col_expr(Column::TokenExpiresAt, Expr::value(None::<i64>))
            .filter(Column::MerchantId.eq(actor.merchant))
            .filter(Column::Generation.eq(row.generation))
            .exec(&txn)
            .await?;
        if changed.rows_affected != 1 {
            return Err(Error::Stale);
        }
        let set = Some(Trace::Secret { fingerprint: None });
        let entry = Entry::by(actor, action, &row.key).changing(vec![FieldChange::new("secret", set.clone(), set)]);
        self.audit(&txn, entry).await?;
        self.remember(&txn, &request, "").await?;
        self.announce_credential(&txn, EventKind::V1SecretReissued, actor.merchant, store, &row.key).await?;
        txn.commit().await?;
        Ok(Shown::Once(Reissued { key: row.key, secret }))
    }

    async fn v1_row(&self, db: &impl ConnectionTrait, merchant: Uuid) -> Result<rest_api_keys::Model> {
        rest_api_keys::Entity::find_by_id(merchant).one(db).await?.ok_or(Error::NotFound)
    }
}
