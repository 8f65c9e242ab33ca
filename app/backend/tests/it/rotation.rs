//! Another key for everything, while consoles serve: nothing is lost, nothing is unreadable to anybody who serves.

use std::{path::Path, sync::Arc, time::Duration};

use backend::{Backend, Error, KeyRing, Presented, Removed, RotationError, random::OsRandom};
use domain::{
    channel::{ChannelForm, Status},
    id::ChannelKey,
};
use sea_orm::QueryResult;

use crate::{
    credentials::{asked_for, my_password, shown, was_shown_before},
    support::{Bench, PASSWORD, Typing as _, ksnet, live, named},
};

/// Consoles of these tests take over a ring only when they are told to.
const NOW: Duration = Duration::ZERO;

fn ring_of(bench: &Bench) -> std::path::PathBuf {
    bench.dir.path().join("keyring")
}

/// Another process on the same database, with the key ring in `file`.
async fn another(bench: &Bench, file: &Path) -> backend::Result<Backend> {
    Bench::backend_with(&bench.url, KeyRing::read(file).unwrap(), Arc::clone(&bench.clock)).await
}

/// The same key ring on another machine: a copy, private as the original.
fn carry(from: &Path, to: &Path) {
    let _ = std::fs::remove_file(to);
    std::fs::copy(from, to).unwrap();
}

async fn pause(bench: &Bench, key: ChannelKey) -> Status {
    bench.core_channel(key, None).await.unwrap().status
}

async fn nothing_unsound(bench: &Bench) {
    assert_eq!(bench.backend.verify_trails(&[]).await.unwrap().unsound, []);
    assert_eq!(bench.backend.verify_secret_reads().await.unwrap().1, []);
    assert_eq!(bench.backend.verify_secrets().await.unwrap().1, []);
    for (what, _, unreadable) in bench.backend.verify_sealed_blobs().await.unwrap() {
        assert!(unreadable.is_empty(), "{what}");
    }
}

