//! 내 계정: password, address, sessions, and the way back in by mail.

use std::collections::HashMap;

use backend::{Error, LinkState, SignedIn, sessions};
use domain::{
    clock::Clock as _,
    form::ErrorCode,
    own_account::{ChangeEmailForm, ChangePasswordForm},
    secret::Typed,
};
use time::Duration;
use tower_sessions::{
    SessionStore as _,
    session::{Id, Record},
};

use crate::support::{Bench, Letter, OTHER_PASSWORD, PASSWORD, PUBLIC_URL, beside, twice};

const ME: &str = "me@example.com";
const NEW: &str = "new@example.com";

fn change(current: &str, new: &str) -> ChangePasswordForm {
    let new = Typed::new(new);
    ChangePasswordForm { current: Typed::new(current), password: new.clone(), password_again: new }
}

fn to(email: &str) -> ChangeEmailForm {
    ChangeEmailForm { email: email.to_owned(), current: Typed::new(PASSWORD) }
}

async fn forgot(bench: &Bench, email: &str) -> Vec<Letter> {
    bench.backend.forgot_password(email, bench.somebody()).await.unwrap();
    bench.letters().await
}

/// A session of somebody who logged in, as the pages write it.
async fn a_session(bench: &Bench, who: SignedIn, device: &str) -> Id {
    let now = backend_ms(bench);
    let data = HashMap::from([
        (sessions::keys::SIGNED_IN.to_owned(), serde_json::to_value(who).unwrap()),
        (sessions::keys::LOGGED_IN_AT.to_owned(), now.into()),
        (sessions::keys::SEEN_AT.to_owned(), now.into()),
        (sessions::keys::DEVICE.to_owned(), device.into()),
        (sessions::keys::ADDRESS.to_owned(), "192.0.2.7".into()),
    ]);
    let mut record = Record { id: Id::default(), data, expiry_date: bench.clock.now() + Duration::HOUR };
    bench.backend.sessions().create(&mut record).await.unwrap();
    record.id
}

fn backend_ms(bench: &Bench) -> i64 {
    bench.backend.now_ms()
}

async fn is_alive(bench: &Bench, id: Id) -> bool {
    bench.backend.sessions().load(&id).await.unwrap().is_some()
}

on_both_databases!(who_changes_the_password_logs_in_with_the_new_one, |bench| async move {
    let me = bench.an_owner_called(ME).await;
    bench.backend.change_password(&me, change(PASSWORD, OTHER_PASSWORD), bench.somebody()).await.unwrap();
    assert_is!(bench.log_in(ME, PASSWORD).await, Err(Error::WrongCredentials));
    bench.log_in(ME, OTHER_PASSWORD).await.unwrap();
    assert_eq!(bench.letter().await.links(), [format!("{PUBLIC_URL}/forgot-password")]);
    assert_eq!(bench.trail_of("member.password_changed").await, ["done"]);
});

on_both_databases!(a_new_password_signs_every_other_session_out_and_keeps_this_one, |bench| async move {
    let me = bench.an_owner_called(ME).await;
    let elsewhere = bench.log_in(ME, PASSWORD).await.unwrap();
    let session = a_session(&bench, elsewhere, "").await;
    let here = bench.backend.change_password(&me, change(PASSWORD, OTHER_PASSWORD), bench.somebody()).await.unwrap();
    let address = bench.somebody().address;
    assert_is!(bench.backend.actor(elsewhere, address).await, Err(Error::Unauthenticated));
    assert!(!is_alive(&bench, session).await);
    bench.backend.actor(here, address).await.unwrap();
});

on_both_databases!(a_wrong_old_password_is_refused_beside_it_and_noted, |bench| async move {
    let me = bench.an_owner_called(ME).await;
    let refused = bench.backend.change_password(&me, change("wrong", OTHER_PASSWORD), bench.somebody()).await;
    assert_eq!(beside("current", refused), Some(ErrorCode::PasswordWrong));
    assert_eq!(bench.trail_of("member.password_changed").await, ["refused"]);
    bench.log_in(ME, PASSWORD).await.unwrap();
});

