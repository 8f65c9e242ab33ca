//! V2 API secrets: issued once, listed without themselves, rolled, revoked, warned of.

use backend::{Error, Language, PasswordProof, Presented, Shown};
use domain::{
    api_secret::{IssueForm, SecretState},
    credential::Scope,
    form::ErrorCode,
    id::StoreId,
    secret::Typed,
};
use time::Duration;
use uuid::Uuid;

use crate::{
    credentials::{asked_for, my_password, rolling, shown, was_shown_before},
    support::Bench,
};

async fn verified(bench: &Bench, secret: &str) -> backend::Result<backend::Credential> {
    bench.backend.verify_credential(Presented::ApiSecret(secret)).await
}

fn refused(answer: backend::Result<Shown<backend::Issued>>, field: &str) -> ErrorCode {
    match answer {
        Err(Error::Form(errors)) => errors.of(field).unwrap_or_else(|| panic!("{errors:?}")).clone(),
        other => panic!("{other:?}"),
    }
}

on_both_databases!(an_issued_secret_is_what_a_server_proves_itself_with, |bench| async move {
    let owner = bench.an_owner().await;
    let issued = bench.issue(&owner, "  결제   서버 1 ").await;
    assert_eq!(issued.name, "결제 서버 1");
    assert!(issued.secret.expose().starts_with(&format!("chv2_{}_", issued.kid)));
    let known = verified(&bench, issued.secret.expose()).await.unwrap();
    assert_eq!(known.imp_code.as_str(), bench.imp_code(&owner).await);
    assert_eq!(known.store_id.to_string(), bench.store_id(&owner).await);
    assert_eq!((known.kind.as_str(), known.scopes, known.ends_at), ("v2", Scope::ALL.to_vec(), issued.ends_at));
});

on_both_databases!(the_same_request_again_is_told_that_the_secret_was_shown, |bench| async move {
    let owner = bench.an_owner().await;
    shown(bench.backend.issue_api_secret(&owner, asked_for("하나", "click-1")).await);
    assert!(was_shown_before(bench.backend.issue_api_secret(&owner, asked_for("하나", "click-1")).await));
    assert_eq!(bench.count("api_secrets").await, 1);
    assert_is!(
        bench.backend.issue_api_secret(&owner, asked_for("둘", "click-1")).await,
        Err(Error::IdempotencyKeyReused)
    );
    assert_eq!(
        refused(bench.backend.issue_api_secret(&owner, asked_for("둘", "")).await, "request_key"),
        ErrorCode::Characters
    );
});

on_both_databases!(a_click_that_came_eight_times_at_once_shows_one_secret, |bench| async move {
    let owner = bench.an_owner().await;
    let answers = bench
        .at_once(8, |backend, _| {
            let owner = owner.clone();
            async move { backend.issue_api_secret(&owner, asked_for("하나", "click-1")).await.unwrap() }
        })
        .await;
    assert_eq!(answers.iter().filter(|answer| matches!(answer, Shown::Once(_))).count(), 1);
    assert_eq!(bench.count("api_secrets").await, 1);
});

on_both_databases!(a_secret_lies_nowhere_in_the_database, |bench| async move {
    let owner = bench.an_owner().await;
    let issued = bench.issue(&owner, "하나").await;
    let tokens = bench.backend.log_in_api_secret(issued.secret.expose()).await.unwrap();
    for secret in [&issued.secret, &tokens.access_token, &tokens.refresh_token] {
        let random = secret.expose().rsplit_once('_').unwrap().1;
        assert!(!bench.stores(random.as_bytes()).await);
    }
});

on_both_databases!(one_wrong_character_is_refused_whatever_its_place, |bench| async move {
    let owner = bench.an_owner().await;
    let issued = bench.issue(&owner, "하나").await;
    let secret = issued.secret.expose();
    for position in 0..secret.len() {
        let mut wrong = secret.as_bytes().to_vec();
        wrong[position] = if wrong[position] == b'x' { b'y' } else { b'x' };
        assert_is!(verified(&bench, &String::from_utf8(wrong).unwrap()).await, Err(Error::Unauthenticated));
    }
    let crc32 = crc32fast::hash;
    for kid in [issued.kid.as_str(), "000000000000"] {
        let forged = domain::credential::format_token(domain::credential::Brand::V2Secret, kid, &[7; 32], crc32);
        assert_is!(verified(&bench, &forged).await, Err(Error::Unauthenticated));
    }
});

