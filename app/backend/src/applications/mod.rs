//! 전자결제 신청: what a merchant enters and asks for, and how the service's operator moves it.

mod business;
mod choose;
mod consent;
mod file;
mod mails;
mod operate;
mod read;
mod record;
mod submit;

pub use file::KeptFile;
pub(crate) use file::file_key_place;
pub(crate) use mails::ApplicationNotice;
pub use operate::{Operated, OperatedList, Operator};
pub(crate) use record::number_place;
