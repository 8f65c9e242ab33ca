//! Which channel a new payment means, and why none.

use backend::{Actor, CoreChannel, ResolveV1, ResolveV2, Unresolved};
use domain::{
    channel::{ChannelForm, Mode, Purpose},
    id::ChannelKey,
};
use time::Duration;

use crate::support::{Bench, Typing as _, ksnet, live, named, shared_ksnet, test};

async fn v1(bench: &Bench, owner: &Actor, pg: &str) -> Result<(CoreChannel, usize), Unresolved> {
    v1_with(bench, owner, ResolveV1 { pg: Some(pg.to_owned()), ..ResolveV1::default() }).await
}

async fn v1_with(bench: &Bench, owner: &Actor, query: ResolveV1) -> Result<(CoreChannel, usize), Unresolved> {
    let query = ResolveV1 { imp_code: bench.imp_code(owner).await, ..query };
    bench.backend.resolve_v1(&query).await.unwrap()
}

async fn v1_by_key(bench: &Bench, owner: &Actor, key: ChannelKey) -> Result<(CoreChannel, usize), Unresolved> {
    v1_with(bench, owner, ResolveV1 { channel_key: Some(key.to_string()), ..ResolveV1::default() }).await
}

async fn v2(bench: &Bench, owner: &Actor, key: ChannelKey) -> Result<CoreChannel, Unresolved> {
    let query = ResolveV2 { store_id: bench.store_id(owner).await, channel_key: key.to_string() };
    bench.backend.resolve_v2(&query).await.unwrap()
}

/// A live KSNET channel by this MID; the next one is a second younger.
async fn add_ksnet(bench: &Bench, owner: &Actor, mid: &str) -> ChannelKey {
    let name = format!("이름 {}", bench.count("channels").await);
    let key = bench.add(owner, live("ksnet", named(&name).mid(mid).field("api_key", "key"))).await;
    bench.clock.pass(Duration::SECOND);
    key
}

fn v2_only() -> backend::NewChannel {
    live("inicis_v2", named("V2").mid("MOI0001").field("sign_key", "key"))
}

fn v1_only() -> backend::NewChannel {
    live("html5_inicis", named("V1").mid("MOI0001").field("sign_key", "key"))
}

on_both_databases!(v1_finds_a_channel_by_its_code, |bench| async move {
    let owner = bench.an_owner().await;
    let key = add_ksnet(&bench, &owner, "ks0001").await;
    let (channel, matches) = v1(&bench, &owner, "ksnet").await.unwrap();
    assert_eq!((channel.key, matches), (key, 1));
    assert_eq!(channel.secrets["api_key"].expose(), "key");
});

on_both_databases!(of_several_of_a_code_v1_means_the_oldest_active_over_both_modes, |bench| async move {
    let owner = bench.an_owner().await;
    let paused = add_ksnet(&bench, &owner, "ks0001").await;
    bench.backend.pause_channel(&owner, paused).await.unwrap();
    let in_test = bench.add(&owner, shared_ksnet()).await;
    bench.clock.pass(Duration::SECOND);
    add_ksnet(&bench, &owner, "ks0002").await;
    let (channel, matches) = v1(&bench, &owner, "ksnet").await.unwrap();
    assert_eq!((channel.key, matches), (in_test, 2));
});

on_both_databases!(v1_finds_a_channel_by_code_and_mid, |bench| async move {
    let owner = bench.an_owner().await;
    add_ksnet(&bench, &owner, "ks0001").await;
    let second = add_ksnet(&bench, &owner, "ks0002").await;
    let (channel, matches) = v1(&bench, &owner, "ksnet.ks0002").await.unwrap();
    assert_eq!((channel.key, matches), (second, 1));
});

on_both_databases!(a_mid_may_have_dots_of_its_own, |bench| async move {
    let owner = bench.an_owner().await;
    let key = add_ksnet(&bench, &owner, "shop.example.com").await;
    assert_eq!(v1(&bench, &owner, "ksnet.shop.example.com").await.unwrap().0.key, key);
});

on_both_databases!(v1_can_ask_for_one_mode, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, shared_ksnet()).await;
    bench.clock.pass(Duration::SECOND);
    let key = add_ksnet(&bench, &owner, "ks0001").await;
    let query = ResolveV1 { pg: Some("ksnet".to_owned()), mode: Some(Mode::Live), ..ResolveV1::default() };
    let (channel, matches) = v1_with(&bench, &owner, query).await.unwrap();
    assert_eq!((channel.key, matches), (key, 1));
});

on_both_databases!(v1_means_a_payment_unless_it_says_identity, |bench| async move {
    let owner = bench.an_owner().await;
    let form = ChannelForm { shared_mid: "MIIiasTest".to_owned(), ..ChannelForm::default() };
    let key = bench.add(&owner, test("inicis_unified", form)).await;
    let code = "inicis_unified".to_owned();
    assert_eq!(v1(&bench, &owner, &code).await.unwrap_err(), Unresolved::NoChannelOfCode { code: code.clone() });
    let query = ResolveV1 { pg: Some(code), purpose: Some(Purpose::Identity), ..ResolveV1::default() };
    assert_eq!(v1_with(&bench, &owner, query).await.unwrap().0.key, key);
});

