//! What servers get for a V2 API secret, and who they are with it.

use std::net::{IpAddr, Ipv4Addr};

use backend::{Actor, Error, Presented};
use domain::{credential::Scope, member::Permission};
use time::Duration;
use uuid::Uuid;

use crate::{
    credentials::{asked_for, rolling, shown},
    support::{Bench, ksnet},
};

const SOMEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

async fn by_token(bench: &Bench, token: &str) -> backend::Result<Actor> {
    bench.backend.api_actor(Presented::AccessToken(token), SOMEWHERE).await
}

on_both_databases!(a_server_works_with_its_secret_as_far_as_the_scopes_go, |bench| async move {
    let owner = bench.an_owner().await;
    let mut issue = asked_for("읽기", "a");
    (issue.form.channels_write, issue.form.payments) = (String::new(), String::new());
    let reads = shown(bench.backend.issue_api_secret(&owner, issue).await);
    let server = bench.backend.api_actor(Presented::ApiSecret(reads.secret.expose()), SOMEWHERE).await.unwrap();
    assert!(server.may(Permission::ViewChannels) && !server.may(Permission::EditTestChannels));
    assert!(!server.may(Permission::IssueCredentials), "no scope stands for issuing");
    assert_is!(bench.backend.add_channel(&server, ksnet("하나")).await, Err(Error::ScopeMissing));
    let all = bench.issue(&owner, "모두").await;
    let server = bench.backend.api_actor(Presented::ApiSecret(all.secret.expose()), SOMEWHERE).await.unwrap();
    bench.add(&server, ksnet("하나")).await;
    let by =
        bench.values::<String>("SELECT credential FROM audit_events WHERE action = 'channel.added' ORDER BY seq").await;
    assert_eq!(by, [reads.kid, all.kid], "the refusal and the deed");
});

on_both_databases!(an_access_token_stands_for_its_secret_for_half_an_hour, |bench| async move {
    let owner = bench.an_owner().await;
    let issued = bench.issue(&owner, "하나").await;
    let tokens = bench.backend.log_in_api_secret(issued.secret.expose()).await.unwrap();
    bench.clock.pass(Duration::minutes(29));
    assert!(by_token(&bench, tokens.access_token.expose()).await.unwrap().may(Permission::ViewChannels));
    let known = bench.backend.verify_credential(Presented::AccessToken(tokens.access_token.expose())).await.unwrap();
    assert_eq!((known.kind.as_str(), known.scopes, known.id), ("v2", Scope::ALL.to_vec(), issued.kid));
    assert_eq!(known.ends_at, Some(tokens.access_expires_at));
    bench.clock.pass(Duration::minutes(1));
    assert_is!(by_token(&bench, tokens.access_token.expose()).await, Err(Error::Unauthenticated));
    let again = bench.backend.refresh_api_tokens(tokens.refresh_token.expose()).await.unwrap();
    by_token(&bench, again.access_token.expose()).await.unwrap();
});

on_both_databases!(login_and_refresh_each_kill_the_earlier_refresh_token, |bench| async move {
    let owner = bench.an_owner().await;
    let issued = bench.issue(&owner, "하나").await;
    let other = bench.issue(&owner, "둘").await;
    let others = bench.backend.log_in_api_secret(other.secret.expose()).await.unwrap();
    let first = bench.backend.log_in_api_secret(issued.secret.expose()).await.unwrap();
    let second = bench.backend.log_in_api_secret(issued.secret.expose()).await.unwrap();
    let refresh = |token: String| {
        let backend = bench.backend.clone();
        async move { backend.refresh_api_tokens(&token).await }
    };
    assert_is!(refresh(first.refresh_token.expose().into()).await, Err(Error::Unauthenticated));
    let third = refresh(second.refresh_token.expose().into()).await.unwrap();
    assert_is!(refresh(second.refresh_token.expose().into()).await, Err(Error::Unauthenticated));
    by_token(&bench, first.access_token.expose()).await.unwrap();
    refresh(others.refresh_token.expose().into()).await.unwrap();
    bench.clock.pass(Duration::days(1));
    assert_is!(refresh(third.refresh_token.expose().into()).await, Err(Error::Unauthenticated));
});

