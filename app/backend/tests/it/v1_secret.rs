//! The V1 REST API Secret and the access tokens that it gets.

use backend::{Error, Presented, V1Token};
use domain::{credential::Scope, secret::Typed};
use time::Duration;

use crate::{
    credentials::{my_password, shown, was_shown_before},
    support::Bench,
};

async fn token(bench: &Bench, key: &str, secret: &str) -> backend::Result<V1Token> {
    bench.backend.v1_token(key, secret).await
}

on_both_databases!(the_secret_is_shown_to_who_types_the_password_and_that_is_noted, |bench| async move {
    let owner = bench.an_owner().await;
    let keys = bench.backend.v1_keys(&owner).await.unwrap();
    assert_eq!(keys.imp_code.as_str(), bench.imp_code(&owner).await);
    assert_eq!(keys.key.len(), 16);
    let first = shown(bench.backend.show_v1_secret(&owner, "look-1", &my_password()).await);
    let second = shown(bench.backend.show_v1_secret(&owner, "look-2", &my_password()).await);
    assert_eq!((first.key.as_str(), first.secret.expose()), (keys.key.as_str(), second.secret.expose()));
    assert_eq!(first.secret.expose().len(), 80);
    assert!(was_shown_before(bench.backend.show_v1_secret(&owner, "look-2", &my_password()).await));
    assert_is!(
        bench.backend.show_v1_secret(&owner, "look-3", &Typed::new("wrong-password-1")).await,
        Err(Error::Form(_))
    );
    let noted = "SELECT outcome FROM audit_events WHERE action = 'v1_secret.shown' ORDER BY seq";
    assert_eq!(bench.values::<String>(noted).await, ["done", "done", "refused"]);
});

on_both_databases!(only_owner_and_admin_see_and_reissue_the_secret, |bench| async move {
    bench.an_owner_called("kim@example.com").await;
    for role in ["dev", "manager", "viewer"] {
        let member = bench.in_role("kim@example.com", role).await;
        assert_is!(bench.backend.show_v1_secret(&member, "a", &my_password()).await, Err(Error::Forbidden));
        assert_is!(bench.backend.reissue_v1_secret(&member, "b", &my_password()).await, Err(Error::Forbidden));
    }
    let dev = bench.in_role("kim@example.com", "dev").await;
    bench.backend.v1_keys(&dev).await.unwrap();
    let admin = bench.in_role("kim@example.com", "admin").await;
    shown(bench.backend.show_v1_secret(&admin, "c", &my_password()).await);
});

on_both_databases!(a_reissue_ends_the_old_secret_and_its_token_at_once, |bench| async move {
    let owner = bench.an_owner().await;
    let old = shown(bench.backend.show_v1_secret(&owner, "look", &my_password()).await);
    let given = token(&bench, &old.key, old.secret.expose()).await.unwrap();
    let new = shown(bench.backend.reissue_v1_secret(&owner, "again", &my_password()).await);
    assert_eq!(new.key, old.key);
    assert_ne!(new.secret.expose(), old.secret.expose());
    assert_is!(token(&bench, &old.key, old.secret.expose()).await, Err(Error::Unauthenticated));
    let access = Presented::AccessToken(given.access_token.expose());
    assert_is!(bench.backend.verify_credential(access).await, Err(Error::Unauthenticated));
    let fresh = token(&bench, &new.key, new.secret.expose()).await.unwrap();
    assert_ne!(fresh.access_token.expose(), given.access_token.expose());
    assert!(was_shown_before(bench.backend.reissue_v1_secret(&owner, "again", &my_password()).await));
    token(&bench, &new.key, new.secret.expose()).await.unwrap();
    let events = "SELECT kind || ' ' || credential_id FROM config_events WHERE credential_id IS NOT NULL";
    assert_eq!(bench.values::<String>(events).await, [format!("V1_SECRET_REISSUED {}", new.key)]);
});

on_both_databases!(thirty_two_reissues_at_once_leave_one_secret, |bench| async move {
    let owner = bench.an_owner().await;
    let answers = bench
        .at_once(32, |backend, number| {
            let owner = owner.clone();
            async move { shown(backend.reissue_v1_secret(&owner, &format!("click-{number}"), &my_password()).await) }
        })
        .await;
    let mut right = 0;
    for answer in &answers {
        right += usize::from(token(&bench, &answer.key, answer.secret.expose()).await.is_ok());
    }
    assert_eq!((answers.len(), right), (32, 1));
    assert_eq!(bench.value::<i64>("SELECT generation FROM rest_api_keys").await, 33);
    let noted = "SELECT COUNT(*) FROM audit_events WHERE action = 'v1_secret.reissued'";
    assert_eq!(bench.value::<i64>(noted).await, 32);
});

