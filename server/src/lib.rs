//! The host: configuration, router, layers, worker, the payment core's API. Touches no table.
// Nothing that serves a request may panic; tests may.
#![deny(clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![deny(clippy::todo, clippy::unimplemented, clippy::unreachable)]
#![recursion_limit = "256"]

pub mod applications;
pub mod audit_heads;
pub mod backup;
pub mod command;
pub mod config;
pub mod core;
pub mod core_tokens;
pub mod demo;
mod downloads;
pub mod hardening;
pub mod keys;
pub mod layers;
pub mod listen;
pub mod names;
pub mod operations;
mod request_check;
mod rest;
pub mod router;
mod secret_pages;
pub mod serve;
mod system;
mod uploads;
mod utc;
mod worker;
