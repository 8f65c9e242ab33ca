//! Every URL of a page, once.

use domain::{
    application::Step,
    channel::{Mode, view::ChannelSummary},
    id::{ApplicationId, ChannelKey, StoreId},
    trail::TrailQuery,
};
use leptos_router::location::Url;

pub const HOME: &str = "/";
pub const SIGN_UP: &str = "/signup";
pub const LOG_IN: &str = "/login";
pub const VERIFY_EMAIL: &str = "/verify-email";
pub const RESEND: &str = "/verify-email/resend";
pub const FORGOT_PASSWORD: &str = "/forgot-password";
pub const RESET_PASSWORD: &str = "/reset-password";
pub const INVITATION: &str = "/invitations";
pub const ACCOUNT: &str = "/account";
pub const CONFIRM_EMAIL: &str = "/account/email";
pub const TEAM: &str = "/team";
pub const STORES: &str = "/stores";
pub const TERMS: &str = "/terms";
pub const PRIVACY: &str = "/privacy";
/// 연동 관리: what its pages begin with.
pub const INTEGRATION: &str = "/integration";
pub const CHANNELS: &str = "/integration/channels";
pub const AUDIT: &str = "/audit";
pub const AUDIT_FILE: &str = "/audit.csv";
pub const NEW_CHANNEL: &str = "/integration/channels/new";
pub const NEW_LIVE_CHANNEL: &str = "/integration/channels/new?mode=live";
/// 검색
pub const SEARCH: &str = "/search";

/// 전자결제 신청
pub const APPLICATION: &str = "/application";
pub const APPLICATION_BUSINESS: &str = "/application/business";
pub const APPLICATION_PGS: &str = "/application/pgs";
pub const APPLICATION_NEW_PG: &str = "/application/pgs/new";
pub const APPLICATION_SUMMARY: &str = "/application/summary";
/// 사업자등록증: uploaded and downloaded.
pub const APPLICATION_REGISTRATION: &str = "/application/registration";

pub const KEYS: &str = "/integration/keys";
/// Shows the V1 secret, to who types the password.
pub const KEYS_SHOW: &str = "/integration/keys/secret";
pub const KEYS_REISSUE: &str = "/integration/keys/reissue";
pub const KEYS_V2: &str = "/integration/keys/v2";
pub const KEYS_V2_NEW: &str = "/integration/keys/v2/new";

/// The login, and back to a page of ours afterwards.
pub fn log_in_to(here: &str) -> String {
    let next = here.bytes().fold(String::new(), |text, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => format!("{text}{}", char::from(byte)),
        _ => format!("{text}%{byte:02X}"),
    });
    format!("{LOG_IN}?next={next}")
}

pub fn roll_secret(kid: &str) -> String {
    format!("{KEYS_V2}/{}/roll", word(kid))
}

pub fn revoke_secret(kid: &str) -> String {
    format!("{KEYS_V2}/{}/revoke", word(kid))
}

pub fn channel(key: ChannelKey) -> String {
    format!("{CHANNELS}/{key}")
}

pub fn edit_channel(key: ChannelKey) -> String {
    format!("{CHANNELS}/{key}/edit")
}

pub fn versions(key: ChannelKey) -> String {
    format!("{CHANNELS}/{key}/versions")
}

/// 요청 검사: a page that the server draws and nothing brings alive.
pub fn request_check(key: ChannelKey) -> String {
    format!("{CHANNELS}/{key}/check")
}

/// Whether a page stays as the server drew it.
pub fn is_still(path: &str) -> bool {
    path.starts_with(CHANNELS) && path.ends_with("/check")
}

/// One step of 비즈니스 인증.
pub fn application_step(step: Step) -> String {
    format!("{APPLICATION_BUSINESS}?step={step}")
}

/// What of a module is applied for.
pub fn application_module(module: &str) -> String {
    format!("{APPLICATION_NEW_PG}?module={}", word(module))
}

/// The modules of a provider that can be applied for.
pub fn application_provider(provider: &str) -> String {
    format!("{APPLICATION_NEW_PG}?provider={}", word(provider))
}

pub fn contract(id: ApplicationId) -> String {
    format!("{APPLICATION_PGS}/{id}")
}

/// 변경 이력 from a page on.
pub fn versions_page(key: ChannelKey, page: u64) -> String {
    if page > 1 { format!("{}?page={page}", versions(key)) } else { versions(key) }
}