on_both_databases!(an_open_browser_is_no_place_to_guess_the_password, |bench| async move {
    let me = bench.an_owner_called(ME).await;
    for _ in 0..5 {
        let _ = bench.backend.change_password(&me, change("wrong", OTHER_PASSWORD), bench.somebody()).await;
    }
    let sixth = bench.backend.change_password(&me, change(PASSWORD, OTHER_PASSWORD), bench.somebody()).await;
    assert_is!(sixth, Err(Error::TooManyAttempts { .. }));
});

on_both_databases!(a_new_password_that_is_weak_is_refused, |bench| async move {
    let me = bench.an_owner_called(ME).await;
    let refused = bench.backend.change_password(&me, change(PASSWORD, ME), bench.somebody()).await;
    assert_eq!(beside("password", refused), Some(ErrorCode::PasswordWeak));
});

on_both_databases!(of_8_changes_of_password_at_once_one_gets_through, |bench| async move {
    let me = bench.an_owner_called(ME).await;
    let caller = bench.somebody();
    let changes =
        bench
            .at_once(4, |backend, index| {
                let me = me.clone();
                async move {
                    backend.change_password(&me, change(PASSWORD, &format!("{OTHER_PASSWORD}-{index}")), caller).await
                }
            })
            .await;
    assert_eq!(changes.iter().filter(|change| change.is_ok()).count(), 1, "{changes:?}");
});

on_both_databases!(who_forgot_the_password_chooses_another_by_mail, |bench| async move {
    bench.an_owner_called(ME).await;
    let letters = forgot(&bench, ME).await;
    assert!(letters[0].links()[0].starts_with(&format!("{PUBLIC_URL}/reset-password?token=")));
    bench.backend.reset_password(letters[0].token(), twice(OTHER_PASSWORD), bench.somebody()).await.unwrap();
    bench.log_in(ME, OTHER_PASSWORD).await.unwrap();
    assert_is!(bench.log_in(ME, PASSWORD).await, Err(Error::WrongCredentials));
    assert_eq!(bench.trail_of("member.password_reset").await, ["done"]);
});

on_both_databases!(a_password_chosen_by_mail_signs_every_session_out, |bench| async move {
    bench.an_owner_called(ME).await;
    let before = bench.log_in(ME, PASSWORD).await.unwrap();
    let session = a_session(&bench, before, "").await;
    let letters = forgot(&bench, ME).await;
    bench.backend.reset_password(letters[0].token(), twice(OTHER_PASSWORD), bench.somebody()).await.unwrap();
    assert_is!(bench.backend.actor(before, bench.somebody().address).await, Err(Error::Unauthenticated));
    assert!(!is_alive(&bench, session).await);
});

on_both_databases!(a_stranger_who_forgot_a_password_is_answered_the_same_after_the_same_work, |bench| async move {
    bench.an_owner_called(ME).await;
    let written = async || (bench.count("account_links").await, bench.count("outbox_mails").await);
    let before = written().await;
    assert_eq!(forgot(&bench, ME).await.len(), 1);
    let known = written().await;
    assert!(forgot(&bench, "stranger@example.com").await.is_empty());
    let unknown = written().await;
    assert_eq!((known.0 - before.0, known.1 - before.1), (unknown.0 - known.0, unknown.1 - known.1));
});

on_both_databases!(a_link_for_a_new_password_works_once_and_for_30_minutes, |bench| async move {
    bench.an_owner_called(ME).await;
    let first = forgot(&bench, ME).await.remove(0);
    bench.clock.pass(Duration::minutes(30) - Duration::SECOND);
    assert_eq!(bench.backend.reset_link(first.token()).await.unwrap(), LinkState::Usable);
    bench.clock.pass(Duration::SECOND);
    assert_eq!(bench.backend.reset_link(first.token()).await.unwrap(), LinkState::Invalid);
    let late = bench.backend.reset_password(first.token(), twice(OTHER_PASSWORD), bench.somebody()).await;
    assert_is!(late, Err(Error::LinkInvalid));

    bench.clock.pass(Duration::minutes(30));
    let second = forgot(&bench, ME).await.remove(0);
    let caller = bench.somebody();
    let clicks = bench
        .at_once(8, |backend, index| {
            let token = second.token().to_owned();
            let password = twice(&format!("{OTHER_PASSWORD}-{index}"));
            async move { backend.reset_password(&token, password, caller).await }
        })
        .await;
    assert_eq!(clicks.iter().filter(|click| click.is_ok()).count(), 1, "{clicks:?}");
});

