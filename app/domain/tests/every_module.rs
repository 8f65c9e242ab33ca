//! Every module that can be added, in every mode, for every purpose and use: the least that is enough is taken, and what
//! is wrong is refused beside its field.

use std::collections::BTreeSet;

use domain::{
    catalogue::{Catalogue, Field, Module},
    channel::{ChannelForm, ChannelSpec, Credentials, Mode, Purpose, Stored, Use, parse},
    form::{ErrorCode, FormErrors},
    secret::Typed,
};

/// One way to add a channel with one's own MID.
struct Case {
    module: &'static Module,
    mode: Mode,
    purpose: Purpose,
    uses: Vec<Use>,
}

impl Case {
    /// Each use alone, none where that is allowed, and all together.
    fn all() -> impl Iterator<Item = Self> {
        let modules = Catalogue::embedded().modules().map(|(_, module)| module).filter(|module| module.addable());
        modules.flat_map(|module| {
            module.modes.iter().flat_map(move |mode| {
                module.purposes.iter().flat_map(move |purpose| {
                    let offered: Vec<Use> = module.uses_for(*purpose).collect();
                    let mut choices: BTreeSet<Vec<Use>> = offered.iter().map(|each| vec![*each]).collect();
                    if !module.needs_use {
                        choices.insert(Vec::new());
                    }
                    choices.insert(offered);
                    choices.into_iter().map(move |uses| Self { module, mode: *mode, purpose: *purpose, uses })
                })
            })
        })
    }

    fn fields(&self) -> impl Iterator<Item = &'static Field> {
        self.module.fields_for(self.purpose)
    }

    fn needed(&self) -> Vec<&'static Field> {
        self.fields().filter(|field| field.needed(&self.uses)).collect()
    }

    /// Only what must be filled.
    fn least(&self) -> ChannelForm {
        ChannelForm {
            name: "우리 가게".to_owned(),
            purpose: self.purpose.to_string(),
            shared_mid: ChannelForm::OWN_MID.to_owned(),
            mid: "ourOwnShop01".to_owned(),
            uses: self.uses.iter().map(|chosen| (chosen.to_string(), "on".to_owned())).collect(),
            fields: self
                .needed()
                .into_iter()
                .map(|field| (field.key.to_string(), Typed::new(value_of(field))))
                .collect(),
            ..ChannelForm::default()
        }
    }

    fn add(&self, form: &ChannelForm) -> Result<ChannelSpec, FormErrors> {
        parse(form, self.mode, self.module, &Stored::default(), Catalogue::embedded())
    }

    fn refusals(&self, form: &ChannelForm) -> FormErrors {
        self.add(form).expect_err(&self.to_string())
    }
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {} {:?}", self.module.id, self.mode, self.purpose, self.uses)
    }
}

fn value_of(field: &Field) -> String {
    "k".repeat(field.exact_length.unwrap_or_else(|| field.limit().min(6)) as usize)
}

fn with(mut form: ChannelForm, field: &Field, value: &str) -> ChannelForm {
    form.fields.insert(field.key.to_string(), Typed::new(value));
    form
}

fn input(field: &Field) -> String {
    format!("fields.{}", field.key)
}

#[test]
fn the_least_that_is_needed_is_enough() {
    for case in Case::all() {
        let spec = case.add(&case.least()).unwrap_or_else(|errors| panic!("{case}: {errors:?}"));
        let kept: BTreeSet<_> = spec.public_fields.keys().chain(spec.secrets.keys()).collect();
        assert_eq!(kept, case.needed().into_iter().map(|field| &field.key).collect(), "{case}");
        assert_eq!(spec.credentials, Credentials::Own, "{case}");
    }
}

#[test]
fn no_secret_is_kept_among_what_may_be_shown() {
    for case in Case::all() {
        let spec = case.add(&case.least()).unwrap_or_else(|errors| panic!("{case}: {errors:?}"));
        for field in case.fields().filter(|field| field.secret) {
            assert!(!spec.public_fields.contains_key(&field.key), "{case} {}", field.key);
        }
    }
}

#[test]
fn a_needed_field_left_blank_is_asked_for() {
    for case in Case::all() {
        for field in case.needed() {
            let errors = case.refusals(&with(case.least(), field, " "));
            assert_eq!(errors.of(&input(field)), Some(&ErrorCode::Required), "{case} {}", field.key);
        }
    }
}

