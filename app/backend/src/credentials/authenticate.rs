//! From what a server shows to who it is. Only whoever shows a right secret learns that it is over or revoked; anything
//! else is [`Error::Unauthenticated`], whether or not its id part exists.

use std::net::IpAddr;

use domain::{
    credential::{Brand, Scope, parse_token},
    id::{ImpCode, StoreId},
    trail::Reason,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use tokio::time::timeout;
use uuid::Uuid;

use super::{is_noted, scopes_of};
use crate::{
    Backend,
    actor::{Actor, Reach, Who},
    db::NOTE_WAIT,
    entity::api_secrets,
    error::{Error, Result},
    time_ms,
    vault::MacPurpose,
};

/// What a server shows.
#[derive(Clone, Copy)]
pub enum Presented<'a> {
    /// A V2 API secret.
    ApiSecret(&'a str),
    /// An access token of either version.
    AccessToken(&'a str),
    /// REST API Key and Secret.
    V1 { key: &'a str, secret: &'a str },
}

/// A credential that holds, as the payment core is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub imp_code: ImpCode,
    /// The store it belongs to; the primary one's reaches all stores.
    pub store_id: StoreId,
    pub is_primary: bool,
    pub kind: CredentialKind,
    /// What names it in the feed: id part of the API secret, or REST API Key.
    pub id: String,
    pub scopes: Vec<Scope>,
    /// When it ends, if ever: the secret's end, or the token's if that comes first.
    pub ends_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialKind {
    V1,
    V2,
}

impl CredentialKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
        }
    }
}

impl Backend {
    /// The actor behind an API secret or a V2 access token. V1 credentials are for payments only.
    pub async fn api_actor(&self, presented: Presented<'_>, address: IpAddr) -> Result<Actor> {
        let secret = match presented {
            Presented::ApiSecret(secret) => self.live_secret(secret).await?,
            Presented::AccessToken(token) => self.secret_of_token(token).await?.0,
            Presented::V1 { .. } => return Err(Error::Unauthenticated),
        };
        self.limits.api_call(&secret.kid)?;
        let owner = self.store_owner(StoreId::new(secret.store_id)).await?;
        let (_, is_primary) = owner.ok_or_else(|| Error::Internal("a credential without its store".into()))?;
        Ok(Actor {
            member: secret.created_by,
            merchant: secret.merchant_id,
            reach: if is_primary { Reach::Merchant } else { Reach::Store(secret.store_id) },
            who: Who::ApiSecret { scopes: scopes_of(&secret), kid: secret.kid },
            address,
            reason: Reason::default(),
        })
    }

    /// Counts a refused credential of the management API against its client, who is told to wait when there were too
    /// many. Whoever shows a right one is not held up by a neighbour behind the same address: 256 bits are not guessed.
    pub fn counting_refusals<T>(&self, client: IpAddr, answer: Result<T>) -> Result<T> {
        if matches!(answer, Err(Error::Unauthenticated | Error::SecretExpired | Error::SecretRevoked)) {
            self.limits.api_refusal(client)?;
        }
        answer
    }

    /// What a credential is good for, or why it is not.
    pub async fn verify_credential(&self, presented: Presented<'_>) -> Result<Credential> {
        match presented {
            Presented::ApiSecret(secret) => {
                let row = self.live_secret(secret).await?;
                let ends_at = row.ends_at();
                self.v2_credential(row, ends_at).await
            }
            Presented::AccessToken(token) if token.starts_with(Brand::V1Access.prefix()) => {
                let row = self.v1_token_row(token).await?;
                self.v1_credential(row.merchant_id, row.key, row.token_expires_at).await
            }
            Presented::AccessToken(token) => {
                let (row, ends_at) = self.secret_of_token(token).await?;
                self.v2_credential(row, Some(ends_at)).await
            }
            Presented::V1 { key, secret } => {
                let row = self.v1_key(key, secret).await?;
                self.v1_credential(row.merchant_id, row.key, None).await
            }
        }
    }

