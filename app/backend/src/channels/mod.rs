//! Channels: adding, editing, pausing, deleting with undo, and looking at them.

mod add;
mod assign;
mod edit;
mod reach;
mod read;
mod row;
mod status;

pub use add::{Created, NewChannel};
pub use edit::Change;
pub use read::ListQuery;
pub(crate) use row::{decode, to_json};
