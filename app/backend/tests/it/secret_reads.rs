//! Who read which channel's secrets.

use backend::{CoreCaller, Unsound, Wanted};
use domain::receipt::SecretRead;
use sea_orm::ConnectionTrait as _;

use crate::support::{Bench, ksnet, shared_ksnet};

async fn core_called(bench: &Bench, name: &str, node: &str) -> CoreCaller {
    let made = bench.backend.create_core_token(name).await.unwrap();
    bench.backend.core_caller(made.token.expose()).await.unwrap().called(node).unwrap()
}

on_both_databases!(reads_are_summed_up_by_minute_channel_and_core, |bench| async move {
    let owner = bench.an_owner().await;
    let (key, other) = (bench.add(&owner, ksnet("하나")).await, bench.add(&owner, ksnet("둘")).await);
    let (seoul, busan) = (core_called(&bench, "서울", "seoul-1").await, core_called(&bench, "부산", "busan-1").await);
    for _ in 0..3 {
        bench.backend.core_channel(&seoul, key, None).await.unwrap();
    }
    bench.backend.core_channel(&seoul, other, None).await.unwrap();
    bench.clock.pass(time::Duration::MINUTE);
    let wanted = [Wanted { key, version: Some(1) }, Wanted { key, version: None }];
    bench.backend.core_channels(&busan, &wanted).await.unwrap();
    assert!(bench.backend.secret_reads(&owner, key).await.unwrap().is_empty(), "not written down yet");
    // Minutes that are over, then all.
    bench.backend.write_past_secret_reads().await.unwrap();
    assert_eq!(bench.count("secret_reads").await, 1, "one row for both channels");
    bench.backend.write_secret_reads().await.unwrap();
    let told = bench.backend.secret_reads(&owner, key).await.unwrap();
    let minute = told[1].minute;
    assert_eq!(minute % 60_000, 0);
    let read =
        |minute, core: &str, node: &str, count| SecretRead { minute, core: core.into(), node: node.into(), count };
    assert_eq!(told, [read(minute + 60_000, "부산", "busan-1", 2), read(minute, "서울", "seoul-1", 3)]);
    assert_eq!(bench.backend.secret_reads(&owner, other).await.unwrap()[0].count, 1);
    bench.backend.write_secret_reads().await.unwrap();
    assert_eq!(bench.count("secret_reads").await, 2, "written down once");
    let used = bench.values::<i64>("SELECT last_used_at FROM core_tokens WHERE last_used_at IS NOT NULL").await;
    assert_eq!(used.len(), 2);
});

on_both_databases!(a_read_is_told_for_a_week_also_where_its_row_is_of_before_they_were_summed_up, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.core_channel(key, None).await.unwrap();
    bench.backend.write_secret_reads().await.unwrap();
    let columns = "merchant_id, seq, minute_at, channel_id, core_kid, node, reads, previous_mac, key_id, mac";
    let before = "SELECT r.merchant_id, 2, r.minute_at - 60000, c.id, 'kid-1', 'busan-1', 7, r.mac, r.key_id, r.mac";
    bench.sql(&format!("INSERT INTO secret_reads ({columns}) {before} FROM secret_reads r, channels c")).await;
    let told = bench.backend.secret_reads(&owner, key).await.unwrap();
    assert_eq!(told.iter().map(|read| read.count).collect::<Vec<_>>(), [1, 7]);
    bench.clock.pass(time::Duration::days(7) + time::Duration::MINUTE);
    assert_eq!(bench.backend.secret_reads(&owner, key).await.unwrap(), []);
});

on_both_databases!(a_snapshot_is_a_read_of_every_secret_in_it, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let shared = bench.add(&owner, shared_ksnet()).await;
    let mut snapshot = bench.backend.begin_snapshot(bench.core().await).await.unwrap();
    while !bench.backend.snapshot_page(&mut snapshot).await.unwrap().is_empty() {}
    bench.backend.write_secret_reads().await.unwrap();
    assert_eq!(bench.backend.secret_reads(&owner, key).await.unwrap().len(), 1);
    assert!(bench.backend.secret_reads(&owner, shared).await.unwrap().is_empty(), "it has no secrets");
});

on_both_databases!(who_read_what_cannot_be_changed_unseen, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    for _ in 0..3 {
        bench.core_channel(key, None).await.unwrap();
        bench.backend.write_secret_reads().await.unwrap();
    }
    assert_eq!(bench.backend.verify_secret_reads().await.unwrap(), (3, Vec::new()));
    let db = bench.backend.db().statement();
    for sql in ["UPDATE secret_reads SET reads = 9", "DELETE FROM secret_reads"] {
        assert!(db.execute_unprepared(sql).await.is_err(), "{sql}");
    }
    if bench.backend.db().is_sqlite() {
        bench.sql("DROP TRIGGER secret_reads_no_update").await;
        bench.sql("DROP TRIGGER secret_reads_no_delete").await;
    } else {
        bench.sql("DROP TRIGGER secret_reads_append_only ON secret_reads").await;
    }
    let merchant = bench.merchant_id(&owner).await;
    bench.sql("UPDATE secret_reads SET reads = 9 WHERE seq = 2").await;
    assert_eq!(bench.backend.verify_secret_reads().await.unwrap().1, [(merchant, Unsound::Row(2))]);
    bench.sql("UPDATE secret_reads SET reads = 1 WHERE seq = 2").await;
    bench.sql("DELETE FROM secret_reads WHERE seq = 3").await;
    assert_eq!(bench.backend.verify_secret_reads().await.unwrap().1, [(merchant, Unsound::Row(3))]);
});

on_both_databases!(what_could_not_be_written_down_is_kept, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.core_channel(key, None).await.unwrap();
    bench.sql("ALTER TABLE secret_reads RENAME TO elsewhere").await;
    assert!(bench.backend.write_secret_reads().await.is_err());
    bench.core_channel(key, None).await.unwrap();
    bench.sql("ALTER TABLE elsewhere RENAME TO secret_reads").await;
    bench.backend.write_secret_reads().await.unwrap();
    assert_eq!(bench.backend.secret_reads(&owner, key).await.unwrap()[0].count, 2);
    assert_eq!(bench.backend.verify_secret_reads().await.unwrap(), (1, Vec::new()));
});
