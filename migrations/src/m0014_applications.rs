//! 전자결제 신청: what a merchant entered, its 사업자등록증, and one application for each PG's module.

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
                .table("applications")
                .col(uuid("merchant_id").primary_key())
                // What was agreed to, in which version and when.
                .col(text("consents"))
                .col(text_null("business"))
                .col(text_null("service"))
                .col(string_null("bank"))
                // The account number; a revision is bound to it, so that an earlier one does not come back.
                .col(binary_null("sealed_number"))
                .col(big_integer("number_revision"))
                .col(big_integer_null("number_set_at"))
                .col(big_integer("created_at"))
                .col(big_integer("updated_at"))
                .foreign_key(ForeignKey::create().from("applications", "merchant_id").to("merchants", "id"))
                .to_owned(),
            Table::create()
                .table("application_files")
                .col(uuid("id").primary_key())
                .col(uuid_uniq("merchant_id"))
                .col(string("name"))
                .col(string("media"))
                .col(big_integer("bytes"))
                // The key of the content, sealed: a rotation wraps this anew and leaves the content alone.
                .col(binary("sealed_key"))
                .col(big_integer("created_at"))
                .foreign_key(ForeignKey::create().from("application_files", "merchant_id").to("merchants", "id"))
                .to_owned(),
            Table::create()
                .table("application_contents")
                .col(uuid("file_id").primary_key())
                .col(binary("sealed"))
                .to_owned(),
            Table::create()
                .table("application_contracts")
                .col(uuid("id").primary_key())
                .col(uuid("merchant_id"))
                .col(string("provider"))
                .col(string("module"))
                .col(text("choice"))
                .col(string("state"))
                .col(big_integer("state_at"))
                // What the operator said with the last move.
                .col(text("note"))
                .col(text("reviews"))
                // Of the mails about it.
                .col(string("language"))
                .col(big_integer("created_at"))
                .foreign_key(ForeignKey::create().from("application_contracts", "merchant_id").to("merchants", "id"))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        let indexes = [
            Index::create()
                .name("application_contracts_module")
                .table("application_contracts")
                .col("merchant_id")
                .col("module")
                .unique()
                .to_owned(),
            Index::create()
                .name("application_contracts_state")
                .table("application_contracts")
                .col("state")
                .col("created_at")
                .to_owned(),
        ];
        for index in indexes {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
