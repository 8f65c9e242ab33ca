//! People who may log in.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub merchant_id: Uuid,
    pub email: String,
    pub email_key: String,
    pub password_hash: String,
    pub role: String,
    pub session_epoch: i64,
    pub terms_version: String,
    pub marketing: bool,
    pub consented_at: i64,
    pub created_at: i64,
    pub memo: String,
    /// The one sub-store that the member is limited to.
    pub store_id: Option<Uuid>,
    pub removed_at: Option<i64>,
    /// Chosen by the member; of who never chose it is the browser's.
    pub language: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The rows of one merchant, who left included: what every finder starts from.
pub fn owned_by(merchant: Uuid) -> Select<Entity> {
    Entity::find().filter(Column::MerchantId.eq(merchant))
}

/// The members of one merchant who are members now.
pub fn present(merchant: Uuid) -> Select<Entity> {
    owned_by(merchant).filter(Column::RemovedAt.is_null())
}
