//! The V1 REST API key of a merchant and its sealed secret.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rest_api_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub merchant_id: Uuid,
    pub key: String,
    pub generation: i64,
    pub sealed_secret: Vec<u8>,
    pub issued_at: i64,
    /// How many access tokens there have been; the last one is derived from it.
    pub token_seq: i64,
    /// The ring's key that the last access token is derived with.
    pub token_key_id: Option<String>,
    /// Until when the last access token is good; none since a re-issue.
    pub token_expires_at: Option<i64>,
    pub last_used_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
