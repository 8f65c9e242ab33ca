//! 상점: sub-stores, what they may use, and who is limited to one.

use backend::{Actor, Error, ListQuery, NewChannel, ResolveV1, ResolveV2, TeamQuery};
use domain::{
    channel::view::VersionReason,
    form::ErrorCode,
    id::{ChannelKey, StoreId},
    member::Role,
    resolve::Unresolved,
    store::StoreForm,
    team::Standing,
};

use crate::support::{Bench, Typing as _, beside, ksnet, live, named, shared_ksnet};

fn form(name: &str, tier_code: &str) -> StoreForm {
    StoreForm { name: name.to_owned(), tier_code: tier_code.to_owned() }
}

async fn store(bench: &Bench, owner: &Actor, tier_code: &str) -> StoreId {
    bench.backend.add_store(owner, form(&format!("상점 {tier_code}"), tier_code)).await.unwrap()
}

async fn listed(bench: &Bench, actor: &Actor, store: Option<StoreId>) -> Vec<ChannelKey> {
    let query = ListQuery { store, ..ListQuery::default() };
    let mut keys: Vec<_> =
        bench.backend.list_channels(actor, query).await.unwrap().items.into_iter().map(|c| c.key).collect();
    keys.sort();
    keys
}

fn sorted(mut keys: Vec<ChannelKey>) -> Vec<ChannelKey> {
    keys.sort();
    keys
}

fn for_store(new: NewChannel, store: StoreId) -> NewChannel {
    NewChannel { store: store.to_string(), ..new }
}

on_both_databases!(a_sub_store_has_a_name_a_code_and_a_store_id_of_its_own, |bench| async move {
    let owner = bench.an_owner().await;
    let id = bench.backend.add_store(&owner, form("  강남   점 ", "GN1")).await.unwrap();
    let stores = bench.backend.list_stores(&owner, 1).await.unwrap();
    assert_eq!((stores.total, stores.items[0].is_primary), (2, true));
    let sub = &stores.items[1];
    assert_eq!((sub.id, sub.name.as_str(), sub.tier_code.as_deref()), (id, "강남 점", Some("GN1")));
    bench.backend.rename_store(&owner, id, "역삼점").await.unwrap();
    let renamed = &bench.backend.store_choices(&owner).await.unwrap()[1];
    assert_eq!((renamed.name.as_str(), renamed.tier_code.as_deref()), ("역삼점", Some("GN1")));
    for action in ["store.added", "store.renamed"] {
        assert_eq!(bench.trail_of(action).await, ["done"], "{action}");
    }
});

on_both_databases!(a_code_is_taken_within_a_merchant_and_free_in_another, |bench| async move {
    let owner = bench.an_owner().await;
    store(&bench, &owner, "GN1").await;
    let again = bench.backend.add_store(&owner, form("또", "GN1")).await;
    assert_eq!(beside("tier_code", again), Some(ErrorCode::TierTaken));
    let stranger = bench.an_owner().await;
    store(&bench, &stranger, "GN1").await;
});

on_both_databases!(of_16_stores_with_one_code_at_once_one_is_added, |bench| async move {
    let owner = bench.an_owner().await;
    let added = bench
        .at_once(16, |backend, _| {
            let owner = owner.clone();
            async move { backend.add_store(&owner, form("강남점", "GN1")).await }
        })
        .await;
    assert_eq!(added.iter().filter(|added| added.is_ok()).count(), 1, "{added:?}");
});

on_both_databases!(only_owners_and_admins_add_and_rename_stores, |bench| async move {
    let owner = bench.an_owner().await;
    let id = store(&bench, &owner, "GN1").await;
    for role in [Role::Admin, Role::Dev, Role::Manager, Role::Viewer] {
        let actor = bench.a_member(&owner, &format!("{}@example.com", role.as_str()), role.as_str()).await;
        let code = role.as_str()[..3].to_uppercase();
        let (added, renamed) = (
            bench.backend.add_store(&actor, form("점", &code)).await.is_ok(),
            bench.backend.rename_store(&actor, id, "점").await.is_ok(),
        );
        assert_eq!((added, renamed), (role == Role::Admin, role == Role::Admin), "{role:?}");
        assert!(bench.backend.list_stores(&actor, 1).await.is_ok());
    }
});

on_both_databases!(another_merchants_store_is_no_store, |bench| async move {
    let owner = bench.an_owner().await;
    let stranger = bench.an_owner().await;
    let theirs = store(&bench, &stranger, "GN1").await;
    assert_is!(bench.backend.rename_store(&owner, theirs, "점").await, Err(Error::NotFound));
    let added = bench.backend.add_channel(&owner, for_store(ksnet("하나"), theirs)).await;
    assert_eq!(beside("store", added), Some(ErrorCode::NotAChoice));
    let key = bench.add(&owner, ksnet("하나")).await;
    let given = bench.backend.assign_channel(&owner, key, &theirs.to_string()).await;
    assert_eq!(beside("store", given), Some(ErrorCode::NotAChoice));
    let query = ListQuery { store: Some(theirs), ..ListQuery::default() };
    assert_is!(bench.backend.list_channels(&owner, query).await, Err(Error::NotFound));
});

