//! 전자결제 신청 as the service's operator moves it by the cores' listener.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
    response::Response,
};
use backend::{CoreGrant, Language};
use domain::credential::CoreScope;
use serde_json::Value;
use server::{applications::ApplicationCommand, command::Command};
use tower::ServiceExt as _;

use crate::{
    applying::{NUMBER, begin, choose_all, enter_all},
    support::{Console, a_console, a_console_told, header_of, text_of},
};

/// An application that was submitted.
async fn submitted(console: &Console) -> String {
    let owner = console.an_owner().await.actor;
    enter_all(&console.backend, &owner).await;
    let id = choose_all(&console.backend, &owner, "ksnet").await;
    console.backend.submit_applications(&owner, &[id], Language::Korean).await.expect("submitted");
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
    // Tests have no resolver, and whoever reviews the application is told so.
    assert_eq!(one["business"]["serviceHostFoundAt"], Value::Null);
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

#[tokio::test]
async fn a_service_whose_name_does_not_exist_is_told_beside_its_field() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let hosts = |text: &str| std::fs::write(file.path(), text).expect("written");
    hosts("10.0.0.5 intranet.example.com\n");
    let path = file.path().display().to_string();
    let console = a_console_told(&[("dns", path.as_str())]).await;
    let owner = console.an_owner().await;
    begin(&console.backend, &owner.actor).await;
    let save = async |url: &str| {
        let form = format!(
            "step=service&form[url]={url}&form[contact_name]=%EC%9D%B4&form[contact_email]=lee@example.com\
             &form[contact_phone]=02-1234-5678"
        );
        header_of(&console.submit_as(&owner, "/api/application/save", &form).await, "location")
    };
    for (url, words) in [
        ("https://shop.example.com", "도메인 이름이 DNS에 없습니다"),
        ("https://intranet.example.com/pay", "사내망 주소(사설 IP)를 가리킵니다"),
    ] {
        let back = save(url).await;
        assert_eq!(back, "/application/business?step=service&draft=1");
        let (_, page) = text_of(console.open_as(&owner, &back).await).await;
        let error = page.split("id=\"url-error\"").nth(1).expect("an error beside the field");
        assert!(error.contains(words), "{words}");
        assert!(page.contains(&format!("value=\"{url}\"")), "what was typed comes back");
    }
    // A name is known from the moment it is in the file.
    hosts("93.184.216.34 shop.example.com\n");
    assert_eq!(save("https://shop.example.com").await, "/application/business?step=settlement&done=saved");
    let (_, page) = text_of(console.open_as(&owner, "/application").await).await;
    assert!(page.contains("shop.example.com") && !page.contains(NOT_FOUND_YET));
}

const NOT_FOUND_YET: &str = "도메인이 있는지 아직 확인하지 못했습니다";

#[tokio::test]
async fn a_merchant_whose_service_nobody_could_look_up_is_told_and_goes_on() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    enter_all(&console.backend, &owner.actor).await;
    choose_all(&console.backend, &owner.actor, "ksnet").await;
    for path in ["/application", "/application/summary"] {
        let (_, page) = text_of(console.open_as(&owner, path).await).await;
        assert!(page.contains(NOT_FOUND_YET), "{path}");
    }
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