on_both_databases!(a_name_is_free_again_when_its_secret_is_over_or_revoked, |bench| async move {
    let (owner, stranger) = (bench.an_owner().await, bench.an_owner_called("stranger@example.com").await);
    let first = bench.issue_for(&owner, "Server", "30").await;
    let again = asked_for("SERVER", "click-2");
    assert_eq!(
        refused(bench.backend.issue_api_secret(&owner, again.clone()).await, "name"),
        ErrorCode::SecretNameTaken
    );
    bench.issue(&stranger, "Server").await;
    bench.backend.revoke_api_secret(&owner, &first.kid, Language::Korean).await.unwrap();
    bench.issue_for(&owner, "Server", "30").await;
    bench.clock.pass(Duration::days(31));
    shown(bench.backend.issue_api_secret(&owner, again).await);
});

on_both_databases!(a_password_is_asked_for_when_the_last_one_is_long_ago, |bench| async move {
    let owner = bench.an_owner().await;
    let with = |key: &str, password: &str| {
        let proof = PasswordProof::Typed(Typed::new(password));
        backend::Issue { proof, ..asked_for("하나", key) }
    };
    assert_eq!(refused(bench.backend.issue_api_secret(&owner, with("a", "")).await, "password"), ErrorCode::Required);
    let wrong = bench.backend.issue_api_secret(&owner, with("b", "wrong-password-1")).await;
    assert_eq!(refused(wrong, "password"), ErrorCode::PasswordWrong);
    let noted = "SELECT action FROM audit_events WHERE outcome = 'refused' AND reason = 'wrong_credentials'";
    assert_eq!(bench.values::<String>(noted).await, ["api_secret.issued"]);
    assert_eq!(bench.count("api_secrets").await, 0);
    shown(
        bench
            .backend
            .issue_api_secret(
                &owner,
                backend::Issue { proof: PasswordProof::Typed(my_password()), ..asked_for("하나", "c") },
            )
            .await,
    );
});

on_both_databases!(who_guesses_a_password_waits_and_so_does_the_right_one, |bench| async move {
    let owner = bench.an_owner().await;
    let guess = |number: usize, password: Typed| {
        let (backend, owner) = (bench.backend.clone(), owner.clone());
        async move { backend.show_v1_secret(&owner, &format!("guess-{number}"), &password).await }
    };
    for number in 0..5 {
        assert_is!(guess(number, Typed::new("wrong-password-1")).await, Err(Error::Form(_)));
    }
    assert_is!(guess(5, my_password()).await, Err(Error::TooManyAttempts { .. }));
    bench.clock.pass(Duration::minutes(1));
    shown(guess(6, my_password()).await);
});

on_both_databases!(everything_wrong_with_a_form_is_told_at_once, |bench| async move {
    let owner = bench.an_owner().await;
    let proof = PasswordProof::Typed(Typed::default());
    let issue = backend::Issue { form: IssueForm::default(), proof, ..asked_for("", "a") };
    let Err(Error::Form(errors)) = bench.backend.issue_api_secret(&owner, issue).await else { panic!("refused") };
    let fields: Vec<_> = errors.0.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["name", "expiry", "scopes", "password"]);
});

on_both_databases!(owner_and_admin_issue_and_a_dev_sees_the_list, |bench| async move {
    let owner = bench.an_owner_called("kim@example.com").await;
    let issued = bench.issue(&owner, "하나").await;
    let admin = bench.in_role("kim@example.com", "admin").await;
    bench.issue(&admin, "둘").await;
    let dev = bench.in_role("kim@example.com", "dev").await;
    assert_eq!(bench.backend.list_api_secrets(&dev, 1).await.unwrap().total, 2);
    assert_is!(bench.backend.issue_api_secret(&dev, asked_for("셋", "a")).await, Err(Error::Forbidden));
    assert_is!(bench.backend.roll_api_secret(&dev, rolling(&issued.kid, "0")).await, Err(Error::Forbidden));
    assert_is!(bench.backend.revoke_api_secret(&dev, &issued.kid, Language::Korean).await, Err(Error::Forbidden));
    let refused = "SELECT action FROM audit_events WHERE outcome = 'refused' AND reason = 'forbidden' ORDER BY seq";
    let actions = ["api_secret.issued", "api_secret.rolled", "api_secret.revoked"];
    assert_eq!(bench.values::<String>(refused).await, actions);
    let viewer = bench.in_role("kim@example.com", "viewer").await;
    assert_is!(bench.backend.list_api_secrets(&viewer, 1).await, Err(Error::Forbidden));
});

