//! Who tries too often waits: after a restart, at another console, and from a thousand addresses as well.

use backend::{Caller, Caps, Error, KeyRing, SignedIn};
use domain::{
    account::{Email, LoginForm},
    channel::ChannelForm,
    form::ErrorCode,
    secret::Typed,
    store::StoreForm,
};
use time::Duration;

use crate::credentials::asked_for;
use crate::support::{Bench, OTHER_PASSWORD, PASSWORD, beside, invite_form, live, named, sign_up_form, twice};

const ME: &str = "me@example.com";

fn login(email: &str, password: &str) -> LoginForm {
    LoginForm { email: email.to_owned(), password: Typed::new(password) }
}

/// A login from an address that nobody had before, by a browser that shows `device`.
async fn log_in(bench: &Bench, password: &str, device: Option<&str>) -> backend::Result<SignedIn> {
    bench.backend.log_in_from(login(ME, password), bench.somebody(), device).await
}

fn device_of(bench: &Bench, email: &str) -> String {
    bench.backend.known_device(&Email::parse(email).unwrap(), None).unwrap()
}

/// Guesses for so long, as often as it may; how many were compared.
async fn guess_for(bench: &Bench, time: Duration) -> usize {
    let (mut left, mut compared) = (time, 0);
    loop {
        match log_in(bench, "wrong guess", None).await {
            Err(Error::WrongCredentials) => compared += 1,
            Err(Error::TooManyAttempts { retry_after }) => {
                let wait = Duration::try_from(retry_after).unwrap();
                if wait > left {
                    return compared;
                }
                bench.clock.pass(wait);
                left -= wait;
            }
            other => panic!("{other:?}"),
        }
    }
}

on_both_databases!(of_200_guesses_at_once_from_200_addresses_five_are_compared, |bench| async move {
    bench.an_owner_called(ME).await;
    let callers: Vec<Caller> = (0..200).map(|_| bench.somebody()).collect();
    let guesses = bench
        .at_once(200, |backend, index| {
            let caller = callers[index];
            async move { backend.log_in(login(ME, "wrong guess"), caller).await }
        })
        .await;
    let compared = guesses.iter().filter(|guess| matches!(guess, Err(Error::WrongCredentials))).count();
    assert_eq!(compared, 5);
    let others = |guess: &&backend::Result<SignedIn>| {
        // Some do not even get a turn.
        matches!(guess, Err(Error::TooManyAttempts { .. } | Error::Unavailable))
    };
    assert_eq!(guesses.iter().filter(others).count(), 195, "{guesses:?}");
});

on_both_databases!(every_wrong_password_after_the_fifth_makes_the_next_wait_longer, |bench| async move {
    bench.an_owner_called(ME).await;
    for _ in 0..5 {
        assert_is!(log_in(&bench, "wrong guess", None).await, Err(Error::WrongCredentials));
    }
    for seconds in [1, 2, 4, 8, 16, 30 * 60, 30 * 60] {
        let Err(Error::TooManyAttempts { retry_after }) = log_in(&bench, PASSWORD, None).await else {
            panic!("{seconds} s are not waited for");
        };
        assert_eq!(retry_after.as_secs(), seconds);
        bench.clock.pass(Duration::seconds(seconds.try_into().unwrap()) - Duration::MILLISECOND);
        assert_is!(log_in(&bench, PASSWORD, None).await, Err(Error::TooManyAttempts { .. }));
        bench.clock.pass(Duration::MILLISECOND);
        assert_is!(log_in(&bench, "wrong guess", None).await, Err(Error::WrongCredentials));
    }
});

on_both_databases!(who_guesses_from_everywhere_has_ten_guesses_in_half_an_hour, |bench| async move {
    bench.an_owner_called(ME).await;
    assert_eq!(guess_for(&bench, Duration::minutes(30)).await, 10);
    assert_eq!(guess_for(&bench, Duration::minutes(30)).await, 1);
});