on_both_databases!(a_sub_store_uses_the_live_channels_given_to_it_and_every_test_channel, |bench| async move {
    let owner = bench.an_owner().await;
    let (one, two) = (store(&bench, &owner, "ONE").await, store(&bench, &owner, "TWO").await);
    let primary = bench.add(&owner, ksnet("대표")).await;
    let of_one = bench.add(&owner, for_store(ksnet("하나"), one)).await;
    let of_two = bench.add(&owner, for_store(ksnet("둘"), two)).await;
    let test = bench.add(&owner, shared_ksnet()).await;
    assert_eq!(listed(&bench, &owner, Some(one)).await, sorted(vec![of_one, test]));
    assert_eq!(listed(&bench, &owner, Some(two)).await, sorted(vec![of_two, test]));
    let all = sorted(vec![primary, of_one, of_two, test]);
    assert_eq!(listed(&bench, &owner, None).await, all);
    let primary_store = bench.store_id(&owner).await.parse().unwrap();
    assert_eq!(listed(&bench, &owner, Some(primary_store)).await, all);
});

on_both_databases!(a_channel_given_to_a_store_is_a_new_version_with_its_secrets, |bench| async move {
    let owner = bench.an_owner().await;
    let one = store(&bench, &owner, "ONE").await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let secrets = bench.secrets(key).await;
    bench.backend.assign_channel(&owner, key, &one.to_string()).await.unwrap();
    let channel = bench.backend.channel(&owner, key).await.unwrap();
    assert_eq!((channel.version, channel.store_id), (2, one));
    let history = bench.backend.channel_versions(&owner, key).await.unwrap();
    assert_eq!(history[0].reason, VersionReason::Assigned);
    assert_eq!(bench.secrets(key).await, secrets);
    let core = bench.core_channel(key, None).await.unwrap();
    assert_eq!((core.version, core.store_id), (2, one));
    assert_eq!(bench.event_kinds().await, ["CHANNEL_CREATED", "CHANNEL_ASSIGNED"]);
    assert_eq!(bench.trail_of("channel.assigned").await, ["done"]);
    let again = bench.backend.assign_channel(&owner, key, &one.to_string()).await;
    assert_is!(again, Err(Error::WrongStatus));
    bench.backend.assign_channel(&owner, key, "").await.unwrap();
    assert_eq!(bench.backend.channel(&owner, key).await.unwrap().store_id.to_string(), bench.store_id(&owner).await);
});

on_both_databases!(who_may_not_edit_may_not_give_away, |bench| async move {
    let owner = bench.an_owner().await;
    let one = store(&bench, &owner, "ONE").await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let viewer = bench.a_member(&owner, "kim@example.com", "viewer").await;
    assert_is!(bench.backend.assign_channel(&viewer, key, &one.to_string()).await, Err(Error::Forbidden));
    assert_eq!(bench.trail_of("channel.assigned").await, ["refused"]);
});

on_both_databases!(a_member_limited_to_a_store_finds_its_channels_only, |bench| async move {
    let owner = bench.an_owner().await;
    let (one, two) = (store(&bench, &owner, "ONE").await, store(&bench, &owner, "TWO").await);
    let (of_one, of_two) =
        (bench.add(&owner, for_store(ksnet("하나"), one)).await, bench.add(&owner, for_store(ksnet("둘"), two)).await);
    let test = bench.add(&owner, shared_ksnet()).await;
    let kim = bench.a_member_of(&owner, "kim@example.com", "manager", &one.to_string()).await;
    assert_eq!(listed(&bench, &kim, None).await, sorted(vec![of_one, test]));
    bench.backend.channel(&kim, of_one).await.unwrap();
    bench.backend.channel_versions(&kim, test).await.unwrap();
    assert_is!(bench.backend.channel(&kim, of_two).await, Err(Error::NotFound));
    assert_is!(bench.backend.channel_versions(&kim, of_two).await, Err(Error::NotFound));
    assert_is!(bench.edit(&kim, of_two, named("셋").mid("ks0001")).await, Err(Error::NotFound));
    assert_is!(bench.backend.pause_channel(&kim, of_two).await, Err(Error::NotFound));
    assert_is!(bench.backend.assign_channel(&kim, of_two, &one.to_string()).await, Err(Error::NotFound));
    let query = ListQuery { store: Some(two), ..ListQuery::default() };
    assert_is!(bench.backend.list_channels(&kim, query).await, Err(Error::NotFound));
    assert_eq!(bench.store_id(&kim).await, one.to_string());
    let stores = bench.backend.list_stores(&kim, 1).await.unwrap();
    assert_eq!(stores.items.iter().map(|s| s.id).collect::<Vec<_>>(), [one]);
});

