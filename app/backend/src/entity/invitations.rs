//! Who was asked to join a merchant and has not come yet. A row goes when it is accepted, withdrawn or over.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub merchant_id: Uuid,
    pub email: String,
    pub email_key: String,
    pub role: String,
    pub memo: String,
    pub store_id: Option<Uuid>,
    pub by_member: Uuid,
    pub token_hash: Option<Vec<u8>>,
    pub created_at: i64,
    pub expires_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The rows of one merchant: what every finder starts from.
pub fn owned_by(merchant: Uuid) -> Select<Entity> {
    Entity::find().filter(Column::MerchantId.eq(merchant))
}
