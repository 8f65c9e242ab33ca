//! Reading the trail: the page, the file, and whether it is whole. Writing it is [`crate::audit`].

mod read;
mod verify;

pub use verify::{Head, Soundness, Unsound};
