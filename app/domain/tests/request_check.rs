//! What the request checker says, rule by rule, by the guide of KSNET (seed 001).

use domain::{
    catalogue::{
        Catalogue,
        requests::{Device, Level},
    },
    channel::Mode,
    id::ChannelKey,
    request_check::{Channel, ReadError, Report, RequestForm, check, read},
};
use uuid::Uuid;

const MID: &str = "2999199999";
/// What every payment window needs.
const ENOUGH: &str = r#"pay_method: "card", merchant_uid: "o-1", amount: 109000, tax_free: 0, currency: "KRW",
    buyer_name: "홍길동", m_redirect_url: "https://shop.example/done", pg: "ksnet.2999199999""#;
const STORE: &str = r#"storeDetails: { businessName: "상점", businessRegistrationNumber: "1178178260" }"#;

fn report(call: &str, request: &str, device: Option<Device>, mode: Mode) -> Report<'static> {
    let (_, module) = Catalogue::embedded().module("ksnet").expect("a module");
    let guide = Catalogue::embedded().request_guide(&module.id).expect("a guide");
    let call = guide.call(call).expect("a call");
    let channel = Channel { key: ChannelKey::new(Uuid::nil()), mode, mid: MID, module };
    check(call, &read(request).expect("readable"), device, channel)
}

/// The rules that a payment window on any device breaks.
fn broken(request: &str) -> Vec<&'static str> {
    report("request_pay", request, None, Mode::Live).findings.iter().map(|f| f.rule.key.as_str()).collect()
}

/// The same of one that says enough and this besides. What is said twice counts the second time.
fn broken_with(more: &str) -> Vec<&'static str> {
    broken(&format!("{{ {ENOUGH}, {more} }}"))
}

fn broken_without(field: &str) -> Vec<&'static str> {
    broken_with(&format!("{field}: null"))
}

fn direct(code: &str, more: &str) -> Vec<&'static str> {
    broken_with(&format!("card: {{ direct: {{ code: \"{code}\" }} }}, {more}"))
}

#[test]
fn a_request_that_says_enough_is_fine() {
    assert_eq!(broken(&format!("{{ {ENOUGH} }}")), [""; 0]);
}

#[test]
fn the_examples_that_the_page_shows_are_fine() {
    for provider in Catalogue::embedded().providers() {
        for guide in &provider.request_guides {
            for call in &guide.calls {
                for module in &guide.modules {
                    let (_, module) = Catalogue::embedded().module(module.as_str()).expect("a module of the provider");
                    let channel = Channel { key: ChannelKey::new(Uuid::nil()), mode: Mode::Live, mid: MID, module };
                    let request = read(&call.example.replace("{MID}", MID)).expect("readable");
                    let report = check(call, &request, None, channel);
                    assert!(report.findings.is_empty() && report.unmentioned.is_empty(), "{}: {report:?}", call.key);
                }
            }
        }
    }
}

#[test]
fn a_request_without_the_tax_free_amount_is_refused() {
    assert_eq!(broken_without("tax_free"), ["tax_free"]);
    assert_eq!(broken_with("tax_free: 0"), [""; 0]);
}

#[test]
fn a_request_without_a_buyers_name_is_refused() {
    assert_eq!(broken_without("buyer_name"), ["buyer_name"]);
    assert_eq!(broken_with("buyer_name: '  '"), ["buyer_name"]);
}

#[test]
fn the_nine_pay_methods_are_taken_and_no_other() {
    for method in ["card", "vbank", "trans", "phone", "lpay", "ssgpay", "kakaopay", "naverpay", "payco"] {
        let cautions = if method == "phone" { vec!["digital_phone"] } else { vec![] };
        assert_eq!(broken_with(&format!("pay_method: '{method}'")), cautions, "{method}");
    }
    for method in ["samsungpay", "Card", "paypal"] {
        assert_eq!(broken_with(&format!("pay_method: '{method}'")), ["pay_method_known"], "{method}");
    }
    assert_eq!(broken_without("pay_method"), ["pay_method"]);
}

#[test]
fn an_order_number_and_a_currency_are_required() {
    assert_eq!(broken_without("merchant_uid"), ["merchant_uid"]);
    assert_eq!(broken_without("currency"), ["currency"]);
}

