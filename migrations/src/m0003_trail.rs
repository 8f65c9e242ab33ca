//! Who did what, and what changed for the payment core.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DatabaseBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            Table::create()
                .table("audit_chains")
                .col(uuid("merchant_id").primary_key())
                .col(big_integer("seq"))
                .col(binary_len("mac", 32))
                .to_owned(),
            Table::create()
                .table("audit_events")
                .col(uuid("merchant_id"))
                .col(big_integer("seq"))
                .col(big_integer("at"))
                .col(uuid_null("member_id"))
                .col(string("address"))
                .col(string("action"))
                .col(string("target"))
                // Names of what changed, never values.
                .col(text("details"))
                .col(binary_len("previous_mac", 32))
                // The ring's key that the MAC was made with: rotation does not invalidate old entries.
                .col(string("key_id"))
                .col(binary_len("mac", 32))
                .primary_key(Index::create().col("merchant_id").col("seq"))
                .to_owned(),
            Table::create().table("feed_heads").col(integer("id").primary_key()).col(big_integer("seq")).to_owned(),
            Table::create()
                .table("config_events")
                .col(big_integer("seq").primary_key())
                .col(big_integer("at"))
                .col(string("kind"))
                .col(uuid("merchant_id"))
                .col(uuid_null("store_id"))
                .col(uuid_null("channel_id"))
                .col(big_integer_null("version"))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let connection = manager.get_connection();
        connection.execute_unprepared("INSERT INTO feed_heads (id, seq) VALUES (1, 0)").await?;
        // Append-only, even for whoever can write SQL through the application's connection.
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => {
                connection
                    .execute_unprepared(
                        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS \
                         $$ BEGIN RAISE EXCEPTION 'append-only'; END $$",
                    )
                    .await?;
                connection
                    .execute_unprepared(
                        "CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events \
                         FOR EACH ROW EXECUTE FUNCTION refuse_change()",
                    )
                    .await?;
                connection
                    .execute_unprepared(
                        "CREATE TRIGGER audit_events_not_emptied BEFORE TRUNCATE ON audit_events \
                         FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
                    )
                    .await?;
            }
            _ => {
                for (name, event) in [("update", "UPDATE"), ("delete", "DELETE")] {
                    connection
                        .execute_unprepared(&format!(
                            "CREATE TRIGGER audit_events_no_{name} BEFORE {event} ON audit_events \
                             BEGIN SELECT RAISE(ABORT, 'append-only'); END"
                        ))
                        .await?;
                }
            }
        }
        Ok(())
    }
}
