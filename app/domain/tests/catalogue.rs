//! What holds for every catalogue file, today's and tomorrow's.

use std::{collections::BTreeSet, fs, path::Path};

use domain::{
    catalogue::{Catalogue, Field, LocalText, Module, Provider, Required, TestMid, Topic, Version},
    channel::{ChannelForm, ChannelSpec, Credentials, Mid, Mode, Stored, parse},
    form::{ErrorCode, FormErrors},
};

/// V2's `PgProvider`.
const PG_PROVIDERS: &[&str] = &[
    "HTML5_INICIS",
    "PAYPAL",
    "PAYPAL_V2",
    "INICIS",
    "DANAL",
    "NICE",
    "DANAL_TPAY",
    "JTNET",
    "UPLUS",
    "NAVERPAY",
    "KAKAO",
    "SETTLE",
    "KCP",
    "MOBILIANS",
    "KAKAOPAY",
    "NAVERCO",
    "SYRUP",
    "KICC",
    "EXIMBAY",
    "SMILEPAY",
    "PAYCO",
    "KCP_BILLING",
    "ALIPAY",
    "PAYPLE",
    "CHAI",
    "BLUEWALNUT",
    "SMARTRO",
    "SMARTRO_V2",
    "PAYMENTWALL",
    "TOSSPAYMENTS",
    "KCP_QUICK",
    "DAOU",
    "GALAXIA",
    "TOSSPAY",
    "KCP_DIRECT",
    "SETTLE_ACC",
    "SETTLE_FIRM",
    "INICIS_UNIFIED",
    "KSNET",
    "PINPAY",
    "NICE_V2",
    "TOSS_BRANDPAY",
    "WELCOME",
    "TOSSPAY_V2",
    "INICIS_V2",
    "KPN",
    "KCP_V2",
    "HYPHEN",
    "EXIMBAY_V2",
    "INICIS_JP",
    "PAYLETTER_GLOBAL",
    "MOBILIANS_V2",
    "TRIPLE_A",
    "KICC_V2",
    "INNOPAY",
    "HECTO_GLOBAL",
];

/// V1's codes: published now, on the SDK page only, published before.
const PG_CODES: &[&str] = &[
    "html5_inicis",
    "inicis",
    "inicis_unified",
    "kcp",
    "kcp_billing",
    "kcp_quick",
    "uplus",
    "tosspayments",
    "nice",
    "nice_v2",
    "kicc",
    "kakaopay",
    "danal",
    "danal_tpay",
    "mobilians",
    "payco",
    "paypal",
    "paypal_v2",
    "eximbay",
    "naverpay",
    "naverco",
    "smilepay",
    "daou",
    "paymentwall",
    "tosspay",
    "smartro",
    "smartro_v2",
    "settle",
    "settle_acc",
    "ksnet",
    "galaxia",
    "welcome",
    "toss_brandpay",
    "tosspay_v2",
    "jtnet",
    "bluewalnut",
    "chai",
    "syrup",
    "alipay",
    "hyphen",
];

/// On no list: concluded from a V1 guide. The module's `decided` must say so.
const INFERRED_PG_CODES: &[&str] = &["inicis_jp", "kcp_v2", "kicc_v2", "mobilians_v2", "payletter_global"];

/// Module and key of the fields that may be stored and shown in the clear. Everything else is secret.
const PUBLIC_FIELDS: &[(&str, &str)] = &[
    ("danal", "item_code"),
    ("daou", "daou_mid"),
    ("inicis", "di_code"),
    ("inicis_jp", "cbt_type"),
    ("kcp", "billing_group_id"),
    ("kcp_billing", "billing_group_id"),
    ("kcp_quick", "partner_name"),
    ("kcp_quick", "partner_subtype"),
    ("kcp_quick", "partner_type"),
    ("kcp_v2", "billing_group_id"),
    ("mobilians", "billing_service_id"),
    ("naverpay", "chain_id"),
    ("naverpay", "client_id"),
    ("payco", "product_id"),
    ("paypal", "account_email"),
    ("smartro_v2", "ssp_mall_id"),
    ("toss_brandpay", "client_key"),
    ("tosspayments", "client_key"),
    ("triple_a", "client_id"),
];

