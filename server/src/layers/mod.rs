//! What stands in front of every request, one concern a file.

pub mod client_address;
pub mod come_back;
pub mod cookies;
pub mod error_pages;
pub mod forms;
mod forwarded;
pub mod headers;
pub mod hosts;
pub mod methods;
pub mod panics;
pub mod same_origin;
