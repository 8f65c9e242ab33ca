//! Who read secrets is one row for all channels that a payment core read within a minute, where there was one for each
//! channel. Rows from before stay as they are. Both are found by merchant, channel and time.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let channels = Table::alter().table("secret_reads").add_column(binary_null("channels")).to_owned();
        manager.alter_table(channels).await?;
        manager.drop_index(Index::drop().name("secret_reads_channel").table("secret_reads").to_owned()).await?;
        let by_merchant = Index::create()
            .name("secret_reads_merchant_channel")
            .table("secret_reads")
            .col("merchant_id")
            .col("channel_id")
            .col("minute_at")
            .to_owned();
        manager.create_index(by_merchant).await
    }
}
