//! 회원가입, the mail, 로그인.

use backend::{Error, LinkState};
use domain::{form::ErrorCode, member::Role};
use time::Duration;

use crate::support::{OTHER_PASSWORD, PASSWORD, PUBLIC_URL, beside, sign_up_form};

const ME: &str = "me@example.com";

on_both_databases!(signing_up_sends_one_mail_with_one_link, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    let letter = bench.letter().await;
    assert_eq!((letter.to.as_str(), letter.links().len()), (ME, 1));
});

on_both_databases!(the_mail_is_one_text_part_of_8_bits, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    let headers = bench.letter().await.headers.to_lowercase();
    for header in ["content-type: text/plain; charset=utf-8", "content-transfer-encoding: 8bit"] {
        assert_eq!(headers.lines().filter(|line| *line == header).count(), 1, "{headers}");
    }
});

on_both_databases!(the_link_stands_alone_on_one_unwrapped_line, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    let letter = bench.letter().await;
    let token = letter.links()[0].strip_prefix(&format!("{PUBLIC_URL}/verify-email?token=")).unwrap();
    let of_a_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    assert!(token.len() == 43 && token.chars().all(of_a_token), "{token:?}");
});

on_both_databases!(a_mail_scanner_that_looks_at_the_link_does_not_use_it_up, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    let letter = bench.letter().await;
    for _ in 0..2 {
        assert_eq!(bench.backend.verification_link(letter.token()).await.unwrap(), LinkState::Usable);
    }
    bench.backend.verify_email(letter.token(), bench.somebody()).await.unwrap();
});

on_both_databases!(a_link_works_once, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    let letter = bench.letter().await;
    bench.backend.verify_email(letter.token(), bench.somebody()).await.unwrap();
    assert_eq!(bench.backend.verification_link(letter.token()).await.unwrap(), LinkState::Invalid);
    assert_is!(bench.backend.verify_email(letter.token(), bench.somebody()).await, Err(Error::LinkInvalid));
});

on_both_databases!(of_32_clicks_at_once_one_creates_the_merchant, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    let letter = bench.letter().await;
    let caller = bench.somebody();
    let clicks = bench
        .at_once(32, |backend, _| {
            let token = letter.token().to_owned();
            async move { backend.verify_email(&token, caller).await }
        })
        .await;
    assert_eq!(clicks.iter().filter(|click| click.is_ok()).count(), 1, "{clicks:?}");
    assert!(clicks.iter().all(|click| matches!(click, Ok(()) | Err(Error::LinkInvalid))), "{clicks:?}");
    assert_eq!(bench.count("merchants").await, 1);
});

on_both_databases!(a_link_lives_until_24_hours_have_passed, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    let letter = bench.letter().await;
    bench.clock.pass(Duration::hours(24) - Duration::SECOND);
    assert_eq!(bench.backend.verification_link(letter.token()).await.unwrap(), LinkState::Usable);
    bench.clock.pass(Duration::SECOND);
    assert_eq!(bench.backend.verification_link(letter.token()).await.unwrap(), LinkState::Invalid);
    assert_is!(bench.backend.verify_email(letter.token(), bench.somebody()).await, Err(Error::LinkInvalid));
});

on_both_databases!(an_expired_sign_up_is_swept_away, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    bench.clock.pass(Duration::hours(24));
    bench.backend.sweep().await.unwrap();
    assert_eq!((bench.count("pending_signups").await, bench.count("email_tokens").await), (0, 0));
});

on_both_databases!(a_made_up_link_is_invalid, |bench| async move {
    for token in ["", "x", "../../etc/passwd", &"A".repeat(43), &"A".repeat(100_000)] {
        assert_is!(bench.backend.verify_email(token, bench.somebody()).await, Err(Error::LinkInvalid));
    }
});

