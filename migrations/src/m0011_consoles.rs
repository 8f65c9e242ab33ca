//! Which consoles serve and which keys they can read: a new key seals nothing before everybody can open it.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let consoles = Table::create()
            .table("consoles")
            .col(string("name").primary_key())
            .col(string("active_key"))
            .col(text("key_ids"))
            .col(big_integer("seen_at"))
            .to_owned();
        manager.create_table(consoles).await
    }
}
