//! What the payment core's API says to developers: a sentence that tells what to do, whatever the type is.

use domain::{
    catalogue::Generation,
    id::OwnKind,
    resolve::{Mistaken, Unresolved},
};

use super::{
    Lang,
    codes::{mode_text, own_kind_text, purpose_text},
};

/// So much of what was sent is repeated.
const REPEATED: usize = 60;

/// Why no channel can serve a payment.
pub fn unresolved_text(lang: Lang, why: &Unresolved) -> String {
    match lang {
        Lang::Ko => in_korean(why),
        Lang::En => in_english(why),
    }
}

fn in_korean(why: &Unresolved) -> String {
    let list = |items: &[String]| items.join(", ");
    match why {
        Unresolved::PgRequired => {
            "pg나 channelKey가 필요합니다. 기본 채널은 없습니다. pg는 `코드` 또는 `코드.MID` 형식의 글자로 보내 주세요."
                .to_owned()
        }
        Unresolved::ImpCodeUnknown { given, is } => {
            mistaken_ko("고객사 식별코드(imp와 숫자 8자리)", "IMP.init", given, is)
        }
        Unresolved::StoreUnknown { given, is } => mistaken_ko("상점아이디(store-로 시작)", "storeId", given, is),
        Unresolved::TierUnknown { given } => {
            format!(
                "하위 상점 코드가 {}인 상점이 이 고객사에 없습니다. 콘솔의 상점 메뉴에서 코드를 확인해 주세요.",
                short(given)
            )
        }
        Unresolved::ChannelUnknown { given, is: Mistaken::Unknown } => {
            format!(
                "이 고객사에 {} 채널이 없습니다. 다른 고객사나 다른 상점의 채널 키가 아닌지 확인해 주세요.",
                short(given)
            )
        }
        Unresolved::ChannelUnknown { given, is } => {
            mistaken_ko("채널 키(channel-key-로 시작)", "channelKey", given, is)
        }
        Unresolved::NoChannelOfCode { code, known } if known.is_empty() => {
            format!(
                "이 고객사에 `{}` 채널이 없습니다. 사용 중인 채널이 하나도 없으니 콘솔에서 채널을 추가해 주세요.",
                short(code)
            )
        }
        Unresolved::NoChannelOfCode { code, known } => {
            format!(
                "이 고객사에 `{}` 채널이 없습니다 (있는 채널: {}). 콘솔에서 채널을 추가하거나 pg 값을 바꿔 주세요.",
                short(code),
                list(known)
            )
        }
        Unresolved::CodeUnknown { code, perhaps } if perhaps.is_empty() => {
            format!(
                "`{}`는 V1의 pg 값이 아닙니다. pg는 `코드` 또는 `코드.MID`입니다. 콘솔의 채널 화면에서 V1의 pg 값을 확인해 주세요.",
                short(code)
            )
        }
        Unresolved::CodeUnknown { code, perhaps } => {
            format!("`{}`는 V1의 pg 값이 아닙니다. 혹시 이 값인가요: {}", short(code), list(perhaps))
        }
        Unresolved::OtherMids { code, mid, known } => {
            format!("`{}` 채널은 있지만 MID {}가 아닙니다 (있는 MID: {}).", short(code), short(mid), list(known))
        }
        Unresolved::OtherMode { what, exists_in } => {
            let mode = mode_text(Lang::Ko, *exists_in);
            format!(
                "{what} 채널은 {mode}에만 있습니다. 연동 모드는 바꿀 수 없으니 콘솔에서 필요한 모드의 채널을 추가해 주세요."
            )
        }
        Unresolved::OtherPurpose { what, exists_for } => {
            format!("{what} 채널은 {} 용도로만 있습니다. purpose를 확인해 주세요.", purpose_text(Lang::Ko, *exists_for))
        }
        Unresolved::OtherStore { what } => {
            format!(
                "{what} 채널은 있지만 다른 상점에 할당되어 있습니다. 콘솔에서 이 상점에 할당하거나 대표 상점으로 결제해 주세요."
            )
        }
        Unresolved::OtherModule { code, asked, has, added } => match has {
            Some(has) => format!(
                "{}`{has}`로 추가되어 있습니다 — {}코드는 `{}`입니다. pg 값을 `{has}`로 보내거나, 콘솔에서 `{}` 채널을 추가해 주세요.",
                generation_ko(*added),
                generation_ko(*asked),
                short(code),
                short(code),
            ),
            None => format!(
                "같은 결제대행사의 V2 전용 모듈로 추가되어 있습니다. V1에서는 콘솔에서 `{}` 채널을 추가해 주세요.",
                short(code)
            ),
        },
        Unresolved::Paused { key } => format!("{key}는 일시중지된 채널입니다. 콘솔에서 다시 사용할 수 있습니다."),
        Unresolved::Deleted { key } => {
            format!("{key}는 삭제된 채널입니다. 삭제하고 30일 안에는 콘솔에서 되돌릴 수 있습니다.")
        }
        Unresolved::NotInV1 { key } => {
            format!("{key}의 결제 모듈은 V2에서만 쓸 수 있습니다. storeId와 channelKey로 V2 결제를 호출해 주세요.")
        }
        Unresolved::NotInV2 { key } => {
            format!("{key}의 결제 모듈은 V1에서만 쓸 수 있습니다. V2를 지원하는 모듈로 채널을 추가해 주세요.")
        }
    }
}