on_both_databases!(the_list_tells_everything_but_the_secret, |bench| async move {
    let owner = bench.an_owner_called("kim@example.com").await;
    let issued = bench.issue_for(&owner, "하나", "90").await;
    let listed = bench.backend.list_api_secrets(&owner, 1).await.unwrap().items.remove(0);
    assert_eq!((listed.kid, listed.name, listed.created_by), (issued.kid, "하나".into(), "kim@example.com".into()));
    assert_eq!((listed.state, listed.is_live, listed.last_used_at), (SecretState::Active, true, None));
    assert_eq!((listed.store_name.as_str(), listed.ends_at), ("대표 상점", issued.ends_at));
    bench.clock.pass(Duration::days(80));
    let soon = bench.backend.list_api_secrets(&owner, 1).await.unwrap().items.remove(0);
    assert_eq!((soon.state, soon.is_live), (SecretState::Expiring, true));
    bench.clock.pass(Duration::days(10));
    let over = bench.backend.list_api_secrets(&owner, 1).await.unwrap().items.remove(0);
    assert_eq!((over.state, over.is_live), (SecretState::Expired, false));
    assert_is!(verified(&bench, issued.secret.expose()).await, Err(Error::SecretExpired));
});

on_both_databases!(two_hundred_secrets_are_listed_in_pages_the_newest_first, |bench| async move {
    let owner = bench.an_owner().await;
    for number in 0..200 {
        bench.issue(&owner, &format!("서버 {number}")).await;
        bench.clock.pass(Duration::seconds(1));
    }
    let first = bench.backend.list_api_secrets(&owner, 0).await.unwrap();
    assert_eq!((first.items.len(), first.total, first.pages), (20, 200, 10));
    assert_eq!(first.items[0].name, "서버 199");
    let last = bench.backend.list_api_secrets(&owner, 99).await.unwrap();
    assert_eq!((last.page, last.items.len(), last.items[19].name.as_str()), (10, 20, "서버 0"));
});

on_both_databases!(last_use_is_noted_at_most_once_a_minute, |bench| async move {
    let owner = bench.an_owner().await;
    let issued = bench.issue(&owner, "하나").await;
    let last_used = "SELECT last_used_at FROM api_secrets";
    verified(&bench, issued.secret.expose()).await.unwrap();
    let first = bench.value::<i64>(last_used).await;
    bench.clock.pass(Duration::seconds(59));
    verified(&bench, issued.secret.expose()).await.unwrap();
    assert_eq!(bench.value::<i64>(last_used).await, first);
    bench.clock.pass(Duration::seconds(1));
    verified(&bench, issued.secret.expose()).await.unwrap();
    assert_eq!(bench.value::<i64>(last_used).await, first + 60_000);
    assert!(bench.backend.api_secret(&owner, &issued.kid).await.unwrap().used_lately);
    bench.clock.pass(Duration::days(7));
    assert!(!bench.backend.api_secret(&owner, &issued.kid).await.unwrap().used_lately);
});

on_both_databases!(a_revoked_secret_and_its_tokens_are_dead_at_once, |bench| async move {
    let owner = bench.an_owner().await;
    let issued = bench.issue(&owner, "하나").await;
    let tokens = bench.backend.log_in_api_secret(issued.secret.expose()).await.unwrap();
    for _ in 0..2 {
        bench.backend.revoke_api_secret(&owner, &issued.kid, Language::Korean).await.unwrap();
    }
    assert_is!(verified(&bench, issued.secret.expose()).await, Err(Error::SecretRevoked));
    let access = Presented::AccessToken(tokens.access_token.expose());
    assert_is!(bench.backend.verify_credential(access).await, Err(Error::Unauthenticated));
    assert_is!(bench.backend.refresh_api_tokens(tokens.refresh_token.expose()).await, Err(Error::Unauthenticated));
    let noted = "SELECT COUNT(*) FROM audit_events WHERE action = 'api_secret.revoked'";
    assert_eq!(bench.value::<i64>(noted).await, 1, "done already is done");
});

