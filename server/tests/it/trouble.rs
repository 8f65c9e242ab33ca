//! The machine fails: the disk is full, the database is locked, a reply is lost. What was acknowledged is there, what was
//! not is not half there, and it goes on by itself.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
    thread::sleep,
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait as _, Database, DatabaseBackend, DatabaseConnection, Statement};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Handle;

use crate::{
    programs::Program,
    support::{a_console, a_console_on},
    surviving::{an_api_secret, blocking, cycles, integrity},
};

/// A merchant's server, and the same merchant's browser.
struct Merchant {
    agent: ureq::Agent,
    people: SocketAddr,
    secret: String,
    cookie: String,
}

#[derive(Debug)]
struct Answered {
    status: u16,
    retry_after: Option<String>,
    text: String,
}

impl Merchant {
    fn add(&self, mid: &str) -> Answered {
        self.try_to_add(mid).expect("an answer")
    }

    fn try_to_add(&self, mid: &str) -> Result<Answered, ureq::Error> {
        let body = json!({
            "mode": "live", "module": "ksnet", "name": mid, "purpose": "payment", "mid": mid, "uses": [], "tax": "none",
            "fields": {"api_key": format!("key of {mid}")},
        });
        let asked = self
            .agent
            .post(format!("http://{}/rest/v2/channels", self.people))
            .header("authorization", format!("PortOne {}", self.secret))
            .header("content-type", "application/json")
            .header("idempotency-key", format!("request-of-{mid:>16}").replace(' ', "-"));
        let mut answer = asked.send(body.to_string())?;
        let retry_after = answer.headers().get("retry-after").map(|value| value.to_str().expect("text").to_owned());
        let text = answer.body_mut().read_to_string()?;
        Ok(Answered { status: answer.status().as_u16(), retry_after, text })
    }

    /// The statuses of what only reads: a page behind the login, and a list by API.
    fn reads(&self) -> [u16; 2] {
        let page = format!("http://{}/integration/channels", self.people);
        let page = self.agent.get(page).header("accept", "text/html").header("cookie", &self.cookie).call();
        let list = self.agent.get(format!("http://{}/rest/v2/channels", self.people));
        let list = list.header("authorization", format!("PortOne {}", self.secret)).call();
        [page, list].map(|answer| answer.expect("an answer").status().as_u16())
    }

    /// The names of all channels, as the API lists them.
    fn names(&self) -> Vec<String> {
        let (mut names, mut cursor) = (Vec::new(), String::new());
        loop {
            let list = self.agent.get(format!("http://{}/rest/v2/channels?limit=100{cursor}", self.people));
            let mut answer = list.header("authorization", format!("PortOne {}", self.secret)).call().expect("a list");
            let body: Value = serde_json::from_str(&answer.body_mut().read_to_string().expect("text")).expect("JSON");
            let page = body["channels"].as_array().expect("channels").iter();
            names.extend(page.map(|channel| channel["name"].as_str().expect("a name").to_owned()));
            match body["cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return names,
            }
        }
    }
}

/// A data directory with a merchant in it, and who that is.
async fn a_merchant() -> (TempDir, Merchant) {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let secret = an_api_secret(&console, &owner).await;
    // Whoever reads is noted down once a minute; here at once, so that reading has something that it cannot write.
    console.sql("UPDATE sessions SET data = json_set(data, '$.seen_at', 0)").await;
    let agent = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_mins(1)));
    let people = SocketAddr::from(([127, 0, 0, 1], 0));
    let merchant = Merchant { agent: agent.build().into(), people, secret, cookie: owner.cookie };
    (console.closed().await, merchant)
}

fn open(file: &Path) -> DatabaseConnection {
    let url = format!("sqlite://{}", file.display());
    Handle::current().block_on(Database::connect(url)).expect("a database")
}

fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    let row = Handle::current().block_on(db.query_one_raw(Statement::from_string(DatabaseBackend::Sqlite, sql)));
    row.expect("asked").expect("a row").try_get_by_index(0).expect("a number")
}

/// Somewhere that can be full.
trait Disk {
    fn fill(&self, program: &Program);
    fn free(&self, program: &Program);
}

/// The system lets the program write no file beyond a size: what a full disk is to whoever has no disk to fill.
struct Limited;

