//! What a merchant's servers prove themselves with: the V1 key and secret, V2 API secrets, and the tokens they get for
//! them.

mod authenticate;
mod expiry;
mod issue;
mod list;
mod mails;
mod revoke;
mod roll;
mod tokens;
mod v1;
mod v1_tokens;

use domain::{
    account::Password,
    credential::Scope,
    form::{ErrorCode, FormErrors},
    id::StoreId,
    secret::{Secret, Typed},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

pub use authenticate::{Credential, CredentialKind, Presented};
pub use issue::Issue;
pub(crate) use mails::Notice;
pub use roll::Roll;
pub use tokens::ApiTokens;
pub use v1::Reissued;
pub(crate) use v1::{V1_SECRET, v1_secret_place};
pub use v1_tokens::V1Token;

use crate::{
    Backend,
    actor::{Actor, Reach},
    audit::Action,
    entity::{access_tokens, api_secrets, stores},
    error::{Error, Result},
    idempotency::Request,
    vault::MacPurpose,
};

/// That the one in front of the browser is still the one who logged in.
#[derive(Debug, Clone)]
pub enum PasswordProof {
    /// A password was given within the last ten minutes.
    Recent,
    /// The password, typed again.
    Typed(Typed),
}

/// A secret is shown once: the same request again is told so, and never gets another.
#[derive(Debug)]
pub enum Shown<T> {
    Once(T),
    Before,
}

/// A V2 API secret at the one moment it can be seen.
#[derive(Debug)]
pub struct Issued {
    pub secret: Secret,
    /// Its id part, public.
    pub kid: String,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub store_id: StoreId,
    /// `None` lives until it is revoked.
    pub ends_at: Option<i64>,
    /// Of a successor: until when the old one works.
    pub old_ends_at: Option<i64>,
}

impl Backend {
    /// Names a request that shows a secret. Without a name a page loaded again would show a second one.
    fn showing<'a>(
        &self,
        actor: &Actor,
        route: &'a str,
        key: &'a str,
        asked: &[&[u8]],
    ) -> Result<Request<'a>, FormErrors> {
        if key.is_empty() || key.len() > 256 || !key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(FormErrors::one("request_key", ErrorCode::Characters));
        }
        let fingerprints = self.vault.macs(MacPurpose::Idempotency, asked);
        let fingerprints = fingerprints.map_err(|_| FormErrors::one("request_key", ErrorCode::Characters))?;
        Ok(Request { merchant: actor.merchant, route, key, fingerprints })
    }

    /// Lets an actor go on who proved again who it is; a wrong password is noted.
    async fn confirm(&self, actor: &Actor, proof: &PasswordProof, action: Action, target: &str) -> Result<()> {
        match proof {
            PasswordProof::Recent => Ok(()),
            PasswordProof::Typed(password) => self.confirm_password(actor, password, action, target).await,
        }
    }

    /// Compares a password that a member typed again with the member's own.
    pub(crate) async fn confirm_password(
        &self,
        actor: &Actor,
        typed: &Typed,
        action: Action,
        target: &str,
    ) -> Result<()> {
        if typed.as_str().is_empty() {
            return Err(FormErrors::one("password", ErrorCode::Required).into());
        }
        if typed.as_str().chars().count() > 4 * Password::MAX as usize {
            return Err(FormErrors::one("password", ErrorCode::PasswordWrong).into());
        }
        self.proved(actor, ("password", Password::as_typed(typed)), action, target).await.map(|_| ())
    }

    /// The store a credential will belong to: the primary one unless another is named.
    async fn store_for(&self, actor: &Actor, store: Option<StoreId>) -> Result<stores::Model> {
        let found = stores::owned_by(actor.merchant);
        let found = match store {
            Some(store) => found.filter(stores::Column::Id.eq(store.uuid())),
            None => found.filter(stores::Column::IsPrimary.eq(true)),
        };
        let store = found.one(self.db.read()).await?.ok_or(Error::NotFound)?;
        actor.reaches_store(store.id).then_some(store).ok_or(Error::NotFound)
    }

    /// One of the actor's secrets.
    async fn own_secret(&self, db: &impl ConnectionTrait, actor: &Actor, kid: &str) -> Result<api_secrets::Model> {
        let kid = well_formed(kid).ok_or(Error::NotFound)?;
        let row = api_secrets::owned_by(actor.merchant).filter(api_secrets::Column::Kid.eq(kid)).one(db).await?;
        row.filter(|row| actor.reaches_store(row.store_id)).ok_or(Error::NotFound)
    }

    /// Ends what a secret gave out.
    async fn kill_tokens(&self, txn: &impl ConnectionTrait, kid: &str) -> Result<()> {
        access_tokens::Entity::delete_many().filter(access_tokens::Column::SecretKid.eq(kid)).exec(txn).await?;
        Ok(())
    }
}

impl Actor {
    /// Whether something that belongs to a store is within the actor's reach.
    fn reaches_store(&self, store: Uuid) -> bool {
        match self.reach {
            Reach::Merchant => true,
            Reach::Store(own) => own == store,
        }
    }
}

/// An id part that may be one; anything else is neither looked up nor written down.
fn well_formed(kid: &str) -> Option<&str> {
    (kid.len() == 12 && kid.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(kid)
}

/// Scopes as a row has them.
fn scopes_of(row: &api_secrets::Model) -> Vec<Scope> {
    row.scopes.split(' ').filter_map(Scope::parse).collect()
}

fn scope_words(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

/// Whether the last use was written down within this minute: it is noted at most that often.
fn is_noted(last: Option<i64>, now: i64) -> bool {
    const EVERY: i64 = 60 * 1000;
    last.is_some_and(|at| now - at < EVERY)
}