on_both_databases!(after_a_hundred_guesses_only_the_mailbox_opens_the_account, |bench| async move {
    bench.an_owner_called(ME).await;
    let mine = device_of(&bench, ME);
    let mut compared = 0;
    while let Err(error) = log_in(&bench, "wrong guess", None).await {
        match error {
            Error::WrongCredentials => compared += 1,
            Error::TooManyAttempts { retry_after } => bench.clock.pass(retry_after.try_into().unwrap()),
            Error::LockedOut => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(compared, 100);
    bench.clock.pass(Duration::days(29));
    assert_is!(log_in(&bench, PASSWORD, None).await, Err(Error::LockedOut));
    log_in(&bench, PASSWORD, Some(&mine)).await.expect("nobody is locked out of the own browser");
    assert_is!(log_in(&bench, PASSWORD, None).await, Err(Error::LockedOut));

    bench.backend.forgot_password(ME, bench.somebody()).await.unwrap();
    let letter = bench.letter().await;
    let email = bench.backend.reset_password(letter.token(), twice(OTHER_PASSWORD), bench.somebody()).await.unwrap();
    assert_eq!(email.as_str(), ME);
    log_in(&bench, OTHER_PASSWORD, None).await.unwrap();
});

on_both_databases!(an_address_without_an_account_is_held_up_just_the_same, |bench| async move {
    bench.sign_up("unverified@example.com", PASSWORD).await.unwrap();
    for email in ["unverified@example.com", "stranger@example.com"] {
        for _ in 0..5 {
            assert_is!(bench.log_in(email, "wrong guess").await, Err(Error::WrongCredentials));
        }
        assert_is!(bench.log_in(email, "wrong guess").await, Err(Error::TooManyAttempts { .. }));
    }
});

on_both_databases!(the_right_password_forgets_the_wrong_ones, |bench| async move {
    bench.an_owner_called(ME).await;
    for _ in 0..3 {
        for _ in 0..4 {
            assert_is!(log_in(&bench, "wrong guess", None).await, Err(Error::WrongCredentials));
        }
        log_in(&bench, PASSWORD, None).await.unwrap();
    }
});

on_both_databases!(a_known_device_is_held_up_by_its_own_wrong_passwords_only, |bench| async move {
    bench.an_owner_called(ME).await;
    let (mine, another) = (device_of(&bench, ME), device_of(&bench, ME));
    guess_for(&bench, Duration::MINUTE).await;
    assert_is!(log_in(&bench, PASSWORD, None).await, Err(Error::TooManyAttempts { .. }));
    for _ in 0..5 {
        assert_is!(log_in(&bench, "mistyped", Some(&mine)).await, Err(Error::WrongCredentials));
    }
    assert_is!(log_in(&bench, PASSWORD, Some(&mine)).await, Err(Error::TooManyAttempts { .. }));
    log_in(&bench, PASSWORD, Some(&another)).await.unwrap();
    assert_is!(log_in(&bench, PASSWORD, None).await, Err(Error::TooManyAttempts { .. }));
    bench.clock.pass(Duration::SECOND);
    log_in(&bench, PASSWORD, Some(&mine)).await.unwrap();
});

on_both_databases!(a_device_is_known_to_the_accounts_that_it_logged_in_to, |bench| async move {
    bench.an_owner_called(ME).await;
    guess_for(&bench, Duration::MINUTE).await;
    let others = device_of(&bench, "other@example.com");
    let forged = "AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA";
    for device in [others.as_str(), forged, "", ".", "x", &"A".repeat(5000)] {
        assert_is!(log_in(&bench, PASSWORD, Some(device)).await, Err(Error::TooManyAttempts { .. }));
    }
    let me = Email::parse(ME).unwrap();
    let both = bench.backend.known_device(&me, Some(&others)).unwrap();
    assert!(both.split('.').next() == others.split('.').next() && both.len() > others.len());
    log_in(&bench, PASSWORD, Some(&both)).await.unwrap();
    let mut crowded = both;
    for number in 0..20 {
        let email = Email::parse(&format!("number{number}@example.com")).unwrap();
        crowded = bench.backend.known_device(&email, Some(&crowded)).unwrap();
        assert!(crowded.len() < 200, "{crowded}");
    }
    assert_is!(log_in(&bench, PASSWORD, Some(&crowded)).await, Err(Error::TooManyAttempts { .. }));
});

on_both_databases!(
    one_client_has_twenty_passwords_compared_a_minute_however_many_accounts_it_tries,
    |bench| async move {
        let client = bench.somebody();
        let (mut compared, mut longest) = (0, std::time::Duration::ZERO);
        for number in 0..1000 {
            let email = format!("number{number}@example.com");
            match bench.backend.log_in(login(&email, "wrong guess"), client).await {
                Err(Error::WrongCredentials) => compared += 1,
                Err(Error::TooManyAttempts { retry_after }) => longest = longest.max(retry_after),
                other => panic!("{other:?}"),
            }
            bench.clock.pass(Duration::milliseconds(59));
        }
        assert_eq!(compared, 20);
        assert!(longest <= std::time::Duration::from_mins(1), "{longest:?}");
        bench.clock.pass(Duration::MINUTE);
        assert_is!(bench.backend.log_in(login(ME, "wrong guess"), client).await, Err(Error::WrongCredentials));
    }
);

on_both_databases!(a_restart_gives_nobody_another_try, |bench| async move {
    bench.an_owner_called(ME).await;
    guess_for(&bench, Duration::MINUTE).await;
    let client = bench.somebody();
    for number in 0..3 {
        bench.backend.sign_up(sign_up_form(&format!("{number}@example.com"), PASSWORD), client).await.unwrap();
        bench.backend.forgot_password(&format!("{number}@example.com"), client).await.unwrap();
    }
    bench.backend.forgot_password(ME, bench.somebody()).await.unwrap();
    bench.letters().await;
    let bench = bench.restarted().await;
    assert_is!(log_in(&bench, PASSWORD, None).await, Err(Error::TooManyAttempts { .. }));
    let fourth = bench.backend.sign_up(sign_up_form("4@example.com", PASSWORD), client).await;
    assert_is!(fourth, Err(Error::TooManyAttempts { .. }));
    assert_is!(bench.backend.forgot_password("4@example.com", client).await, Err(Error::TooManyAttempts { .. }));
    let elsewhere = Caller { address: [198, 51, 100, 7].into(), ..client };
    bench.backend.forgot_password(ME, elsewhere).await.unwrap();
    assert!(bench.letters().await.is_empty());
});

on_both_databases!(another_console_on_the_same_database_gives_no_other_tries, |bench| async move {
    bench.an_owner_called(ME).await;
    let ring = KeyRing::read(&bench.dir.path().join("keyring")).unwrap();
    let other = Bench::backend_with(&bench.url, ring, std::sync::Arc::clone(&bench.clock)).await.unwrap();
    for turn in 0..5 {
        let console = if turn % 2 == 0 { &*bench.backend } else { &other };
        let guess = console.log_in(login(ME, "wrong guess"), bench.somebody()).await;
        assert_is!(guess, Err(Error::WrongCredentials));
    }
    let sixth = other.log_in(login(ME, PASSWORD), bench.somebody()).await;
    assert_is!(sixth, Err(Error::TooManyAttempts { .. }));
    let mine = device_of(&bench, ME);
    other.log_in_from(login(ME, PASSWORD), bench.somebody(), Some(&mine)).await.unwrap();
    other.db().close().await.unwrap();
});

on_both_databases!(a_mail_is_sent_again_five_times_a_day_at_most, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    bench.letter().await;
    let mut letters = 0;
    for _ in 0..100 {
        bench.backend.resend_verification(ME, bench.somebody()).await.unwrap();
        letters += bench.letters().await.len();
        bench.clock.pass(Duration::minutes(10));
    }
    assert_eq!(letters, 5);
});

on_both_databases!(of_a_hundred_requests_at_once_for_the_same_mail_one_is_answered, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    bench.letter().await;
    let callers: Vec<Caller> = (0..100).map(|_| bench.somebody()).collect();
    let asked = bench
        .at_once(100, |backend, index| {
            let caller = callers[index];
            async move { backend.resend_verification(ME, caller).await }
        })
        .await;
    assert!(asked.iter().all(Result::is_ok), "{asked:?}");
    bench.letter().await;
});

