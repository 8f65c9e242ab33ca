//! The trail as people read it, and as an operator checks it against what was noted outside the database.

use backend::{Error, Unsound};
use domain::trail::{Outcome, Reason, TrailQuery};

use crate::support::{Bench, Typing as _, ksnet, live, named};

async fn actions(bench: &Bench, owner: &backend::Actor, query: &TrailQuery) -> Vec<String> {
    let page = bench.backend.trail(owner, query, 1).await.unwrap();
    page.items.into_iter().map(|entry| entry.action).collect()
}

fn only(ask: impl FnOnce(&mut TrailQuery)) -> TrailQuery {
    let mut query = TrailQuery::default();
    ask(&mut query);
    query
}

on_both_databases!(an_owner_reads_who_did_what_the_newest_first, |bench| async move {
    let owner = bench.an_owner_called("kim@example.com").await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let page = bench.backend.trail(&owner, &TrailQuery::default(), 1).await.unwrap();
    let newest = &page.items[0];
    assert_eq!((newest.member.as_str(), newest.action.as_str()), ("kim@example.com", "channel.added"));
    assert_eq!((newest.target.clone(), newest.outcome), (key.to_string(), Outcome::Done));
    assert_eq!(page.items.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [3, 2, 1]);
});

on_both_databases!(a_reason_that_was_given_is_kept_and_a_refusal_keeps_its_own, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let viewer = bench.a_member(&owner, "lee@example.com", "viewer").await;
    let why = Reason::parse(" 계약\t종료 ").unwrap();
    assert_is!(bench.backend.delete_channel(&viewer.because(why.clone()), key).await, Err(Error::Forbidden));
    bench.backend.delete_channel(&owner.clone().because(why), key).await.unwrap();
    let page = bench.backend.trail(&owner, &TrailQuery::default(), 1).await.unwrap();
    let told: Vec<_> = page.items.iter().take(2).map(|entry| (entry.outcome, entry.reason.as_str())).collect();
    assert_eq!(told, [(Outcome::Done, "계약 종료"), (Outcome::Refused, "forbidden")]);
    assert_eq!(bench.backend.verify_audit(bench.merchant_id(&owner).await).await.unwrap(), None);
});

on_both_databases!(an_owner_finds_entries_by_kind_person_target_outcome_and_day, |bench| async move {
    let owner = bench.an_owner_called("kim@example.com").await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let found = async |query| actions(&bench, &owner, &query).await;
    assert_eq!(found(only(|q| q.kind = "channel".into())).await, ["channel.added"]);
    assert_eq!(found(only(|q| q.who = "KIM@".into())).await.len(), 3);
    assert_eq!(found(only(|q| q.who = "lee".into())).await.len(), 0);
    assert_eq!(found(only(|q| q.target = key.to_string()[..20].to_owned())).await, ["channel.added"]);
    assert_eq!(found(only(|q| q.target = "%".into())).await.len(), 0);
    assert_eq!(found(only(|q| q.outcome = "refused".into())).await.len(), 0);
    assert_eq!(found(only(|q| (q.from, q.until) = ("2026-11-21".into(), "2026-11-21".into()))).await.len(), 3);
    assert_eq!(found(only(|q| q.until = "2026-11-20".into())).await.len(), 0);
});

on_both_databases!(a_trail_of_many_entries_is_read_in_pages, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    for _ in 0..30 {
        bench.backend.pause_channel(&owner, key).await.unwrap();
        bench.backend.resume_channel(&owner, key).await.unwrap();
    }
    let second = bench.backend.trail(&owner, &TrailQuery::default(), 2).await.unwrap();
    assert_eq!((second.total, second.pages, second.items.len()), (63, 2, 13));
});

on_both_databases!(nobody_but_owner_and_admin_reads_the_trail, |bench| async move {
    bench.an_owner_called("kim@example.com").await;
    for role in ["dev", "manager", "viewer"] {
        bench.sql(&format!("UPDATE members SET role = '{role}'")).await;
        let member = bench.actor_of("kim@example.com").await;
        assert_is!(bench.backend.trail(&member, &TrailQuery::default(), 1).await, Err(Error::Forbidden));
        assert_is!(bench.backend.trail_file(&member, &TrailQuery::default()).await, Err(Error::Forbidden));
    }
});

on_both_databases!(one_merchants_trail_is_not_anothers, |bench| async move {
    let (kim, lee) = (bench.an_owner_called("kim@example.com").await, bench.an_owner_called("lee@example.com").await);
    bench.add(&kim, ksnet("하나")).await;
    assert_eq!(actions(&bench, &lee, &only(|q| q.kind = "channel".into())).await, Vec::<String>::new());
});

