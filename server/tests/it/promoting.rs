//! 실연동으로 올리기 without JavaScript: what was typed is kept for what it was typed for.

use backend::{Actor, Change, NewChannel};
use domain::{channel::ChannelForm, id::ChannelKey, secret::Typed};

use crate::support::{Console, Person, a_console, header_of, text_of};

fn form(name: &str, mid: &str, fields: &[(&str, &str)]) -> ChannelForm {
    let fields = fields.iter().map(|(key, value)| ((*key).to_owned(), Typed::new(*value)));
    ChannelForm { name: name.to_owned(), mid: mid.to_owned(), fields: fields.collect(), ..ChannelForm::default() }
}

async fn add(console: &Console, owner: &Actor, mode: &str, module: &str, form: ChannelForm) -> ChannelKey {
    let new = NewChannel { mode: mode.to_owned(), module: module.to_owned(), form, ..NewChannel::default() };
    console.backend.add_channel(owner, new).await.expect("added").key
}

/// A test channel of KSNET by a shared test MID.
async fn tested(console: &Console, owner: &Person) -> ChannelKey {
    let form = ChannelForm { shared_mid: "2999199999".to_owned(), ..ChannelForm::default() };
    add(console, &owner.actor, "test", "ksnet", form).await
}

async fn selling(console: &Console, owner: &Person, name: &str, mid: &str) -> ChannelKey {
    add(console, &owner.actor, "live", "ksnet", form(name, mid, &[("api_key", "the-live-key")])).await
}

async fn pair(console: &Console, owner: &Person, test: ChannelKey, live: ChannelKey) {
    console.backend.pair_channels(&owner.actor, test, live).await.expect("paired");
}

async fn page(console: &Console, person: &Person, test: ChannelKey) -> String {
    let path = format!("/integration/channels/{test}/promote");
    text_of(console.open_as(person, &path).await).await.1
}

fn input<'a>(page: &'a str, name: &str) -> &'a str {
    let named = format!("name=\"{name}\"");
    let tag = page.split('<').find(|tag| tag.contains(&named)).unwrap_or_else(|| panic!("{name}: {page}"));
    tag.split(" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

/// What the page sends with what is typed into it.
fn sent(page: &str, typed: &str) -> String {
    let names = [
        "about[mode]",
        "about[provider]",
        "about[module]",
        "about[key]",
        "about[live]",
        "about[seen_version]",
        "about[ticket]",
    ];
    let hidden = names.map(|name| format!("{name}={}", input(page, name))).join("&");
    let draft = if page.contains("about[draft]") { "&about[draft]=1" } else { "" };
    format!("{hidden}{draft}&form[purpose]=payment&form[tax]=none&{typed}")
}

async fn promote(console: &Console, person: &Person, body: &str) -> String {
    header_of(&console.submit_as(person, "/api/pairs/promote", body).await, "location")
}

#[tokio::test]
async fn a_key_of_the_live_channels_own_module_is_saved_after_a_refusal() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let old = form("시험", "KCPTS", &[("site_key", "a-site-key")]);
    let test = add(&console, &owner.actor, "test", "kcp", old).await;
    let keys =
        [("pg_api_cert", "first-cert"), ("pg_api_private_key", "first-key"), ("private_key_password", "first-pass")];
    let live = add(&console, &owner.actor, "live", "kcp_v2", form("판매", "ABCDE", &keys)).await;
    pair(&console, &owner, test, live).await;
    let first = page(&console, &owner, test).await;
    let wrong = "form[name]=a/b&form[mid]=ABCDE&form[fields][pg_api_private_key]=second-key\
                 &form[fields][pg_api_cert]=&form[fields][private_key_password]=second-pass";
    assert!(promote(&console, &owner, &sent(&first, wrong)).await.contains("/promote?draft=1"));
    let second = page(&console, &owner, test).await;
    assert!(second.contains("입력한 값을 보관했습니다") && !second.contains("second-key"), "{second}");
    let right = sent(&second, "form[name]=새 판매&form[mid]=ABCDE&form[fields][pg_api_private_key]=");
    assert!(promote(&console, &owner, &right).await.contains("?done=saved"));
    for (field, value) in
        [("pg_api_private_key", "second-key"), ("private_key_password", "second-pass"), ("pg_api_cert", "first-cert")]
    {
        let typed = domain::secret::Typed::new(value);
        let is_same = console
            .backend
            .compare_secret(&owner.actor, live, &field.parse().expect("a key"), &typed)
            .await
            .expect("compared");
        assert!(is_same, "{field}");
    }
}

#[tokio::test]
async fn what_was_typed_for_a_new_channel_is_not_put_into_the_one_that_was_paired_meanwhile() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let test = tested(&console, &owner).await;
    let first = page(&console, &owner, test).await;
    let typed = "form[name]=a/b&form[mid]=M1&form[fields][api_key]=typed-key";
    assert!(promote(&console, &owner, &sent(&first, typed)).await.contains("draft=1"));
    let live = selling(&console, &owner, "판매", "M2").await;
    pair(&console, &owner, test, live).await;

    let path = format!("/integration/channels/{test}/promote?draft=1");
    let second = text_of(console.open_as(&owner, &path).await).await.1;
    assert_eq!((input(&second, "form[name]"), input(&second, "about[live]")), ("판매", live.to_string().as_str()));
    assert!(second.contains("그 사이 짝이 바뀌었습니다") && !second.contains("\"M1\""), "{second}");
    // The old page, sent again, changes nothing either.
    let right = typed.replace("a/b", "셋째");
    assert!(promote(&console, &owner, &sent(&first, &right)).await.contains("draft=1"));
    assert_eq!(console.number("SELECT count(*) FROM channels").await, 2);
    assert_eq!(console.backend.channel(&owner.actor, live).await.expect("there").version, 1);
}

