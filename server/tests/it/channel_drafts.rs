//! What is being typed into 채널 추가 is kept, offered again, and gone when it was saved or thrown away.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use backend::NewChannel;
use domain::{channel::ChannelForm, id::ChannelKey, store::StoreForm};

use crate::support::{Console, ORIGIN, Person, a_console, header_of, text_of};

const SMARTRO: &str = "about[mode]=live&about[provider]=smartro&about[module]=smartro_v2";
const HERE: &str = "/integration/channels/new?mode=live&provider=smartro&module=smartro_v2";

/// As the page itself sends it.
async fn typed(console: &Console, person: &Person, form: &str) -> StatusCode {
    let request = Request::post("/api/channels/draft")
        .header(header::ACCEPT, "application/json")
        .header(header::ORIGIN, ORIGIN)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, &person.cookie);
    let request = request.body(Body::from(form.to_owned())).expect("a request");
    console.ask(request).await.status()
}

async fn page(console: &Console, person: &Person, path: &str) -> String {
    text_of(console.open_as(person, path).await).await.1
}

#[tokio::test]
async fn what_is_typed_survives_a_reload_and_its_secrets_are_not_shown() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let form = format!("{SMARTRO}&form[name]=쓰던 이름&form[mid]=smt1m&form[fields][merchant_key]=unseen-key");
    assert_eq!(typed(&console, &owner, &form).await, StatusCode::OK);
    let text = page(&console, &owner, HERE).await;
    assert!(text.contains("value=\"쓰던 이름\"") && text.contains("value=\"smt1m\""), "{text}");
    assert!(text.contains("작성하던 내용을 불러왔습니다") && text.contains("입력한 값을 보관했습니다"), "{text}");
    assert!(!text.contains("unseen-key") && !text.contains("필수 항목입니다."), "{text}");
}

#[tokio::test]
async fn a_secret_that_the_page_no_longer_has_stays_in_the_draft_and_is_saved_with_it() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let secrets = "form[fields][merchant_key]=unseen-key&form[fields][cancel_password]=123456";
    typed(&console, &owner, &format!("{SMARTRO}&form[mid]=smt1m&{secrets}")).await;
    // After a reload the page knows only that they are kept.
    let again = format!("{SMARTRO}&about[draft]=1&form[mid]=smt1m&form[fields][merchant_key]=&form[name]=");
    typed(&console, &owner, &format!("{again}가")).await;
    typed(&console, &owner, &format!("{again}가나다")).await;
    let saved = console.submit_as(&owner, "/api/channels/add", &format!("{again}가나다&form[purpose]=payment")).await;
    assert!(header_of(&saved, "location").contains("?done=added"), "{saved:?}");
    assert_eq!(console.number("SELECT count(*) FROM drafts").await, 0);
}

#[tokio::test]
async fn channels_that_were_begun_are_offered_in_the_list_and_where_one_is_added() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let list = "/integration/channels?mode=test";
    assert!(!page(&console, &owner, list).await.contains("작성하던 채널이 있습니다"));
    typed(&console, &owner, &format!("{SMARTRO}&form[name]=하나")).await;
    let ksnet = "about[mode]=test&about[provider]=ksnet&about[module]=ksnet&form[name]=둘";
    typed(&console, &owner, ksnet).await;
    for path in [list, "/integration/channels/new"] {
        let text = page(&console, &owner, path).await;
        assert!(text.contains("작성하던 채널이 있습니다"), "{path}");
        for module in ["smartro_v2", "ksnet"] {
            assert!(text.contains(&format!("module={module}\"")), "{path} {module}: {text}");
        }
    }
    // Neither while one searches, nor to a colleague.
    assert!(!page(&console, &owner, &format!("{list}&q=x")).await.contains("작성하던 채널이 있습니다"));
    let other = console.an_owner_called("other@example.com").await;
    assert!(!page(&console, &other, list).await.contains("작성하던 채널이 있습니다"));
}

#[tokio::test]
async fn a_draft_that_is_thrown_away_is_gone_and_one_is_back_where_one_was() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    typed(&console, &owner, &format!("{SMARTRO}&form[name]=하나")).await;
    let drop = "mode=live&module=smartro_v2&back=";
    let answer =
        console.submit_as(&owner, "/api/channels/drop-draft", &format!("{drop}/integration/channels?mode=live")).await;
    assert_eq!(header_of(&answer, "location"), "/integration/channels?mode=live");
    assert_eq!(console.number("SELECT count(*) FROM drafts").await, 0);
    let elsewhere = console.submit_as(&owner, "/api/channels/drop-draft", &format!("{drop}//evil.example")).await;
    assert_eq!(header_of(&elsewhere, "location"), "/integration/channels");
}

