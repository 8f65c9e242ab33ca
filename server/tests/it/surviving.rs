//! The console is killed, gone, or far ahead: what it said it kept is there, and the payment core goes on. The core is the
//! one of `examples/payment_core`.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::Path,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle, sleep},
    time::Duration,
};

use backend::{Issue, Language, NewChannel, PasswordProof, Shown};
use domain::{
    api_secret::IssueForm,
    channel::ChannelForm,
    id::ChannelKey,
    resolve::Unresolved,
    secret::{Secret, Typed},
};
use sea_orm::{ConnectionTrait as _, Database, DatabaseBackend, Statement};
use serde_json::{Value, json};
use server::{core, listen};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::{
    programs::{Postgres, Program, until},
    support::{Console, Person, a_console, a_console_on},
};

#[path = "../../examples/payment_core/console.rs"]
mod console;
#[path = "../../examples/payment_core/follower.rs"]
mod follower;
#[path = "../../examples/payment_core/memory.rs"]
mod memory;
#[path = "../../examples/payment_core/saved.rs"]
mod saved;

use follower::Follower;
use memory::{Asked, Memory};
use saved::Saved;

const SEAL: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const WRITERS: u64 = 8;

/// How often the console is killed.
#[expect(clippy::disallowed_methods, reason = "`make torture` asks for more")]
pub fn cycles(unless_asked: u64) -> u64 {
    std::env::var("CONSOLE_TEST_CYCLES").ok().and_then(|text| text.parse().ok()).unwrap_or(unless_asked)
}

/// A payment core at work.
struct Core {
    memory: Arc<Memory>,
    stop: Arc<AtomicBool>,
    following: Option<JoinHandle<Follower>>,
}

impl Core {
    fn start(console: &str, token: &str, file: &Path) -> Self {
        let memory = Arc::new(Memory::default());
        let console = console::Console::new(console, Secret::new(token), "seoul-1");
        let saved = Saved::new(file.to_path_buf(), SEAL).expect("a key");
        let follower = Follower::new(console, saved, Arc::clone(&memory));
        follower.begin_with_what_was_saved();
        let stop = follower.stopper();
        let following = thread::spawn(move || {
            follower.follow();
            follower
        });
        Self { memory, stop, following: Some(following) }
    }

    fn serves(&self, store_id: &str, key: &str) -> Result<i64, Unresolved> {
        self.memory.resolve(&Asked::V2 { store_id, key }).map(|(channel, _)| channel.version)
    }

    fn has(&self, key: &str) -> bool {
        key.parse()
            .is_ok_and(|key: ChannelKey| self.memory.read(|state| state.channels().any(|channel| channel.key == key)))
    }

    /// Ends as an orderly program does, with everything saved.
    fn end(mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let follower = self.following.take().expect("following").join().expect("no panic");
        follower.save();
    }
}

pub async fn an_api_secret(console: &Console, owner: &Person) -> String {
    let form = IssueForm { name: "server".to_owned(), ..IssueForm::fresh() };
    let (proof, language) = (PasswordProof::Recent, Language::Korean);
    let issue = Issue { form, store: None, request_key: "a-request".to_owned(), proof, language };
    match console.backend.issue_api_secret(&owner.actor, issue).await.expect("issued") {
        Shown::Once(issued) => issued.secret.expose().to_owned(),
        Shown::Before => panic!("shown before"),
    }
}

pub async fn add_ksnet(console: &Console, owner: &Person, mid: &str) -> String {
    let fields = [("api_key".to_owned(), Typed::new(format!("key of {mid}")))].into();
    let form = ChannelForm { name: mid.to_owned(), mid: mid.to_owned(), fields, ..ChannelForm::default() };
    let new = NewChannel { mode: "live".into(), module: "ksnet".into(), form, ..NewChannel::default() };
    console.backend.add_channel(&owner.actor, new).await.expect("added").key.to_string()
}

/// Adds channels until it is told to stop; what is not answered is asked again with the same key until it is.
pub fn write(
    people: SocketAddr,
    secret: &str,
    writer: u64,
    stop: &AtomicBool,
    kept: &Mutex<BTreeMap<String, String>>,
    broken: &AtomicU64,
) {
    let config =
        ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(10)));
    let agent: ureq::Agent = config.build().into();
    for number in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let mid = format!("ks{writer}x{number}");
        let body = json!({
            "mode": "live", "module": "ksnet", "name": mid, "purpose": "payment", "mid": mid, "uses": [], "tax": "none",
            "fields": {"api_key": format!("key of {mid}")},
        });
        let key = loop {
            let asked = agent
                .post(format!("http://{people}/rest/v2/channels"))
                .header("authorization", format!("PortOne {secret}"))
                .header("content-type", "application/json")
                .header("idempotency-key", format!("request-of-{mid:>16}").replace(' ', "-"))
                .send(body.to_string());
            match asked {
                Ok(mut answer) if answer.status().as_u16() == 201 => {
                    let answer = answer.body_mut().read_to_string().ok().and_then(|text| {
                        let answer: Value = serde_json::from_str(&text).ok()?;
                        Some(answer["channel"]["channelKey"].as_str()?.to_owned())
                    });
                    if let Some(key) = answer {
                        break key;
                    }
                    broken.fetch_add(1, Ordering::Relaxed);
                }
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    assert!(matches!(status, 409 | 429 | 503), "{mid}: {status} {answer:?}");
                }
                Err(_) => {}
            }
            sleep(Duration::from_millis(30));
        };
        kept.lock().expect("whole").insert(mid, key);
    }
}

