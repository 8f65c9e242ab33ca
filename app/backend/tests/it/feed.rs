//! Following the change feed, and beginning with a snapshot.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use backend::{Actor, Backend, Changes, CoreCaller, Error, Followed, SnapshotItem};
use domain::{
    channel::Status,
    id::{ChannelKey, StoreId},
    store::StoreForm,
};
use sea_orm::ConnectionTrait as _;
use tokio::time::{Instant, timeout};

use crate::support::{Bench, Typing as _, ksnet, named, shared_ksnet};

pub const AT_ONCE: Duration = Duration::ZERO;
const LONG: Duration = Duration::from_secs(20);

pub fn changes(followed: Followed) -> Changes {
    match followed {
        Followed::Changes(changes) => changes,
        other => panic!("no changes: {other:?}"),
    }
}

async fn after(bench: &Bench, seq: i64) -> Changes {
    changes(bench.backend.changes(bench.core().await, seq, AT_ONCE).await.unwrap())
}

/// Where the feed ends.
pub async fn end(bench: &Bench) -> i64 {
    bench.value("SELECT seq FROM feed_heads").await
}

pub async fn sub_store(bench: &Bench, owner: &Actor, tier_code: &str) -> StoreId {
    let form = StoreForm { name: tier_code.to_owned(), tier_code: tier_code.to_owned() };
    bench.backend.add_store(owner, form).await.unwrap()
}

/// What a core holds that takes every line.
pub async fn snapshot(bench: &Bench, core: &CoreCaller) -> (i64, Vec<SnapshotItem>) {
    let mut snapshot = bench.backend.begin_snapshot(core).await.unwrap();
    let mut items = Vec::new();
    loop {
        let page = bench.backend.snapshot_page(&mut snapshot).await.unwrap();
        if page.is_empty() {
            return (snapshot.seq, items);
        }
        items.extend(page);
    }
}

pub fn channels(items: &[SnapshotItem]) -> BTreeMap<ChannelKey, (i64, Status)> {
    let channel = |item: &SnapshotItem| match item {
        SnapshotItem::Channel(channel) => Some((channel.key, (channel.version, channel.status))),
        _ => None,
    };
    items.iter().filter_map(channel).collect()
}

on_both_databases!(a_change_is_told_with_whose_it_is_and_what_it_is_about, |bench| async move {
    let owner = bench.an_owner().await;
    let begin = end(&bench).await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let told = after(&bench, begin).await;
    let [event] = told.events.as_slice() else { panic!("{told:?}") };
    assert_eq!((event.seq, told.next, event.kind.as_str()), (begin + 1, begin + 1, "CHANNEL_CREATED"));
    assert_eq!((event.channel_key, event.version), (Some(key), Some(1)));
    assert_eq!(event.imp_code.to_string(), bench.imp_code(&owner).await);
    assert_eq!(event.store_id.unwrap().to_string(), bench.store_id(&owner).await);
    assert_eq!(after(&bench, told.next).await, Changes { events: Vec::new(), next: told.next });
});

on_both_databases!(a_new_merchant_and_a_sub_store_are_told_and_can_be_read, |bench| async move {
    let owner = bench.an_owner().await;
    let one = sub_store(&bench, &owner, "ONE").await;
    let told = after(&bench, 0).await.events;
    assert_eq!(told.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(), ["STORE_ADDED", "STORE_ADDED"]);
    let core = bench.core().await;
    let primary = bench.backend.core_store(core, told[0].store_id.unwrap()).await.unwrap();
    assert_eq!((primary.is_primary, primary.tier_code), (true, None));
    let store = bench.backend.core_store(core, one).await.unwrap();
    assert_eq!((store.is_primary, store.tier_code.as_deref()), (false, Some("ONE")));
    assert_eq!(store.imp_code.to_string(), bench.imp_code(&owner).await);
});

