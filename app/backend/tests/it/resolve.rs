//! Which channel a new payment means, and why none.

use std::sync::Arc;

use backend::{Actor, CoreChannel, ResolveV1, ResolveV2};
use domain::{
    catalogue::Generation,
    channel::{ChannelForm, Mode, Purpose},
    id::{ChannelKey, OwnKind},
    resolve::{Mistaken, Unresolved},
};
use time::Duration;

use crate::support::{Bench, Typing as _, ksnet, live, named, shared_ksnet, test};

async fn v1(bench: &Bench, owner: &Actor, pg: &str) -> Result<(Arc<CoreChannel>, usize), Unresolved> {
    v1_with(bench, owner, ResolveV1 { pg: Some(pg.to_owned()), ..ResolveV1::default() }).await
}

async fn v1_with(bench: &Bench, owner: &Actor, query: ResolveV1) -> Result<(Arc<CoreChannel>, usize), Unresolved> {
    let query = ResolveV1 { imp_code: bench.imp_code(owner).await, ..query };
    bench.backend.resolve_v1(bench.core().await, &query).await.unwrap()
}

async fn v1_by_key(bench: &Bench, owner: &Actor, key: ChannelKey) -> Result<(Arc<CoreChannel>, usize), Unresolved> {
    v1_with(bench, owner, ResolveV1 { channel_key: Some(key.to_string()), ..ResolveV1::default() }).await
}

async fn v2(bench: &Bench, owner: &Actor, key: ChannelKey) -> Result<Arc<CoreChannel>, Unresolved> {
    let query = ResolveV2 { store_id: bench.store_id(owner).await, channel_key: key.to_string() };
    bench.backend.resolve_v2(bench.core().await, &query).await.unwrap()
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
    let exists_for = Purpose::Identity;
    let what = format!("`{code}`");
    assert_eq!(v1(&bench, &owner, &code).await.unwrap_err(), Unresolved::OtherPurpose { what, exists_for });
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
    assert_eq!(why, Unresolved::OtherMode { what: "`ksnet`".to_owned(), exists_in: Mode::Test });
});

on_both_databases!(a_code_without_a_channel_is_told_so, |bench| async move {
    let owner = bench.an_owner().await;
    for pg in ["ksnet", "ksnet.ks0001"] {
        let why = v1(&bench, &owner, pg).await.unwrap_err();
        assert_eq!(why, Unresolved::NoChannelOfCode { code: "ksnet".to_owned(), known: Vec::new() }, "{pg}");
    }
});

on_both_databases!(what_is_no_code_is_answered_with_the_codes_that_may_be_meant, |bench| async move {
    let owner = bench.an_owner().await;
    for (pg, code, perhaps) in [
        ("nobody", "nobody", &[][..]),
        (".x", "", &[]),
        ("KSNET", "KSNET", &["ksnet"]),
        ("INICIS.INIpayTest", "INICIS", &["html5_inicis", "inicis_unified", "inicis"]),
    ] {
        let Err(Unresolved::CodeUnknown { code: found, perhaps: codes }) = v1(&bench, &owner, pg).await else {
            panic!("{pg} is a code");
        };
        assert_eq!(found, code);
        assert!(perhaps.iter().all(|one| codes.iter().any(|code| code == one)) || perhaps.len() > 1, "{pg}: {codes:?}");
        assert_eq!(perhaps.is_empty(), codes.is_empty(), "{pg}: {codes:?}");
    }
});

on_both_databases!(another_merchants_channel_is_unknown, |bench| async move {
    let owner = bench.an_owner().await;
    let key = add_ksnet(&bench, &owner, "ks0001").await;
    let stranger = bench.an_owner().await;
    assert_is!(v1(&bench, &stranger, "ksnet").await, Err(Unresolved::NoChannelOfCode { .. }));
    assert_is!(v1_by_key(&bench, &stranger, key).await, Err(Unresolved::ChannelUnknown { is: Mistaken::Unknown, .. }));
    assert_is!(v2(&bench, &stranger, key).await, Err(Unresolved::ChannelUnknown { is: Mistaken::Unknown, .. }));
});

