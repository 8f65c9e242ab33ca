//! What a member meets when adding or editing a channel of a real module.

use domain::{
    catalogue::{Catalogue, Module},
    channel::{
        ChannelForm, ChannelSpec, Credentials, Mid, Mode, Purpose, SecretChange, Stored, Tax, Use, WarningCode, parse,
        warnings,
    },
    form::{ErrorCode, FormErrors},
    id::{FieldKey, ModuleId, OwnKind, ProviderId},
    secret::{Secret, Typed},
};

fn module(id: &str) -> &'static Module {
    Catalogue::embedded().module(id).expect("a module of the catalogue").1
}

fn key(text: &str) -> FieldKey {
    text.parse().expect("a field key")
}

fn picked(mid: &str) -> ChannelForm {
    ChannelForm { shared_mid: mid.to_owned(), ..ChannelForm::default() }
}

fn own(mid: &str) -> ChannelForm {
    ChannelForm {
        name: "우리 가게".to_owned(),
        shared_mid: ChannelForm::OWN_MID.to_owned(),
        mid: mid.to_owned(),
        ..ChannelForm::default()
    }
}

trait Filling {
    fn with(self, key: &str, value: &str) -> Self;
    fn using(self, chosen: Use) -> Self;
    fn clearing(self, key: &str) -> Self;
    fn to_identify(self) -> Self;
}

impl Filling for ChannelForm {
    fn with(mut self, key: &str, value: &str) -> Self {
        self.fields.insert(key.to_owned(), Typed::new(value));
        self
    }

    fn using(mut self, chosen: Use) -> Self {
        self.uses.insert(chosen.to_string(), "on".to_owned());
        self
    }

    fn clearing(mut self, key: &str) -> Self {
        self.clear.insert(key.to_owned(), "on".to_owned());
        self
    }

    fn to_identify(mut self) -> Self {
        self.purpose = Purpose::Identity.to_string();
        self
    }
}

fn add(form: &ChannelForm, mode: Mode, id: &str) -> Result<ChannelSpec, FormErrors> {
    parse(form, mode, module(id), &Stored::default(), Catalogue::embedded())
}

fn edit(form: &ChannelForm, id: &str, stored: &Stored) -> Result<ChannelSpec, FormErrors> {
    parse(form, Mode::Live, module(id), stored, Catalogue::embedded())
}

fn stored(mid: &str, secrets: &[&str]) -> Stored {
    Stored { mid: Some(Mid::parse(mid).expect("a MID")), secrets: secrets.iter().map(|s| key(s)).collect() }
}

fn error_of(result: Result<ChannelSpec, FormErrors>, field: &str) -> Option<ErrorCode> {
    result.err().and_then(|errors| errors.of(field).cloned())
}

fn codes(mode: Mode, id: &str, mid: &str) -> Vec<WarningCode> {
    warnings(mode, module(id), mid, []).into_iter().map(|w| w.code).collect()
}

// Shared test MIDs.

#[test]
fn a_shared_test_mid_needs_no_name_and_no_field() {
    let spec = add(&picked("2999199999"), Mode::Test, "ksnet").expect("accepted");
    assert_eq!(spec.credentials, Credentials::SharedTest);
    assert!(spec.name.is_none() && spec.secrets.is_empty() && spec.public_fields.is_empty());
}

#[test]
fn a_shared_test_mid_that_is_typed_is_recognised() {
    let spec = add(&own("INIpayTest"), Mode::Test, "inicis_v2").expect("accepted");
    assert_eq!(spec.credentials, Credentials::SharedTest);
}

#[test]
fn picking_smartros_recurring_test_mid_stores_the_mall_id_that_goes_with_it() {
    let spec = add(&picked("t_2302142m"), Mode::Test, "smartro_v2").expect("accepted");
    assert_eq!(spec.public_fields.get(&key("ssp_mall_id")).map(String::as_str), Some("t_2302142p"));
}

#[test]
fn picking_a_recurring_test_mid_chooses_recurring_payments() {
    let spec = add(&picked("INIBillTst"), Mode::Test, "html5_inicis").expect("accepted");
    assert_eq!(spec.uses, [Use::Recurring]);
}

#[test]
fn a_secret_typed_beside_a_shared_test_mid_is_refused() {
    let form = picked("2999199999").with("api_key", "k");
    assert_eq!(error_of(add(&form, Mode::Test, "ksnet"), "fields.api_key"), Some(ErrorCode::NotWithSharedTestMid));
}

#[test]
fn another_mall_id_beside_a_shared_test_mid_is_refused() {
    let form = picked("t_2302142m").with("ssp_mall_id", "mine");
    let refused = error_of(add(&form, Mode::Test, "smartro_v2"), "fields.ssp_mall_id");
    assert_eq!(refused, Some(ErrorCode::NotWithSharedTestMid));
}