on_both_databases!(a_refused_password_leaves_the_link_as_it_is, |bench| async move {
    bench.an_owner_called(ME).await;
    let letter = forgot(&bench, ME).await.remove(0);
    let weak = bench.backend.reset_password(letter.token(), twice("password123"), bench.somebody()).await;
    assert_eq!(beside("password", weak), Some(ErrorCode::PasswordWeak));
    bench.backend.reset_password(letter.token(), twice(OTHER_PASSWORD), bench.somebody()).await.unwrap();
});

on_both_databases!(a_new_password_kills_the_links_that_were_on_their_way, |bench| async move {
    let me = bench.an_owner_called(ME).await;
    let letter = forgot(&bench, ME).await.remove(0);
    bench.backend.change_password(&me, change(PASSWORD, OTHER_PASSWORD), bench.somebody()).await.unwrap();
    let late = bench.backend.reset_password(letter.token(), twice(PASSWORD), bench.somebody()).await;
    assert_is!(late, Err(Error::LinkInvalid));
});

on_both_databases!(one_mailbox_gets_one_mail_an_hour_however_often_it_is_asked_for, |bench| async move {
    bench.an_owner_called(ME).await;
    for _ in 0..6 {
        bench.backend.forgot_password(ME, bench.somebody()).await.unwrap();
    }
    assert_eq!(bench.letters().await.len(), 1);
    bench.clock.pass(Duration::HOUR - Duration::SECOND);
    assert!(forgot(&bench, ME).await.is_empty());
    bench.clock.pass(Duration::SECOND);
    assert_eq!(forgot(&bench, ME).await.len(), 1);
});

on_both_databases!(a_made_up_link_changes_nothing, |bench| async move {
    bench.an_owner_called(ME).await;
    for token in ["", "x", &"A".repeat(43)] {
        let reset = bench.backend.reset_password(token, twice(OTHER_PASSWORD), bench.somebody()).await;
        assert_is!(reset, Err(Error::LinkInvalid));
        assert_is!(bench.backend.change_email(token, bench.somebody()).await, Err(Error::LinkInvalid));
    }
});

on_both_databases!(a_new_address_is_confirmed_there_and_told_at_the_old_one, |bench| async move {
    let me = bench.an_owner_called(ME).await;
    bench.backend.ask_for_email(&me, to(NEW), bench.somebody()).await.unwrap();
    let letter = bench.letter().await;
    assert_eq!(letter.to, NEW);
    bench.log_in(ME, PASSWORD).await.unwrap();
    bench.backend.change_email(letter.token(), bench.somebody()).await.unwrap();
    let told = bench.letter().await;
    assert!(told.to == ME && told.body.contains(NEW), "{told:?}");
    bench.log_in(NEW, PASSWORD).await.unwrap();
    assert_is!(bench.log_in(ME, PASSWORD).await, Err(Error::WrongCredentials));
    assert_eq!(bench.trail_of("member.email_changed").await, ["done"]);
});

on_both_databases!(an_address_that_is_taken_is_answered_the_same_and_told_there, |bench| async move {
    bench.an_owner_called(NEW).await;
    let me = bench.an_owner_called(ME).await;
    bench.backend.ask_for_email(&me, to(NEW), bench.somebody()).await.unwrap();
    let letter = bench.letter().await;
    assert_eq!((letter.to.as_str(), letter.links()), (NEW, vec![&*format!("{PUBLIC_URL}/login")]));
});