fn modules() -> impl Iterator<Item = &'static Module> {
    Catalogue::embedded().modules().map(|(_, module)| module)
}

fn fields() -> impl Iterator<Item = (&'static Module, &'static Field)> {
    modules().flat_map(|m| m.fields.iter().map(move |f| (m, f)))
}

fn test_mids() -> impl Iterator<Item = (&'static Module, &'static TestMid)> {
    modules().flat_map(|m| m.test_mids.iter().map(move |t| (m, t)))
}

fn repeated<T: Ord + Clone>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut seen = BTreeSet::new();
    items.into_iter().filter(|item| !seen.insert(item.clone())).collect()
}

fn texts_of_field(field: &Field) -> impl Iterator<Item = &LocalText> {
    field.help.iter().chain(&field.caution)
}

fn texts_of_module(module: &Module) -> impl Iterator<Item = &LocalText> {
    let mid = module.mid.help.iter().chain(&module.mid.live_prefix_help);
    let test_mids = module.test_mids.iter().flat_map(|t| t.retired.iter().chain([&t.purpose_label]));
    let notices = module.notices.iter().map(|n| &n.text);
    mid.chain(test_mids).chain(module.fields.iter().flat_map(texts_of_field)).chain(notices)
}

fn texts() -> impl Iterator<Item = (&'static Module, &'static LocalText)> {
    modules().flat_map(|m| texts_of_module(m).map(move |text| (m, text)))
}

fn is_hangul(c: char) -> bool {
    matches!(c, '가'..='힣')
}

fn picking(test: &TestMid, mode: Mode, module: &Module) -> Result<ChannelSpec, FormErrors> {
    let form = ChannelForm {
        name: "이름".to_owned(),
        purpose: test.purpose.to_string(),
        shared_mid: test.mid.clone(),
        ..ChannelForm::default()
    };
    parse(&form, mode, module, &Stored::default(), Catalogue::embedded())
}

#[test]
fn every_file_of_the_folder_is_embedded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogue");
    let files: BTreeSet<String> = fs::read_dir(folder)
        .expect("the folder exists")
        .map(|entry| entry.expect("readable").file_name().into_string().expect("UTF-8"))
        .collect();
    let embedded: BTreeSet<String> =
        Catalogue::embedded().providers().iter().map(|p| format!("{}.toml", p.id)).collect();
    assert_eq!(files, embedded);
}

#[test]
fn a_provider_id_names_one_provider() {
    assert_eq!(repeated(Catalogue::embedded().providers().iter().map(|p| &p.id)), Vec::<&_>::new());
}

#[test]
fn a_module_id_names_one_module_of_all_providers() {
    assert_eq!(repeated(modules().map(|m| &m.id)), Vec::<&_>::new());
}

#[test]
fn a_field_key_names_one_field_of_its_module_today_and_in_earlier_revisions() {
    let keys = fields().flat_map(|(m, f)| f.formerly.iter().chain([&f.key]).map(move |key| (&m.id, key)));
    assert_eq!(repeated(keys), Vec::new());
}

#[test]
fn a_shared_test_mid_is_listed_once_in_its_module() {
    assert_eq!(repeated(test_mids().map(|(m, t)| (&m.id, &t.mid))), Vec::new());
}

#[test]
fn revisions_count_from_one() {
    let unnumbered: Vec<&Provider> = Catalogue::embedded().providers().iter().filter(|p| p.revision == 0).collect();
    assert_eq!(unnumbered, Vec::<&Provider>::new());
}

#[test]
fn every_pg_provider_is_one_that_v2_knows() {
    for module in modules() {
        assert!(PG_PROVIDERS.contains(&module.pg_provider.as_str()), "{}", module.id);
    }
}

