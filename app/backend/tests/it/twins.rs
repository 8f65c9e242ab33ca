//! 테스트 │ 실연동: pairs of channels, and what a live one still needs.

use std::time::Duration as Wait;

use backend::{Error, NewChannel, Promoted, Promotion};
use domain::{
    catalogue::{Catalogue, Module},
    channel::{
        ChannelForm,
        twin::{Need, Side, TwinRow, Verdict, plan, plan_form, side_by_side},
    },
    form::ErrorCode,
    id::ChannelKey,
};

use time::Duration;

use crate::support::{Bench, Typing as _, beside, ksnet, live, named, of_one_click, shared_ksnet, test};

fn verdict_of<'a>(rows: &'a [TwinRow], field: &str) -> &'a Verdict {
    &rows.iter().find(|row| row.field == field).expect("a row").verdict
}

fn module(id: &str) -> &'static Module {
    Catalogue::embedded().module(id).unwrap().1
}

fn smartro(mode: NewChannel) -> NewChannel {
    let form = mode.form.clone().field("ssp_mall_id", "a-mall");
    NewChannel { form, ..mode }
}

on_both_databases!(a_merchant_pairs_a_test_channel_with_its_live_one_and_parts_them, |bench| async move {
    let owner = bench.an_owner().await;
    let tested = bench.add(&owner, shared_ksnet()).await;
    let selling = bench.add(&owner, ksnet("실연동")).await;
    let twins = bench.backend.twins(&owner, tested).await.unwrap();
    assert_eq!(twins.candidates.iter().map(|c| c.key).collect::<Vec<_>>(), [selling]);

    bench.backend.pair_channels(&owner, tested, selling).await.unwrap();

    for key in [tested, selling] {
        let twins = bench.backend.twins(&owner, key).await.unwrap();
        let keys = [&twins.test, &twins.live].map(|side| side.as_ref().map(|side| side.summary.key));
        assert_eq!((keys, twins.candidates.len()), ([Some(tested), Some(selling)], 0));
    }
    assert_eq!(bench.event_kinds().await.len(), 2, "a payment core is told nothing: it pays as before");
    bench.backend.part_channels(&owner, selling).await.unwrap();
    assert!(bench.backend.twins(&owner, tested).await.unwrap().live.is_none());
    assert_is!(bench.backend.part_channels(&owner, selling).await, Err(Error::WrongStatus));
    assert_eq!(bench.trail_of("channel.paired").await, ["done"]);
    assert_eq!(bench.trail_of("channel.parted").await, ["done"]);
});

on_both_databases!(a_channel_is_part_of_one_pair_only, |bench| async move {
    let owner = bench.an_owner().await;
    let tested = [bench.add(&owner, shared_ksnet()).await, bench.add(&owner, shared_ksnet()).await];
    let selling = [bench.add(&owner, ksnet("하나")).await, bench.add(&owner, ksnet("둘")).await];
    bench.backend.pair_channels(&owner, tested[0], selling[0]).await.unwrap();
    for (test, live) in [(tested[0], selling[1]), (tested[1], selling[0])] {
        assert_is!(bench.backend.pair_channels(&owner, test, live).await, Err(Error::WrongStatus));
    }
    let paired = bench
        .at_once(8, |backend, _| {
            let (owner, test, live) = (owner.clone(), tested[1], selling[1]);
            async move { backend.pair_channels(&owner, test, live).await }
        })
        .await;
    assert_eq!(paired.iter().filter(|paired| paired.is_ok()).count(), 1, "{paired:?}");
    assert_eq!(bench.count("channel_pairs").await, 2);
});