on_both_databases!(who_waits_is_woken_by_the_commit, |bench| async move {
    let owner = bench.an_owner().await;
    let begin = end(&bench).await;
    let (backend, core) = (Arc::clone(&bench.backend), bench.core().await.clone());
    let waiting = tokio::spawn(async move { backend.changes(&core, begin, LONG).await.unwrap() });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let since = Instant::now();
    let key = bench.add(&owner, ksnet("하나")).await;
    let told = changes(timeout(LONG / 2, waiting).await.expect("woken").unwrap());
    assert_eq!(told.events[0].channel_key, Some(key));
    assert!(since.elapsed() < Duration::from_secs(2), "{:?}", since.elapsed());
});

on_both_databases!(what_another_console_wrote_is_found_too, |bench| async move {
    let owner = bench.an_owner().await;
    let begin = end(&bench).await;
    let ring = backend::KeyRing::read(&bench.dir.path().join("keyring")).unwrap();
    let other = Bench::backend_with(&bench.url, ring, Arc::clone(&bench.clock)).await.unwrap();
    let (backend, core) = (Arc::clone(&bench.backend), bench.core().await.clone());
    let waiting = tokio::spawn(async move { backend.changes(&core, begin, LONG).await.unwrap() });
    tokio::time::sleep(Duration::from_millis(50)).await;
    other.add_channel(&owner, ksnet("하나")).await.unwrap();
    let told = changes(timeout(LONG / 2, waiting).await.expect("found").unwrap());
    assert_eq!(told.events.len(), 1);
});

/// Of PostgreSQL only: SQLite numbers an event within the transaction.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_a_console_left_without_a_number_when_it_died_is_told_once() {
    let Some(bench) = Bench::on_postgresql().await else { return };
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let begin = end(&bench).await;
    let columns = "at, kind, merchant_id, store_id, channel_id, version";
    let left = "SELECT at, 'LEFT', merchant_id, store_id, channel_id, version FROM config_events WHERE seq =";
    bench.sql(&format!("INSERT INTO unnumbered_events ({columns}) {left} {begin}")).await;
    assert!(after(&bench, begin).await.events.is_empty());
    let db = bench.backend.db();
    let (one, another) = tokio::join!(db.number_left_events(), db.number_left_events());
    assert!(one.is_ok() && another.is_ok());
    bench.backend.pause_channel(&owner, key).await.unwrap();
    let told = after(&bench, begin).await.events;
    let told: Vec<_> = told.iter().map(|event| (event.seq, event.kind.as_str())).collect();
    assert_eq!(told, [(begin + 1, "LEFT"), (begin + 2, "CHANNEL_PAUSED")]);
}

on_both_databases!(nobody_waits_while_the_console_stops, |bench| async move {
    let begin = end(&bench).await;
    let (backend, core) = (Arc::clone(&bench.backend), bench.core().await.clone());
    let waiting = tokio::spawn(async move { backend.changes(&core, begin, LONG).await.unwrap() });
    tokio::time::sleep(Duration::from_millis(50)).await;
    bench.backend.stop_waiting();
    let told = changes(timeout(LONG / 4, waiting).await.expect("answered").unwrap());
    assert_eq!(told, Changes { events: Vec::new(), next: begin });
    let since = Instant::now();
    bench.backend.changes(bench.core().await, begin, LONG).await.unwrap();
    assert!(since.elapsed() < LONG / 4);
});

on_both_databases!(a_number_that_no_event_had_is_refused, |bench| async move {
    let last = end(&bench).await;
    let told = bench.backend.changes(bench.core().await, last + 1, LONG).await.unwrap();
    assert_eq!(told, Followed::Beyond { last });
});

