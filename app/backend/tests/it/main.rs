//! What a merchant, a stranger and a payment core can and cannot do, told on both databases.
//!
//! SQLite needs nothing. PostgreSQL is found through `CONSOLE_TEST_POSTGRES_URL`; `.setup/with-postgres.sh cargo test`
//! starts one for the run. Without it the PostgreSQL half says so and passes, except on CI.

// This is what allows `unwrap` below: clippy takes a helper for a test only inside `cfg(test)`.
#![cfg(test)]

#[macro_use]
mod support;

mod accounts;
mod api_secrets;
mod api_tokens;
mod applications;
mod applications_together;
mod channels;
mod completeness;
mod core;
mod core_nodes;
mod core_tokens;
mod credentials;
mod database;
mod drafts;
mod feed;
mod fresh;
mod history;
mod home;
mod languages;
mod limits;
mod mail_trouble;
mod migrating;
mod names;
mod older_catalogue;
mod outbox;
mod own_account;
mod planted;
mod races;
mod reading_the_trail;
mod resolve;
mod rotation;
mod scanning;
mod sealed_places;
mod search;
mod secret_reads;
mod secrets;
mod service_names;
mod sessions;
mod stores;
mod team;
mod trail;
mod twins;
mod v1_secret;
