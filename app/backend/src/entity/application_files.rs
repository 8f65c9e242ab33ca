//! 사업자등록증: one a merchant, without its content.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "application_files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub merchant_id: Uuid,
    /// To recognise it by; nothing is ever found under it.
    pub name: String,
    pub media: String,
    pub bytes: i64,
    pub sealed_key: Vec<u8>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The file of one merchant: what every finder starts from.
pub fn owned_by(merchant: Uuid) -> Select<Entity> {
    Entity::find().filter(Column::MerchantId.eq(merchant))
}
