//! The words of what helps while a channel is added.

use super::Lang;

side_by_side! {
    /// The words of what helps while a channel is added.
    GuidedWords {
        request_check: "요청 검사", "Check a request";
        request_check_text: "결제 요청을 붙여넣으면 무엇이 왜 거절될지 연동 가이드로 미리 확인합니다.", "Paste a payment request and see what would be refused, and why, by the gateway's guide.";
        begun: "작성하던 채널이 있습니다", "A channel you began to add";
        go_on: "이어서 작성", "Go on";
        throw_away: "버리기", "Throw away";
        draft_title: "작성하던 내용을 불러왔습니다", "This is what you had typed";
        draft_text: "입력을 멈춘 지 24시간이 지나면 지워집니다. 비밀 값은 다시 보여 드리지 않지만 함께 보관되어 있습니다.", "It is kept for 24 hours after the last change. Secrets are kept with it and not shown again.";
        keeping: "보관하는 중…", "Keeping…";
        kept: "입력한 내용을 보관했습니다. 저장하기 전에는 채널이 추가되지 않습니다.", "What you typed is kept. No channel is added before you save.";
        not_kept: "입력한 내용을 보관하지 못했습니다. 곧 다시 시도합니다.", "What you typed could not be kept. We will try again.";
        leave: "입력한 내용이 아직 보관되지 않았습니다. 이 화면을 떠날까요?", "What you typed is not kept yet. Leave this page?";
        signed_out: "로그인이 끝났습니다", "Your session is over";
        signed_out_text: "새 탭에서 로그인하면 작성하던 내용이 그대로 나옵니다. 이 화면에서 저장을 다시 눌러도 됩니다.", "Log in in a new tab: what you typed is there. You can also save here afterwards.";
        signed_out_unkept: "입력한 내용은 아직 이 화면에만 있습니다. 이 화면을 닫지 말고, 새 탭에서 로그인한 뒤 여기에서 저장을 다시 눌러 주세요.", "What you typed is on this page only. Leave it open, log in in a new tab, then save here.";
        log_in_again: "로그인하고 이어서 작성", "Log in and go on";
        suggested: "이런 이름은 어떨까요?", "How about this name?";
        use_name: "이 이름 쓰기:", "Use this name:";
        paste: "메일이나 표 붙여넣기", "Paste a mail or a table";
        paste_label: "결제대행사가 보낸 내용", "What the gateway sent you";
        paste_help: "계약 메일이나 관리자 페이지의 표를 그대로 붙여넣으면 아래 칸에 맞는 값을 찾습니다. 붙여넣은 글은 이 브라우저 밖으로 나가지 않고, 저장하기 전에는 아무것도 저장되지 않습니다.", "Paste the contract mail or a table of the admin pages as it is: the values for the fields below are found in it. The text does not leave this browser, and nothing is stored before you save.";
        paste_found: "찾은 값", "Found";
        paste_none: "이 모듈의 값을 찾지 못했습니다. 이름과 값이 함께 있는 부분을 붙여넣어 주세요.", "No value for this module was found. Paste the part where names and values stand together.";
        paste_left: "쓰지 않은 줄:", "Lines not used:";
        paste_fill: "빈칸 채우기", "Fill the blanks";
        paste_filled: "채웠습니다. 값을 확인한 뒤 저장해 주세요.", "Filled in. Look at the values, then save.";
        paste_typed: "이미 다른 값이 있어 그대로 두었습니다:", "Left as typed, since there was another value:";
        paste_secret: "비밀 값", "secret";
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
