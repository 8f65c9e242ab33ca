//! Tokens of payment cores, as keyed MAC.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "core_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kid: String,
    pub name: String,
    pub key_id: String,
    pub mac: Vec<u8>,
    pub created_at: i64,
    pub revoked_at: Option<i64>,
    /// Words, separated by spaces.
    pub scopes: String,
    /// Ids of stores, separated by spaces; all when empty.
    pub stores: String,
    pub last_used_at: Option<i64>,
    /// When any node of it last confirmed anything, for ever.
    pub last_acked_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