#[test]
fn every_pg_code_is_one_that_v1_knows_or_is_said_to_be_inferred() {
    for module in modules() {
        let Some(code) = module.pg_code.as_deref() else { continue };
        let admitted = module.decided.iter().any(|d| d.contains("pg_code") && d.contains("inferred"));
        assert!(PG_CODES.contains(&code) || INFERRED_PG_CODES.contains(&code) && admitted, "{}", module.id);
    }
}

#[test]
fn a_module_has_a_pg_code_exactly_when_it_works_with_v1() {
    for module in modules() {
        assert_eq!(module.pg_code.is_some(), module.versions.contains(&Version::V1), "{}", module.id);
    }
}

#[test]
fn a_module_says_where_it_can_be_used() {
    for module in modules() {
        let says = !module.versions.is_empty() && !module.purposes.is_empty() && !module.modes.is_empty();
        assert!(says && !module.pay_styles.is_empty(), "{}", module.id);
    }
}

#[test]
fn a_module_says_where_its_facts_come_from() {
    for module in modules() {
        assert!(!module.sources.is_empty(), "{}", module.id);
    }
}

#[test]
fn no_source_is_a_path_of_somebodys_machine() {
    let providers = Catalogue::embedded().providers().iter().flat_map(|p| &p.sources);
    let modules = modules().flat_map(|m| m.sources.iter().chain(m.notices.iter().map(|n| &n.source)));
    for source in providers.chain(modules) {
        assert!(!source.starts_with('/') && !source.contains("shared/seeds"), "{source}");
    }
}

#[test]
fn a_label_leaves_the_generation_to_its_chip() {
    for module in modules() {
        assert!(!module.label.contains("모듈)"), "{}", module.id);
    }
}

#[test]
fn every_use_fits_a_purpose_of_its_module() {
    for module in modules() {
        for used in &module.uses {
            assert!(module.purposes.iter().any(|p| used.fits(*p)), "{} {used}", module.id);
        }
    }
}

#[test]
fn every_condition_speaks_of_uses_that_the_module_offers() {
    for (module, field) in fields() {
        for used in field.condition.iter().flat_map(|c| &c.any_of) {
            assert!(module.uses.contains(used), "{} {} {used}", module.id, field.key);
        }
    }
}

#[test]
fn every_use_offered_decides_a_field() {
    for module in modules() {
        for used in &module.uses {
            let decides = |f: &Field| f.condition.as_ref().is_some_and(|c| c.any_of.contains(used));
            assert!(module.fields.iter().any(decides), "{} {used}", module.id);
        }
    }
}

#[test]
fn a_conditional_field_has_a_condition() {
    for (module, field) in fields().filter(|(_, f)| f.required == Required::Conditional) {
        assert!(field.condition.as_ref().is_some_and(|c| !c.any_of.is_empty()), "{} {}", module.id, field.key);
    }
}

#[test]
fn the_two_fields_of_a_pair_name_each_other() {
    for (module, field) in fields() {
        let Some(other) = &field.pair else { continue };
        let back = module.field(other).and_then(|f| f.pair.as_ref());
        assert_eq!(back, Some(&field.key), "{} {}", module.id, field.key);
    }
}

#[test]
fn a_newer_module_is_an_addable_one_of_the_same_provider() {
    for provider in Catalogue::embedded().providers() {
        for newer in provider.modules.iter().filter_map(|m| m.superseded_by.as_ref()) {
            assert!(provider.modules.iter().any(|m| m.id == *newer && m.addable()), "{} {newer}", provider.id);
        }
    }
}

#[test]
fn a_field_belongs_to_purposes_of_its_module() {
    for (module, field) in fields() {
        assert!(field.purposes.iter().all(|p| module.purposes.contains(p)), "{} {}", module.id, field.key);
    }
}