#[test]
fn picking_one_mid_and_typing_another_is_refused() {
    let form = ChannelForm { mid: "mine".to_owned(), ..picked("2999199999") };
    assert_eq!(error_of(add(&form, Mode::Test, "ksnet"), "mid"), Some(ErrorCode::MidTwice));
}

#[test]
fn a_shared_test_mid_typed_as_live_is_refused() {
    let form = own("INIpayTest").with("sign_key", "k");
    assert_eq!(error_of(add(&form, Mode::Live, "inicis_v2"), "mid"), Some(ErrorCode::SharedTestMidInLive));
}

#[test]
fn the_misspelt_recurring_test_mid_of_inicis_is_set_right() {
    let meant = Mid::parse("INIBillTst").expect("a MID");
    for id in ["inicis_v2", "html5_inicis", "inicis"] {
        let refused = error_of(add(&own("INIBillTest"), Mode::Test, id), "mid");
        assert_eq!(refused, Some(ErrorCode::MidMisspelled { meant: meant.clone() }), "{id}");
    }
}

#[test]
fn a_test_mid_of_another_provider_is_told_apart() {
    let refused = error_of(add(&own("2999199999"), Mode::Test, "inicis_v2"), "mid");
    let provider: ProviderId = "ksnet".parse().expect("an id");
    let module: ModuleId = "ksnet".parse().expect("an id");
    assert_eq!(refused, Some(ErrorCode::MidOfOtherModule { provider, module }));
}

#[test]
fn a_test_mid_for_payments_does_not_identify_anybody() {
    let refused = error_of(add(&picked("INIBillTst").to_identify(), Mode::Test, "inicis"), "mid");
    assert_eq!(refused, Some(ErrorCode::PurposeNotSupported));
}

// One's own MID.

#[test]
fn ones_own_test_mid_needs_the_same_keys_as_a_live_one() {
    assert_eq!(error_of(add(&own("mine"), Mode::Test, "ksnet"), "fields.api_key"), Some(ErrorCode::Required));
}

#[test]
fn ones_own_mid_needs_a_name() {
    let form = ChannelForm { name: String::new(), ..own("mine") }.with("api_key", "k");
    assert_eq!(error_of(add(&form, Mode::Live, "ksnet"), "name"), Some(ErrorCode::Required));
}

#[test]
fn a_live_channel_needs_its_key() {
    assert_eq!(error_of(add(&own("mine"), Mode::Live, "ksnet"), "fields.api_key"), Some(ErrorCode::Required));
}

#[test]
fn a_filled_live_form_keeps_the_key_as_a_secret() {
    let spec = add(&own("mine").with("api_key", " k \n"), Mode::Live, "ksnet").expect("accepted");
    assert_eq!(spec.credentials, Credentials::Own);
    assert_eq!(spec.secrets.get(&key("api_key")), Some(&SecretChange::Set(Secret::new("k"))));
}

#[test]
fn smartros_cancel_password_has_at_most_six_characters() {
    let form = |password| own("mine").with("merchant_key", "k").with("cancel_password", password);
    let refused = |password| error_of(add(&form(password), Mode::Live, "smartro_v2"), "fields.cancel_password");
    assert_eq!(refused("1234567"), Some(ErrorCode::TooLong { max: 6 }));
    assert_eq!(refused("123456"), None);
}

#[test]
fn a_field_without_a_limit_of_the_pgs_takes_512_characters() {
    let refused = |length| {
        let form = own("mine").with("api_key", &"k".repeat(length));
        error_of(add(&form, Mode::Live, "ksnet"), "fields.api_key")
    };
    assert_eq!(refused(513), Some(ErrorCode::TooLong { max: 512 }));
    assert_eq!(refused(512), None);
}

#[test]
fn a_field_that_the_module_does_not_have_is_refused() {
    let form = own("mine").with("api_key", "k").with("sign_key", "k");
    assert_eq!(error_of(add(&form, Mode::Live, "ksnet"), "fields.sign_key"), Some(ErrorCode::UnknownField));
}

#[test]
fn a_use_that_the_module_does_not_offer_is_refused() {
    let form = own("mine").with("api_key", "k").using(Use::Escrow);
    assert_eq!(error_of(add(&form, Mode::Live, "ksnet"), "uses"), Some(ErrorCode::NotAChoice));
}

#[test]
fn japans_module_of_inicis_has_no_shared_mid_and_needs_its_fields_in_test_too() {
    let result = add(&own("mine"), Mode::Test, "inicis_jp");
    assert_eq!(error_of(result, "fields.iniapi_key"), Some(ErrorCode::Required));
}

// Fields that hang on a use.

