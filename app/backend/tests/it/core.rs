//! What the payment core reads.

use backend::Error;
use domain::{
    channel::{ChannelForm, Credentials, Mode, Purpose, Status, Tax, Use},
    id::ChannelKey,
};

use crate::support::{Typing as _, live, named, shared_ksnet, test};

on_both_databases!(a_core_is_known_by_its_token, |bench| async move {
    let new = bench.backend.create_core_token("서울 1").await.unwrap();
    let caller = bench.backend.core_caller(new.token.expose()).await.unwrap();
    assert_eq!((&*caller.kid, &*caller.name), (&*new.kid, "서울 1"));
});

on_both_databases!(a_token_with_a_wrong_character_is_refused, |bench| async move {
    let new = bench.backend.create_core_token("서울 1").await.unwrap();
    let token = new.token.expose();
    // Before any lookup: there is nothing to look into.
    bench.sql("ALTER TABLE core_tokens RENAME TO core_tokens_away").await;
    bench.sql("ALTER TABLE feed_heads RENAME TO feed_heads_away").await;
    for position in 0..token.len() {
        let mut wrong = token.as_bytes().to_vec();
        wrong[position] = if wrong[position] == b'x' { b'y' } else { b'x' };
        let wrong = String::from_utf8(wrong).unwrap();
        assert_is!(bench.backend.core_caller(&wrong).await, Err(Error::Unauthenticated));
    }
});

on_both_databases!(a_well_formed_token_that_we_did_not_make_is_refused, |bench| async move {
    let new = bench.backend.create_core_token("서울 1").await.unwrap();
    let crc32 = crc32fast::hash;
    let forged = domain::credential::format_token(domain::credential::Brand::CoreToken, &new.kid, &[7; 32], crc32);
    assert_is!(bench.backend.core_caller(&forged).await, Err(Error::Unauthenticated));
});

on_both_databases!(a_core_token_lies_nowhere_in_the_database, |bench| async move {
    let new = bench.backend.create_core_token("서울 1").await.unwrap();
    let secret = new.token.expose().rsplit_once('_').unwrap().1;
    assert!(!bench.stores(secret.as_bytes()).await);
});

on_both_databases!(a_core_reads_everything_as_it_was_typed, |bench| async move {
    let owner = bench.an_owner().await;
    let form = named("스마트로 정기").mid("smt0001m").using("recurring").field("ssp_mall_id", "smt0001p");
    let form = form.field("merchant_key", " KEY with spaces+/== ").field("cancel_password", "비밀12");
    let key = bench.add(&owner, live("smartro_v2", ChannelForm { tax: "tax_free".to_owned(), ..form })).await;

    let read = bench.core_channel(key, None).await.unwrap();

    assert_eq!((read.key, read.version, read.status), (key, 1, Status::Active));
    assert_eq!((read.mode, read.purpose, read.tax), (Mode::Live, Purpose::Payment, Tax::TaxFree));
    assert_eq!((read.name.as_str(), read.mid.as_str()), ("스마트로 정기", "smt0001m"));
    assert_eq!((read.provider.as_str(), read.module.as_str()), ("smartro", "smartro_v2"));
    assert_eq!((read.pg_provider.as_str(), read.pg_code.as_deref()), ("SMARTRO_V2", Some("smartro_v2")));
    assert_eq!((read.credentials, read.uses.clone()), (Credentials::Own, vec![Use::Recurring]));
    assert_eq!(read.imp_code.as_str(), bench.imp_code(&owner).await);
    assert_eq!(read.store_id.to_string(), bench.store_id(&owner).await);
    let fields: Vec<_> = read.fields.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(fields, [("ssp_mall_id", "smt0001p")]);
    let secrets: Vec<_> = read.secrets.iter().map(|(key, value)| (key.as_str(), value.expose())).collect();
    assert_eq!(secrets, [("cancel_password", "비밀12"), ("merchant_key", "KEY with spaces+/==")]);
});

on_both_databases!(a_shared_test_channel_has_no_secrets_of_the_merchant, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, shared_ksnet()).await;
    let read = bench.core_channel(key, None).await.unwrap();
    assert_eq!((read.credentials, read.mid.as_str()), (Credentials::SharedTest, "2999199999"));
    assert!(read.secrets.is_empty());
});

on_both_databases!(a_shared_test_mid_brings_the_public_values_published_with_it, |bench| async move {
    let owner = bench.an_owner().await;
    let form = ChannelForm { shared_mid: "t_2302142m".to_owned(), ..ChannelForm::default() };
    let key = bench.add(&owner, test("smartro_v2", form)).await;
    let read = bench.core_channel(key, None).await.unwrap();
    let fields: Vec<_> = read.fields.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!((fields, read.uses.clone()), (vec![("ssp_mall_id", "t_2302142p")], vec![Use::Recurring]));
});

on_both_databases!(a_version_that_never_was_is_not_found, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, shared_ksnet()).await;
    for version in [0, 2, -1, i64::MAX] {
        assert_is!(bench.core_channel(key, Some(version)).await, Err(Error::NotFound));
    }
    let nowhere = ChannelKey::new(uuid::Uuid::from_u128(7));
    assert_is!(bench.core_channel(nowhere, None).await, Err(Error::NotFound));
});
