//! `demo`: whoever tries the console finds a merchant with a past.

use std::{collections::BTreeSet, path::Path};

use backend::{Backend, Caller, Language, ListQuery, SignedIn, TeamQuery};
use domain::{
    account::LoginForm,
    api_secret::SecretState,
    application::State,
    channel::{Mode, Status},
    member::Role,
    receipt::CoresState,
    secret::Typed,
    trail::TrailQuery,
};
use server::{config::Config, serve};

use crate::{
    programs::{Postgres, Program},
    surviving::blocking,
};

/// Runs the command, with passwords that cost as good as nothing.
fn demo(data: &Path, database_url: Option<&str>, words: &[&str]) -> (Option<i32>, String) {
    let words: Vec<&str> = ["demo"].iter().chain(words).copied().collect();
    let mut command = Program::with_words(data, database_url, &words);
    command.env("CONSOLE_ARGON2_MEMORY_KIB", "64").env("CONSOLE_ARGON2_PASSES", "1");
    let ended = command.output().expect("started");
    let said = [ended.stdout, ended.stderr].concat();
    (ended.status.code(), String::from_utf8(said).expect("text"))
}

async fn log_in(backend: &Backend, role: Role, password: &str) -> backend::Result<SignedIn> {
    let form = LoginForm { email: format!("{}@dalbit.example", role.as_str()), password: Typed::new(password) };
    // Each of an address of their own: one alone may not log in so often.
    let host = Role::ALL.into_iter().take_while(|one| *one != role).count();
    let address = [10, 0, 0, u8::try_from(host).expect("few")].into();
    backend.log_in(form, Caller { address, language: Language::Korean }).await
}

async fn the_owner_finds_everything(data: &Path, database_url: Option<&str>) {
    let (code, said) = demo(data, database_url, &[]);
    assert_eq!(code, Some(0), "{said}");
    let password = said.rsplit(' ').next().expect("a word").trim();

    let data_dir = data.display().to_string();
    let told = [("data_dir", data_dir.as_str()), ("database_url", database_url.unwrap_or_default())];
    let value = |name: &str| told.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    let backend = serve::backend(&Config::from_variables(value).expect("valid")).await.expect("a backend");
    for role in Role::ALL {
        log_in(&backend, role, password).await.expect("the one password is everybody's");
    }
    let owner = log_in(&backend, Role::Owner, password).await.expect("logged in");
    let owner = backend.actor(owner, [127, 0, 0, 1].into()).await.expect("an actor");

    assert_eq!(backend.team(&owner, TeamQuery::default()).await.expect("a team").total, 5);
    assert_eq!(backend.list_stores(&owner, 1).await.expect("stores").total, 3);
    let channels =
        backend.list_channels(&owner, ListQuery { page: 1, ..ListQuery::default() }).await.expect("channels");
    assert_eq!(channels.total, 30);
    let mut listed = channels.items;
    for page in 2..=channels.pages {
        listed.extend(
            backend.list_channels(&owner, ListQuery { page, ..ListQuery::default() }).await.expect("more").items,
        );
    }
    assert_eq!(listed.iter().map(|one| &one.provider).collect::<BTreeSet<_>>().len(), 15);
    for mode in [Mode::Test, Mode::Live] {
        let of = |status| listed.iter().filter(|one| one.mode == mode && one.status == status).count();
        assert!(of(Status::Active) > 10 && of(Status::Paused) > 0, "{mode}");
    }
    let ksnet = listed.iter().find(|one| one.name == "KSNET 카드 실연동").expect("renamed").key;
    let (_, history) = backend.channel_history(&owner, ksnet, 1).await.expect("a history");
    assert!(history.items.iter().any(|one| one.made_from.is_some() && !one.note.is_empty()), "it was rolled back");
    assert!(history.items.iter().map(|one| &one.by.email).collect::<BTreeSet<_>>().len() > 1, "by several people");
    let span = history.items.first().expect("the last").at - history.items.last().expect("the first").at;
    assert!(span > 60 * 24 * 60 * 60 * 1000, "over months: {span} ms");
    assert!(backend.now_ms() >= history.items.first().expect("the last").at, "nothing is in the future");
    assert!(backend.twins(&owner, ksnet).await.expect("a pair").test.is_some());
    assert!(!backend.secret_reads(&owner, ksnet).await.expect("receipts").is_empty());
    assert!(!matches!(backend.cores_state(&owner).await.expect("a state"), CoresState::NeverSeen));

    let secrets = backend.list_api_secrets(&owner, 1).await.expect("secrets").items;
    for state in SecretState::ALL {
        assert!(secrets.iter().any(|one| one.state == state), "{state:?}");
    }
    let contracts = backend.application(&owner).await.expect("an application").contracts;
    assert_eq!(contracts.iter().map(|one| one.state.as_str()).collect::<BTreeSet<_>>().len(), State::ALL.len());
    let reviews = contracts.iter().filter_map(|one| one.details.as_ref()).map(|details| details.reviews.len());
    assert!(reviews.sum::<usize>() > 5);
    assert!(!backend.drafts_named(&owner, "channels/new/", 5).await.expect("drafts").is_empty());
    let deleted = TrailQuery { kind: "channel".to_owned(), ..TrailQuery::default() };
    let deleted = backend.trail(&owner, &deleted, 1).await.expect("a trail");
    assert!(deleted.items.iter().any(|one| one.action == "channel.deleted"));

    let (code, said) = Program::run(data, database_url, &["verify"]);
    assert_eq!(code, Some(0), "what it made is sound: {said}");
    let (code, said) = demo(data, database_url, &["--password", "another-long-password"]);
    assert_eq!(code, Some(2));
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("in this database already; nothing was changed"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_tries_the_console_finds_a_merchant_with_a_past() {
    let data = tempfile::tempdir().expect("a folder");
    the_owner_finds_everything(data.path(), None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgresql_too() {
    let Some(postgres) = blocking(Postgres::start).await else { return };
    let data = tempfile::tempdir().expect("a folder");
    the_owner_finds_everything(data.path(), Some(&postgres.url)).await;
}

#[test]
fn a_password_that_is_too_easy_makes_no_merchant() {
    let data = tempfile::tempdir().expect("a folder");
    let (code, said) = demo(data.path(), None, &["--password", "password12"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("password"), "{said}");
    let (_, said) = Program::run(data.path(), None, &["verify"]);
    assert!(said.contains("trail: 0 merchants"), "{said}");
}
