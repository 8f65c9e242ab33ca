//! What payment cores confirm, and what pages tell of it.

use backend::AckRefused;
use domain::receipt::CoresState;

use crate::{feed::end, support::ksnet};

on_both_databases!(a_core_confirms_and_the_page_tells_how_long_it_took, |bench| async move {
    let owner = bench.an_owner().await;
    let core = bench.core().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let receipt = bench.backend.channel_receipt(&owner, key).await.unwrap();
    assert_eq!((receipt.nodes.len(), receipt.is_complete()), (0, false));
    let seq = end(&bench).await;
    bench.clock.pass(time::Duration::milliseconds(400));
    bench.backend.ack(core, "seoul-1", seq).await.unwrap().unwrap();
    bench.backend.ack(core, "seoul-2", seq - 1).await.unwrap().unwrap();
    let receipt = bench.backend.channel_receipt(&owner, key).await.unwrap();
    let told: Vec<_> = receipt.nodes.iter().map(|n| (n.name.as_str(), n.applied, n.took_ms, n.behind)).collect();
    assert_eq!(told, [("seoul-1", true, Some(400), 0), ("seoul-2", false, None, 1)]);
    assert!(!receipt.is_complete());
    bench.clock.pass(time::Duration::milliseconds(600));
    bench.backend.ack(core, "seoul-2", seq).await.unwrap().unwrap();
    bench.backend.ack(core, "seoul-1", seq).await.unwrap().unwrap();
    let receipt = bench.backend.channel_receipt(&owner, key).await.unwrap();
    assert_eq!((receipt.is_complete(), receipt.took_ms()), (true, Some(1_000)));
    // The next change is one they do not have yet.
    bench.backend.pause_channel(&owner, key).await.unwrap();
    assert!(!bench.backend.channel_receipt(&owner, key).await.unwrap().is_complete());
});

on_both_databases!(a_core_counts_for_a_minute_and_is_forgotten_after_a_day, |bench| async move {
    let owner = bench.an_owner().await;
    let core = bench.core().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let seq = end(&bench).await;
    assert_eq!(bench.backend.cores_state(&owner).await.unwrap(), CoresState::NeverSeen);
    bench.backend.ack(core, "seoul-1", seq).await.unwrap().unwrap();
    let since = bench.backend.now_ms();
    bench.clock.pass(time::Duration::seconds(59));
    assert!(bench.backend.channel_receipt(&owner, key).await.unwrap().is_complete());
    assert_eq!(bench.backend.cores_state(&owner).await.unwrap(), CoresState::Following);
    bench.clock.pass(time::Duration::SECOND);
    let receipt = bench.backend.channel_receipt(&owner, key).await.unwrap();
    assert_eq!((receipt.nodes.len(), receipt.alive().count(), receipt.is_complete()), (1, 0, false));
    assert_eq!(bench.backend.cores_state(&owner).await.unwrap(), CoresState::Silent { since });
    bench.clock.pass(time::Duration::DAY);
    bench.backend.sweep().await.unwrap();
    assert!(bench.backend.channel_receipt(&owner, key).await.unwrap().nodes.is_empty());
    assert_eq!((bench.count("core_nodes").await, bench.count("core_acks").await), (0, 0));
    // Forgotten, and missed all the same, until its token is revoked.
    assert_eq!(bench.backend.cores_state(&owner).await.unwrap(), CoresState::Silent { since });
    bench.backend.revoke_core_token(&core.kid).await.unwrap();
    assert_eq!(bench.backend.cores_state(&owner).await.unwrap(), CoresState::NeverSeen);
});

on_both_databases!(a_core_that_begins_again_with_something_older_is_believed, |bench| async move {
    let owner = bench.an_owner().await;
    let core = bench.core().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let seq = end(&bench).await;
    for said in [seq, seq - 1, seq - 1] {
        bench.backend.ack(core, "seoul-1", said).await.unwrap().unwrap();
    }
    assert!(!bench.backend.channel_receipt(&owner, key).await.unwrap().is_complete());
    bench.clock.pass(time::Duration::SECOND);
    bench.backend.ack(core, "seoul-1", seq).await.unwrap().unwrap();
    assert_eq!(bench.backend.channel_receipt(&owner, key).await.unwrap().took_ms(), Some(1_000));
});

on_both_databases!(what_a_core_says_is_checked, |bench| async move {
    let core = bench.core().await;
    let last = end(&bench).await;
    for name in ["", "  ", "a\nb", &"가".repeat(81)] {
        assert_eq!(bench.backend.ack(core, name, last).await.unwrap(), Err(AckRefused::Name), "{name:?}");
    }
    for seq in [-1, last + 1, i64::MAX] {
        assert_eq!(bench.backend.ack(core, "seoul-1", seq).await.unwrap(), Err(AckRefused::Beyond { last }));
    }
    for number in 0..64 {
        bench.backend.ack(core, &format!("{number}"), last).await.unwrap().unwrap();
    }
    assert_eq!(bench.backend.ack(core, "one more", last).await.unwrap(), Err(AckRefused::TooMany));
    bench.backend.ack(core, "63", last).await.unwrap().unwrap();
});
