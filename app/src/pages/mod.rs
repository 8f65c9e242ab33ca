//! One file a page: markup and words.
#![expect(clippy::needless_pass_by_value, reason = "components own their properties")]

pub mod account;
pub mod application;
pub mod auth;
pub mod channels;
pub mod console;
pub mod home;
pub mod keys;
pub mod not_found;
mod reason;
pub mod search;
pub mod stores;
#[cfg(debug_assertions)]
pub mod styleguide;
pub mod team;
pub mod trail;