on_both_databases!(after_a_rotation_everything_opens_and_the_old_key_can_go, |bench| async move {
    let owner = bench.an_owner().await;
    let backend = &bench.backend;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.edit(&owner, key, named("하나").mid("ks0001").field("api_key", "second")).await.unwrap();
    bench.edit(&owner, key, named("둘").mid("ks0001")).await.unwrap();
    let v1 = shown(backend.show_v1_secret(&owner, "look-1", &my_password()).await);
    let v1_token = backend.v1_token(&v1.key, v1.secret.expose()).await.unwrap().access_token;
    let api = shown(backend.issue_api_secret(&owner, asked_for("하나", "click-1")).await).secret;
    let tokens = backend.log_in_api_secret(api.expose()).await.unwrap();
    let core = backend.create_core_token("core").await.unwrap().token;
    backend.keep_draft(&owner, "channel-add", &named("셋")).await.unwrap();
    // One mail that was promised and not sent yet.
    bench.letters().await;
    bench.sign_up("lee@example.com", PASSWORD).await.unwrap();

    let old = backend.key_ring().active_id().to_owned();
    let done = backend.rotate_key(NOW).await.unwrap();
    assert_eq!((done.resumed, &done.unreadable, &done.old), (false, &vec![], &vec![old.clone()]));
    // Two versions that hold secrets, the V1 secret, the draft, the mail.
    assert_eq!(done.rewrapped, 5);
    assert_eq!(backend.uses_of_key(&old).await.unwrap().sealed, []);

    let everything_works = async |bench: &Bench| {
        let backend = &bench.backend;
        assert_eq!(bench.secrets(key).await, [("api_key".to_owned(), "second".to_owned())]);
        assert_eq!(bench.core_channel(key, Some(1)).await.unwrap().secrets["api_key"].expose(), "ksnet-api-key");
        let again = backend.v1_token(&v1.key, v1.secret.expose()).await.unwrap().access_token;
        assert_eq!(again.expose(), v1_token.expose(), "the same token until it ends");
        backend.verify_credential(Presented::AccessToken(v1_token.expose())).await.unwrap();
        backend.verify_credential(Presented::AccessToken(tokens.access_token.expose())).await.unwrap();
        backend.verify_credential(Presented::ApiSecret(api.expose())).await.unwrap();
        assert_eq!(&*backend.core_caller(core.expose()).await.unwrap().name, "core");
        assert_eq!(backend.draft(&owner, "channel-add").await.unwrap(), Some(named("셋")));
        // The same click as before the rotation.
        assert!(was_shown_before(backend.issue_api_secret(&owner, asked_for("하나", "click-1")).await));
        nothing_unsound(bench).await;
    };
    everything_works(&bench).await;
    // Used once, credentials hang on the new key.
    let checked = backend.uses_of_key(&old).await.unwrap().checked;
    assert!(checked.iter().all(|(what, _)| !["API secrets", "core tokens"].contains(what)), "{checked:?}");

    assert_is!(backend.remove_key(&old, NOW).await, Ok(Removed::Checks(_)));
    assert!(!backend.key_ring().opens(&old));
    everything_works(&bench).await;
    assert_is!(backend.remove_key(&old, NOW).await, Err(RotationError::InUse { .. }));
    let bench = bench.restarted().await;
    everything_works(&bench).await;
    assert!(
        bench.letters().await.iter().any(|letter| letter.to == "lee@example.com" && letter.body.contains("token="))
    );
    assert_eq!(bench.trail_of("key.rotated").await, ["done"]);
    assert_eq!(bench.trail_of("key.removed").await, ["done"]);
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_sealed_names_the_old_key() {
    let bench = Bench::on_sqlite().await;
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("하나")).await;
    bench.backend.keep_draft(&owner, "channel-add", &named("셋")).await.unwrap();
    bench.sign_up("lee@example.com", PASSWORD).await.unwrap();
    let old = bench.backend.key_ring().active_id().to_owned();
    let naming = async || {
        let mut found = Vec::new();
        for table in bench.values::<String>("SELECT name FROM sqlite_schema WHERE type = 'table'").await {
            for column in bench.values::<String>(&format!("SELECT name FROM pragma_table_info('{table}')")).await {
                let hit = format!("instr(CAST(\"{column}\" AS BLOB), CAST('{old}' AS BLOB)) > 0");
                if bench.value::<i64>(&format!("SELECT COUNT(*) FROM \"{table}\" WHERE {hit}")).await > 0 {
                    found.push(format!("{table}.{column}"));
                }
            }
        }
        found.sort();
        found
    };
    let before = naming().await;
    assert!(before.contains(&"drafts.sealed".to_owned()) && before.contains(&"channel_versions.key_id".to_owned()));
    bench.backend.rotate_key(NOW).await.unwrap();
    // What is checked and never opened, and the trail's own word for it. A column that is missing in the rotation shows here.
    assert_eq!(
        naming().await,
        ["audit_events.details", "audit_events.key_id", "key_checks.key_id", "key_checks.sealed"]
    );
}

on_both_databases!(no_console_writes_what_another_that_serves_cannot_read, |bench| async move {
    let owner = bench.an_owner().await;
    let elsewhere = bench.dir.path().join("keyring-elsewhere");
    carry(&ring_of(&bench), &elsewhere);
    let other = another(&bench, &elsewhere).await.unwrap();
    other.begin_serving("other").await.unwrap();
    bench.backend.begin_serving("one").await.unwrap();
    let (mut count, core) = (0, bench.core().await);
    // Each reads what either has written.
    let mut both_write_and_read = async || {
        for writer in [&*bench.backend, &other] {
            count += 1;
            let key = writer.add_channel(&owner, ksnet(&format!("채널 {count}"))).await.unwrap().key;
            for reader in [&*bench.backend, &other] {
                assert!(!reader.core_channel(core, key, Some(1)).await.unwrap().secrets.is_empty());
            }
        }
    };
    let take_over = async |backend: &Backend, name: &str| {
        backend.refresh_key_ring().unwrap();
        backend.note_console(name).await.unwrap();
    };
    let here = ring_of(&bench);
    both_write_and_read().await;
    assert_is!(bench.backend.rotate_key(NOW).await, Err(RotationError::NotEverywhere { .. }));
    both_write_and_read().await;
    take_over(&bench.backend, "one").await;
    assert_is!(bench.backend.rotate_key(NOW).await, Err(RotationError::NotEverywhere { .. }));
    carry(&here, &elsewhere);
    take_over(&other, "other").await;
    both_write_and_read().await;
    // It is active here, and not yet there.
    assert_is!(bench.backend.rotate_key(NOW).await, Err(RotationError::NotActive { .. }));
    take_over(&bench.backend, "one").await;
    both_write_and_read().await;
    carry(&here, &elsewhere);
    take_over(&other, "other").await;
    both_write_and_read().await;
    let done = bench.backend.rotate_key(NOW).await.unwrap();
    assert!(done.resumed && done.unreadable.is_empty());
    both_write_and_read().await;
    assert_eq!(bench.backend.uses_of_key(&done.old[0]).await.unwrap().sealed, []);
    bench.backend.remove_key(&done.old[0], NOW).await.unwrap();
    both_write_and_read().await;
    nothing_unsound(&bench).await;
});

on_both_databases!(a_process_without_the_active_key_does_not_start, |bench| async move {
    let before = bench.dir.path().join("keyring-before");
    carry(&ring_of(&bench), &before);
    bench.backend.rotate_key(NOW).await.unwrap();
    assert_is!(another(&bench, &before).await, Err(Error::Sealed));
    assert!(another(&bench, &ring_of(&bench)).await.is_ok());
});

on_both_databases!(a_key_in_use_is_not_removed, |bench| async move {
    let owner = bench.an_owner().await;
    bench.add(&owner, ksnet("하나")).await;
    let backend = &bench.backend;
    let old = backend.key_ring().active_id().to_owned();
    assert_is!(backend.remove_key(&old, NOW).await, Err(RotationError::Active(_)));
    assert_is!(backend.remove_key("k00000000", NOW).await, Err(RotationError::Unknown(_)));
    // A row that no key opens any more; which key it hung on is still on record.
    let bytes = if backend.db().is_sqlite() { "zeroblob(61)" } else { "decode(repeat('00', 61), 'hex')" };
    bench.sql(&format!("UPDATE channel_versions SET wrapped_key = {bytes}")).await;
    assert_eq!(backend.rotate_key(NOW).await.unwrap().unreadable.len(), 1);
    let refused = backend.remove_key(&old, NOW).await.unwrap_err();
    assert_eq!(refused.to_string(), format!("key {old} is still in use: 1 channel versions"));
    assert!(backend.key_ring().opens(&old), "it is still there");
});

on_both_databases!(reads_and_writes_go_on_while_keys_are_rotated, |bench| async move {
    let owner = bench.an_owner().await;
    let mut keys = Vec::new();
    for number in 0..60 {
        keys.push(bench.add(&owner, ksnet(&format!("채널 {number}"))).await);
    }
    let v1 = shown(bench.backend.show_v1_secret(&owner, "look", &my_password()).await);
    // The rotation is another process; it sees that this one serves, and waits for it.
    bench.backend.begin_serving("console").await.unwrap();
    let other = another(&bench, &ring_of(&bench)).await.unwrap();
    let rotation = tokio::spawn(async move {
        let done = other.rotate_key(Duration::from_secs(20)).await?;
        other.remove_key(&done.old[0], Duration::from_secs(20)).await?;
        Ok::<_, RotationError>(done)
    });
    let (mut rounds, core) = (0, bench.core().await);
    while !rotation.is_finished() || rounds < 3 {
        rounds += 1;
        bench.backend.refresh_key_ring().unwrap();
        bench.backend.note_console("console").await.unwrap();
        for (number, key) in keys.iter().enumerate().skip(rounds % 7).step_by(7) {
            assert_eq!(
                bench.backend.core_channel(core, *key, Some(1)).await.unwrap().secrets["api_key"].expose(),
                "ksnet-api-key"
            );
            let form = named(&format!("채널 {number}")).mid("ks0001").field("api_key", &format!("key {rounds}"));
            bench.edit(&owner, *key, form).await.unwrap();
            assert_eq!(bench.secrets(*key).await, [("api_key".to_owned(), format!("key {rounds}"))]);
        }
        bench.backend.v1_token(&v1.key, v1.secret.expose()).await.unwrap();
    }
    let done = rotation.await.unwrap().unwrap();
    assert!(done.rewrapped >= 61 && done.unreadable.is_empty(), "{done:?}");
    nothing_unsound(&bench).await;
});

on_both_databases!(a_rotation_that_was_cut_short_goes_on, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, live("inicis_v2", named("하나").mid("MOI0001").field("sign_key", "a-key"))).await;
    let before = bench.dir.path().join("keyring-before");
    carry(&ring_of(&bench), &before);
    bench.backend.rotate_key(NOW).await.unwrap();
    // As it is left when the power goes right after the new key became active: the mark is there, rows hang on the old.
    let file = ring_of(&bench);
    let text = std::fs::read_to_string(&file).unwrap();
    let active = text.lines().find_map(|line| line.strip_prefix("active ")).unwrap().to_owned();
    let marked = text.replace(&format!("active {active}\n"), &format!("active {active}\nnext {active}\n"));
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, marked).unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o400)).unwrap();
    bench.backend.refresh_key_ring().unwrap();
    let old = KeyRing::read(&before).unwrap().active_id().to_owned();
    assert_is!(bench.backend.remove_key(&old, NOW).await, Err(RotationError::Unfinished));
    let done = bench.backend.rotate_key(NOW).await.unwrap();
    assert_eq!((done.resumed, done.key_id), (true, active));
    assert_eq!(bench.secrets(key).await, [("sign_key".to_owned(), "a-key".to_owned())]);
});