#[test]
fn an_amount_is_a_number_and_none_means_nothing_is_paid() {
    assert_eq!(broken_with("amount: '109,000'"), ["amount_number"]);
    assert_eq!(broken_with("amount: '109000'"), [""; 0]);
    assert_eq!(broken_without("amount"), ["amount"]);
}

#[test]
fn a_pg_that_names_another_channel_is_found() {
    assert_eq!(broken_with("pg: 'ksnet.2999199990'"), ["pg_of_channel"]);
    assert_eq!(broken_with("pg: 'nice.2999199999'"), ["pg_of_channel"]);
    assert_eq!(broken_with("pg: 'ksnet'"), [""; 0]);
    assert_eq!(broken_without("pg"), ["pg"]);
    let key = ChannelKey::new(Uuid::nil());
    assert_eq!(broken_with(&format!("pg: null, channelKey: '{key}'")), [""; 0]);
    assert_eq!(broken_with("pg: null, channelKey: 'channel-key-else'"), ["channel_key"]);
}

#[test]
fn an_issuer_is_opened_directly_for_won_only() {
    assert_eq!(direct("361", "buyer_tel: '010', bypass: { ksnet: { tcode: 'skt' } }"), [""; 0]);
    let dollars = "currency: 'USD', buyer_tel: '010', bypass: { ksnet: { tcode: 'skt' } }";
    assert_eq!(direct("361", dollars), ["currency_direct"]);
    assert_eq!(broken_with("currency: 'USD'"), [""; 0]);
}

#[test]
fn five_issuers_need_the_phone_number_and_the_carrier_on_a_phone() {
    for code in ["361", "369", "372", "364", "090"] {
        assert_eq!(direct(code, "x: null"), ["direct_mobile_tel", "direct_mobile_tcode"], "{code}");
        let request = format!("{{ {ENOUGH}, card: {{ direct: {{ code: '{code}' }} }} }}");
        let on = |device| report("request_pay", &request, Some(device), Mode::Live).findings.len();
        assert_eq!((on(Device::Pc), on(Device::Mobile)), (0, 2), "{code}");
        // Any carrier will do.
        assert_eq!(direct(code, "buyer_tel: '010', bypass: { ksnet: { tcode: 'any' } }"), [""; 0], "{code}");
    }
    assert_eq!(direct("089", "x: null"), [""; 0]);
}

#[test]
fn nine_issuers_need_to_know_whose_shop_it_is_and_eight_of_them_where() {
    let who = ["direct_business_name", "direct_business_number"];
    assert_eq!(direct("381", "x: null"), who);
    assert_eq!(direct("381", STORE), [""; 0]);
    for code in ["041", "374", "371", "365", "367", "368", "366", "370"] {
        assert_eq!(direct(code, "x: null"), [&who[..], &["direct_url"]].concat(), "{code}");
        let both = format!("{STORE}, bypass: {{ ksnet: {{ url: 'https://shop.example' }} }}");
        assert_eq!(direct(code, &both), [""; 0], "{code}");
    }
}

#[test]
fn a_business_number_is_digits_only() {
    let hyphens = "storeDetails: { businessName: '상점', businessRegistrationNumber: '117-81-78260' }";
    assert_eq!(broken_with(hyphens), ["business_number_digits"]);
    assert_eq!(direct("381", hyphens), ["business_number_digits"]);
}

#[test]
fn eight_issuers_take_no_list_of_instalments_when_they_are_opened_directly() {
    let enough =
        format!("{STORE}, bypass: {{ ksnet: {{ url: 'https://shop.example' }} }}, display: {{ card_quota: [0, 2] }}");
    for code in ["041", "374", "371", "365", "367", "368", "366", "370"] {
        assert_eq!(direct(code, &enough), ["direct_no_quota"], "{code}");
    }
    assert_eq!(direct("381", &enough), [""; 0]);
}

