//! Channels, their immutable versions, drafts, and what the payment core needs.

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
                .table("channels")
                .col(uuid("id").primary_key())
                .col(uuid("merchant_id"))
                .col(uuid("store_id"))
                .col(string("mode"))
                .col(string("provider"))
                .col(string("module"))
                .col(string("name"))
                .col(string("name_key"))
                .col(string("purpose"))
                .col(string("mid"))
                .col(string("status"))
                .col(big_integer("current_version"))
                .col(big_integer("created_at"))
                .col(big_integer("updated_at"))
                .col(big_integer_null("archived_at"))
                .foreign_key(ForeignKey::create().from("channels", "merchant_id").to("merchants", "id"))
                .foreign_key(ForeignKey::create().from("channels", "store_id").to("stores", "id"))
                .to_owned(),
            Table::create()
                .table("channel_versions")
                .col(uuid("channel_id"))
                .col(big_integer("version"))
                .col(uuid("merchant_id"))
                .col(uuid("store_id"))
                .col(string("name"))
                .col(string("purpose"))
                .col(string("status"))
                .col(string("mid"))
                .col(string("credentials"))
                .col(text("uses"))
                .col(text("public_fields"))
                // Label, set-at and fingerprint of each secret field: what may be said about it.
                .col(text("secret_notes"))
                .col(string("tax"))
                .col(integer("catalogue_revision"))
                // The version whose row holds the sealed secrets; its own number when it holds them itself.
                .col(big_integer("secrets_of"))
                .col(string_null("key_id"))
                .col(binary_null("wrapped_key"))
                .col(text_null("sealed_secrets"))
                .col(uuid("by_member"))
                .col(big_integer("at"))
                .col(string("reason"))
                .primary_key(Index::create().col("channel_id").col("version"))
                .foreign_key(ForeignKey::create().from("channel_versions", "channel_id").to("channels", "id"))
                .to_owned(),
            Table::create()
                .table("drafts")
                .col(uuid("id").primary_key())
                .col(uuid("member_id"))
                .col(string("form"))
                .col(binary("sealed"))
                .col(big_integer("expires_at"))
                .foreign_key(ForeignKey::create().from("drafts", "member_id").to("members", "id"))
                .to_owned(),
            Table::create()
                .table("idempotency_keys")
                .col(uuid("merchant_id"))
                .col(string("route"))
                .col(string("key"))
                .col(binary_len("fingerprint", 32))
                .col(text("response"))
                .col(big_integer("created_at"))
                .primary_key(Index::create().col("merchant_id").col("route").col("key"))
                .to_owned(),
            Table::create()
                .table("core_tokens")
                .col(string("kid").primary_key())
                .col(string("name"))
                .col(string("key_id"))
                // HMAC with a key of the ring: a row written by hand opens nothing.
                .col(binary_len("mac", 32))
                .col(big_integer("created_at"))
                .col(big_integer_null("revoked_at"))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let indexes = [
            Index::create()
                .name("channels_list")
                .table("channels")
                .col("merchant_id")
                .col("mode")
                .col("created_at")
                .to_owned(),
            Index::create()
                .name("channels_mid")
                .table("channels")
                .col("merchant_id")
                .col("module")
                .col("mid")
                .to_owned(),
            Index::create().name("drafts_form").table("drafts").col("member_id").col("form").unique().to_owned(),
        ];
        for index in indexes {
            manager.create_index(index).await?;
        }
        // A name is taken among channels that are not archived. Both databases know partial indexes; the builder does not.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX channels_name ON channels (merchant_id, mode, name_key) WHERE archived_at IS NULL",
            )
            .await?;
        Ok(())
    }
}
