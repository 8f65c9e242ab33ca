//! Code for every module of the catalogue.

use domain::{
    catalogue::{Catalogue, Category, Version},
    channel::{
        Mode, Purpose, Use,
        code::{Code, Coded, Doing},
    },
    id::{ChannelKey, StoreId},
    request_check::{Channel, check, read},
};
use uuid::Uuid;

fn code_of(module: &str, mid: &str, purpose: Purpose, uses: &[Use]) -> Code {
    let (provider, module) = Catalogue::embedded().module(module).expect("a module");
    let imp_code = "imp12345678".parse().expect("an imp code");
    let coded = Coded {
        module,
        category: provider.category,
        imp_code: &imp_code,
        store: StoreId::new(Uuid::from_u128(1)),
        key: ChannelKey::new(Uuid::from_u128(2)),
        mid,
        purpose,
        uses,
        sample: ("티셔츠", "홍길동"),
    };
    coded.code()
}

fn kinds(code: &Code) -> Vec<(Version, Doing)> {
    code.snippets.iter().map(|snippet| (snippet.version, snippet.doing)).collect()
}

const KEY: &str = "channelKey: \"channel-key-00000000-0000-0000-0000-000000000002\"";
const STORE: &str = "storeId: \"store-00000000-0000-0000-0000-000000000001\"";

#[test]
fn ksnet_is_asked_for_by_the_string_of_its_guide() {
    let code = code_of("ksnet", "2999199999", Purpose::Payment, &[]);
    let lines = [
        (Version::V1, "IMP.init(\"imp12345678\")"),
        (Version::V1, "pg: \"ksnet.2999199999\""),
        (Version::V1, KEY),
        (Version::V2, STORE),
        (Version::V2, KEY),
    ];
    assert_eq!(code.lines, lines.map(|(version, line)| (version, line.to_owned())));
    // This shared test MID is for the window, one-time; the other one for calls by API.
    assert_eq!(kinds(&code), [(Version::V1, Doing::Pay), (Version::V2, Doing::Pay)]);
    let by_api = code_of("ksnet", "2999199990", Purpose::Payment, &[]);
    let doing = Doing::IssueBillingKey { by_server: true };
    assert_eq!(kinds(&by_api), [(Version::V1, doing), (Version::V2, doing)]);
}

#[test]
fn a_module_of_one_version_has_code_of_that_version_only() {
    for (module, version, unlike) in [("inicis_v2", Version::V2, "IMP."), ("html5_inicis", Version::V1, "PortOne.")] {
        let code = code_of(module, "MOI0001", Purpose::Payment, &[]);
        assert!(code.lines.iter().all(|(of, _)| *of == version), "{module}");
        assert!(!code.snippets.is_empty() && code.snippets.iter().all(|s| !s.code.contains(unlike)), "{module}");
    }
}

#[test]
fn identity_channels_open_identity_verification() {
    let code = code_of("inicis_unified", "INIiasTest", Purpose::Identity, &[]);
    let [v1, v2] = &code.snippets[..] else { panic!("{code:?}") };
    assert!(v1.code.contains("IMP.certification(") && v2.code.contains("PortOne.requestIdentityVerification("));
    assert!(!v1.code.contains("amount") && !v2.code.contains("totalAmount"));
}

#[test]
fn who_wants_recurring_payments_is_shown_how_to_get_a_billing_key() {
    let once = code_of("inicis_v2", "MOI0001", Purpose::Payment, &[]);
    assert_eq!(kinds(&once), [(Version::V2, Doing::Pay)], "recurring is a use that was not chosen");
    let inicis = code_of("inicis_v2", "MOI0001", Purpose::Payment, &[Use::Recurring]);
    let billing = inicis.snippets.iter().find(|snippet| snippet.doing != Doing::Pay).expect("a billing key");
    assert!(
        billing.code.contains("PortOne.requestIssueBillingKey(") && billing.code.contains("billingKeyMethod: \"CARD\"")
    );
}

#[test]
fn every_module_has_lines_and_no_example_is_left_open() {
    for provider in Catalogue::embedded().providers() {
        for module in &provider.modules {
            for purpose in &module.purposes {
                let code = code_of(module.id.as_str(), "own0001", *purpose, &[]);
                assert!(code.lines.iter().any(|(_, line)| line == KEY), "{}", module.id);
                let is_for_won = provider.category != Category::Overseas && !module.overseas;
                if is_for_won && module.pay_styles.iter().all(|s| s != "API 수기결제") {
                    assert!(!code.snippets.is_empty(), "{}", module.id);
                }
                for snippet in &code.snippets {
                    for (open, close) in [('{', '}'), ('(', ')')] {
                        let count = |c: char| snippet.code.chars().filter(|other| *other == c).count();
                        assert_eq!(count(open), count(close), "{}", snippet.code);
                    }
                }
            }
        }
    }
}

#[test]
fn an_example_is_not_refused_by_the_guide_of_its_own_gateway() {
    let mut checked = 0;
    for provider in Catalogue::embedded().providers() {
        for guide in provider.request_guides.iter().filter(|guide| guide.version == Version::V1) {
            for id in &guide.modules {
                let (_, module) = Catalogue::embedded().module(id.as_str()).expect("a module of the provider");
                let code = code_of(id.as_str(), "own0001", Purpose::Payment, &[]);
                let call = guide.call("request_pay").expect("a call");
                for snippet in code.snippets.iter().filter(|snippet| snippet.code.contains("request_pay(")) {
                    let request = read(&snippet.code).expect("readable");
                    let key = ChannelKey::new(Uuid::from_u128(2));
                    let report = check(call, &request, None, Channel { key, mode: Mode::Live, mid: "own0001", module });
                    assert_eq!((&report.findings[..], &report.unmentioned[..]), (&[][..], &[][..]), "{id}");
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 0);
}

#[test]
fn a_module_for_buyers_abroad_has_no_example_in_won() {
    for module in ["inicis_jp", "hecto_global"] {
        assert_eq!(code_of(module, "own0001", Purpose::Payment, &[]).snippets, []);
    }
}
