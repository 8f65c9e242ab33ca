//! 전자결제 신청 as the service's operator moves it by the cores' listener.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
    response::Response,
};
use backend::{CoreGrant, Language};
use domain::{
    application::{BusinessForm, Choice, ChoiceForm, ConsentForm, Step, Upload},
    credential::CoreScope,
    secret::Typed,
};
use serde_json::Value;
use server::{applications::ApplicationCommand, config::Command};
use tower::ServiceExt as _;

use crate::support::{Console, a_console, text_of};

const NUMBER: &str = "110987654321";

/// An application that was submitted.
async fn submitted(console: &Console) -> String {
    let owner = console.an_owner().await.actor;
    let backend = &console.backend;
    let consents = ["third_party", "collection"].map(|word| (word.to_owned(), "on".to_owned()));
    backend.consent_to_apply(&owner, &ConsentForm { consents: consents.into() }).await.expect("agreed");
    let form = BusinessForm {
        kind: "individual".into(),
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
    };
    for step in [Step::Business, Step::Service, Step::Settlement] {
        backend.save_application_step(&owner, step, &form).await.expect("saved");
    }
    let file = Upload::parse("a.pdf", b"%PDF-1.7\nstartxref\n%%EOF\n".to_vec()).expect("a file");
    backend.keep_registration(&owner, file).await.expect("kept");
    let choice = Choice {
        styles: vec!["결제창 일반결제".into()],
        methods: vec![("일반결제".into(), vec!["카드".into()])],
    };
    let id = backend.choose_module(&owner, "ksnet", &ChoiceForm::of(&choice)).await.expect("chosen");
    backend.submit_applications(&owner, &[id], Language::Korean).await.expect("submitted");
    id.to_string()
}

async fn operator(console: &Console) -> String {
    let scopes = vec![CoreScope::ApplicationsOperate];
    let grant = CoreGrant { name: "operator".into(), scopes, stores: Vec::new() };
    console.backend.grant_core_token(&grant).await.expect("a token").token.expose().to_owned()
}

async fn look(console: &Console, token: &str, path: &str) -> (StatusCode, Value) {
    let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
    let request = request.body(Body::empty()).expect("a request");
    json(console.cores.clone().oneshot(request).await.expect("answered")).await
}

async fn json(answer: Response) -> (StatusCode, Value) {
    let (status, text) = text_of(answer).await;
    (status, serde_json::from_str(&text).unwrap_or_default())
}

#[tokio::test]
async fn an_operator_moves_an_application_by_a_token_for_it() {
    let console = a_console().await;
    let (id, token) = (submitted(&console).await, operator(&console).await);
    let (status, found) = look(&console, &token, "/core/v1/applications?state=submitted").await;
    assert_eq!((status, found["applications"][0]["id"].as_str()), (StatusCode::OK, Some(id.as_str())), "{found}");
    let path = format!("/core/v1/applications/{id}");
    let (_, one) = look(&console, &token, &path).await;
    assert_eq!(one["business"]["company"], "고양이 상점");
    assert_eq!(one["business"]["hasAccountNumber"], true);
    assert!(!one.to_string().contains(NUMBER));
    let told = async |what: &str, body: &str| {
        json(console.tell_core(&format!("{path}/{what}"), Some(&token), body).await).await
    };
    assert_eq!(told("move", r#"{"to": "in_review"}"#).await.0, StatusCode::NO_CONTENT);
    let (status, refused) = told("move", r#"{"to": "in_review"}"#).await;
    assert_eq!((status, refused["type"].as_str()), (StatusCode::CONFLICT, Some("WRONG_STATE")));
    let (status, refused) = told("move", r#"{"to": "rejected"}"#).await;
    assert_eq!((status, refused["reason"].as_str()), (StatusCode::BAD_REQUEST, Some("NOTE")));
    let (status, refused) = told("move", r#"{"to": "contract"}"#).await;
    assert_eq!((status, refused["reason"].as_str()), (StatusCode::BAD_REQUEST, Some("STATE")));
    assert_eq!(told("review", r#"{"issuer": "366", "review": "pending"}"#).await.0, StatusCode::CONFLICT);
    assert_eq!(told("move", r#"{"to": "contracted"}"#).await.0, StatusCode::NO_CONTENT);
    assert_eq!(told("review", r#"{"issuer": "366", "review": "pending"}"#).await.0, StatusCode::NO_CONTENT);
    let (_, one) = look(&console, &token, &path).await;
    assert_eq!(one["application"]["reviews"][0]["issuer"], "366");
    let (status, none) = look(&console, &token, "/core/v1/applications/application-1").await;
    assert_eq!((status, none["type"].as_str()), (StatusCode::NOT_FOUND, Some("APPLICATION_NOT_FOUND")));
    // A payment core's token is not for this.
    let core = console.backend.create_core_token("core").await.expect("a token").token;
    assert_eq!(look(&console, core.expose(), &path).await.0, StatusCode::FORBIDDEN);
}

#[test]
fn the_command_line_tells_what_it_does_not_understand() {
    let parse = |words: &str| Command::parse(words.split(' ').map(str::to_owned));
    let id = "application-00000000-0000-0000-0000-000000000007";
    let review = parse(&format!("application review {id} 366 none"));
    assert!(matches!(review, Ok(Command::Application(ApplicationCommand::Review { review: None, .. }))), "{review:?}");
    assert!(parse(&format!("application move {id} in_review")).is_ok());
    for wrong in ["application", "application move x in_review", "application list --state nowhere"] {
        assert!(parse(wrong).is_err(), "{wrong}");
    }
    assert!(parse(&format!("application review {id} 999 pending")).is_err());
}
