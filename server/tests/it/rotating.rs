//! Keys are rotated while a console serves, by a program that is killed again and again: no reader and no writer notices.

use std::{
    fs,
    path::Path,
    process::Stdio,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, sleep},
    time::Duration,
};

use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, Statement};
use serde_json::{Value, json};
use tokio::runtime::Handle;

use crate::{
    programs::{Postgres, Program, until},
    support::a_console_on,
    surviving::{add_ksnet, an_api_secret, blocking},
};

/// Between two requests of one of the clients; five of them are some 50 requests a second.
const PAUSE: Duration = Duration::from_millis(90);

/// How much of it: `make torture` asks for more.
#[expect(clippy::disallowed_methods, reason = "`make torture` asks for more")]
fn asked_for(name: &str, bounded: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(bounded)
}

/// The ring's file, as far as the tests look into it.
struct Ring {
    active: String,
    next: Option<String>,
    ids: Vec<String>,
}

impl Ring {
    fn of(data: &Path) -> Self {
        let text = fs::read_to_string(data.join("keyring")).expect("a ring");
        let value = |word: &str| text.lines().find_map(|line| line.strip_prefix(word)).map(str::to_owned);
        let ids = text.lines().filter(|line| line.starts_with('k')).filter_map(|line| line.split(' ').next());
        Self {
            active: value("active ").expect("an active key"),
            next: value("next "),
            ids: ids.map(str::to_owned).collect(),
        }
    }
}

async fn moved(db: &DatabaseConnection, key: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM channel_versions WHERE key_id = '{key}'");
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await;
    row.expect("asked").expect("a row").try_get_by_index(0).expect("a number")
}

/// What every client asks, over and over.
struct Clients<'a> {
    people: String,
    cores: String,
    token: &'a str,
    secret: &'a str,
    channels: &'a [(String, String)],
    stop: AtomicBool,
    reads: AtomicU64,
    writes: AtomicU64,
    failed: Mutex<Vec<String>>,
}

impl Clients<'_> {
    fn agent() -> ureq::Agent {
        let config =
            ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(10)));
        config.build().into()
    }

    /// Status and body; what was not answered has no status.
    fn answered(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> (u16, Value) {
        match answer {
            Ok(mut answer) => {
                let text = answer.body_mut().read_to_string().unwrap_or_default();
                (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or_default())
            }
            Err(error) => (0, json!(error.to_string())),
        }
    }

    fn failed(&self, what: String) {
        self.failed.lock().expect("whole").push(what);
    }

    /// The first version of a channel, which nobody keeps in memory when it was edited since.
    fn read(&self, reader: usize) {
        let agent = Self::agent();
        for turn in (reader..).step_by(7) {
            if self.stop.load(Ordering::Relaxed) {
                return;
            }
            let (mid, key) = &self.channels[turn % self.channels.len()];
            let asked = agent
                .get(format!("{}/core/v1/channels/{key}?version=1", self.cores))
                .header("authorization", format!("Bearer {}", self.token));
            let (status, body) = Self::answered(asked.call());
            if status != 200 || body["channel"]["secrets"]["api_key"] != format!("key of {mid}") {
                self.failed(format!("read {mid}: {status} {body}"));
            }
            self.reads.fetch_add(1, Ordering::Relaxed);
            sleep(PAUSE);
        }
    }

    /// Adds a channel, gives it another secret, reads what it wrote.
    fn write(&self, writer: usize) {
        let agent = Self::agent();
        let proof = format!("PortOne {}", self.secret);
        for number in 0.. {
            if self.stop.load(Ordering::Relaxed) {
                return;
            }
            let mid = format!("new{writer}x{number}");
            let body = json!({
                "mode": "live", "module": "ksnet", "name": mid, "purpose": "payment", "mid": mid, "uses": [],
                "tax": "none", "fields": {"api_key": "first"},
            });
            let asked = agent.post(format!("{}/rest/v2/channels", self.people)).header("authorization", &proof);
            let (status, added) =
                Self::answered(asked.header("content-type", "application/json").send(body.to_string()));
            let key = added["channel"]["channelKey"].as_str().unwrap_or_default().to_owned();
            sleep(PAUSE);
            let body = json!({"fields": {"api_key": "second"}}).to_string();
            let asked = agent.patch(format!("{}/rest/v2/channels/{key}", self.people)).header("authorization", &proof);
            let asked = asked.header("content-type", "application/json").header("if-match", "\"1\"");
            let (patched, _) = Self::answered(asked.send(body));
            sleep(PAUSE);
            let asked = agent
                .get(format!("{}/core/v1/channels/{key}", self.cores))
                .header("authorization", format!("Bearer {}", self.token));
            let (read, body) = Self::answered(asked.call());
            if (status, patched, read) != (201, 200, 200) || body["channel"]["secrets"]["api_key"] != "second" {
                self.failed(format!("write {mid}: {status} {patched} {read} {added} {body}"));
            }
            self.writes.fetch_add(2, Ordering::Relaxed);
            sleep(PAUSE);
        }
    }
}

