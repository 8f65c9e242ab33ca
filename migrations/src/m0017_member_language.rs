//! The language that a member chose: of the pages wherever they log in, and of the mails to them.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Null of who never chose: then it is the browser's.
        let column = string_null("language");
        manager.alter_table(Table::alter().table("members").add_column(column).to_owned()).await
    }
}
