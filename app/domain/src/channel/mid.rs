//! PG상점아이디: the merchant's id at the PG.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    form::ErrorCode,
    id::{InvalidId, ModuleId, ProviderId},
    text,
};

/// A MID: 1 to 80 visible ASCII characters (80 is V1's `pg_id`). The PG may call it CPID, 사이트코드, CID, …
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mid(String);

impl Mid {
    pub const MAX: u32 = 80;

    /// Cleans and checks what was typed.
    pub fn parse(typed: &str) -> Result<Self, ErrorCode> {
        if text::is_endless(typed) {
            return Err(ErrorCode::TooLong { max: Self::MAX });
        }
        let mid = text::clean_line(typed);
        if mid.is_empty() {
            Err(ErrorCode::Required)
        } else if mid.chars().count() > Self::MAX as usize {
            Err(ErrorCode::TooLong { max: Self::MAX })
        } else if mid.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(Self(mid))
        } else {
            Err(ErrorCode::Characters)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Mid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Mid {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::parse(&text).map_err(|_| InvalidId("Mid"))
    }
}

impl From<Mid> for String {
    fn from(mid: Mid) -> Self {
        mid.0
    }
}

/// Where a MID is on a shared test list, when that is not the module at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignTestMid {
    pub provider: ProviderId,
    pub module: ModuleId,
}

/// Knows the shared test MIDs of all modules: the catalogue on the server. The browser, which has one module, passes
/// `()` and leaves that check to the server.
pub trait MidDirectory {
    /// Where else `mid` is a shared test MID. A MID may be on several lists (`iamport01m` is both 스마트로's and 나이스's),
    /// so callers look at their own module first.
    fn elsewhere(&self, mid: &str, own: &ModuleId) -> Option<ForeignTestMid>;
}

impl MidDirectory for () {
    fn elsewhere(&self, _: &str, _: &ModuleId) -> Option<ForeignTestMid> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mid_is_cleaned_before_it_is_checked() {
        assert_eq!(Mid::parse(" ２９９９199999\u{200B} ").map(String::from), Ok("2999199999".to_owned()));
    }

    #[test]
    fn a_mid_with_a_space_or_hangul_inside_is_refused() {
        for typed in ["INI pay", "이니시스"] {
            assert_eq!(Mid::parse(typed), Err(ErrorCode::Characters), "{typed}");
        }
        assert_eq!(Mid::parse(&"a".repeat(81)), Err(ErrorCode::TooLong { max: 80 }));
    }
}
