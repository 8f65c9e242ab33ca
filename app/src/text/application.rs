//! The words of 전자결제 신청, side by side.

use domain::application::{ApplicationError, BusinessKind, Consent, Issuer, Review, State, Step};

use super::Lang;

side_by_side! {
    /// The fixed words of the pages of 전자결제 신청 in one language.
    ApplicationWords {
        title: "전자결제 신청", "Apply for payments";
        lead: "실제 결제를 받으려면 사업자 정보를 등록하고, 이용할 결제대행사와 결제수단을 신청합니다.", "To take real payments, enter your business details and apply for the gateways and pay methods you want.";
        ready_title: "미리 준비해 주세요", "What to have ready";
        ready_registration: "사업자 등록증 (PDF, PNG, JPEG, 10 MB까지)", "Business registration certificate (PDF, PNG or JPEG, up to 10 MB)";
        ready_url: "서비스 URL", "The address of your service";
        ready_people: "대표자 및 담당자 정보", "Who represents the company, and whom to contact";
        consents: "약관 동의", "Consents";
        required: "[필수]", "[Required]";
        optional: "[선택]", "[Optional]";
        third_party_text: "신청을 검토하고 계약할 수 있도록, 입력한 사업자·대표자·담당자·정산 계좌 정보와 사업자등록증을 선택한 결제대행사에 제공합니다.", "So that they can review and sign, the gateways you choose are given what you enter: business, representative, contact, settlement account and certificate.";
        collection_text: "전자결제 신청을 처리하기 위해 대표자와 담당자의 이름, 이메일, 전화번호, 정산 계좌를 수집하고 이용합니다.", "To handle your application, names, e-mail address, phone number and settlement account are collected and used.";
        marketing_text: "새 기능과 혜택을 이메일로 알려 드립니다. 동의하지 않아도 신청할 수 있습니다.", "News and offers by e-mail. You can apply without.";
        start: "시작하기", "Start";
        test_first: "테스트로 먼저 연동해 보기", "Try it in test mode first";
        only_editors: "Owner나 Admin이 신청을 시작하면 여기에 상태가 나옵니다.", "Once an Owner or Admin begins, the states are shown here.";
        states_only: "신청에 입력한 내용은 고객사 전체를 맡은 Owner, Admin, Dev, Manager 계정에서 볼 수 있습니다.", "What was entered is shown to Owners, Admins, Devs and Managers of the whole merchant.";
        business: "비즈니스 인증", "Business details";
        business_lead: "단계마다 저장되므로 나중에 이어서 입력할 수 있습니다.", "Each step is saved by itself: you can go on later.";
        done: "입력 완료", "Done";
        missing: "입력 전", "To do";
        enter: "입력", "Enter";
        change: "수정", "Change";
        shared: "다른 신청이 심사 중입니다. 여기서 바꾼 내용은 그 심사에도 쓰이고, 심사하는 사람에게 바뀌었다고 알려집니다.", "Another application is being reviewed. What you change here is used there too, and the reviewer is told that it changed.";
        see_stored: "지금 저장된 내용 보기", "See what is stored now";
        see_consents: "동의한 약관 보기", "See the consents";
        consents_outdated: "약관이 바뀌었습니다. 계속하려면 다시 확인하고 동의해 주세요.", "The terms have changed. Please read and agree to them again to go on.";
        reviews_of_module: "이 결제 모듈의 계약에 기록된 카드사 심사입니다. 같은 모듈의 다른 채널에도 나옵니다.", "Noted on the contract of this module; other channels of the same module show it too.";
        locked: "심사하는 동안에는 비즈니스 인증 정보를 바꿀 수 없습니다. 보완 요청을 받으면 다시 고칠 수 있습니다.", "While an application is being reviewed these details stay as they are. You can change them when changes are requested.";
        kind: "사업자 유형", "Kind of business";
        number: "사업자등록번호", "Business registration number";
        number_help: "사업자등록증에 있는 10자리 숫자입니다. 예) 220-81-62517", "The ten digits on the certificate. For instance: 220-81-62517";
        company: "상호", "Company name";
        representative: "대표자", "Representative";
        sector: "업종", "Line of business";
        trade: "업태", "Kind of trade";
        address: "주소", "Address";
        url: "서비스 URL", "Service URL";
        url_help: "결제를 받을 사이트의 주소입니다. https로 시작하고, 누구나 열 수 있어야 합니다.", "The site that takes the payments. It begins with https and everybody can open it.";
        url_not_found_yet: "도메인이 있는지 아직 확인하지 못했습니다", "Whether the domain exists could not be checked yet";
        mend_url: "서비스 URL 고치기", "Change the service URL";
        contact_name: "담당자 이름", "Contact's name";
        contact_email: "담당자 이메일", "Contact's e-mail";
        contact_phone: "담당자 전화번호", "Contact's phone";
        bank: "은행", "Bank";
        account_number: "계좌번호", "Account number";
        account_help: "암호화해 보관하고, 저장한 뒤에는 다시 보여 드리지 않습니다.", "Kept encrypted, and not shown again once it is saved.";
        account_kept: "저장된 계좌번호가 있습니다. 그대로 두려면 비워 두세요.", "An account number is stored. Leave this blank to keep it.";
        account_drafted: "입력한 값을 보관했습니다. 바꾸려면 다시 입력하세요.", "What you entered is kept. Enter it again to change it.";
        account_set: "저장됨", "Stored";
        file: "사업자등록증 파일", "Certificate file";
        file_help: "PDF, PNG, JPEG 파일을 10 MB까지 올릴 수 있습니다. 암호화해 보관합니다.", "PDF, PNG or JPEG, up to 10 MB. Kept encrypted.";
        file_now: "지금 등록된 파일", "The file that is kept now";
        file_replaced: "새 파일을 올리면 이전 파일은 지워집니다.", "A new file replaces this one.";
        upload: "올리기", "Upload";
        download: "내려받기", "Download";
        save_next: "저장하고 다음", "Save and go on";
        back: "전자결제 신청으로", "Back to the application";
        saved: "저장했습니다", "Saved";
        pgs: "신청할 결제대행사", "Gateways to apply for";
        pgs_none: "아직 신청한 결제대행사가 없습니다", "No gateway yet";
        pgs_none_text: "이용할 결제대행사와 결제수단을 골라 주세요.", "Choose the gateways and pay methods you want.";
        add_pg: "결제대행사 추가", "Add a gateway";
        choose_pg: "결제대행사 선택", "Choose a gateway";
        choose_module: "결제 모듈 선택", "Choose a module";
        choose_methods: "결제 방식과 결제수단", "Ways and methods of payment";
        styles: "결제 방식", "Ways of payment";
        methods: "결제수단", "Pay methods";
        keep_choice: "신청 목록에 담기", "Put on the list";
        needs_title: "계약에 필요한 것", "What the contract needs";
        needs_text: "비즈니스 인증에서 등록한 사업자 정보로 신청합니다. 결제대행사가 더 필요한 것을 알려 오면 보완 요청으로 안내해 드립니다.", "You apply with the business details you entered. If the gateway asks for more, it comes back as a request for changes.";
        follows_title: "계약 뒤 콘솔에서 할 일", "What follows in the console";
        follows_text: "계약을 마치면 결제대행사에서 받은 아래 값으로 실연동 채널을 추가합니다.", "With the contract the gateway gives you these values; add the live channel with them.";
        summary: "신청 내용 확인", "Check and submit";
        summary_lead: "제출하면 심사가 시작되고, 심사하는 동안에는 내용을 바꿀 수 없습니다.", "Once submitted it is reviewed; meanwhile nothing can be changed.";
        submit: "제출하기", "Submit";
        submitted: "신청을 제출했습니다", "The application was submitted";
        submit_pick: "제출할 신청", "What to submit";
        incomplete: "비즈니스 인증을 마치면 제출할 수 있습니다", "Finish the business details to submit";
        message: "안내", "Message";
        drop: "목록에서 빼기", "Remove from the list";
        dropped: "목록에서 뺐습니다", "Removed from the list";
        chosen: "신청 목록에 담았습니다", "Put on the list";
        again: "다시 신청하기", "Apply again";
        begun_again: "다시 작성할 수 있습니다", "You can change and submit it again";
        begun: "약관에 동의했습니다. 비즈니스 인증부터 입력해 주세요", "Thank you. Please begin with the business details";
        add_live: "실연동 채널 추가", "Add the live channel";
        contract_done: "계약이 끝났습니다", "The contract is done";
        contract_done_text: "결제대행사에서 받은 값으로 실연동 채널을 추가해 주세요.", "Add the live channel with what the gateway gave you.";
        reviews: "카드사 심사", "Card issuers' reviews";
        reviews_none: "아직 기록된 카드사 심사가 없습니다.", "No review is noted yet.";
        issuer: "카드사", "Card issuer";
        review_state: "심사 상태", "State of the review";
        review_none: "기록 지우기", "Remove the note";
        review_save: "심사 상태 저장", "Save the state";
        review_saved: "카드사 심사 상태를 저장했습니다", "The state was saved";
        see: "자세히 보기", "Details";
        see_application: "전자결제 신청 보기", "See the application";
        home_none: "실제 결제를 받으려면 전자결제 신청이 필요합니다.", "To take real payments, apply for them first.";
        choose: "선택", "Choose";
    }
}

