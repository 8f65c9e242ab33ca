//! The same request again gets the same answer, once done: a double click, a retry after a lost reply.

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
};
use time::Duration;
use uuid::Uuid;

use crate::{
    Backend,
    actor::Actor,
    entity::idempotency_keys,
    error::{Error, Result},
    time_ms,
};

/// The route of 채널 추가, by whatever way.
pub(crate) const ADD_CHANNEL: &str = "channels.add";
const LIFE: Duration = Duration::hours(24);

/// Names one request of one merchant.
#[derive(Debug, Clone)]
pub(crate) struct Request<'a> {
    pub merchant: Uuid,
    pub route: &'a str,
    pub key: &'a str,
    /// A keyed hash of what was asked: short secrets could be guessed from a plain one. The first is by the active key,
    /// the others by those of the ring that were active when it was asked first.
    pub fingerprints: Vec<[u8; 32]>,
}

impl Backend {
    /// The answer given before, if the request is a repetition.
    pub(crate) async fn answered(&self, txn: &impl ConnectionTrait, request: &Request<'_>) -> Result<Option<String>> {
        let id = (request.merchant, request.route.to_owned(), request.key.to_owned());
        let found = idempotency_keys::Entity::find_by_id(id).one(txn).await?;
        match found {
            Some(row) if request.fingerprints.iter().any(|one| row.fingerprint == one) => Ok(Some(row.response)),
            Some(_) => Err(Error::IdempotencyKeyReused),
            None => Ok(None),
        }
    }

    /// Whether a channel was added by the request of this key.
    pub async fn has_added(&self, actor: &Actor, key: &str) -> Result<bool> {
        let id = (actor.merchant, ADD_CHANNEL.to_owned(), key.to_owned());
        Ok(idempotency_keys::Entity::find_by_id(id).one(self.db.read()).await?.is_some())
    }

    /// Remembers the answer, in the transaction that did the work.
    pub(crate) async fn remember(
        &self,
        txn: &impl ConnectionTrait,
        request: &Request<'_>,
        response: &str,
    ) -> Result<()> {
        idempotency_keys::ActiveModel {
            merchant_id: Set(request.merchant),
            route: Set(request.route.to_owned()),
            key: Set(request.key.to_owned()),
            fingerprint: Set(request.fingerprints.first().map(|one| one.to_vec()).unwrap_or_default()),
            response: Set(response.to_owned()),
            created_at: Set(time_ms(self.clock.now())),
        }
        .insert(txn)
        .await?;
        Ok(())
    }

    pub(crate) async fn sweep_idempotency_keys(&self) -> Result<()> {
        let old = time_ms(self.clock.now() - LIFE);
        idempotency_keys::Entity::delete_many()
            .filter(idempotency_keys::Column::CreatedAt.lte(old))
            .exec(self.db.statement())
            .await?;
        Ok(())
    }
}
