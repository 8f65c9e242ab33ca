//! The form of the credentials we issue: `<brand>_<kid 12><43 base62 = 256 bit><6 base62 = CRC-32>`.
//!
//! The check sum lets a wrong character be refused before any lookup, and lets an offline scanner tell our tokens from
//! noise. Used by core tokens (`core_…`), V2 API secrets (`chv2_…`) and the access tokens of both versions.

use serde::{Deserialize, Serialize};

use crate::member::Permission;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const KID: usize = 12;
const V1_KEY: usize = 16;
const SECRET: usize = 43;
const CHECK: usize = 6;

/// Which credential a token is, told by its brand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brand {
    CoreToken,
    V2Secret,
    /// An access token of V1; its id part is the REST API Key, packed.
    V1Access,
    V2Access,
    V2Refresh,
}

impl Brand {
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::CoreToken => "core_",
            Self::V2Secret => "chv2_",
            Self::V1Access => "chv1t_",
            Self::V2Access => "chv2t_",
            Self::V2Refresh => "chv2r_",
        }
    }
}

/// What an API secret may be used for (`credentials:verify` tells the payment core).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    #[serde(rename = "channels:read")]
    ChannelsRead,
    #[serde(rename = "channels:write")]
    ChannelsWrite,
    #[serde(rename = "payments")]
    Payments,
}

impl Scope {
    pub const ALL: [Self; 3] = [Self::ChannelsRead, Self::ChannelsWrite, Self::Payments];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChannelsRead => "channels:read",
            Self::ChannelsWrite => "channels:write",
            Self::Payments => "payments",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }

    /// The scope that stands for a member's permission; what has none is for people only.
    pub const fn for_permission(permission: Permission) -> Option<Self> {
        match permission {
            Permission::ViewChannels => Some(Self::ChannelsRead),
            Permission::EditTestChannels | Permission::EditLiveChannels => Some(Self::ChannelsWrite),
            Permission::IssueCredentials
            | Permission::ViewKeys
            | Permission::ManageMembers
            | Permission::ManageAdmins
            | Permission::ViewApplication
            | Permission::EditApplication => None,
        }
    }
}

/// What a token of the cores' listener may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CoreScope {
    /// Channels with their secrets, and everything that tells of their changes.
    #[serde(rename = "channels:read")]
    ChannelsRead,
    #[serde(rename = "credentials:verify")]
    CredentialsVerify,
    /// 전자결제 신청, by the service's operator: nothing that a payment core needs.
    #[serde(rename = "applications:operate")]
    ApplicationsOperate,
}

impl CoreScope {
    pub const ALL: [Self; 3] = [Self::ChannelsRead, Self::CredentialsVerify, Self::ApplicationsOperate];
    /// What a payment core needs: a token for which nothing is said has these.
    pub const PAYMENT_CORE: [Self; 2] = [Self::ChannelsRead, Self::CredentialsVerify];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChannelsRead => "channels:read",
            Self::CredentialsVerify => "credentials:verify",
            Self::ApplicationsOperate => "applications:operate",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

/// A token taken apart; its check sum was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// 12 characters of `[0-9A-Za-z]`: public, what the row is found by.
    pub kid: &'a str,
}

/// Builds a token from a 12-character key id and 256 random bits. `crc32` is CRC-32 (IEEE), passed in so that this
/// crate needs no implementation of it.
pub fn format_token(brand: Brand, kid: &str, secret: &[u8; 32], crc32: impl Fn(&[u8]) -> u32) -> String {
    let mut token = format!("{}{kid}_{}", brand.prefix(), base62(secret, SECRET));
    let check = base62(&crc32(token.as_bytes()).to_be_bytes(), CHECK);
    token.push_str(&check);
    token
}

/// Takes a token apart; `None` when its brand, length, alphabet or check sum is wrong.
pub fn parse_token(brand: Brand, text: &str, crc32: impl Fn(&[u8]) -> u32) -> Option<Token<'_>> {
    let body = text.strip_prefix(brand.prefix())?;
    if !body.is_ascii() || body.len() != KID + 1 + SECRET + CHECK {
        return None;
    }
    let (kid, rest) = body.split_at(KID);
    let rest = rest.strip_prefix('_')?;
    if !kid.bytes().chain(rest.bytes()).all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let (signed, check) = text.split_at(text.len() - CHECK);
    (base62(&crc32(signed.as_bytes()).to_be_bytes(), CHECK) == check).then_some(Token { kid })
}

/// A big-endian number in base 62, left-padded with `0` to `width` digits.
pub fn base62(bytes: &[u8], width: usize) -> String {
    let mut number = bytes.to_vec();
    let mut digits = vec![b'0'; width];
    for digit in digits.iter_mut().rev() {
        let mut remainder = 0u32;
        for byte in &mut number {
            let value = remainder << 8 | u32::from(*byte);
            *byte = u8::try_from(value / 62).unwrap_or(u8::MAX);
            remainder = value % 62;
        }
        *digit = character(remainder);
    }
    digits.into_iter().map(char::from).collect()
}

#[expect(clippy::indexing_slicing, reason = "a remainder of 62 is a place among 62 characters")]
const fn character(number: u32) -> u8 {
    ALPHABET[(number % 62) as usize]
}

/// The id part that stands for a REST API Key (16 digits) in its access tokens.
pub fn kid_of_v1_key(key: &str) -> Option<String> {
    let is_key = key.len() == V1_KEY && key.bytes().all(|b| b.is_ascii_digit());
    let number: u64 = is_key.then(|| key.parse().ok())??;
    Some(base62(&number.to_be_bytes(), KID))
}

