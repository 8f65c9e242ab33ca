//! What a payment core's token is good for.

use backend::{CoreCaller, CoreGrant, Error, Issue, Language, PasswordProof, Presented, Shown};
use domain::{api_secret::IssueForm, credential::CoreScope, id::StoreId};

use crate::{
    feed::{AT_ONCE, changes, channels, end, snapshot, sub_store},
    support::{Bench, ksnet, shared_ksnet},
};

/// A core limited to stores.
async fn limited(bench: &Bench, scopes: &[CoreScope], stores: &[StoreId]) -> CoreCaller {
    let grant = CoreGrant { name: "limited".to_owned(), scopes: scopes.to_vec(), stores: stores.to_vec() };
    let made = bench.backend.grant_core_token(&grant).await.unwrap();
    bench.backend.core_caller(made.token.expose()).await.unwrap()
}

on_both_databases!(a_token_is_good_for_its_scopes, |bench| async move {
    let owner = bench.an_owner().await;
    let key = bench.add(&owner, ksnet("하나")).await;
    let core = limited(&bench, &[CoreScope::CredentialsVerify], &[]).await;
    assert_is!(bench.backend.core_channel(&core, key, None).await, Err(Error::ScopeMissing));
    assert_is!(bench.backend.changes(&core, 0, AT_ONCE).await, Err(Error::ScopeMissing));
    assert_is!(bench.backend.begin_snapshot(&core).await, Err(Error::ScopeMissing));
    assert_is!(bench.backend.ack(&core, "seoul-1", 0).await, Err(Error::ScopeMissing));
    let reader = limited(&bench, &[CoreScope::ChannelsRead], &[]).await;
    bench.backend.core_channel(&reader, key, None).await.unwrap();
    let shown = backend::Presented::ApiSecret("chv2_x");
    assert_is!(bench.backend.verify_for_core(&reader, shown).await, Err(Error::ScopeMissing));
    assert_is!(bench.backend.verify_for_core(&core, shown).await, Err(Error::Unauthenticated));
});

on_both_databases!(a_token_of_a_store_reads_and_follows_what_that_store_may_use, |bench| async move {
    let (owner, stranger) = (bench.an_owner().await, bench.an_owner().await);
    let (one, two) = (sub_store(&bench, &owner, "ONE").await, sub_store(&bench, &owner, "TWO").await);
    let of_one = bench.add(&owner, ksnet("하나")).await;
    bench.backend.assign_channel(&owner, of_one, &one.to_string()).await.unwrap();
    let of_two = bench.add(&owner, ksnet("둘")).await;
    bench.backend.assign_channel(&owner, of_two, &two.to_string()).await.unwrap();
    let test = bench.add(&owner, shared_ksnet()).await;
    let theirs = bench.add(&stranger, ksnet("남")).await;
    let core = limited(&bench, &CoreScope::ALL, &[one]).await;
    let backend = &bench.backend;
    for key in [of_one, test] {
        backend.core_channel(&core, key, None).await.unwrap();
    }
    for key in [of_two, theirs] {
        assert_is!(backend.core_channel(&core, key, None).await, Err(Error::StoreForbidden));
    }
    let (_, items) = snapshot(&bench, &core).await;
    let mut reached = vec![of_one, test];
    reached.sort();
    assert_eq!(channels(&items).into_keys().collect::<Vec<_>>(), reached);
    let seen = async |core: &CoreCaller, seq: i64| {
        let told = changes(backend.changes(core, seq, AT_ONCE).await.unwrap());
        let mut keys: Vec<_> = told.events.iter().filter_map(|event| event.channel_key).collect();
        keys.sort();
        keys.dedup();
        (keys, told.next)
    };
    let (keys, next) = seen(&core, 0).await;
    assert_eq!((keys, next), (reached, end(&bench).await));
    // Given away: who could read it is told, and reads it no more.
    backend.assign_channel(&owner, of_one, &two.to_string()).await.unwrap();
    assert_eq!(seen(&core, next).await.0, [of_one]);
    assert_is!(backend.core_channel(&core, of_one, None).await, Err(Error::StoreForbidden));
    // The primary store stands for its merchant.
    let primary: StoreId = bench.store_id(&owner).await.parse().unwrap();
    let core = limited(&bench, &CoreScope::ALL, &[primary]).await;
    backend.core_channel(&core, of_two, None).await.unwrap();
    assert_is!(backend.core_channel(&core, theirs, None).await, Err(Error::StoreForbidden));
});