on_both_databases!(a_rolled_secret_lives_on_beside_its_successor, |bench| async move {
    let owner = bench.an_owner().await;
    let old = bench.issue_for(&owner, "하나", "30").await;
    bench.clock.pass(Duration::days(20));
    let new = shown(bench.backend.roll_api_secret(&owner, rolling(&old.kid, "24")).await);
    assert_eq!((new.name.as_str(), &new.scopes, new.store_id), ("하나", &old.scopes, old.store_id));
    assert_eq!(new.ends_at, old.ends_at.map(|end| end + 20 * 24 * 60 * 60 * 1000), "made to live as long");
    assert!(was_shown_before(bench.backend.roll_api_secret(&owner, rolling(&old.kid, "24")).await));
    let again = backend::Roll { request_key: "other".into(), ..rolling(&old.kid, "24") };
    assert_is!(bench.backend.roll_api_secret(&owner, again).await, Err(Error::WrongStatus));
    bench.clock.pass(Duration::hours(23));
    verified(&bench, old.secret.expose()).await.unwrap();
    bench.clock.pass(Duration::hours(1));
    assert_is!(verified(&bench, old.secret.expose()).await, Err(Error::SecretExpired));
    verified(&bench, new.secret.expose()).await.unwrap();
    let listed = bench.backend.api_secret(&owner, &old.kid).await.unwrap();
    assert_eq!((listed.state, listed.is_live), (SecretState::Rolled, false));
});

on_both_databases!(a_rolled_secret_never_outlives_its_own_end, |bench| async move {
    let owner = bench.an_owner().await;
    let old = bench.issue_for(&owner, "하나", "30").await;
    bench.clock.pass(Duration::days(30) - Duration::hours(1));
    shown(bench.backend.roll_api_secret(&owner, rolling(&old.kid, "72")).await);
    assert_eq!(bench.backend.api_secret(&owner, &old.kid).await.unwrap().ends_at, old.ends_at);
});

on_both_databases!(rolling_without_overlap_ends_the_old_secret_and_its_tokens_at_once, |bench| async move {
    let owner = bench.an_owner().await;
    let old = bench.issue_for(&owner, "하나", "none").await;
    let tokens = bench.backend.log_in_api_secret(old.secret.expose()).await.unwrap();
    let new = shown(bench.backend.roll_api_secret(&owner, rolling(&old.kid, "0")).await);
    assert_eq!(new.ends_at, None);
    assert_is!(verified(&bench, old.secret.expose()).await, Err(Error::SecretExpired));
    let access = Presented::AccessToken(tokens.access_token.expose());
    assert_is!(bench.backend.verify_credential(access).await, Err(Error::Unauthenticated));
});

on_both_databases!(what_is_over_cannot_be_rolled, |bench| async move {
    let owner = bench.an_owner().await;
    let over = bench.issue_for(&owner, "하나", "30").await;
    let revoked = bench.issue_for(&owner, "둘", "none").await;
    bench.backend.revoke_api_secret(&owner, &revoked.kid, Language::Korean).await.unwrap();
    bench.clock.pass(Duration::days(30));
    for kid in [&over.kid, &revoked.kid] {
        assert_is!(bench.backend.roll_api_secret(&owner, rolling(kid, "1")).await, Err(Error::WrongStatus));
    }
    assert_is!(bench.backend.roll_api_secret(&owner, rolling(&over.kid, "48")).await, Err(Error::Form(_)));
});

on_both_databases!(another_merchants_secret_is_not_there, |bench| async move {
    let (owner, stranger) = (bench.an_owner().await, bench.an_owner_called("stranger@example.com").await);
    let issued = bench.issue(&owner, "하나").await;
    assert_is!(bench.backend.api_secret(&stranger, &issued.kid).await, Err(Error::NotFound));
    assert_is!(bench.backend.roll_api_secret(&stranger, rolling(&issued.kid, "0")).await, Err(Error::NotFound));
    assert_is!(bench.backend.revoke_api_secret(&stranger, &issued.kid, Language::Korean).await, Err(Error::NotFound));
    let store = bench.store_id(&owner).await.parse::<StoreId>().unwrap();
    for store in [store, StoreId::new(Uuid::from_u128(7))] {
        let theirs = backend::Issue { store: Some(store), ..asked_for("둘", "a") };
        assert_is!(bench.backend.issue_api_secret(&stranger, theirs).await, Err(Error::NotFound));
    }
    verified(&bench, issued.secret.expose()).await.unwrap();
    for odd in ["", "\0", "가나다라", "000000000000", &"k".repeat(5000)] {
        assert_is!(bench.backend.api_secret(&owner, odd).await, Err(Error::NotFound));
        assert_is!(bench.backend.revoke_api_secret(&owner, odd, Language::Korean).await, Err(Error::NotFound));
        assert_is!(
            bench.backend.roll_api_secret(&owner, rolling(odd, "0")).await,
            Err(Error::Form(_) | Error::NotFound)
        );
    }
});

