//! Channels: adding, editing, pausing, deleting with undo, and looking at them.

mod add;
mod assign;
mod compare;
mod edit;
mod history;
mod pairs;
mod patch;
mod reach;
mod read;
mod record;
mod row;
mod status;

pub use add::{Created, NewChannel};
pub use edit::Change;
pub use pairs::Twins;
pub use patch::ChannelPatch;
pub use read::ListQuery;
pub use record::{ChannelRecord, RecordQuery};
pub(crate) use row::{decode, decode_for_core, place, to_json};