on_both_databases!(of_refreshes_at_once_one_gets_tokens, |bench| async move {
    let owner = bench.an_owner().await;
    let issued = bench.issue(&owner, "하나").await;
    let tokens = bench.backend.log_in_api_secret(issued.secret.expose()).await.unwrap();
    let refresh = tokens.refresh_token.expose().to_owned();
    let answers = bench
        .at_once(8, |backend, _| {
            let refresh = refresh.clone();
            async move { backend.refresh_api_tokens(&refresh).await.is_ok() }
        })
        .await;
    assert_eq!(answers.iter().filter(|got| **got).count(), 1);
    let live = "SELECT COUNT(*) FROM access_tokens WHERE kind = 'chv2r_'";
    assert_eq!(bench.value::<i64>(live).await, 1);
});

on_both_databases!(a_token_is_good_for_what_it_was_given_for, |bench| async move {
    let owner = bench.an_owner().await;
    let issued = bench.issue(&owner, "하나").await;
    let tokens = bench.backend.log_in_api_secret(issued.secret.expose()).await.unwrap();
    assert_is!(by_token(&bench, tokens.refresh_token.expose()).await, Err(Error::Unauthenticated));
    assert_is!(by_token(&bench, issued.secret.expose()).await, Err(Error::Unauthenticated));
    assert_is!(bench.backend.refresh_api_tokens(tokens.access_token.expose()).await, Err(Error::Unauthenticated));
    assert_is!(bench.backend.log_in_api_secret(tokens.access_token.expose()).await, Err(Error::Unauthenticated));
    let token = tokens.access_token.expose();
    for position in 0..token.len() {
        let mut wrong = token.as_bytes().to_vec();
        wrong[position] = if wrong[position] == b'x' { b'y' } else { b'x' };
        assert_is!(by_token(&bench, &String::from_utf8(wrong).unwrap()).await, Err(Error::Unauthenticated));
    }
});

on_both_databases!(no_token_outlives_its_secret, |bench| async move {
    let owner = bench.an_owner().await;
    let issued = bench.issue_for(&owner, "하나", "30").await;
    bench.clock.pass(Duration::days(30) - Duration::minutes(5));
    let tokens = bench.backend.log_in_api_secret(issued.secret.expose()).await.unwrap();
    assert_eq!((Some(tokens.access_expires_at), Some(tokens.refresh_expires_at)), (issued.ends_at, issued.ends_at));
    let rolled = bench.issue(&owner, "둘").await;
    let tokens = bench.backend.log_in_api_secret(rolled.secret.expose()).await.unwrap();
    shown(bench.backend.roll_api_secret(&owner, rolling(&rolled.kid, "1")).await);
    bench.clock.pass(Duration::minutes(10));
    by_token(&bench, tokens.access_token.expose()).await.unwrap();
    bench.clock.pass(Duration::minutes(50));
    assert_is!(bench.backend.refresh_api_tokens(tokens.refresh_token.expose()).await, Err(Error::SecretExpired));
    assert_is!(bench.backend.log_in_api_secret(rolled.secret.expose()).await, Err(Error::SecretExpired));
});

on_both_databases!(a_sub_stores_secret_says_so, |bench| async move {
    let owner = bench.an_owner().await;
    let (merchant, store) = (bench.merchant_id(&owner).await, Uuid::from_u128(77));
    bench.a_sub_store(merchant, store).await;
    let issue = backend::Issue { store: Some(domain::id::StoreId::new(store)), ..asked_for("하위", "a") };
    let issued = shown(bench.backend.issue_api_secret(&owner, issue).await);
    let known = bench.backend.verify_credential(Presented::ApiSecret(issued.secret.expose())).await.unwrap();
    assert_eq!((known.store_id.uuid(), known.is_primary), (store, false));
});

on_both_databases!(tokens_that_are_over_are_swept_away, |bench| async move {
    let owner = bench.an_owner().await;
    let issued = bench.issue(&owner, "하나").await;
    bench.backend.log_in_api_secret(issued.secret.expose()).await.unwrap();
    bench.clock.pass(Duration::days(1));
    bench.backend.sweep().await.unwrap();
    assert_eq!(bench.count("access_tokens").await, 0);
});
