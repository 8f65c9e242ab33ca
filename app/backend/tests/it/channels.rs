//! 채널 추가, 수정, 중지, 삭제 and 목록.

use std::collections::BTreeSet;

use backend::{Change, Error, ListQuery};
use domain::{
    channel::{
        ChannelForm, Credentials, Mode, Status, WarningCode,
        view::{FieldState, VersionReason},
    },
    form::ErrorCode,
    id::ChannelKey,
    member::Role,
};
use time::Duration;

use crate::support::{Bench, Typing as _, beside, ksnet, live, named, of_one_click, shared_ksnet, test};

async fn found(bench: &Bench, actor: &backend::Actor, search: &str) -> Vec<String> {
    let query = ListQuery { search: search.to_owned(), ..ListQuery::default() };
    let page = bench.backend.list_channels(actor, query).await.unwrap();
    page.items.into_iter().map(|item| item.name).collect()
}

// Adding.

on_both_databases!(a_channel_shows_what_was_typed_except_its_secrets, |bench| async move {
    let owner = bench.an_owner().await;
    let form = named("스마트로 정기").mid("smt0001m").using("recurring");
    let form = form.field("merchant_key", "MERCHANT-KEY==").field("cancel_password", "123456");
    let key = bench.add(&owner, live("smartro_v2", form.field("ssp_mall_id", "smt0001p"))).await;

    let shown = bench.backend.channel(&owner, key).await.unwrap();

    assert_eq!((shown.summary.name.as_str(), shown.summary.mid.as_str()), ("스마트로 정기", "smt0001m"));
    assert_eq!((shown.summary.mode, shown.summary.status, shown.version), (Mode::Live, Status::Active, 1));
    let state = |key: &str| &shown.fields.iter().find(|f| f.key.as_str() == key).unwrap().state;
    assert_eq!(*state("ssp_mall_id"), FieldState::Value { value: "smt0001p".to_owned() });
    let set = FieldState::Set { at: shown.summary.created_at, fingerprint: None, made_with: None };
    assert_eq!([state("merchant_key"), state("cancel_password"), state("api_key")], [&set, &set, &FieldState::Unset]);
});

on_both_databases!(a_shared_test_mid_needs_nothing_else_typed, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, shared_ksnet()).await;
    let shown = bench.backend.channel(&owner, key).await.unwrap();
    assert_eq!(shown.summary.name, "KSNET 결제창 방식 일반 단건 결제");
    assert_eq!(shown.credentials, Credentials::SharedTest);
});

on_both_databases!(a_suggested_name_that_is_taken_gets_a_number, |bench| async move {
    let owner = bench.an_owner().await;
    for _ in 0..3 {
        bench.add(&owner, shared_ksnet()).await;
    }
    let names: BTreeSet<String> = found(&bench, &owner, "").await.into_iter().collect();
    let expected = ["", " 2", " 3"].map(|number| format!("KSNET 결제창 방식 일반 단건 결제{number}"));
    assert_eq!(names, BTreeSet::from(expected));
});

on_both_databases!(clicks_at_once_on_a_shared_test_mid_each_get_a_name, |bench| async move {
    let owner = bench.an_owner().await;
    let added = bench
        .at_once(6, |backend, _| {
            let owner = owner.clone();
            async move { backend.add_channel(&owner, shared_ksnet()).await }
        })
        .await;
    assert!(added.iter().all(Result::is_ok), "{added:?}");
    assert_eq!(bench.count("channels").await, 6);
});

on_both_databases!(a_second_channel_with_a_mid_is_warned_about, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("하나")).await;
    let second = bench.backend.add_channel(&owner, ksnet("둘")).await.unwrap();
    let codes: Vec<_> = second.warnings.into_iter().map(|w| w.code).collect();
    assert_eq!(codes, [WarningCode::DuplicateMid]);
});

on_both_databases!(a_module_of_another_provider_is_refused, |bench| async move {
    let owner = bench.an_owner().await;
    let new = backend::NewChannel { provider: "inicis".to_owned(), ..ksnet("하나") };
    assert_eq!(beside("module", bench.backend.add_channel(&owner, new).await), Some(ErrorCode::ModuleNotOfProvider));
});

