//! People of a merchant: invitations, links to a member's mailbox, sessions that can be told apart, sub-stores.

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
                .table("account_links")
                // SHA-256 of the 256-bit token.
                .col(binary_len("hash", 32).primary_key())
                .col(string("kind"))
                // Nobody's, where the address that was asked for has no account: the work is the same.
                .col(uuid_null("member_id"))
                // The new address, of a change of address.
                .col(string_null("email"))
                .col(big_integer("created_at"))
                .col(big_integer("expires_at"))
                .to_owned(),
            Table::create()
                .table("invitations")
                .col(uuid("id").primary_key())
                .col(uuid("merchant_id"))
                .col(string("email"))
                .col(string("email_key"))
                .col(string("role"))
                .col(string("memo"))
                .col(uuid_null("store_id"))
                .col(uuid("by_member"))
                // Null where the address had an account already: there is nothing to accept, and nobody is told.
                .col(binary_len_null("token_hash", 32))
                .col(big_integer("created_at"))
                .col(big_integer("expires_at"))
                .foreign_key(ForeignKey::create().from("invitations", "merchant_id").to("merchants", "id"))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let columns = [
            ("members", string("memo").default("").to_owned()),
            // The one sub-store that the member is limited to.
            ("members", uuid_null("store_id")),
            // The row stays for the history's sake; `email_key` is then no address any more.
            ("members", big_integer_null("removed_at")),
            // 3 of A-Z and 0-9; none of the primary store.
            ("stores", string_null("tier_code")),
            // What the session's own data says, once more for the list of a member's sessions.
            ("sessions", uuid_null("member_id")),
            ("sessions", string("device").default("").to_owned()),
            ("sessions", string("address").default("").to_owned()),
            ("sessions", big_integer("created_at").default(0).to_owned()),
            ("sessions", big_integer("seen_at").default(0).to_owned()),
        ];
        for (table, column) in columns {
            // SQLite adds one column at a time.
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        let indexes = [
            Index::create().name("account_links_member").table("account_links").col("member_id").to_owned(),
            Index::create().name("account_links_expiry").table("account_links").col("expires_at").to_owned(),
            Index::create().name("invitations_token").table("invitations").col("token_hash").unique().to_owned(),
            Index::create()
                .name("invitations_email")
                .table("invitations")
                .col("merchant_id")
                .col("email_key")
                .unique()
                .to_owned(),
            Index::create().name("sessions_member").table("sessions").col("member_id").to_owned(),
            Index::create().name("stores_tier").table("stores").col("merchant_id").col("tier_code").unique().to_owned(),
        ];
        for index in indexes {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