const fn generation_ko(generation: Option<Generation>) -> &'static str {
    match generation {
        Some(Generation::Old) => "구모듈 ",
        Some(Generation::New) => "신모듈 ",
        None => "",
    }
}

fn mistaken_ko(wanted: &str, place: &str, given: &str, is: &Mistaken) -> String {
    match is {
        Mistaken::Empty => format!("{place} 값이 비어 있습니다. {wanted}를 보내 주세요."),
        Mistaken::Unknown => {
            format!("{}: 이 {wanted}를 쓰는 곳이 없습니다. 콘솔의 연동 식별 정보에서 확인해 주세요.", short(given))
        }
        Mistaken::Own(kind @ (OwnKind::ApiSecret | OwnKind::CoreToken)) => {
            format!(
                "보낸 값은 {}입니다. {place}에는 {wanted}를 보내 주세요. 비밀 값이 드러났으니 폐기해 주세요.",
                own_kind_text(Lang::Ko, *kind)
            )
        }
        Mistaken::Own(kind) => {
            format!("{}는 {}입니다. {place}에는 {wanted}를 보내 주세요.", short(given), own_kind_text(Lang::Ko, *kind))
        }
        Mistaken::MidOf(provider) => {
            format!("{}는 {provider}의 MID입니다. {place}에는 MID나 CID가 아니라 {wanted}를 보내 주세요.", short(given))
        }
        Mistaken::Malformed => {
            format!("{}는 {wanted}의 형식이 아닙니다. MID나 CID를 넣지 않았는지 확인해 주세요.", short(given))
        }
    }
}