// The same request again.

on_both_databases!(a_double_click_adds_one_channel, |bench| async move {
    let owner = bench.an_owner().await;
    let first = bench.add(&owner, of_one_click(ksnet("하나"), "click-0000000001")).await;
    let again = bench.add(&owner, of_one_click(ksnet("하나"), "click-0000000001")).await;
    assert_eq!((first, bench.count("channels").await), (again, 1));
});

on_both_databases!(the_same_click_with_another_form_is_refused, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, of_one_click(ksnet("하나"), "click-0000000001")).await;
    let other = bench.backend.add_channel(&owner, of_one_click(ksnet("둘"), "click-0000000001")).await;
    assert_is!(other, Err(Error::IdempotencyKeyReused));
});

on_both_databases!(another_merchants_click_is_another_click, |bench| async move {
    for _ in 0..2 {
        let owner = bench.an_owner().await;
        bench.add(&owner, of_one_click(ksnet("하나"), "click-0000000001")).await;
    }
    assert_eq!(bench.count("channels").await, 2);
});

on_both_databases!(sixteen_clicks_at_once_add_one_channel, |bench| async move {
    let owner = bench.an_owner().await;
    let added = bench
        .at_once(16, |backend, _| {
            let owner = owner.clone();
            async move { backend.add_channel(&owner, of_one_click(ksnet("하나"), "click-0000000001")).await }
        })
        .await;
    let keys: BTreeSet<ChannelKey> = added.into_iter().map(|created| created.unwrap().key).collect();
    assert_eq!((keys.len(), bench.count("channels").await), (1, 1));
});

on_both_databases!(a_click_is_remembered_for_a_day, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, of_one_click(ksnet("하나"), "click-0000000001")).await;
    bench.clock.pass(Duration::hours(24));
    bench.backend.sweep().await.unwrap();
    assert_eq!(bench.count("idempotency_keys").await, 0);
});

// Editing.

on_both_databases!(an_edit_appends_a_version, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.edit(&owner, key, named("둘").mid("ks0001")).await.unwrap();
    let history = bench.backend.channel_versions(&owner, key).await.unwrap();
    let told: Vec<_> = history.iter().map(|v| (v.version, v.reason, v.name.as_str())).collect();
    assert_eq!(told, [(2, VersionReason::Edited, "둘"), (1, VersionReason::Added, "하나")]);
});

on_both_databases!(an_edit_of_an_older_version_is_told_so, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.edit(&owner, key, named("둘").mid("ks0001")).await.unwrap();
    let late = Change { seen_version: 1, form: named("셋").mid("ks0001") };
    assert_is!(bench.backend.edit_channel(&owner, key, late).await, Err(Error::Stale));
});

on_both_databases!(of_20_edits_of_one_version_one_wins, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let edits = bench
        .at_once(20, |backend, index| {
            let owner = owner.clone();
            let change = Change { seen_version: 1, form: named(&format!("이름 {index}")).mid("ks0001") };
            async move { backend.edit_channel(&owner, key, change).await }
        })
        .await;
    assert_eq!(edits.iter().filter(|edit| edit.is_ok()).count(), 1, "{edits:?}");
    assert!(edits.iter().all(|edit| matches!(edit, Ok(_) | Err(Error::Stale))), "{edits:?}");
    assert_eq!(bench.count("channel_versions").await, 2);
});

on_both_databases!(clearing_the_name_of_a_shared_test_channel_suggests_one_that_is_free, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, shared_ksnet()).await;
    let mut new = shared_ksnet();
    "이름 있음".clone_into(&mut new.form.name);
    let key = bench.add(&owner, new).await;
    bench.edit(&owner, key, shared_ksnet().form).await.unwrap();
    let name = bench.backend.channel(&owner, key).await.unwrap().summary.name;
    assert_eq!(name, "KSNET 결제창 방식 일반 단건 결제 2");
});

// Whose it is.

