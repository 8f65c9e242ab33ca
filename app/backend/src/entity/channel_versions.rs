//! Every state a channel was ever in. Rows are only added; rotation re-wraps their data keys.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "channel_versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    pub merchant_id: Uuid,
    pub store_id: Uuid,
    pub name: String,
    pub purpose: String,
    pub status: String,
    pub mid: String,
    pub credentials: String,
    #[sea_orm(column_type = "Text")]
    pub uses: String,
    #[sea_orm(column_type = "Text")]
    pub public_fields: String,
    #[sea_orm(column_type = "Text")]
    pub secret_notes: String,
    /// Every field that the module had for the purpose, filled or not.
    #[sea_orm(column_type = "Text", nullable)]
    pub asked_fields: Option<String>,
    pub tax: String,
    pub catalogue_revision: i32,
    pub secrets_of: i64,
    pub key_id: Option<String>,
    pub wrapped_key: Option<Vec<u8>>,
    #[sea_orm(column_type = "Text", nullable)]
    pub sealed_secrets: Option<String>,
    pub by_member: Uuid,
    pub at: i64,
    pub reason: String,
    /// The id part of the API secret that was at work; `by_member` is then who issued it.
    pub credential: Option<String>,
    /// Why, in the words of whoever did it.
    #[sea_orm(column_type = "Text")]
    pub note: String,
    /// The version whose content this one has again.
    pub made_from: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The rows of one merchant: what every finder starts from.
pub fn owned_by(merchant: Uuid) -> Select<Entity> {
    Entity::find().filter(Column::MerchantId.eq(merchant))
}
