//! What a channel's history tells beside the change itself, and which live channel stands behind a test channel.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            // The id part of the API secret that was at work; `by_member` is then who issued it.
            string_null("credential"),
            // Why, in the words of whoever did it.
            text("note").default("").to_owned(),
            // The version whose content this one has again.
            big_integer_null("made_from"),
        ];
        for column in columns {
            // SQLite adds one column at a time.
            manager.alter_table(Table::alter().table("channel_versions").add_column(column).to_owned()).await?;
        }
        // One live channel for one test channel, by the merchant's choice.
        let pairs = Table::create()
            .table("channel_pairs")
            .col(uuid("test_id").primary_key())
            .col(uuid("live_id").unique_key())
            .col(uuid("merchant_id"))
            .col(big_integer("at"))
            .foreign_key(ForeignKey::create().from("channel_pairs", "test_id").to("channels", "id"))
            .foreign_key(ForeignKey::create().from("channel_pairs", "live_id").to("channels", "id"))
            .to_owned();
        manager.create_table(pairs).await
    }
}
