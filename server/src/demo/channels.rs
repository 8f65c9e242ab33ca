//! Thirty channels over fifteen PGs. What a module asks for is read from the catalogue; keys are random, MIDs of the
//! merchant's own say that they are made up.

use backend::{
    Error, NewChannel, Promotion,
    random::{OsRandom, Random},
};
use domain::{
    catalogue::{Field, Module},
    channel::{ChannelForm, Mode, Purpose, Tax, Use},
    secret::Typed,
};

use super::{people::Person, stage::Stage};

/// A channel to be added.
pub struct Plan {
    days_ago: i64,
    pub name: &'static str,
    pub mode: Mode,
    pub module: &'static str,
    purpose: Purpose,
    uses: &'static [Use],
    tax: Tax,
    /// Which of the module's shared test MIDs; none for one of the merchant's own.
    shared: Option<usize>,
    by: Person,
    /// The test channel that it is promoted from.
    from: Option<&'static str>,
}

const fn test(days_ago: i64, name: &'static str, module: &'static str, shared: usize) -> Plan {
    let (mode, purpose, tax) = (Mode::Test, Purpose::Payment, Tax::None);
    Plan { days_ago, name, mode, module, purpose, uses: &[], tax, shared: Some(shared), by: Person::Dev, from: None }
}

const fn live(days_ago: i64, name: &'static str, module: &'static str, tax: Tax) -> Plan {
    let (mode, purpose) = (Mode::Live, Purpose::Payment);
    Plan { days_ago, name, mode, module, purpose, uses: &[], tax, shared: None, by: Person::Dev, from: None }
}

impl Plan {
    const fn by(self, by: Person) -> Self {
        Self { by, ..self }
    }

    const fn used_for(self, uses: &'static [Use]) -> Self {
        Self { uses, ..self }
    }

    const fn of_identity(self) -> Self {
        Self { purpose: Purpose::Identity, ..self }
    }

    const fn own(self) -> Self {
        Self { shared: None, ..self }
    }

    const fn from(self, test: &'static str) -> Self {
        Self { from: Some(test), ..self }
    }
}

/// The oldest first.
pub const PLANS: [Plan; 31] = [
    test(118, "KSNET 일반결제 테스트", "ksnet", 0).by(Person::Owner),
    test(118, "이니시스 일반결제 테스트", "inicis_v2", 0).by(Person::Owner),
    test(115, "이니시스 정기구독 테스트", "inicis_v2", 1),
    test(115, "이니시스 통합인증 테스트", "inicis_unified", 0).of_identity(),
    test(114, "스마트로 테스트", "smartro_v2", 0),
    test(114, "나이스 테스트", "nice_v2", 0),
    test(113, "KCP 테스트", "kcp_v2", 0),
    test(113, "카카오페이 테스트", "kakaopay", 0),
    live(100, "KSNET 실연동", "ksnet", Tax::None).from("KSNET 일반결제 테스트"),
    live(99, "이니시스 정기구독 실연동", "inicis_v2", Tax::Taxable)
        .used_for(&[Use::Recurring])
        .from("이니시스 정기구독 테스트"),
    live(97, "이니시스 통합인증 실연동", "inicis_unified", Tax::None).of_identity().from("이니시스 통합인증 테스트"),
    live(95, "이니시스 V1 결제창", "html5_inicis", Tax::Taxable).by(Person::Admin),
    live(90, "스마트로 실연동", "smartro_v2", Tax::Taxable).from("스마트로 테스트"),
    test(84, "토스페이먼츠 테스트", "tosspayments", 0),
    test(82, "네이버페이 테스트", "naverpay", 0).own(),
    live(80, "카카오페이 실연동", "kakaopay", Tax::None),
    live(78, "나이스 실연동", "nice_v2", Tax::TaxFree).by(Person::Admin),
    test(71, "다날 테스트", "danal_tpay", 0),
    live(66, "다날 휴대폰결제", "danal", Tax::None),
    test(63, "갤럭시아 상품권 테스트", "galaxia", 3),
    live(60, "헥토 실연동", "settle", Tax::Taxable),
    test(55, "페이팔 테스트", "paypal_v2", 7),
    live(52, "엑심베이 해외결제", "eximbay_v2", Tax::None),
    live(48, "토스페이먼츠 실연동", "tosspayments", Tax::Taxable).from("토스페이먼츠 테스트"),
    test(40, "스마트로 구모듈 확인", "smartro", 0),
    live(36, "KCP 실연동", "kcp_v2", Tax::Taxable).used_for(&[Use::Recurring]).from("KCP 테스트"),
    live(33, "KCP 휴대폰 본인인증", "kcp_v2_identity", Tax::None).of_identity().used_for(&[Use::IdentitySdk]),
    test(28, "웰컴페이먼츠 테스트", "welcome", 0),
    live(24, "네이버페이 실연동", "naverpay", Tax::None),
    live(17, "KPN 면세 도서", "kpn", Tax::TaxFree).by(Person::Admin),
    test(12, "KSNET 정기결제 테스트", "ksnet", 1),
];