on_both_databases!(signing_somebody_up_again_and_again_does_not_fill_the_mailbox, |bench| async move {
    for _ in 0..8 {
        bench.sign_up(ME, PASSWORD).await.unwrap();
    }
    assert_eq!(bench.letters().await.len(), 5);
    assert_eq!(bench.count("pending_signups").await, 5);
});

on_both_databases!(one_client_leaves_twenty_sign_ups_a_day, |bench| async move {
    let client = bench.somebody();
    for number in 0..40 {
        let form = sign_up_form(&format!("number{number}@example.com"), PASSWORD);
        let _ = bench.backend.sign_up(form, client).await;
        bench.clock.pass(Duration::minutes(25));
    }
    assert_eq!(bench.count("pending_signups").await, 20);
});

on_both_databases!(one_client_asks_for_three_new_passwords_an_hour, |bench| async move {
    let client = bench.somebody();
    for number in 0..3 {
        bench.backend.forgot_password(&format!("number{number}@example.com"), client).await.unwrap();
    }
    assert_is!(bench.backend.forgot_password(ME, client).await, Err(Error::TooManyAttempts { .. }));
    bench.clock.pass(Duration::HOUR);
    bench.backend.forgot_password(ME, client).await.unwrap();
});

on_both_databases!(counters_are_swept_when_they_hold_nobody_up, |bench| async move {
    bench.an_owner_called(ME).await;
    guess_for(&bench, Duration::MINUTE).await;
    bench.clock.pass(Duration::DAY);
    bench.backend.sweep().await.unwrap();
    let left = bench.values::<String>("SELECT name FROM rate_counters").await;
    assert_eq!(left, ["guesses_of_account"], "wrong passwords count on");
    bench.clock.pass(Duration::days(30));
    bench.backend.sweep().await.unwrap();
    assert_eq!(bench.count("rate_counters").await, 0);
});