#[test]
fn a_field_of_another_use_must_stay_blank() {
    for case in Case::all() {
        for field in case.fields().filter(|field| !field.allowed(&case.uses)) {
            let errors = case.refusals(&with(case.least(), field, &value_of(field)));
            assert_eq!(errors.of(&input(field)), Some(&ErrorCode::UseNotChosen), "{case} {}", field.key);
        }
    }
}

#[test]
fn a_value_over_its_limit_is_refused() {
    for case in Case::all() {
        for field in case.fields().filter(|field| field.allowed(&case.uses)) {
            let errors = case.refusals(&with(case.least(), field, &"k".repeat(field.limit() as usize + 1)));
            let expected = match field.exact_length {
                Some(length) => ErrorCode::ExactLength { length },
                None => ErrorCode::TooLong { max: field.limit() },
            };
            assert_eq!(errors.of(&input(field)), Some(&expected), "{case} {}", field.key);
        }
    }
}

#[test]
fn a_module_that_needs_a_use_asks_for_one() {
    for mut case in Case::all().filter(|case| case.module.needs_use) {
        case.uses.clear();
        assert_eq!(case.refusals(&case.least()).of("uses"), Some(&ErrorCode::UseRequired), "{case}");
    }
}

#[test]
fn a_tax_setting_is_refused_for_identity_channels_only() {
    for case in Case::all() {
        let added = case.add(&ChannelForm { tax: "taxable".to_owned(), ..case.least() });
        assert_eq!(added.is_ok(), case.purpose == Purpose::Payment, "{case}");
    }
}

#[test]
fn a_shared_test_mid_is_taken_in_test_mode_and_explained_in_live_mode() {
    for (_, module) in Catalogue::embedded().modules() {
        for test in &module.test_mids {
            let form = ChannelForm {
                name: "우리 가게".to_owned(),
                purpose: test.purpose.to_string(),
                mid: test.mid.clone(),
                ..ChannelForm::default()
            };
            let add = |mode| parse(&form, mode, module, &Stored::default(), Catalogue::embedded());
            let spec = add(Mode::Test).unwrap_or_else(|errors| panic!("{} {}: {errors:?}", module.id, test.mid));
            assert_eq!(spec.credentials, Credentials::SharedTest, "{} {}", module.id, test.mid);
            let errors = add(Mode::Live).expect_err(&test.mid);
            assert_eq!(errors.of("mid"), Some(&ErrorCode::SharedTestMidInLive), "{} {}", module.id, test.mid);
        }
    }
}

#[test]
fn a_new_gateway_is_one_more_file() {
    let file = r#"
        id = "newpay"
        revision = 1
        name = "새페이"
        name_en = "Newpay"
        category = "direct_wallet"
        sources = ["a contract"]
        [[module]]
        id = "newpay"
        label = "간편결제"
        status = "active"
        pg_provider = "NEWPAY"
        versions = ["V2"]
        pay_styles = ["간편결제 일반결제"]
        purposes = ["payment"]
        modes = ["live"]
        sources = ["a contract"]
        [module.mid]
        label = "PG상점아이디 (가맹점번호)"
        [[module.field]]
        key = "api_key"
        label = "API Key"
        secret = true
        required = "live"
    "#;
    let catalogue = Catalogue::parse([("newpay", file)]).expect("a catalogue");
    let (_, module) = catalogue.module("newpay").expect("its module");
    let form = ChannelForm { name: "새페이".to_owned(), mid: "N0001".to_owned(), ..ChannelForm::default() };
    let add = |form: &ChannelForm| parse(form, Mode::Live, module, &Stored::default(), &catalogue);
    assert_eq!(add(&form).expect_err("no key").of("fields.api_key"), Some(&ErrorCode::Required));
    let field = &module.fields[0];
    assert!(add(&with(form, field, "a key")).is_ok());
}

#[test]
fn a_broken_file_is_told_by_name_line_and_reason() {
    let error = Catalogue::parse([("newpay", "id = \"newpay\"\nrevision = \"one\"\n")]).expect_err("a broken file");
    let text = error.to_string();
    assert!(text.contains("catalogue/newpay.toml") && text.contains("line 2") && text.contains("revision"), "{text}");
}