on_both_databases!(whoever_is_behind_the_cut_is_sent_to_the_snapshot, |bench| async move {
    let owner = bench.an_owner().await;
    let mut keys = Vec::new();
    for number in 0..4 {
        keys.push(bench.add(&owner, ksnet(&format!("{number}"))).await);
    }
    let last = end(&bench).await;
    bench.backend.cut_feed(last - 2).await.unwrap();
    let core = bench.core().await;
    for seq in [0, last - 3] {
        let told = bench.backend.changes(core, seq, LONG).await.unwrap();
        assert_eq!(told, Followed::UseSnapshot { compacted: last - 2 }, "{seq}");
    }
    assert_eq!(after(&bench, last - 2).await.events.len(), 2);
    bench.backend.cut_feed(last).await.unwrap();
    let told = bench.backend.changes(core, last - 1, LONG).await.unwrap();
    assert_eq!(told, Followed::UseSnapshot { compacted: last });
    assert!(after(&bench, last).await.events.is_empty());
    let (seq, items) = snapshot(&bench, core).await;
    assert_eq!(seq, last);
    keys.sort();
    assert_eq!(channels(&items).into_keys().collect::<Vec<_>>(), keys);
});

on_both_databases!(young_events_and_the_last_ones_are_kept, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("하나")).await;
    bench.clock.pass(time::Duration::days(30));
    bench.backend.sweep().await.unwrap();
    assert_eq!(after(&bench, 0).await.events.len(), 2);
    // 25,000 old events, without the work of making each.
    bench.sql("UPDATE feed_heads SET seq = 25000").await;
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 25000)";
    let row =
        "SELECT i, 0, 'CHANNEL_CHANGED', merchant_id, store_id, channel_id, 1 FROM n, config_events e WHERE e.seq = 2";
    let columns = "seq, at, kind, merchant_id, store_id, channel_id, version";
    bench.sql(&format!("INSERT INTO config_events ({columns}) {numbers} {row}")).await;
    bench.backend.sweep().await.unwrap();
    let core = bench.core().await;
    assert_eq!(bench.backend.changes(core, 0, AT_ONCE).await.unwrap(), Followed::UseSnapshot { compacted: 5_000 });
    assert_eq!(after(&bench, 5_000).await.events.len(), 500);
    assert_eq!(bench.count("config_events").await, 20_000);
});

on_both_databases!(a_snapshot_has_every_channel_in_every_status_and_every_store, |bench| async move {
    let owner = bench.an_owner().await;
    sub_store(&bench, &owner, "ONE").await;
    let active = bench.add(&owner, ksnet("하나")).await;
    let paused = bench.add(&owner, ksnet("둘")).await;
    bench.backend.pause_channel(&owner, paused).await.unwrap();
    let deleted = bench.add(&owner, shared_ksnet()).await;
    bench.backend.delete_channel(&owner, deleted).await.unwrap();
    let (seq, items) = snapshot(&bench, bench.core().await).await;
    assert_eq!(seq, end(&bench).await);
    let expected = [(active, (1, Status::Active)), (paused, (2, Status::Paused)), (deleted, (2, Status::Archived))];
    assert_eq!(channels(&items), BTreeMap::from(expected));
    let stores = items.iter().filter(|item| matches!(item, SnapshotItem::Store(_))).count();
    assert_eq!((stores, items.len()), (2, 5));
    let secret = items.iter().find_map(|item| match item {
        SnapshotItem::Channel(channel) if channel.key == paused => channel.secrets.get("api_key"),
        _ => None,
    });
    assert_eq!(secret.unwrap().expose(), "ksnet-api-key");
});

on_both_databases!(one_channel_that_cannot_be_read_does_not_keep_the_others_back, |bench| async move {
    let owner = bench.an_owner().await;
    let damaged = bench.add(&owner, ksnet("하나")).await;
    let sound = bench.add(&owner, ksnet("둘")).await;
    let id = damaged.uuid();
    let id = if bench.backend.db().is_sqlite() { format!("X'{}'", id.simple()) } else { format!("'{id}'") };
    bench.sql(&format!("UPDATE channel_versions SET sealed_secrets = '{{}}' WHERE channel_id = {id}")).await;
    let (_, items) = snapshot(&bench, bench.core().await).await;
    assert_eq!(channels(&items), BTreeMap::from([(sound, (1, Status::Active))]));
    assert!(items.iter().any(|item| matches!(item, SnapshotItem::Unreadable { key, version: 1 } if *key == damaged)));
    let wanted = [damaged, sound].map(|key| backend::Wanted { key, version: None });
    let read = bench.backend.core_channels(bench.core().await, &wanted).await.unwrap();
    assert_is!(&read[..], [Err(Error::Sealed), Ok(_)]);
});

