//! Rolling a secret: a successor, and some time for the servers to change over.

use domain::{
    api_secret::Overlap,
    form::FormErrors,
    member::Permission,
    trail::{FieldChange, Trace},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};

use super::{Issued, Notice, PasswordProof, Shown, issue::Making, mails::day_in_korea, scopes_of, well_formed};
use crate::{
    Backend, Language,
    actor::Actor,
    audit::{Action, Entry},
    entity::api_secrets,
    error::{Error, Result},
    outbox::MailKind,
    payment_core::EventKind,
    time_ms,
};

/// A request to roll a secret.
#[derive(Debug, Clone)]
pub struct Roll {
    /// The id part of the old secret.
    pub kid: String,
    /// Hours that the old one lives on: 0, 1, 24 or 72.
    pub overlap: String,
    pub request_key: String,
    pub proof: PasswordProof,
    pub language: Language,
}

impl Backend {
    /// The successor has the same name, scopes and store, and lives as long as the old one was made to: one that ends is
    /// never followed by one that does not. The old one never outlives its own end.
    pub async fn roll_api_secret(&self, actor: &Actor, roll: Roll) -> Result<Shown<Issued>> {
        let target = well_formed(&roll.kid).unwrap_or_default();
        self.require(actor, Permission::IssueCredentials, Action::ApiSecretRolled, target).await?;
        let asked: [&[u8]; 2] = [roll.kid.as_bytes(), roll.overlap.as_bytes()];
        let request = self.showing(actor, "api_secrets.roll", &roll.request_key, &asked)?;
        if self.answered(self.db.read(), &request).await?.is_some() {
            return Ok(Shown::Before);
        }
        self.own_secret(self.db.read(), actor, &roll.kid).await?;
        let overlap = Overlap::parse(&roll.overlap).map_err(|code| FormErrors::one("overlap", code))?;
        self.confirm(actor, &roll.proof, Action::ApiSecretRolled, &roll.kid).await?;

        let txn = self.db.write().await?;
        self.await_turn(&txn, actor.merchant).await?;
        if self.answered(&txn, &request).await?.is_some() {
            return Ok(Shown::Before);
        }
        let old = self.own_secret(&txn, actor, &roll.kid).await?;
        let now = self.clock.now();
        if !old.is_live(time_ms(now)) || old.successor.is_some() {
            return Err(Error::WrongStatus);
        }
        let retires_at = time_ms(now + overlap.time()).min(old.expires_at.unwrap_or(i64::MAX));
        // The name goes over before the successor takes it.
        self.let_go_of_name(&txn, &old.kid).await?;
        let scopes = scopes_of(&old);
        let making = Making {
            name: &old.name,
            name_key: old.name_key.clone(),
            scopes: &scopes,
            store: old.store_id,
            expires_at: super::issue::lifetime(&old).map(|life| now + life),
            language: roll.language.code(),
        };
        let issued = self.make_secret(&txn, actor, making).await?;
        api_secrets::Entity::update_many()
            .col_expr(api_secrets::Column::Successor, Expr::value(issued.kid.clone()))
            .col_expr(api_secrets::Column::RetiresAt, Expr::value(retires_at))
            .filter(api_secrets::Column::Kid.eq(old.kid.as_str()))
            .exec(&txn)
            .await?;
        if overlap.hours() == 0 {
            self.kill_tokens(&txn, &old.kid).await?;
        }
        let changes = vec![
            FieldChange::new("successor", None, Some(Trace::value(issued.kid.as_str()))),
            FieldChange::new(
                "ends_at",
                old.expires_at.map(|end| Trace::value(day_in_korea(end))),
                Some(Trace::value(day_in_korea(retires_at))),
            ),
        ];
        self.audit(&txn, Entry::by(actor, Action::ApiSecretRolled, &old.kid).changing(changes)).await?;
        self.remember(&txn, &request, &issued.kid).await?;
        let notice = Notice::of(&issued.name, &issued.kid, Some(retires_at)).by(actor);
        self.tell_owners(&txn, actor.merchant, MailKind::ApiSecretRolled, roll.language, &notice).await?;
        self.announce_credential(&txn, EventKind::ApiSecretIssued, actor.merchant, old.store_id, &issued.kid).await?;
        self.announce_credential(&txn, EventKind::ApiSecretRolled, actor.merchant, old.store_id, &old.kid).await?;
        txn.commit().await?;
        self.wake_mail_worker();
        Ok(Shown::Once(Issued { old_ends_at: Some(retires_at), ..issued }))
    }
}
