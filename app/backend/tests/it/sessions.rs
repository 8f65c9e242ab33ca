//! Sessions as the cookie's store keeps them.

use std::collections::HashMap;

use backend::sessions::keys;
use domain::clock::Clock as _;
use time::Duration;
use tower_sessions::{
    SessionStore as _,
    session::{Id, Record},
};

/// Ends in an hour.
fn session(bench: &crate::support::Bench) -> Record {
    let data = HashMap::from([("who".to_owned(), "me".into())]);
    Record { id: Id::default(), data, expiry_date: bench.clock.now() + Duration::HOUR }
}

on_both_databases!(a_session_is_found_again_by_its_cookie, |bench| async move {
    let mut record = session(&bench);
    bench.backend.sessions().create(&mut record).await.unwrap();
    assert_eq!(bench.backend.sessions().load(&record.id).await.unwrap(), Some(record));
});

on_both_databases!(a_copy_of_the_table_opens_no_session, |bench| async move {
    let mut record = session(&bench);
    bench.backend.sessions().create(&mut record).await.unwrap();
    let id = record.id;
    for shape in [id.to_string().as_bytes(), &id.0.to_le_bytes(), &id.0.to_be_bytes(), id.0.to_string().as_bytes()] {
        assert!(!bench.stores(shape).await, "{shape:?}");
    }
});

on_both_databases!(what_a_page_saves_is_there_at_the_next, |bench| async move {
    let mut record = session(&bench);
    let sessions = bench.backend.sessions();
    sessions.create(&mut record).await.unwrap();
    record.data.insert("theme".to_owned(), "dark".into());
    sessions.save(&record).await.unwrap();
    assert_eq!(sessions.load(&record.id).await.unwrap(), Some(record));
});

on_both_databases!(a_page_that_was_loading_at_log_out_does_not_bring_the_session_back, |bench| async move {
    let mut record = session(&bench);
    let sessions = bench.backend.sessions();
    sessions.create(&mut record).await.unwrap();
    sessions.delete(&record.id).await.unwrap();
    sessions.save(&record).await.unwrap();
    assert_eq!(sessions.load(&record.id).await.unwrap(), None);
});

on_both_databases!(two_sessions_never_share_an_id, |bench| async move {
    let mut first = session(&bench);
    let sessions = bench.backend.sessions();
    sessions.create(&mut first).await.unwrap();
    let mut second = first.clone();
    sessions.create(&mut second).await.unwrap();
    assert_ne!(first.id, second.id);
});

on_both_databases!(an_expired_session_is_not_found, |bench| async move {
    let mut record = session(&bench);
    bench.backend.sessions().create(&mut record).await.unwrap();
    bench.clock.pass(Duration::HOUR);
    assert_eq!(bench.backend.sessions().load(&record.id).await.unwrap(), None);
});

/// A session of somebody who logged in just now; the cookie's layer has its own idea of its end.
fn logged_in(bench: &crate::support::Bench) -> Record {
    let data = HashMap::from([(keys::LOGGED_IN_AT.to_owned(), bench.backend.now_ms().into())]);
    Record { id: Id::default(), data, expiry_date: bench.clock.now() + Duration::days(400) }
}

on_both_databases!(a_session_ends_after_30_minutes_of_silence_to_the_second, |bench| async move {
    let sessions = bench.backend.sessions();
    let mut record = logged_in(&bench);
    sessions.create(&mut record).await.unwrap();
    bench.clock.pass(Duration::minutes(30) - Duration::SECOND);
    assert!(sessions.load(&record.id).await.unwrap().is_some());
    sessions.save(&record).await.unwrap();
    bench.clock.pass(Duration::minutes(30) - Duration::SECOND);
    assert!(sessions.load(&record.id).await.unwrap().is_some(), "it was used in between");
    bench.clock.pass(Duration::SECOND);
    assert!(sessions.load(&record.id).await.unwrap().is_none());
    sessions.save(&record).await.unwrap();
    assert_eq!(sessions.sweep().await.unwrap(), 0, "a request that was under way had it still");
});

on_both_databases!(a_session_ends_8_hours_after_its_login_however_busy, |bench| async move {
    let sessions = bench.backend.sessions();
    let mut record = logged_in(&bench);
    sessions.create(&mut record).await.unwrap();
    for _ in 0..8 * 60 - 1 {
        bench.clock.pass(Duration::MINUTE);
        sessions.save(&record).await.unwrap();
    }
    bench.clock.pass(Duration::seconds(59));
    sessions.save(&record).await.unwrap();
    assert!(sessions.load(&record.id).await.unwrap().is_some());
    bench.clock.pass(Duration::SECOND);
    assert!(sessions.load(&record.id).await.unwrap().is_none());
    sessions.save(&record).await.unwrap();
    assert!(sessions.load(&record.id).await.unwrap().is_none(), "no request brings it back");
});

on_both_databases!(sweeping_takes_the_expired_sessions_only, |bench| async move {
    let sessions = bench.backend.sessions();
    let mut old = session(&bench);
    sessions.create(&mut old).await.unwrap();
    bench.clock.pass(Duration::HOUR);
    let mut new = session(&bench);
    sessions.create(&mut new).await.unwrap();
    assert_eq!(sessions.sweep().await.unwrap(), 1);
    assert_eq!(sessions.load(&new.id).await.unwrap(), Some(new));
});