impl Lang {
    pub const fn application(self) -> &'static ApplicationWords {
        match self {
            Self::Ko => &KO,
            Self::En => &EN,
        }
    }
}

const fn of(lang: Lang, ko: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Ko => ko,
        Lang::En => en,
    }
}

pub const fn application_state_text(lang: Lang, state: State) -> &'static str {
    match state {
        State::Draft => of(lang, "작성 중", "Draft"),
        State::Submitted => of(lang, "신청 완료", "Submitted"),
        State::InReview => of(lang, "심사 중", "In review"),
        State::ChangesRequested => of(lang, "보완 요청", "Changes requested"),
        State::Contracted => of(lang, "계약 완료", "Contract done"),
        State::Rejected => of(lang, "반려", "Rejected"),
    }
}

pub const fn step_text(lang: Lang, step: Step) -> &'static str {
    match step {
        Step::Business => of(lang, "사업자 정보", "Business"),
        Step::Service => of(lang, "서비스와 담당자", "Service and contact"),
        Step::Settlement => of(lang, "정산 계좌", "Settlement account"),
        Step::Registration => of(lang, "사업자등록증", "Registration certificate"),
    }
}

pub const fn business_kind_text(lang: Lang, kind: BusinessKind) -> &'static str {
    match kind {
        BusinessKind::Corporate => of(lang, "법인사업자", "Corporation"),
        BusinessKind::Individual => of(lang, "개인사업자", "Individual"),
        BusinessKind::Simplified => of(lang, "간이과세자", "Simplified taxpayer"),
    }
}

