//! The words of what helps while a channel is added.

use super::Lang;

side_by_side! {
    /// The words of what helps while a channel is added.
    GuidedWords {
        request_check: "요청 검사", "Check a request";
        request_check_text: "결제 요청을 붙여넣으면 무엇이 왜 거절될지 연동 가이드로 미리 확인합니다.", "Paste a payment request and see what would be refused, and why, by the gateway's guide.";
    }
}

impl Lang {
    pub const fn guided(self) -> &'static GuidedWords {
        match self {
            Self::Ko => &KO,
            Self::En => &EN,
        }
    }
}