#[tokio::test]
async fn a_refused_form_that_is_sent_again_does_not_save_over_a_colleague() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let test = tested(&console, &owner).await;
    let live = selling(&console, &owner, "판매", "M2").await;
    pair(&console, &owner, test, live).await;
    let edit_page = format!("/integration/channels/{live}/edit");
    let first = page(&console, &owner, test).await;
    assert!(promote(&console, &owner, &sent(&first, "form[name]=a/b&form[mid]=M2")).await.contains("draft=1"));
    let edit = |version: &str, draft: &str, name: &str| {
        format!(
            "about[key]={live}&about[seen_version]={version}{draft}&form[name]={name}&form[mid]=M2&form[purpose]=payment&form[tax]=none"
        )
    };
    let refused = console.submit_as(&owner, "/api/channels/edit", &edit("1", "", "a/b")).await;
    assert!(header_of(&refused, "location").contains("draft=1"));
    // A colleague saves meanwhile.
    let change = Change { seen_version: 1, form: form("동료의 이름", "M2", &[]) };
    console.backend.edit_channel(&owner.actor, live, change).await.expect("saved");

    let second = page(&console, &owner, test).await;
    assert_eq!(input(&second, "about[seen_version]"), "1", "what was on the screen when it was typed");
    assert!(promote(&console, &owner, &sent(&second, "form[name]=나중&form[mid]=M2")).await.contains("draft=1"));
    let again = text_of(console.open_as(&owner, &edit_page).await).await.1;
    let seen = input(&again, "about[seen_version]").to_owned();
    assert_eq!(seen, "1");
    let stale = console.submit_as(&owner, "/api/channels/edit", &edit(&seen, "&about[draft]=1", "나중")).await;
    assert!(header_of(&stale, "location").contains("draft=1"));
    let name = async || console.backend.channel(&owner.actor, live).await.expect("there").summary.name;
    assert_eq!(name().await, "동료의 이름");
    // Told, and having looked, they save over it.
    let third = page(&console, &owner, test).await;
    assert!(third.contains("다른 사람이 먼저 저장했습니다"), "{third}");
    assert!(promote(&console, &owner, &sent(&third, "form[name]=나중&form[mid]=M2")).await.contains("done=saved"));
    assert_eq!(name().await, "나중");
}

#[tokio::test]
async fn live_keys_that_are_sent_after_the_session_ended_are_there_after_the_login() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let test = tested(&console, &owner).await;
    let first = page(&console, &owner, test).await;
    let body = sent(&first, "form[name]=판매&form[mid]=M1&form[fields][api_key]=typed-key");
    let back = header_of(&console.submit("/api/pairs/promote", &body).await, "location");
    assert_eq!(back, format!("/login?next=/integration/channels/{test}/promote"));
    let second = page(&console, &owner, test).await;
    assert!(second.contains("작성하던 내용을 불러왔습니다") && !second.contains("typed-key"), "{second}");
    assert_eq!(input(&second, "form[mid]"), "M1");
    let body = sent(&second, "form[name]=판매&form[mid]=M1&form[fields][api_key]=");
    assert!(promote(&console, &owner, &body).await.contains("?done=added"));
    assert_eq!(console.number("SELECT count(*) FROM drafts").await, 0);
}

#[tokio::test]
async fn what_is_typed_while_promoting_survives_a_reload_and_can_be_thrown_away() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let test = tested(&console, &owner).await;
    let first = page(&console, &owner, test).await;
    let body = sent(&first, "form[name]=쓰던 것&form[mid]=M1&form[fields][api_key]=typed-key");
    let kept = console.submit_as(&owner, "/api/channels/draft", &body).await;
    assert!(kept.status().is_redirection() || kept.status().is_success(), "{kept:?}");
    let second = page(&console, &owner, test).await;
    assert!(input(&second, "form[name]") == "쓰던 것" && !second.contains("typed-key"), "{second}");
    let drop = format!("mode=&module=&key={test}&live=&back=/integration/channels/{test}/promote");
    console.submit_as(&owner, "/api/channels/drop-draft", &drop).await;
    assert_eq!(console.number("SELECT count(*) FROM drafts").await, 0);
}

#[tokio::test]
async fn a_channel_that_is_to_be_deleted_names_its_other_half() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let test = tested(&console, &owner).await;
    let live = selling(&console, &owner, "짝의 이름", "M2").await;
    let shown = async || text_of(console.open_as(&owner, &format!("/integration/channels/{test}")).await).await.1;
    assert!(!shown().await.contains("짝의 이름"));
    pair(&console, &owner, test, live).await;
    let with_twin = shown().await;
    assert!(
        with_twin.contains("짝의 이름<!></a>") && with_twin.contains(&format!("href=\"/integration/channels/{live}\"")),
        "{with_twin}"
    );
}