on_both_databases!(a_revoked_token_opens_nothing_from_then_on, |bench| async move {
    let made = bench.backend.create_core_token("서울 1").await.unwrap();
    bench.backend.core_caller(made.token.expose()).await.unwrap();
    bench.backend.revoke_core_token(&made.kid).await.unwrap();
    assert_is!(bench.backend.core_caller(made.token.expose()).await, Err(Error::Unauthenticated));
    for kid in [made.kid.as_str(), "nobody"] {
        assert_is!(bench.backend.revoke_core_token(kid).await, Err(Error::NotFound));
    }
    let listed = bench.backend.core_tokens().await.unwrap();
    assert_eq!((listed.len(), listed[0].name.as_str(), listed[0].revoked_at.is_some()), (1, "서울 1", true));
    assert_eq!(bench.trail_of("core_token.revoked").await, ["done"]);
    assert_eq!(bench.backend.verify_audit(uuid::Uuid::nil()).await.unwrap(), None);
});

on_both_databases!(a_token_for_a_store_that_is_not_there_is_not_made, |bench| async move {
    let nowhere = StoreId::new(uuid::Uuid::from_u128(7));
    let grant = CoreGrant { stores: vec![nowhere], ..CoreGrant::everything("x") };
    assert_is!(bench.backend.grant_core_token(&grant).await, Err(Error::NotFound));
    assert_eq!(bench.count("core_tokens").await, 0);
});

on_both_databases!(a_token_of_a_store_verifies_the_credentials_of_that_store, |bench| async move {
    let (owner, stranger) = (bench.an_owner().await, bench.an_owner().await);
    let (one, two) = (sub_store(&bench, &owner, "ONE").await, sub_store(&bench, &owner, "TWO").await);
    let issued = async |actor, store: Option<StoreId>, name: &str| {
        let form = IssueForm { name: name.to_owned(), ..IssueForm::fresh() };
        let (proof, language) = (PasswordProof::Recent, Language::Korean);
        let issue = Issue { form, store, request_key: name.to_owned(), proof, language };
        match bench.backend.issue_api_secret(actor, issue).await.unwrap() {
            Shown::Once(issued) => issued.secret,
            Shown::Before => panic!("shown before"),
        }
    };
    let core = limited(&bench, &CoreScope::ALL, &[one]).await;
    let verify = async |core: &CoreCaller, secret: &domain::secret::Secret| {
        bench.backend.verify_for_core(core, Presented::ApiSecret(secret.expose())).await
    };
    let of_one = issued(&owner, Some(one), "one").await;
    assert_eq!(verify(&core, &of_one).await.unwrap().store_id, one);
    let (of_two, of_all, theirs) = (
        issued(&owner, Some(two), "two").await,
        issued(&owner, None, "all").await,
        issued(&stranger, None, "theirs").await,
    );
    for secret in [&of_two, &of_all, &theirs] {
        assert_is!(verify(&core, secret).await, Err(Error::StoreForbidden));
    }
    // The primary store stands for its merchant.
    let primary = limited(&bench, &CoreScope::ALL, &[bench.store_id(&owner).await.parse().unwrap()]).await;
    for secret in [&of_one, &of_two, &of_all] {
        verify(&primary, secret).await.unwrap();
    }
    assert_is!(verify(&primary, &theirs).await, Err(Error::StoreForbidden));
});