on_both_databases!(another_merchants_channel_is_not_found, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let stranger = bench.an_owner().await;
    let backend = &bench.backend;
    assert_is!(backend.channel(&stranger, key).await, Err(Error::NotFound));
    assert_is!(backend.channel_versions(&stranger, key).await, Err(Error::NotFound));
    let change = Change { seen_version: 1, form: named("둘").mid("ks0001") };
    assert_is!(backend.edit_channel(&stranger, key, change).await, Err(Error::NotFound));
    assert_is!(backend.pause_channel(&stranger, key).await, Err(Error::NotFound));
    assert_is!(backend.resume_channel(&stranger, key).await, Err(Error::NotFound));
    assert_is!(backend.delete_channel(&stranger, key).await, Err(Error::NotFound));
    assert_is!(backend.restore_channel(&stranger, key).await, Err(Error::NotFound));
    assert_eq!(backend.channel(&owner, key).await.unwrap().version, 1);
});

on_both_databases!(another_merchants_channels_are_not_listed, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("하나")).await;
    let stranger = bench.an_owner().await;
    assert!(found(&bench, &stranger, "").await.is_empty());
});

on_both_databases!(a_viewer_looks_and_changes_nothing, |bench| async move {
    let owner = bench.an_owner_called("viewer@example.com").await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.sql("UPDATE members SET role = 'viewer'").await;
    let viewer = bench.actor_of("viewer@example.com").await;
    let backend = &bench.backend;
    assert_eq!((viewer.role(), backend.channel(&viewer, key).await.unwrap().version), (Some(Role::Viewer), 1));
    assert_is!(backend.add_channel(&viewer, ksnet("둘")).await, Err(Error::Forbidden));
    let change = Change { seen_version: 1, form: named("둘").mid("ks0001") };
    assert_is!(backend.edit_channel(&viewer, key, change).await, Err(Error::Forbidden));
    assert_is!(backend.pause_channel(&viewer, key).await, Err(Error::Forbidden));
    assert_is!(backend.resume_channel(&viewer, key).await, Err(Error::Forbidden));
    assert_is!(backend.delete_channel(&viewer, key).await, Err(Error::Forbidden));
    assert_is!(backend.restore_channel(&viewer, key).await, Err(Error::Forbidden));
});

// Pausing, deleting, restoring.

on_both_databases!(every_move_appends_a_version_that_the_core_still_reads, |bench| async move {
    use VersionReason::{Added, Deleted, Paused, Restored, Resumed};
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let backend = &bench.backend;
    backend.pause_channel(&owner, key).await.unwrap();
    backend.resume_channel(&owner, key).await.unwrap();
    backend.delete_channel(&owner, key).await.unwrap();
    backend.restore_channel(&owner, key).await.unwrap();

    let history = backend.channel_versions(&owner, key).await.unwrap();

    let (reasons, statuses): (Vec<_>, Vec<_>) = history.into_iter().rev().map(|v| (v.reason, v.status)).unzip();
    assert_eq!(reasons, [Added, Paused, Resumed, Deleted, Restored]);
    let mut read = Vec::new();
    for version in 1..=5 {
        let channel = bench.core_channel(key, Some(version)).await.unwrap();
        assert_eq!(channel.secrets["api_key"].expose(), "ksnet-api-key");
        read.push(channel.status);
    }
    assert_eq!(read, statuses);
    assert_eq!(read, [Status::Active, Status::Paused, Status::Active, Status::Archived, Status::Active]);
});

on_both_databases!(a_paused_channel_that_is_deleted_and_restored_is_still_paused, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.backend.pause_channel(&owner, key).await.unwrap();
    bench.backend.delete_channel(&owner, key).await.unwrap();
    bench.backend.restore_channel(&owner, key).await.unwrap();
    assert_eq!(bench.core_channel(key, None).await.unwrap().status, Status::Paused);
});

on_both_databases!(what_does_not_fit_the_status_is_told_so, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    assert_is!(bench.backend.resume_channel(&owner, key).await, Err(Error::WrongStatus));
    assert_is!(bench.backend.restore_channel(&owner, key).await, Err(Error::WrongStatus));
    bench.backend.delete_channel(&owner, key).await.unwrap();
    assert_is!(bench.backend.delete_channel(&owner, key).await, Err(Error::WrongStatus));
    assert_is!(bench.edit(&owner, key, named("둘").mid("ks0001")).await, Err(Error::NotFound));
});

