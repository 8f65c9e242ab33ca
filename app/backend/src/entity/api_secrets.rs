//! V2 API secrets, as keyed MAC.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_secrets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kid: String,
    pub merchant_id: Uuid,
    pub store_id: Uuid,
    pub name: String,
    pub name_key: String,
    pub holds_name: bool,
    #[sea_orm(column_type = "Text")]
    pub scopes: String,
    pub key_id: String,
    pub mac: Vec<u8>,
    pub created_by: Uuid,
    pub language: String,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub revoked_at: Option<i64>,
    pub successor: Option<String>,
    pub retires_at: Option<i64>,
    pub last_used_at: Option<i64>,
    pub warned_days: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The rows of one merchant: what every finder starts from.
pub fn owned_by(merchant: Uuid) -> Select<Entity> {
    Entity::find().filter(Column::MerchantId.eq(merchant))
}

impl Model {
    /// When it ends, if ever.
    pub fn ends_at(&self) -> Option<i64> {
        self.retires_at.or(self.expires_at)
    }

    pub fn is_over(&self, now: i64) -> bool {
        self.ends_at().is_some_and(|end| end <= now)
    }

    pub fn is_live(&self, now: i64) -> bool {
        self.revoked_at.is_none() && !self.is_over(now)
    }
}