pub const fn consent_text(lang: Lang, consent: Consent) -> &'static str {
    match consent {
        Consent::ThirdParty => of(lang, "개인정보 제3자 제공", "Sharing personal data with third parties"),
        Consent::Collection => of(lang, "개인정보 수집 및 이용", "Collecting and using personal data"),
        Consent::Marketing => of(lang, "마케팅 정보 수신", "News and offers"),
    }
}

pub const fn review_text(lang: Lang, review: Review) -> &'static str {
    match review {
        Review::Pending => of(lang, "심사 중", "In review"),
        Review::Approved => of(lang, "심사 완료", "Approved"),
        Review::Rejected => of(lang, "반려", "Rejected"),
    }
}

pub const fn issuer_text(lang: Lang, issuer: Issuer) -> &'static str {
    match issuer {
        Issuer::Bc => of(lang, "BC카드", "BC"),
        Issuer::Kb => of(lang, "KB국민카드", "KB Kookmin"),
        Issuer::Hyundai => of(lang, "현대카드", "Hyundai"),
        Issuer::Samsung => of(lang, "삼성카드", "Samsung"),
        Issuer::Lotte => of(lang, "롯데카드", "Lotte"),
        Issuer::Nh => of(lang, "NH농협카드", "NH Nonghyup"),
        Issuer::Woori => of(lang, "우리카드", "Woori"),
        Issuer::Hana => of(lang, "하나카드", "Hana"),
        Issuer::Shinhan => of(lang, "신한카드", "Shinhan"),
        Issuer::Citi => of(lang, "씨티카드", "Citi"),
        Issuer::Kwangju => of(lang, "광주카드", "Kwangju"),
        Issuer::Jeonbuk => of(lang, "전북카드", "Jeonbuk"),
        Issuer::Jeju => of(lang, "제주카드", "Jeju"),
        Issuer::Suhyup => of(lang, "수협카드", "Suhyup"),
        Issuer::Kdb => of(lang, "KDB산업은행", "KDB"),
        Issuer::Saemaul => of(lang, "새마을금고", "Saemaul"),
        Issuer::Shinhyup => of(lang, "신협", "Shinhyup"),
        Issuer::Post => of(lang, "우체국", "Korea Post"),
        Issuer::Kbank => of(lang, "케이뱅크", "K bank"),
        Issuer::Kakaobank => of(lang, "카카오뱅크", "KakaoBank"),
    }
}