#[test]
fn one_time_payments_of_inicis_leave_the_other_keys_blank() {
    let spec = add(&own("MOI1").with("sign_key", "k"), Mode::Live, "html5_inicis").expect("accepted");
    assert_eq!(spec.secrets.into_keys().collect::<Vec<_>>(), [key("sign_key")]);
}

#[test]
fn a_key_for_recurring_payments_without_recurring_payments_is_refused() {
    let form = own("MOI1").with("sign_key", "k").with("inilite_key", "k");
    let refused = error_of(add(&form, Mode::Live, "html5_inicis"), "fields.inilite_key");
    assert_eq!(refused, Some(ErrorCode::UseNotChosen));
}

#[test]
fn recurring_payments_need_their_key() {
    let form = own("MOI1").with("sign_key", "k").using(Use::Recurring);
    for id in ["inicis_v2", "html5_inicis", "inicis"] {
        let refused = error_of(add(&form, Mode::Live, id), "fields.inilite_key");
        assert_eq!(refused, Some(ErrorCode::Required), "{id}");
    }
}

#[test]
fn receipts_of_an_open_market_need_both_parts_of_the_iniapi_key() {
    let form = own("MOI1").with("sign_key", "k").with("iniapi_key", "k").using(Use::OpenMarketReceipt);
    let refused = error_of(add(&form, Mode::Live, "html5_inicis"), "fields.iniapi_iv");
    assert_eq!(refused, Some(ErrorCode::Required));
}

#[test]
fn v2_of_inicis_takes_the_iniapi_key_without_asking_why() {
    let form = own("MOI1").with("sign_key", "k").with("iniapi_key", "k").with("iniapi_iv", "k");
    assert!(add(&form, Mode::Live, "inicis_v2").is_ok());
}

#[test]
fn smartros_uses_each_need_their_field() {
    let form = own("mine").with("merchant_key", "k").with("cancel_password", "1234");
    for (chosen, field) in [(Use::Recurring, "fields.ssp_mall_id"), (Use::Escrow, "fields.api_key")] {
        let refused = error_of(add(&form.clone().using(chosen), Mode::Live, "smartro_v2"), field);
        assert_eq!(refused, Some(ErrorCode::Required), "{chosen}");
    }
}

// 본인인증.

#[test]
fn an_identity_channel_has_no_tax_setting() {
    let form = ChannelForm { tax: Tax::Taxable.to_string(), ..picked("MIIiasTest") };
    assert_eq!(error_of(add(&form, Mode::Test, "inicis_unified"), "tax"), Some(ErrorCode::TaxOnIdentity));
}

#[test]
fn a_module_for_identity_only_makes_identity_channels_unasked() {
    let spec = add(&picked("MIIiasTest"), Mode::Test, "inicis_unified").expect("accepted");
    assert_eq!(spec.purpose, Purpose::Identity);
}

#[test]
fn a_module_for_payments_only_makes_no_identity_channel() {
    let form = own("mine").with("api_key", "k").to_identify();
    assert_eq!(error_of(add(&form, Mode::Live, "ksnet"), "purpose"), Some(ErrorCode::PurposeNotSupported));
}

#[test]
fn identifying_by_credit_card_needs_its_own_keys_and_no_signkey() {
    let form = own("MOI1").to_identify().with("seed_key", "k").with("seed_iv", "k");
    let spec = add(&form, Mode::Live, "inicis").expect("accepted");
    assert_eq!(spec.secrets.into_keys().collect::<Vec<_>>(), [key("seed_iv"), key("seed_key")]);
}

#[test]
fn a_di_code_has_twelve_characters() {
    let form = |code| own("MOI1").to_identify().with("seed_key", "k").with("seed_iv", "k").with("di_code", code);
    let refused = |code| error_of(add(&form(code), Mode::Live, "inicis"), "fields.di_code");
    assert_eq!(refused("12345678901"), Some(ErrorCode::ExactLength { length: 12 }));
    assert_eq!(refused("123456789012"), None);
}

// Editing.

#[test]
fn a_secret_left_blank_on_edit_is_kept() {
    let spec = edit(&own("MOI1"), "inicis_v2", &stored("MOI1", &["sign_key"])).expect("accepted");
    assert_eq!(spec.secrets.get(&key("sign_key")), Some(&SecretChange::Keep));
}

#[test]
fn a_secret_typed_on_edit_replaces_the_stored_one() {
    let form = own("MOI1").with("sign_key", "new");
    let spec = edit(&form, "inicis_v2", &stored("MOI1", &["sign_key"])).expect("accepted");
    assert_eq!(spec.secrets.get(&key("sign_key")), Some(&SecretChange::Set(Secret::new("new"))));
}

