//! The power goes. What was acknowledged was on the disk before: seen in the order of the system calls, and in snapshots of
//! the disk that are what a power cut leaves.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    thread::{self, sleep},
    time::Duration,
};

use sea_orm::{ConnectionTrait as _, Database, DatabaseBackend, DatabaseConnection, Statement};
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Handle;

use crate::{
    programs::{Program, until},
    support::a_console,
    surviving::{an_api_secret, blocking, cycles, integrity, write},
};

const COMMITS: usize = 100;

/// A tracer of one process, which writes what it sees into a file.
struct Tracer {
    child: Child,
    file: PathBuf,
}

impl Tracer {
    /// `None` where processes cannot be traced.
    fn of(program: &Program, file: PathBuf) -> Option<Self> {
        let words = ["-f", "-y", "-s", "16", "-e", "trace=fdatasync,fsync,sendto,sendmsg,write,writev", "-p"];
        let mut strace = Command::new("strace");
        strace.args(words).arg(program.id()).arg("-o").arg(&file).stderr(Stdio::null());
        let mut child = strace.spawn().ok()?;
        for _ in 0..50 {
            sleep(Duration::from_millis(100));
            if child.try_wait().ok()?.is_some() {
                return None;
            }
            let status = std::fs::read_to_string(format!("/proc/{}/status", program.id())).ok()?;
            if !status.contains("TracerPid:\t0") {
                return Some(Self { child, file });
            }
        }
        None
    }

    fn seen(mut self) -> String {
        Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().expect("kill");
        self.child.wait().expect("ended");
        std::fs::read_to_string(&self.file).expect("a trace")
    }
}

/// Answers that said 201, and those before which the log of the database was not on the disk since the one before.
fn answers_too_early(trace: &str) -> (usize, usize) {
    let (mut answered, mut early, mut synced) = (0, 0, false);
    let mut syncing = BTreeSet::new();
    for line in trace.lines() {
        let Some((thread, call)) = line.split_once(' ') else { continue };
        let call = call.trim_start();
        if call.starts_with("fdatasync(") || call.starts_with("fsync(") {
            if !call.contains("console.db-wal>") {
                continue;
            }
            if call.ends_with("<unfinished ...>") {
                syncing.insert(thread);
            } else {
                synced |= call.ends_with("= 0");
            }
        } else if call.starts_with("<... fdatasync resumed>") || call.starts_with("<... fsync resumed>") {
            synced |= syncing.remove(thread) && call.ends_with("= 0");
        } else if call.contains("HTTP/1.1 201") {
            answered += 1;
            early += usize::from(!synced);
            synced = false;
        }
    }
    (answered, early)
}

