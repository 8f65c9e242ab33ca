//! What is sealed opens where it lies and nowhere else: another row's, another merchant's and an earlier state's are refused,
//! each with the same error.

use backend::Error;

use crate::{
    credentials::my_password,
    support::{Bench, PASSWORD, Typing as _, ksnet, live, named},
};

/// Gives every row the value that the next one has, in a table of a few rows.
async fn turn(bench: &Bench, table: &str, id: &str, columns: &[&str]) {
    let list = columns.join(", ");
    bench.sql("DROP TABLE IF EXISTS turned").await;
    bench
        .sql(&format!(
            "CREATE TABLE turned AS SELECT {id} AS turned_id, ROW_NUMBER() OVER (ORDER BY {id}) AS number, {list} FROM {table}"
        ))
        .await;
    let next = "FROM turned a JOIN turned b ON b.number = a.number % (SELECT COUNT(*) FROM turned) + 1";
    for column in columns {
        bench
            .sql(&format!("UPDATE {table} SET {column} = (SELECT b.{column} {next} WHERE a.turned_id = {table}.{id})"))
            .await;
    }
}

on_both_databases!(v1_secrets_of_two_merchants_do_not_open_when_swapped, |bench| async move {
    let (one, two) = (bench.an_owner().await, bench.an_owner().await);
    turn(&bench, "rest_api_keys", "merchant_id", &["sealed_secret"]).await;
    for owner in [&one, &two] {
        assert_is!(bench.backend.show_v1_secret(owner, "look", &my_password()).await, Err(Error::Sealed));
    }
    let unreadable = bench.backend.verify_sealed_blobs().await.unwrap();
    assert_eq!(unreadable.iter().find(|(what, ..)| *what == "V1 secrets").unwrap().2.len(), 2);
    turn(&bench, "rest_api_keys", "merchant_id", &["sealed_secret"]).await;
    assert!(bench.backend.show_v1_secret(&one, "look-again", &my_password()).await.is_ok(), "turned back, it opens");
});

on_both_databases!(a_v1_secret_from_before_a_reissue_does_not_come_back, |bench| async move {
    let owner = bench.an_owner().await;
    bench.sql("CREATE TABLE earlier AS SELECT sealed_secret FROM rest_api_keys").await;
    bench.backend.reissue_v1_secret(&owner, "again", &my_password()).await.unwrap();
    bench.sql("UPDATE rest_api_keys SET sealed_secret = (SELECT sealed_secret FROM earlier)").await;
    assert_is!(bench.backend.show_v1_secret(&owner, "look", &my_password()).await, Err(Error::Sealed));
});

on_both_databases!(drafts_do_not_open_for_another_member_or_form, |bench| async move {
    let (one, two) = (bench.an_owner().await, bench.an_owner().await);
    for owner in [&one, &two] {
        for form in ["channel-add", "channel-edit"] {
            bench.backend.keep_draft(owner, form, &named("하나").field("api_key", "secret")).await.unwrap();
        }
    }
    turn(&bench, "drafts", "id", &["sealed"]).await;
    for owner in [&one, &two] {
        for form in ["channel-add", "channel-edit"] {
            assert_is!(bench.backend.draft::<String>(owner, form).await, Err(Error::Sealed));
        }
    }
});

on_both_databases!(mails_do_not_carry_the_link_of_another, |bench| async move {
    for number in 0..4 {
        bench.sign_up(&format!("somebody{number}@example.com"), PASSWORD).await.unwrap();
    }
    turn(&bench, "outbox_mails", "id", &["sealed_payload"]).await;
    let unreadable = bench.backend.verify_sealed_blobs().await.unwrap();
    assert_eq!(unreadable.iter().find(|(what, ..)| *what == "mails").unwrap().2.len(), 4);
    assert!(bench.letters().await.iter().all(|letter| !letter.body.contains("token=")));
});

on_both_databases!(no_sealed_set_opens_anywhere_but_in_its_version_and_field, |bench| async move {
    let mut keys = Vec::new();
    for _ in 0..2 {
        let owner = bench.an_owner().await;
        for number in 0..2 {
            let form =
                named(&format!("채널 {number}")).mid("MOI0001").field("sign_key", "first").field("hash_key", "second");
            let key = bench.add(&owner, live("inicis_v2", form)).await;
            bench
                .edit(&owner, key, named(&format!("채널 {number}")).mid("MOI0001").field("sign_key", "third"))
                .await
                .unwrap();
            keys.push(key);
        }
    }
    // Two merchants, four channels, eight versions. First all of a set moves to the next row, then each part alone.
    for columns in [&["wrapped_key", "sealed_secrets"][..], &["wrapped_key"], &["sealed_secrets"]] {
        bench
            .sql("CREATE TABLE sound AS SELECT channel_id, version, wrapped_key, sealed_secrets FROM channel_versions")
            .await;
        let id = if bench.backend.db().is_sqlite() { "hex(channel_id)" } else { "channel_id::text" };
        bench.sql(&format!("ALTER TABLE channel_versions ADD COLUMN place_{} TEXT", columns.len())).await;
        let place = format!("place_{}", columns.len());
        bench.sql(&format!("UPDATE channel_versions SET {place} = {id} || '/' || version")).await;
        turn(&bench, "channel_versions", &place, columns).await;
        let (seen, unreadable) = bench.backend.verify_secrets().await.unwrap();
        assert_eq!((seen, unreadable.len()), (8, 8), "{columns:?}");
        for (key, version) in keys.iter().flat_map(|key| [(*key, 1), (*key, 2)]) {
            assert_is!(bench.core_channel(key, Some(version)).await, Err(Error::Sealed));
        }
        for column in ["wrapped_key", "sealed_secrets"] {
            bench
                .sql(&format!(
                    "UPDATE channel_versions SET {column} = (SELECT s.{column} FROM sound s \
                     WHERE s.channel_id = channel_versions.channel_id AND s.version = channel_versions.version)"
                ))
                .await;
        }
        bench.sql("DROP TABLE sound").await;
        bench.sql(&format!("ALTER TABLE channel_versions DROP COLUMN {place}")).await;
    }
    assert_eq!(bench.backend.verify_secrets().await.unwrap(), (8, vec![]), "all put back, all open");
});

on_both_databases!(verifying_counts_what_does_not_open, |bench| async move {
    let owner = bench.an_owner().await;
    for number in 0..3 {
        bench.add(&owner, ksnet(&format!("채널 {number}"))).await;
    }
    let bytes = if bench.backend.db().is_sqlite() { "zeroblob(61)" } else { "decode(repeat('00', 61), 'hex')" };
    bench.sql(&format!("UPDATE channel_versions SET wrapped_key = {bytes} WHERE name = '채널 1'")).await;
    let (seen, unreadable) = bench.backend.verify_secrets().await.unwrap();
    assert_eq!((seen, unreadable.len()), (3, 1));
});