on_both_databases!(a_limit_is_set_and_lifted_with_the_role, |bench| async move {
    let owner = bench.an_owner().await;
    let one = store(&bench, &owner, "ONE").await;
    let channel = bench.add(&owner, ksnet("대표")).await;
    bench.a_member(&owner, "kim@example.com", "viewer").await;
    let id = bench.member_id(&owner, "kim@example.com").await;
    let limited = Standing { role: Role::Viewer, store: Some(one) };
    bench.backend.change_role(&owner, id, limited).await.unwrap();
    let kim = bench.actor_of("kim@example.com").await;
    assert_is!(bench.backend.channel(&kim, channel).await, Err(Error::NotFound));
    let line = &bench.backend.team(&owner, TeamQuery { search: "kim".into(), page: 1 }).await.unwrap().items[0];
    assert_eq!(line.store, Some((one, "상점 ONE".to_owned())));
    bench.backend.change_role(&owner, id, Standing { role: Role::Dev, store: None }).await.unwrap();
    let kim = bench.actor_of("kim@example.com").await;
    bench.backend.channel(&kim, channel).await.unwrap();
});

on_both_databases!(nobody_is_limited_to_the_primary_store_or_anothers, |bench| async move {
    let owner = bench.an_owner().await;
    let stranger = bench.an_owner().await;
    let theirs = store(&bench, &stranger, "ONE").await.to_string();
    for store in [bench.store_id(&owner).await, theirs] {
        let form = domain::team::InviteForm { store, ..crate::support::invite_form("kim@example.com", "viewer") };
        let refused = bench.backend.invite(&owner, form, bench.somebody()).await;
        assert_eq!(beside("store", refused), Some(ErrorCode::NotAChoice));
    }
});

on_both_databases!(v1_with_a_tier_means_what_that_sub_store_may_use, |bench| async move {
    let owner = bench.an_owner().await;
    let one = store(&bench, &owner, "ONE").await;
    let new = |name: &str, mid: &str| live("ksnet", named(name).mid(mid).field("api_key", "key"));
    let primary = bench.add(&owner, new("대표", "ks0001")).await;
    bench.clock.pass(time::Duration::SECOND);
    let of_one = bench.add(&owner, for_store(new("하나", "ks0002"), one)).await;
    let imp_code = bench.imp_code(&owner).await;
    let ask = async |tier: Option<&str>, key: Option<ChannelKey>| {
        let query = ResolveV1 {
            imp_code: imp_code.clone(),
            channel_key: key.map(|key| key.to_string()),
            pg: Some("ksnet".to_owned()),
            tier: tier.map(str::to_owned),
            ..ResolveV1::default()
        };
        bench
            .backend
            .resolve_v1(bench.core().await, &query)
            .await
            .unwrap()
            .map(|(channel, matches)| (channel.key, matches))
    };
    assert_eq!(ask(None, None).await, Ok((primary, 2)));
    assert_eq!(ask(Some("ONE"), None).await, Ok((of_one, 1)));
    assert_eq!(ask(Some("ONE"), Some(of_one)).await, Ok((of_one, 1)));
    assert_eq!(ask(Some("ONE"), Some(primary)).await, Err(Unresolved::OtherStore { what: primary.to_string() }));
    for unknown in ["TWO", "one", "", "ONE'"] {
        let given = unknown.to_owned();
        assert_eq!(ask(Some(unknown), None).await, Err(Unresolved::TierUnknown { given }), "{unknown}");
    }
});

on_both_databases!(v2_by_a_sub_store_means_what_that_sub_store_may_use, |bench| async move {
    let owner = bench.an_owner().await;
    let one = store(&bench, &owner, "ONE").await;
    let primary = bench.add(&owner, ksnet("대표")).await;
    let of_one = bench.add(&owner, for_store(ksnet("하나"), one)).await;
    let test = bench.add(&owner, shared_ksnet()).await;
    let ask = async |store: String, key: ChannelKey| {
        let query = ResolveV2 { store_id: store, channel_key: key.to_string() };
        bench.backend.resolve_v2(bench.core().await, &query).await.unwrap().map(|channel| channel.key)
    };
    let primary_store = bench.store_id(&owner).await;
    assert_eq!(ask(one.to_string(), of_one).await, Ok(of_one));
    assert_eq!(ask(one.to_string(), test).await, Ok(test));
    assert_eq!(ask(one.to_string(), primary).await, Err(Unresolved::OtherStore { what: primary.to_string() }));
    assert_eq!(ask(primary_store, of_one).await, Ok(of_one));
});
