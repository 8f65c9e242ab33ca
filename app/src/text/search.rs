//! The words of the search and of the keys, and what of the console is found by name.

use domain::{member::Permission, search::finds};

use super::Lang;
use crate::paths;

side_by_side! {
    /// The words of the search and of the keys.
    SearchWords {
        title: "검색", "Search";
        label: "채널과 화면 검색", "Search channels and pages";
        placeholder: "채널 이름, MID, 결제대행사, 채널 키, 화면 이름", "Channel, MID, gateway, channel key, page";
        lead: "이름의 일부나 초성만 입력해도 찾습니다.", "Any part of a name finds it.";
        button: "찾기", "Find";
        places: "화면과 작업", "Pages and actions";
        channels: "채널", "Channels";
        nothing: "찾는 것이 없습니다", "Nothing found";
        nothing_text: "다른 이름이나 MID의 일부로 찾아 보세요.", "Try another name, or a part of the MID.";
        all_live: "실연동 채널에서 모두 보기", "All live channels found";
        all_test: "테스트 채널에서 모두 보기", "All test channels found";
        failed: "채널을 찾지 못했습니다", "Channels could not be looked for";
        again: "다시 찾기", "Try again";
        found: "찾음:", "Found:";
        close: "닫기", "Close";
        keys: "단축키", "Keys";
        key_search: "검색 열기", "Open the search";
        key_move: "찾은 것 사이를 오가기", "Move among what was found";
        key_enter: "고른 것을 열기, 입력한 양식 보내기", "Open what is chosen; send a form";
        key_escape: "닫기", "Close";
        key_next: "다음 항목으로, 이전 항목으로", "To the next control, to the one before";
        key_keys: "이 목록 열기", "Open this list";
        single_on: "/ 와 ? 키 하나로 여는 단축키를 쓰고 있습니다.", "The single keys / and ? are on.";
        single_off: "/ 와 ? 키 하나로 여는 단축키를 껐습니다. Ctrl+K는 그대로 쓸 수 있습니다.", "The single keys / and ? are off. Ctrl+K still works.";
        turn_off: "한 글자 단축키 끄기", "Turn single keys off";
        turn_on: "한 글자 단축키 켜기", "Turn single keys on";
    }
}

/// A page, or something to do on one.
#[derive(Debug)]
pub struct Place {
    pub path: &'static str,
    pub icon: &'static str,
    ko: &'static str,
    en: &'static str,
    /// What else people call it.
    also: &'static [&'static str],
    /// Who may not is not led there.
    needs: Permission,
}

impl Place {
    pub const fn name(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ko => self.ko,
            Lang::En => self.en,
        }
    }
}

const fn place(
    path: &'static str,
    icon: &'static str,
    (ko, en): (&'static str, &'static str),
    also: &'static [&'static str],
    needs: Permission,
) -> Place {
    Place { path, icon, ko, en, also, needs }
}

use Permission::{
    EditApplication, EditLiveChannels, EditTestChannels, IssueCredentials, ManageMembers, ViewChannels, ViewKeys,
};

