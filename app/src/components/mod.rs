//! The pieces pages are made of. Markup and classes only; see `style/components`.
#![expect(clippy::needless_pass_by_value, reason = "components own their properties")]

mod banner;
mod chip;
mod copy;
mod field;
mod icon;
mod pager;
mod preferences;
mod select;
mod text_area;
mod when;

pub use banner::{Banner, ErrorBanner, Tone};
pub use chip::{ModeChip, ModuleChips, PurposeChip, StatusChip};
pub use copy::Copy;
pub use field::{CheckField, FieldMessage, Required, TextField};
pub use icon::{Icon, Mark};
pub use pager::Pager;
pub use preferences::Switches;
pub use select::SelectField;
pub use text_area::TextArea;
pub use when::{When, when_text};