#[test]
fn an_answer_before_its_commit_is_on_the_disk_would_be_seen() {
    let sync = "7 fdatasync(9</data/console.db-wal>) = 0\n";
    let answer = "8 sendto(4<socket:[1]>, \"HTTP/1.1 201 Crea\"..., 9, 0, NULL, 0) = 9\n";
    assert_eq!(answers_too_early(&[sync, answer, sync, answer].concat()), (2, 0));
    assert_eq!(answers_too_early(&[sync, answer, answer, sync].concat()), (2, 1));
    let split = "7 fdatasync(9</data/console.db-wal> <unfinished ...>\n";
    let end = "7 <... fdatasync resumed>)              = 0\n";
    assert_eq!(answers_too_early(&[split, answer, end].concat()), (1, 1));
    assert_eq!(answers_too_early(&[split, end, answer].concat()), (1, 0));
    assert_eq!(answers_too_early(&[&sync.replace("-wal", ""), answer].concat()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_commit_is_on_the_disk_before_it_is_answered() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let secret = an_api_secret(&console, &owner).await;
    let dir = console.closed().await;
    blocking(move || {
        let addresses @ [people, _] = Program::addresses();
        let mut program = Program::start(dir.path(), addresses, None);
        let Some(tracer) = Tracer::of(&program, dir.path().join("trace")) else {
            return eprintln!("not told by the order of system calls: there is no strace, or it may not trace");
        };
        let agent = ureq::Agent::new_with_defaults();
        for number in 0..COMMITS {
            let mid = format!("ks{number}");
            let body = json!({
                "mode": "live", "module": "ksnet", "name": mid, "purpose": "payment", "mid": mid, "uses": [], "tax": "none",
                "fields": {"api_key": "ksnet-api-key"},
            });
            let asked = agent.post(format!("http://{people}/rest/v2/channels"));
            let asked = asked.header("authorization", format!("PortOne {secret}"));
            asked.header("content-type", "application/json").send(body.to_string()).expect("added");
        }
        let trace = tracer.seen();
        assert_eq!(answers_too_early(&trace), (COMMITS, 0));
        program.stop();
    })
    .await;
}

fn run(program: &str, words: &[&str]) -> Option<()> {
    let ended = Command::new(program).args(words).output().ok()?;
    ended.status.success().then_some(())
}

/// A disk that can be copied in an instant while it is written to: an image on a file system that shares blocks.
struct Disk {
    dir: TempDir,
}

impl Disk {
    /// `None` where none can be made.
    fn new() -> Option<Self> {
        let disk = Self { dir: TempDir::new().ok()? };
        let size = |path: &str, bytes| std::fs::File::create(disk.at(path)).ok()?.set_len(bytes).ok();
        for place in ["shared", "data", "snapshot"] {
            std::fs::create_dir(disk.at(place)).ok()?;
        }
        size("shared.image", 4 << 30)?;
        run("mkfs.btrfs", &["-q", &disk.text("shared.image")])?;
        run("mount", &["-o", "loop", &disk.text("shared.image"), &disk.text("shared")])?;
        size("shared/disk", 128 << 20)?;
        run("mkfs.ext4", &["-q", &disk.text("shared/disk")])?;
        run("mount", &["-o", "loop", &disk.text("shared/disk"), &disk.text("data")])?;
        Some(disk)
    }

    fn at(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    fn text(&self, path: &str) -> String {
        self.at(path).display().to_string()
    }

    /// The disk as a power cut would leave it now.
    fn cut(&self, name: &str) {
        let snapshot = self.text(&format!("shared/{name}"));
        run("cp", &["--reflink=always", &self.text("shared/disk"), &snapshot]).expect("copied");
    }

    /// What is found on it when the power is back.
    fn after<T>(&self, name: &str, look: impl FnOnce(&Path) -> T) -> T {
        let snapshot = self.text(&format!("shared/{name}"));
        run("mount", &["-o", "loop", &snapshot, &self.text("snapshot")]).expect("mounted");
        let found = look(&self.at("snapshot"));
        run("umount", &[&self.text("snapshot")]).expect("unmounted");
        std::fs::remove_file(snapshot).expect("removed");
        found
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        for place in ["snapshot", "data", "shared"] {
            let _ = run("umount", &["-l", &self.text(place)]);
        }
    }
}

fn open(file: &Path) -> DatabaseConnection {
    Handle::current().block_on(Database::connect(format!("sqlite://{}?mode=rwc", file.display()))).expect("a database")
}

/// `None` where there is not even the table.
fn texts(db: &DatabaseConnection, sql: &str) -> Option<BTreeSet<String>> {
    let rows = Handle::current().block_on(db.query_all_raw(Statement::from_string(DatabaseBackend::Sqlite, sql)));
    let rows = rows.ok()?;
    Some(rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect())
}

/// How many of 100 power cuts lost something that was acknowledged.
fn cuts_that_lost_something(disk: &Disk, secret: &str) -> u64 {
    let addresses @ [people, _] = Program::addresses();
    let program = Program::start(&disk.at("data"), addresses, None);
    let (stop, kept, broken) = (AtomicBool::new(false), Mutex::new(BTreeMap::new()), AtomicU64::new(0));
    let mut expected = Vec::new();
    thread::scope(|scope| {
        for writer in 0..8 {
            let (stop, kept, broken) = (&stop, &kept, &broken);
            scope.spawn(move || write(people, secret, writer, stop, kept, broken));
        }
        until("there is something to lose", || kept.lock().expect("whole").len() > 20);
        for cut in 0..100 {
            let acknowledged: Vec<String> = kept.lock().expect("whole").keys().cloned().collect();
            disk.cut(&format!("cut{cut}"));
            expected.push(acknowledged);
            sleep(Duration::from_millis(20 + cut % 7 * 13));
        }
        stop.store(true, Ordering::Relaxed);
    });
    drop(program);
    let mut lost = 0;
    for (cut, acknowledged) in expected.iter().enumerate() {
        lost += disk.after(&format!("cut{cut}"), |data| {
            assert_eq!(Handle::current().block_on(integrity(data)), "ok", "cut {cut}");
            let db = open(&data.join("console.db"));
            let found = texts(&db, "SELECT name FROM channels").expect("channels");
            Handle::current().block_on(db.close()).expect("closed");
            let missing: Vec<&String> = acknowledged.iter().filter(|mid| !found.contains(*mid)).collect();
            if !missing.is_empty() {
                eprintln!("cut {cut}: {} of {} are missing: {missing:?}", missing.len(), acknowledged.len());
            }
            u64::from(!missing.is_empty())
        });
    }
    lost
}

/// The same of a writer who does not wait for the disk: it must lose something, or the cuts prove nothing.
fn cuts_that_lost_something_unsynced(disk: &Disk) -> u64 {
    let runtime = Handle::current();
    let db = open(&disk.at("data").join("control.db"));
    let sql = |sql: String| runtime.block_on(db.execute_unprepared(&sql)).expect("done");
    sql("PRAGMA journal_mode = WAL".to_owned());
    sql("PRAGMA synchronous = NORMAL".to_owned());
    sql("CREATE TABLE t (n TEXT)".to_owned());
    let (stop, acknowledged) = (AtomicBool::new(false), AtomicI64::new(0));
    let mut expected = Vec::new();
    thread::scope(|scope| {
        let (stop, acknowledged, runtime, db) = (&stop, &acknowledged, &runtime, &db);
        scope.spawn(move || {
            for n in 1.. {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                runtime.block_on(db.execute_unprepared(&format!("INSERT INTO t VALUES ('{n}')"))).expect("written");
                acknowledged.store(n, Ordering::SeqCst);
            }
        });
        for cut in 0..20 {
            sleep(Duration::from_millis(100));
            expected.push(acknowledged.load(Ordering::SeqCst));
            disk.cut(&format!("control{cut}"));
        }
        stop.store(true, Ordering::Relaxed);
    });
    runtime.block_on(db.close()).expect("closed");
    let mut lost = 0;
    for (cut, acknowledged) in expected.iter().enumerate() {
        lost += disk.after(&format!("control{cut}"), |data| {
            let db = open(&data.join("control.db"));
            let found = texts(&db, "SELECT n FROM t").unwrap_or_default();
            Handle::current().block_on(db.close()).expect("closed");
            u64::from(!found.contains(&acknowledged.to_string()))
        });
    }
    lost
}

/// Three minutes: `make torture` only.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_power_cut_loses_what_was_acknowledged() {
    if cycles(1) < 20 {
        return eprintln!("not told of power cuts: make torture does");
    }
    let console = a_console().await;
    let owner = console.an_owner().await;
    let secret = an_api_secret(&console, &owner).await;
    let dir = console.closed().await;
    blocking(move || {
        let Some(disk) = Disk::new() else {
            return eprintln!("not told of power cuts: it takes root, mkfs.btrfs, mkfs.ext4 and loop devices");
        };
        for file in ["console.db", "keyring"] {
            let copy = disk.at("data").join(file);
            std::fs::copy(dir.path().join(file), &copy).expect("copied");
            // What is there before the console is ours to write down.
            std::fs::File::open(copy).and_then(|file| file.sync_all()).expect("written down");
        }
        let unsynced = cuts_that_lost_something_unsynced(&disk);
        let lost = cuts_that_lost_something(&disk, &secret);
        eprintln!("power cuts that lost something: {lost} of 100; without waiting for the disk: {unsynced} of 20");
        assert_eq!(lost, 0);
        assert!(unsynced > 0, "the cuts prove nothing");
    })
    .await;
}