static PLACES: &[Place] = &[
    place(paths::HOME, "home", ("홈", "Home"), &["시작", "대시보드", "dashboard"], ViewChannels),
    place(paths::CHANNELS, "plug", ("채널 관리", "Channels"), &["결제 연동", "PG", "MID", "결제대행사"], ViewChannels),
    place(
        paths::NEW_CHANNEL,
        "plus",
        ("채널 추가", "Add a channel"),
        &["연동 추가", "새 채널", "테스트 채널", "new channel", "test"],
        EditTestChannels,
    ),
    place(
        paths::NEW_LIVE_CHANNEL,
        "plus",
        ("실연동 채널 추가", "Add a live channel"),
        &["운영", "new live channel"],
        EditLiveChannels,
    ),
    place(
        paths::KEYS,
        "key",
        ("식별코드 · API Keys", "Identifiers · API keys"),
        &["고객사 식별코드", "상점아이디", "REST API Key", "imp code", "store id", "V1"],
        ViewKeys,
    ),
    place(
        paths::KEYS_SHOW,
        "key",
        ("REST API Secret 보기", "Show the REST API secret"),
        &["V1 시크릿", "secret"],
        IssueCredentials,
    ),
    place(
        paths::KEYS_REISSUE,
        "key",
        ("REST API Secret 재발급", "Re-issue the REST API secret"),
        &["V1 시크릿", "rotate"],
        IssueCredentials,
    ),
    place(paths::KEYS_V2, "key", ("V2 API Secret", "V2 API secrets"), &["시크릿", "만료", "토큰", "expiry"], ViewKeys),
    place(
        paths::KEYS_V2_NEW,
        "plus",
        ("새로운 API Secret 발급", "Issue a V2 API secret"),
        &["V2 시크릿", "토큰", "new secret", "token"],
        IssueCredentials,
    ),
    place(
        paths::TEAM,
        "users",
        ("팀", "Team"),
        &["계정 초대", "멤버", "권한", "역할", "invite", "members", "roles"],
        ViewChannels,
    ),
    place(paths::STORES, "store", ("상점", "Stores"), &["하위 상점 추가", "sub-store"], ViewChannels),
    place(
        paths::AUDIT,
        "list",
        ("작업 기록", "Audit trail"),
        &["활동 기록", "감사", "로그", "변경 이력", "history", "log"],
        ManageMembers,
    ),
    place(
        paths::ACCOUNT,
        "user",
        ("내 계정", "My account"),
        &["비밀번호 변경", "이메일 변경", "세션", "기기", "password", "sessions", "email"],
        ViewChannels,
    ),
    place(
        paths::APPLICATION,
        "edit",
        ("전자결제 신청", "Payment application"),
        &["계약", "심사", "contract"],
        ViewChannels,
    ),
    place(
        paths::APPLICATION_BUSINESS,
        "edit",
        ("비즈니스 인증", "Business verification"),
        &["사업자등록증", "registration"],
        EditApplication,
    ),
    place(
        paths::APPLICATION_NEW_PG,
        "plus",
        ("PG 신청하기", "Apply to a gateway"),
        &["결제대행사 신청", "계약"],
        EditApplication,
    ),
];

/// The places that are meant by what was typed, in both languages; all of them where nothing was.
pub fn places(typed: &str, may: impl Fn(Permission) -> bool) -> Vec<&'static Place> {
    let is_typed = typed.chars().any(char::is_alphanumeric);
    if !is_typed && !typed.trim().is_empty() {
        return Vec::new();
    }
    let fits = |place: &&Place| {
        let names = [place.ko, place.en].into_iter().chain(place.also.iter().copied());
        may(place.needs) && (!is_typed || finds(typed, names))
    };
    PLACES.iter().filter(fits).collect()
}

impl Lang {
    pub const fn search(self) -> &'static SearchWords {
        match self {
            Self::Ko => &KO,
            Self::En => &EN,
        }
    }
}

#[cfg(test)]
mod places_tests {
    use super::*;

    fn found(typed: &str) -> Vec<&'static str> {
        places(typed, |_| true).into_iter().map(|place| place.en).collect()
    }

    #[test]
    fn pages_and_actions_are_found_in_both_languages_and_by_initial_consonants() {
        assert_eq!(found("초대"), ["Team"]);
        assert_eq!(found("invite"), ["Team"]);
        assert_eq!(found("ㅈㅇㄱㄹ"), ["Audit trail"]);
        assert_eq!(found("비밀번호"), ["My account"]);
        assert!(found("없는 화면").is_empty() && found("%").is_empty());
        assert_eq!(found(" ").len(), PLACES.len());
    }

    #[test]
    fn nobody_is_led_to_what_is_not_allowed() {
        let seen = places("", |permission| permission == ViewChannels);
        assert!(!seen.is_empty() && seen.iter().all(|place| place.needs == ViewChannels));
    }

    #[test]
    fn every_place_has_a_name_in_both_languages() {
        let hangul = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
        for place in PLACES {
            assert!(!place.ko.is_empty() && !place.en.is_empty() && !hangul(place.en), "{}", place.path);
        }
    }
}
