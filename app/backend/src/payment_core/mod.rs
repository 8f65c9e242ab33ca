//! What the payment core is served: channels with their secrets, which of them a payment means, what changed, and who it
//! is that asks.

mod explain;
mod feed;
mod follow;
mod fresh;
mod load;
mod nodes;
mod packed_reads;
mod read;
mod reads;
mod resolve;
mod snapshot;
mod tokens;

pub use feed::EventKind;
pub use follow::{ChangeEvent, Changes, Followed};
pub(crate) use fresh::Fresh;
pub(crate) use load::Load;
pub use nodes::AckRefused;
pub use read::{CoreChannel, CoreStore, Wanted};
pub(crate) use reads::Reads;
pub use resolve::{ResolveV1, ResolveV2};
pub use snapshot::{Snapshot, SnapshotItem};
pub use tokens::{CoreCaller, CoreGrant, CoreTokenView, NewCoreToken};
