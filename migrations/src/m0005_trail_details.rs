//! The trail tells more: which API secret was at work, what was refused, and why.

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
            string_null("credential"),
            string("outcome").default("done").to_owned(),
            string("reason").default("").to_owned(),
        ];
        for column in columns {
            // SQLite adds one column at a time.
            manager.alter_table(Table::alter().table("audit_events").add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