on_both_databases!(only_ones_own_channels_of_one_gateway_are_paired, |bench| async move {
    let owner = bench.an_owner().await;
    let stranger = bench.an_owner().await;
    let viewer = bench.a_member(&owner, "viewer@example.com", "viewer").await;
    let tested = bench.add(&owner, shared_ksnet()).await;
    let selling = bench.add(&owner, ksnet("하나")).await;
    let inicis = live("inicis_v2", named("이니시스").mid("MOI0001").field("sign_key", "key"));
    let other = bench.add(&owner, inicis).await;
    let pair = async |test: ChannelKey, live: ChannelKey| bench.backend.pair_channels(&owner, test, live).await;
    assert_eq!(beside("other", pair(tested, other).await), Some(ErrorCode::NotAChoice));
    assert_eq!(beside("other", pair(selling, tested).await), Some(ErrorCode::NotAChoice), "the wrong way round");
    assert_is!(bench.backend.pair_channels(&stranger, tested, selling).await, Err(Error::NotFound));
    assert_is!(bench.backend.pair_channels(&viewer, tested, selling).await, Err(Error::Forbidden));
    assert_is!(bench.backend.twins(&stranger, tested).await, Err(Error::NotFound));
    assert_eq!(bench.count("channel_pairs").await, 0);
});

on_both_databases!(the_two_are_compared_field_by_field_without_a_secret_in_it, |bench| async move {
    let owner = bench.an_owner().await;
    let with_keys = |name: &str, mid: &str, cancel: &str| {
        let form = named(name).mid(mid).field("cancel_password", cancel);
        form.field("merchant_key", "a-merchant-key-of-more-than-twenty-characters").using("recurring")
    };
    let tested = bench.add(&owner, smartro(test("smartro_v2", with_keys("시험", "smt0001m", "111111")))).await;
    let selling =
        bench.add(&owner, live("smartro_v2", with_keys("판매", "smt0002m", "222222").field("ssp_mall_id", "b"))).await;
    bench.backend.pair_channels(&owner, tested, selling).await.unwrap();
    let twins = bench.backend.twins(&owner, tested).await.unwrap();
    let rows = side_by_side(&twins.test.unwrap(), &twins.live.unwrap(), module("smartro_v2"));
    for (field, verdict) in [
        ("name", Verdict::Different),
        ("module", Verdict::Same),
        ("mid", Verdict::Different),
        ("uses", Verdict::Same),
        ("fields.merchant_key", Verdict::Same),
        ("fields.cancel_password", Verdict::Unknown),
        ("fields.ssp_mall_id", Verdict::Different),
        ("fields.api_key", Verdict::Missing),
    ] {
        assert_eq!(*verdict_of(&rows, field), verdict, "{field}");
    }
    let json = serde_json::to_string(&rows).unwrap();
    assert!(!["111111", "222222", "a-merchant-key"].iter().any(|secret| json.contains(secret)), "{json}");
});

on_both_databases!(a_shared_test_mid_needs_keys_only_when_it_goes_live, |bench| async move {
    let owner = bench.an_owner().await;
    let tested = bench.add(&owner, shared_ksnet()).await;
    let twins = bench.backend.twins(&owner, tested).await.unwrap();
    let test = twins.test.unwrap();
    let module = module("ksnet");
    let needed: Vec<_> = plan(module, &test, None).into_iter().filter(|line| line.need == Need::Needed).collect();
    assert_eq!(needed.iter().map(|line| line.field.as_str()).collect::<Vec<_>>(), ["mid", "fields.api_key"]);
    assert!(needed[1].secret);
    let form = plan_form(module, &test, None, "실연동".to_owned());
    assert_eq!((form.mid.as_str(), form.purpose.as_str(), form.name.as_str()), ("", "payment", "실연동"));

    // What the plan asks for is what saving asks for, no more and no less.
    let new = |form: ChannelForm| NewChannel { twin_of: Some(tested), ..live("ksnet", form) };
    let refused = bench.backend.add_channel(&owner, new(form.clone())).await;
    let Err(Error::Form(errors)) = refused else { panic!("{refused:?}") };
    assert_eq!(errors.0.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["mid", "fields.api_key"]);
    let complete = of_one_click(new(form.mid("KS0001").field("api_key", "a-live-key")), "promote-000000001");
    let created = bench.add(&owner, complete.clone()).await;
    assert_eq!(bench.add(&owner, complete).await, created, "a double click promotes once");

    let twins = bench.backend.twins(&owner, tested).await.unwrap();
    let live = twins.live.unwrap();
    assert_eq!(live.summary.key, created);
    let rows = side_by_side(&test, &live, module);
    let key = rows.iter().find(|row| row.field == "fields.api_key").unwrap();
    assert_eq!((&key.test, &key.live), (&Side::NotNeeded, &Side::Secret(None)));
    assert!(plan(module, &test, Some(&live)).iter().all(|line| line.need != Need::Needed));
    assert_eq!(bench.trail_of("channel.paired").await, ["done"]);
});