on_both_databases!(a_paused_channel_is_named_as_the_reason, |bench| async move {
    let owner = bench.an_owner().await;
    let key = add_ksnet(&bench, &owner, "ks0001").await;
    bench.backend.pause_channel(&owner, key).await.unwrap();
    for why in [v1(&bench, &owner, "ksnet").await, v1_by_key(&bench, &owner, key).await] {
        assert_eq!(why.unwrap_err(), Unresolved::Paused { key });
    }
    assert_eq!(v2(&bench, &owner, key).await.unwrap_err(), Unresolved::Paused { key });
});

on_both_databases!(a_deleted_channel_is_named_as_the_reason, |bench| async move {
    let owner = bench.an_owner().await;
    let key = add_ksnet(&bench, &owner, "ks0001").await;
    bench.backend.delete_channel(&owner, key).await.unwrap();
    for why in [v1(&bench, &owner, "ksnet.ks0001").await, v1_by_key(&bench, &owner, key).await] {
        assert_eq!(why.unwrap_err(), Unresolved::Deleted { key });
    }
    assert_eq!(v2(&bench, &owner, key).await.unwrap_err(), Unresolved::Deleted { key });
});

on_both_databases!(a_wrong_mid_is_answered_with_those_that_are_known, |bench| async move {
    let owner = bench.an_owner().await;
    add_ksnet(&bench, &owner, "ks0001").await;
    add_ksnet(&bench, &owner, "ks0002").await;
    let (code, mid) = ("ksnet".to_owned(), "wrong".to_owned());
    let known = vec!["ks0001".to_owned(), "ks0002".to_owned()];
    let why = v1(&bench, &owner, "ksnet.wrong").await.unwrap_err();
    assert_eq!(why, Unresolved::OtherMids { code, mid, known });
});

on_both_databases!(a_channel_of_the_other_mode_is_pointed_to, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, shared_ksnet()).await;
    let query = ResolveV1 { pg: Some("ksnet".to_owned()), mode: Some(Mode::Live), ..ResolveV1::default() };
    let why = v1_with(&bench, &owner, query).await.unwrap_err();
    assert_eq!(why, Unresolved::OtherMode { code: "ksnet".to_owned(), exists_in: Mode::Test });
});

on_both_databases!(a_code_without_a_channel_is_told_so, |bench| async move {
    let owner = bench.an_owner().await;
    for (pg, code) in [("ksnet", "ksnet"), ("ksnet.ks0001", "ksnet"), ("nobody", "nobody"), (".x", "")] {
        let code = code.to_owned();
        assert_eq!(v1(&bench, &owner, pg).await.unwrap_err(), Unresolved::NoChannelOfCode { code }, "{pg}");
    }
});

on_both_databases!(another_merchants_channel_is_unknown, |bench| async move {
    let owner = bench.an_owner().await;
    let key = add_ksnet(&bench, &owner, "ks0001").await;
    let stranger = bench.an_owner().await;
    assert_is!(v1(&bench, &stranger, "ksnet").await, Err(Unresolved::NoChannelOfCode { .. }));
    assert_is!(v1_by_key(&bench, &stranger, key).await, Err(Unresolved::ChannelUnknown));
    assert_is!(v2(&bench, &stranger, key).await, Err(Unresolved::ChannelUnknown));
});

on_both_databases!(an_unknown_imp_code_is_told_so, |bench| async move {
    for imp_code in ["imp00000000", "", "imp'--", "imp\0"] {
        let query = ResolveV1 { imp_code: imp_code.to_owned(), pg: Some("ksnet".to_owned()), ..ResolveV1::default() };
        assert_is!(bench.backend.resolve_v1(&query).await.unwrap(), Err(Unresolved::ImpCodeUnknown));
    }
});

on_both_databases!(there_is_no_default_channel, |bench| async move {
    let owner = bench.an_owner().await;
    add_ksnet(&bench, &owner, "ks0001").await;
    assert_is!(v1(&bench, &owner, "").await, Err(Unresolved::PgRequired));
    assert_is!(v1_with(&bench, &owner, ResolveV1::default()).await, Err(Unresolved::PgRequired));
});

on_both_databases!(v1_does_not_get_a_channel_of_v2_only, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, v2_only()).await;
    assert_eq!(v1_by_key(&bench, &owner, key).await.unwrap_err(), Unresolved::NotInV1 { key });
});

on_both_databases!(v2_finds_a_channel_by_store_and_key, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, v2_only()).await;
    assert_eq!(v2(&bench, &owner, key).await.unwrap().secrets["sign_key"].expose(), "key");
});

on_both_databases!(v2_does_not_get_a_channel_of_v1_only, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, v1_only()).await;
    assert_eq!(v2(&bench, &owner, key).await.unwrap_err(), Unresolved::NotInV2 { key });
});

on_both_databases!(an_unknown_store_is_told_so, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await.to_string();
    for store_id in ["store-00000000-0000-0000-0000-000000000000", "store-1", ""] {
        let query = ResolveV2 { store_id: store_id.to_owned(), channel_key: key.clone() };
        assert_is!(bench.backend.resolve_v2(&query).await.unwrap(), Err(Unresolved::StoreUnknown));
    }
});

on_both_databases!(a_key_that_is_none_is_unknown, |bench| async move {
    let owner = bench.an_owner().await;
    for channel_key in ["", "channel-key-1", "channel-key-00000000-0000-0000-0000-000000000000"] {
        let query = ResolveV2 { store_id: bench.store_id(&owner).await, channel_key: channel_key.to_owned() };
        assert_is!(bench.backend.resolve_v2(&query).await.unwrap(), Err(Unresolved::ChannelUnknown));
    }
});