on_both_databases!(an_unknown_imp_code_is_told_so, |bench| async move {
    for (imp_code, expected) in [
        ("imp00000000", Mistaken::Unknown),
        ("", Mistaken::Empty),
        ("imp'--", Mistaken::Malformed),
        ("imp\0", Mistaken::Malformed),
    ] {
        let query = ResolveV1 { imp_code: imp_code.to_owned(), pg: Some("ksnet".to_owned()), ..ResolveV1::default() };
        let why = bench.backend.resolve_v1(bench.core().await, &query).await.unwrap().unwrap_err();
        assert_eq!(why, Unresolved::ImpCodeUnknown { given: imp_code.to_owned(), is: expected });
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
    let imp_code = bench.imp_code(&owner).await;
    for (store_id, expected) in [
        ("store-00000000-0000-0000-0000-000000000000", Mistaken::Unknown),
        ("store-1", Mistaken::Malformed),
        ("", Mistaken::Empty),
        (&imp_code, Mistaken::Own(OwnKind::ImpCode)),
    ] {
        let query = ResolveV2 { store_id: store_id.to_owned(), channel_key: key.clone() };
        let why = bench.backend.resolve_v2(bench.core().await, &query).await.unwrap().unwrap_err();
        assert_eq!(why, Unresolved::StoreUnknown { given: store_id.to_owned(), is: expected });
    }
});

on_both_databases!(a_key_that_is_none_is_unknown, |bench| async move {
    let owner = bench.an_owner().await;
    for (channel_key, expected) in [
        ("", Mistaken::Empty),
        ("channel-key-1", Mistaken::Malformed),
        ("channel-key-00000000-0000-0000-0000-000000000000", Mistaken::Unknown),
        ("2999199999", Mistaken::MidOf("KSNET".to_owned())),
    ] {
        let query = ResolveV2 { store_id: bench.store_id(&owner).await, channel_key: channel_key.to_owned() };
        let why = bench.backend.resolve_v2(bench.core().await, &query).await.unwrap().unwrap_err();
        assert_eq!(why, Unresolved::ChannelUnknown { given: channel_key.to_owned(), is: expected });
    }
});

on_both_databases!(a_key_asked_for_in_the_other_mode_or_purpose_is_told_so, |bench| async move {
    let owner = bench.an_owner().await;
    let key = add_ksnet(&bench, &owner, "ks0001").await;
    let ask = ResolveV1 { channel_key: Some(key.to_string()), ..ResolveV1::default() };
    let in_test = v1_with(&bench, &owner, ResolveV1 { mode: Some(Mode::Test), ..ask.clone() }).await;
    assert_is!(in_test, Err(Unresolved::OtherMode { exists_in: Mode::Live, .. }));
    let identity = v1_with(&bench, &owner, ResolveV1 { purpose: Some(Purpose::Identity), ..ask }).await;
    assert_is!(identity, Err(Unresolved::OtherPurpose { exists_for: Purpose::Payment, .. }));
});

// What people asked in public threads (pg-catalogue-notes, section 5, by number).

on_both_databases!(thread_1_no_pg_setting_is_one_of_four_things, |bench| async move {
    let owner = bench.an_owner().await;
    add_ksnet(&bench, &owner, "ks0001").await;
    // "등록된 PG 설정 정보가 없습니다": no channel for that pg,
    let why = v1(&bench, &owner, "html5_inicis").await.unwrap_err();
    let (code, known) = ("html5_inicis".to_owned(), vec!["ksnet".to_owned()]);
    assert_eq!(why, Unresolved::NoChannelOfCode { code, known });
    // the wrong MID after the dot,
    assert_is!(v1(&bench, &owner, "ksnet.2999199999").await, Err(Unresolved::OtherMids { .. }));
    // the wrong 식별코드,
    let query = ResolveV1 { imp_code: "imp00000000".into(), pg: Some("ksnet".into()), ..ResolveV1::default() };
    let wrong = bench.backend.resolve_v1(bench.core().await, &query).await.unwrap();
    assert_is!(wrong, Err(Unresolved::ImpCodeUnknown { is: Mistaken::Unknown, .. }));
    // or a channel of the other mode only.
    let query = ResolveV1 { pg: Some("ksnet.ks0001".to_owned()), mode: Some(Mode::Test), ..ResolveV1::default() };
    let why = v1_with(&bench, &owner, query).await.unwrap_err();
    assert_eq!(why, Unresolved::OtherMode { what: "`ksnet`".to_owned(), exists_in: Mode::Live });
});

on_both_databases!(thread_2_not_found_pg_nice_names_the_channels_that_there_are, |bench| async move {
    let owner = bench.an_owner().await;
    add_ksnet(&bench, &owner, "ks0001").await;
    let (code, known) = ("nice".to_owned(), vec!["ksnet".to_owned()]);
    assert_eq!(v1(&bench, &owner, "nice").await.unwrap_err(), Unresolved::NoChannelOfCode { code, known });
});

on_both_databases!(thread_3_a_wrong_or_empty_user_code_or_store_id_is_called_that, |bench| async move {
    let owner = bench.an_owner().await;
    let (imp_code, store) = (bench.imp_code(&owner).await, bench.store_id(&owner).await);
    let by_imp_code = async |given: &str| {
        let query = ResolveV1 { imp_code: given.to_owned(), pg: Some("ksnet".to_owned()), ..ResolveV1::default() };
        bench.backend.resolve_v1(bench.core().await, &query).await.unwrap().unwrap_err()
    };
    assert_is!(by_imp_code("").await, Unresolved::ImpCodeUnknown { is: Mistaken::Empty, .. });
    assert_is!(by_imp_code(&store).await, Unresolved::ImpCodeUnknown { is: Mistaken::Own(OwnKind::StoreId), .. });
    let query = ResolveV2 { store_id: imp_code, channel_key: String::new() };
    let why = bench.backend.resolve_v2(bench.core().await, &query).await.unwrap();
    assert_is!(why, Err(Unresolved::StoreUnknown { is: Mistaken::Own(OwnKind::ImpCode), .. }));
});

on_both_databases!(thread_4_the_old_module_was_added_while_the_code_asks_for_the_new_one, |bench| async move {
    let owner = bench.an_owner().await;
    let old = bench.backend.catalogue().module("uplus").unwrap().1;
    let mid = old.test_mids.first().map(|test| test.mid.clone()).expect("a shared test MID");
    bench.add(&owner, test("uplus", ChannelForm { shared_mid: mid, ..ChannelForm::default() })).await;
    let why = v1(&bench, &owner, "tosspayments").await.unwrap_err();
    let Unresolved::OtherModule { code, has, asked, added } = why else { panic!("{why:?}") };
    assert_eq!((code.as_str(), has.as_deref()), ("tosspayments", Some("uplus")));
    assert_eq!((asked, added), (Some(Generation::New), Some(Generation::Old)));
});

on_both_databases!(thread_5_a_mid_where_the_user_code_belongs_is_recognised, |bench| async move {
    for mid in ["2999199999", "INIpayTest"] {
        let query = ResolveV1 { imp_code: mid.to_owned(), pg: Some("ksnet".to_owned()), ..ResolveV1::default() };
        let why = bench.backend.resolve_v1(bench.core().await, &query).await.unwrap().unwrap_err();
        assert_is!(why, Unresolved::ImpCodeUnknown { is: Mistaken::MidOf(_), .. });
    }
});
