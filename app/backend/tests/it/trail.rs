//! The audit trail and the payment core's change feed.

use backend::Error;
use domain::trail::{FieldChange, Trace};
use sea_orm::ConnectionTrait as _;

use crate::support::{Bench, Typing as _, ksnet, named};

/// Audit rows and feed events.
async fn written(bench: &Bench) -> (i64, i64) {
    (bench.count("audit_events").await, bench.count("config_events").await)
}

on_both_databases!(every_change_of_a_channel_leaves_one_audit_row_and_one_event, |bench| async move {
    let owner = bench.an_owner().await;
    let backend = &bench.backend;
    let (audit, events) = written(&bench).await;
    let key = bench.add(&owner, ksnet("하나")).await;
    assert_eq!(written(&bench).await, (audit + 1, events + 1));
    bench.edit(&owner, key, named("둘").mid("ks0001")).await.unwrap();
    assert_eq!(written(&bench).await, (audit + 2, events + 2));
    backend.pause_channel(&owner, key).await.unwrap();
    assert_eq!(written(&bench).await, (audit + 3, events + 3));
    backend.resume_channel(&owner, key).await.unwrap();
    assert_eq!(written(&bench).await, (audit + 4, events + 4));
    backend.delete_channel(&owner, key).await.unwrap();
    assert_eq!(written(&bench).await, (audit + 5, events + 5));
    backend.restore_channel(&owner, key).await.unwrap();
    assert_eq!(written(&bench).await, (audit + 6, events + 6));
});

on_both_databases!(each_change_is_called_by_its_name, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.edit(&owner, key, named("둘").mid("ks0001")).await.unwrap();
    bench.backend.pause_channel(&owner, key).await.unwrap();
    bench.backend.resume_channel(&owner, key).await.unwrap();
    bench.backend.delete_channel(&owner, key).await.unwrap();
    bench.backend.restore_channel(&owner, key).await.unwrap();
    let kinds = bench.event_kinds().await;
    let moves = ["CREATED", "CHANGED", "PAUSED", "RESUMED", "ARCHIVED", "RESTORED"];
    assert_eq!(kinds, moves.map(|kind| format!("CHANNEL_{kind}")));
    let actions = "SELECT action FROM audit_events WHERE target LIKE 'channel-key-%' ORDER BY seq";
    let moves = ["added", "edited", "paused", "resumed", "deleted", "restored"];
    assert_eq!(bench.values::<String>(actions).await, moves.map(|action| format!("channel.{action}")));
});

on_both_databases!(an_edit_is_told_by_what_was_and_what_is_and_of_secrets_only_that_they_are_set, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.edit(&owner, key, named("둘").mid("ks0001").field("api_key", "a-new-key")).await.unwrap();
    let details = bench.value::<String>("SELECT details FROM audit_events WHERE action = 'channel.edited'").await;
    let changes: Vec<FieldChange> = serde_json::from_str(&details).unwrap();
    let set = Some(Trace::Secret { fingerprint: None });
    assert_eq!(
        changes,
        [FieldChange::of_value("name", "하나", "둘").unwrap(), FieldChange::new("fields.api_key", set.clone(), set),]
    );
    assert!(!details.contains("a-new-key"));
});

on_both_databases!(whoever_may_not_is_refused_and_noted, |bench| async move {
    let owner = bench.an_owner_called("kim@example.com").await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.sql("UPDATE members SET role = 'viewer'").await;
    let viewer = bench.actor_of("kim@example.com").await;
    assert_is!(bench.backend.pause_channel(&viewer, key).await, Err(Error::Forbidden));
    assert_is!(bench.backend.add_channel(&viewer, ksnet("둘")).await, Err(Error::Forbidden));
    let refused = "SELECT action FROM audit_events WHERE outcome = 'refused' AND reason = 'forbidden' ORDER BY seq";
    assert_eq!(bench.values::<String>(refused).await, ["channel.paused", "channel.added"]);
    assert_eq!(bench.backend.channel(&viewer, key).await.unwrap().version, 1);
});

on_both_databases!(a_trail_written_before_it_told_of_refusals_is_still_sound, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("하나")).await;
    // As the columns were filled in when they came.
    bench.let_rows_change().await;
    bench.sql("UPDATE audit_events SET credential = NULL, outcome = 'done', reason = ''").await;
    assert_eq!(bench.backend.verify_audit(bench.merchant_id(&owner).await).await.unwrap(), None);
});

