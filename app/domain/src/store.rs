//! 상점: the primary one and its sub-stores.

use std::fmt;

use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::{
    form::{ErrorCode, FormErrors},
    id::StoreId,
    text,
};

/// 상점 이름: 1 to 50 characters on one line, in NFC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreName(String);

impl StoreName {
    pub const MAX: u32 = 50;

    pub fn parse(typed: &str) -> Result<Self, ErrorCode> {
        if text::is_endless(typed) {
            return Err(ErrorCode::TooLong { max: Self::MAX });
        }
        let name = text::clean_name(typed);
        if name.is_empty() {
            Err(ErrorCode::Required)
        } else if name.chars().any(|c| c.is_control() || text::is_default_ignorable(c)) {
            Err(ErrorCode::Characters)
        } else if name.chars().count() > Self::MAX as usize {
            Err(ErrorCode::TooLong { max: Self::MAX })
        } else {
            Ok(Self(name))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// 하위 상점 코드 (tier code): three of A-Z and 0-9, unique within a merchant and fixed for ever. V1 names a sub-store
/// by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierCode(String);

impl TierCode {
    pub const LENGTH: usize = 3;

    pub fn parse(typed: &str) -> Result<Self, ErrorCode> {
        if text::is_endless(typed) {
            return Err(ErrorCode::TierCode);
        }
        let code = text::clean_line(typed);
        if code.is_empty() {
            Err(ErrorCode::Required)
        } else if code.len() == Self::LENGTH && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
            Ok(Self(code))
        } else {
            Err(ErrorCode::TierCode)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TierCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 하위 상점 추가.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[serde(default)]
pub struct StoreForm {
    #[validate(length(max = 1000, code = "too_long"))]
    pub name: String,
    #[validate(length(max = 1000, code = "too_long"))]
    pub tier_code: String,
}

/// A sub-store that may be written down.
#[derive(Debug, Clone)]
pub struct NewStore {
    pub name: StoreName,
    pub tier_code: TierCode,
}

impl TryFrom<StoreForm> for NewStore {
    type Error = FormErrors;

    fn try_from(form: StoreForm) -> Result<Self, FormErrors> {
        let mut errors = FormErrors::default();
        let name = StoreName::parse(&form.name).map_err(|code| errors.push("name", code)).ok();
        let tier_code = TierCode::parse(&form.tier_code).map_err(|code| errors.push("tier_code", code)).ok();
        if let Err(shape) = form.validate() {
            errors.complete_with(shape.into());
        }
        match (name, tier_code) {
            (Some(name), Some(tier_code)) if errors.is_empty() => Ok(Self { name, tier_code }),
            _ => Err(errors),
        }
    }
}

/// A store as lists and choices show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreView {
    pub id: StoreId,
    pub name: String,
    /// None of the primary store.
    pub tier_code: Option<String>,
    pub is_primary: bool,
    /// UTC milliseconds since 1970.
    pub created_at: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tier_code_is_three_capitals_or_digits() {
        for good in ["ABC", "123", "A1Z", " ABC ", "ＡＢ１"] {
            assert!(TierCode::parse(good).is_ok(), "{good}");
        }
        for bad in ["AB", "ABCD", "abc", "A-1", "가나다", "É12"] {
            assert_eq!(TierCode::parse(bad), Err(ErrorCode::TierCode), "{bad}");
        }
        assert_eq!(TierCode::parse(" "), Err(ErrorCode::Required));
    }

    #[test]
    fn a_store_name_is_cleaned_and_has_1_to_50_characters() {
        assert_eq!(StoreName::parse("  강남   점 ").map(|name| name.0), Ok("강남 점".to_owned()));
        assert_eq!(StoreName::parse(&"가".repeat(51)), Err(ErrorCode::TooLong { max: 50 }));
        for bad in ["강남\u{202E}점", "\u{3164}", "a\0b"] {
            assert_eq!(StoreName::parse(bad), Err(ErrorCode::Characters), "{bad:?}");
        }
    }
}
