//! The same thing at once: what is sent twice is done once, and of those who change the same thing one wins.

use std::collections::BTreeSet;

use backend::{Change, Error};
use domain::id::ChannelKey;

use crate::support::{Typing as _, ksnet, named, of_one_click};

/// How many rounds; `make torture` asks for `many`.
#[expect(clippy::disallowed_methods, reason = "`make torture` asks for more")]
fn rounds(few: usize, many: usize) -> usize {
    if std::env::var("CONSOLE_TEST_CYCLES").is_ok() { many } else { few }
}

on_both_databases!(two_to_thirty_two_posts_of_one_form_add_one_channel, |bench| async move {
    let owner = bench.an_owner().await;
    let rounds = rounds(8, 200);
    for round in 0..rounds {
        let at_once = [2, 3, 5, 8, 16, 32][round % 6];
        let added = bench
            .at_once(at_once, |backend, _| {
                let owner = owner.clone();
                let new = of_one_click(ksnet(&format!("이름 {round}")), &format!("click-{round:012}"));
                async move { backend.add_channel(&owner, new).await }
            })
            .await;
        let keys: BTreeSet<ChannelKey> = added.into_iter().map(|created| created.unwrap().key).collect();
        assert_eq!(keys.len(), 1, "round {round}");
    }
    let rounds = i64::try_from(rounds).unwrap();
    assert_eq!((bench.count("channels").await, bench.count("channel_versions").await), (rounds, rounds));
    assert_eq!(bench.trail_of("channel.added").await.len(), usize::try_from(rounds).unwrap());
});

on_both_databases!(of_two_who_save_the_same_version_one_wins_and_the_other_is_told, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let rounds = rounds(15, 500);
    for round in 0..rounds {
        let seen_version = 1 + i64::try_from(round).unwrap();
        let saved = bench
            .at_once(2, |backend, who| {
                let owner = owner.clone();
                let change = Change { seen_version, form: named(&format!("이름 {round} {who}")).mid("ks0001") };
                async move { (who, backend.edit_channel(&owner, key, change).await) }
            })
            .await;
        let (won, lost): (Vec<_>, Vec<_>) = saved.into_iter().partition(|(_, saved)| saved.is_ok());
        assert_is!(&*lost, [(_, Err(Error::Stale))]);
        let winner = won[0].0;
        let shown = bench.backend.channel(&owner, key).await.unwrap();
        assert_eq!((shown.version, shown.summary.name), (seen_version + 1, format!("이름 {round} {winner}")));
    }
    assert_eq!(bench.trail_of("channel.edited").await.len(), rounds);
});