on_both_databases!(a_live_channel_whose_pair_is_refused_is_not_added_either, |bench| async move {
    let owner = bench.an_owner().await;
    let tested = bench.add(&owner, shared_ksnet()).await;
    let with_twin = |name: &str| NewChannel { twin_of: Some(tested), ..ksnet(name) };
    bench.add(&owner, with_twin("하나")).await;
    assert_is!(bench.backend.add_channel(&owner, with_twin("둘")).await, Err(Error::WrongStatus));
    assert_eq!((bench.count("channels").await, bench.count("channel_pairs").await), (2, 1));
    assert_eq!(bench.event_kinds().await.len(), 2);
});

/// Both channels of a pair of theirs, the test one by a shared test MID.
async fn a_pair(bench: &Bench, owner: &backend::Actor) -> (ChannelKey, ChannelKey) {
    let tested = bench.add(owner, shared_ksnet()).await;
    let selling = bench.add(owner, ksnet("판매")).await;
    bench.backend.pair_channels(owner, tested, selling).await.unwrap();
    (tested, selling)
}

on_both_databases!(a_channel_whose_other_half_is_gone_for_good_can_be_promoted_and_paired_again, |bench| async move {
    let owner = bench.an_owner().await;
    let (tested, gone) = a_pair(&bench, &owner).await;
    bench.backend.delete_channel(&owner, gone).await.unwrap();
    let replace = |name: &str| NewChannel { twin_of: Some(tested), ..ksnet(name) };
    // It can still come back, and the pair with it.
    assert_is!(bench.backend.add_channel(&owner, replace("판매")).await, Err(Error::WrongStatus));
    bench.clock.pass(Duration::days(31));
    assert!(bench.backend.twin_of(&owner, tested).await.unwrap().is_none());
    let created = bench.add(&owner, replace("판매")).await;
    assert_eq!(bench.backend.twin_of(&owner, tested).await.unwrap().unwrap().key, created);
    assert_eq!(bench.trail_of("channel.parted").await, ["done"]);
    assert_eq!(bench.count("channel_pairs").await, 1);

    // And the other way round: the test channel goes, another one is offered and paired.
    bench.backend.delete_channel(&owner, tested).await.unwrap();
    bench.clock.pass(Duration::days(31));
    let again = bench.add(&owner, shared_ksnet()).await;
    let offered = bench.backend.twins(&owner, again).await.unwrap().candidates;
    assert_eq!(offered.iter().map(|channel| channel.key).collect::<Vec<_>>(), [created]);
    bench.backend.pair_channels(&owner, again, created).await.unwrap();
    assert_eq!(bench.backend.twin_of(&owner, created).await.unwrap().unwrap().key, again);
});

on_both_databases!(promoting_changes_only_the_live_channel_that_was_on_the_page, |bench| async move {
    let owner = bench.an_owner().await;
    let (tested, selling) = a_pair(&bench, &owner).await;
    let other = bench.add(&owner, ksnet("다른 판매")).await;
    let promotion = |live: Option<ChannelKey>, name: &str| Promotion {
        test: tested,
        live,
        seen_version: 1,
        idempotency_key: String::new(),
        form: named(name).mid("ks0001").field("api_key", "an-api-key"),
    };
    bench.backend.part_channels(&owner, tested).await.unwrap();
    bench.backend.pair_channels(&owner, tested, other).await.unwrap();

    assert_is!(bench.backend.promote_channel(&owner, promotion(Some(selling), "새 이름")).await, Err(Error::Stale));
    assert_is!(bench.backend.promote_channel(&owner, promotion(None, "셋째")).await, Err(Error::Stale));
    for key in [selling, other] {
        assert_eq!(bench.backend.channel(&owner, key).await.unwrap().version, 1, "nothing was changed");
    }
    assert_eq!(bench.count("channels").await, 3);
    let promoted = bench.backend.promote_channel(&owner, promotion(Some(other), "새 이름")).await.unwrap();
    assert_eq!(promoted, Promoted { key: other, module: "ksnet".parse().unwrap(), is_new: false });
    assert_eq!(bench.backend.channel(&owner, other).await.unwrap().summary.name, "새 이름");
});

