//! When an application was last submitted: what was submitted once stays, and who reviews it sees what changed since.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = big_integer_null("submitted_at");
        manager.alter_table(Table::alter().table("application_contracts").add_column(column).to_owned()).await?;
        // Of those that are there the last move is what is known.
        let known = "UPDATE application_contracts SET submitted_at = state_at WHERE state <> 'draft'";
        manager.get_connection().execute_unprepared(known).await.map(|_| ())
    }
}
