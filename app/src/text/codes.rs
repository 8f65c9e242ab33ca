//! From codes to sentences: what is wrong, why we know, what to do.

use domain::{
    catalogue::{Category, ModuleStatus},
    channel::{Mode, Purpose, Status, Tax, Use, WarningCode, catalogue_change::CatalogueChange, view::VersionReason},
    form::ErrorCode,
    id::OwnKind,
    member::Role,
};

use super::{ErrorContext, Lang};
use crate::api::AppError;

/// The sentence beside a field.
pub fn error_text(lang: Lang, code: &ErrorCode, context: &ErrorContext) -> String {
    match lang {
        Lang::Ko => error_ko(code, context),
        Lang::En => error_en(code, context),
    }
}

fn error_ko(code: &ErrorCode, context: &ErrorContext) -> String {
    let ErrorContext { mid, provider, uses, .. } = context;
    match code {
        ErrorCode::Required => "필수 항목입니다. 값을 입력해 주세요.".into(),
        ErrorCode::TooShort { min } => format!("{min}자 이상 입력해 주세요."),
        ErrorCode::TooLong { max } => format!("{max}자까지 입력할 수 있습니다."),
        ErrorCode::ExactLength { length } => format!("{length}자로 입력해 주세요."),
        ErrorCode::NotAChoice => "목록에서 선택해 주세요.".into(),
        ErrorCode::Characters => {
            "쓸 수 없는 문자가 들어 있습니다. 공백이나 특수 문자가 함께 복사되지 않았는지 확인해 주세요.".into()
        }
        ErrorCode::EmailInvalid => "이메일 주소의 형식이 아닙니다. 예) name@company.co.kr".into(),
        ErrorCode::PasswordsDiffer => "두 비밀번호가 서로 다릅니다.".into(),
        ErrorCode::PasswordWeak => "쉽게 알아낼 수 있는 비밀번호입니다. 더 길게 하거나 흔한 단어를 피해 주세요.".into(),
        ErrorCode::PasswordWrong => "비밀번호가 맞지 않습니다. 로그인할 때 쓰는 비밀번호를 입력해 주세요.".into(),
        ErrorCode::SecretNameTaken => "사용 중인 다른 API Secret이 이 이름을 씁니다. 다른 이름을 입력해 주세요.".into(),
        ErrorCode::ScopeRequired => "하나 이상 골라 주세요. 권한이 없는 Secret은 아무 일도 할 수 없습니다.".into(),
        ErrorCode::DateInvalid => "날짜가 아닙니다. 예) 2027-12-31".into(),
        ErrorCode::DatePast => "이미 지난 날짜입니다. 오늘이나 그 뒤의 날짜를 입력해 주세요.".into(),
        ErrorCode::DateTooFar { years } => format!("앞으로 {years}년 안의 날짜를 입력해 주세요."),
        ErrorCode::ConsentRequired => "가입하려면 동의가 필요합니다.".into(),
        ErrorCode::NameCharacters => "글자, 숫자, 공백, _, - 만 쓸 수 있습니다.".into(),
        ErrorCode::NameTaken => "같은 연동 모드에 이 이름의 채널이 이미 있습니다. 다른 이름을 입력해 주세요.".into(),
        ErrorCode::TierCode => "영문 대문자와 숫자로 세 자를 입력해 주세요. 예) GN1".into(),
        ErrorCode::TierTaken => "다른 하위 상점이 쓰는 코드입니다. 다른 코드를 입력해 주세요.".into(),
        ErrorCode::AlreadyMember => "이미 팀에 있는 주소입니다.".into(),
        ErrorCode::AlreadyInvited => "이미 초대한 주소입니다. 아래 초대 목록에서 다시 보낼 수 있습니다.".into(),
        ErrorCode::RoleNotLimited => {
            "Manager와 Viewer만 한 상점으로 제한할 수 있습니다. 권한을 바꾸거나 모든 상점을 골라 주세요.".into()
        }
        ErrorCode::ModuleNotOfProvider => "선택한 결제대행사의 모듈이 아닙니다. 다시 선택해 주세요.".into(),
        ErrorCode::ModeNotSupported => "이 모듈은 선택한 연동 모드에서 쓸 수 없습니다.".into(),
        ErrorCode::PurposeNotSupported => "선택한 채널 속성과 맞지 않습니다.".into(),
        ErrorCode::SharedTestMidInLive => {
            format!(
                "이 MID({mid})는 {provider} 공용 테스트 MID입니다. 연동 모드를 테스트로 바꾸거나, 계약 후 받은 MID를 입력해 주세요."
            )
        }
        ErrorCode::MidOfOtherModule { provider: other, module } => {
            let other = context.name_of(other.as_str());
            format!(
                "이 MID({mid})는 {other}({module})의 공용 테스트 MID입니다. 결제대행사와 결제 모듈을 다시 선택하거나 다른 MID를 입력해 주세요."
            )
        }
        ErrorCode::MidMisspelled { meant } => format!("{meant}를 뜻하셨나요? 공용 테스트 MID의 철자는 {meant}입니다."),
        ErrorCode::MidTwice => "공용 테스트 MID와 직접 입력 중 하나만 골라 주세요.".into(),
        ErrorCode::NotWithSharedTestMid => {
            "공용 테스트 MID에는 입력하지 않는 항목입니다. 비우거나 PG상점아이디를 직접 입력해 주세요.".into()
        }
        ErrorCode::UseNotChosen => {
            format!("‘{uses}’을(를) 고른 경우에만 입력합니다. 위에서 고르거나 이 항목을 비워 주세요.")
        }
        ErrorCode::OwnIdentifier { kind } => {
            let what = own_kind_text(Lang::Ko, *kind);
            format!("이 값은 이 콘솔의 {what}입니다. 결제대행사에서 받은 값을 입력해 주세요.")
        }
        ErrorCode::UseRequired => "하나 이상 골라 주세요. 고른 것에 따라 입력할 항목이 정해집니다.".into(),
        ErrorCode::PairIncomplete { .. } => {
            let other = &context.other_field;
            format!("‘{other}’을(를) 입력하셨습니다. 두 값은 함께 쓰이므로 이 값도 입력하거나 둘 다 비워 주세요.")
        }
        ErrorCode::UnknownField => "이 모듈에는 없는 항목입니다.".into(),
        ErrorCode::TaxOnIdentity => "본인인증 채널은 미설정만 고를 수 있습니다.".into(),
        ErrorCode::NoRoom { most } => {
            format!("한 고객사는 {most}개까지 가질 수 있고, 이미 다 찼습니다. 쓰지 않는 것을 먼저 정리해 주세요.")
        }
        ErrorCode::Application { why } => super::application::refusal(Lang::Ko, *why).into(),
    }
}