on_both_databases!(a_deleted_channel_is_off_the_list_and_can_be_undone_for_30_days, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.backend.delete_channel(&owner, key).await.unwrap();
    assert!(found(&bench, &owner, "").await.is_empty());
    bench.clock.pass(Duration::days(30));
    bench.backend.restore_channel(&owner, key).await.unwrap();
    assert_eq!(found(&bench, &owner, "").await, ["하나"]);
});

on_both_databases!(after_30_days_a_deletion_stays, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.backend.delete_channel(&owner, key).await.unwrap();
    bench.clock.pass(Duration::days(30) + Duration::SECOND);
    assert_is!(bench.backend.restore_channel(&owner, key).await, Err(Error::NotFound));
    assert_is!(bench.backend.channel(&owner, key).await, Err(Error::NotFound));
    assert_eq!(bench.core_channel(key, None).await.unwrap().status, Status::Archived, "refunds need it");
});

// The list.

on_both_databases!(the_list_has_pages_of_20_newest_first, |bench| async move {
    let owner = bench.an_owner().await;
    for number in 1..=45 {
        bench.add(&owner, ksnet(&format!("채널 {number}"))).await;
        bench.clock.pass(Duration::SECOND);
    }
    let mut listed = Vec::new();
    for page in 1..=3 {
        let query = ListQuery { page, ..ListQuery::default() };
        let page = bench.backend.list_channels(&owner, query).await.unwrap();
        assert_eq!((page.total, page.pages), (45, 3));
        listed.push(page.items.into_iter().map(|item| item.name).collect::<Vec<_>>());
    }
    assert_eq!(listed.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 5]);
    let expected: Vec<_> = (1..=45).rev().map(|number| format!("채널 {number}")).collect();
    assert_eq!(listed.concat(), expected);
});

on_both_databases!(a_page_beyond_the_last_is_the_last, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("하나")).await;
    for page in [0, 9, u64::MAX] {
        let query = ListQuery { page, ..ListQuery::default() };
        assert_eq!(bench.backend.list_channels(&owner, query).await.unwrap().page, 1);
    }
});

on_both_databases!(the_list_can_show_one_mode, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("하나")).await;
    bench.add(&owner, shared_ksnet()).await;
    let query = ListQuery { mode: Some(Mode::Live), ..ListQuery::default() };
    assert_eq!(bench.backend.list_channels(&owner, query).await.unwrap().total, 1);
});

on_both_databases!(a_search_finds_name_mid_and_provider, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("정기 ABC")).await;
    let inicis = named("다른 이름").mid("MOItest001").field("sign_key", "x");
    bench.add(&owner, live("inicis_v2", inicis)).await;
    for (search, expected) in [
        ("정기", "정기 ABC"),
        ("abc", "정기 ABC"),
        ("KS00", "정기 ABC"),
        ("ksnet", "정기 ABC"),
        (" moiTEST ", "다른 이름"),
        ("이니시스", "다른 이름"),
        ("kg inicis", "다른 이름"),
    ] {
        assert_eq!(found(&bench, &owner, search).await, [expected], "{search}");
    }
});

on_both_databases!(a_search_takes_every_sign_as_it_is, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, live("ksnet", named("a_b").mid("50%off").field("api_key", "x"))).await;
    bench.add(&owner, live("ksnet", named("axb").mid("back\\slash").field("api_key", "x"))).await;
    for (search, expected) in [("a_b", "a_b"), ("%", "a_b"), ("_", "a_b"), ("\\", "axb"), ("axb\0", "axb")] {
        assert_eq!(found(&bench, &owner, search).await, [expected], "{search}");
    }
    for search in ["'", "\"", ";--", "😀"] {
        assert!(found(&bench, &owner, search).await.is_empty(), "{search:?}");
    }
});

on_both_databases!(one_can_change_from_ones_own_mid_to_a_shared_one_in_test, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, test("ksnet", named("하나").mid("mine01").field("api_key", "key"))).await;
    let shared = ChannelForm { shared_mid: "2999199999".to_owned(), ..named("하나") };
    bench.edit(&owner, key, shared).await.unwrap();
    let read = bench.core_channel(key, None).await.unwrap();
    assert_eq!((read.credentials, read.secrets.len()), (Credentials::SharedTest, 0));
});
