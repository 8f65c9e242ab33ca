//! The words of Home.

use domain::home::{EndingSecret, StepKind};

use super::{Lang, kst};

side_by_side! {
    /// The words of Home.
    HomeWords {
        steps: "결제를 받기까지", "On the way to the first payment";
        steps_text: "마친 단계는 저절로 표시됩니다.", "What is done is marked by itself.";
        done: "마침", "Done";
        to_do: "할 일", "To do";
        mail: "이메일 인증", "E-mail confirmed";
        test: "첫 테스트 채널", "First test channel";
        secret: "V2 API Secret 발급", "V2 API secret issued";
        core: "결제 코어 연결", "Payment core connected";
        live: "첫 실연동 채널", "First live channel";
        ask: "이 단계는 Owner나 Admin, Dev가 할 수 있습니다.", "An Owner, Admin or Dev can do this.";
        ask_owner: "이 단계는 Owner나 Admin이 할 수 있습니다.", "An Owner or Admin can do this.";
        channels: "채널 현황", "Channels";
        active: "사용 중", "In use";
        paused: "일시중지", "Paused";
        none: "아직 없음", "None yet";
        ending: "곧 끝나는 API Secret", "API secrets that end soon";
        replace: "교체", "Roll";
        recent: "최근 변경", "What changed lately";
        nothing: "아직 바뀐 것이 없습니다.", "Nothing has changed yet.";
        me: "나", "me";
        elsewhere: "운영자", "the operator";
        cores: "결제 코어", "Payment core";
        following: "변경을 따라오고 있습니다", "Follows every change";
        never_seen: "아직 연결되지 않았습니다", "Not connected yet";
        silent: "응답이 없습니다", "Silent";
    }
}

/// How to do a step.
pub const fn step_now_text(lang: Lang, step: StepKind) -> &'static str {
    match (lang, step) {
        (Lang::Ko, StepKind::MailConfirmed) => "메일에 있는 주소를 열어 주세요.",
        (Lang::En, StepKind::MailConfirmed) => "Open the address in the mail.",
        (Lang::Ko, StepKind::FirstTestChannel) => "계약 전이라도 공용 테스트 MID로 바로 시험할 수 있습니다.",
        (Lang::En, StepKind::FirstTestChannel) => "A shared test MID is enough, before any contract.",
        (Lang::Ko, StepKind::ApiSecret) => "서버가 결제 API를 부를 때 씁니다. 한 번만 보여 드립니다.",
        (Lang::En, StepKind::ApiSecret) => "Your servers call the payment API with it. It is shown once.",
        (Lang::Ko, StepKind::Core) => "결제 서버가 처음 이 콘솔의 채널을 읽어 가면 저절로 표시됩니다.",
        (Lang::En, StepKind::Core) => "Marked when the payment server reads channels here for the first time.",
        (Lang::Ko, StepKind::FirstLiveChannel) => "결제대행사와 계약한 MID와 키로 추가합니다.",
        (Lang::En, StepKind::FirstLiveChannel) => "With the MID and keys of your contract.",
    }
}

/// When a secret ends.
pub fn ending_text(lang: Lang, secret: &EndingSecret) -> String {
    match lang {
        Lang::Ko => format!("{}에 끝남", kst(secret.ends_at)),
        Lang::En => format!("ends {}", kst(secret.ends_at)),
    }
}

impl Lang {
    pub const fn home(self) -> &'static HomeWords {
        match self {
            Self::Ko => &KO,
            Self::En => &EN,
        }
    }
}
