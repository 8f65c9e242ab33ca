//! 서비스 URL: its name is looked up when it is saved and when it is submitted.

use std::time::Duration;

use backend::{Actor, Error, Language, Operator, resolver::Answer};
use domain::application::{ApplicationError, BusinessForm, State, Step};

use crate::{
    applications::{beside, business, consents, drafted, moved, state, why},
    support::Bench,
};

const KO: Language = Language::Korean;
const HOST: &str = "shop.example.com";
const PUBLIC: &str = "93.184.216.34";

async fn begun(bench: &Bench) -> Actor {
    let owner = bench.an_owner().await;
    bench.backend.consent_to_apply(&owner, &consents()).await.unwrap();
    owner
}

async fn save(bench: &Bench, owner: &Actor, url: &str) -> Result<(), Error> {
    let form = BusinessForm { url: url.into(), ..business() };
    bench.backend.save_application_step(owner, Step::Service, &form).await
}

/// When the host was last found.
async fn found_at(bench: &Bench, owner: &Actor) -> Option<i64> {
    bench.backend.application(owner).await.unwrap().details.unwrap().service.unwrap().found_at
}

on_both_databases!(a_name_that_does_not_exist_or_is_private_is_refused_beside_the_url, |bench| async move {
    let owner = begun(&bench).await;
    let save = async |url: &str| save(&bench, &owner, url).await;
    let url = "https://shop.example.com/about";
    for nothing in [Answer::NoSuchName, Answer::Addresses(Vec::new())] {
        bench.names.answer(HOST, nothing);
        assert_eq!(beside("url", save(url).await), why(ApplicationError::UrlUnknown));
    }
    for private in [
        "10.0.0.5",
        "127.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "::",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:192.168.0.1",
    ] {
        bench.names.at(HOST, &[private]);
        assert_eq!(beside("url", save(url).await), why(ApplicationError::UrlPrivate), "{private}");
        // Who opens the page may be led to either.
        bench.names.at(HOST, &[PUBLIC, private]);
        assert_eq!(beside("url", save(url).await), why(ApplicationError::UrlPrivate), "{private}");
    }
    assert_eq!(bench.backend.application(&owner).await.unwrap().details.unwrap().service, None);
    bench.names.at(HOST, &[PUBLIC, "2606:4700::1"]);
    save(url).await.unwrap();
    assert_eq!(found_at(&bench, &owner).await, Some(bench.backend.now_ms()));
});

on_both_databases!(what_else_is_wrong_is_told_at_once_and_nothing_is_asked_for_what_is_no_name, |bench| async move {
    let owner = begun(&bench).await;
    bench.names.answer(HOST, Answer::NoSuchName);
    let form = BusinessForm { contact_phone: "1".into(), ..business() };
    let Err(Error::Form(errors)) = bench.backend.save_application_step(&owner, Step::Service, &form).await else {
        panic!("not refused")
    };
    assert_eq!(errors.0.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["url", "contact_phone"]);
    assert_eq!(bench.names.asked(), [HOST]);
    assert_eq!(beside("url", save(&bench, &owner, "https://10.0.0.1").await), why(ApplicationError::UrlHost));
    bench.backend.save_application_step(&owner, Step::Business, &business()).await.unwrap();
    assert!(bench.names.asked().is_empty());
    save(&bench, &owner, "https://우리가게.한국/").await.unwrap();
    assert_eq!(bench.names.asked(), ["xn--o39akk294a1um.xn--3e0b707e"]);
});

on_both_databases!(a_resolver_that_does_not_answer_holds_nobody_up_and_the_operator_is_told, |bench| async move {
    let owner = bench.an_owner().await;
    bench.names.answer(HOST, Answer::Unanswered);
    let id = drafted(&bench, &owner).await;
    assert_eq!(found_at(&bench, &owner).await, None);
    bench.backend.submit_applications(&owner, &[id], KO).await.unwrap();
    let seen = async || {
        let found = bench.backend.operated_application(Operator::Machine, id).await.unwrap();
        (found.details.service.as_ref().unwrap().found_at, found.is_changed())
    };
    assert_eq!(seen().await, (None, false));
    // Sent in again on a better day.
    moved(&bench, id, State::ChangesRequested, "주소를 확인해 주세요").await.unwrap();
    bench.clock.pass(time::Duration::DAY);
    bench.names.at(HOST, &[PUBLIC]);
    let now = bench.backend.now_ms();
    bench.backend.submit_applications(&owner, &[id], KO).await.unwrap();
    assert_eq!(seen().await, (Some(now), false), "nobody has typed anything");
    // What was found once stays found.
    moved(&bench, id, State::ChangesRequested, "주소를 확인해 주세요").await.unwrap();
    bench.clock.pass(time::Duration::DAY);
    bench.names.answer(HOST, Answer::Unanswered);
    save(&bench, &owner, "https://shop.example.com").await.unwrap();
    assert_eq!(found_at(&bench, &owner).await, Some(now));
    bench.names.answer("www.example.com", Answer::Unanswered);
    save(&bench, &owner, "https://www.example.com").await.unwrap();
    assert_eq!(found_at(&bench, &owner).await, None, "another name");
});

on_both_databases!(a_name_that_is_gone_when_it_is_submitted_stops_it, |bench| async move {
    let owner = bench.an_owner().await;
    let id = drafted(&bench, &owner).await;
    let submit = async || bench.backend.submit_applications(&owner, &[id], KO).await;
    bench.names.answer(HOST, Answer::NoSuchName);
    assert_eq!(beside("contracts", submit().await), why(ApplicationError::UrlUnknown));
    bench.names.at(HOST, &["192.168.0.1"]);
    assert_eq!(beside("contracts", submit().await), why(ApplicationError::UrlPrivate));
    assert_eq!(state(&bench, &owner, id).await, State::Draft);
    bench.names.at(HOST, &[PUBLIC]);
    submit().await.unwrap();
    assert_eq!(state(&bench, &owner, id).await, State::Submitted);
});

on_both_databases!(nobody_asks_for_the_names_of_a_network_by_way_of_the_console, |bench| async move {
    let owner = begun(&bench).await;
    for n in 0..60 {
        save(&bench, &owner, &format!("https://host{n}.example.com")).await.unwrap();
    }
    assert_is!(save(&bench, &owner, "https://host60.example.com").await, Err(Error::TooManyAttempts { .. }));
    assert_eq!(bench.names.asked().len(), 60);
    bench.clock.pass(time::Duration::HOUR);
    save(&bench, &owner, "https://host60.example.com").await.unwrap();
});

on_both_databases!(who_saves_waits_three_seconds_for_a_name_at_the_most, |bench| async move {
    let owner = begun(&bench).await;
    bench.names.never_answer(HOST);
    let took = std::time::Instant::now();
    save(&bench, &owner, "https://shop.example.com").await.unwrap();
    let took = took.elapsed();
    assert!(took >= Duration::from_secs(3) && took < Duration::from_secs(8), "{took:?}");
    assert_eq!(found_at(&bench, &owner).await, None);
});
