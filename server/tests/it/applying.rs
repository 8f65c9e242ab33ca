//! What a merchant enters for 전자결제 신청, for tests that begin later.

use backend::{Actor, Backend};
use domain::{
    application::{BusinessForm, Choice, ChoiceForm, ConsentForm, Step, Upload},
    id::ApplicationId,
    secret::Typed,
};

pub const NUMBER: &str = "110987654321";

/// Agrees to what is needed.
pub async fn begin(backend: &Backend, owner: &Actor) {
    let consents = ["third_party", "collection"].map(|word| (word.to_owned(), "on".to_owned()));
    backend.consent_to_apply(owner, &ConsentForm { consents: consents.into() }).await.expect("agreed");
}

fn business() -> BusinessForm {
    BusinessForm {
        kind: "corporate".into(),
        number: "220-81-62517".into(),
        company: "고양이 상점".into(),
        representative: "김대표".into(),
        sector: "전자상거래".into(),
        trade: "소매업".into(),
        address: "서울시".into(),
        url: "https://shop.example.com".into(),
        contact_name: "이담당".into(),
        contact_email: "lee@example.com".into(),
        contact_phone: "02-1234-5678".into(),
        bank: "신한은행".into(),
        account_number: Typed::new(NUMBER),
    }
}

/// Enters everything there is to enter.
pub async fn enter_all(backend: &Backend, owner: &Actor) {
    begin(backend, owner).await;
    for step in [Step::Business, Step::Service, Step::Settlement] {
        backend.save_application_step(owner, step, &business()).await.expect("saved");
    }
    let file = Upload::parse("a.pdf", b"%PDF-1.7\nstartxref\n%%EOF\n".to_vec()).expect("a file");
    backend.keep_registration(owner, file).await.expect("kept");
}

/// An application for everything that a module offers.
pub async fn choose_all(backend: &Backend, owner: &Actor, module: &str) -> ApplicationId {
    let (_, offers) = backend.catalogue().module(module).expect("a module");
    let all = Choice {
        styles: offers.pay_styles.clone(),
        methods: offers.pay_methods.iter().map(|by| (by.style.clone(), by.methods.clone())).collect(),
    };
    backend.choose_module(owner, module, &ChoiceForm::of(&all)).await.expect("chosen")
}
