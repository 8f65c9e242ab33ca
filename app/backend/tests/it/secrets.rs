//! A PG's secrets: written once, read by the payment core only.

use backend::Error;
use domain::{
    channel::{ChannelForm, view::FieldState},
    form::ErrorCode,
    id::ChannelKey,
};

use crate::support::{Bench, Typing as _, beside, ksnet, live, named, of_one_click};

const SIGN_KEY: &str = "canary-SIGN-KEY-that-is-long-enough";
const HASH_KEY: &str = "canary-HASH-KEY";

/// A channel with a secret it needs and one it may have.
fn inicis() -> ChannelForm {
    named("이니시스").mid("MOI0001").field("sign_key", SIGN_KEY).field("hash_key", HASH_KEY)
}

/// The form as the edit page shows it: the secrets blank.
fn unchanged() -> ChannelForm {
    named("이니시스").mid("MOI0001")
}

fn both() -> Vec<(String, String)> {
    pairs([("hash_key", HASH_KEY), ("sign_key", SIGN_KEY)])
}

fn pairs<const N: usize>(secrets: [(&str, &str); N]) -> Vec<(String, String)> {
    secrets.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec()
}

/// Spoils what is sealed, as a broken disk would.
async fn damage(bench: &Bench) {
    let bytes = if bench.backend.db().is_sqlite() { "zeroblob(61)" } else { "decode(repeat('00', 61), 'hex')" };
    bench.sql(&format!("UPDATE channel_versions SET wrapped_key = {bytes} WHERE wrapped_key IS NOT NULL")).await;
}

async fn unreadable(bench: &Bench, key: ChannelKey) -> bool {
    matches!(bench.core_channel(key, None).await, Err(Error::Sealed))
}

on_both_databases!(a_rename_keeps_the_secrets_where_they_are_sealed, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, live("inicis_v2", inicis())).await;
    bench.edit(&owner, key, named("새 이름").mid("MOI0001")).await.unwrap();
    assert_eq!(bench.secrets(key).await, both());
    assert_eq!(bench.value::<i64>("SELECT secrets_of FROM channel_versions WHERE version = 2").await, 1);
});

on_both_databases!(a_blank_secret_keeps_the_stored_one_beside_a_new_one, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, live("inicis_v2", inicis())).await;
    bench.edit(&owner, key, unchanged().field("hash_key", "new")).await.unwrap();
    assert_eq!(bench.secrets(key).await, pairs([("hash_key", "new"), ("sign_key", SIGN_KEY)]));
});

on_both_databases!(a_payment_of_yesterday_reads_the_secrets_of_yesterday, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, live("inicis_v2", inicis())).await;
    bench.edit(&owner, key, unchanged().field("sign_key", "new")).await.unwrap();
    let before = bench.core_channel(key, Some(1)).await.unwrap();
    assert_eq!(before.secrets["sign_key"].expose(), SIGN_KEY);
});

on_both_databases!(an_optional_secret_can_be_cleared, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, live("inicis_v2", inicis())).await;
    bench.edit(&owner, key, unchanged().clearing("hash_key")).await.unwrap();
    assert_eq!(bench.secrets(key).await, pairs([("sign_key", SIGN_KEY)]));
});

on_both_databases!(a_secret_that_is_needed_cannot_be_cleared, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, live("inicis_v2", inicis())).await;
    let cleared = bench.edit(&owner, key, unchanged().clearing("sign_key")).await;
    assert_eq!(beside("fields.sign_key", cleared), Some(ErrorCode::Required));
});

on_both_databases!(another_mid_asks_for_what_it_needs_again, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, live("inicis_v2", inicis())).await;
    let moved = bench.edit(&owner, key, unchanged().mid("MOI0002")).await;
    assert_eq!(beside("fields.sign_key", moved), Some(ErrorCode::Required));
});

on_both_databases!(another_mid_drops_the_secrets_of_the_old_one, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, live("inicis_v2", inicis())).await;
    bench.edit(&owner, key, unchanged().mid("MOI0002").field("sign_key", "its own")).await.unwrap();
    assert_eq!(bench.secrets(key).await, pairs([("sign_key", "its own")]));
});

on_both_databases!(going_back_to_the_old_mid_does_not_bring_its_secrets_back, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, live("inicis_v2", inicis())).await;
    bench.edit(&owner, key, unchanged().mid("MOI0002").field("sign_key", "its own")).await.unwrap();
    bench.edit(&owner, key, unchanged().field("sign_key", "typed again")).await.unwrap();
    assert_eq!(bench.secrets(key).await, pairs([("sign_key", "typed again")]));
});

