//! Events of transactions that are committed and have no number yet. SQLite has one writer at a time, which numbers its
//! events itself: there the table stays empty.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DatabaseBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // PostgreSQL numbers the rows in the order in which they are written.
        let id = match manager.get_database_backend() {
            DatabaseBackend::Postgres => big_pk_auto("id"),
            _ => big_integer("id").primary_key().to_owned(),
        };
        let table = Table::create()
            .table("unnumbered_events")
            .col(id)
            .col(big_integer("at"))
            .col(string("kind"))
            .col(uuid("merchant_id"))
            .col(uuid_null("store_id"))
            .col(uuid_null("channel_id"))
            .col(big_integer_null("version"))
            .col(string_null("credential_id"))
            .to_owned();
        manager.create_table(table).await
    }
}
