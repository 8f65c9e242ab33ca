//! 변경 이력, going back to a version, and comparing with a stored secret.

use backend::Error;
use domain::{
    channel::{
        Status,
        history::{HistoryEntry, RollBackForm, VersionChange},
        view::VersionReason,
    },
    id::{ChannelKey, FieldKey},
    secret::Typed,
    trail::{Reason, Trace},
};
use time::Duration;

use crate::support::{Bench, Typing as _, ksnet, live, named};

async fn history(bench: &Bench, actor: &backend::Actor, key: ChannelKey) -> Vec<HistoryEntry> {
    bench.backend.channel_history(actor, key, 1).await.unwrap().1.items
}

fn told(changes: &[VersionChange]) -> Vec<(&str, Option<&str>, Option<&str>)> {
    let side = |trace: &Option<Trace>| match trace {
        Some(Trace::Value(value)) => Some(value.clone().leak() as &str),
        Some(Trace::Secret { .. }) => Some("(secret)"),
        None => None,
    };
    changes.iter().map(|change| (change.field.as_str(), side(&change.before), side(&change.after))).collect()
}

fn back_to(to: i64, seen_version: i64) -> RollBackForm {
    RollBackForm { to, seen_version, ..RollBackForm::default() }
}

/// Three versions: begun, renamed with a new key, given another MID with its own key.
async fn a_channel_with_a_past(bench: &Bench, owner: &backend::Actor) -> ChannelKey {
    let key = bench.add(owner, ksnet("하나")).await;
    bench.clock.pass(Duration::minutes(1));
    bench.edit(owner, key, named("둘").mid("ks0001").field("api_key", "second-key")).await.unwrap();
    bench.clock.pass(Duration::minutes(1));
    bench.edit(owner, key, named("둘").mid("ks0002").field("api_key", "third-key")).await.unwrap();
    key
}

on_both_databases!(the_history_tells_what_each_version_changed_and_never_a_secret, |bench| async move {
    let owner = bench.an_owner_called("kim@example.com").await;
    let key = a_channel_with_a_past(&bench, &owner).await;
    let why = owner.clone().because(Reason::parse("PG 점검").unwrap());
    bench.backend.pause_channel(&why, key).await.unwrap();

    let history = history(&bench, &owner, key).await;

    let secret = Some("(secret)");
    assert_eq!(told(&history[0].changes), [("status", Some("active"), Some("paused"))]);
    assert_eq!((history[0].note.as_str(), history[0].by.email.as_str()), ("PG 점검", "kim@example.com"));
    assert_eq!(
        told(&history[1].changes),
        [("mid", Some("ks0001"), Some("ks0002")), ("fields.api_key", secret, secret)]
    );
    assert_eq!(told(&history[2].changes), [("name", Some("하나"), Some("둘")), ("fields.api_key", secret, secret)]);
    assert!(told(&history[3].changes).contains(&("fields.api_key", None, secret)));
    let json = serde_json::to_string(&history).unwrap();
    assert!(!["ksnet-api-key", "second-key", "third-key"].iter().any(|value| json.contains(value)), "{json}");
});

on_both_databases!(a_long_history_comes_in_pages_that_miss_nothing, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("이름 1")).await;
    for number in 2..=23 {
        bench.edit(&owner, key, named(&format!("이름 {number}")).mid("ks0001")).await.unwrap();
    }
    let (_, first) = bench.backend.channel_history(&owner, key, 1).await.unwrap();
    let (_, second) = bench.backend.channel_history(&owner, key, 2).await.unwrap();
    assert_eq!((first.total, first.pages, first.items.len(), second.items.len()), (23, 2, 20, 3));
    let last = first.items.last().unwrap();
    assert_eq!(told(&last.changes), [("name", Some("이름 3"), Some("이름 4"))]);
});

