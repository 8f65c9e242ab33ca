//! V1 access tokens: derived from the key's row, so that the same one can be answered again without being stored.

use domain::{
    credential::{Brand, format_token, kid_of_v1_key, parse_token, v1_key_of_kid},
    secret::Secret,
};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use subtle::ConstantTimeEq as _;
use time::Duration;
use tokio::time::timeout;

use super::{V1_SECRET, is_noted, v1_secret_place};
use crate::{
    Backend,
    db::NOTE_WAIT,
    entity::rest_api_keys,
    error::{Error, Result},
    ms, time_ms,
    vault::MacPurpose,
};

const LIFE: Duration = Duration::minutes(30);
const LAST_MINUTE: Duration = Duration::minutes(1);
const EXTENSION: Duration = Duration::minutes(5);

/// What `getToken` answers.
#[derive(Debug)]
pub struct V1Token {
    pub access_token: Secret,
    /// UTC milliseconds, as `expires_at`.
    pub now: i64,
    pub expires_at: i64,
}

impl Backend {
    /// `getToken`: the same token for 30 minutes, in its last minute for five more. Who re-issues the secret ends it.
    pub async fn v1_token(&self, key: &str, secret: &str) -> Result<V1Token> {
        use rest_api_keys::Column;
        let proved = self.v1_key(key, secret).await?;
        self.limits.api_call(&proved.key)?;
        let mut row = proved.clone();
        // A turn is lost to whoever was faster; the next finds what they wrote.
        for _ in 0..16 {
            if row.generation != proved.generation {
                return Err(Error::Unauthenticated);
            }
            let now = time_ms(self.clock.now());
            let left = row.token_expires_at.map(|end| end - now).filter(|left| *left > 0);
            let of_row = || {
                rest_api_keys::Entity::update_many()
                    .filter(Column::MerchantId.eq(row.merchant_id))
                    .filter(Column::Generation.eq(row.generation))
                    .filter(Column::TokenSeq.eq(row.token_seq))
            };
            let changed = match (left, row.token_expires_at) {
                (Some(left), Some(end)) if left > ms(LAST_MINUTE) => {
                    return Ok(V1Token { access_token: self.derive_v1_token(&row)?, now, expires_at: end });
                }
                (Some(_), Some(end)) => {
                    of_row()
                        .col_expr(Column::TokenExpiresAt, Expr::value(end + ms(EXTENSION)))
                        .filter(Column::TokenExpiresAt.eq(end))
                        .exec(self.db.statement())
                        .await?
                }
                _ => {
                    let over =
                        Condition::any().add(Column::TokenExpiresAt.is_null()).add(Column::TokenExpiresAt.lte(now));
                    of_row()
                        .col_expr(Column::TokenSeq, Expr::value(row.token_seq + 1))
                        .col_expr(Column::TokenKeyId, Expr::value(self.vault.active_key_id()))
                        .col_expr(Column::TokenExpiresAt, Expr::value(now + ms(LIFE)))
                        .filter(over)
                        .exec(self.db.statement())
                        .await?
                }
            };
            let found = rest_api_keys::Entity::find_by_id(row.merchant_id).one(self.db.read()).await?;
            row = found.ok_or(Error::Unauthenticated)?;
            if changed.rows_affected == 1
                && row.generation == proved.generation
                && let Some(expires_at) = row.token_expires_at
            {
                return Ok(V1Token { access_token: self.derive_v1_token(&row)?, now, expires_at });
            }
        }
        Err(Error::Unavailable)
    }

    /// The row of a REST API Key whose secret this is. An unknown key is answered like a wrong secret.
    pub(super) async fn v1_key(&self, key: &str, secret: &str) -> Result<rest_api_keys::Model> {
        kid_of_v1_key(key).ok_or(Error::Unauthenticated)?;
        let row = rest_api_keys::Entity::find()
            .filter(rest_api_keys::Column::Key.eq(key))
            .one(self.db.read())
            .await?
            .ok_or(Error::Unauthenticated)?;
        let right = self.vault.open_one(v1_secret_place(row.merchant_id, row.generation), &row.sealed_secret)?;
        let is_right = right.expose().len() == V1_SECRET && right.expose().as_bytes().ct_eq(secret.as_bytes()).into();
        if !is_right {
            return Err(Error::Unauthenticated);
        }
        self.note_v1_use(&row).await;
        Ok(row)
    }

    /// The row whose access token this is.
    pub(super) async fn v1_token_row(&self, token: &str) -> Result<rest_api_keys::Model> {
        let parsed = parse_token(Brand::V1Access, token, crc32fast::hash).ok_or(Error::Unauthenticated)?;
        let key = v1_key_of_kid(parsed.kid).ok_or(Error::Unauthenticated)?;
        let row = rest_api_keys::Entity::find()
            .filter(rest_api_keys::Column::Key.eq(key))
            .one(self.db.read())
            .await?
            .ok_or(Error::Unauthenticated)?;
        let lives = row.token_expires_at.is_some_and(|end| end > time_ms(self.clock.now()));
        let is_right: bool = self.derive_v1_token(&row)?.expose().as_bytes().ct_eq(token.as_bytes()).into();
        if !(lives && is_right) {
            return Err(Error::Unauthenticated);
        }
        self.note_v1_use(&row).await;
        Ok(row)
    }

    fn derive_v1_token(&self, row: &rest_api_keys::Model) -> Result<Secret> {
        let key_id = row.token_key_id.clone().unwrap_or_else(|| self.vault.active_key_id());
        let (generation, seq) = (row.generation.to_be_bytes(), row.token_seq.to_be_bytes());
        let parts: [&[u8]; 4] = [b"v1", row.key.as_bytes(), &generation, &seq];
        let mac = self.vault.mac(&key_id, MacPurpose::AccessToken, &parts)?;
        let kid = kid_of_v1_key(&row.key).ok_or_else(|| Error::Internal("stored REST API Key".into()))?;
        Ok(Secret::new(format_token(Brand::V1Access, &kid, &mac, crc32fast::hash)))
    }

    /// A note that cannot be written holds up nobody.
    async fn note_v1_use(&self, row: &rest_api_keys::Model) {
        use rest_api_keys::Column;
        let now = time_ms(self.clock.now());
        if is_noted(row.last_used_at, now) {
            return;
        }
        let noted = rest_api_keys::Entity::update_many()
            .col_expr(Column::LastUsedAt, Expr::value(now))
            .filter(Column::MerchantId.eq(row.merchant_id))
            .exec(self.db.statement());
        if !matches!(timeout(NOTE_WAIT, noted).await, Ok(Ok(_))) {
            tracing::warn!("last use of a V1 key not noted");
        }
    }
}