impl Limited {
    fn set(program: &Program, most: &str) {
        let limit = [&format!("--pid={}", program.id()), &format!("--fsize={most}:unlimited")];
        assert!(Command::new("prlimit").args(limit).status().expect("prlimit").success());
    }
}

impl Disk for Limited {
    fn fill(&self, program: &Program) {
        Self::set(program, "65536");
    }

    fn free(&self, program: &Program) {
        Self::set(program, "unlimited");
    }
}

/// A small file system of its own.
struct Small {
    at: PathBuf,
}

impl Small {
    /// `None` where it cannot be mounted.
    fn mounted_at(at: PathBuf) -> Option<Self> {
        let image = at.with_extension("image");
        std::fs::File::create(&image).ok()?.set_len(64 << 20).ok()?;
        std::fs::create_dir_all(&at).ok()?;
        let run = |program: &str, words: &[&str]| {
            let ended = Command::new(program).args(words).output().ok()?;
            ended.status.success().then_some(())
        };
        run("mkfs.ext4", &["-q", image.to_str()?])?;
        run("mount", &["-o", "loop", image.to_str()?, at.to_str()?])?;
        Some(Self { at })
    }
}

impl Disk for Small {
    fn fill(&self, _: &Program) {
        use std::io::Write as _;
        let mut file = std::fs::File::create(self.at.join("filler")).expect("a file");
        for size in [1 << 20, 4096, 1] {
            while file.write_all(&vec![b'x'; size]).is_ok() {}
        }
    }

    fn free(&self, _: &Program) {
        std::fs::remove_file(self.at.join("filler")).expect("removed");
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.at).status();
    }
}

