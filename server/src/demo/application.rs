//! 전자결제 신청 in every state, with what card issuers decided.

use std::collections::BTreeMap;

use backend::{Error, Language, Operator};
use domain::{
    application::{BusinessForm, Choice, ChoiceForm, Consent, ConsentForm, Issuer, Review, State, Step, Upload},
    secret::Typed,
};

use super::{
    people::{COMPANY, Person},
    stage::Stage,
};

const CERTIFICATE: &[u8] = b"%PDF-1.7\n% a made-up certificate\nstartxref\n9\n%%EOF\n";

/// Who they are, and the first two contracts.
pub async fn first(stage: &mut Stage) -> backend::Result<()> {
    stage.at(112, 10, 0);
    let owner = stage.enter(Person::Owner).await?;
    let given = Consent::ALL.iter().filter(|consent| consent.is_required());
    let consents = given.map(|consent| (consent.to_string(), "on".to_owned())).collect();
    stage.backend.consent_to_apply(&owner, &ConsentForm { consents }).await?;
    let form = BusinessForm {
        kind: "corporate".to_owned(),
        // Ten digits in a row, of which the last checks.
        number: "123-45-67891".to_owned(),
        company: COMPANY.to_owned(),
        representative: "한달빛".to_owned(),
        sector: "서적 소매업".to_owned(),
        trade: "소매".to_owned(),
        address: "서울특별시 가상구 견본로 1, 2층".to_owned(),
        // A name that there is: whoever tries the demo submits it again.
        url: "https://example.com/dalbit".to_owned(),
        contact_name: "한달빛".to_owned(),
        contact_email: Person::Owner.email().to_owned(),
        contact_phone: "02-0000-0000".to_owned(),
        bank: "견본은행".to_owned(),
        account_number: Typed::new("000-00-0000-001"),
    };
    for step in [Step::Business, Step::Service, Step::Settlement] {
        stage.pass(180);
        stage.backend.save_application_step(&owner, step, &form).await?;
    }
    let upload = Upload::parse("사업자등록증.pdf", CERTIFICATE.to_vec());
    stage.backend.keep_registration(&owner, upload.map_err(|why| Error::Internal(format!("{why:?}")))?).await?;
    for module in ["ksnet", "inicis_v2"] {
        choose(stage, module).await?;
    }
    submit(stage, &["ksnet", "inicis_v2"]).await?;
    stage.at(110, 14, 0);
    operate(stage, "ksnet", State::InReview, "").await?;
    operate(stage, "inicis_v2", State::InReview, "").await?;
    stage.at(104, 11, 0);
    operate(stage, "ksnet", State::Contracted, "").await?;
    operate(stage, "inicis_v2", State::Contracted, "").await?;
    stage.pass(3_600);
    review(stage).await
}

/// How far the card issuers are: some still look, one has refused.
async fn review(stage: &Stage) -> backend::Result<()> {
    let noted = [
        (Issuer::Shinhan, Review::Approved),
        (Issuer::Bc, Review::Approved),
        (Issuer::Kb, Review::Approved),
        (Issuer::Samsung, Review::Approved),
        (Issuer::Lotte, Review::Pending),
        (Issuer::Hyundai, Review::Pending),
        (Issuer::Hana, Review::Rejected),
    ];
    let id = id_of(stage, "ksnet")?;
    for (issuer, review) in noted {
        stage.pass(20);
        stage.backend.review_application(Operator::Machine, id, issuer, Some(review)).await?;
    }
    Ok(())
}

/// One application in each of the other states.
pub async fn second(stage: &mut Stage) -> backend::Result<()> {
    stage.at(10, 13, 0);
    let modules = ["kcp_v2", "tosspayments", "nice_v2", "galaxia"];
    for module in modules {
        choose(stage, module).await?;
    }
    submit(stage, &modules).await?;
    stage.pass(7_200);
    for module in ["kcp_v2", "nice_v2", "galaxia"] {
        operate(stage, module, State::InReview, "").await?;
    }
    stage.pass(7_200);
    let note = "사업자등록증의 주소와 입력하신 주소가 다릅니다. 둘 중 하나를 고쳐 주세요.";
    operate(stage, "nice_v2", State::ChangesRequested, note).await?;
    let note = "상품권은 계약할 수 없는 업종입니다.";
    operate(stage, "galaxia", State::Rejected, note).await?;
    choose(stage, "eximbay_v2").await
}

/// The first way to pay of a module, with everything that it has.
async fn choose(stage: &mut Stage, module: &'static str) -> backend::Result<()> {
    stage.pass(200);
    let owner = stage.enter(Person::Owner).await?;
    let (_, of) = stage.backend.catalogue().module(module).ok_or(Error::NotFound)?;
    let styles = of.pay_styles.iter().take(2).enumerate().map(|(n, style)| (format!("s{n}"), style.clone()));
    let methods = of.pay_methods.iter().take(1).flat_map(|by| by.methods.iter().map(|m| Choice::value(&by.style, m)));
    let methods: BTreeMap<String, String> = methods.enumerate().map(|(n, value)| (format!("m{n}"), value)).collect();
    let form = ChoiceForm { styles: styles.collect(), methods };
    let id = stage.backend.choose_module(&owner, module, &form).await?;
    stage.applications.insert(module, id);
    Ok(())
}

async fn submit(stage: &Stage, modules: &[&str]) -> backend::Result<()> {
    stage.pass(400);
    let owner = stage.enter(Person::Owner).await?;
    let ids: Vec<_> = modules.iter().map(|module| id_of(stage, module)).collect::<backend::Result<_>>()?;
    stage.backend.submit_applications(&owner, &ids, Language::Korean).await
}

async fn operate(stage: &Stage, module: &str, to: State, note: &str) -> backend::Result<()> {
    stage.pass(120);
    stage.backend.move_application(Operator::Machine, id_of(stage, module)?, to, note).await
}

fn id_of(stage: &Stage, module: &str) -> backend::Result<domain::id::ApplicationId> {
    stage.applications.get(module).copied().ok_or(Error::NotFound)
}