on_both_databases!(going_back_makes_a_new_version_with_the_keys_of_then, |bench| async move {
    let owner = bench.an_owner().await;
    let key = a_channel_with_a_past(&bench, &owner).await;
    bench.backend.pause_channel(&owner, key).await.unwrap();
    let (_, plan) = bench.backend.roll_back_plan(&owner, key, 1).await.unwrap();
    assert_eq!(
        told(&plan.changes),
        [
            ("name", Some("둘"), Some("하나")),
            ("mid", Some("ks0002"), Some("ks0001")),
            ("fields.api_key", Some("(secret)"), Some("(secret)"))
        ]
    );
    assert_eq!((plan.is_readable, plan.is_name_taken, plan.seen_version), (true, false, 4));

    assert_eq!(bench.backend.roll_back(&owner, key, &back_to(1, 4)).await.unwrap(), 5);

    let shown = bench.backend.channel(&owner, key).await.unwrap();
    assert_eq!((shown.summary.name.as_str(), shown.summary.mid.as_str()), ("하나", "ks0001"));
    assert_eq!(shown.summary.status, Status::Paused, "going back does not set a paused channel to work");
    assert_eq!(bench.secrets(key).await, [("api_key".to_owned(), "ksnet-api-key".to_owned())]);
    let newest = history(&bench, &owner, key).await.remove(0);
    assert_eq!((newest.version, newest.reason, newest.made_from), (5, VersionReason::RolledBack, Some(1)));
    assert_eq!(bench.trail_of("channel.rolled_back").await, ["done"]);
    assert_eq!(bench.event_kinds().await.last().unwrap(), "CHANNEL_CHANGED");
    // And the next edit keeps the key that came back.
    bench.edit(&owner, key, named("셋").mid("ks0001")).await.unwrap();
    assert_eq!(bench.secrets(key).await, [("api_key".to_owned(), "ksnet-api-key".to_owned())]);
});

on_both_databases!(going_back_from_a_version_that_is_not_the_newest_is_told_so, |bench| async move {
    let owner = bench.an_owner().await;
    let key = a_channel_with_a_past(&bench, &owner).await;
    assert_is!(bench.backend.roll_back(&owner, key, &back_to(1, 2)).await, Err(Error::Stale));
    assert_is!(bench.backend.roll_back(&owner, key, &back_to(3, 3)).await, Err(Error::WrongStatus));
    assert_is!(bench.backend.roll_back(&owner, key, &back_to(4, 3)).await, Err(Error::NotFound));
    assert_eq!(bench.backend.channel(&owner, key).await.unwrap().version, 3);
});

on_both_databases!(of_10_who_go_back_at_once_one_does, |bench| async move {
    let owner = bench.an_owner().await;
    let key = a_channel_with_a_past(&bench, &owner).await;
    let went = bench
        .at_once(10, |backend, _| {
            let owner = owner.clone();
            async move { backend.roll_back(&owner, key, &back_to(1, 3)).await }
        })
        .await;
    assert_eq!(went.iter().filter(|went| went.is_ok()).count(), 1);
    assert_eq!(bench.backend.channel(&owner, key).await.unwrap().version, 4);
});

on_both_databases!(a_name_that_is_taken_meanwhile_does_not_come_back, |bench| async move {
    let owner = bench.an_owner().await;
    let key = a_channel_with_a_past(&bench, &owner).await;
    bench.add(&owner, ksnet("하나")).await;
    assert!(bench.backend.roll_back_plan(&owner, key, 1).await.unwrap().1.is_name_taken);
    assert_is!(bench.backend.roll_back(&owner, key, &back_to(1, 3)).await, Err(Error::NameTaken));

    let form = RollBackForm { keep_name: "on".to_owned(), ..back_to(1, 3) };
    bench.backend.roll_back(&owner, key, &form).await.unwrap();
    let shown = bench.backend.channel(&owner, key).await.unwrap();
    assert_eq!((shown.summary.name.as_str(), shown.summary.mid.as_str()), ("둘", "ks0001"));
});

on_both_databases!(a_version_whose_secrets_do_not_open_does_not_come_back, |bench| async move {
    let owner = bench.an_owner().await;
    let key = a_channel_with_a_past(&bench, &owner).await;
    bench.sql("UPDATE channel_versions SET sealed_secrets = '{}' WHERE version = 1").await;
    assert!(!bench.backend.roll_back_plan(&owner, key, 1).await.unwrap().1.is_readable);
    assert_is!(bench.backend.roll_back(&owner, key, &back_to(1, 3)).await, Err(Error::Sealed));
    assert_eq!(bench.secrets(key).await, [("api_key".to_owned(), "third-key".to_owned())]);
});

