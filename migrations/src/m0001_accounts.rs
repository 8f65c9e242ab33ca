//! Merchants, their people, and how they get in.

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
                .table("merchants")
                .col(uuid("id").primary_key())
                .col(string_uniq("imp_code"))
                .col(big_integer("created_at"))
                .to_owned(),
            Table::create()
                .table("stores")
                .col(uuid("id").primary_key())
                .col(uuid("merchant_id"))
                .col(boolean("is_primary"))
                .col(string("name"))
                .col(big_integer("created_at"))
                .foreign_key(ForeignKey::create().from("stores", "merchant_id").to("merchants", "id"))
                .to_owned(),
            Table::create()
                .table("members")
                .col(uuid("id").primary_key())
                .col(uuid("merchant_id"))
                .col(string("email"))
                // Lower case: what makes two addresses one account.
                .col(string_uniq("email_key"))
                .col(string("password_hash"))
                .col(string("role"))
                // Raised by one, every session of the member dies.
                .col(big_integer("session_epoch"))
                .col(string("terms_version"))
                .col(boolean("marketing"))
                .col(big_integer("consented_at"))
                .col(big_integer("created_at"))
                .foreign_key(ForeignKey::create().from("members", "merchant_id").to("merchants", "id"))
                .to_owned(),
            Table::create()
                .table("pending_signups")
                .col(uuid("id").primary_key())
                .col(string("email"))
                .col(string("email_key"))
                .col(string("password_hash"))
                .col(string("terms_version"))
                .col(boolean("marketing"))
                .col(big_integer("created_at"))
                .col(big_integer("expires_at"))
                .to_owned(),
            Table::create()
                .table("email_tokens")
                // SHA-256 of the 256-bit token.
                .col(binary_len("hash", 32).primary_key())
                .col(uuid("pending_signup_id"))
                .col(big_integer("created_at"))
                .col(big_integer("expires_at"))
                .col(big_integer_null("used_at"))
                .to_owned(),
            Table::create()
                .table("sessions")
                // SHA-256 of the cookie's id: a copy of the table opens no session.
                .col(binary_len("id_hash", 32).primary_key())
                .col(text("data"))
                .col(big_integer("expires_at"))
                .to_owned(),
            Table::create()
                .table("rest_api_keys")
                .col(uuid("merchant_id").primary_key())
                .col(string_uniq("key"))
                .col(big_integer("generation"))
                .col(binary("sealed_secret"))
                .col(big_integer("issued_at"))
                .foreign_key(ForeignKey::create().from("rest_api_keys", "merchant_id").to("merchants", "id"))
                .to_owned(),
            Table::create()
                .table("outbox_mails")
                .col(uuid("id").primary_key())
                .col(string("kind"))
                .col(string("recipient"))
                .col(string("language"))
                // What the mail says beyond its kind (a token), sealed, and wiped when the mail is sent.
                .col(binary_null("sealed_payload"))
                .col(string("state"))
                .col(integer("attempts"))
                .col(big_integer("due_at"))
                .col(big_integer("created_at"))
                .to_owned(),
            Table::create()
                .table("rate_counters")
                .col(string("name"))
                .col(string("subject"))
                .col(big_integer("window_at"))
                .col(integer("count"))
                .primary_key(Index::create().col("name").col("subject"))
                .to_owned(),
            Table::create().table("key_checks").col(string("key_id").primary_key()).col(binary("sealed")).to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let indexes = [
            Index::create().name("stores_merchant").table("stores").col("merchant_id").to_owned(),
            Index::create().name("members_merchant").table("members").col("merchant_id").to_owned(),
            Index::create().name("pending_signups_email").table("pending_signups").col("email_key").to_owned(),
            Index::create().name("sessions_expiry").table("sessions").col("expires_at").to_owned(),
            Index::create().name("outbox_due").table("outbox_mails").col("state").col("due_at").to_owned(),
        ];
        for index in indexes {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