/// The REST API Key behind an id part.
pub fn v1_key_of_kid(kid: &str) -> Option<String> {
    let number = kid.bytes().try_fold(0u64, |number, byte| {
        let digit = ALPHABET.iter().position(|known| *known == byte)?;
        number.checked_mul(62)?.checked_add(u64::try_from(digit).ok()?)
    })?;
    let key = format!("{number:0V1_KEY$}");
    (key.len() == V1_KEY).then_some(key)
}

/// `length` characters of `[0-9A-Za-z]`, each equally likely; `None` when `random` runs out of usable bytes (bytes of
/// 248 and more are thrown away, so that no character is favoured).
pub fn alphanumeric(random: &[u8], length: usize) -> Option<String> {
    let mut fair = random.iter().filter(|b| **b < 248).map(|b| char::from(character(u32::from(*b))));
    let text: String = fair.by_ref().take(length).collect();
    (text.len() == length).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CRC-32 (IEEE), bit by bit: slow and obviously right.
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { 0xEDB8_8320 ^ c >> 1 } else { c >> 1 })
        })
    }

    #[test]
    fn a_token_is_read_back() {
        let token = format_token(Brand::CoreToken, "abcDEF012345", &[0xA5; 32], crc32);
        assert_eq!(parse_token(Brand::CoreToken, &token, crc32), Some(Token { kid: "abcDEF012345" }));
        assert_eq!(parse_token(Brand::V2Secret, &token, crc32), None);
    }

    #[test]
    fn one_wrong_character_anywhere_is_refused() {
        let token = format_token(Brand::V2Secret, "abcDEF012345", &[7; 32], crc32);
        for position in 0..token.len() {
            let mut wrong = token.clone().into_bytes();
            wrong[position] = if wrong[position] == b'x' { b'y' } else { b'x' };
            let wrong = String::from_utf8(wrong).expect("ASCII");
            assert_eq!(parse_token(Brand::V2Secret, &wrong, crc32), None, "{wrong}");
        }
    }

    #[test]
    fn a_v1_key_travels_in_the_id_part_of_its_tokens() {
        for key in ["0000000000000000", "0000000000000042", "9999999999999999"] {
            let kid = kid_of_v1_key(key).expect("a key");
            assert_eq!((kid.len(), v1_key_of_kid(&kid).as_deref()), (KID, Some(key)));
        }
        assert_eq!(kid_of_v1_key("12345678901234567"), None);
        assert_eq!(v1_key_of_kid("zzzzzzzzzzzz"), None);
        assert_eq!(v1_key_of_kid("가"), None);
    }

    #[test]
    fn base62_pads_on_the_left() {
        assert_eq!(base62(&[0, 0], 4), "0000");
        assert_eq!(base62(&[0, 62], 4), "0010");
        assert_eq!(base62(&[0xFF; 32], SECRET).len(), SECRET);
    }

    #[test]
    fn what_is_cut_or_lengthened_is_no_token_whatever_its_check_sum() {
        let token = format_token(Brand::V2Secret, "abcDEF012345", &[7; 32], crc32);
        let signed = &token[..token.len() - CHECK];
        for wrong in [&signed[..signed.len() - 1], &format!("{signed}0"), &signed.replace("abc", "ab-"), &signed[5..]] {
            let check = base62(&crc32(wrong.as_bytes()).to_be_bytes(), CHECK);
            assert_eq!(parse_token(Brand::V2Secret, &format!("{wrong}{check}"), crc32), None, "{wrong}");
        }
        let unparted = signed.replacen("5_", "5A", 1);
        let check = base62(&crc32(unparted.as_bytes()).to_be_bytes(), CHECK);
        assert_eq!(parse_token(Brand::V2Secret, &format!("{unparted}{check}"), crc32), None);
    }

    #[test]
    fn base62_counts_as_numbers_do() {
        for (number, digits) in [(0u64, "0000"), (61, "000z"), (62, "0010"), (62 * 62 - 1, "00zz"), (123_456, "0W7E")] {
            assert_eq!(base62(&number.to_be_bytes(), 4), digits);
        }
        assert_eq!(
            v1_key_of_kid(&base62(&9_999_999_999_999_999u64.to_be_bytes(), KID)).as_deref(),
            Some("9999999999999999")
        );
        assert_eq!(v1_key_of_kid(&base62(&10_000_000_000_000_000u64.to_be_bytes(), KID)), None);
    }

    #[test]
    fn every_scope_reads_back_and_stands_for_what_it_says() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
        }
        for scope in CoreScope::ALL {
            assert_eq!(CoreScope::parse(scope.as_str()), Some(scope));
        }
        assert_eq!((Scope::parse("channels"), CoreScope::parse("channels:write")), (None, None));
        let needed = Permission::ALL.map(Scope::for_permission);
        let write = Some(Scope::ChannelsWrite);
        assert_eq!(needed[..3], [Some(Scope::ChannelsRead), write, write]);
        assert!(needed[3..].iter().all(Option::is_none), "{needed:?}");
    }

    #[test]
    fn no_character_is_likelier_and_none_is_missing() {
        let every: Vec<u8> = (0..=255).collect();
        let drawn = alphanumeric(&every, 248).expect("enough");
        for known in ALPHABET {
            assert_eq!(drawn.bytes().filter(|byte| byte == known).count(), 4);
        }
        assert_eq!(alphanumeric(&every, 249), None);
    }
}