on_both_databases!(who_looks_for_an_endless_word_finds_nothing, |bench| async move {
    let owner = bench.an_owner().await;
    let endless = "A_%".repeat(20_000);
    for query in [
        only(|q| q.kind.clone_from(&endless)),
        only(|q| q.who.clone_from(&endless)),
        only(|q| q.target.clone_from(&endless)),
    ] {
        assert_eq!(actions(&bench, &owner, &query).await, Vec::<String>::new());
    }
});

on_both_databases!(a_value_that_looks_like_a_formula_is_text_in_the_file, |bench| async move {
    let owner = bench.an_owner().await;
    for (number, mid) in ["+1", "-1", "@SUM(A1)"].into_iter().enumerate() {
        let form = named(&format!("채널 {number}")).mid(mid).field("api_key", "ksnet-api-key");
        bench.add(&owner, live("ksnet", form)).await;
    }
    let form = named("하나").mid("=cmd|'/c'!A1,\"x\"").field("api_key", "ksnet-api-key");
    let key = bench.add(&owner, live("ksnet", form)).await;
    bench.sql(&format!("UPDATE members SET email = '{}'", "=HYPERLINK(\"http://x\")")).await;
    let file = bench.backend.trail_file(&owner, &TrailQuery::default()).await.unwrap();
    let mut rows = csv::Reader::from_reader(file.trim_start_matches('\u{FEFF}').as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.unwrap()).collect();
    assert_eq!((&rows[0][5], &rows[0][6]), ("channel.added", key.to_string().as_str()));
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    assert!(!file.contains("ksnet-api-key"));
});

on_both_databases!(a_trail_that_reaches_what_was_noted_is_sound, |bench| async move {
    let owner = bench.an_owner().await;
    let noted = bench.backend.audit_heads().await.unwrap();
    bench.add(&owner, ksnet("하나")).await;
    let found = bench.backend.verify_trails(&noted).await.unwrap();
    assert_eq!((found.merchants, found.rows, found.unsound), (1, 3, vec![]));
});

on_both_databases!(a_tail_cut_together_with_its_head_is_found_by_what_was_noted, |bench| async move {
    let owner = bench.an_owner().await;
    let merchant = bench.merchant_id(&owner).await;
    let before = bench.backend.audit_heads().await.unwrap();
    bench.add(&owner, ksnet("하나")).await;
    let noted = bench.backend.audit_heads().await.unwrap();
    bench.let_rows_change().await;
    bench.sql("DELETE FROM audit_events WHERE seq = 3").await;
    let mac = if bench.backend.db().is_sqlite() {
        format!("x'{}'", before[0].mac)
    } else {
        format!("decode('{}', 'hex')", before[0].mac)
    };
    bench.sql(&format!("UPDATE audit_chains SET seq = 2, mac = {mac}")).await;
    assert_eq!(bench.backend.verify_trails(&[]).await.unwrap().unsound, [], "the database alone cannot tell");
    assert_eq!(bench.backend.verify_trails(&noted).await.unwrap().unsound, [(merchant, Unsound::Cut(3))]);
});

on_both_databases!(a_trail_that_is_gone_altogether_is_found_by_what_was_noted, |bench| async move {
    let owner = bench.an_owner().await;
    let merchant = bench.merchant_id(&owner).await;
    let noted = bench.backend.audit_heads().await.unwrap();
    bench.let_rows_change().await;
    bench.sql("DELETE FROM audit_events").await;
    bench.sql("DELETE FROM audit_chains").await;
    assert_eq!(bench.backend.verify_trails(&noted).await.unwrap().unsound, [(merchant, Unsound::Cut(2))]);
});

on_both_databases!(two_entries_that_changed_places_are_found, |bench| async move {
    let owner = bench.an_owner().await;
    let merchant = bench.merchant_id(&owner).await;
    bench.add(&owner, ksnet("하나")).await;
    bench.let_rows_change().await;
    bench.sql("UPDATE audit_events SET seq = -seq").await;
    bench.sql("UPDATE audit_events SET seq = CASE seq WHEN -2 THEN 3 WHEN -3 THEN 2 ELSE -seq END").await;
    assert_eq!(bench.backend.verify_trails(&[]).await.unwrap().unsound, [(merchant, Unsound::Row(2))]);
});

on_both_databases!(secrets_that_do_not_open_are_found, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.backend.pause_channel(&owner, key).await.unwrap();
    assert_eq!(bench.backend.verify_secrets().await.unwrap(), (2, vec![]));
    bench.sql("UPDATE channel_versions SET sealed_secrets = '{}' WHERE version = 1").await;
    assert_eq!(bench.backend.verify_secrets().await.unwrap(), (2, vec![(key, 1), (key, 2)]));
});
