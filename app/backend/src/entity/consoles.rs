//! Consoles that serve, and which keys of the ring each of them can read.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consoles")]
pub struct Model {
    /// The machine and the address that it serves at.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub active_key: String,
    /// Ids, separated by spaces.
    #[sea_orm(column_type = "Text")]
    pub key_ids: String,
    pub seen_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