on_both_databases!(whoever_may_only_look_does_not_go_back, |bench| async move {
    let owner = bench.an_owner().await;
    let viewer = bench.a_member(&owner, "viewer@example.com", "viewer").await;
    let key = a_channel_with_a_past(&bench, &owner).await;
    assert_is!(bench.backend.roll_back(&viewer, key, &back_to(1, 3)).await, Err(Error::Forbidden));
    assert_eq!(bench.trail_of("channel.rolled_back").await, ["refused"]);
    assert_eq!(history(&bench, &viewer, key).await.len(), 3);
});

// Comparing.

fn api_key() -> FieldKey {
    "api_key".parse().unwrap()
}

on_both_databases!(a_typed_value_is_told_the_same_or_not_and_noted, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let compare = async |typed: &str| bench.backend.compare_secret(&owner, key, &api_key(), &Typed::new(typed)).await;
    assert!(compare(" ksnet-api-key\n").await.unwrap(), "cleaned as it was when it was stored");
    assert!(!compare("ksnet-api-kez").await.unwrap());
    assert_eq!(bench.trail_of("channel.secret_compared").await, ["done", "refused"]);
    assert!(!bench.stores(b"ksnet-api-kez").await, "what was typed is not kept");
});

on_both_databases!(the_eleventh_comparison_within_an_hour_waits, |bench| async move {
    let owner = bench.an_owner().await;
    let dev = bench.a_member(&owner, "dev@example.com", "dev").await;
    let form =
        named("스마트로").mid("smt0001m").field("merchant_key", "MERCHANT-KEY==").field("cancel_password", "123456");
    let key = bench.add(&owner, live("smartro_v2", form)).await;
    let field: FieldKey = "cancel_password".parse().unwrap();
    for guess in 0..10 {
        let who = if guess % 2 == 0 { &owner } else { &dev };
        let typed = Typed::new(format!("{guess:06}"));
        assert!(!bench.backend.compare_secret(who, key, &field, &typed).await.unwrap());
    }
    let right = Typed::new("123456");
    assert_is!(bench.backend.compare_secret(&dev, key, &field, &right).await, Err(Error::TooManyAttempts { .. }));
    let bench = bench.restarted().await;
    assert_is!(bench.backend.compare_secret(&owner, key, &field, &right).await, Err(Error::TooManyAttempts { .. }));
    bench.clock.pass(Duration::minutes(61));
    assert!(bench.backend.compare_secret(&owner, key, &field, &right).await.unwrap());
});

on_both_databases!(what_is_not_stored_or_not_ones_own_is_not_compared, |bench| async move {
    let owner = bench.an_owner().await;
    let stranger = bench.an_owner().await;
    let viewer = bench.a_member(&owner, "viewer@example.com", "viewer").await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let typed = Typed::new("ksnet-api-key");
    let other: FieldKey = "merchant_key".parse().unwrap();
    assert_is!(bench.backend.compare_secret(&owner, key, &other, &typed).await, Err(Error::NotFound));
    assert_is!(bench.backend.compare_secret(&stranger, key, &api_key(), &typed).await, Err(Error::NotFound));
    assert_is!(bench.backend.compare_secret(&viewer, key, &api_key(), &typed).await, Err(Error::Forbidden));
});

on_both_databases!(a_channels_page_tells_who_set_each_key, |bench| async move {
    let owner = bench.an_owner_called("kim@example.com").await;
    let dev = bench.a_member(&owner, "dev@example.com", "dev").await;
    let form =
        named("스마트로").mid("smt0001m").field("merchant_key", "MERCHANT-KEY==").field("cancel_password", "123456");
    let key = bench.add(&owner, live("smartro_v2", form)).await;
    bench.clock.pass(Duration::minutes(1));
    bench.edit(&dev, key, named("스마트로").mid("smt0001m").field("cancel_password", "654321")).await.unwrap();
    let by = bench.backend.channel(&owner, key).await.unwrap().secrets_by;
    let who: Vec<_> = by.iter().map(|(field, author)| (field.as_str(), author.email.as_str())).collect();
    assert_eq!(who, [("cancel_password", "dev@example.com"), ("merchant_key", "kim@example.com")]);
});