fn error_en(code: &ErrorCode, context: &ErrorContext) -> String {
    let ErrorContext { mid, provider, uses, .. } = context;
    match code {
        ErrorCode::Required => "This is required.".into(),
        ErrorCode::TooShort { min } => format!("At least {min} characters, please."),
        ErrorCode::TooLong { max } => format!("At most {max} characters."),
        ErrorCode::ExactLength { length } => format!("Exactly {length} characters, please."),
        ErrorCode::NotAChoice => "Please choose from the list.".into(),
        ErrorCode::Characters => "There are characters that cannot be part of it. Were spaces copied along?".into(),
        ErrorCode::EmailInvalid => "This is not an e-mail address. For instance: name@company.co.kr".into(),
        ErrorCode::PasswordsDiffer => "The two passwords differ.".into(),
        ErrorCode::PasswordWeak => "This password is easily guessed. Make it longer or avoid common words.".into(),
        ErrorCode::PasswordWrong => "This is not your password. Enter the one you log in with.".into(),
        ErrorCode::SecretNameTaken => "Another API secret in use has this name. Please choose another.".into(),
        ErrorCode::ScopeRequired => "Choose at least one: a secret without scopes can do nothing.".into(),
        ErrorCode::DateInvalid => "This is not a date. For instance: 2027-12-31".into(),
        ErrorCode::DatePast => "This day is past. Enter today or a later one.".into(),
        ErrorCode::DateTooFar { years } => format!("A day within the next {years} years, please."),
        ErrorCode::ConsentRequired => "Needed to sign up.".into(),
        ErrorCode::NameCharacters => "Only letters, digits, spaces, _ and -.".into(),
        ErrorCode::NameTaken => "Another channel of this mode has this name. Please choose another.".into(),
        ErrorCode::TierCode => "Three capital letters or digits, please. For instance: GN1".into(),
        ErrorCode::TierTaken => "Another sub-store has this code. Please choose another.".into(),
        ErrorCode::AlreadyMember => "This address is on the team already.".into(),
        ErrorCode::AlreadyInvited => "This address is invited already; send it again from the list below.".into(),
        ErrorCode::RoleNotLimited => {
            "Only Manager and Viewer can be limited to one store. Change the role, or choose all stores.".into()
        }
        ErrorCode::ModuleNotOfProvider => {
            "This module is not offered by the chosen gateway. Please choose again.".into()
        }
        ErrorCode::ModeNotSupported => "This module does not work in the chosen mode.".into(),
        ErrorCode::PurposeNotSupported => "This does not fit the chosen purpose.".into(),
        ErrorCode::SharedTestMidInLive => {
            format!(
                "{mid} is a shared test MID of {provider}. Switch the mode to test, or enter the MID of your contract."
            )
        }
        ErrorCode::MidOfOtherModule { provider: other, module } => {
            let other = context.name_of(other.as_str());
            format!(
                "{mid} is a shared test MID of {other} ({module}). Choose gateway and module again, or enter another MID."
            )
        }
        ErrorCode::MidMisspelled { meant } => {
            format!("Did you mean {meant}? That is how the shared test MID is spelled.")
        }
        ErrorCode::MidTwice => "Choose either a shared test MID or your own, not both.".into(),
        ErrorCode::NotWithSharedTestMid => {
            "A shared test MID does not take this. Clear it, or enter a MID of your own.".into()
        }
        ErrorCode::UseNotChosen => format!("Only with “{uses}”. Choose that above, or clear this field."),
        ErrorCode::OwnIdentifier { kind } => {
            let what = own_kind_text(Lang::En, *kind);
            format!("This is the {what} of this console. Please enter the value that the gateway gave you.")
        }
        ErrorCode::UseRequired => "Choose at least one; it decides what to enter.".into(),
        ErrorCode::PairIncomplete { .. } => {
            format!("“{}” is filled. The two go together: enter this one too, or clear both.", context.other_field)
        }
        ErrorCode::UnknownField => "This module has no such field.".into(),
        ErrorCode::TaxOnIdentity => "Identity channels have “Not set” only.".into(),
        ErrorCode::NoRoom { most } => {
            format!("A merchant can have {most}, and they are all taken. Please remove what you do not use.")
        }
        ErrorCode::Application { why } => super::application::refusal(Lang::En, *why).into(),
    }
}

