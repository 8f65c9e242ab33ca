//! A channel's name is one channel's, per merchant and mode.

use backend::Error;
use domain::form::ErrorCode;

use crate::support::{Typing as _, beside, ksnet, live, named, test};

on_both_databases!(a_taken_name_is_refused_beside_the_name, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("하나")).await;
    assert_eq!(beside("name", bench.backend.add_channel(&owner, ksnet("하나")).await), Some(ErrorCode::NameTaken));
});

on_both_databases!(a_name_can_be_used_in_both_modes, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("하나")).await;
    bench.add(&owner, test("ksnet", ksnet("하나").form)).await;
});

on_both_databases!(two_merchants_can_use_one_name, |bench| async move {
    for _ in 0..2 {
        let owner = bench.an_owner().await;
        bench.add(&owner, ksnet("하나")).await;
    }
});

on_both_databases!(a_name_that_differs_only_to_a_machine_is_taken, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("KCP 한글")).await;
    let decomposed = "KCP \u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}";
    for same in ["kcp 한글", "ＫＣＰ 한글", "  KCP   한글 ", decomposed] {
        let again = bench.backend.add_channel(&owner, ksnet(same)).await;
        assert_eq!(beside("name", again), Some(ErrorCode::NameTaken), "{same:?}");
    }
});

on_both_databases!(renaming_onto_a_taken_name_is_refused_beside_the_name, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("하나")).await;
    let key = bench.add(&owner, ksnet("둘")).await;
    let renamed = bench.edit(&owner, key, named("하나").mid("ks0001")).await;
    assert_eq!(beside("name", renamed), Some(ErrorCode::NameTaken));
});

on_both_databases!(a_channel_may_change_the_case_of_its_own_name, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("kcp")).await;
    bench.edit(&owner, key, named("KCP").mid("ks0001")).await.unwrap();
});

on_both_databases!(of_clicks_at_once_with_one_name_one_gets_it, |bench| async move {
    let owner = bench.an_owner().await;
    let added = bench
        .at_once(8, |backend, _| {
            let owner = owner.clone();
            async move { backend.add_channel(&owner, ksnet("하나")).await }
        })
        .await;
    let (got, refused): (Vec<_>, Vec<_>) = added.into_iter().partition(Result::is_ok);
    assert_eq!(got.len(), 1);
    for other in refused {
        assert_eq!(beside("name", other), Some(ErrorCode::NameTaken));
    }
});

on_both_databases!(of_channels_renamed_at_once_to_one_name_one_gets_it, |bench| async move {
    let owner = bench.an_owner().await;
    let mut keys = Vec::new();
    for number in 0..6 {
        keys.push(bench.add(&owner, ksnet(&format!("이름 {number}"))).await);
    }
    let renamed = bench
        .at_once(6, |backend, index| {
            let (owner, key) = (owner.clone(), keys[index]);
            let change = backend::Change { seen_version: 1, form: named("하나").mid("ks0001") };
            async move { backend.edit_channel(&owner, key, change).await }
        })
        .await;
    let (got, refused): (Vec<_>, Vec<_>) = renamed.into_iter().partition(Result::is_ok);
    assert_eq!(got.len(), 1);
    for other in refused {
        assert_eq!(beside("name", other), Some(ErrorCode::NameTaken));
    }
});

on_both_databases!(a_deleted_channel_gives_its_name_back, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.backend.delete_channel(&owner, key).await.unwrap();
    bench.add(&owner, ksnet("하나")).await;
});

on_both_databases!(a_channel_is_not_restored_onto_a_taken_name, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.backend.delete_channel(&owner, key).await.unwrap();
    bench.add(&owner, live("ksnet", named("하나").mid("ks0002").field("api_key", "x"))).await;
    assert_is!(bench.backend.restore_channel(&owner, key).await, Err(Error::NameTaken));
});