/// 8 writers and a payment core at work, while `harm` is done again and again.
/// Returns how many answers began well and broke off.
async fn survives(
    database_url: Option<String>,
    times: u64,
    mut harm: impl FnMut(&mut Program) + Send + 'static,
) -> u64 {
    let console = a_console_on(database_url.as_deref()).await;
    let owner = console.an_owner().await;
    let secret = an_api_secret(&console, &owner).await;
    let token = console.backend.create_core_token("core").await.expect("a token").token.expose().to_owned();
    let viewer = console.backend.viewer(&owner.actor).await.expect("a viewer");
    let (store, imp_code) = (viewer.store_id.to_string(), viewer.imp_code.to_string());
    let first = add_ksnet(&console, &owner, "first").await;
    let dir = console.closed().await;
    blocking(move || {
        let addresses = Program::addresses();
        let [people, cores] = addresses;
        let mut program = Program::start(dir.path(), addresses, database_url.as_deref());
        let core = Core::start(&format!("http://{cores}"), &token, &dir.path().join("core.snapshot"));
        until("the core has begun", || core.serves(&store, &first).is_ok());
        let (stop, kept) = (AtomicBool::new(false), Mutex::new(BTreeMap::new()));
        let (payments, broken) = (AtomicU64::new(0), AtomicU64::new(0));
        thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (secret, stop, kept, broken) = (&secret, &stop, &kept, &broken);
                scope.spawn(move || write(people, secret, writer, stop, kept, broken));
            }
            scope.spawn(|| {
                let asked = [
                    Asked::V2 { store_id: &store, key: &first },
                    Asked::V1Key { imp_code: &imp_code, key: &first },
                    Asked::V1Pg { imp_code: &imp_code, pg: "ksnet" },
                    Asked::V1Pg { imp_code: &imp_code, pg: "ksnet.first" },
                ];
                while !stop.load(Ordering::Relaxed) {
                    for asked in &asked {
                        // The oldest of a code, however many were added since.
                        let (channel, _) = core.memory.resolve(asked).expect("a payment, console up or down");
                        assert_eq!(channel.mid, "first");
                        payments.fetch_add(1, Ordering::Relaxed);
                    }
                    sleep(Duration::from_millis(1));
                }
            });
            for cycle in 0..times {
                sleep(Duration::from_millis(300 + 97 * (cycle % 7)));
                harm(&mut program);
            }
            stop.store(true, Ordering::Relaxed);
        });
        let kept = kept.into_inner().expect("whole");
        assert!(kept.len() >= 8 && payments.into_inner() > 100, "{} channels", kept.len());
        until("the core has everything that was acknowledged", || kept.values().all(|key| core.has(key)));
        // Nothing twice, nothing that nobody asked for, and every secret as it was sent.
        core.memory.read(|state| {
            let mids: Vec<&str> = state.channels().map(|channel| channel.mid.as_str()).collect();
            let expected: BTreeSet<&str> = kept.keys().map(String::as_str).chain(["first"]).collect();
            assert_eq!((mids.len(), mids.into_iter().collect::<BTreeSet<_>>()), (expected.len(), expected));
            for channel in state.channels() {
                assert_eq!(channel.secrets["api_key"].as_str(), format!("key of {}", channel.mid));
            }
        });
        drop(program);
        core.end();
        is_sound(&dir, database_url.as_deref());
        broken.into_inner()
    })
    .await
}