on_both_databases!(what_was_refused_leaves_nothing, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let before = written(&bench).await;
    assert_is!(bench.backend.add_channel(&owner, ksnet("하나")).await, Err(Error::Form(_)));
    assert_is!(bench.backend.resume_channel(&owner, key).await, Err(Error::WrongStatus));
    assert_is!(bench.edit(&owner, key, named("둘")).await, Err(Error::Form(_)));
    assert_eq!(written(&bench).await, before);
});

on_both_databases!(an_untouched_trail_is_sound, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("하나")).await;
    let merchant = bench.merchant_id(&owner).await;
    assert_eq!(bench.backend.verify_audit(merchant).await.unwrap(), None);
});

on_both_databases!(a_trail_is_sound_while_it_is_written, |bench| async move {
    let owner = bench.an_owner().await;
    let merchant = bench.merchant_id(&owner).await;
    let looks = bench
        .at_once(4, |backend, index| {
            let owner = owner.clone();
            async move {
                let mut found = Vec::new();
                for number in 0..25 {
                    if index == 0 {
                        backend.add_channel(&owner, ksnet(&format!("이름 {number}"))).await.unwrap();
                    } else {
                        found.push(backend.verify_audit(merchant).await.unwrap());
                    }
                }
                found
            }
        })
        .await;
    assert!(looks.concat().iter().all(Option::is_none), "{looks:?}");
});

on_both_databases!(a_row_that_was_changed_is_found, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("하나")).await;
    bench.let_rows_change().await;
    bench.sql("UPDATE audit_events SET action = 'member.logged_out' WHERE seq = 2").await;
    assert_eq!(bench.backend.verify_audit(bench.merchant_id(&owner).await).await.unwrap(), Some(2));
});

on_both_databases!(a_row_that_was_taken_out_is_found, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("하나")).await;
    bench.let_rows_change().await;
    bench.sql("DELETE FROM audit_events WHERE seq = 2").await;
    assert_eq!(bench.backend.verify_audit(bench.merchant_id(&owner).await).await.unwrap(), Some(2));
});

on_both_databases!(a_tail_that_was_cut_off_is_found, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("하나")).await;
    bench.let_rows_change().await;
    bench.sql("DELETE FROM audit_events WHERE seq = 3").await;
    assert_eq!(bench.backend.verify_audit(bench.merchant_id(&owner).await).await.unwrap(), Some(3));
});

on_both_databases!(a_head_that_was_taken_away_is_found, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("하나")).await;
    bench.let_rows_change().await;
    bench.sql("DELETE FROM audit_events WHERE seq = 3").await;
    bench.sql("DELETE FROM audit_chains").await;
    assert_eq!(bench.backend.verify_audit(bench.merchant_id(&owner).await).await.unwrap(), Some(3));
});

on_both_databases!(the_database_refuses_to_change_an_audit_row, |bench| async move {
    bench.an_owner().await;
    let before = bench.values::<String>("SELECT action FROM audit_events ORDER BY seq").await;
    let db = bench.backend.db().statement();
    let past_the_rows = if bench.backend.db().is_sqlite() {
        "INSERT OR REPLACE INTO audit_events SELECT * FROM audit_events"
    } else {
        "TRUNCATE audit_events"
    };
    for sql in ["UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events", past_the_rows] {
        assert!(db.execute_unprepared(sql).await.is_err(), "{sql}");
    }
    assert_eq!(bench.values::<String>("SELECT action FROM audit_events ORDER BY seq").await, before);
});

on_both_databases!(the_feed_is_numbered_without_gaps_however_many_write, |bench| async move {
    let owners = [bench.an_owner().await, bench.an_owner().await];
    bench
        .at_once(8, |backend, writer| {
            let owner = owners[writer % 2].clone();
            async move {
                for number in 0..5 {
                    backend.add_channel(&owner, ksnet(&format!("{writer}-{number}"))).await.unwrap();
                }
            }
        })
        .await;
    let numbers = bench.values::<i64>("SELECT seq FROM config_events ORDER BY seq").await;
    // Two merchants with their stores came first.
    assert_eq!(numbers, (1..=42).collect::<Vec<i64>>());
});

on_both_databases!(a_trail_that_many_wrote_at_once_is_sound, |bench| async move {
    let owner = bench.an_owner().await;
    bench
        .at_once(8, |backend, writer| {
            let owner = owner.clone();
            async move { backend.add_channel(&owner, ksnet(&format!("이름 {writer}"))).await.unwrap() }
        })
        .await;
    assert_eq!(bench.backend.verify_audit(bench.merchant_id(&owner).await).await.unwrap(), None);
    assert_eq!(bench.count("audit_events").await, 2 + 8);
});
