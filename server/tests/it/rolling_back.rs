//! 되돌리기 without JavaScript.

use backend::{Change, NewChannel};
use domain::{channel::ChannelForm, id::ChannelKey, secret::Typed};

use crate::support::{Console, Person, a_console, header_of, text_of};

fn ksnet(name: &str, mid: &str) -> ChannelForm {
    let fields = [("api_key".to_owned(), Typed::new("an-api-key"))].into();
    ChannelForm { name: name.to_owned(), mid: mid.to_owned(), fields, ..ChannelForm::default() }
}

async fn add(console: &Console, owner: &Person, name: &str, mid: &str) -> ChannelKey {
    let form = ksnet(name, mid);
    let new = NewChannel { mode: "live".to_owned(), module: "ksnet".to_owned(), form, ..NewChannel::default() };
    console.backend.add_channel(&owner.actor, new).await.expect("added").key
}

async fn rename(console: &Console, owner: &Person, key: ChannelKey, name: &str, mid: &str) {
    let change = Change { seen_version: 1, form: ksnet(name, mid) };
    console.backend.edit_channel(&owner.actor, key, change).await.expect("renamed");
}

#[tokio::test]
async fn what_stood_in_the_way_yesterday_is_not_told_when_one_comes_back() {
    const TAKEN: &str = "같은 이름의 채널이 있어서";
    let console = a_console().await;
    let owner = console.an_owner().await;
    let key = add(&console, &owner, "하나", "KS0001").await;
    rename(&console, &owner, key, "둘", "KS0001").await;
    let other = add(&console, &owner, "하나", "KS0002").await;
    let body = format!("key={key}&form[to]=1&form[seen_version]=2&form[reason]=잘못 바꿈");
    let refused = header_of(&console.submit_as(&owner, "/api/channels/roll-back", &body).await, "location");
    assert!(refused.ends_with("/versions/1?draft=1"), "{refused}");
    let page = async |path: &str| text_of(console.open_as(&owner, path).await).await.1;
    assert!(page(&refused).await.contains(TAKEN));
    rename(&console, &owner, other, "셋", "KS0002").await;
    let again = page(refused.trim_end_matches("?draft=1")).await;
    assert!(!again.contains(TAKEN) && again.contains("잘못 바꿈"), "{again}");
}