/// What is left is whole: the database's own check, every trail, every secret.
fn is_sound(dir: &TempDir, database_url: Option<&str>) {
    if database_url.is_none() {
        let checked = tokio::runtime::Handle::current().block_on(integrity(dir.path()));
        assert_eq!(checked, "ok");
    }
    let program = Program::start(dir.path(), Program::addresses(), database_url);
    let (sound, said) = program.command(&["verify"]);
    assert!(sound, "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_outlives_the_console_and_payments_never_fail() {
    survives(None, cycles(5), Program::kill_and_start).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_outlives_the_console_on_postgresql_too() {
    let Some(postgres) = blocking(Postgres::start).await else {
        return eprintln!("not told on PostgreSQL: there is none to start (see .setup/with-postgres.sh)");
    };
    survives(Some(postgres.url.clone()), cycles(3), Program::kill_and_start).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_stops_the_console_breaks_no_answer_and_waits_ten_seconds_at_most() {
    let broken = survives(None, cycles(2), |program| {
        let took = program.stop_and_start();
        assert!(took < Duration::from_secs(10), "{took:?}");
    })
    .await;
    assert_eq!(broken, 0, "answers that began well and broke off");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_outlives_a_database_that_is_killed_and_nothing_but_503_is_answered() {
    let Some(postgres) = blocking(Postgres::start).await else {
        return eprintln!("not told on PostgreSQL: there is none to start (see .setup/with-postgres.sh)");
    };
    let url = postgres.url.clone();
    let mut whole = false;
    survives(Some(url), cycles(5), move |_| {
        whole = !whole;
        if whole {
            let restarted = Command::new("bash").arg(&postgres.restart).status().expect("bash");
            assert!(restarted.success());
        } else {
            postgres.kill_a_backend();
        }
    })
    .await;
}

/// What SQLite finds wrong with its own file.
pub async fn integrity(dir: &Path) -> String {
    let url = format!("sqlite://{}", dir.join("console.db").display());
    let db = Database::connect(url).await.expect("a database");
    let row = db.query_one_raw(Statement::from_string(DatabaseBackend::Sqlite, "PRAGMA integrity_check")).await;
    let found = row.expect("checked").expect("a row").try_get_by_index::<String>(0).expect("text");
    db.close().await.expect("closed");
    found
}

/// The cores' listener of a console in this process.
async fn listening(console: &Console) -> (SocketAddr, watch::Sender<bool>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("an address");
    let (stop, stopping) = watch::channel(false);
    let router = core::router(Arc::clone(&console.backend));
    tokio::spawn(listen::serve(listener, None, router, listen::Limits::default(), stopping));
    (addr, stop)
}

pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("no panic")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_core_that_was_away_for_ten_thousand_events_catches_up_and_one_that_was_away_too_long_begins_anew() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let token = console.backend.create_core_token("core").await.expect("a token").token.expose().to_owned();
    let store = console.backend.viewer(&owner.actor).await.expect("a viewer").store_id.to_string();
    let key = add_ksnet(&console, &owner, "ks0001").await;
    let (addr, _stop) = listening(&console).await;
    let dir = TempDir::new().expect("a directory");
    let file = dir.path().join("core.snapshot");
    let (url, start) = (format!("http://{addr}"), {
        let file = file.clone();
        move |url: &str, token: &str| Core::start(url, token, &file)
    });
    let away = {
        let (url, token, store, key, start) = (url.clone(), token.clone(), store.clone(), key.clone(), start.clone());
        move || {
            let core = start(&url, &token);
            until("the core has begun", || core.serves(&store, &key) == Ok(1));
            core.end();
        }
    };
    blocking(away).await;
    let sealed = std::fs::read(&file).expect("saved");
    assert!(!sealed.windows(6).any(|window| window == b"key of"), "secrets are sealed");

    console.backend.pause_channel(&owner.actor, key.parse().expect("a key")).await.expect("paused");
    console
        .sql(
            "WITH RECURSIVE n(i) AS (SELECT h.seq + 1 FROM feed_heads h UNION ALL SELECT i + 1 FROM n LIMIT 10000) \
             INSERT INTO config_events (seq, at, kind, merchant_id, store_id, channel_id, version) \
             SELECT i, 0, 'CHANNEL_CHANGED', e.merchant_id, e.store_id, e.channel_id, 1 \
             FROM n, config_events e WHERE e.seq = 2",
        )
        .await;
    console.sql("UPDATE feed_heads SET seq = seq + 10000").await;
    let second = add_ksnet(&console, &owner, "ks0002").await;
    let caught_up = {
        let (url, token, store, key, start) = (url.clone(), token.clone(), store.clone(), key.clone(), start.clone());
        move || {
            let core = start(&url, &token);
            until("the core has caught up", || core.serves(&store, &second) == Ok(1));
            assert!(matches!(core.serves(&store, &key), Err(Unresolved::Paused { .. })));
            core.end();
        }
    };
    blocking(caught_up).await;

    // Its last event is gone by now.
    console.backend.resume_channel(&owner.actor, key.parse().expect("a key")).await.expect("resumed");
    let third = add_ksnet(&console, &owner, "ks0003").await;
    console.backend.cut_feed(10_000 + 6).await.expect("cut");
    let anew = {
        let (token, store, key) = (token.clone(), store.clone(), key.clone());
        move || {
            let core = start(&url, &token);
            until("the core has begun anew", || core.serves(&store, &third) == Ok(1));
            assert_eq!(core.serves(&store, &key), Ok(3));
            core.end();
            // With nobody to ask it serves what it had.
            let core = start("http://127.0.0.1:9", &token);
            assert_eq!((core.serves(&store, &key), core.serves(&store, &third)), (Ok(3), Ok(1)));
            core.end();
        }
    };
    blocking(anew).await;

    // What was changed on disk does not open; the console is asked.
    let mut changed = std::fs::read(&file).expect("saved");
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    std::fs::write(&file, changed).expect("written");
    assert!(Saved::new(file, SEAL).expect("a key").read().is_err());
}
