//! Revoking a secret: at commit it and everything it gave out are dead.

use domain::{member::Permission, trail::FieldChange};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, sea_query::Expr};

use super::{Notice, well_formed};
use crate::{
    Backend, Language,
    actor::Actor,
    audit::{Action, Entry},
    entity::api_secrets,
    error::Result,
    outbox::MailKind,
    payment_core::EventKind,
    time_ms,
};

impl Backend {
    /// Done already is done: nothing is noted twice.
    pub async fn revoke_api_secret(&self, actor: &Actor, kid: &str, language: Language) -> Result<()> {
        let target = well_formed(kid).unwrap_or_default();
        self.require(actor, Permission::IssueCredentials, Action::ApiSecretRevoked, target).await?;
        let txn = self.db.write().await?;
        self.await_turn(&txn, actor.merchant).await?;
        let row = self.own_secret(&txn, actor, kid).await?;
        let now = time_ms(self.clock.now());
        if !row.is_live(now) {
            return Ok(());
        }
        api_secrets::Entity::update_many()
            .col_expr(api_secrets::Column::RevokedAt, Expr::value(now))
            .filter(api_secrets::Column::Kid.eq(kid))
            .exec(&txn)
            .await?;
        self.let_go_of_name(&txn, kid).await?;
        self.kill_tokens(&txn, kid).await?;
        let changed = FieldChange::of_value("status", "active", "revoked");
        let entry = Entry::by(actor, Action::ApiSecretRevoked, kid).changing(changed.into_iter().collect());
        self.audit(&txn, entry).await?;
        let notice = Notice::of(&row.name, kid, None).by(actor);
        self.tell_owners(&txn, actor.merchant, MailKind::ApiSecretRevoked, language, &notice).await?;
        self.announce_credential(&txn, EventKind::ApiSecretRevoked, actor.merchant, row.store_id, kid).await?;
        txn.commit().await?;
        self.wake_mail_worker();
        Ok(())
    }

    pub(super) async fn let_go_of_name(&self, txn: &impl ConnectionTrait, kid: &str) -> Result<()> {
        api_secrets::Entity::update_many()
            .col_expr(api_secrets::Column::HoldsName, Expr::value(false))
            .filter(api_secrets::Column::Kid.eq(kid))
            .exec(txn)
            .await?;
        Ok(())
    }
}