on_both_databases!(signing_up_with_a_taken_address_gets_another_mail, |bench| async move {
    bench.an_owner_called(ME).await;
    bench.sign_up("ME@Example.com", OTHER_PASSWORD).await.unwrap();
    let letter = bench.letter().await;
    assert!(letter.body.contains("이미 가입된 주소입니다"), "{}", letter.body);
    assert_eq!(letter.links(), [format!("{PUBLIC_URL}/login")]);
});

on_both_databases!(signing_up_with_a_taken_address_changes_nothing, |bench| async move {
    bench.an_owner_called(ME).await;
    bench.sign_up(ME, OTHER_PASSWORD).await.unwrap();
    assert_eq!((bench.count("pending_signups").await, bench.count("members").await), (0, 1));
    assert_is!(bench.log_in(ME, OTHER_PASSWORD).await, Err(Error::WrongCredentials));
    bench.log_in(ME, PASSWORD).await.unwrap();
});

on_both_databases!(who_has_not_confirmed_yet_is_told_so_for_the_right_password_only, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    assert_is!(bench.log_in(ME, PASSWORD).await, Err(Error::NotVerified));
    assert_is!(bench.log_in(ME, OTHER_PASSWORD).await, Err(Error::WrongCredentials));
});

on_both_databases!(a_stranger_is_told_no_more_than_who_mistypes, |bench| async move {
    bench.an_owner_called(ME).await;
    assert_is!(bench.log_in("stranger@example.com", PASSWORD).await, Err(Error::WrongCredentials));
    assert_is!(bench.log_in(ME, OTHER_PASSWORD).await, Err(Error::WrongCredentials));
});

on_both_databases!(who_confirmed_the_mail_logs_in_whatever_the_case_of_the_address, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    bench.confirm_mail().await.unwrap();
    bench.log_in("Me@EXAMPLE.com", PASSWORD).await.unwrap();
});

on_both_databases!(an_empty_login_form_says_what_is_missing, |bench| async move {
    assert_eq!(beside("password", bench.log_in("", "").await), Some(ErrorCode::Required));
});

on_both_databases!(a_confirmed_sign_up_is_the_owner_of_a_merchant_with_its_store, |bench| async move {
    let owner = bench.an_owner_called(ME).await;
    let viewer = bench.backend.viewer(&owner).await.unwrap();
    assert_eq!((viewer.email.as_str(), viewer.role), (ME, Role::Owner));
    assert_eq!(bench.values::<String>("SELECT imp_code FROM merchants").await, [viewer.imp_code.as_str()]);
    assert_eq!(bench.values::<uuid::Uuid>("SELECT id FROM stores").await, [viewer.store_id.uuid()]);
});

on_both_databases!(a_new_merchant_has_a_v1_key_of_16_digits, |bench| async move {
    bench.an_owner().await;
    let key: String = bench.value("SELECT key FROM rest_api_keys").await;
    assert!(key.len() == 16 && key.bytes().all(|b| b.is_ascii_digit()), "{key}");
});

on_both_databases!(the_audit_trail_begins_with_the_merchant, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    bench.confirm_mail().await.unwrap();
    assert_eq!(bench.values::<String>("SELECT action FROM audit_events").await, ["merchant.created"]);
});

on_both_databases!(logging_in_and_out_is_in_the_audit_trail, |bench| async move {
    let owner = bench.an_owner().await;
    bench.backend.log_out(&owner).await.unwrap();
    let actions = bench.values::<String>("SELECT action FROM audit_events ORDER BY seq").await;
    assert_eq!(actions[1..], ["member.logged_in", "member.logged_out"]);
});

on_both_databases!(a_weak_password_is_refused_beside_its_field, |bench| async move {
    for weak in ["password123", "me@example.com"] {
        assert_eq!(beside("password", bench.sign_up(ME, weak).await), Some(ErrorCode::PasswordWeak), "{weak}");
    }
    assert_eq!(bench.count("pending_signups").await, 0);
});

