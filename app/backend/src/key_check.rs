//! A start with the wrong key ring is refused before anything is written with it.

use domain::secret::Secret;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, EntityTrait as _, PaginatorTrait as _};
use uuid::Uuid;

use crate::{
    Backend,
    db::Db,
    entity::{core_tokens, key_checks, merchants, pending_signups},
    error::{Error, Result},
    vault::Place,
};

const PLACE: Place<'static> = Place { kind: "key-check", owner: Uuid::nil(), object: Uuid::nil(), version: 0 };
const KNOWN: &str = "channel-console";

/// Whether there is anything in a database that needs the key ring that it was written with.
pub async fn needs_its_key_ring(db: &Db) -> Result<bool> {
    let db = db.read();
    Ok(key_checks::Entity::find().count(db).await? > 0 || is_in_use(db).await?)
}

async fn is_in_use(db: &impl ConnectionTrait) -> Result<bool> {
    Ok(merchants::Entity::find().count(db).await? > 0
        || pending_signups::Entity::find().count(db).await? > 0
        || core_tokens::Entity::find().count(db).await? > 0)
}

impl Backend {
    /// Every key that ever sealed something here must be in the ring and open its check; the active key gets one at its
    /// first start.
    pub(crate) async fn check_key_ring(&self) -> Result<()> {
        let checks = key_checks::Entity::find().all(self.db.read()).await?;
        if !checks.iter().all(|check| self.opens(check)) {
            return Err(Error::Sealed);
        }
        if checks.is_empty() && is_in_use(self.db.read()).await? {
            // There is always one before there is anything else: they were taken away.
            return Err(Error::Sealed);
        }
        let active = self.vault.active_key_id();
        if checks.iter().all(|check| check.key_id != active) {
            self.add_key_check(self.db.statement(), &active).await?;
        }
        Ok(())
    }

    /// From here on nobody starts without the key.
    pub(crate) async fn add_key_check(&self, db: &impl ConnectionTrait, key_id: &str) -> Result<()> {
        let sealed = self.vault.seal_one_with(&*self.random, key_id, PLACE, &Secret::new(KNOWN))?;
        key_checks::ActiveModel { key_id: Set(key_id.to_owned()), sealed: Set(sealed) }.insert(db).await?;
        Ok(())
    }

    /// Whether what is stored still opens.
    pub(crate) async fn key_ring_fits(&self) -> Result<bool> {
        let checks = key_checks::Entity::find().all(self.db.read()).await?;
        Ok(checks.iter().all(|check| self.opens(check)))
    }

    fn opens(&self, check: &key_checks::Model) -> bool {
        self.vault.open_one(PLACE, &check.sealed).is_ok_and(|known| known.expose() == KNOWN)
    }
}
