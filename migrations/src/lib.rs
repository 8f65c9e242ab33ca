//! The schema, forward-only and the same on SQLite and PostgreSQL.
//!
//! Conventions: times are UTC milliseconds since 1970 in `bigint` columns ending in `_at` (one order on both
//! databases), ids are UUIDs, structured values are JSON in `text`, sealed values are `blob`.

#![cfg_attr(
    not(test),
    expect(clippy::wildcard_imports, reason = "the vocabulary of schema definitions is meant to be imported whole")
)]
#![expect(clippy::too_many_lines, reason = "a migration is a list of tables")]

use sea_orm_migration::prelude::*;

mod m0001_accounts;
mod m0002_channels;
mod m0003_trail;
mod m0004_asked_fields;
mod m0005_trail_details;
mod m0006_credentials;
mod m0007_people;
mod m0008_payment_core;
mod m0009_channels_by_mid;
mod m0011_consoles;
mod m0012_channel_history;
mod m0013_applications_submitted;
mod m0014_applications;
mod m0016_secret_reads;
mod m0017_member_language;
mod m0018_unnumbered_events;

pub use sea_orm_migration::MigratorTrait;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_accounts::Migration),
            Box::new(m0002_channels::Migration),
            Box::new(m0003_trail::Migration),
            Box::new(m0004_asked_fields::Migration),
            Box::new(m0005_trail_details::Migration),
            Box::new(m0006_credentials::Migration),
            Box::new(m0007_people::Migration),
            Box::new(m0008_payment_core::Migration),
            Box::new(m0009_channels_by_mid::Migration),
            Box::new(m0011_consoles::Migration),
            Box::new(m0012_channel_history::Migration),
            Box::new(m0014_applications::Migration),
            // It came later than its number.
            Box::new(m0013_applications_submitted::Migration),
            Box::new(m0017_member_language::Migration),
            Box::new(m0016_secret_reads::Migration),
            Box::new(m0018_unnumbered_events::Migration),
        ]
    }
}