on_both_databases!(a_key_that_was_typed_before_and_after_a_rotation_is_not_called_different, |bench| async move {
    const LONG: &str = "a-merchant-key-of-more-than-twenty-characters";
    let owner = bench.an_owner().await;
    let form = |name: &str, mid: &str, key: &str| {
        named(name).mid(mid).field("cancel_password", "111111").field("merchant_key", key)
    };
    let tested = bench.add(&owner, test("smartro_v2", form("시험", "smt0001m", LONG))).await;
    let verdict = async |live: ChannelKey| {
        bench.backend.pair_channels(&owner, tested, live).await.unwrap();
        let twins = bench.backend.twins(&owner, tested).await.unwrap();
        bench.backend.part_channels(&owner, tested).await.unwrap();
        let rows = side_by_side(&twins.test.unwrap(), &twins.live.unwrap(), module("smartro_v2"));
        *verdict_of(&rows, "fields.merchant_key")
    };
    let other = bench.add(&owner, live("smartro_v2", form("하나", "smt0002m", &LONG.replace('a', "b")))).await;
    assert_eq!(verdict(other).await, Verdict::Different);
    bench.backend.rotate_key(Wait::ZERO).await.unwrap();
    let same = bench.add(&owner, live("smartro_v2", form("둘", "smt0003m", LONG))).await;
    assert_eq!(verdict(same).await, Verdict::Unknown);
    assert_eq!(verdict(other).await, Verdict::Different, "these two were set with one key");
    // Notes from before the key was noted.
    bench.sql("UPDATE channel_versions SET secret_notes = REPLACE(secret_notes, 'made_with', 'noted_otherwise')").await;
    assert_eq!(verdict(other).await, Verdict::Unknown);
});

on_both_databases!(what_nobody_needs_is_not_called_missing, |bench| async move {
    let owner = bench.an_owner().await;
    let shared = domain::channel::ChannelForm { shared_mid: "INIpayTest".to_owned(), ..ChannelForm::default() };
    let tested = bench.add(&owner, test("inicis_v2", shared)).await;
    let form = named("판매").mid("MOI0001").field("sign_key", "a-sign-key");
    let selling = bench.add(&owner, live("inicis_v2", form)).await;
    bench.backend.pair_channels(&owner, tested, selling).await.unwrap();
    let twins = bench.backend.twins(&owner, tested).await.unwrap();
    let (test, live) = (twins.test.unwrap(), twins.live.unwrap());
    let rows = side_by_side(&test, &live, module("inicis_v2"));
    assert_eq!(
        rows.iter().filter(|row| row.verdict == Verdict::MissingInLive).collect::<Vec<_>>(),
        Vec::<&TwinRow>::new()
    );
    let lines = plan(module("inicis_v2"), &test, Some(&live));
    assert!(lines.iter().all(|line| line.need != Need::Needed), "{lines:?}");
});

on_both_databases!(uses_that_the_live_channel_has_are_not_said_to_come_from_the_test_channel, |bench| async move {
    let owner = bench.an_owner().await;
    let form =
        |name: &str, mid: &str| named(name).mid(mid).field("cancel_password", "111111").field("merchant_key", "a-key");
    let tested = bench.add(&owner, test("smartro_v2", form("시험", "smt0001m"))).await;
    let selling = bench.add(&owner, smartro(live("smartro_v2", form("판매", "smt0002m").using("recurring")))).await;
    let need = async || {
        let channel = async |key: ChannelKey| bench.backend.channel(&owner, key).await.unwrap();
        let lines = plan(module("smartro_v2"), &channel(tested).await, Some(&channel(selling).await));
        lines.iter().find(|line| line.field == "uses").map(|line| line.need)
    };
    assert_eq!(need().await, Some(Need::Kept));
    bench.edit(&owner, tested, form("시험", "smt0001m").field("api_key", "an-api-key").using("escrow")).await.unwrap();
    assert_eq!(need().await, Some(Need::Taken));
});
