//! The sentences of the API: English for V2, and V1's own, which its libraries show as they are. Developers read them in
//! logs and no page shows them, so they are not among the words of the pages.

use serde::Serialize;

use super::problem::Problem;

pub const BODY: &str = "The body is not what this takes.";
pub const QUERY: &str = "The query is not what this takes.";
pub const MODE: &str = "`mode` is `test` or `live`.";
pub const STATUS: &str = "`status` is `active`, `paused` or `archived`.";
pub const LIMIT: &str = "`limit` is 1 to 100.";
pub const CURSOR: &str = "`cursor` is not one that an answer gave.";
pub const VERSION: &str = "`If-Match` must be a version in quotes, like \"3\".";
pub const IDEMPOTENCY_KEY: &str = "`Idempotency-Key` must be 16 to 256 visible ASCII characters.";
pub const NAME_TAKEN: &str = "Another channel has this name by now.";
pub const WRONG_STATUS: &str = "The channel is not in a status in which this can be done.";

pub const fn sentence(problem: &Problem) -> &'static str {
    match problem {
        Problem::Form(_) => "Something is wrong with these fields.",
        Problem::BadRequest(why) | Problem::Conflict(why) => why,
        Problem::Unauthorized => {
            "Send `Authorization: PortOne <API secret>` or `Bearer <access token>`; what came is not one of ours."
        }
        Problem::SecretExpired => "The API secret has expired.",
        Problem::SecretRevoked => "The API secret was revoked.",
        Problem::Forbidden => "This is not for API secrets.",
        Problem::ScopeMissing => "The API secret has not the scope for this.",
        Problem::StoreForbidden => "The API secret is another store's.",
        Problem::ChannelNotFound => "There is no such channel.",
        Problem::StoreNotFound => "There is no such store.",
        Problem::ProviderNotFound => "There is no such provider.",
        Problem::NoSuchPath => "There is nothing here; see /rest/openapi.json.",
        Problem::NoSuchMethod => "Not with this method.",
        Problem::Stale => "The channel has another version by now; read it again.",
        Problem::TooLarge => "The body is over 256 KiB.",
        Problem::NotJson => "Send application/json.",
        Problem::VersionRequired => "Send `If-Match: \"<version>\"` with the version you saw.",
        Problem::KeyReused => "The Idempotency-Key was used for another request; take a new one.",
        Problem::TooMany(_) => "Too many requests; wait as long as `Retry-After` says.",
        Problem::Unavailable => "Try again in a moment.",
        Problem::Internal => "Something went wrong on our side.",
    }
}

/// What `getToken` says in its `message`.
pub const fn v1_sentence(problem: &Problem) -> &'static str {
    match problem {
        Problem::Unauthorized => "인증에 실패하였습니다. API키와 secret을 확인하세요.",
        Problem::BadRequest(_) | Problem::NotJson | Problem::TooLarge => {
            "imp_key와 imp_secret을 JSON이나 폼으로 보내 주세요."
        }
        Problem::TooMany(_) => "요청이 너무 많습니다. 잠시 뒤 다시 시도해 주세요.",
        _ => "잠시 뒤 다시 시도해 주세요.",
    }
}

/// The word of an error or a warning to program by, as `NAME_TAKEN`.
pub fn code(code: &impl Serialize) -> String {
    let value = serde_json::to_value(code).ok();
    value.and_then(|value| Some(value.get("code")?.as_str()?.to_uppercase())).unwrap_or_default()
}