/// The sentence above a form or in place of a page.
pub fn app_error_text(lang: Lang, error: &AppError) -> String {
    let (ko, en) = match error {
        AppError::Form(_) => ("입력한 내용을 확인해 주세요.", "Please check what you entered."),
        AppError::NotFound => ("찾을 수 없습니다.", "Not found."),
        AppError::Unauthenticated => {
            ("로그인이 끝났습니다. 다시 로그인해 주세요.", "You are not logged in any more. Please log in again.")
        }
        AppError::Forbidden => (
            "이 작업을 할 권한이 없습니다. Owner나 Admin에게 요청해 주세요.",
            "Your role does not allow this. Please ask an Owner or Admin.",
        ),
        AppError::WrongCredentials => ("이메일 또는 비밀번호가 맞지 않습니다.", "E-mail and password do not match."),
        AppError::NotVerified => (
            "아직 이메일 인증을 하지 않았습니다. 받은 메일의 주소를 열어 인증한 뒤 로그인해 주세요.",
            "Your e-mail address is not confirmed yet. Open the address in the mail, then log in.",
        ),
        AppError::LinkInvalid => ("이미 사용했거나 기한이 지난 주소입니다.", "This link was used or has expired."),
        AppError::Stale { .. } => (
            "다른 사람이 먼저 저장했습니다. 저장된 내용을 확인한 뒤 다시 저장해 주세요.",
            "Somebody saved before you. Look at what is stored, then save again.",
        ),
        AppError::NameTaken => (
            "같은 이름의 채널이 있어서 되돌릴 수 없습니다. 그 채널의 이름을 먼저 바꿔 주세요.",
            "Another channel has this name by now. Rename that one first.",
        ),
        AppError::WrongStatus => ("이미 처리된 작업입니다.", "This has been done already."),
        AppError::LastOwner => (
            "Owner는 한 명 이상 있어야 합니다. 다른 계정을 먼저 Owner로 바꿔 주세요.",
            "There must always be an Owner. Make somebody else one first.",
        ),
        AppError::AlreadySubmitted => (
            "이 화면은 이미 저장에 사용되었습니다. 채널 추가를 다시 열어 주세요.",
            "This form was saved already. Please open it anew.",
        ),
        AppError::TooManyAttempts { seconds } => {
            return match lang {
                Lang::Ko => format!("시도가 너무 많았습니다. {} 뒤에 다시 해 주세요.", wait_ko(*seconds)),
                Lang::En => format!("Too many attempts. Please try again in {}.", wait_en(*seconds)),
            };
        }
        AppError::LockedOut => (
            "비밀번호를 너무 많이 틀려 로그인을 막았습니다. 비밀번호 찾기에서 메일을 받아 새 비밀번호를 정해 주세요.",
            "Too many wrong passwords: logging in is blocked. Have a mail sent by ‘forgot password’ and choose a new one.",
        ),
        AppError::Unavailable => (
            "지금은 처리할 수 없습니다. 잠시 뒤 다시 해 주세요.",
            "This cannot be done right now. Please try again in a moment.",
        ),
        AppError::BadRequest => (
            "요청을 이해할 수 없습니다. 화면을 새로 열어 주세요.",
            "We could not read the request. Please reload the page.",
        ),
        AppError::Offline => (
            "서버에 연결할 수 없습니다. 입력한 내용은 그대로 있으니 다시 시도해 주세요.",
            "The server cannot be reached. What you typed is still here: please try again.",
        ),
        AppError::Internal => {
            ("문제가 생겨 처리하지 못했습니다. 저장된 것은 없습니다.", "Something went wrong. Nothing was saved.")
        }
    };
    if lang == Lang::Ko { ko } else { en }.to_owned()
}

