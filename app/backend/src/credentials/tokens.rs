//! V2 access and refresh tokens.

use domain::{
    credential::{Brand, format_token, parse_token},
    secret::Secret,
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, sea_query::LockType,
};
use time::Duration;

use crate::{
    Backend,
    entity::{access_tokens, api_secrets},
    error::{Error, Result},
    time_ms,
    vault::MacPurpose,
};

const ACCESS_LIFE: Duration = Duration::minutes(30);
const REFRESH_LIFE: Duration = Duration::days(1);

/// What a login and a refresh answer.
#[derive(Debug)]
pub struct ApiTokens {
    pub access_token: Secret,
    pub refresh_token: Secret,
    /// UTC milliseconds, never after the secret's own end.
    pub access_expires_at: i64,
    pub refresh_expires_at: i64,
}

impl Backend {
    /// `login/api-secret`. The refresh token given out before is dead then.
    pub async fn log_in_api_secret(&self, secret: &str) -> Result<ApiTokens> {
        let row = self.live_secret(secret).await?;
        self.limits.api_call(&row.kid)?;
        let txn = self.db.write().await?;
        let tokens = self.give_tokens(&txn, &row.kid).await?;
        txn.commit().await?;
        Ok(tokens)
    }

    /// `token/refresh`: works once.
    pub async fn refresh_api_tokens(&self, token: &str) -> Result<ApiTokens> {
        let found = self.token_row(Brand::V2Refresh, token).await?;
        self.limits.api_call(&found.secret_kid)?;
        let txn = self.db.write().await?;
        // Of two that refresh at once, the one that took the row away has it.
        let deleted = access_tokens::Entity::delete_by_id(found.kid).exec(&txn).await?;
        if deleted.rows_affected != 1 {
            return Err(Error::Unauthenticated);
        }
        let tokens = self.give_tokens(&txn, &found.secret_kid).await?;
        txn.commit().await?;
        Ok(tokens)
    }

    /// The row of a token that we gave out and that has not expired.
    pub(super) async fn token_row(&self, brand: Brand, token: &str) -> Result<access_tokens::Model> {
        let parsed = parse_token(brand, token, crc32fast::hash).ok_or(Error::Unauthenticated)?;
        let row = access_tokens::Entity::find_by_id(parsed.kid).one(self.db.read()).await?;
        let row = row.ok_or(Error::Unauthenticated)?;
        let lives = row.expires_at > time_ms(self.clock.now());
        let parts: [&[u8]; 2] = [row.secret_kid.as_bytes(), token.as_bytes()];
        let is_right = self.vault.mac_matches(&row.key_id, MacPurpose::AccessToken, &parts, &row.mac)?;
        (lives && is_right).then_some(row).ok_or(Error::Unauthenticated)
    }

    /// The secret's row is held until the commit: of logins at once the last one's refresh token is left, and a
    /// revocation comes before or after.
    async fn give_tokens(&self, txn: &impl ConnectionTrait, secret_kid: &str) -> Result<ApiTokens> {
        let secret = api_secrets::Entity::find_by_id(secret_kid).lock(LockType::NoKeyUpdate).one(txn).await?;
        let secret = secret.ok_or(Error::Unauthenticated)?;
        self.must_live(&secret)?;
        access_tokens::Entity::delete_many()
            .filter(access_tokens::Column::SecretKid.eq(secret_kid))
            .filter(access_tokens::Column::Kind.eq(Brand::V2Refresh.prefix()))
            .exec(txn)
            .await?;
        let (access_token, access_expires_at) = self.give_token(txn, &secret, Brand::V2Access, ACCESS_LIFE).await?;
        let (refresh_token, refresh_expires_at) = self.give_token(txn, &secret, Brand::V2Refresh, REFRESH_LIFE).await?;
        Ok(ApiTokens { access_token, refresh_token, access_expires_at, refresh_expires_at })
    }

    async fn give_token(
        &self,
        txn: &impl ConnectionTrait,
        secret: &api_secrets::Model,
        brand: Brand,
        life: Duration,
    ) -> Result<(Secret, i64)> {
        let kid = self.random.alphanumeric(12);
        let token = format_token(brand, &kid, &self.random.bytes(), crc32fast::hash);
        let key_id = self.vault.active_key_id();
        let parts: [&[u8]; 2] = [secret.kid.as_bytes(), token.as_bytes()];
        let mac = self.vault.mac(&key_id, MacPurpose::AccessToken, &parts)?;
        let now = self.clock.now();
        let expires_at = time_ms(now + life).min(secret.ends_at().unwrap_or(i64::MAX));
        access_tokens::ActiveModel {
            kid: Set(kid),
            secret_kid: Set(secret.kid.clone()),
            kind: Set(brand.prefix().to_owned()),
            key_id: Set(key_id),
            mac: Set(mac.to_vec()),
            created_at: Set(time_ms(now)),
            expires_at: Set(expires_at),
        }
        .insert(txn)
        .await?;
        Ok((Secret::new(token), expires_at))
    }

    pub(crate) async fn sweep_access_tokens(&self) -> Result<()> {
        access_tokens::Entity::delete_many()
            .filter(access_tokens::Column::ExpiresAt.lte(time_ms(self.clock.now())))
            .exec(self.db.statement())
            .await?;
        Ok(())
    }
}