on_both_databases!(many_channels_are_read_at_once_each_at_its_version, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.edit(&owner, key, named("둘").mid("ks0001")).await.unwrap();
    bench.edit(&owner, key, named("셋").mid("ks0001").field("api_key", "new")).await.unwrap();
    let nowhere = ChannelKey::new(uuid::Uuid::from_u128(7));
    let at = |key, version| backend::Wanted { key, version };
    let wanted = [at(key, Some(2)), at(nowhere, None), at(key, None), at(key, Some(9)), at(key, Some(1))];
    let read = bench.backend.core_channels(bench.core().await, &wanted).await.unwrap();
    let told: Vec<_> = read
        .iter()
        .map(|read| read.as_ref().ok().map(|c| (c.name.as_str(), c.version, c.secrets["api_key"].expose())))
        .collect();
    let (first, second, third) = (("하나", 1, "ksnet-api-key"), ("둘", 2, "ksnet-api-key"), ("셋", 3, "new"));
    assert_eq!(told, [Some(second), None, Some(third), None, Some(first)]);
});

// 8 writers, 2 readers, 10,000 events: a tenth of them by pausing and resuming, each in a commit of its own; the others,
// so that this takes seconds, nine to a transaction that takes its numbers in the same way.
on_both_databases!(no_reader_misses_or_repeats_an_event_however_many_write, |bench| async move {
    const WRITERS: usize = 8;
    const ROUNDS: usize = 125;
    const EVENTS: i64 = 10_000;
    let owners = [bench.an_owner().await, bench.an_owner().await];
    let core = bench.core().await.clone();
    let mut keys = Vec::new();
    for writer in 0..WRITERS {
        keys.push(bench.add(&owners[writer % 2], ksnet(&format!("{writer}"))).await);
    }
    let begin = end(&bench).await;
    let readers: Vec<_> = [0, 20]
        .into_iter()
        .map(|pause| {
            let (backend, core) = (Arc::clone(&bench.backend), core.clone());
            tokio::spawn(async move {
                let (mut seen, mut next) = (Vec::new(), begin);
                while next < begin + EVENTS {
                    let told = changes(backend.changes(&core, next, LONG).await.unwrap());
                    assert!(!told.events.is_empty(), "nothing came after {next}");
                    seen.extend(told.events.iter().map(|event| event.seq));
                    next = told.next;
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                }
                seen
            })
        })
        .collect();
    let written = bench.at_once(WRITERS, |backend, writer| {
        let (owner, key) = (owners[writer % 2].clone(), keys[writer]);
        async move {
            for round in 0..ROUNDS {
                if round % 2 == 0 {
                    backend.pause_channel(&owner, key).await.unwrap();
                } else {
                    backend.resume_channel(&owner, key).await.unwrap();
                }
                nine_events(&backend).await;
            }
        }
    });
    written.await;
    for reader in readers {
        let seen = timeout(LONG * 3, reader).await.expect("all of it came").unwrap();
        assert!(seen.into_iter().eq(begin + 1..=begin + EVENTS), "a gap, a repetition, or another order");
    }
});

async fn nine_events(backend: &Backend) {
    let txn = backend.db().write().await.unwrap();
    for _ in 0..9 {
        txn.execute_unprepared("UPDATE feed_heads SET seq = seq + 1 WHERE id = 1").await.unwrap();
        let columns = "seq, at, kind, merchant_id, store_id, channel_id, version";
        let row = "SELECT h.seq, 0, e.kind, e.merchant_id, e.store_id, e.channel_id, e.version \
                   FROM feed_heads h, config_events e WHERE e.seq = 1";
        txn.execute_unprepared(&format!("INSERT INTO config_events ({columns}) {row}")).await.unwrap();
    }
    txn.commit().await.unwrap();
}