fn in_english(why: &Unresolved) -> String {
    let list = |items: &[String]| items.join(", ");
    match why {
        Unresolved::PgRequired => {
            "pg or channelKey is needed: there is no default channel. pg is a text, `code` or `code.MID`.".to_owned()
        }
        Unresolved::ImpCodeUnknown { given, is } => {
            mistaken_en("a merchant code (imp and eight digits)", "IMP.init", given, is)
        }
        Unresolved::StoreUnknown { given, is } => mistaken_en("a store id (store-…)", "storeId", given, is),
        Unresolved::TierUnknown { given } => {
            format!("The merchant has no sub-store with the tier code {}.", short(given))
        }
        Unresolved::ChannelUnknown { given, is: Mistaken::Unknown } => {
            format!("The merchant has no channel {}. Perhaps it is another merchant's or store's.", short(given))
        }
        Unresolved::ChannelUnknown { given, is } => {
            mistaken_en("a channel key (channel-key-…)", "channelKey", given, is)
        }
        Unresolved::NoChannelOfCode { code, known } if known.is_empty() => {
            format!(
                "The merchant has no `{}` channel, nor any other that is active. Add one in the console.",
                short(code)
            )
        }
        Unresolved::NoChannelOfCode { code, known } => {
            format!(
                "The merchant has no `{}` channel; it has {}. Add one in the console, or send another pg.",
                short(code),
                list(known)
            )
        }
        Unresolved::CodeUnknown { code, perhaps } if perhaps.is_empty() => {
            format!(
                "`{}` is no pg of V1. pg is `code` or `code.MID`; the channel's page in the console tells it.",
                short(code)
            )
        }
        Unresolved::CodeUnknown { code, perhaps } => {
            format!("`{}` is no pg of V1. Perhaps you mean {}.", short(code), list(perhaps))
        }
        Unresolved::OtherMids { code, mid, known } => {
            format!("There are `{}` channels, none of MID {} (there is {}).", short(code), short(mid), list(known))
        }
        Unresolved::OtherMode { what, exists_in } => {
            format!("{what} is there in {} only. Add a channel of the mode you need.", mode_text(Lang::En, *exists_in))
        }
        Unresolved::OtherPurpose { what, exists_for } => {
            format!("{what} is there for {} only; see purpose.", purpose_text(Lang::En, *exists_for))
        }
        Unresolved::OtherStore { what } => {
            format!("{what} is there, assigned to another store. Assign it to this one, or pay by the primary store.")
        }
        Unresolved::OtherModule { code, asked, has, added } => match has {
            Some(has) => format!(
                "The {}module `{has}` was added; `{}` is the {}one. Send `{has}` as pg, or add a `{}` channel.",
                generation_en(*added),
                short(code),
                generation_en(*asked),
                short(code),
            ),
            None => format!("A module of V2 only was added. For V1, add a `{}` channel.", short(code)),
        },
        Unresolved::Paused { key } => format!("{key} is paused. It can be resumed in the console."),
        Unresolved::Deleted { key } => format!("{key} was deleted. Within 30 days it can be restored in the console."),
        Unresolved::NotInV1 { key } => {
            format!("The module of {key} works with V2 only: pay by storeId and channelKey.")
        }
        Unresolved::NotInV2 { key } => {
            format!("The module of {key} works with V1 only. Add a channel of a module of V2.")
        }
    }
}

const fn generation_en(generation: Option<Generation>) -> &'static str {
    match generation {
        Some(Generation::Old) => "older ",
        Some(Generation::New) => "newer ",
        None => "other ",
    }
}

fn mistaken_en(wanted: &str, place: &str, given: &str, is: &Mistaken) -> String {
    match is {
        Mistaken::Empty => format!("{place} is empty; send {wanted}."),
        Mistaken::Unknown => format!("Nobody has {}. The console's home page tells the right one.", short(given)),
        Mistaken::Own(kind @ (OwnKind::ApiSecret | OwnKind::CoreToken)) => {
            format!(
                "What was sent is a {}; {place} takes {wanted}. Revoke it: it has been shown.",
                own_kind_text(Lang::En, *kind)
            )
        }
        Mistaken::Own(kind) => {
            format!("{} is a {}; {place} takes {wanted}.", short(given), own_kind_text(Lang::En, *kind))
        }
        Mistaken::MidOf(provider) => {
            format!("{} is a MID of {provider}; {place} takes {wanted}, no MID or CID.", short(given))
        }
        Mistaken::Malformed => format!("{} is not {wanted}; perhaps it is a MID or CID.", short(given)),
    }
}

/// The beginning of what was sent, on one line.
fn short(given: &str) -> String {
    let clean: String = given.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).take(REPEATED).collect();
    if given.chars().count() > REPEATED { format!("{clean}…") } else { clean }
}

