//! What stands in front of every request, one concern a file.

pub mod client_address;
pub mod headers;
pub mod same_origin;