#[test]
fn another_mid_drops_the_stored_secrets_so_they_are_asked_for_again() {
    let refused = error_of(edit(&own("MOI2"), "inicis_v2", &stored("MOI1", &["sign_key"])), "fields.sign_key");
    assert_eq!(refused, Some(ErrorCode::Required));
}

#[test]
fn clearing_an_optional_stored_secret_unsets_it() {
    let form = own("MOI1").clearing("hash_key");
    let spec = edit(&form, "inicis_v2", &stored("MOI1", &["sign_key", "hash_key"])).expect("accepted");
    assert_eq!(spec.secrets.get(&key("hash_key")), None);
}

#[test]
fn an_optional_stored_secret_that_is_not_cleared_is_kept() {
    let spec = edit(&own("MOI1"), "inicis_v2", &stored("MOI1", &["sign_key", "hash_key"])).expect("accepted");
    assert_eq!(spec.secrets.get(&key("hash_key")), Some(&SecretChange::Keep));
}

#[test]
fn a_required_stored_secret_cannot_be_cleared() {
    let form = own("MOI1").clearing("sign_key");
    let refused = error_of(edit(&form, "inicis_v2", &stored("MOI1", &["sign_key"])), "fields.sign_key");
    assert_eq!(refused, Some(ErrorCode::Required));
}

#[test]
fn giving_up_recurring_payments_drops_their_stored_key() {
    let spec = edit(&own("MOI1"), "html5_inicis", &stored("MOI1", &["sign_key", "inilite_key"])).expect("accepted");
    assert_eq!(spec.secrets.get(&key("inilite_key")), None);
}

// Warnings.

#[test]
fn a_live_mid_that_does_not_begin_with_moi_is_warned_about() {
    assert_eq!(codes(Mode::Live, "inicis_v2", "shop001"), [WarningCode::UnusualLiveMid]);
}

#[test]
fn a_live_mid_that_begins_with_moi_is_not_warned_about() {
    assert_eq!(codes(Mode::Live, "inicis_v2", "MOI0001"), []);
}

#[test]
fn a_live_looking_mid_in_test_is_warned_about() {
    assert_eq!(codes(Mode::Test, "inicis_v2", "MOI0001"), [WarningCode::LiveLookingMidInTest]);
}

#[test]
fn the_shared_test_mid_of_unified_identification_does_not_look_live() {
    assert_eq!(codes(Mode::Test, "inicis_unified", "MIIiasTest"), []);
}

#[test]
fn an_old_module_is_warned_about() {
    assert_eq!(codes(Mode::Live, "smartro", "mine"), [WarningCode::OldModule]);
}

#[test]
fn a_certificate_is_the_same_value_with_and_without_javascript() {
    let module = module("kcp_v2_identity");
    let pem = module.fields.iter().find(|field| field.multiline).expect("a field of several lines");
    let add = |text: &str| {
        let mut form = own("ourOwnShop01").using(Use::IdentityApi).to_identify();
        for field in module.fields.iter().filter(|field| field.needed(&[Use::IdentityApi])) {
            form = form.with(field.key.as_str(), "a key");
        }
        add(&form.with(pem.key.as_str(), text), Mode::Live, "kcp_v2_identity").expect("a channel").secrets
    };
    assert_eq!(add("-----BEGIN\r\nTm90\r\n-----END\r\n"), add("-----BEGIN\nTm90\n-----END"));
}

#[test]
fn what_this_console_gives_out_is_no_value_of_a_gateway() {
    let store = "store-00000000-0000-0000-0000-000000000007";
    let found = add(&own(store), Mode::Live, "ksnet");
    assert_eq!(error_of(found, "mid"), Some(ErrorCode::OwnIdentifier { kind: OwnKind::StoreId }));
    let found = add(&own("ourOwnShop01").with("api_key", "imp12345678"), Mode::Live, "ksnet");
    assert_eq!(error_of(found, "fields.api_key"), Some(ErrorCode::OwnIdentifier { kind: OwnKind::ImpCode }));
}

#[test]
fn one_of_two_keys_that_go_together_is_not_enough() {
    let live = || own("MOIourShop").with("sign_key", "a key");
    let found = add(&live().with("iniapi_key", "one of two"), Mode::Live, "inicis_v2");
    let expected = ErrorCode::PairIncomplete { with: key("iniapi_key") };
    assert_eq!(error_of(found, "fields.iniapi_iv"), Some(expected));
    assert!(add(&live().with("iniapi_key", "one").with("iniapi_iv", "two"), Mode::Live, "inicis_v2").is_ok());
}

#[test]
fn a_slip_in_a_shared_test_mid_is_pointed_out() {
    let meant = Mid::parse("INIpayTest").expect("a MID");
    assert_eq!(codes(Mode::Test, "inicis_v2", "INIpayTset"), [WarningCode::NearTestMid { meant }]);
}