/// 검색 with something typed.
pub fn search(typed: &str) -> String {
    format!("{SEARCH}?q={}", Url::escape(typed))
}

/// 채널 관리 of a mode.
pub fn channels_of(mode: Mode) -> String {
    format!("{CHANNELS}?mode={mode}")
}

/// The channels of a mode that are found by something typed, all of them.
pub fn channels_found(mode: Mode, typed: &str) -> String {
    format!("{CHANNELS}?mode={mode}&q={}", Url::escape(typed))
}

/// Going back to a version.
pub fn roll_back(key: ChannelKey, version: i64) -> String {
    format!("{}/{version}", versions(key))
}

/// A test channel beside its live one.
pub fn twins(key: ChannelKey) -> String {
    format!("{CHANNELS}/{key}/twin")
}

/// 실연동으로 올리기
pub fn promote(key: ChannelKey) -> String {
    format!("{CHANNELS}/{key}/promote")
}

/// The first step of 채널 추가 with the modules of a provider.
pub fn new_channel_modules(mode: &str, provider: &str) -> String {
    format!("{NEW_CHANNEL}?mode={}&provider={}", word(mode), word(provider))
}

/// The second step of 채널 추가.
pub fn new_channel(mode: &str, provider: &str, module: &str) -> String {
    format!("{}&module={}", new_channel_modules(mode, provider), word(module))
}

/// The second step, of a channel that is duplicated if one is named.
pub fn new_channel_from(mode: &str, provider: &str, module: &str, from: Option<ChannelKey>) -> String {
    let step = new_channel(mode, provider, module);
    from.map_or_else(|| step.clone(), |from| format!("{step}&from={from}"))
}

/// The second step with what a channel has, secrets apart.
pub fn clone_channel(channel: &ChannelSummary) -> String {
    let ChannelSummary { mode, provider, module, key, .. } = channel;
    new_channel_from(mode.as_str(), provider.as_str(), module.as_str(), Some(*key))
}

/// The second step in test mode with a shared test MID and a name filled in.
pub fn new_test_channel(provider: &str, module: &str, mid: &str, name: &str) -> String {
    format!("{}&mid={}&name={}", new_channel("test", provider, module), Url::escape(mid), Url::escape(name))
}

/// A page with filters, and with a page number beyond the first. Blank filters are left out.
pub fn with_query(path: &str, query: &TrailQuery, page: Option<u64>) -> String {
    let page = page.filter(|page| *page > 1).map(|page| page.to_string()).unwrap_or_default();
    let parts = [
        ("kind", &query.kind),
        ("outcome", &query.outcome),
        ("who", &query.who),
        ("target", &query.target),
        ("from", &query.from),
        ("until", &query.until),
        ("page", &page),
    ];
    let filled = parts.into_iter().filter(|(_, value)| !value.is_empty());
    let query = filled.map(|(name, value)| format!("{name}={}", Url::escape(value))).collect::<Vec<_>>().join("&");
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The same place seen from a chosen store, which the URL keeps; the primary store's, where none is.
pub fn in_store(path: &str, store: Option<StoreId>) -> String {
    match store {
        Some(store) if path.contains('?') => format!("{path}&store={store}"),
        Some(store) => format!("{path}?store={store}"),
        None => path.to_owned(),
    }
}

fn word(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

/// A place within this console that may be redirected to: `/…`, not `//host` nor `/\host`, visible ASCII only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    pub fn parse(text: &str) -> Option<Self> {
        let local = text.starts_with('/') && !text.starts_with("//") && !text.starts_with("/\\");
        (local && text.len() <= 2000 && text.bytes().all(|b| b.is_ascii_graphic())).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An address as it travels. In the browser the router decodes a value of the query twice, so that an address within an
/// address comes out with the letters of whoever typed them.
pub fn in_ascii(address: &str) -> String {
    address.bytes().fold(String::new(), |text, byte| match byte {
        b'!'..=b'~' => format!("{text}{}", char::from(byte)),
        _ => format!("{text}%{byte:02X}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_within_the_console_are_redirected_to() {
        for bad in ["//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nSet-Cookie: x", "/한글", ""] {
            assert_eq!(LocalPath::parse(bad), None, "{bad:?}");
        }
        assert!(LocalPath::parse("/integration/channels?mode=live").is_some());
        assert!(LocalPath::parse(&in_ascii("/search?q=가을 것")).is_some());
    }
}