/// Fills the disk again and again while a merchant adds channels.
fn survives_a_full_disk(data: &Path, merchant: &mut Merchant, disk: &impl Disk) {
    let addresses = Program::addresses();
    let mut program = Program::start(data, addresses, None);
    [merchant.people, _] = addresses;
    let mut kept = Vec::new();
    for round in 0..cycles(2) {
        disk.fill(&program);
        let mut refused = 0;
        for number in 0..2_000 {
            let mid = format!("full{round}x{number}");
            let answered =
                merchant.try_to_add(&mid).unwrap_or_else(|error| panic!("{mid}: {error}: {}", program.log()));
            match answered.status {
                201 => kept.push(mid),
                503 => {
                    assert_eq!(answered.retry_after.as_deref(), Some("1"), "{answered:?}");
                    refused += 1;
                }
                _ => panic!("{mid}: {answered:?}"),
            }
            if refused == 5 {
                break;
            }
        }
        assert_eq!(refused, 5, "the disk was never full");
        assert_eq!(merchant.reads(), [200, 200], "reading needs no place");
        disk.free(&program);
        let since = Instant::now();
        let mid = format!("free{round}");
        while merchant.add(&mid).status != 201 {
            assert!(since.elapsed() < Duration::from_secs(2), "works again within two seconds");
            sleep(Duration::from_millis(50));
        }
        kept.push(mid);
    }
    let mut names = merchant.names();
    // Refused requests may have got as far as the disk; what is there is whole, and what was acknowledged is there.
    names.sort_unstable();
    for mid in &kept {
        assert!(names.binary_search(mid).is_ok(), "{mid} was acknowledged and is not there");
    }
    program.stop();
    let db = open(&data.join("console.db"));
    let rows = number(&db, "SELECT COUNT(*) FROM channels");
    assert_eq!(number(&db, "SELECT COUNT(*) FROM channel_versions"), rows);
    assert_eq!(number(&db, "SELECT COUNT(*) FROM audit_events WHERE action = 'channel.added'"), rows);
    assert_eq!(number(&db, "SELECT COUNT(*) FROM config_events WHERE kind = 'CHANNEL_CREATED'"), rows);
    assert_eq!(usize::try_from(rows), Ok(names.len()));
    Handle::current().block_on(db.close()).expect("closed");
    assert_eq!(Handle::current().block_on(integrity(data)), "ok");
    let (sound, said) = Program::start(data, addresses, None).command(&["verify"]);
    assert!(sound, "{said}");
    assert!(!program.log().contains("panicked"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_nothing_is_acknowledged_that_is_not_kept_and_it_goes_on_when_there_is_place_again() {
    let (dir, mut merchant) = a_merchant().await;
    blocking(move || survives_a_full_disk(dir.path(), &mut merchant, &Limited)).await;
}

/// The same on a real file system, where this machine lets us mount one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_on_a_file_system_that_is_full() {
    let (dir, mut merchant) = a_merchant().await;
    blocking(move || {
        let elsewhere = TempDir::new().expect("a directory");
        let Some(disk) = Small::mounted_at(elsewhere.path().join("disk")) else {
            return eprintln!("not told on a real disk: no ext4 image can be mounted here (it takes root)");
        };
        for file in ["console.db", "keyring"] {
            std::fs::copy(dir.path().join(file), disk.at.join(file)).expect("copied");
        }
        // Its log is written there, too: a line that finds no place is lost, and nothing else.
        survives_a_full_disk(&disk.at.clone(), &mut merchant, &disk);
    })
    .await;
}

/// How long somebody else holds the database: beyond the ten seconds that a writer waits for its turn and the five that it
/// then waits for the database.
fn long() -> Duration {
    Duration::from_secs(if cycles(1) > 1 { 30 } else { 18 })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_writes_waits_for_a_locked_database_and_is_then_told_to_come_back_and_who_reads_does_not_notice() {
    let (dir, mut merchant) = a_merchant().await;
    blocking(move || {
        let addresses = Program::addresses();
        let mut program = Program::start(dir.path(), addresses, None);
        [merchant.people, _] = addresses;
        let (merchant, runtime) = (&merchant, Handle::current());
        let hold = |time: Duration| {
            let _within = runtime.enter();
            let db = open(&dir.path().join("console.db"));
            runtime.block_on(db.execute_unprepared("BEGIN EXCLUSIVE")).expect("locked");
            sleep(time);
            runtime.block_on(db.execute_unprepared("ROLLBACK")).expect("unlocked");
            runtime.block_on(db.close()).expect("closed");
        };
        std::thread::scope(|scope| {
            // Three seconds: everybody waits and is served.
            let other = scope.spawn(|| hold(Duration::from_secs(3)));
            sleep(Duration::from_millis(300));
            let waiting: Vec<_> = (0..4).map(|n| scope.spawn(move || merchant.add(&format!("short{n}")))).collect();
            for added in waiting {
                let answered = added.join().expect("no panic");
                assert_eq!(answered.status, 201, "{}", answered.text);
            }
            other.join().expect("no panic");
            // Longer than anybody waits.
            let other = scope.spawn(|| hold(long()));
            sleep(Duration::from_millis(300));
            let since = Instant::now();
            let waiting: Vec<_> = (0..4).map(|n| scope.spawn(move || merchant.add(&format!("long{n}")))).collect();
            let read = Instant::now();
            assert_eq!(merchant.reads(), [200, 200]);
            assert!(
                read.elapsed() < Duration::from_secs(8),
                "a note of who read may wait, not more: {:?}",
                read.elapsed()
            );
            for added in waiting {
                let answered = added.join().expect("no panic");
                assert_eq!((answered.status, answered.retry_after.as_deref()), (503, Some("1")), "{answered:?}");
                assert!((4..=16).contains(&since.elapsed().as_secs()), "{:?}", since.elapsed());
            }
            other.join().expect("no panic");
            assert_eq!(merchant.add("long0").status, 201, "as soon as nobody holds it");
        });
        program.stop();
        assert!(!program.log().contains("\"status\":500") && !program.log().contains("panicked"), "{}", program.log());
    })
    .await;
}

/// What a proxy between console and database does with the reply to a COMMIT.
mod proxy {
    use std::{
        io::{Read as _, Write as _},
        net::{SocketAddr, TcpListener, TcpStream},
        os::unix::net::UnixStream,
        path::{Path, PathBuf},
        sync::{
            Arc,
            atomic::{AtomicBool, AtomicU32, Ordering},
        },
        thread,
    };

    pub struct Proxy {
        pub addr: SocketAddr,
        /// The next COMMIT's reply is lost.
        pub armed: Arc<AtomicBool>,
        pub lost: Arc<AtomicU32>,
    }

    impl Proxy {
        /// In front of a server's unix socket.
        pub fn before(socket: &Path) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
            let proxy =
                Self { addr: listener.local_addr().expect("an address"), armed: Arc::default(), lost: Arc::default() };
            let (armed, lost, socket) = (Arc::clone(&proxy.armed), Arc::clone(&proxy.lost), PathBuf::from(socket));
            thread::spawn(move || {
                for client in listener.incoming() {
                    let (Ok(client), Ok(server)) = (client, UnixStream::connect(&socket)) else { continue };
                    between(client, server, Arc::clone(&armed), Arc::clone(&lost));
                }
            });
            proxy
        }
    }

    fn between(client: TcpStream, server: UnixStream, armed: Arc<AtomicBool>, lost: Arc<AtomicU32>) {
        let losing = Arc::new(AtomicBool::new(false));
        let (mut from_client, mut to_server) =
            (client.try_clone().expect("a clone"), server.try_clone().expect("a clone"));
        let told = Arc::clone(&losing);
        thread::spawn(move || {
            let mut bytes = vec![0; 64 * 1024];
            while let Ok(count @ 1..) = from_client.read(&mut bytes) {
                let asked = &bytes[..count];
                if asked.windows(7).any(|window| window == b"COMMIT\0") && armed.swap(false, Ordering::SeqCst) {
                    told.store(true, Ordering::SeqCst);
                }
                if to_server.write_all(asked).is_err() {
                    break;
                }
            }
            let _ = to_server.shutdown(std::net::Shutdown::Both);
        });
        let (mut from_server, mut to_client) = (server, client);
        thread::spawn(move || {
            let mut bytes = vec![0; 64 * 1024];
            while let Ok(count @ 1..) = from_server.read(&mut bytes) {
                if losing.load(Ordering::SeqCst) {
                    // It was done, and nobody will hear of it.
                    lost.fetch_add(1, Ordering::SeqCst);
                    break;
                }
                if to_client.write_all(&bytes[..count]).is_err() {
                    break;
                }
            }
            let _ = to_client.shutdown(std::net::Shutdown::Both);
            let _ = from_server.shutdown(std::net::Shutdown::Both);
        });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_again_after_the_reply_to_a_commit_was_lost_gets_the_one_channel() {
    use std::sync::atomic::Ordering;
    let Some(postgres) = blocking(crate::programs::Postgres::start).await else {
        return eprintln!("not told on PostgreSQL: there is none to start (see .setup/with-postgres.sh)");
    };
    let proxy = proxy::Proxy::before(&postgres.restart.with_file_name(".s.PGSQL.5432"));
    let url = format!("postgres://postgres@{}/postgres?sslmode=disable", proxy.addr);
    let console = a_console_on(Some(&url)).await;
    let owner = console.an_owner().await;
    let secret = an_api_secret(&console, &owner).await;
    let add = async |round: u64| {
        let body = json!({
            "mode": "live", "module": "ksnet", "name": format!("채널 {round}"), "purpose": "payment", "mid": "ks0001",
            "uses": [], "tax": "none", "fields": {"api_key": "ksnet-api-key"},
        });
        let request = axum::http::Request::post("/rest/v2/channels")
            .header("authorization", format!("PortOne {secret}"))
            .header("content-type", "application/json")
            .header("idempotency-key", format!("lost-reply-{round:05}"));
        let answer = console.ask(request.body(axum::body::Body::from(body.to_string())).expect("a request")).await;
        crate::support::text_of(answer).await
    };
    let rounds = cycles(4);
    for round in 0..rounds {
        proxy.armed.store(true, Ordering::SeqCst);
        let (status, body) = add(round).await;
        assert_eq!(status.as_u16(), 503, "{body}");
        let (status, second) = add(round).await;
        assert_eq!(status.as_u16(), 201, "{second}");
        assert_eq!(add(round).await, (status, second), "and again");
    }
    assert_eq!(u64::from(proxy.lost.load(Ordering::SeqCst)), rounds);
    let request =
        axum::http::Request::get("/rest/v2/channels?limit=100").header("authorization", format!("PortOne {secret}"));
    let list = console.ask(request.body(axum::body::Body::empty()).expect("a request")).await;
    let list: Value = serde_json::from_str(&crate::support::text_of(list).await.1).expect("JSON");
    assert_eq!(list["channels"].as_array().map(Vec::len), usize::try_from(rounds.min(100)).ok());
    assert_eq!(console.backend.verify_trails(&[]).await.expect("walked").unsound, []);
    console.backend.db().close().await.expect("closed");
}
