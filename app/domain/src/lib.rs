//! What Channel Console is about: the vocabulary as types, the rules on values, the catalogue of payment gateways.
//!
//! Everything here compiles natively and to wasm and does no IO. A rule about a *value* lives where that value is
//! parsed; a rule about a *row* (a taken name, a stale version) lives in `backend`, where the row is written.
// Nothing that serves a request may panic; tests may.
#![deny(clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![deny(clippy::todo, clippy::unimplemented, clippy::unreachable)]

pub mod account;
pub mod api_secret;
pub mod application;
pub mod catalogue;
pub mod channel;
pub mod clock;
pub mod credential;
pub mod form;
pub mod home;
pub mod id;
pub mod member;
pub mod own_account;
pub mod page;
pub mod receipt;
pub mod request_check;
pub mod resolve;
pub mod search;
pub mod secret;
pub mod store;
pub mod team;
pub mod text;
pub mod trail;