on_both_databases!(a_foreign_ring_put_in_place_is_not_taken_over, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    std::fs::remove_file(ring_of(&bench)).unwrap();
    KeyRing::generate(&OsRandom).write(&ring_of(&bench)).unwrap();
    assert!(bench.backend.refresh_key_ring().is_err());
    assert_eq!(pause(&bench, key).await, Status::Active);
    assert!(!bench.secrets(key).await.is_empty());
});

on_both_databases!(a_database_whose_key_checks_were_taken_away_takes_no_fresh_key, |bench| async move {
    bench.an_owner().await;
    bench.sql("DELETE FROM key_checks").await;
    let fresh = KeyRing::generate(&OsRandom);
    assert_is!(Bench::backend_with(&bench.url, fresh, Arc::clone(&bench.clock)).await, Err(Error::Sealed));
});

/// A column of bytes of every row.
fn bytes(rows: &[QueryResult], column: usize) -> Vec<Vec<u8>> {
    rows.iter().filter_map(|row| row.try_get_by_index::<Option<Vec<u8>>>(column).unwrap()).collect()
}

/// Format byte, nonce, what is sealed in blocks of 64, tag.
fn is_padded(blob: &[u8]) -> bool {
    blob.first() == Some(&1) && blob.len() > 29 && (blob.len() - 29).is_multiple_of(64)
}

