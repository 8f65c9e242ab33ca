//! The words of 식별코드 · API Keys, side by side.

use domain::{api_secret::SecretState, credential::Scope};

use super::Lang;

macro_rules! key_words {
    ($($word:ident: $ko:literal, $en:literal;)+) => {
        /// The fixed words of the keys' pages in one language.
        #[derive(Debug)]
        pub struct KeyWords {
            $(pub $word: &'static str),+
        }

        static KO: KeyWords = KeyWords { $($word: $ko),+ };
        static EN: KeyWords = KeyWords { $($word: $en),+ };

        #[cfg(test)]
        impl KeyWords {
            fn all(&self) -> Vec<&'static str> {
                vec![$(self.$word),+]
            }
        }
    };
}

key_words! {
    title: "식별코드 · API Keys", "Identifiers · API Keys";
    lead: "고객사의 서버가 결제 API를 부를 때 쓰는 값입니다.", "What your servers prove themselves with when they call the payment API.";
    api_version: "API 버전", "API version";
    v1: "V1 API", "V1 API";
    v2: "V2 API", "V2 API";
    imp_code_help: "결제창을 부를 때 IMP.init에 넣는 값입니다. 기술 문의를 할 때 알려 주시면 확인이 빠릅니다.", "Goes into IMP.init when a V1 checkout is opened. Quote it when you ask us something.";
    rest_api_key: "REST API Key", "REST API Key";
    rest_api_key_help: "V1 API의 액세스 토큰을 받을 때 imp_key로 보냅니다.", "Sent as imp_key for an access token of the V1 API.";
    rest_api_secret: "REST API Secret", "REST API Secret";
    hidden: "숨김", "Hidden";
    leak: "Secret 값이 유출되지 않도록 유의해 주세요.", "Please keep the secret to yourself.";
    issued_at: "발급일시", "Issued";
    show: "REST API Secret 보기", "Show REST API Secret";
    show_lead: "비밀번호를 확인한 뒤 한 번 보여 드립니다. 누가 보았는지 기록에 남고, 화면은 60초 뒤 스스로 닫힙니다.", "Shown once your password is checked. The trail notes who looked, and the page leaves by itself after 60 seconds.";
    reissue: "REST API Secret 재발급", "Re-issue REST API Secret";
    reissue_lead: "재발급하면 지금 쓰는 Secret은 즉시 쓸 수 없습니다. 새 Secret을 서버에 넣을 때까지 V1 API 호출이 거절됩니다.", "The secret in use stops working at once: calls to the V1 API are refused until your servers have the new one.";
    reissue_check: "반드시 기존 연동 확인 후 진행해 주세요.", "Please check what uses it before you go on.";
    password_now: "비밀번호", "Password";
    password_why: "본인인지 다시 확인합니다. 로그인할 때 쓰는 비밀번호를 입력해 주세요.", "To be sure that it is you: the password you log in with.";
    secrets: "API Secret", "API Secrets";
    secrets_lead: "V2 API를 부를 때 Authorization 헤더에 넣는 값입니다. 고객사 서버에서만 쓰고, 브라우저나 앱에는 넣지 마세요.", "Goes into the Authorization header of V2 API calls. For your servers only: never put it into a browser or app.";
    none_yet: "발급된 V2 API Secret이 없습니다", "No V2 API secret yet";
    none_yet_text: "아래 버튼을 눌러 API Secret을 발급받아 주세요.", "Issue one with the button below.";
    none_yet_read: "Owner나 Admin이 발급하면 여기에 나옵니다.", "Once an Owner or Admin issues one, it is listed here.";
    issue: "새로운 API Secret 발급", "Issue a new API secret";
    issue_lead: "Secret 값은 발급 직후 한 번만 볼 수 있습니다. 보관할 곳을 먼저 준비해 주세요.", "The secret is shown once, right after it is made. Have a place to keep it ready.";
    secret_name: "Secret 이름", "Secret name";
    secret_name_help: "어디에서 쓰는지 알 수 있는 이름을 권합니다. 예) 결제 서버 운영", "A name that tells where it is used. For instance: Payment server";
    expiry: "만료 기한", "Expires";
    days_30: "30일", "30 days";
    days_90: "90일", "90 days";
    days_180: "180일", "180 days";
    days_365: "1년", "1 year";
    on_date: "날짜 지정", "On a date";
    never: "만료 없음", "Never";
    until: "만료일", "Last day";
    until_help: "날짜 지정을 고른 경우에만 씁니다. 이 날(한국 시간)이 끝날 때 만료되며, 5년 안의 날짜여야 합니다.", "Only with “On a date”. It ends when this day ends in Korea, within five years.";
    never_warning: "만료 없음은 권하지 않습니다. 유출되어도 폐기하기 전까지 계속 쓸 수 있습니다.", "“Never” is not recommended: if it leaks, it works until somebody revokes it.";
    scopes: "권한", "Scopes";
    scopes_help: "필요한 것만 고르면, 유출되었을 때 피해가 줄어듭니다.", "Fewer scopes, less harm when it leaks.";
    create: "생성", "Create";
    store: "상점", "Store";
    created: "생성", "Created";
    ends: "만료", "Expires";
    ended: "만료됨", "Expired";
    works_until: "사용 기한", "Works until";
    last_used: "마지막 사용", "Last used";
    never_used: "사용한 적 없음", "Never used";
    id_part: "식별값", "Id";
    roll: "교체", "Roll";
    roll_title: "API Secret 교체", "Roll API secret";
    roll_lead: "같은 이름, 권한, 상점으로 새 값을 발급합니다. 이전 값은 고른 시간만큼 함께 쓸 수 있어서, 끊김 없이 서버를 바꿀 수 있습니다.", "A new value with the same name, scopes and store. The old one works beside it for the time you choose, so that servers change over without a gap.";
    overlap: "이전 값을 함께 쓰는 시간", "The old value works on for";
    overlap_help: "이전 값의 만료 기한을 넘지는 않습니다.", "Never beyond its own end.";
    at_once: "바로 중지", "Not at all";
    hour: "시간", "h";
    revoke: "폐기", "Revoke";
    revoke_title: "API Secret 폐기", "Revoke API secret";
    revoke_lead: "폐기하면 이 Secret과 이 Secret으로 받은 토큰을 즉시 쓸 수 없고, 되돌릴 수 없습니다.", "The secret and every token it got stop working at once. This cannot be undone.";
    used_lately: "최근 7일 안에 사용된 Secret입니다", "This secret was used within the last 7 days";
    used_lately_text: "지금 폐기하면 이 Secret을 쓰는 서버의 API 호출이 거절됩니다. 쓰는 곳이 있다면 먼저 교체해 주세요.", "Servers that use it will be refused. If some do, roll it instead.";
    revoked_done: "API Secret을 폐기했습니다", "The API secret was revoked";
    over_already: "이미 끝난 API Secret입니다", "This API secret is over already";
    shown_issue: "API Secret을 발급했습니다", "Your new API secret";
    shown_roll: "새 API Secret을 발급했습니다", "The new API secret";
    only_now: "지금만 볼 수 있습니다", "Shown only now";
    only_now_text: "이 화면을 벗어나면 다시 볼 수 없습니다. 복사해 안전한 곳에 보관한 뒤 아래 버튼을 눌러 주세요.", "Once you leave this page it cannot be seen again. Copy it to a safe place, then press the button below.";
    old_until: "이전 값은 다음 시각까지 쓸 수 있습니다:", "The old value works until:";
    confirmed: "API Secret을 확인했습니다", "I have kept the API secret";
    confirmed_v1: "REST API Secret을 확인했습니다", "I have seen the REST API Secret";
    leaves: "60초 뒤 이 화면은 스스로 닫힙니다", "This page leaves by itself after 60 seconds";
    leaves_text: "다시 보려면 비밀번호를 다시 입력해야 합니다.", "To see it again, the password is needed again.";
    reissued: "REST API Secret을 재발급했습니다", "The REST API Secret was re-issued";
    reissued_text: "이전 Secret과 그 토큰은 지금부터 쓸 수 없습니다. 새 값을 서버에 넣어 주세요.", "The old secret and its token work no more. Put the new one into your servers.";
    already: "이미 표시되었습니다", "It was shown already";
    already_issue: "API Secret은 발급 직후 한 번만 보여 드립니다. 보관하지 못했다면 폐기하고 새로 발급해 주세요.", "An API secret is shown once. If you have not kept it, revoke it and issue another.";
    already_v1: "이 화면은 한 번만 보여 드립니다. 다시 보려면 비밀번호를 다시 입력해 주세요.", "This page is shown once. To see it again, enter your password again.";
    to_list: "목록으로", "To the list";
    snippets: "바로 쓰기", "Ready to use";
    snippet_env: ".env", ".env";
    snippet_curl: "curl", "curl";
    copy: "복사", "Copy";
    copied: "복사했습니다", "Copied";
    no_keys_text: "API Keys는 Owner, Admin, Dev만 볼 수 있습니다.", "API keys are for Owner, Admin and Dev.";
}

