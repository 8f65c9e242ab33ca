//! 서비스 URL: where the merchant sells. Whoever reviews an application opens it, so it must be a public address.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::ApplicationError;
use crate::{form::ErrorCode, text};

/// Names that mean nothing, or something else, outside of one's own network (RFC 6761, 6762, 8375 and common use).
const PRIVATE: [&str; 13] = [
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "test",
    "invalid",
    "onion",
    "arpa",
];

/// An https address with a public host name. Only its text is looked at here; the backend looks the name up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServiceUrl(String);

impl ServiceUrl {
    pub const MAX: u32 = 300;

    pub fn parse(typed: &str) -> Result<Self, ErrorCode> {
        let url: String = text::clean_line(typed).nfc().collect();
        if url.is_empty() {
            return Err(ErrorCode::Required);
        }
        if url.chars().count() > Self::MAX as usize {
            return Err(ErrorCode::TooLong { max: Self::MAX });
        }
        if url.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '\\' | '"' | '<' | '>')) {
            return Err(ErrorCode::Characters);
        }
        let (scheme, rest) = url.split_once("://").ok_or(ApplicationError::UrlNotHttps)?;
        if !scheme.eq_ignore_ascii_case("https") {
            return Err(ApplicationError::UrlNotHttps.into());
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let host = host(authority).ok_or(ApplicationError::UrlHost)?;
        Ok(Self(format!("https://{host}{path}")))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host name, in the spelling that is kept.
    pub fn host(&self) -> &str {
        let rest = self.0.strip_prefix("https://").unwrap_or(&self.0);
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    }
}

/// The host name in the one spelling that is kept; `None` for what is no public name. Names are compared as a browser
/// reads them: ① is 1 to it, and 。 is a dot.
fn host(authority: &str) -> Option<String> {
    let authority = authority.strip_suffix(":443").unwrap_or(authority);
    let name: String = authority.replace('。', ".").nfkc().collect::<String>().to_lowercase();
    let name = name.strip_suffix('.').unwrap_or(&name);
    let labels: Vec<&str> = name.split('.').collect();
    let is_label = |label: &&str| {
        let fits = (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-');
        fits && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let last = labels.last()?;
    let second = labels.len() > 1 && name.len() <= 253 && labels.iter().all(is_label);
    // A last label of digits, or one that begins like 0x7f, makes an IPv4 address of the whole.
    let is_number = last.chars().all(char::is_numeric) || last.starts_with("0x");
    let is_private = PRIVATE.contains(last);
    (second && last.chars().count() > 1 && !is_number && !is_private).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_https_address_is_taken_in_one_spelling() {
        for (typed, kept) in [
            ("https://shop.example.com", "https://shop.example.com"),
            (" HTTPS://Shop.Example.COM/path?q=1 ", "https://shop.example.com/path?q=1"),
            ("https://shop.example.com:443/", "https://shop.example.com/"),
            ("https://우리가게.한국/", "https://우리가게.한국/"),
            ("https://xn--299a1v27nvthhjj.com", "https://xn--299a1v27nvthhjj.com"),
        ] {
            assert_eq!(ServiceUrl::parse(typed).map(|url| url.0), Ok(kept.to_owned()), "{typed}");
        }
    }

    #[test]
    fn the_host_is_what_is_looked_up() {
        for (typed, host) in [
            ("https://shop.example.com", "shop.example.com"),
            ("https://Shop.example.com:443/a/b?c", "shop.example.com"),
            ("https://우리가게.한국?utm=1", "우리가게.한국"),
        ] {
            assert_eq!(ServiceUrl::parse(typed).expect(typed).host(), host);
        }
    }

    #[test]
    fn what_is_not_https_is_refused() {
        for bad in ["http://shop.example.com", "shop.example.com", "ftp://shop.example.com", "javascript:alert(1)"] {
            assert_eq!(ServiceUrl::parse(bad), Err(ApplicationError::UrlNotHttps.into()), "{bad}");
        }
    }

    #[test]
    fn private_addresses_and_literal_ips_are_refused_in_every_spelling() {
        for bad in [
            "https://10.0.0.1",
            "https://8.8.8.8",
            "https://127.1",
            "https://2130706433",
            "https://0x7f.0.0.0x1",
            "https://①②⑦.0.0.1",
            "https://127。0。0。1",
            "https://[::1]",
            "https://[fe80::1]/",
            "https://localhost",
            "https://shop.localhost",
            "https://shop.local.",
            "https://db.internal",
            "https://shop",
            "https://user@shop.example.com",
            "https://user:password@shop.example.com",
            "https://shop.example.com:8443",
            "https://-shop.example.com",
            "https://shop..example.com",
            "https://",
            "https:///path",
        ] {
            assert_eq!(ServiceUrl::parse(bad), Err(ApplicationError::UrlHost.into()), "{bad}");
        }
        assert_eq!(ServiceUrl::parse("https://shop.example.com/a b"), Err(ErrorCode::Characters));
    }
}
