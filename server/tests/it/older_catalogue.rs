//! The pages of a channel that was saved when the catalogue asked for other fields.

use backend::NewChannel;
use domain::{channel::ChannelForm, secret::Typed};

use crate::support::{a_console, header_of, text_of};

const OLDER: &str = include_str!("../../../app/backend/tests/it/fixtures/older_catalogue/samplepay.toml");
const LATER: &str = include_str!("../../../app/backend/tests/it/fixtures/later_catalogue/samplepay.toml");

#[tokio::test]
async fn an_older_channel_opens_tells_what_changed_and_is_saved() {
    let console = a_console().await.with_catalogue("samplepay", OLDER);
    let owner = console.an_owner().await;
    let fields = [("secret_key", "s"), ("license", "l"), ("contract_no", "C-1001"), ("old_password", "p")];
    let form = ChannelForm {
        name: "샘플페이".to_owned(),
        mid: "sample01".to_owned(),
        fields: fields.map(|(key, value)| (key.to_owned(), Typed::new(value))).into(),
        ..ChannelForm::default()
    };
    let new = NewChannel { mode: "live".to_owned(), module: "samplepay".to_owned(), form, ..NewChannel::default() };
    let key = console.backend.add_channel(&owner.actor, new).await.expect("added").key;
    let console = console.with_catalogue("samplepay", LATER);

    let path = format!("/integration/channels/{key}");
    for page in [path.clone(), format!("{path}/edit")] {
        let (_, text) = text_of(console.open_as(&owner, &page).await).await;
        assert!(text.contains("결제대행사가 요구하는 항목이 바뀌었습니다"), "{page}");
        assert!(text.contains("‘비밀키’의 이름이 ‘API Secret’(으)로 바뀌었습니다"), "{page}");
        assert!(text.contains("‘구 비밀번호’ 항목이 없어졌습니다"), "{page}");
        assert!(text.contains("‘웹훅 키’ 항목이 새로 생겼습니다"), "{page}");
    }
    let body = format!(
        "about[key]={key}&about[seen_version]=1&form[name]=%EC%83%98%ED%94%8C%ED%8E%98%EC%9D%B4&form[mid]=sample01\
         &form[fields][contract_no]=C-1001&form[fields][api_secret]=&form[fields][license]=&form[tax]=none"
    );
    let saved = console.submit_as(&owner, "/api/channels/edit", &body).await;
    assert_eq!(header_of(&saved, "location"), format!("{path}?done=saved"));
    let (_, text) = text_of(console.open_as(&owner, &path).await).await;
    assert!(!text.contains("결제대행사가 요구하는 항목이 바뀌었습니다"));
    assert!(text.contains("API Secret") && !text.contains("구 비밀번호"));
}
