//! 약관 동의: what an application begins with.

use domain::{
    application::{Consent, ConsentForm, Consented},
    member::Permission,
    trail::{FieldChange, Trace},
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, QuerySelect as _, SqlErr};

use super::record::from_json;
use crate::{
    Backend,
    actor::Actor,
    audit::{Action, Entry},
    channels::to_json,
    entity::applications,
    error::{Error, Result},
    time_ms,
};

impl Backend {
    /// Notes what is agreed to, in which version and when. What was agreed to before in the same version stays as it is.
    pub async fn consent_to_apply(&self, actor: &Actor, form: &ConsentForm) -> Result<()> {
        self.require(actor, Permission::EditApplication, Action::ApplicationConsented, "").await?;
        let given = form.parse()?;
        let now = time_ms(self.clock.now());
        let txn = self.db.write().await?;
        let row = applications::owned_by(actor.merchant).lock_exclusive().one(&txn).await?;
        let before: Vec<Consented> = row.as_ref().map(|row| from_json(&row.consents)).transpose()?.unwrap_or_default();
        let fresh = |consent: Consent| Consented { consent, version: Consent::VERSION.to_owned(), at: now };
        let same = |consent: &Consent| {
            before.iter().find(|one| one.consent == *consent && one.version == Consent::VERSION).cloned()
        };
        let after: Vec<Consented> =
            given.into_iter().map(|consent| same(&consent).unwrap_or_else(|| fresh(consent))).collect();
        let changes = changes(&before, &after);
        if row.is_some() && changes.is_empty() {
            return Ok(());
        }
        let consents = Set(to_json(&after)?);
        if row.is_some() {
            let updated_at = Set(now);
            let merchant_id = Set(actor.merchant);
            applications::ActiveModel { merchant_id, consents, updated_at, ..Default::default() }.update(&txn).await?;
        } else {
            let row = applications::ActiveModel {
                merchant_id: Set(actor.merchant),
                consents,
                business: Set(None),
                service: Set(None),
                bank: Set(None),
                sealed_number: Set(None),
                number_revision: Set(0),
                number_set_at: Set(None),
                created_at: Set(now),
                updated_at: Set(now),
            };
            row.insert(&txn).await.map_err(|e| match e.sql_err() {
                // Somebody else of the merchant began at the same moment.
                Some(SqlErr::UniqueConstraintViolation(_)) => Error::Unavailable,
                _ => Error::from(e),
            })?;
        }
        self.audit(&txn, Entry::by(actor, Action::ApplicationConsented, "").changing(changes)).await?;
        txn.commit().await
    }
}

/// Which consents were given, or taken back, in which version.
fn changes(before: &[Consented], after: &[Consented]) -> Vec<FieldChange> {
    let version = |of: &[Consented], consent: Consent| {
        of.iter().find(|one| one.consent == consent).map(|one| Trace::value(one.version.clone()))
    };
    Consent::ALL
        .iter()
        .map(|consent| (*consent, version(before, *consent), version(after, *consent)))
        .filter(|(_, before, after)| before != after)
        .map(|(consent, before, after)| FieldChange::new(format!("consents.{consent}"), before, after))
        .collect()
}
