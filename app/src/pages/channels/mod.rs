//! 채널 관리: the list, adding, one channel, editing, its history.

mod about;
mod begun;
mod change_list;
mod changes;
mod choose;
mod code;
mod cores;
mod detail;
mod edit;
mod fields;
mod glossary;
mod inputs;
mod keeping;
mod list;
mod mid;
mod moves;
mod new;
mod paste;
mod pg_field;
mod promote;
mod providers;
mod request_check;
mod roll_back;
mod row;
mod secrets;
mod store;
mod twins;
mod versions;

pub use about::AboutModule;
pub use detail::ChannelPage;
pub use edit::EditChannelPage;
pub use list::ChannelListPage;
pub use new::NewChannelPage;
pub use promote::PromotePage;
pub use request_check::RequestCheckPage;
pub use roll_back::RollBackPage;
pub use row::ChannelRow;
#[cfg(debug_assertions)]
pub use row::RowContent;
pub use twins::TwinsPage;
pub use versions::VersionsPage;
