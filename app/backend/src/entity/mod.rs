//! The tables, one file each. Private to this package: no row leaves it.

pub mod access_tokens;
pub mod account_links;
pub mod api_secrets;
pub mod audit_chains;
pub mod audit_events;
pub mod channel_versions;
pub mod channels;
pub mod config_events;
pub mod core_tokens;
pub mod drafts;
pub mod email_tokens;
pub mod feed_heads;
pub mod idempotency_keys;
pub mod invitations;
pub mod key_checks;
pub mod members;
pub mod merchants;
pub mod outbox_mails;
pub mod pending_signups;
pub mod rate_counters;
pub mod rest_api_keys;
pub mod sessions;
pub mod stores;
