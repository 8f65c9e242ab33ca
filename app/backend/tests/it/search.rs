//! 검색: any part of what a channel is called, and nothing that is not there any more.

use std::sync::Arc;

use backend::{Actor, Backend, Change, KeyRing, ListQuery};
use domain::{channel::Mode, id::ChannelKey, store::StoreForm};
use time::Duration;

use crate::support::{Bench, Typing as _, ksnet, live, named, shared_ksnet, test};

/// Names, the best first.
async fn names(backend: &Backend, actor: &Actor, typed: &str) -> Vec<String> {
    let found = backend.search_channels(actor, typed).await.unwrap();
    found.best.into_iter().map(|channel| channel.name).collect()
}

async fn another(bench: &Bench) -> Backend {
    let ring = KeyRing::read(&bench.dir.path().join("keyring")).unwrap();
    Bench::backend_with(&bench.url, ring, Arc::clone(&bench.clock)).await.unwrap()
}

async fn rename(by: &Backend, actor: &Actor, key: ChannelKey, seen_version: i64, name: &str) {
    let form = named(name).mid("ks0001");
    by.edit_channel(actor, key, Change { seen_version, form }).await.unwrap();
}

on_both_databases!(any_part_of_name_mid_gateway_module_or_key_finds_a_channel, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("가을 정기결제 ABC")).await;
    let inicis = named("다른 이름").mid("MOItest001").field("sign_key", "x");
    bench.add(&owner, live("inicis_v2", inicis)).await;
    let (whole, part) = (key.to_string(), key.to_string()["channel-key-".len()..][..9].to_owned());
    for typed in ["정기", "기결", "을 정", "abc 가을", "ＡＢＣ", "s000", "KSNET", &whole, &part] {
        assert_eq!(names(&bench.backend, &owner, typed).await, ["가을 정기결제 ABC"], "{typed}");
    }
    for typed in ["oitest", "이니시스", "ㅇㄴㅅㅅ", "kg inicis", "inicis_v2", "INICIS_V2", "이니시스 다른"]
    {
        assert_eq!(names(&bench.backend, &owner, typed).await, ["다른 이름"], "{typed}");
    }
    for typed in ["", "  ", "%", "_x", "정기 이니시스", "channel-key-ffffffff", "'\";--"] {
        assert!(names(&bench.backend, &owner, typed).await.is_empty(), "{typed}");
    }
});

on_both_databases!(what_begins_with_the_word_comes_first_and_what_is_left_out_is_counted, |bench| async move {
    let owner = bench.an_owner().await;
    for name in ["정기결제", "새 정기", "비정기", "케이에스넷"] {
        bench.add(&owner, ksnet(name)).await;
        bench.clock.pass(Duration::SECOND);
    }
    assert_eq!(names(&bench.backend, &owner, "정기").await, ["새 정기", "정기결제", "비정기"]);
    for number in 0..25 {
        bench.add(&owner, test("ksnet", named(&format!("정기 {number}")).mid("mine").field("api_key", "x"))).await;
    }
    let found = bench.backend.search_channels(&owner, "정기").await.unwrap();
    assert_eq!((found.best.len(), found.live, found.test), (20, 3, 25));
});

on_both_databases!(a_change_is_found_at_once_whoever_made_it, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("봄")).await;
    let other = another(&bench).await;
    for (backend, writer) in [(&*bench.backend, &other), (&other, &*bench.backend)] {
        assert_eq!(names(backend, &owner, "ks0001").await.len(), 1);
        let seen = bench.backend.channel(&owner, key).await.unwrap().version;
        rename(writer, &owner, key, seen, "여름").await;
        assert_eq!(names(backend, &owner, "여름").await, ["여름"]);
        assert!(names(backend, &owner, "봄").await.is_empty());
        rename(writer, &owner, key, seen + 1, "봄").await;
        writer.delete_channel(&owner, key).await.unwrap();
        assert!(names(backend, &owner, "봄").await.is_empty());
        writer.restore_channel(&owner, key).await.unwrap();
        assert_eq!(names(backend, &owner, "봄").await, ["봄"]);
        let added = writer.add_channel(&owner, ksnet("겨울")).await.unwrap();
        assert_eq!(names(backend, &owner, "겨울").await, ["겨울"]);
        writer.delete_channel(&owner, added.key).await.unwrap();
    }
});

on_both_databases!(after_more_changes_than_are_followed_all_is_read_anew, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("처음")).await;
    assert_eq!(names(&bench.backend, &owner, "처음").await, ["처음"]);
    // As if another merchant had been busy.
    bench.sql("UPDATE feed_heads SET seq = seq + 5000").await;
    bench.clock.pass(Duration::SECOND);
    bench.add(&owner, ksnet("나중")).await;
    assert_eq!(names(&bench.backend, &owner, "ks0001").await, ["나중", "처음"]);
});

on_both_databases!(nobody_finds_what_is_out_of_reach, |bench| async move {
    let owner = bench.an_owner().await;
    let stranger = bench.an_owner_called("stranger@example.com").await;
    let store = StoreForm { name: "강남점".to_owned(), tier_code: "GN1".to_owned() };
    let store = bench.backend.add_store(&owner, store).await.unwrap();
    let manager = bench.a_member_of(&owner, "manager@example.com", "manager", &store.to_string()).await;
    bench.add(&owner, ksnet("대표 상점의 채널")).await;
    let ours = bench.add(&owner, ksnet("강남의 채널")).await;
    bench.backend.assign_channel(&owner, ours, &store.to_string()).await.unwrap();
    bench.add(&owner, shared_ksnet()).await;
    assert_eq!(names(&bench.backend, &owner, "ksnet").await.len(), 3);
    assert_eq!(names(&bench.backend, &manager, "채널").await, ["강남의 채널"]);
    let found = bench.backend.search_channels(&manager, "ksnet").await.unwrap();
    assert_eq!((found.live, found.test), (1, 1));
    assert!(names(&bench.backend, &stranger, "채널").await.is_empty());
});

on_both_databases!(the_list_is_searched_in_the_same_way_within_a_mode, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("가을 정기결제")).await;
    bench.add(&owner, shared_ksnet()).await;
    for (mode, expected) in [(Mode::Live, 1), (Mode::Test, 1)] {
        let query = ListQuery { mode: Some(mode), search: "결제 ㅋㅅㄴ".to_owned(), ..ListQuery::default() };
        assert_eq!(bench.backend.list_channels(&owner, query).await.unwrap().total, expected, "{mode}");
    }
});
