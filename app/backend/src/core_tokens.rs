//! Tokens of payment cores: shown once when made, stored as keyed MAC.

use domain::credential::{Brand, format_token, parse_token};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _};

use crate::{
    Backend,
    entity::core_tokens,
    error::{Error, Result},
    time_ms,
    vault::MacPurpose,
};

/// A token at the one moment it can be seen.
#[derive(Debug)]
pub struct NewCoreToken {
    pub token: domain::secret::Secret,
    pub kid: String,
}

/// A payment core that showed a valid token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoreCaller {
    pub kid: String,
    pub name: String,
}

impl Backend {
    /// Makes a token for a payment core called `name`.
    pub async fn create_core_token(&self, name: &str) -> Result<NewCoreToken> {
        let kid = self.random.alphanumeric(12);
        let token = format_token(Brand::CoreToken, &kid, &self.random.bytes(), crc32fast::hash);
        let key_id = self.vault.active_key_id().to_owned();
        let mac = self.vault.mac(&key_id, MacPurpose::CoreToken, &[token.as_bytes()])?;
        core_tokens::ActiveModel {
            kid: Set(kid.clone()),
            name: Set(name.to_owned()),
            key_id: Set(key_id),
            mac: Set(mac.to_vec()),
            created_at: Set(time_ms(self.clock.now())),
            revoked_at: Set(None),
        }
        .insert(self.db.statement())
        .await?;
        Ok(NewCoreToken { token: domain::secret::Secret::new(token), kid })
    }

    /// Who shows this token; [`Error::Unauthenticated`] for any other text.
    pub async fn core_caller(&self, token: &str) -> Result<CoreCaller> {
        let parsed = parse_token(Brand::CoreToken, token, crc32fast::hash).ok_or(Error::Unauthenticated)?;
        let row = core_tokens::Entity::find_by_id(parsed.kid).one(self.db.read()).await?;
        let row = row.filter(|row| row.revoked_at.is_none()).ok_or(Error::Unauthenticated)?;
        if self.vault.mac_matches(&row.key_id, MacPurpose::CoreToken, &[token.as_bytes()], &row.mac)? {
            Ok(CoreCaller { kid: row.kid, name: row.name })
        } else {
            Err(Error::Unauthenticated)
        }
    }
}
