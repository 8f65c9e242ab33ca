//! What is being typed into 채널 추가 is kept, offered again, and gone when it was saved or thrown away.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

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