on_both_databases!(the_same_token_is_answered_for_half_an_hour_and_lengthened_in_its_last_minute, |bench| async move {
    let owner = bench.an_owner().await;
    let v1 = shown(bench.backend.show_v1_secret(&owner, "look", &my_password()).await);
    let first = token(&bench, &v1.key, v1.secret.expose()).await.unwrap();
    assert_eq!(first.expires_at - first.now, 30 * 60 * 1000);
    bench.clock.pass(Duration::minutes(28));
    let same = token(&bench, &v1.key, v1.secret.expose()).await.unwrap();
    assert_eq!((same.access_token.expose(), same.expires_at), (first.access_token.expose(), first.expires_at));
    bench.clock.pass(Duration::seconds(90));
    let longer = token(&bench, &v1.key, v1.secret.expose()).await.unwrap();
    assert_eq!(longer.access_token.expose(), first.access_token.expose());
    assert_eq!(longer.expires_at, first.expires_at + 5 * 60 * 1000);
    bench.clock.pass(Duration::minutes(6));
    let access = Presented::AccessToken(first.access_token.expose());
    assert_is!(bench.backend.verify_credential(access).await, Err(Error::Unauthenticated));
    let second = token(&bench, &v1.key, v1.secret.expose()).await.unwrap();
    assert_ne!(second.access_token.expose(), first.access_token.expose());
});

on_both_databases!(many_who_ask_at_once_get_one_token, |bench| async move {
    let owner = bench.an_owner().await;
    let v1 = shown(bench.backend.show_v1_secret(&owner, "look", &my_password()).await);
    let answers = bench
        .at_once(16, |backend, _| {
            let (key, secret) = (v1.key.clone(), v1.secret.clone());
            async move { backend.v1_token(&key, secret.expose()).await.unwrap().access_token.expose().to_owned() }
        })
        .await;
    assert!(answers.iter().all(|token| *token == answers[0]), "{answers:?}");
});

on_both_databases!(a_token_is_derived_and_lies_nowhere, |bench| async move {
    let owner = bench.an_owner().await;
    let v1 = shown(bench.backend.show_v1_secret(&owner, "look", &my_password()).await);
    let given = token(&bench, &v1.key, v1.secret.expose()).await.unwrap();
    assert!(!bench.stores(given.access_token.expose().rsplit_once('_').unwrap().1.as_bytes()).await);
    assert!(!bench.stores(v1.secret.expose().as_bytes()).await);
    let bench = bench.restarted().await;
    assert_eq!(
        token(&bench, &v1.key, v1.secret.expose()).await.unwrap().access_token.expose(),
        given.access_token.expose()
    );
});

on_both_databases!(a_core_learns_whose_v1_credentials_are, |bench| async move {
    let owner = bench.an_owner().await;
    let v1 = shown(bench.backend.show_v1_secret(&owner, "look", &my_password()).await);
    let given = token(&bench, &v1.key, v1.secret.expose()).await.unwrap();
    let pair = Presented::V1 { key: &v1.key, secret: v1.secret.expose() };
    for (presented, ends_at) in
        [(pair, None), (Presented::AccessToken(given.access_token.expose()), Some(given.expires_at))]
    {
        let known = bench.backend.verify_credential(presented).await.unwrap();
        assert_eq!(known.imp_code.as_str(), bench.imp_code(&owner).await);
        assert_eq!((known.kind.as_str(), known.scopes, known.ends_at), ("v1", vec![Scope::Payments], ends_at));
        assert_eq!(known.store_id.to_string(), bench.store_id(&owner).await);
    }
    let somewhere = std::net::IpAddr::from([192, 0, 2, 1]);
    let v2 = bench.backend.api_actor(Presented::AccessToken(given.access_token.expose()), somewhere).await;
    assert_is!(v2, Err(Error::Unauthenticated));
});

on_both_databases!(a_wrong_key_and_a_wrong_secret_are_answered_alike, |bench| async move {
    let owner = bench.an_owner().await;
    let v1 = shown(bench.backend.show_v1_secret(&owner, "look", &my_password()).await);
    let wrong = "x".repeat(80);
    for (key, secret) in [
        (v1.key.as_str(), wrong.as_str()),
        ("0000000000000000", v1.secret.expose()),
        (v1.key.as_str(), ""),
        ("", ""),
        ("\0", "\0"),
    ] {
        assert_is!(token(&bench, key, secret).await, Err(Error::Unauthenticated));
    }
    let given = token(&bench, &v1.key, v1.secret.expose()).await.unwrap();
    let access = given.access_token.expose();
    for position in 0..access.len() {
        let mut wrong = access.as_bytes().to_vec();
        wrong[position] = if wrong[position] == b'x' { b'y' } else { b'x' };
        let wrong = String::from_utf8(wrong).unwrap();
        assert_is!(bench.backend.verify_credential(Presented::AccessToken(&wrong)).await, Err(Error::Unauthenticated));
    }
});