on_both_databases!(each_change_of_a_secret_is_told_to_the_trail_and_to_the_core, |bench| async move {
    let owner = bench.an_owner().await;
    let old = bench.issue(&owner, "하나").await;
    let new = shown(bench.backend.roll_api_secret(&owner, rolling(&old.kid, "1")).await);
    bench.backend.revoke_api_secret(&owner, &new.kid, Language::Korean).await.unwrap();
    let told = bench
        .values::<String>(
            "SELECT action || ' ' || target FROM audit_events WHERE action LIKE 'api_secret.%' ORDER BY seq",
        )
        .await;
    let (old, new) = (&old.kid, &new.kid);
    assert_eq!(
        told,
        [format!("api_secret.issued {old}"), format!("api_secret.rolled {old}"), format!("api_secret.revoked {new}")]
    );
    let events = "SELECT kind || ' ' || credential_id FROM config_events WHERE credential_id IS NOT NULL ORDER BY seq";
    let events = bench.values::<String>(events).await;
    let expected = [("ISSUED", old), ("ISSUED", new), ("ROLLED", old), ("REVOKED", new)];
    assert_eq!(events, expected.map(|(what, kid)| format!("API_SECRET_{what} {kid}")));
    assert_eq!(bench.backend.verify_audit(bench.merchant_id(&owner).await).await.unwrap(), None);
});

on_both_databases!(owners_are_told_of_issue_and_revocation_and_of_the_end_twice, |bench| async move {
    let owner = bench.an_owner_called("kim@example.com").await;
    let issued = bench.issue_for(&owner, "결제 서버", "30").await;
    let mail = bench.letter().await;
    assert_eq!(mail.to, "kim@example.com");
    assert!(mail.body.contains("결제 서버") && mail.body.contains(&issued.kid));
    assert!(!mail.body.contains(issued.secret.expose()));
    assert!(mail.links().contains(&"https://console.example/integration/keys/v2"), "{mail:?}");

    let mut days = Vec::new();
    for day in 0..40 {
        if bench.backend.warn_of_expiring_secrets().await.unwrap() > 0 {
            assert!(bench.letter().await.body.contains("만료됩니다"));
            days.push(day);
        }
        bench.clock.pass(Duration::days(1));
    }
    assert_eq!(days, [16, 27], "14 and 3 days before, each once");

    let other = bench.issue_for(&owner, "다른 서버", "none").await;
    bench.letter().await;
    bench.backend.revoke_api_secret(&owner, &other.kid, Language::English).await.unwrap();
    assert!(bench.letter().await.body.contains("was revoked"));
});

on_both_databases!(a_secret_made_for_ten_days_is_warned_of_three_days_before_its_end_only, |bench| async move {
    let owner = bench.an_owner().await;
    let mut issue = asked_for("하나", "a");
    (issue.form.expiry, issue.form.until) = ("date".into(), "2026-11-30".into());
    shown(bench.backend.issue_api_secret(&owner, issue).await);
    assert_eq!(bench.backend.warn_of_expiring_secrets().await.unwrap(), 0);
    bench.clock.pass(Duration::days(7));
    assert_eq!(bench.backend.warn_of_expiring_secrets().await.unwrap(), 1);
});

on_both_databases!(nobody_is_warned_of_a_secret_that_was_rolled_or_revoked, |bench| async move {
    let owner = bench.an_owner().await;
    let rolled = bench.issue_for(&owner, "하나", "30").await;
    let revoked = bench.issue_for(&owner, "둘", "30").await;
    bench.clock.pass(Duration::days(1));
    shown(bench.backend.roll_api_secret(&owner, rolling(&rolled.kid, "72")).await);
    bench.backend.revoke_api_secret(&owner, &revoked.kid, Language::Korean).await.unwrap();
    bench.clock.pass(Duration::days(15));
    assert_eq!(bench.backend.warn_of_expiring_secrets().await.unwrap(), 0, "the successor has a day more");
});