#[test]
fn instalments_begin_at_fifty_thousand_won_and_at_ten_thousand_with_one_issuer() {
    let with = |amount: u32, quota: &str| broken_with(&format!("amount: {amount}, display: {{ card_quota: {quota} }}"));
    assert_eq!(with(50_000, "[0, 2]"), [""; 0]);
    assert_eq!(with(49_999, "[0, 2]"), ["quota_hyundai_only"]);
    assert_eq!(with(9_999, "[0, 2]"), ["quota_small"]);
    assert_eq!(with(9_999, "[0]"), [""; 0]);
    let direct = |code: &str| {
        broken_with(&format!(
            "amount: 20000, display: {{ card_quota: [2] }}, card: {{ direct: {{ code: '{code}' }} }}, {STORE}"
        ))
    };
    assert_eq!(direct("381"), ["quota_direct"]);
    assert!(!direct("367").contains(&"quota_direct"));
}

#[test]
fn a_list_of_instalments_is_a_list_of_numbers() {
    assert_eq!(broken_with("display: { card_quota: 6 }"), ["quota_numbers"]);
    assert_eq!(broken_with("display: { card_quota: ['two'] }"), ["quota_numbers"]);
}

#[test]
fn digital_goods_are_a_matter_of_phone_payments() {
    assert_eq!(broken_with("digital: true"), ["digital_phone_only"]);
    assert_eq!(broken_with("digital: false"), [""; 0]);
    assert_eq!(broken_with("digital: true, pay_method: 'phone'"), [""; 0]);
    assert_eq!(broken_with("digital: 'yes', pay_method: 'phone'"), ["digital_boolean"]);
}

#[test]
fn there_is_no_window_for_unauthenticated_payments() {
    assert_eq!(broken_with("customer_uid: 'gildong-1'"), ["no_billing_window"]);
}

#[test]
fn an_issuers_code_is_known_and_is_text() {
    assert_eq!(direct("999", "x: null"), ["direct_code"]);
    let as_number = broken_with(&format!("card: {{ direct: {{ code: 381 }} }}, {STORE}"));
    assert_eq!(as_number, ["direct_code_text"]);
}

#[test]
fn a_phone_needs_a_place_to_come_back_to() {
    assert_eq!(broken_without("m_redirect_url"), ["mobile_redirect"]);
}

#[test]
fn bank_transfers_cannot_be_tested() {
    let request = format!("{{ {ENOUGH}, pay_method: 'trans' }}");
    let keys = |mode| {
        let report = report("request_pay", &request, None, mode);
        report.findings.iter().map(|f| (f.rule.key.as_str(), f.rule.level)).collect::<Vec<_>>()
    };
    assert_eq!(keys(Mode::Test), [("test_transfer", Level::Caution)]);
    assert_eq!(keys(Mode::Live), []);
}