on_both_databases!(a_secret_whose_use_is_given_up_goes_with_it, |bench| async move {
    let owner = bench.an_owner().await;
    let form = unchanged().field("sign_key", SIGN_KEY).using("recurring").field("inilite_key", "lite");
    let key = bench.add(&owner, live("inicis_v2", form)).await;
    bench.edit(&owner, key, unchanged()).await.unwrap();
    assert_eq!(bench.secrets(key).await, pairs([("sign_key", SIGN_KEY)]));
});

on_both_databases!(only_a_long_secret_has_a_fingerprint, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, live("inicis_v2", inicis())).await;
    let shown = bench.backend.channel(&owner, key).await.unwrap();
    let fingerprint = |key: &str| match &shown.fields.iter().find(|f| f.key.as_str() == key).unwrap().state {
        FieldState::Set { fingerprint, .. } => fingerprint.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(fingerprint("sign_key").unwrap().len(), 8);
    assert_eq!(fingerprint("hash_key"), None);
});

on_both_databases!(a_secret_lies_nowhere_in_the_database, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, of_one_click(live("inicis_v2", inicis()), "click-0000000001")).await;
    bench.edit(&owner, key, unchanged().field("hash_key", "canary-OF-AN-EDIT")).await.unwrap();
    bench.backend.keep_draft(&owner, "channel-add", &inicis().field("sign_key", "canary-OF-A-DRAFT")).await.unwrap();
    assert!(bench.stores("이니시스".as_bytes()).await, "the search finds what is there");
    for secret in [SIGN_KEY, HASH_KEY, "canary-OF-AN-EDIT", "canary-OF-A-DRAFT"] {
        assert!(!bench.stores(secret.as_bytes()).await, "{secret}");
    }
});

on_both_databases!(sealed_secrets_swapped_between_two_channels_do_not_open, |bench| async move {
    let owner = bench.an_owner().await;
    let one = bench.add(&owner, ksnet("하나")).await;
    let two = bench.add(&owner, ksnet("둘")).await;
    bench.sql("CREATE TABLE copied AS SELECT name, wrapped_key, sealed_secrets FROM channel_versions").await;
    bench
        .sql(
            "UPDATE channel_versions SET \
             wrapped_key = (SELECT c.wrapped_key FROM copied c WHERE c.name <> channel_versions.name), \
             sealed_secrets = (SELECT c.sealed_secrets FROM copied c WHERE c.name <> channel_versions.name)",
        )
        .await;
    assert!(unreadable(&bench, one).await && unreadable(&bench, two).await);
});

on_both_databases!(sealed_secrets_of_an_earlier_version_do_not_open_in_a_later_one, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.edit(&owner, key, named("하나").mid("ks0001").field("api_key", "new")).await.unwrap();
    bench
        .sql("CREATE TABLE copied AS SELECT wrapped_key, sealed_secrets FROM channel_versions WHERE version = 1")
        .await;
    bench
        .sql(
            "UPDATE channel_versions SET wrapped_key = (SELECT wrapped_key FROM copied), \
             sealed_secrets = (SELECT sealed_secrets FROM copied) WHERE version = 2",
        )
        .await;
    assert!(unreadable(&bench, key).await);
});

on_both_databases!(sealed_secrets_that_were_cut_out_are_missed, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.sql("UPDATE channel_versions SET key_id = NULL, wrapped_key = NULL, sealed_secrets = NULL").await;
    assert!(unreadable(&bench, key).await);
});

on_both_databases!(one_sealed_secret_that_was_cut_out_is_missed, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, live("inicis_v2", inicis())).await;
    bench.sql("UPDATE channel_versions SET sealed_secrets = '{}'").await;
    assert!(unreadable(&bench, key).await);
});

on_both_databases!(an_unreadable_secret_does_not_block_pausing_and_renaming, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    damage(&bench).await;
    assert!(unreadable(&bench, key).await);
    bench.backend.pause_channel(&owner, key).await.unwrap();
    bench.edit(&owner, key, named("둘").mid("ks0001")).await.unwrap();
});

on_both_databases!(typing_the_secrets_again_mends_an_unreadable_channel, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    damage(&bench).await;
    bench.edit(&owner, key, named("하나").mid("ks0001").field("api_key", "typed again")).await.unwrap();
    assert_eq!(bench.secrets(key).await, pairs([("api_key", "typed again")]));
});