/// Other answers of the payment core's API: type, Korean, English.
const PROBLEMS: &[(&str, &str, &str)] = &[
    (
        "UNAUTHORIZED",
        "결제 코어의 토큰이 필요합니다: Authorization: Bearer core_… 토큰은 `channel-console core-token create`로 만듭니다.",
        "A payment core's token is needed: Authorization: Bearer core_…; `channel-console core-token create` makes one.",
    ),
    ("SCOPE_MISSING", "이 토큰의 권한 범위에 없는 요청입니다.", "The token has not the scope for this."),
    ("STORE_FORBIDDEN", "이 토큰이 다룰 수 있는 상점이 아닙니다.", "The token is not for this store."),
    ("CHANNEL_NOT_FOUND", "해당하는 채널이나 버전이 없습니다.", "There is no such channel or version."),
    ("APPLICATION_NOT_FOUND", "해당하는 전자결제 신청이 없습니다.", "There is no such application."),
    (
        "WRONG_STATE",
        "지금 상태에서는 할 수 없습니다. 신청의 상태를 먼저 확인해 주세요.",
        "Not from the state that it is in; look at the application first.",
    ),
    ("STORE_NOT_FOUND", "이 상점아이디를 쓰는 상점이 없습니다.", "There is no such store."),
    (
        "NOT_FOUND",
        "없는 주소입니다. /core/openapi.json을 참고해 주세요.",
        "There is nothing here; see /core/openapi.json.",
    ),
    ("METHOD_NOT_ALLOWED", "이 주소에서 쓸 수 없는 메서드입니다.", "Not with this method."),
    (
        "USE_SNAPSHOT",
        "after 뒤의 이벤트가 정리되어 일부가 없습니다. GET /core/v1/snapshot부터 다시 시작해 주세요.",
        "Events after `after` are gone; begin again with GET /core/v1/snapshot.",
    ),
    (
        "CREDENTIAL_UNKNOWN",
        "인증 정보가 맞지 않습니다. REST API Key와 Secret, API Secret 또는 토큰을 확인해 주세요.",
        "Nobody has this credential: check key and secret, the API secret, or the token.",
    ),
    ("API_SECRET_EXPIRED", "API Secret의 기한이 지났습니다.", "The API secret has expired."),
    ("API_SECRET_REVOKED", "폐기된 API Secret입니다.", "The API secret was revoked."),
    (
        "SEALED",
        "저장된 시크릿을 열 수 없습니다. 콘솔 운영자에게 알려 주세요.",
        "The stored secrets do not open; tell the console's operator.",
    ),
    ("REQUEST_TIMEOUT", "요청이 제때 다 오지 않았습니다.", "The request did not arrive in time."),
    ("PAYLOAD_TOO_LARGE", "본문이 256 KiB를 넘습니다.", "The body is over 256 KiB."),
    ("UNAVAILABLE", "잠시 뒤 다시 시도해 주세요.", "Try again in a moment."),
    ("INTERNAL", "콘솔이 답하지 못했습니다.", "The console could not answer."),
];

/// The sentence of an answer that its type says all about.
pub fn core_problem_text(lang: Lang, kind: &str) -> &'static str {
    let found = PROBLEMS.iter().find(|(known, ..)| *known == kind).or(PROBLEMS.last());
    found.map_or("", |(_, ko, en)| if lang == Lang::Ko { ko } else { en })
}

