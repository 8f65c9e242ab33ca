//! One file a page: markup and words.

pub mod auth;
pub mod channels;
pub mod console;
pub mod home;
pub mod not_found;
