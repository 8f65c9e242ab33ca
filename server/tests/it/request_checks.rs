//! 요청 검사: what is posted is answered on its own page, and kept nowhere.

use axum::http::StatusCode;
use backend::NewChannel;
use domain::{channel::ChannelForm, id::ChannelKey};

use crate::support::{Console, Person, a_console, header_of, text_of};

async fn a_channel(console: &Console, person: &Person, module: &str, mid: &str) -> ChannelKey {
    let form = ChannelForm { shared_mid: mid.to_owned(), purpose: "payment".to_owned(), ..ChannelForm::default() };
    let new = NewChannel { mode: "test".to_owned(), module: module.to_owned(), form, ..NewChannel::default() };
    console.backend.add_channel(&person.actor, new).await.expect("added").key
}

#[tokio::test]
async fn a_pasted_request_is_answered_with_what_would_be_refused_and_by_which_guide() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let key = a_channel(&console, &owner, "ksnet", "2999199999").await;
    let path = format!("/integration/channels/{key}/check");
    let (status, page) = text_of(console.open_as(&owner, &path).await).await;
    assert_eq!(status, StatusCode::OK);
    assert!(!page.contains("id=\"result\"") && !page.contains("hydrate()"), "{page}");
    console.count_changes().await;
    let typed =
        "call=request_pay&device=pc&by=paste&text={ pay_method: 'card', custom_data: '</textarea><b>bold%26lt;' }";
    let response = console.submit_as(&owner, &path, typed).await;
    assert_eq!(header_of(&response, "cache-control"), "no-store");
    let (status, page) = text_of(response).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("tax_free가 없습니다") && page.contains("KSNET 결제창 연동 가이드 (V1)"), "{page}");
    assert!(
        page.contains("&lt;/textarea&gt;&lt;b&gt;bold&amp;lt;") && !page.contains("<b>bold"),
        "what was pasted is text"
    );
    assert_eq!(console.changed().await, [""; 0], "nothing is kept");
}

#[tokio::test]
async fn what_cannot_be_read_is_told_with_its_line_and_kept_in_its_place() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let key = a_channel(&console, &owner, "ksnet", "2999199999").await;
    let path = format!("/integration/channels/{key}/check");
    let typed = "call=request_pay&by=paste&text={%0A a: 1%0A b: 2 }";
    let (status, page) = text_of(console.submit_as(&owner, &path, typed).await).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("3번째 줄: 이 앞에 쉼표(,)가 빠졌습니다."), "{page}");
    assert!(page.contains("a: 1\n b: 2 }</textarea>"), "{page}");
}

#[tokio::test]
async fn a_module_without_a_guide_has_no_checker_and_no_way_to_one() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let with = a_channel(&console, &owner, "ksnet", "2999199999").await;
    let without = a_channel(&console, &owner, "inicis_v2", "INIBillTst").await;
    for (key, status, has_link) in [(with, StatusCode::OK, true), (without, StatusCode::NOT_FOUND, false)] {
        let path = format!("/integration/channels/{key}");
        let (_, page) = text_of(console.open_as(&owner, &path).await).await;
        assert_eq!(page.contains(&format!("href=\"{path}/check\"")), has_link, "{page}");
        assert_eq!(console.open_as(&owner, &format!("{path}/check")).await.status(), status);
    }
}

#[tokio::test]
async fn a_session_that_is_over_leads_to_the_login_and_back_to_the_checker() {
    let console = a_console().await;
    let path = format!("/integration/channels/channel-key-{}/check", "00000000-0000-4000-8000-000000000000");
    let response = console.submit(&path, "call=request_pay&by=paste&text={}").await;
    assert_eq!(response.status(), StatusCode::FOUND);
    assert_eq!(header_of(&response, "location"), format!("/login?next={path}"));
}

#[tokio::test]
async fn a_request_that_comes_from_code_is_not_praised_for_keeping_every_rule() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let key = a_channel(&console, &owner, "ksnet", "2999199999").await;
    let path = format!("/integration/channels/{key}/check");
    for text in
        ["{ ...data }", "{ pg, pay_method, merchant_uid, amount, tax_free, currency, buyer_name, m_redirect_url }"]
    {
        let typed = format!("call=request_pay&by=paste&text={text}");
        let (_, page) = text_of(console.submit_as(&owner, &path, &typed).await).await;
        assert!(page.contains("읽을 수 있는 값에서는 걸리는 점이 없습니다"), "{text}: {page}");
        assert!(!page.contains("가이드 규칙을 모두 지켰습니다"), "{text}");
    }
}