/// Starts a rotation and kills it: when the new key is in the ring, when it became active, or among the rows.
fn rotate_and_kill(data: &Path, database_url: Option<&str>, moment: u64, db: &DatabaseConnection) {
    let runtime = Handle::current();
    let before = Ring::of(data);
    let mut rotation = Program::with_words(data, database_url, &["rotate-key"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    let is_over = |rotation: &mut std::process::Child| rotation.try_wait().expect("asked").is_some();
    until("the moment to kill", || {
        let ring = Ring::of(data);
        is_over(&mut rotation)
            || match moment % 3 {
                0 => ring.next.is_some() && ring.active != before.active,
                1 => ring.next.is_some(),
                _ => ring.next.as_ref().is_some_and(|next| runtime.block_on(moved(db, next)) > 0),
            }
    });
    rotation.kill().expect("killed");
    rotation.wait().expect("gone");
}

async fn rotates_under_load(database_url: Option<String>) {
    let console = a_console_on(database_url.as_deref()).await;
    let owner = console.an_owner().await;
    let secret = an_api_secret(&console, &owner).await;
    let token = console.backend.create_core_token("core").await.expect("a token").token.expose().to_owned();
    let mut channels = Vec::new();
    for number in 0..asked_for("CONSOLE_TEST_CHANNELS", 200) {
        let mid = format!("ks{number}");
        channels.push((mid.clone(), add_ksnet(&console, &owner, &mid).await));
    }
    let dir = console.closed().await;
    blocking(move || {
        let data = dir.path();
        let database = database_url.as_deref();
        let url = database_url.clone().unwrap_or_else(|| format!("sqlite://{}", data.join("console.db").display()));
        let db = Handle::current().block_on(Database::connect(url)).expect("connected");
        let first = Ring::of(data).active;
        let addresses = Program::addresses();
        let mut program = Program::start(data, addresses, database);
        let clients = Clients {
            people: format!("http://{}", addresses[0]),
            cores: format!("http://{}", addresses[1]),
            token: &token,
            secret: &secret,
            channels: &channels,
            stop: AtomicBool::new(false),
            reads: AtomicU64::new(0),
            writes: AtomicU64::new(0),
            failed: Mutex::default(),
        };
        thread::scope(|scope| {
            for number in 0..3 {
                let clients = &clients;
                scope.spawn(move || clients.read(number));
            }
            for number in 0..2 {
                let clients = &clients;
                scope.spawn(move || clients.write(number));
            }
            for kill in 0..asked_for("CONSOLE_TEST_KILLS", 2) {
                rotate_and_kill(data, database, kill + 1, &db);
            }
            let (code, said) = Program::run(data, database, &["rotate-key"]);
            let old: Vec<String> = Ring::of(data).ids.into_iter().filter(|id| *id != Ring::of(data).active).collect();
            let mut removed = Vec::new();
            for key in &old {
                removed.push(Program::run(data, database, &["rotate-key", "--remove", key]));
            }
            sleep(Duration::from_millis(1500));
            clients.stop.store(true, Ordering::Relaxed);
            assert_eq!(code, Some(0), "{said}");
            assert!(old.contains(&first) && removed.iter().all(|(code, _)| *code == Some(0)), "{old:?} {removed:?}");
        });
        let failed = clients.failed.into_inner().expect("whole");
        let (reads, writes) = (clients.reads.into_inner(), clients.writes.into_inner());
        assert_eq!(failed, Vec::<String>::new(), "of {reads} reads and {writes} writes");
        assert!(reads > 50 && writes > 20, "{reads} reads, {writes} writes");
        eprintln!("rotated under load: {reads} reads, {writes} writes, none failed");
        // The old key is gone, and the console starts with what is left.
        let ring = Ring::of(data);
        assert_eq!((ring.ids, ring.next), (vec![ring.active], None));
        program.kill_and_start();
        let (code, said) = Program::run(data, database, &["verify"]);
        assert_eq!(code, Some(0), "{said}");
        drop(program);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_rotated_under_load_by_a_program_that_is_killed_and_nobody_notices() {
    rotates_under_load(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_rotated_on_postgresql_as_well() {
    let Some(postgres) = blocking(Postgres::start).await else {
        return eprintln!("not told on PostgreSQL: there is none to start (see .setup/with-postgres.sh)");
    };
    rotates_under_load(Some(postgres.url.clone())).await;
}