#[test]
fn a_cash_receipt_needs_the_kind_of_goods_and_the_buyers_name() {
    let broken = |call: &str, request: &str| {
        report(call, request, None, Mode::Live).findings.iter().map(|f| f.rule.key.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(broken("receipt", "{ identifier: '1' }"), ["product_type", "buyer_name"]);
    assert_eq!(broken("receipt", "{ product_type: 'real', buyer_name: '홍' }"), [""; 0]);
    assert_eq!(broken("receipt", "{ product_type: 'thing', buyer_name: '홍' }"), ["product_type_known"]);
    assert_eq!(broken("external_receipt", "{ amount: 1 }"), ["pg", "product_type", "buyer_name"]);
    let whole = "{ product_type: 'real', buyer_name: '홍', pg: 'ksnet' }";
    assert_eq!(broken("external_receipt", whole), [""; 0]);
}

#[test]
fn what_is_refused_comes_before_what_is_to_be_minded() {
    let request = format!("{{ {ENOUGH}, amount: null, tax_free: null }}");
    assert_eq!(broken(&request), ["tax_free", "amount"]);
}

#[test]
fn code_in_place_of_a_value_is_there_but_nobody_knows_what_it_is() {
    let report = report(
        "request_pay",
        &format!("{{ {ENOUGH}, buyer_name: user.name, amount: items.reduce((a, b) => a + b.price, 0), pay_method }}"),
        None,
        Mode::Live,
    );
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    assert_eq!(report.undecided, ["amount", "pay_method"]);
}

#[test]
fn what_comes_from_elsewhere_is_not_said_to_be_missing() {
    let report = report("request_pay", "{ ...defaults, pay_method: 'cards' }", None, Mode::Live);
    assert_eq!(report.findings.iter().map(|f| f.rule.key.as_str()).collect::<Vec<_>>(), ["pay_method_known"]);
}

#[test]
fn what_the_guide_does_not_mention_is_listed() {
    let report = report("request_pay", &format!("{{ {ENOUGH}, card_quota: [2], buyer_nmae: 'x' }}"), None, Mode::Live);
    assert_eq!(report.unmentioned, ["card_quota", "buyer_nmae"]);
}

#[test]
fn what_developers_have_at_hand_is_read() {
    let same = [
        r#"{"pay_method": "card", "amount": 1000, "display": {"card_quota": [0, 6]}}"#,
        "{ pay_method: 'card', amount: 1_000, display: { card_quota: [0, 6,], }, }",
        "// 결제\nIMP.request_pay(\n  { // {PG}\n pay_method: `card`, /* 원 */ amount: 1000, display: { card_quota: [0, 6] } },\n function (rsp) { if (rsp) {} });",
        "const { IMP } = window; IMP.request_pay({ pay_method: 'card', amount: 1000, display: { card_quota: [0, 6] } })",
        "pay_method: 'card',\namount: 1000,\ndisplay: { card_quota: [0, 6] }",
        "curl -H \"Content-Type: application/json\" -X POST -d '{\"pay_method\": \"card\", \"amount\": 1000, \"display\": {\"card_quota\": [0, 6]}}' https://api.iamport.kr/x",
        "\u{FEFF}{\u{00A0}pay_method: 'ca\\u0072d', amount: 1000, display: { card_quota: [0, 6] } }",
    ];
    let first = read(same[0]).expect("JSON");
    for text in same {
        assert_eq!(read(text).as_ref(), Ok(&first), "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let cases = [
        ("", ReadError::Empty),
        ("결제가 안 돼요", ReadError::NoObject),
        ("[1, 2]", ReadError::NoObject),
        ("{\n a: 1\n b: 2 }", ReadError::MissingComma { line: 3 }),
        ("{\n a 1 }", ReadError::MissingColon { line: 2 }),
        ("{\n a: 'x\n }", ReadError::UnclosedText { line: 2 }),
        ("{\n a: { b: 1,\n", ReadError::Unclosed { line: 2 }),
        ("{ a: 1,\n b: “x” }", ReadError::CurlyQuote { line: 2 }),
        ("{ a: , }", ReadError::NoValue { line: 1 }),
        ("{ ,a: 1 }", ReadError::NoName { line: 1 }),
    ];
    for (text, error) in cases {
        assert_eq!(read(text), Err(error), "{text:?}");
    }
}

#[test]
fn a_text_that_is_meant_to_take_long_does_not() {
    let deep = format!("{{ a: {} }}", "[".repeat(30_000));
    assert_eq!(read(&deep), Err(ReadError::TooDeep { line: 1 }));
    let objects = format!("{}{}", "{a:".repeat(1_000), "}+1".repeat(1_000));
    assert_eq!(read(&objects), Err(ReadError::TooDeep { line: 1 }));
    assert_eq!(read(&format!("{{ a: [{}] }}", "1,".repeat(30_000))), Err(ReadError::TooMany { line: 1 }));
    assert_eq!(read(&"{".repeat(70_000)), Err(ReadError::TooLong { max: 64 * 1024 }));
    assert_eq!(read(&format!("{{ a: ({} }}", "(".repeat(60_000))), Err(ReadError::Unclosed { line: 1 }));
}

/// No text makes it panic: every beginning of a request, and a request with each of its bytes replaced.
#[test]
fn no_piece_of_a_request_is_too_odd_to_be_answered() {
    let text =
        "IMP.request_pay({ pg: 'ksnet', \"a\": [1, -2.5, `x${y}`, …], ...b, [c]: d(), e() {}, 카: '드\\u00e9', });";
    for (at, _) in text.char_indices() {
        let _ = read(&text[..at]);
        for odd in ["{", "}", "[", "]", "(", ")", "'", "\"", "`", ":", ",", "\\", "/", "/*", "//", "\n", "…", "\u{0}"]
        {
            let _ = read(&format!("{}{odd}{}", &text[..at], &text[at..]));
        }
    }
}

#[test]
fn what_is_filled_in_is_checked_like_what_is_pasted() {
    let (_, module) = Catalogue::embedded().module("ksnet").expect("a module");
    let call = Catalogue::embedded().request_guide(&module.id).expect("a guide").call("request_pay").expect("a call");
    let pairs = [
        ("call", "request_pay"),
        ("by", "fill"),
        ("text", "ignored"),
        ("in.pg", "ksnet"),
        ("in.pay_method", "card"),
        ("in.merchant_uid", "o-1"),
        ("in.amount", "20000"),
        ("in.tax_free", ""),
        ("in.currency", "KRW"),
        ("in.buyer_name", "홍길동"),
        ("in.m_redirect_url", "https://shop.example"),
        ("in.display.card_quota", "0, 2"),
        ("in.digital", "true"),
        ("in.nothing.of.ours", "x"),
        ("other", "x"),
    ];
    let form = RequestForm::from_pairs(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let channel = Channel { key: ChannelKey::new(Uuid::nil()), mode: Mode::Live, mid: MID, module };
    let report = check(call, &form.request(call).expect("a request"), form.device(), channel);
    let keys: Vec<_> = report.findings.iter().map(|f| f.rule.key.as_str()).collect();
    assert_eq!(keys, ["tax_free", "digital_phone_only", "quota_hyundai_only"]);
}

#[test]
fn every_guide_is_whole() {
    for provider in Catalogue::embedded().providers() {
        for guide in &provider.request_guides {
            assert!(guide.url.starts_with("https://") && !guide.title.is_empty() && !guide.sources.is_empty());
            for module in &guide.modules {
                let found = provider.modules.iter().find(|m| m.id == *module).expect("a module of the provider");
                assert!(found.versions.contains(&guide.version), "{module}");
            }
            for call in &guide.calls {
                let mut keys: Vec<_> = call.rules.iter().map(|rule| &rule.key).collect();
                keys.sort();
                keys.dedup();
                assert_eq!(keys.len(), call.rules.len(), "{}: a rule's key is its own", call.key);
                for rule in &call.rules {
                    assert!(!rule.section.is_empty() && !rule.text.ko.is_empty() && !rule.text.en.is_empty());
                    assert!(!rule.text.en.chars().any(|c| ('가'..='힣').contains(&c)), "{}", rule.text.en);
                }
            }
        }
    }
}

#[test]
fn a_request_of_which_nothing_is_written_is_not_said_to_keep_every_rule() {
    let report_of = |request: &str| report("request_pay", request, None, Mode::Live);
    let open = report_of("{ ...data }");
    assert!(open.is_open && open.findings.is_empty() && open.undecided.is_empty() && !open.is_fine());
    let coded = report_of("{ pg, pay_method, merchant_uid, amount, tax_free, currency, buyer_name, m_redirect_url }");
    assert!(!coded.is_open && coded.findings.is_empty() && !coded.undecided.is_empty() && !coded.is_fine());
    assert!(report_of(&format!("{{ {ENOUGH} }}")).is_fine());
    // Beside what the rules look at, it does not matter.
    assert!(report_of(&format!("{{ {ENOUGH}, custom_data: {{ ...more }} }}")).is_fine());
}

#[test]
fn the_guide_mentions_no_parameter_of_a_cash_receipt_that_it_does_not_have() {
    let report =
        report("receipt", r#"{ product_type: "digital", buyer_name: "홍", buyer_email: "a@b.c" }"#, None, Mode::Live);
    assert_eq!(report.unmentioned, ["buyer_email"]);
}

#[test]
fn the_enter_key_checks_what_was_filled_in() {
    let posted = |by: &str, amount: &str, text: &str| {
        let pairs = [("by", by), ("in.amount", amount), ("text", text)];
        RequestForm::from_pairs(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())))
    };
    assert!(posted(RequestForm::ENTER, "1000", "").is_filled());
    assert!(posted(RequestForm::ENTER, "1000", "{ amount: 1 }").is_filled());
    assert!(!posted(RequestForm::ENTER, "", "{ amount: 1 }").is_filled());
    assert!(!posted(RequestForm::PASTE, "1000", "").is_filled());
}