#[tokio::test]
async fn a_form_that_is_cleared_leaves_no_draft() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    typed(&console, &owner, &format!("{SMARTRO}&form[name]=하나")).await;
    typed(&console, &owner, &format!("{SMARTRO}&form[name]= &form[purpose]=payment&form[tax]=none")).await;
    assert_eq!(console.number("SELECT count(*) FROM drafts").await, 0);
}

#[tokio::test]
async fn what_arrives_after_the_channel_was_added_is_not_kept() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let form = "about[mode]=test&about[provider]=ksnet&about[module]=ksnet&about[request_key]=one-page-of-a-form\
                &form[name]=하나&form[purpose]=payment&form[shared_mid]=2999199999";
    let saved = console.submit_as(&owner, "/api/channels/add", form).await;
    assert!(header_of(&saved, "location").contains("?done=added"), "{saved:?}");
    assert_eq!(typed(&console, &owner, form).await, StatusCode::OK);
    assert_eq!(console.number("SELECT count(*) FROM drafts").await, 0);
}

#[tokio::test]
async fn a_draft_of_what_is_no_module_is_refused() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let form = "about[mode]=test&about[provider]=ksnet&about[module]=nonsense&form[name]=하나";
    assert_eq!(typed(&console, &owner, form).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(console.number("SELECT count(*) FROM drafts").await, 0);
}

#[tokio::test]
async fn a_plain_form_whose_session_is_over_is_found_again_after_the_login() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let text = page(&console, &owner, HERE).await;
    let ticket =
        text.split("name=\"about[ticket]\" value=\"").nth(1).expect("a ticket").split('"').next().expect("whole");
    let form = format!("{SMARTRO}&form[name]=끊긴 세션&form[mid]=smt1m&form[fields][merchant_key]=unseen-key");
    let back = "/login?next=/integration/channels/new%3Fmode%3Dlive%26provider%3Dsmartro%26module%3Dsmartro_v2";
    // Nobody's page: nothing is kept.
    let answer = console.submit("/api/channels/add", &form).await;
    assert_eq!(header_of(&answer, "location"), back);
    assert_eq!(console.number("SELECT count(*) FROM drafts").await, 0);
    let answer = console.submit("/api/channels/add", &format!("{form}&about[ticket]={ticket}")).await;
    assert_eq!(header_of(&answer, "location"), back);
    let text = page(&console, &owner, HERE).await;
    assert!(text.contains("value=\"끊긴 세션\"") && text.contains("입력한 값을 보관했습니다"), "{text}");
    assert!(!text.contains("unseen-key"));
    assert_eq!(console.number("SELECT count(*) FROM channels").await, 0);
}

/// The ticket on a page that somebody has open.
async fn ticket_on(console: &Console, person: &Person, path: &str) -> String {
    let text = page(console, person, path).await;
    let rest = text.split("name=\"about[ticket]\" value=\"").nth(1).expect("a ticket");
    rest.split('"').next().expect("whole").to_owned()
}

/// As the page itself sends it, without a session.
async fn typed_by_nobody(console: &Console, form: &str) -> (StatusCode, String) {
    let request = Request::post("/api/channels/draft")
        .header(header::ACCEPT, "application/json")
        .header(header::ORIGIN, ORIGIN)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = request.body(Body::from(form.to_owned())).expect("a request");
    text_of(console.ask(request).await).await
}

#[tokio::test]
async fn what_is_typed_on_ones_page_is_never_kept_or_saved_for_who_logged_in_since() {
    let console = a_console().await;
    let kim = console.an_owner().await;
    let lee = console.an_owner_called("lee@example.com").await;
    let ticket = ticket_on(&console, &kim, HERE).await;
    let form = format!(
        "{SMARTRO}&about[ticket]={ticket}&form[name]=김의 채널&form[mid]=smt1m&form[purpose]=payment\
         &form[fields][merchant_key]=kims-key&form[fields][cancel_password]=123456"
    );
    assert_eq!(typed(&console, &lee, &form).await, StatusCode::OK);
    assert!(!page(&console, &lee, HERE).await.contains("김의 채널"));
    assert!(page(&console, &kim, HERE).await.contains("value=\"김의 채널\""), "it is kept for whose page it is");
    let saved = console.submit_as(&lee, "/api/channels/add", &form).await;
    assert!(header_of(&saved, "location").starts_with("/login?next="), "{saved:?}");
    let saved = console.submit_as(&kim, "/api/channels/add", &form).await;
    assert!(header_of(&saved, "location").contains("?done=added"), "{saved:?}");
    let owners =
        "SELECT count(*) FROM channels c JOIN members m ON m.merchant_id = c.merchant_id WHERE m.email LIKE 'lee%'";
    assert_eq!((console.number("SELECT count(*) FROM channels").await, console.number(owners).await), (1, 0));
}

