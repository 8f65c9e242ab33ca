//! Identifiers that leave the house. Their forms are contracts (design of the credentials' form): SDKs, REST clients and
//! the payment core parse them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::credential::Brand;

/// A text that is not the identifier it was given as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct InvalidId(pub &'static str);

macro_rules! prefixed_uuid {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Uuid);

        impl $name {
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let uuid = text.strip_prefix($prefix).ok_or(InvalidId(stringify!($name)))?;
                // Only the hyphenated form that we print: one spelling a value, so that it can be compared as text.
                if uuid.len() != 36 || uuid.bytes().any(|b| b.is_ascii_uppercase()) {
                    return Err(InvalidId(stringify!($name)));
                }
                Uuid::parse_str(uuid).map(Self).map_err(|_| InvalidId(stringify!($name)))
            }
        }

        text_conversions!($name);
    };
}

macro_rules! text_conversions {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    };
}

prefixed_uuid!(
    /// 상점 아이디, `store-<uuid>`: what SDKs send as `storeId`.
    StoreId, "store-"
);
prefixed_uuid!(
    /// 채널 키, `channel-key-<uuid>`: stable for the channel's life, what SDKs send as `channelKey`.
    ChannelKey, "channel-key-"
);

prefixed_uuid!(
    /// A member, `member-<uuid>`: for forms of the team only.
    MemberId, "member-"
);
prefixed_uuid!(
    /// An invitation, `invitation-<uuid>`: for forms of the team only.
    InvitationId, "invitation-"
);
prefixed_uuid!(
    /// 전자결제 신청 of one module, `application-<uuid>`: what the service's operator names it by.
    ApplicationId, "application-"
);

/// 고객사 식별코드, `imp` and eight digits: what V1 SDKs send to `IMP.init`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImpCode(String);

impl ImpCode {
    /// From a number below 100,000,000; larger ones are reduced, since the caller draws them at random.
    pub fn from_number(number: u32) -> Self {
        Self(format!("imp{:08}", number % 100_000_000))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ImpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ImpCode {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let digits = text.strip_prefix("imp").ok_or(InvalidId("ImpCode"))?;
        if digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId("ImpCode"))
        }
    }
}

text_conversions!(ImpCode);

macro_rules! slug {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let fits = (1..=32).contains(&text.len())
                    && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
                if fits { Ok(Self(text.to_owned())) } else { Err(InvalidId(stringify!($name))) }
            }
        }

        text_conversions!($name);
    };
}

slug!(
    /// A provider of the catalogue, e.g. `inicis`: `[a-z0-9_]{1,32}`.
    ProviderId
);
slug!(
    /// A module of the catalogue, e.g. `inicis_v2`: `[a-z0-9_]{1,32}`, unique over all providers.
    ModuleId
);
slug!(
    /// A field of a module, e.g. `sign_key`: `[a-z0-9_]{1,32}`, unique within its module.
    FieldKey
);

/// What this console gives out, told by its form alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnKind {
    ImpCode,
    StoreId,
    ChannelKey,
    ApiSecret,
    CoreToken,
}

impl OwnKind {
    /// Recognises what was pasted into the wrong place. Credentials by their beginning: a damaged one is not a PG's value
    /// either.
    pub fn of(text: &str) -> Option<Self> {
        let begins = |brand: Brand| text.starts_with(brand.prefix()) && text.len() > 50;
        if text.parse::<ImpCode>().is_ok() {
            Some(Self::ImpCode)
        } else if text.parse::<StoreId>().is_ok() {
            Some(Self::StoreId)
        } else if text.parse::<ChannelKey>().is_ok() {
            Some(Self::ChannelKey)
        } else if begins(Brand::V2Secret) {
            Some(Self::ApiSecret)
        } else if begins(Brand::CoreToken) {
            Some(Self::CoreToken)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_key_reads_back_what_it_prints() {
        let key = ChannelKey::new(Uuid::from_u128(7));
        assert_eq!(key.to_string().parse(), Ok(key));
        assert_eq!(key.to_string().len(), 48);
    }

    #[test]
    fn a_channel_key_has_one_spelling() {
        for text in [
            "channel-key-00000000000000000000000000000007",
            "channel-key-0000000A-0000-0000-0000-000000000007",
            "store-00000000-0000-0000-0000-000000000007",
        ] {
            assert!(text.parse::<ChannelKey>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_this_console_gives_out_is_recognised_by_its_form() {
        let secret = format!("chv2_{}_{}", "k".repeat(12), "s".repeat(49));
        for (text, kind) in [
            ("imp12345678", Some(OwnKind::ImpCode)),
            ("store-00000000-0000-0000-0000-000000000007", Some(OwnKind::StoreId)),
            ("channel-key-00000000-0000-0000-0000-000000000007", Some(OwnKind::ChannelKey)),
            (secret.as_str(), Some(OwnKind::ApiSecret)),
            ("imp_1234", None),
            ("iamport01m", None),
            ("core_banking", None),
        ] {
            assert_eq!(OwnKind::of(text), kind, "{text}");
        }
    }

    #[test]
    fn an_imp_code_is_imp_and_eight_digits() {
        assert_eq!(ImpCode::from_number(42).as_str(), "imp00000042");
        for text in ["imp1234567", "imp123456789", "imq12345678", "imp1234567a"] {
            assert!(text.parse::<ImpCode>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_imp_code_reads_back_and_a_large_number_is_reduced() {
        let code = ImpCode::from_number(123_456_789);
        assert_eq!((code.as_str(), code.to_string().parse()), ("imp23456789", Ok(code.clone())));
        assert_eq!(ImpCode::from_number(100_000_000).as_str(), "imp00000000");
    }

    #[test]
    fn names_of_the_catalogue_are_short_and_plain() {
        for text in ["a", "inicis_v2", "0", "_", &"m".repeat(32)] {
            let id: ModuleId = text.parse().expect("a name");
            assert_eq!((id.as_str(), id.to_string().as_str()), (text, text));
        }
        for text in ["", "Inicis", "ini-cis", "ini cis", "가", &"m".repeat(33)] {
            assert!(text.parse::<ModuleId>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_credential_is_recognised_by_its_beginning_and_its_length() {
        for (length, kind) in [(51, Some(OwnKind::CoreToken)), (50, None)] {
            assert_eq!(OwnKind::of(&format!("core_{}", "s".repeat(length - 5))), kind);
        }
    }
}
