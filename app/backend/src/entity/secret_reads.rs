//! Which payment core read which channels' secrets how often within a minute. Append-only, bound by keyed hashes.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "secret_reads")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub merchant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub minute_at: i64,
    /// Nil where `channels` has several.
    pub channel_id: Uuid,
    pub core_kid: String,
    pub node: String,
    pub reads: i64,
    pub previous_mac: Vec<u8>,
    pub key_id: String,
    pub mac: Vec<u8>,
    /// Those that were read and how often, as [`crate::payment_core`] packs them; none in rows from before, which have one.
    pub channels: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The rows of one merchant: what every finder starts from.
pub fn owned_by(merchant: Uuid) -> Select<Entity> {
    Entity::find().filter(Column::MerchantId.eq(merchant))
}
