//! What payment cores may read and have confirmed, who read which secrets, and where the change feed begins.

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
                .table("core_nodes")
                .col(string("core_kid"))
                // As the node calls itself.
                .col(string("name"))
                // The last event that it has confirmed.
                .col(big_integer("seq"))
                .col(big_integer("acked_at"))
                .primary_key(Index::create().col("core_kid").col("name"))
                .foreign_key(ForeignKey::create().from("core_nodes", "core_kid").to("core_tokens", "kid"))
                .to_owned(),
            // When which node went how far: how long a change took to reach it.
            Table::create()
                .table("core_acks")
                .col(string("core_kid"))
                .col(string("node"))
                .col(big_integer("seq"))
                .col(big_integer("at"))
                .primary_key(Index::create().col("core_kid").col("node").col("seq"))
                .to_owned(),
            Table::create()
                .table("secret_read_chains")
                .col(uuid("merchant_id").primary_key())
                .col(big_integer("seq"))
                .col(binary_len("mac", 32))
                .to_owned(),
            Table::create()
                .table("secret_reads")
                .col(uuid("merchant_id"))
                .col(big_integer("seq"))
                // The beginning of the minute that is summed up.
                .col(big_integer("minute_at"))
                .col(uuid("channel_id"))
                .col(string("core_kid"))
                .col(string("node"))
                .col(big_integer("reads"))
                .col(binary_len("previous_mac", 32))
                .col(string("key_id"))
                .col(binary_len("mac", 32))
                .primary_key(Index::create().col("merchant_id").col("seq"))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let indexes = [
            Index::create().name("core_acks_at").table("core_acks").col("at").to_owned(),
            Index::create()
                .name("secret_reads_channel")
                .table("secret_reads")
                .col("channel_id")
                .col("minute_at")
                .to_owned(),
            // What a channel's last event was.
            Index::create()
                .name("config_events_channel")
                .table("config_events")
                .col("channel_id")
                .col("seq")
                .to_owned(),
        ];
        for index in indexes {
            manager.create_index(index).await?;
        }
        let columns = [
            // Tokens from before could do everything.
            ("core_tokens", text("scopes").default("channels:read credentials:verify").to_owned()),
            // Ids of stores, separated by spaces; all when empty.
            ("core_tokens", text("stores").default("").to_owned()),
            ("core_tokens", big_integer_null("last_used_at")),
            ("core_tokens", big_integer_null("last_acked_at")),
            // Events up to here are gone.
            ("feed_heads", big_integer("compacted").default(0).to_owned()),
        ];
        for (table, column) in columns {
            // SQLite adds one column at a time.
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        append_only(manager, "secret_reads").await
    }
}

/// Rows stay as they were written, even for whoever can write SQL through the application's connection.
async fn append_only(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let statements = match manager.get_database_backend() {
        DatabaseBackend::Postgres => vec![
            format!(
                "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} \
                 FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            ),
            format!(
                "CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} \
                 FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            ),
        ],
        _ => ["UPDATE", "DELETE"]
            .map(|event| {
                let name = event.to_lowercase();
                format!(
                    "CREATE TRIGGER {table}_no_{name} BEFORE {event} ON {table} \
                     BEGIN SELECT RAISE(ABORT, 'append-only'); END"
                )
            })
            .to_vec(),
    };
    for statement in statements {
        manager.get_connection().execute_unprepared(&statement).await?;
    }
    Ok(())
}