#[test]
fn every_field_is_secret_but_those_known_to_be_public() {
    let public: BTreeSet<(&str, &str)> =
        fields().filter(|(_, f)| !f.secret).map(|(m, f)| (m.id.as_str(), f.key.as_str())).collect();
    assert_eq!(public, PUBLIC_FIELDS.iter().copied().collect());
}

#[test]
fn a_shared_test_mid_means_uses_that_the_module_offers() {
    for (module, test) in test_mids() {
        assert!(test.uses.iter().all(|u| module.uses_for(test.purpose).any(|o| o == *u)), "{} {}", module.id, test.mid);
    }
}

#[test]
fn what_a_shared_test_mid_is_paired_with_is_a_public_field() {
    for (module, test) in test_mids() {
        for key in test.paired.keys() {
            assert!(module.field(key).is_some_and(|f| !f.secret), "{} {} {key}", module.id, test.mid);
        }
    }
}

#[test]
fn a_shared_test_mid_is_for_pay_styles_of_its_module() {
    for (module, test) in test_mids() {
        assert!(test.pay_styles.iter().all(|s| module.pay_styles.contains(s)), "{} {}", module.id, test.mid);
    }
}

#[test]
fn a_misspelling_is_not_itself_a_shared_test_mid() {
    for (module, test) in test_mids() {
        assert!(test.misspellings.iter().all(|m| module.test_mid(m).is_none()), "{} {}", module.id, test.mid);
    }
}

#[test]
fn picking_a_shared_test_mid_in_test_mode_is_accepted() {
    for (module, test) in test_mids() {
        let spec = picking(test, Mode::Test, module);
        let accepted = spec.map(|s| (s.mid, s.credentials));
        let expected = Mid::parse(&test.mid).expect("a MID");
        assert_eq!(accepted, Ok((expected, Credentials::SharedTest)), "{}", module.id);
    }
}

#[test]
fn picking_a_shared_test_mid_in_live_mode_is_refused() {
    for (module, test) in test_mids() {
        let errors = picking(test, Mode::Live, module).expect_err("a shared test MID");
        assert_eq!(errors.of("mid"), Some(&ErrorCode::SharedTestMidInLive), "{} {}", module.id, test.mid);
    }
}

#[test]
fn every_sentence_is_there_in_korean() {
    for (module, text) in texts() {
        assert!(text.ko.chars().any(is_hangul), "{} {:?}", module.id, text.ko);
    }
}

#[test]
fn every_sentence_is_there_in_english() {
    for (module, text) in texts() {
        assert!(text.en.chars().any(|c| c.is_ascii_alphabetic()), "{} {:?}", module.id, text.en);
    }
}

#[test]
fn every_field_tells_where_its_value_is_found() {
    for (module, field) in fields() {
        assert!(field.help.is_some(), "{} {}", module.id, field.key);
    }
}

#[test]
fn a_prefix_hint_says_what_it_is_based_on() {
    for module in modules() {
        assert_eq!(module.mid.live_prefixes.is_empty(), module.mid.live_prefix_help.is_none(), "{}", module.id);
    }
}

#[test]
fn nothing_is_said_twice_to_the_same_person() {
    for module in modules() {
        for mode in Mode::ALL {
            let said = Topic::ALL.iter().flat_map(|topic| module.notices_for(*mode, *topic)).map(|n| &n.text.ko);
            assert_eq!(repeated(said), Vec::<&String>::new(), "{} {mode}", module.id);
        }
    }
}

#[test]
fn links_are_https() {
    let fields = fields().filter_map(|(_, f)| f.help_url.as_ref());
    let modules = modules().flat_map(|m| m.mid.help_url.iter().chain(&m.vbank_notice_url));
    let providers = Catalogue::embedded().providers().iter().filter_map(|p| p.admin_url.as_ref());
    for url in fields.chain(modules).chain(providers) {
        assert!(url.starts_with("https://"), "{url}");
    }
}
