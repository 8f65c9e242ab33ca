//! The words of the request checker. Its rules bring their own, in the catalogue.

use domain::{
    catalogue::requests::{Device, Level},
    request_check::ReadError,
};

use super::Lang;

side_by_side! {
    /// The words of the request checker.
    CheckWords {
        title: "요청 검사", "Check a request";
        lead: "결제대행사에 보내기 전에, 무엇이 왜 거절될지 연동 가이드로 확인합니다. 입력한 내용은 저장하지 않습니다.", "See what would be refused, and why, before the request is sent. Nothing of what you enter is kept.";
        by: "기준", "By";
        call: "무엇을 요청하나요", "What is asked for";
        device: "기기", "Device";
        all_devices: "모두", "All";
        paste: "요청 붙여넣기", "Paste a request";
        paste_help: "JSON, JavaScript 객체, IMP.request_pay(…) 호출을 그대로 붙여넣어도 됩니다. 따옴표 없는 이름, 작은따옴표, 주석, 끝의 쉼표도 읽습니다.", "JSON, a JavaScript object, or the whole IMP.request_pay(…) call. Names without quotes, single quotes, comments and commas at the end are fine.";
        paste_button: "붙여넣은 요청 검사", "Check what I pasted";
        example: "예시 보기", "An example";
        fill: "직접 입력", "Fill in instead";
        fill_help: "보내지 않는 값은 비워 두세요.", "Leave blank what is not sent.";
        fill_button: "입력한 값으로 검사", "Check what I filled in";
        not_sent: "보내지 않음", "Not sent";
        result: "검사 결과", "Result";
        fine: "걸리는 점이 없습니다", "Nothing stands in the way";
        fine_text: "이 호출의 가이드 규칙을 모두 지켰습니다. 규칙 수:", "The request keeps every rule of the guide for this call. Rules:";
        fine_as_far: "읽을 수 있는 값에서는 걸리는 점이 없습니다", "Nothing stands in the way, as far as it can be read";
        open_text: "코드에서 가져오는 값(...)이 있어 확인하지 못한 규칙이 있습니다. 실제로 보내는 값을 붙여넣으면 모두 확인합니다.", "Values come from code (...), so some rules could not be checked. Paste what is really sent to have all of them checked.";
        refused_count: "거절될 수 있는 점:", "Would be refused:";
        caution_count: "주의할 점:", "To mind:";
        given: "보낸 값", "Sent";
        nothing_given: "값 없음", "Not sent";
        undecided: "코드로 적혀 있어 확인하지 못한 값이 있습니다", "Some values are code, so nobody can tell here";
        unmentioned: "가이드에 없는 파라미터가 있습니다", "The guide does not mention some parameters";
        unmentioned_text: "오타일 수 있습니다. 그대로 보내도 쓰이지 않을 수 있습니다.", "They may be misspelt, or may not be used.";
        rules: "검사하는 규칙 전체", "Every rule";
        cannot_read: "붙여넣은 내용을 읽지 못했습니다", "What you pasted cannot be read";
    }
}

impl Lang {
    pub const fn checks(self) -> &'static CheckWords {
        match self {
            Self::Ko => &KO,
            Self::En => &EN,
        }
    }
}

pub const fn level_text(lang: Lang, level: Level) -> &'static str {
    match (lang, level) {
        (Lang::Ko, Level::Refused) => "거절",
        (Lang::Ko, Level::Caution) => "주의",
        (Lang::En, Level::Refused) => "Refused",
        (Lang::En, Level::Caution) => "To mind",
    }
}

pub const fn device_text(lang: Lang, device: Device) -> &'static str {
    match (lang, device) {
        (_, Device::Pc) => "PC",
        (Lang::Ko, Device::Mobile) => "모바일",
        (Lang::En, Device::Mobile) => "Phone",
    }
}

/// Why a pasted text is no request, and where.
pub fn read_error_text(lang: Lang, error: ReadError) -> String {
    let is_korean = lang == Lang::Ko;
    let at = |line: u32, ko: &str, en: &str| {
        if is_korean { format!("{line}번째 줄: {ko}") } else { format!("Line {line}: {en}") }
    };
    let whole = |ko: &str, en: &str| if is_korean { ko.to_owned() } else { en.to_owned() };
    match error {
        ReadError::Empty => whole("검사할 요청을 붙여넣어 주세요.", "Please paste a request."),
        ReadError::TooLong { max } => {
            let kib = max / 1024;
            whole(
                &format!("너무 깁니다. {kib}KB까지 읽습니다. 요청 객체만 붙여넣어 주세요."),
                &format!("This is too long: up to {kib} kB are read. Please paste the request's object only."),
            )
        }
        ReadError::NoObject => whole(
            "{ 로 시작하는 객체를 찾지 못했습니다. 요청 객체 전체를 붙여넣어 주세요.",
            "There is no object that begins with {. Please paste the whole object.",
        ),
        ReadError::TooDeep { line } => at(line, "괄호가 너무 깊습니다.", "the brackets go too deep."),
        ReadError::TooMany { line } => at(line, "값이 너무 많습니다.", "these are too many values."),
        ReadError::Unclosed { line } => {
            at(line, "여기서 연 괄호가 닫히지 않았습니다.", "the bracket opened here is never closed.")
        }
        ReadError::UnclosedText { line } => {
            at(line, "여기서 연 따옴표가 닫히지 않았습니다.", "the quote opened here is not closed.")
        }
        ReadError::CurlyQuote { line } => at(
            line,
            "둥근 따옴표(“ ”)가 있습니다. 곧은 따옴표(\" \")로 바꿔 주세요.",
            "there are curly quotes (“ ”). Use straight ones (\" \").",
        ),
        ReadError::MissingComma { line } => {
            at(line, "이 앞에 쉼표(,)가 빠졌습니다.", "a comma is missing before this.")
        }
        ReadError::MissingColon { line } => {
            at(line, "이름 뒤에 콜론(:)이 빠졌습니다.", "a colon is missing behind the name.")
        }
        ReadError::NoName { line } => at(line, "파라미터 이름이 와야 합니다.", "a parameter's name belongs here."),
        ReadError::NoValue { line } => at(line, "값이 빠졌습니다.", "a value is missing."),
    }
}