fn wait_ko(seconds: u32) -> String {
    if seconds < 60 { format!("{seconds}초") } else { format!("{}분", seconds.div_ceil(60)) }
}

fn wait_en(seconds: u32) -> String {
    if seconds < 60 { format!("{seconds} s") } else { format!("{} min", seconds.div_ceil(60)) }
}

/// How a value is stored when spaces, invisible or full-width characters came along.
pub fn cleaned_text(lang: Lang, cleaned: &str) -> String {
    match lang {
        Lang::Ko => format!("공백이나 전각 문자를 정리해 {cleaned}(으)로 저장합니다."),
        Lang::En => format!("Spaces and full-width characters are cleaned: {cleaned} is stored."),
    }
}

/// What became of a field since the channel was saved.
pub fn change_text(lang: Lang, change: &CatalogueChange) -> String {
    match (lang, change) {
        (Lang::Ko, CatalogueChange::Added { label }) => format!("‘{label}’ 항목이 새로 생겼습니다."),
        (Lang::En, CatalogueChange::Added { label }) => format!("“{label}” is new."),
        (Lang::Ko, CatalogueChange::Renamed { from, to }) => format!("‘{from}’의 이름이 ‘{to}’(으)로 바뀌었습니다."),
        (Lang::En, CatalogueChange::Renamed { from, to }) => format!("“{from}” is called “{to}” now."),
        (Lang::Ko, CatalogueChange::Removed { label }) => {
            format!("‘{label}’ 항목이 없어졌습니다. 다음에 저장할 때 값이 빠집니다.")
        }
        (Lang::En, CatalogueChange::Removed { label }) => {
            format!("“{label}” is no longer asked for. The next save leaves its value out.")
        }
    }
}

/// The sentence of a warning; warnings never block.
pub fn warning_text(lang: Lang, code: &WarningCode) -> String {
    let (ko, en) = match code {
        WarningCode::NearTestMid { meant } => {
            return match lang {
                Lang::Ko => format!("공용 테스트 MID인 {meant}를 뜻하셨나요? 한 글자가 다릅니다."),
                Lang::En => format!("Did you mean {meant}, the shared test MID? One character differs."),
            };
        }
        WarningCode::UnusualLiveMid => (
            "실연동 상점아이디로는 낯선 형식입니다. 결제대행사에서 받은 값이 맞는지 확인해 주세요.",
            "Unusual for a live MID. Please check that it is the one the gateway gave you.",
        ),
        WarningCode::LiveLookingMidInTest => (
            "실연동 상점아이디처럼 보입니다. 연동 모드가 테스트가 맞는지 확인해 주세요.",
            "This looks like a live MID. Is test the mode you want?",
        ),
        WarningCode::UnusualPrefix => {
            ("낯선 형식의 값입니다. 다시 확인해 주세요.", "An unusual value. Please check it.")
        }
        WarningCode::DuplicateMid => (
            "같은 모듈과 상점아이디의 채널이 또 있습니다. V1에서 pg 값으로 부르면 먼저 추가한 채널이 쓰입니다.",
            "Another channel has this module and MID. V1 payments by pg use the one that was added first.",
        ),
        WarningCode::RetiredTestMid => (
            "결제대행사가 더 이상 안내하지 않는 공용 테스트 MID입니다. 새 공용 테스트 MID로 바꾸는 것을 권합니다.",
            "The gateway does not offer this shared test MID any more. We recommend one of the current ones.",
        ),
        WarningCode::OldModule => (
            "구모듈입니다. 새로 연동하신다면 신모듈을 쓸 수 있는지 먼저 확인해 주세요.",
            "This is the old module. For a new integration, see first whether you can take the new one.",
        ),
    };
    if lang == Lang::Ko { ko } else { en }.to_owned()
}

