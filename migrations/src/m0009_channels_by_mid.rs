//! Payments name a channel by merchant and MID: both in one index, in the order in which channels are taken.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::create()
            .name("channels_by_mid")
            .table("channels")
            .col("merchant_id")
            .col("mid")
            .col("created_at")
            .col("id")
            .to_owned();
        manager.create_index(index).await
    }
}
