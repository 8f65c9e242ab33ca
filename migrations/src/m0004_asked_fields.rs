//! A version remembers every field that its module had, so that a later catalogue can be told from it.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // JSON; null in versions that were saved before.
        let column = Table::alter().table("channel_versions").add_column(text_null("asked_fields")).to_owned();
        manager.alter_table(column).await
    }
}
