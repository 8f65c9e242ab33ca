//! 채널 이름.

use serde::{Deserialize, Serialize};
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

use crate::{form::ErrorCode, id::InvalidId, text};

/// A channel's name: 1 to 50 letters, digits, spaces, `_` and `-` (숫자, 공백, 글자, _, - in 채널설정방법), in NFC, single
/// spaces inside, none at the ends. Scripts may mix: "KCP 정기결제용".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChannelName(String);

impl ChannelName {
    /// In Unicode scalar values after NFC.
    pub const MAX: u32 = 50;

    pub fn parse(typed: &str) -> Result<Self, ErrorCode> {
        if text::is_endless(typed) {
            return Err(ErrorCode::TooLong { max: Self::MAX });
        }
        // Before the collapsing of white space: a tab is not a space that the rule allows, a double space is.
        if typed.trim().chars().any(|c| !allowed(c)) {
            return Err(ErrorCode::NameCharacters);
        }
        let name = text::clean_name(typed);
        // NFC may compose into a character that the parts were not.
        if name.is_empty() {
            Err(ErrorCode::Required)
        } else if name.chars().any(|c| !allowed(c)) {
            Err(ErrorCode::NameCharacters)
        } else if name.chars().count() > Self::MAX as usize {
            Err(ErrorCode::TooLong { max: Self::MAX })
        } else {
            Ok(Self(name))
        }
    }

    /// A name made of any text: what a name may not hold becomes a space, too long a name is cut.
    pub fn from_words(words: &str) -> Option<Self> {
        let kept: String = words.chars().map(|c| if allowed(c) { c } else { ' ' }).collect();
        let cut: String = text::clean_name(&kept).chars().take(Self::MAX as usize).collect();
        Self::parse(&cut).ok()
    }

    /// The same name with a number behind, cut so that both fit: "KSNET 결제창 일반결제 2".
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        let suffix = format!(" {number}");
        let head: String = self.0.chars().take(Self::MAX as usize - suffix.chars().count()).collect();
        Self(format!("{}{suffix}", head.trim_end()))
    }

    /// Two names with the same key are the same name to a person; unique per merchant and mode.
    pub fn key(&self) -> String {
        text::comparison_key(&self.0)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn allowed(c: char) -> bool {
    matches!(c, ' ' | '_' | '-')
        || !text::is_default_ignorable(c)
            && (matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark)
                || c.general_category() == unicode_properties::GeneralCategory::DecimalNumber)
}

impl TryFrom<String> for ChannelName {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::parse(&text).map_err(|_| InvalidId("ChannelName"))
    }
}

impl From<ChannelName> for String {
    fn from(name: ChannelName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(typed: &str) -> Result<String, ErrorCode> {
        ChannelName::parse(typed).map(String::from)
    }

    #[test]
    fn hangul_latin_digits_and_marks_may_mix() {
        for good in ["KCP 정기결제용", "ksnet_test-1", "日本 決済", "नमस्ते", "１２３"] {
            assert_eq!(name(good), Ok(good.to_owned()));
        }
    }

    #[test]
    fn spaces_are_trimmed_and_collapsed() {
        assert_eq!(name("  KCP   정기  "), Ok("KCP 정기".to_owned()));
    }

    #[test]
    fn other_characters_are_refused() {
        for bad in ["결제(신)", "a/b", "a.b", "a\tb", "a\u{00A0}b", "x\u{200B}y", "\u{3164}", "결제😀", "Ⅷ"] {
            assert_eq!(name(bad), Err(ErrorCode::NameCharacters), "{bad:?}");
        }
    }

    #[test]
    fn length_counts_scalar_values_after_composition() {
        assert_eq!(name(&"가".repeat(50)), Ok("가".repeat(50)));
        assert_eq!(name(&"가".repeat(51)), Err(ErrorCode::TooLong { max: 50 }));
        assert_eq!(name(&"\u{1100}\u{1161}".repeat(50)), Ok("가".repeat(50)));
    }

    #[test]
    fn an_empty_name_is_required() {
        assert_eq!(name("   "), Err(ErrorCode::Required));
    }

    #[test]
    fn a_suggested_name_drops_what_names_may_not_hold() {
        let words = "KG이니시스 결제창 방식 / API 방식 정기결제용";
        let suggested = ChannelName::from_words(words).map(String::from);
        assert_eq!(suggested.as_deref(), Some("KG이니시스 결제창 방식 API 방식 정기결제용"));
    }

    #[test]
    fn a_numbered_name_fits_the_limit() {
        let long = ChannelName::parse(&"가".repeat(50)).expect("valid");
        assert_eq!(long.numbered(12).as_str().chars().count(), 50);
    }
}