macro_rules! words_of {
    ($(#[$doc:meta])* $name:ident($type:ty) { $($variant:path => $ko:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        pub const fn $name(lang: Lang, value: $type) -> &'static str {
            let (ko, en) = match value { $($variant => ($ko, $en)),+ };
            if matches!(lang, Lang::Ko) { ko } else { en }
        }
    };
}

words_of!(mode_text(Mode) {
    Mode::Test => "테스트", "Test";
    Mode::Live => "실연동", "Live";
});

words_of!(purpose_text(Purpose) {
    Purpose::Payment => "결제", "Payment";
    Purpose::Identity => "본인인증", "Identity";
});

words_of!(category_text(Category) {
    Category::PaymentGateway => "결제대행사", "Payment gateways";
    Category::DirectWallet => "간편결제 직연동", "Direct wallets";
    Category::Overseas => "해외 결제대행사", "Overseas gateways";
    Category::Identity => "본인인증", "Identity verification";
});

words_of!(module_status_text(ModuleStatus) {
    ModuleStatus::Active => "사용할 수 있습니다", "Available";
    ModuleStatus::Legacy => "예전 모듈입니다", "An older module";
    ModuleStatus::ByRequest => "결제대행사에 따로 신청해야 쓸 수 있습니다", "Opened by the gateway on request";
    ModuleStatus::ClosedToNew => "새로 신청할 수 없고, 이미 쓰는 고객사만 추가할 수 있습니다", "Only for merchants who have it already";
    ModuleStatus::Undocumented => "지금의 안내 문서에는 없는 모듈입니다", "No longer in today's documents";
    ModuleStatus::Discontinued => "더 이상 추가할 수 없습니다", "Cannot be added any more";
});

words_of!(status_text(Status) {
    Status::Active => "사용 중", "Active";
    Status::Paused => "일시중지", "Paused";
    Status::Archived => "삭제됨", "Deleted";
});

words_of!(tax_text(Tax) {
    Tax::None => "미설정", "Not set";
    Tax::Taxable => "과세", "Taxable";
    Tax::TaxFree => "면세", "Tax-free";
});

words_of!(reason_text(VersionReason) {
    VersionReason::Added => "채널 추가", "Added";
    VersionReason::Edited => "수정", "Edited";
    VersionReason::Paused => "일시중지", "Paused";
    VersionReason::Resumed => "다시 사용", "Resumed";
    VersionReason::Deleted => "삭제", "Deleted";
    VersionReason::Restored => "되돌리기", "Restored";
    VersionReason::Assigned => "상점 지정", "Given to a store";
    VersionReason::RolledBack => "이전 버전으로", "Rolled back";
});

words_of!(own_kind_text(OwnKind) {
    OwnKind::ImpCode => "고객사 식별코드", "merchant code";
    OwnKind::StoreId => "상점아이디(storeId)", "store id";
    OwnKind::ChannelKey => "채널 키", "channel key";
    OwnKind::ApiSecret => "V2 API Secret", "V2 API secret";
    OwnKind::CoreToken => "결제 코어 토큰", "core token";
});

words_of!(role_text(Role) {
    Role::Owner => "Owner", "Owner";
    Role::Admin => "Admin", "Admin";
    Role::Dev => "Dev", "Dev";
    Role::Manager => "Manager", "Manager";
    Role::Viewer => "Viewer (Read only)", "Viewer (read only)";
});

words_of!(
    /// 용도
    use_text(Use) {
        Use::OneTime => "일반결제", "One-time payments";
        Use::Recurring => "정기결제", "Recurring payments";
        Use::KeyedIn => "수기결제", "Keyed-in payments";
        Use::Escrow => "에스크로 결제", "Escrow payments";
        Use::GiftCertificate => "상품권 결제", "Gift certificates";
        Use::PhonePayment => "휴대폰 소액결제", "Phone payments";
        Use::OpenMarketReceipt => "하위 상점(오픈마켓) 영수증 API", "Open market receipt API";
        Use::Reconciliation => "결제사 정산", "Reconciliation";
        Use::ChargebackWebhook => "차지백 웹훅", "Chargeback webhook";
        Use::IdentitySdk => "본인인증 SDK", "Identity SDK";
        Use::IdentityApi => "본인인증 API", "Identity API";
        Use::V1 => "V1", "V1";
        Use::V2 => "V2", "V2";
    }
);