/// What is wrong with a request: the reason, Korean, English.
const BAD_REQUESTS: &[(&str, &str, &str)] = &[
    ("VERSION", "version은 1부터의 숫자여야 합니다.", "`version` is a number from 1."),
    (
        "IMP_CODE_OR_STORE_ID",
        "impCode(V1)와 storeId(V2) 중 하나가 필요합니다.",
        "Either `impCode` (V1) or `storeId` (V2) is needed.",
    ),
    ("CHANNEL_KEY_REQUIRED", "storeId와 함께 channelKey가 필요합니다.", "`storeId` goes with `channelKey`."),
    ("PURPOSE", "purpose는 payment 또는 identity입니다.", "`purpose` is payment or identity."),
    ("MODE", "mode는 test 또는 live입니다.", "`mode` is test or live."),
    (
        "QUERY",
        "쿼리를 읽을 수 없습니다. 아는 이름이 한 번씩만 와야 합니다.",
        "The query is not what this takes: known names, each once.",
    ),
    ("AFTER", "after는 0 이상의 정수여야 합니다.", "`after` is a whole number from 0."),
    (
        "AFTER_BEYOND",
        "after가 마지막 이벤트보다 큽니다. 콘솔이 백업에서 복원되었다면 GET /core/v1/snapshot부터 다시 시작해 주세요.",
        "`after` is beyond the last event. If the console was restored from a backup, begin again with GET /core/v1/snapshot.",
    ),
    ("WAIT", "wait는 0부터 25까지의 초입니다.", "`wait` is 0 to 25 seconds."),
    (
        "JSON",
        "본문을 읽을 수 없습니다. JSON과 항목의 이름을 확인해 주세요.",
        "The body is not what this takes: see JSON and names.",
    ),
    ("TOO_MANY_KEYS", "한 번에 채널 100개까지 조회할 수 있습니다.", "At most 100 channels at once."),
    ("NO_KEYS", "channels에 하나 이상의 channelKey가 필요합니다.", "`channels` names at least one channelKey."),
    (
        "CREDENTIAL_SHAPE",
        "impKey와 impSecret, apiSecret, accessToken 중 하나만 보내 주세요.",
        "One of: impKey with impSecret, apiSecret, accessToken.",
    ),
    (
        "NODE",
        "노드 이름은 제어 문자가 없는 1~80자여야 합니다.",
        "A node's name has 1 to 80 characters, no control characters.",
    ),
    ("SEQ_BEYOND", "seq가 0보다 작거나 마지막 이벤트보다 큽니다.", "`seq` is below 0 or beyond the last event."),
    (
        "STATE",
        "state와 to는 submitted, in_review, changes_requested, contracted, rejected 중 하나입니다.",
        "`state` and `to` are submitted, in_review, changes_requested, contracted or rejected.",
    ),
    ("PAGE", "page는 1부터의 숫자여야 합니다.", "`page` is a number from 1."),
    ("ISSUER", "issuer는 V1의 카드사 코드입니다. 예) 366", "`issuer` is a card issuer's code of V1, as 366."),
    (
        "REVIEW",
        "review는 pending, approved, rejected 또는 null입니다.",
        "`review` is pending, approved, rejected or null.",
    ),
    (
        "NOTE",
        "note는 500자까지이고, changes_requested와 rejected에는 꼭 있어야 합니다.",
        "`note` has at most 500 characters, and changes_requested and rejected need one.",
    ),
    ("TOO_MANY_NODES", "한 토큰에 노드는 64개까지입니다.", "A token has at most 64 nodes."),
];

/// What is wrong with a request, by its reason.
pub fn bad_request_text(lang: Lang, reason: &str) -> &'static str {
    let found = BAD_REQUESTS.iter().find(|(known, ..)| *known == reason);
    found.map_or("", |(_, ko, en)| if lang == Lang::Ko { ko } else { en })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_repeated_on_one_line_and_not_endlessly() {
        assert_eq!(short("a\r\nb"), "a\u{FFFD}\u{FFFD}b");
        assert_eq!(short(&"가".repeat(61)), format!("{}…", "가".repeat(60)));
    }

    #[test]
    fn a_secret_in_the_wrong_place_is_not_repeated() {
        let secret = format!("chv2_{}_{}", "k".repeat(12), "s".repeat(49));
        let is = Mistaken::Own(OwnKind::ApiSecret);
        for lang in [Lang::Ko, Lang::En] {
            let why = Unresolved::ImpCodeUnknown { given: secret.clone(), is: is.clone() };
            assert!(!unresolved_text(lang, &why).contains("sss"));
        }
    }
}