    /// The row of an API secret that is right and lives. A wrong character is refused before any lookup.
    pub(super) async fn live_secret(&self, secret: &str) -> Result<api_secrets::Model> {
        let parsed = parse_token(Brand::V2Secret, secret, crc32fast::hash).ok_or(Error::Unauthenticated)?;
        let row = api_secrets::Entity::find_by_id(parsed.kid).one(self.db.read()).await?;
        let row = row.ok_or(Error::Unauthenticated)?;
        if !self.vault.mac_matches(&row.key_id, MacPurpose::ApiSecret, &[secret.as_bytes()], &row.mac)? {
            return Err(Error::Unauthenticated);
        }
        self.must_live(&row)?;
        self.note_use(&row).await;
        self.renew_secret_mac(&row, secret).await;
        Ok(row)
    }

    /// A keyed hash by a key that was rotated away is made anew while the secret is at hand.
    async fn renew_secret_mac(&self, row: &api_secrets::Model, secret: &str) {
        use api_secrets::Column;
        let key_id = self.vault.active_key_id();
        if row.key_id == key_id {
            return;
        }
        let Ok(mac) = self.vault.mac(&key_id, MacPurpose::ApiSecret, &[secret.as_bytes()]) else { return };
        let renewed = api_secrets::Entity::update_many()
            .col_expr(Column::KeyId, Expr::value(key_id))
            .col_expr(Column::Mac, Expr::value(mac.to_vec()))
            .filter(Column::Kid.eq(row.kid.as_str()))
            .filter(Column::KeyId.eq(row.key_id.as_str()))
            .exec(self.db.statement())
            .await;
        if renewed.is_err() {
            tracing::warn!(kid = row.kid, "the hash of an API secret is not renewed");
        }
    }

    pub(super) fn must_live(&self, row: &api_secrets::Model) -> Result<()> {
        if row.revoked_at.is_some() {
            Err(Error::SecretRevoked)
        } else if row.is_over(time_ms(self.clock.now())) {
            Err(Error::SecretExpired)
        } else {
            Ok(())
        }
    }

    /// The secret that a V2 access token was given for, and when the token ends.
    async fn secret_of_token(&self, token: &str) -> Result<(api_secrets::Model, i64)> {
        let token = self.token_row(Brand::V2Access, token).await?;
        let secret = api_secrets::Entity::find_by_id(token.secret_kid).one(self.db.read()).await?;
        let secret = secret.ok_or(Error::Unauthenticated)?;
        self.must_live(&secret)?;
        self.note_use(&secret).await;
        let ends_at = token.expires_at.min(secret.ends_at().unwrap_or(i64::MAX));
        Ok((secret, ends_at))
    }

    async fn v2_credential(&self, row: api_secrets::Model, ends_at: Option<i64>) -> Result<Credential> {
        let scopes = scopes_of(&row);
        self.credential((row.merchant_id, row.store_id), CredentialKind::V2, row.kid, scopes, ends_at).await
    }

    async fn v1_credential(&self, merchant: Uuid, key: String, ends_at: Option<i64>) -> Result<Credential> {
        let store = self.primary_store(merchant).await?;
        self.credential((merchant, store), CredentialKind::V1, key, vec![Scope::Payments], ends_at).await
    }

    /// What is told of merchant and store never changes, so it is kept: to say who somebody is takes as long as to say
    /// that nobody is.
    async fn credential(
        &self,
        (merchant, store): (Uuid, Uuid),
        kind: CredentialKind,
        id: String,
        scopes: Vec<Scope>,
        ends_at: Option<i64>,
    ) -> Result<Credential> {
        let store_id = StoreId::new(store);
        let owner = self.store_owner(store_id).await?.filter(|(owner, _)| *owner == merchant);
        let (_, is_primary) = owner.ok_or_else(|| Error::Internal("a credential without its store".into()))?;
        Ok(Credential { imp_code: self.imp_code(merchant).await?, store_id, is_primary, kind, id, scopes, ends_at })
    }

    /// A note that cannot be written holds up nobody.
    async fn note_use(&self, row: &api_secrets::Model) {
        let now = time_ms(self.clock.now());
        if is_noted(row.last_used_at, now) {
            return;
        }
        let noted = api_secrets::Entity::update_many()
            .col_expr(api_secrets::Column::LastUsedAt, Expr::value(now))
            .filter(api_secrets::Column::Kid.eq(row.kid.as_str()))
            .exec(self.db.statement());
        if !matches!(timeout(NOTE_WAIT, noted).await, Ok(Ok(_))) {
            tracing::warn!(kid = row.kid, "last use of an API secret not noted");
        }
    }
}
