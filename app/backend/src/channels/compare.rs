//! 이 값과 같은지 확인: whether a typed value is the stored one. Neither is shown; every try is on record.

use domain::{
    channel,
    id::{ChannelKey, FieldKey},
    secret::{Secret, Typed},
    trail::FieldChange,
};
use subtle::ConstantTimeEq as _;

use super::row::decode;
use crate::{
    Backend,
    actor::Actor,
    audit::{Action, Entry},
    error::{Error, Result},
    limits::COMPARE_SECRET,
    vault::MacPurpose,
};

/// Why the trail calls a comparison refused.
const DIFFERENT: &str = "different";

impl Backend {
    /// Whether `typed`, cleaned as a form's value is, equals the secret that the channel has now.
    pub async fn compare_secret(
        &self,
        actor: &Actor,
        key: ChannelKey,
        field: &FieldKey,
        typed: &Typed,
    ) -> Result<bool> {
        let target = key.to_string();
        let edit = self.permission_to_edit(actor, key).await?;
        self.require(actor, edit, Action::SecretCompared, &target).await?;
        let tries = [(COMPARE_SECRET, target.as_str())];
        self.admit_in_memory(&tries)?;
        let (head, current) = self.head(self.db.read(), actor, key).await?;
        let (_, module) = self.module_of(&head.module)?;
        let carried = decode(&current)?.carried_to(module);
        let (sealed_as, note) = carried.secrets.get(field).ok_or(Error::NotFound)?;
        let asked = module.field(field).ok_or(Error::NotFound)?;
        let typed = Secret::new(channel::cleaned_value(asked, typed.as_str()));
        // Counted and noted before it is compared: of many at once no more are compared than may be.
        let txn = self.db.write().await?;
        self.admit_in(&txn, &tries).await?;
        let stored = self.open_secrets(&txn, &current).await?;
        let stored = stored.get(sealed_as.as_str()).ok_or(Error::Sealed)?;
        // Of equal length whatever was typed, so that the time tells nothing.
        let digest = |value: &Secret| {
            let parts: [&[u8]; 2] = [actor.merchant.as_bytes(), value.expose().as_bytes()];
            self.vault.mac(&self.vault.active_key_id(), MacPurpose::Fingerprint, &parts)
        };
        let is_same = bool::from(digest(stored)?.ct_eq(&digest(&typed)?));
        let compared = vec![FieldChange::new(format!("fields.{field}"), Some(note.trace()), Some(note.trace()))];
        let entry = Entry::by(actor, Action::SecretCompared, &target).changing(compared);
        self.audit(&txn, if is_same { entry } else { entry.refused(DIFFERENT) }).await?;
        txn.commit().await?;
        Ok(is_same)
    }
}
