//! What was read before is kept, and never answered when it is true no more: not even when another process changed it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use backend::{Backend, CoreCaller, Error, KeyRing, NewChannel, ResolveV1, ResolveV2};
use domain::{
    channel::{Mode, Status},
    resolve::Unresolved,
};

use sea_orm::ConnectionTrait as _;

use crate::support::{Bench, Typing as _, ksnet, live, named};

/// Another console, or the command line, on the same database.
async fn another(bench: &Bench) -> Backend {
    let ring = KeyRing::read(&bench.dir.path().join("keyring")).unwrap();
    Bench::backend_with(&bench.url, ring, Arc::clone(&bench.clock)).await.unwrap()
}

fn smartro(name: &str) -> NewChannel {
    live("smartro_v2", named(name).mid("smt1m").field("merchant_key", "key-1").field("cancel_password", "111111"))
}

/// As the listener knows whoever asks: for one request.
async fn caller(bench: &Bench, token: &str) -> backend::Result<CoreCaller> {
    bench.backend.core_caller_of_request(token).await
}

on_both_databases!(a_channel_that_another_process_paused_is_read_as_paused, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("정기결제")).await;
    let token = bench.backend.create_core_token("core").await.unwrap().token;
    let other = another(&bench).await;
    for expected in [Status::Paused, Status::Active, Status::Paused, Status::Active] {
        // Twice: the second is a kept one.
        for _ in 0..2 {
            let core = caller(&bench, token.expose()).await.unwrap();
            assert_ne!(bench.backend.core_channel(&core, key, None).await.unwrap().status, expected);
        }
        if expected == Status::Paused {
            other.pause_channel(&owner, key).await.unwrap();
        } else {
            other.resume_channel(&owner, key).await.unwrap();
        }
        let core = caller(&bench, token.expose()).await.unwrap();
        assert_eq!(bench.backend.core_channel(&core, key, None).await.unwrap().status, expected);
    }
});

/// Of PostgreSQL only: SQLite numbers an event within the transaction.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_whose_event_has_no_number_yet_is_read_as_one() {
    let Some(bench) = Bench::on_postgresql().await else { return };
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("정기결제")).await;
    let token = bench.backend.create_core_token("core").await.unwrap().token;
    let status = async || {
        let core = caller(&bench, token.expose()).await.unwrap();
        bench.backend.core_channel(&core, key, None).await.unwrap().status
    };
    for _ in 0..2 {
        assert_eq!(status().await, Status::Active);
    }
    let nobody_numbers = bench.backend.db().write().await.unwrap();
    nobody_numbers.execute_unprepared("SELECT seq FROM feed_heads WHERE id = 1 FOR UPDATE").await.unwrap();
    let (other, actor) = (another(&bench).await, owner.clone());
    let pausing = tokio::spawn(async move { other.pause_channel(&actor, key).await });
    while bench.count("unnumbered_events").await == 0 {
        tokio::task::yield_now().await;
    }
    for _ in 0..2 {
        assert_eq!(status().await, Status::Paused);
    }
    drop(nobody_numbers);
    pausing.await.unwrap().unwrap();
    assert_eq!((bench.count("unnumbered_events").await, status().await), (0, Status::Paused));
}

on_both_databases!(a_version_that_is_over_is_still_read_as_it_was, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, smartro("처음")).await;
    let first = bench.core_channel(key, None).await.unwrap();
    assert_eq!(bench.core_channel(key, Some(1)).await.unwrap().name, "처음");
    bench.edit(&owner, key, named("나중").mid("smt1m")).await.unwrap();
    let now = bench.core_channel(key, None).await.unwrap();
    assert_eq!((now.version, now.name.as_str()), (2, "나중"));
    let before = bench.core_channel(key, Some(1)).await.unwrap();
    assert_eq!((before.version, before.name.as_str()), (1, "처음"));
    assert_eq!(before.secrets, first.secrets);
    assert_eq!(bench.core_channel(key, Some(2)).await.unwrap().secrets, first.secrets);
});

on_both_databases!(a_token_that_the_command_line_revoked_is_refused_at_once, |bench| async move {
    let made = bench.backend.create_core_token("core").await.unwrap();
    for _ in 0..2 {
        caller(&bench, made.token.expose()).await.unwrap();
    }
    another(&bench).await.revoke_core_token(&made.kid).await.unwrap();
    assert_is!(caller(&bench, made.token.expose()).await, Err(Error::Unauthenticated));
});

on_both_databases!(an_answer_is_forgotten_when_the_merchant_changes_something, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, live("ksnet", named("처음").mid("KS0001").field("api_key", "a-key"))).await;
    let (imp_code, store_id) = (bench.imp_code(&owner).await, bench.store_id(&owner).await);
    let v1 = ResolveV1 { imp_code, pg: Some("ksnet.KS0001".into()), mode: Some(Mode::Live), ..ResolveV1::default() };
    let v2 = ResolveV2 { store_id, channel_key: key.to_string() };
    let core = bench.core().await;
    for _ in 0..2 {
        let (found, matches) = bench.backend.resolve_v1(core, &v1).await.unwrap().unwrap();
        assert_eq!((found.key, matches), (key, 1));
        assert_eq!(bench.backend.resolve_v2(core, &v2).await.unwrap().unwrap().key, key);
    }
    let other = another(&bench).await;
    let second = live("ksnet", named("나중").mid("KS0001").field("api_key", "a-key"));
    let second = other.add_channel(&owner, second).await.unwrap().key;
    assert_eq!(bench.backend.resolve_v1(core, &v1).await.unwrap().unwrap().1, 2);
    other.pause_channel(&owner, key).await.unwrap();
    assert_eq!(bench.backend.resolve_v1(core, &v1).await.unwrap().unwrap().0.key, second);
    assert_eq!(bench.backend.resolve_v2(core, &v2).await.unwrap().err(), Some(Unresolved::Paused { key }));
});

on_both_databases!(nobody_reads_what_is_older_than_their_question_while_others_write, |bench| async move {
    const EDITS: i64 = 60;
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("정기결제")).await;
    let token = Arc::new(bench.backend.create_core_token("core").await.unwrap().token);
    let (committed, other) = (Arc::new(AtomicI64::new(1)), another(&bench).await);
    let readers = bench.at_once(6, |backend, _| {
        let (committed, token) = (Arc::clone(&committed), Arc::clone(&token));
        async move {
            loop {
                let known = committed.load(Ordering::SeqCst);
                let core = backend.core_caller_of_request(token.expose()).await.unwrap();
                let read = backend.core_channel(&core, key, None).await.unwrap();
                assert!(read.version >= known, "version {} was read after {known} was saved", read.version);
                if known > EDITS {
                    break;
                }
                // What is kept is read without waiting for anything: the writer needs its turn.
                tokio::task::yield_now().await;
            }
        }
    });
    let writer = async {
        for version in 2..=EDITS + 1 {
            if version % 2 == 0 {
                other.pause_channel(&owner, key).await.unwrap();
            } else {
                other.resume_channel(&owner, key).await.unwrap();
            }
            committed.store(version, Ordering::SeqCst);
        }
    };
    tokio::join!(readers, writer);
});