impl Lang {
    pub const fn keys(self) -> &'static KeyWords {
        match self {
            Self::Ko => &KO,
            Self::En => &EN,
        }
    }
}

pub const fn secret_state_text(lang: Lang, state: SecretState) -> &'static str {
    let (ko, en) = match state {
        SecretState::Active => ("사용 중", "Active"),
        SecretState::Expiring => ("곧 만료", "Expires soon"),
        SecretState::Expired => ("만료됨", "Expired"),
        SecretState::Revoked => ("폐기됨", "Revoked"),
        SecretState::Rolled => ("교체됨", "Rolled"),
    };
    if matches!(lang, Lang::Ko) { ko } else { en }
}

pub const fn scope_text(lang: Lang, scope: Scope) -> &'static str {
    let (ko, en) = match scope {
        Scope::ChannelsRead => ("채널 조회", "Read channels"),
        Scope::ChannelsWrite => ("채널 추가·수정", "Change channels"),
        Scope::Payments => ("결제", "Payments"),
    };
    if matches!(lang, Lang::Ko) { ko } else { en }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_there_in_both_languages() {
        assert!(KO.all().iter().chain(&EN.all()).all(|word| !word.trim().is_empty()));
        let hangul = |word: &&&str| word.chars().any(|c| ('가'..='힣').contains(&c));
        assert_eq!(EN.all().iter().find(hangul), None);
    }
}
