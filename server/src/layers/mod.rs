//! What stands in front of every request, one concern a file.

pub mod client_address;
pub mod cookies;
pub mod forms;
pub mod headers;
pub mod same_origin;