#[tokio::test]
async fn what_is_typed_after_the_session_ended_is_there_after_the_login() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let ticket = ticket_on(&console, &owner, HERE).await;
    let form = format!("{SMARTRO}&form[name]=밤새 열린 화면&form[fields][merchant_key]=unseen-key");
    assert_eq!(typed_by_nobody(&console, &form).await.0, StatusCode::UNAUTHORIZED, "nobody's page");
    assert_eq!(console.number("SELECT count(*) FROM drafts").await, 0);
    let (status, answer) = typed_by_nobody(&console, &format!("{form}&about[ticket]={ticket}")).await;
    assert_eq!((status, answer.as_str()), (StatusCode::OK, "\"signed_out\""), "the page says that the session is over");
    let text = page(&console, &owner, HERE).await;
    assert!(text.contains("value=\"밤새 열린 화면\"") && text.contains("입력한 값을 보관했습니다"), "{text}");
}

async fn smartro(console: &Console, owner: &Person) -> ChannelKey {
    let fields = [("merchant_key", "stored-key"), ("cancel_password", "123456")];
    let form = ChannelForm {
        name: "원본".to_owned(),
        mid: "smt9m".to_owned(),
        fields: fields.map(|(key, value)| (key.to_owned(), domain::secret::Typed::new(value))).into(),
        ..ChannelForm::default()
    };
    let new = NewChannel { mode: "live".to_owned(), module: "smartro_v2".to_owned(), form, ..NewChannel::default() };
    console.backend.add_channel(&owner.actor, new).await.expect("added").key
}

#[tokio::test]
async fn a_duplicate_survives_a_reload_and_leaves_an_earlier_draft_alone() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let from = smartro(&console, &owner).await;
    typed(&console, &owner, &format!("{SMARTRO}&form[name]=먼저 쓰던 것&form[fields][merchant_key]=first-key")).await;
    let duplicate = format!("{HERE}&from={from}");
    assert!(page(&console, &owner, &duplicate).await.contains("value=\"원본 2\""));
    let form = format!("{SMARTRO}&about[from]={from}&form[name]=복제본&form[mid]=smt9m");
    assert_eq!(typed(&console, &owner, &format!("{form}&form[fields][merchant_key]=new-key")).await, StatusCode::OK);
    let text = page(&console, &owner, &duplicate).await;
    assert!(text.contains("value=\"복제본\"") && text.contains("작성하던 내용을 불러왔습니다"), "{text}");
    assert!(page(&console, &owner, HERE).await.contains("value=\"먼저 쓰던 것\""));
    let offered = page(&console, &owner, "/integration/channels?mode=live").await;
    assert!(offered.contains(&format!("module=smartro_v2&amp;from={from}\"")), "{offered}");

    let rest = "&about[draft]=1&form[fields][merchant_key]=&form[fields][cancel_password]=654321&form[purpose]=payment";
    let saved = console.submit_as(&owner, "/api/channels/add", &format!("{form}{rest}")).await;
    assert!(header_of(&saved, "location").contains("?done=added"), "{saved:?}");
    assert_eq!(console.texts("SELECT form FROM drafts").await, ["channels/new/live/smartro_v2"]);
    let drop = format!("mode=live&module=smartro_v2&from={from}&back=/integration/channels");
    typed(&console, &owner, &form).await;
    console.submit_as(&owner, "/api/channels/drop-draft", &drop).await;
    assert_eq!(console.texts("SELECT form FROM drafts").await, ["channels/new/live/smartro_v2"]);
}

#[tokio::test]
async fn a_duplicate_of_another_merchants_channel_is_not_kept() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let stranger = console.an_owner_called("stranger@example.com").await;
    let from = smartro(&console, &stranger).await;
    let form = format!("{SMARTRO}&about[from]={from}&form[name]=복제본");
    assert_eq!(typed(&console, &owner, &form).await, StatusCode::NOT_FOUND);
    assert_eq!(console.number("SELECT count(*) FROM drafts").await, 0);
}

#[tokio::test]
async fn the_store_that_was_chosen_is_chosen_again_with_the_rest_of_the_draft() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let form = StoreForm { name: "둘째 상점".to_owned(), tier_code: "SEC".to_owned() };
    let store = console.backend.add_store(&owner.actor, form).await.expect("added");
    typed(&console, &owner, &format!("{SMARTRO}&about[store]={store}&form[name]=둘째의 채널")).await;
    let text = page(&console, &owner, HERE).await;
    assert!(text.contains(&format!("value=\"{store}\" selected")), "{text}");
}

#[tokio::test]
async fn a_form_without_javascript_names_the_channel_that_could_be_added() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let text = page(&console, &owner, HERE).await;
    assert!(text.contains("이런 이름은 어떨까요?") && text.contains(r#"<strong lang="ko">스마트로"#), "{text}");
}