fn is_wrapped_key(blob: &[u8]) -> bool {
    blob.first() == Some(&1) && blob.len() == 1 + 12 + 32 + 16
}

/// Key id, wrapped key and value, each behind its length.
fn is_one_blob(mut blob: &[u8]) -> bool {
    let mut parts = Vec::new();
    while let Some((length, rest)) = blob.split_first_chunk::<4>() {
        let Some((part, rest)) = rest.split_at_checked(u32::from_be_bytes(*length) as usize) else { return false };
        parts.push(part);
        blob = rest;
    }
    matches!(parts.as_slice(), [id, key, value] if id.len() == 9 && is_wrapped_key(key) && is_padded(value))
}

on_both_databases!(everything_sealed_looks_the_same_whatever_its_length, |bench| async move {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let owner = bench.an_owner().await;
    for (number, length) in [1, 6, 59, 60, 61, 124, 125, 400].into_iter().enumerate() {
        let form: ChannelForm = named(&format!("채널 {number}")).mid("MOI0001").field("sign_key", &"x".repeat(length));
        bench.add(&owner, live("inicis_v2", form)).await;
        bench.backend.keep_draft(&owner, &format!("form-{number}"), &"y".repeat(length)).await.unwrap();
        bench.sign_up(&format!("somebody{number}@example.com"), PASSWORD).await.unwrap();
    }
    let versions = bench.rows("SELECT wrapped_key FROM channel_versions WHERE key_id IS NOT NULL").await;
    let wrapped = bytes(&versions, 0);
    assert!(wrapped.len() == 8 && wrapped.iter().all(|blob| is_wrapped_key(blob)));
    for json in bench.values::<String>("SELECT sealed_secrets FROM channel_versions").await {
        let sealed: std::collections::BTreeMap<String, String> = serde_json::from_str(&json).unwrap();
        assert!(!sealed.is_empty());
        for text in sealed.values() {
            assert!(is_padded(&STANDARD.decode(text).unwrap()), "{text}");
        }
    }
    let blobs = [
        "SELECT sealed FROM drafts",
        "SELECT sealed_secret FROM rest_api_keys",
        "SELECT sealed FROM key_checks",
        "SELECT sealed_payload FROM outbox_mails",
    ];
    for sql in blobs {
        let found = bytes(&bench.rows(sql).await, 0);
        assert!(!found.is_empty() && found.iter().all(|blob| is_one_blob(blob)), "{sql}");
    }
});
