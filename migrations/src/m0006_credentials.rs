//! V2 API secrets, access tokens, and what the V1 key needs to give tokens out.

use sea_orm_migration::{prelude::*, schema::*};

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
                .table("api_secrets")
                .col(string("kid").primary_key())
                .col(uuid("merchant_id"))
                .col(uuid("store_id"))
                .col(string("name"))
                .col(string("name_key"))
                // Whether nobody else may have the name: until it is over, revoked or rolled.
                .col(boolean("holds_name"))
                .col(text("scopes"))
                .col(string("key_id"))
                // HMAC with a key of the ring: a row written by hand opens nothing.
                .col(binary_len("mac", 32))
                .col(uuid("created_by"))
                // Of the mails that warn of the end.
                .col(string("language"))
                .col(big_integer("created_at"))
                // Null lives until it is revoked.
                .col(big_integer_null("expires_at"))
                .col(big_integer_null("revoked_at"))
                .col(string_null("successor"))
                // When a rolled one ends; never after `expires_at`.
                .col(big_integer_null("retires_at"))
                .col(big_integer_null("last_used_at"))
                // The last warning sent, in days before the end.
                .col(integer_null("warned_days"))
                .foreign_key(ForeignKey::create().from("api_secrets", "merchant_id").to("merchants", "id"))
                .foreign_key(ForeignKey::create().from("api_secrets", "store_id").to("stores", "id"))
                .to_owned(),
            Table::create()
                .table("access_tokens")
                .col(string("kid").primary_key())
                .col(string("secret_kid"))
                .col(string("kind"))
                .col(string("key_id"))
                .col(binary_len("mac", 32))
                .col(big_integer("created_at"))
                .col(big_integer("expires_at"))
                .foreign_key(ForeignKey::create().from("access_tokens", "secret_kid").to("api_secrets", "kid"))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let indexes = [
            Index::create()
                .name("api_secrets_list")
                .table("api_secrets")
                .col("merchant_id")
                .col("created_at")
                .to_owned(),
            Index::create().name("api_secrets_end").table("api_secrets").col("expires_at").to_owned(),
            Index::create().name("access_tokens_secret").table("access_tokens").col("secret_kid").to_owned(),
            Index::create().name("access_tokens_expiry").table("access_tokens").col("expires_at").to_owned(),
        ];
        for index in indexes {
            manager.create_index(index).await?;
        }
        let columns = [
            ("rest_api_keys", big_integer("token_seq").default(0).to_owned()),
            ("rest_api_keys", string_null("token_key_id")),
            ("rest_api_keys", big_integer_null("token_expires_at")),
            ("rest_api_keys", big_integer_null("last_used_at")),
            ("config_events", string_null("credential_id")),
        ];
        for (table, column) in columns {
            // SQLite adds one column at a time.
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX api_secrets_name ON api_secrets (merchant_id, name_key) WHERE holds_name",
            )
            .await?;
        Ok(())
    }
}
