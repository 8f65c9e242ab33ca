//! A start with the wrong key ring is refused before anything is written with it.

use domain::secret::Secret;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _};
use uuid::Uuid;

use crate::{
    Backend,
    entity::key_checks,
    error::{Error, Result},
    vault::Place,
};

const PLACE: Place<'static> = Place { kind: "key-check", owner: Uuid::nil(), object: Uuid::nil(), version: 0 };
const KNOWN: &str = "channel-console";

impl Backend {
    /// Every key that ever sealed something here must be in the ring and open its check; the active key gets one at its
    /// first start.
    pub(crate) async fn check_key_ring(&self) -> Result<()> {
        let checks = key_checks::Entity::find().all(self.db.read()).await?;
        for check in &checks {
            if self.vault.open_one(PLACE, &check.sealed)?.expose() != KNOWN {
                return Err(Error::Sealed);
            }
        }
        let active = self.vault.active_key_id();
        if checks.iter().all(|check| check.key_id != active) {
            let sealed = self.vault.seal_one(&*self.random, PLACE, &Secret::new(KNOWN))?;
            key_checks::ActiveModel { key_id: Set(active.to_owned()), sealed: Set(sealed) }
                .insert(self.db.statement())
                .await?;
        }
        Ok(())
    }
}