/// Adds those that are at least so many days old.
pub async fn add_until(stage: &mut Stage, days_ago: i64) -> backend::Result<()> {
    let due = PLANS.iter().enumerate().skip(stage.added).take_while(|(_, plan)| plan.days_ago >= days_ago);
    for (number, plan) in due {
        // Within the hours of an office.
        stage.at(plan.days_ago, 10 + u8::try_from(number % 7).unwrap_or_default(), 12);
        let actor = stage.enter(plan.by).await?;
        let (_, module) = stage.backend.catalogue().module(plan.module).ok_or(Error::NotFound)?;
        let form = form_of(plan, module, number)?;
        let idempotency_key = stage.backend.request_key();
        let test = plan.from.and_then(|name| stage.channels.get(name)).copied();
        let key = if let Some(test) = test {
            let promotion = Promotion { test, live: None, seen_version: 0, idempotency_key, form };
            stage.backend.promote_channel(&actor, promotion).await?.key
        } else {
            let (mode, module) = (plan.mode.to_string(), plan.module.to_owned());
            let new = NewChannel { mode, module, form, idempotency_key, ..NewChannel::default() };
            stage.backend.add_channel(&actor, new).await?.key
        };
        stage.channels.insert(plan.name, key);
        stage.added += 1;
    }
    Ok(())
}

/// Two forms that somebody has begun to fill in, today.
pub async fn begin(stage: &Stage) -> backend::Result<()> {
    stage.ago(90);
    for (person, module, name) in [
        (Person::Dev, "galaxia", "갤럭시아 실연동"),
        (Person::Owner, "welcome", "웰컴페이먼츠 실연동"),
        (Person::Owner, "paypal_v2", "페이팔 실연동"),
    ] {
        let actor = stage.enter(person).await?;
        let form = ChannelForm { name: name.to_owned(), ..ChannelForm::default() };
        app::api::channels::keep_begun(&stage.backend, &actor, (Mode::Live, module), form)
            .await
            .map_err(|error| Error::Internal(format!("a draft: {error:?}")))?;
    }
    Ok(())
}

/// The form as somebody fills it in who has contracted.
fn form_of(plan: &Plan, module: &Module, number: usize) -> backend::Result<ChannelForm> {
    let on = |word: &Use| (word.to_string(), "on".to_owned());
    let mut form = ChannelForm {
        name: plan.name.to_owned(),
        purpose: plan.purpose.to_string(),
        tax: plan.tax.to_string(),
        uses: plan.uses.iter().map(on).collect(),
        ..ChannelForm::default()
    };
    if let Some(which) = plan.shared {
        let shared = module.offered_test_mids().nth(which).ok_or(Error::NotFound)?;
        form.shared_mid.clone_from(&shared.mid);
        return Ok(form);
    }
    ChannelForm::OWN_MID.clone_into(&mut form.shared_mid);
    form.mid = own_mid(plan.mode, module, number);
    let needed = module.fields_for(plan.purpose).filter(|field| field.needed(plan.uses));
    form.fields = needed.map(|field| (field.key.to_string(), Typed::new(value_of(field, number)))).collect();
    Ok(form)
}

/// A MID that says it is made up, of the form that the module's live ones have.
fn own_mid(mode: Mode, module: &Module, number: usize) -> String {
    if mode == Mode::Test {
        return format!("demotest{number:02}");
    }
    let prefix = module.mid.live_prefixes.first().map(String::as_str).unwrap_or_default();
    let length = module.mid.live_length.map_or(10, |length| length as usize);
    let rest = length.saturating_sub(prefix.chars().count());
    if rest > 6 {
        format!("{prefix}demo{number:0>width$}", width = rest - 4)
    } else {
        format!("{prefix}{number:0>rest$}")
    }
}

/// A value that a field takes: random where it is secret, plainly made up where it is not.
pub fn value_of(field: &Field, number: usize) -> String {
    let random: &dyn Random = &OsRandom;
    let length = field.exact_length.unwrap_or_else(|| field.limit().min(32)) as usize;
    if field.multiline {
        return format!("-----BEGIN DEMO-----\n{}\n-----END DEMO-----", random.alphanumeric(64));
    }
    if field.secret {
        return random.alphanumeric(length);
    }
    let prefix = field.prefixes.first().map(String::as_str).unwrap_or_default();
    format!("{prefix}demo{number:04}").chars().take(field.limit() as usize).collect()
}