on_both_databases!(a_full_merchant_is_told_beside_the_form, |bench| async move {
    let caps = Caps { channels: 2, api_secrets: 1, members: 3, stores: 2 };
    let bench = bench.with_caps(caps);
    let me = bench.an_owner_called(ME).await;
    let add = |number: u32| {
        let form = ChannelForm { mid: format!("ks000{number}"), ..named(&format!("number {number}")) };
        let mut new = live("ksnet", form);
        new.form.fields.insert("api_key".to_owned(), Typed::new("ksnet-api-key"));
        bench.backend.add_channel(&me, new)
    };
    let first = add(1).await.unwrap();
    add(2).await.unwrap();
    assert_eq!(beside("name", add(3).await), Some(ErrorCode::NoRoom { most: 2 }));
    bench.backend.delete_channel(&me, first.key).await.unwrap();
    add(3).await.unwrap();

    for number in 1..=2 {
        let email = format!("number{number}@example.com");
        bench.backend.invite(&me, invite_form(&email, "viewer"), bench.somebody()).await.unwrap();
    }
    let third = bench.backend.invite(&me, invite_form("3@example.com", "viewer"), bench.somebody()).await;
    assert_eq!(beside("email", third), Some(ErrorCode::NoRoom { most: 3 }));

    bench.issue(&me, "하나").await;
    let second = bench.backend.issue_api_secret(&me, asked_for("둘", "click-2")).await;
    assert!(
        matches!(&second, Err(Error::Form(errors)) if errors.of("name") == Some(&ErrorCode::NoRoom { most: 1 })),
        "{second:?}"
    );

    let store = |code: &str| StoreForm { name: format!("상점 {code}"), tier_code: code.to_owned() };
    bench.backend.add_store(&me, store("AA1")).await.unwrap();
    assert_eq!(beside("name", bench.backend.add_store(&me, store("AA2")).await), Some(ErrorCode::NoRoom { most: 2 }));
});
