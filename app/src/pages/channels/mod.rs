//! 채널 관리: the list, adding, one channel, editing, its history.

mod choose;
mod detail;
mod edit;
mod fields;
mod inputs;
mod list;
mod new;
mod row;
mod versions;

pub use detail::ChannelPage;
pub use edit::EditChannelPage;
pub use list::ChannelListPage;
pub use new::NewChannelPage;
pub use versions::VersionsPage;