on_both_databases!(of_two_sign_ups_for_one_address_the_clicked_one_has_it, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    let mine = bench.letter().await;
    bench.clock.pass(Duration::MINUTE);
    bench.sign_up(ME, OTHER_PASSWORD).await.unwrap();
    let others = bench.letter().await;

    bench.backend.verify_email(mine.token(), bench.somebody()).await.unwrap();

    bench.log_in(ME, PASSWORD).await.unwrap();
    assert_is!(bench.log_in(ME, OTHER_PASSWORD).await, Err(Error::WrongCredentials));
    assert_is!(bench.backend.verify_email(others.token(), bench.somebody()).await, Err(Error::LinkInvalid));
});

on_both_databases!(two_links_for_one_address_clicked_at_once_make_one_merchant, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    bench.sign_up(ME, OTHER_PASSWORD).await.unwrap();
    let letters = bench.letters().await;
    let caller = bench.somebody();
    let clicks = bench
        .at_once(2, |backend, index| {
            let token = letters[index].token().to_owned();
            async move { backend.verify_email(&token, caller).await }
        })
        .await;
    assert_eq!(clicks.iter().filter(|click| matches!(click, Err(Error::LinkInvalid))).count(), 1, "{clicks:?}");
    assert_eq!(bench.count("merchants").await, 1);
});

on_both_databases!(a_mail_that_is_sent_again_has_a_link_that_works, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    bench.letter().await;
    bench.backend.resend_verification(ME, bench.somebody()).await.unwrap();
    bench.confirm_mail().await.unwrap();
    bench.log_in(ME, PASSWORD).await.unwrap();
});

on_both_databases!(a_mail_is_sent_again_to_the_address_that_signed_up, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    bench.letter().await;
    bench.backend.resend_verification("ME@example.com", bench.somebody()).await.unwrap();
    assert_eq!(bench.letter().await.to, ME);
});

on_both_databases!(a_mail_is_sent_again_once_a_minute_at_most, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    bench.letter().await;
    for _ in 0..3 {
        bench.backend.resend_verification(ME, bench.somebody()).await.unwrap();
    }
    bench.letter().await;
});

on_both_databases!(asking_for_a_mail_to_a_strangers_address_sends_none, |bench| async move {
    bench.backend.resend_verification("stranger@example.com", bench.somebody()).await.unwrap();
    assert!(bench.letters().await.is_empty());
});

on_both_databases!(one_client_signs_up_three_times_an_hour, |bench| async move {
    let client = bench.somebody();
    for number in 0..3 {
        let form = sign_up_form(&format!("number{number}@example.com"), PASSWORD);
        bench.backend.sign_up(form, client).await.unwrap();
    }
    let fourth = bench.backend.sign_up(sign_up_form(ME, PASSWORD), client).await;
    assert_is!(fourth, Err(Error::TooManyAttempts { .. }));
    bench.sign_up(ME, PASSWORD).await.unwrap();
});

on_both_databases!(raising_the_epoch_ends_every_session_of_the_member, |bench| async move {
    bench.an_owner_called(ME).await;
    let signed_in = bench.log_in(ME, PASSWORD).await.unwrap();
    bench.sql("UPDATE members SET session_epoch = session_epoch + 1").await;
    let actor = bench.backend.actor(signed_in, bench.somebody().address).await;
    assert_is!(actor, Err(Error::Unauthenticated));
});

on_both_databases!(the_token_of_a_link_lies_nowhere_in_the_database, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    let letter = bench.letter().await;
    assert!(!bench.stores(letter.token().as_bytes()).await);
});

on_both_databases!(a_password_lies_nowhere_in_the_database, |bench| async move {
    bench.sign_up(ME, PASSWORD).await.unwrap();
    assert!(bench.stores(ME.as_bytes()).await, "the search finds what is there");
    assert!(!bench.stores(PASSWORD.as_bytes()).await);
});