on_both_databases!(an_address_taken_while_the_mail_was_on_its_way_stays_with_whoever_took_it, |bench| async move {
    let me = bench.an_owner_called(ME).await;
    bench.backend.ask_for_email(&me, to(NEW), bench.somebody()).await.unwrap();
    let letter = bench.letter().await;
    bench.an_owner_called(NEW).await;
    assert_is!(bench.backend.change_email(letter.token(), bench.somebody()).await, Err(Error::LinkInvalid));
    bench.log_in(ME, PASSWORD).await.unwrap();
});

on_both_databases!(a_link_for_a_password_is_none_for_an_address, |bench| async move {
    bench.an_owner_called(ME).await;
    let letter = forgot(&bench, ME).await.remove(0);
    assert_eq!(bench.backend.email_link(letter.token()).await.unwrap(), LinkState::Invalid);
    assert_is!(bench.backend.change_email(letter.token(), bench.somebody()).await, Err(Error::LinkInvalid));
});

on_both_databases!(an_address_is_not_changed_without_the_password, |bench| async move {
    let me = bench.an_owner_called(ME).await;
    let form = ChangeEmailForm { current: Typed::new("wrong"), ..to(NEW) };
    let refused = bench.backend.ask_for_email(&me, form, bench.somebody()).await;
    assert_eq!(beside("current", refused), Some(ErrorCode::PasswordWrong));
    assert!(bench.letters().await.is_empty());
});

on_both_databases!(a_member_sees_the_sessions_by_device_and_place, |bench| async move {
    let me = bench.an_owner_called(ME).await;
    let who = bench.log_in(ME, PASSWORD).await.unwrap();
    a_session(&bench, who, "Chrome · macOS").await;
    bench.clock.pass(Duration::MINUTE);
    let here = a_session(&bench, who, "Safari · iPhone").await;
    let stranger = bench.an_owner().await;
    let listed = bench.backend.my_sessions(&me, &sessions::handle(&here)).await.unwrap();
    let seen: Vec<_> = listed.iter().map(|s| (s.device.as_str(), s.address.as_str(), s.is_current)).collect();
    assert_eq!(seen, [("Safari · iPhone", "192.0.2.7", true), ("Chrome · macOS", "192.0.2.7", false)]);
    assert!(bench.backend.my_sessions(&stranger, "").await.unwrap().is_empty());
});

on_both_databases!(a_session_is_ended_from_another, |bench| async move {
    let me = bench.an_owner_called(ME).await;
    let who = bench.log_in(ME, PASSWORD).await.unwrap();
    let (lost, here) = (a_session(&bench, who, "").await, a_session(&bench, who, "").await);
    let stranger = bench.an_owner().await;
    let handle = sessions::handle(&lost);
    assert_is!(bench.backend.end_session(&stranger, &handle).await, Err(Error::NotFound));
    bench.backend.end_session(&me, &handle).await.unwrap();
    assert_eq!((is_alive(&bench, lost).await, is_alive(&bench, here).await), (false, true));
    for nonsense in [handle.as_str(), "", "zz", &"가".repeat(32)] {
        assert_is!(bench.backend.end_session(&me, nonsense).await, Err(Error::NotFound));
    }
});

on_both_databases!(signing_out_everywhere_ends_every_session, |bench| async move {
    let me = bench.an_owner_called(ME).await;
    let who = bench.log_in(ME, PASSWORD).await.unwrap();
    let session = a_session(&bench, who, "").await;
    bench.backend.sign_out_everywhere(&me).await.unwrap();
    assert!(!is_alive(&bench, session).await);
    assert_is!(bench.backend.actor(who, bench.somebody().address).await, Err(Error::Unauthenticated));
    assert_eq!(bench.trail_of("member.signed_out_everywhere").await, ["done"]);
    bench.log_in(ME, PASSWORD).await.unwrap();
});

on_both_databases!(tokens_of_links_lie_nowhere_in_the_database, |bench| async move {
    let me = bench.an_owner_called(ME).await;
    let reset = forgot(&bench, ME).await.remove(0);
    bench.backend.ask_for_email(&me, to(NEW), bench.somebody()).await.unwrap();
    let email = bench.letter().await;
    for token in [reset.token(), email.token()] {
        assert!(!bench.stores(token.as_bytes()).await);
    }
});
