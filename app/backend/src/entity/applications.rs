//! What a merchant entered for 전자결제 신청.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "applications")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub merchant_id: Uuid,
    pub consents: String,
    pub business: Option<String>,
    pub service: Option<String>,
    pub bank: Option<String>,
    pub sealed_number: Option<Vec<u8>>,
    /// Bound to the sealed number.
    pub number_revision: i64,
    pub number_set_at: Option<i64>,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The row of one merchant: what every finder starts from.
pub fn owned_by(merchant: Uuid) -> Select<Entity> {
    Entity::find().filter(Column::MerchantId.eq(merchant))
}
