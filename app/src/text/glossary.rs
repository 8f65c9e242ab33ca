//! What the words of the module chooser mean (the note at the head of seeds 000, 002 and 003, in our words).

use super::Lang;

type Terms = &'static [(&'static str, &'static [(&'static str, &'static str)])];

pub const fn glossary(lang: Lang) -> Terms {
    match lang {
        Lang::Ko => KO,
        Lang::En => EN,
    }
}

const KO: Terms = &[
    (
        "연동방식",
        &[
            ("결제창", "결제대행사가 띄우는 창에서 구매자가 결제 수단을 고르고 결제합니다."),
            ("API", "고객사가 만든 화면에서 결제 정보를 받아 서버가 API로 결제합니다."),
        ],
    ),
    (
        "모듈버전",
        &[
            ("V1", "포트원의 첫 결제 모듈입니다. 가장 많은 결제대행사와 결제 수단을 지원합니다."),
            ("V2", "포트원의 다음 세대 결제 모듈입니다. 호출 방식이 더 간단합니다."),
            ("신모듈", "결제대행사가 지금 제공하는 최신 모듈입니다."),
            ("구모듈", "결제대행사가 예전부터 제공해 온 모듈입니다."),
        ],
    ),
    (
        "결제방식",
        &[
            ("일반결제", "구매자의 결제 정보를 남기지 않는 한 번의 결제(단건결제)입니다."),
            ("정기결제", "구매자의 결제 정보를 저장해 두고 다시 결제합니다. 주기가 정해지지 않아도 됩니다."),
        ],
    ),
];

const EN: Terms = &[
    (
        "Integration",
        &[
            ("결제창", "Payment window: the buyer chooses and pays in a window of the gateway."),
            ("API", "Your own page takes the payment details and your server pays through the API."),
        ],
    ),
    (
        "Module",
        &[
            ("V1", "PortOne's first payment module, with the most gateways and pay methods."),
            ("V2", "PortOne's next payment module, with a simpler interface."),
            ("신모듈", "The module the gateway offers today."),
            ("구모듈", "The gateway's older module."),
        ],
    ),
    (
        "Payment",
        &[
            ("일반결제", "One payment; the buyer's payment details are not kept."),
            ("정기결제", "The buyer's payment details are kept and charged again, regularly or not."),
        ],
    ),
];
