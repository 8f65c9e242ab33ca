//! Words for the trail. Actions are the backend's words; one that is not known here is shown as it is.

use domain::trail::Outcome;

use super::Lang;

/// What was done: the word of the trail, Korean, English.
const ACTIONS: &[(&str, &str, &str)] = &[
    ("merchant.created", "고객사 생성", "Merchant created"),
    ("member.logged_in", "로그인", "Logged in"),
    ("member.logged_out", "로그아웃", "Logged out"),
    ("member.session_ended", "접속 종료", "Session ended"),
    ("member.signed_out_everywhere", "모든 기기에서 로그아웃", "Signed out everywhere"),
    ("member.password_changed", "비밀번호 변경", "Password changed"),
    ("member.password_reset", "비밀번호 재설정", "Password reset"),
    ("member.email_change_asked", "이메일 변경 요청", "E-mail change asked for"),
    ("member.email_changed", "이메일 변경", "E-mail changed"),
    ("member.language_chosen", "언어 변경", "Language changed"),
    ("member.invited", "계정 초대", "Member invited"),
    ("member.invitation_resent", "초대 메일 다시 보내기", "Invitation sent again"),
    ("member.invitation_withdrawn", "초대 취소", "Invitation withdrawn"),
    ("member.joined", "초대 수락", "Member joined"),
    ("member.role_changed", "권한 변경", "Role changed"),
    ("member.removed", "계정 제거", "Member removed"),
    ("member.left", "계정 나가기", "Member left"),
    ("store.added", "하위 상점 추가", "Sub-store added"),
    ("store.renamed", "상점 이름 변경", "Store renamed"),
    ("v1_secret.shown", "REST API Secret 보기", "REST API Secret shown"),
    ("v1_secret.reissued", "REST API Secret 재발급", "REST API Secret re-issued"),
    ("api_secret.issued", "API Secret 발급", "API secret issued"),
    ("api_secret.rolled", "API Secret 교체", "API secret rolled"),
    ("api_secret.revoked", "API Secret 폐기", "API secret revoked"),
    ("channel.assigned", "채널 상점 지정", "Channel assigned to a store"),
    ("channel.added", "채널 추가", "Channel added"),
    ("channel.edited", "채널 수정", "Channel edited"),
    ("channel.paused", "채널 일시중지", "Channel paused"),
    ("channel.resumed", "채널 다시 사용", "Channel resumed"),
    ("channel.deleted", "채널 삭제", "Channel deleted"),
    ("channel.restored", "채널 되돌리기", "Channel restored"),
    ("channel.rolled_back", "이전 버전으로 되돌리기", "Channel rolled back"),
    ("channel.paired", "테스트와 실연동 짝짓기", "Test and live paired"),
    ("channel.parted", "테스트와 실연동 짝 풀기", "Test and live parted"),
    ("channel.secret_compared", "키 값 비교", "Key compared"),
    ("application.consented", "전자결제 신청 약관 동의", "Consents to apply"),
    ("application.edited", "비즈니스 인증 저장", "Business details saved"),
    ("application.file_kept", "사업자등록증 올리기", "Business registration uploaded"),
    ("application.chosen", "신청할 결제대행사 선택", "Gateway chosen to apply for"),
    ("application.dropped", "신청 초안 삭제", "Draft application dropped"),
    ("application.submitted", "전자결제 신청 제출", "Application submitted"),
    ("application.begun_again", "반려된 신청 다시 작성", "Rejected application begun again"),
    ("application.moved", "전자결제 신청 상태 변경", "Application moved"),
    ("application.review_noted", "카드사 심사 기록", "Card issuer's review noted"),
    ("application.disclosed", "운영자가 신청 정보 열람", "Application read by the operator"),
    ("core_token.created", "결제 코어 토큰 생성", "Core token made"),
    ("core_token.revoked", "결제 코어 토큰 폐기", "Core token revoked"),
    ("key.rotated", "암호화 키 교체", "Encryption key rotated"),
    ("key.removed", "암호화 키 제거", "Encryption key removed"),
];

/// What actions are about: the first part of their words.
const KINDS: &[(&str, &str, &str)] = &[
    ("channel", "채널", "Channels"),
    ("member", "계정", "Members"),
    ("store", "상점", "Stores"),
    ("api_secret", "V2 API Secret", "V2 API secrets"),
    ("v1_secret", "V1 REST API Secret", "V1 REST API Secret"),
    ("application", "전자결제 신청", "Applications"),
    ("merchant", "고객사", "Merchant"),
    ("core_token", "결제 코어 토큰", "Core tokens"),
    ("key", "암호화 키", "Encryption keys"),
];

/// Why something was refused, by the backend's code.
const REFUSALS: &[(&str, &str, &str)] = &[
    ("forbidden", "권한이 없습니다", "not allowed by the role"),
    ("scope_missing", "API Secret의 권한 범위에 없습니다", "not in the API secret's scopes"),
    ("different", "저장된 값과 다릅니다", "not the stored value"),
    ("account_number", "계좌번호", "account number"),
    ("file", "사업자등록증", "registration certificate"),
    ("wrong_credentials", "비밀번호가 맞지 않습니다", "wrong password"),
];

fn of<'a>(list: &[(&str, &'static str, &'static str)], lang: Lang, word: &'a str) -> &'a str {
    let found = list.iter().find(|(known, ..)| *known == word);
    found.map_or(word, |(_, ko, en)| if lang == Lang::Ko { ko } else { en })
}

pub fn action_text(lang: Lang, action: &str) -> &str {
    of(ACTIONS, lang, action)
}

pub fn refusal_text(lang: Lang, code: &str) -> &str {
    of(REFUSALS, lang, code)
}

pub fn kind_text(lang: Lang, kind: &str) -> &str {
    of(KINDS, lang, kind)
}

/// The kinds to filter by.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|(kind, ..)| *kind)
}

pub const fn outcome_text(lang: Lang, outcome: Outcome) -> &'static str {
    match (lang, outcome) {
        (Lang::Ko, Outcome::Done) => "처리됨",
        (Lang::En, Outcome::Done) => "Done",
        (Lang::Ko, Outcome::Refused) => "거절됨",
        (Lang::En, Outcome::Refused) => "Refused",
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn every_action_of_the_trail_has_words_and_a_kind_to_find_it_by() {
        for action in backend::Action::ALL {
            let word = action.as_str();
            assert_ne!(action_text(Lang::Ko, word), word);
            assert!(kinds().any(|kind| word.split_once('.').is_some_and(|(first, _)| first == kind)), "{word}");
        }
    }
}
