//! What holds below the use cases: the right key ring, and commits that survive.

use std::sync::Arc;

use backend::{Error, KeyRing, random::OsRandom};

use crate::support::{Bench, ksnet};

on_both_databases!(a_start_with_another_key_ring_is_refused, |bench| async move {
    let ring = KeyRing::generate(&OsRandom);
    assert_is!(Bench::backend_with(&bench.url, ring, Arc::clone(&bench.clock)).await, Err(Error::Sealed));
});

on_both_databases!(a_restart_finds_everything_again, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let token = bench.backend.create_core_token("서울 1").await.unwrap().token;
    let bench = bench.restarted().await;
    assert_eq!(bench.secrets(key).await, [("api_key".to_owned(), "ksnet-api-key".to_owned())]);
    assert_eq!(&*bench.backend.core_caller(token.expose()).await.unwrap().name, "서울 1");
});

#[tokio::test]
async fn sqlite_keeps_what_it_said_it_kept() {
    let bench = Bench::on_sqlite().await;
    assert_eq!(bench.value::<String>("PRAGMA journal_mode").await, "wal");
    // FULL: a commit is on the disk before it is answered.
    assert_eq!(bench.value::<i32>("PRAGMA synchronous").await, 2);
    assert_eq!(bench.value::<i32>("PRAGMA foreign_keys").await, 1);
    assert_eq!(bench.value::<i32>("PRAGMA secure_delete").await, 1);
}

on_both_databases!(a_clock_that_is_set_back_disturbs_nothing, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let merchant = bench.merchant_id(&owner).await;
    for step in [-1, 1, -1, 2] {
        bench.clock.pass(time::Duration::hours(step));
        bench.backend.pause_channel(&owner, key).await.unwrap();
        bench.backend.resume_channel(&owner, key).await.unwrap();
    }
    let versions: Vec<_> =
        bench.backend.channel_versions(&owner, key).await.unwrap().iter().map(|v| v.version).collect();
    assert_eq!(versions, (1..=9).rev().collect::<Vec<_>>());
    assert_eq!(bench.backend.verify_audit(merchant).await.unwrap(), None);
    assert_eq!(bench.core_channel(key, None).await.unwrap().version, 9);
});
