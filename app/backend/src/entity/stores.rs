//! 상점; one per merchant is the primary.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stores")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub merchant_id: Uuid,
    pub is_primary: bool,
    pub name: String,
    pub created_at: i64,
    pub tier_code: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The rows of one merchant: what every finder starts from.
pub fn owned_by(merchant: Uuid) -> Select<Entity> {
    Entity::find().filter(Column::MerchantId.eq(merchant))
}
