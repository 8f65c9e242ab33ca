//! 홈: steps that are marked by themselves, and nothing that a role may not see.

use backend::{Actor, Language};
use domain::{
    channel::Mode,
    home::{By, Home, StepKind},
    store::StoreForm,
};
use time::Duration;

use crate::{
    feed::end,
    support::{Bench, ksnet, shared_ksnet},
};

async fn home(bench: &Bench, actor: &Actor) -> Home {
    bench.backend.home(actor).await.unwrap()
}

on_both_databases!(the_steps_to_the_first_payment_are_marked_as_they_are_done, |bench| async move {
    let owner = bench.an_owner().await;
    assert_eq!(home(&bench, &owner).await.next_step(), Some(StepKind::FirstTestChannel));
    let test = bench.add(&owner, shared_ksnet()).await;
    assert_eq!(home(&bench, &owner).await.next_step(), Some(StepKind::ApiSecret));
    let issued = bench.issue(&owner, "서버").await;
    assert_eq!(home(&bench, &owner).await.next_step(), Some(StepKind::Core));
    bench.backend.ack(bench.core().await, "seoul-1", end(&bench).await).await.unwrap().unwrap();
    assert_eq!(home(&bench, &owner).await.next_step(), Some(StepKind::FirstLiveChannel));
    bench.add(&owner, ksnet("실연동")).await;
    assert_eq!(home(&bench, &owner).await.next_step(), None);
    // A test channel that has served its time is no step back; a secret that works no more is.
    bench.backend.delete_channel(&owner, test).await.unwrap();
    assert_eq!(home(&bench, &owner).await.next_step(), None);
    bench.backend.revoke_api_secret(&owner, &issued.kid, Language::Korean).await.unwrap();
    assert_eq!(home(&bench, &owner).await.next_step(), Some(StepKind::ApiSecret));
});

on_both_databases!(channels_are_counted_by_mode_and_state_within_reach, |bench| async move {
    let owner = bench.an_owner().await;
    let store = StoreForm { name: "강남점".to_owned(), tier_code: "GN1".to_owned() };
    let store = bench.backend.add_store(&owner, store).await.unwrap();
    let manager = bench.a_member_of(&owner, "manager@example.com", "manager", &store.to_string()).await;
    for name in ["하나", "둘", "셋"] {
        let key = bench.add(&owner, ksnet(name)).await;
        match name {
            "둘" => drop(bench.backend.pause_channel(&owner, key).await.unwrap()),
            "셋" => drop(bench.backend.delete_channel(&owner, key).await.unwrap()),
            _ => bench.backend.assign_channel(&owner, key, &store.to_string()).await.unwrap(),
        }
    }
    bench.add(&owner, shared_ksnet()).await;
    let counts = async |actor: &Actor| {
        let modes = home(&bench, actor).await.modes;
        modes.into_iter().map(|count| (count.mode, count.active, count.paused)).collect::<Vec<_>>()
    };
    assert_eq!(counts(&owner).await, [(Mode::Live, 1, 1), (Mode::Test, 1, 0)]);
    assert_eq!(counts(&manager).await, [(Mode::Live, 1, 0), (Mode::Test, 1, 0)]);
});

on_both_databases!(secrets_that_end_soon_are_told_to_who_may_see_keys, |bench| async move {
    let owner = bench.an_owner().await;
    let viewer = bench.a_member(&owner, "viewer@example.com", "viewer").await;
    let soon = bench.issue_for(&owner, "곧 끝나는 것", "90").await;
    bench.issue(&owner, "오래 가는 것").await;
    assert!(home(&bench, &owner).await.ending.is_empty());
    bench.clock.pass(Duration::days(77));
    let ending = home(&bench, &owner).await.ending;
    assert_eq!(ending.iter().map(|secret| secret.kid.as_str()).collect::<Vec<_>>(), [soon.kid.as_str()]);
    let seen = home(&bench, &viewer).await;
    assert!(seen.ending.is_empty() && seen.steps.iter().all(|step| step.kind != StepKind::ApiSecret));
});

on_both_databases!(
    everybody_sees_what_became_of_channels_and_only_who_may_read_the_trail_the_rest,
    |bench| async move {
        let owner = bench.an_owner().await;
        let viewer = bench.a_member(&owner, "viewer@example.com", "viewer").await;
        let key = bench.add(&owner, ksnet("하나")).await;
        bench.issue(&owner, "서버").await;
        bench.backend.pause_channel(&owner, key).await.unwrap();
        let told = async |actor: &Actor| home(&bench, actor).await.recent;
        let actions =
            |recent: &[domain::home::RecentChange]| recent.iter().map(|it| it.action.clone()).collect::<Vec<_>>();
        let (owners, viewers) = (told(&owner).await, told(&viewer).await);
        assert_eq!(actions(&owners)[..3], ["channel.paused", "api_secret.issued", "channel.added"]);
        assert_eq!(actions(&viewers), ["channel.paused", "channel.added"]);
        assert_eq!(owners[0].by, By::Oneself);
        assert!(matches!(&viewers[0].by, By::Member(email) if email.contains('@')));
        assert_eq!(viewers[0].channel, Some((key, "하나".to_owned())));
        // What was deleted keeps its name here.
        bench.backend.delete_channel(&owner, key).await.unwrap();
        assert_eq!(told(&viewer).await[0].channel, Some((key, "하나".to_owned())));
    }
);

on_both_databases!(what_became_of_channels_out_of_reach_is_not_told, |bench| async move {
    let owner = bench.an_owner().await;
    let stranger = bench.an_owner_called("stranger@example.com").await;
    let store = StoreForm { name: "강남점".to_owned(), tier_code: "GN1".to_owned() };
    let store = bench.backend.add_store(&owner, store).await.unwrap();
    let manager = bench.a_member_of(&owner, "manager@example.com", "manager", &store.to_string()).await;
    bench.add(&owner, ksnet("대표 상점의 채널")).await;
    let test = bench.add(&owner, shared_ksnet()).await;
    let seen = home(&bench, &manager).await.recent;
    assert_eq!(seen.iter().filter_map(|it| it.channel.as_ref().map(|(key, _)| *key)).collect::<Vec<_>>(), [test]);
    assert!(home(&bench, &stranger).await.recent.iter().all(|it| it.channel.is_none()));
});
