//! 채널 관리: the list, adding, one channel, editing, its history.

mod about;
mod begun;
mod changes;
mod choose;
mod cores;
mod detail;
mod edit;
mod fields;
mod glossary;
mod inputs;
mod keeping;
mod list;
mod mid;
mod new;
mod paste;
mod pg_field;
mod providers;
mod request_check;
mod row;
mod store;
mod versions;

pub use about::AboutModule;
pub use detail::ChannelPage;
pub use edit::EditChannelPage;
pub use list::ChannelListPage;
pub use new::NewChannelPage;
pub use request_check::RequestCheckPage;
pub use versions::VersionsPage;
