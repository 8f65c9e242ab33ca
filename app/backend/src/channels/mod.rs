//! Channels: adding, editing, pausing, deleting with undo, and looking at them.

mod add;
mod assign;
mod compare;
mod edit;
mod heads;
mod history;
mod list;
mod pairs;
mod patch;
mod promote;
mod reach;
mod read;
mod record;
mod row;
mod sought;
mod status;

pub use add::{Created, NewChannel};
pub use edit::Change;
pub(crate) use heads::Heads;
pub use list::ListQuery;
pub use pairs::Twins;
pub use patch::ChannelPatch;
pub use promote::{Promoted, Promotion};
pub use record::{ChannelRecord, RecordQuery};
pub(crate) use row::{decode, decode_for_core, place, to_json};