/// Beside a field: what is wrong, and what to do.
pub(super) const fn refusal(lang: Lang, why: ApplicationError) -> &'static str {
    use ApplicationError as Why;
    let (ko, en) = match why {
        Why::ConsentNeeded => ("신청하려면 동의가 필요합니다.", "Needed to apply."),
        Why::BusinessNumberForm => (
            "사업자등록번호는 10자리 숫자입니다. 예) 220-81-62517",
            "A business number has ten digits. For instance: 220-81-62517",
        ),
        Why::BusinessNumberCheck => (
            "마지막 숫자가 앞의 숫자와 맞지 않습니다. 잘못 옮겨 적은 숫자가 없는지 확인해 주세요.",
            "Its last digit does not fit the others. Was a digit mistyped?",
        ),
        Why::UrlNotHttps => (
            "https://로 시작하는 주소를 입력해 주세요. 예) https://shop.example.com",
            "An address that begins with https://, please. For instance: https://shop.example.com",
        ),
        Why::UrlHost => (
            "누구나 열 수 있는 도메인 이름이 아닙니다. IP 주소나 localhost, 사내 주소, 다른 포트는 쓸 수 없습니다.",
            "This is no public domain name. IP addresses, localhost, internal names and other ports cannot be used.",
        ),
        Why::UrlUnknown => (
            "서비스 URL의 도메인 이름이 DNS에 없습니다. 잘못 옮겨 적은 글자가 없는지 확인하고, 새 도메인이면 등록한 뒤 다시 시도해 주세요.",
            "The domain name of the service URL is not in the DNS. Was a letter mistyped? A new domain has to be registered first.",
        ),
        Why::UrlPrivate => (
            "서비스 URL의 도메인 이름이 사내망 주소(사설 IP)를 가리킵니다. 누구나 열 수 있는 주소를 입력하거나 DNS 설정을 고쳐 주세요.",
            "The domain name of the service URL points to a private address. Enter one that everybody can open, or mend its DNS records.",
        ),
        Why::Phone => {
            ("전화번호의 형식이 아닙니다. 예) 02-1234-5678", "This is not a phone number. For instance: 02-1234-5678")
        }
        Why::AccountNumber => (
            "계좌번호는 8~20자리 숫자입니다. 붙임표(-)는 써도 됩니다.",
            "An account number has 8 to 20 digits; hyphens are fine.",
        ),
        Why::ChooseOne => ("하나 이상 골라 주세요.", "Please choose at least one."),
        Why::FileType => (
            "PDF, PNG, JPEG 파일이 아닙니다. 이름이 아니라 내용을 보고 확인합니다. 다른 파일을 골라 주세요.",
            "This is not a PDF, PNG or JPEG: what counts is the content, not the name. Please choose another file.",
        ),
        Why::FileTooLarge => (
            "10 MB가 넘는 파일입니다. 크기를 줄여 다시 올려 주세요.",
            "The file has more than 10 MB. Please make it smaller.",
        ),
        Why::FileMissing => ("올릴 파일을 골라 주세요.", "Please choose a file."),
        Why::BusinessIncomplete => (
            "비즈니스 인증에 빠진 단계가 있습니다. 먼저 입력해 주세요.",
            "A step of the business details is missing. Please enter it first.",
        ),
        Why::Locked => (
            "심사 중이어서 바꿀 수 없습니다. 보완 요청을 받으면 고칠 수 있습니다.",
            "It is being reviewed and stays as it is. You can change it when changes are requested.",
        ),
        Why::AlreadyApplied => ("이미 신청한 결제 모듈입니다.", "You have applied for this module already."),
        Why::NoteNeeded => ("고객사에 알릴 이유를 입력해 주세요.", "Please tell the merchant why."),
    };
    of(lang, ko, en)
}
