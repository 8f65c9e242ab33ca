//! A copy taken while the console is written to is one moment of it, and a console starts from it with the key ring.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use backend::{KeyRing, random::OsRandom};
use sea_orm::{ConnectionTrait as _, Database, Statement};
use tempfile::TempDir;
use tokio::runtime::Handle;

use crate::{
    programs::{Postgres, Program, until},
    support::a_console_on,
    surviving::{an_api_secret, blocking, write},
};

/// The change feed of a database.
struct Events {
    /// In their order.
    numbers: Vec<i64>,
    /// Committed, and not numbered yet.
    unnumbered: i64,
    /// Channels and events that do not belong together.
    misfit: i64,
}

fn events(url: &str) -> Events {
    Handle::current().block_on(async {
        let db = Database::connect(url).await.expect("connected");
        let rows = async |sql: &str| {
            let statement = Statement::from_string(db.get_database_backend(), sql);
            let rows = db.query_all_raw(statement).await.expect("asked");
            rows.iter().map(|row| row.try_get_by_index::<i64>(0).expect("a number")).collect::<Vec<_>>()
        };
        let created = "SELECT 1 FROM (SELECT kind, channel_id FROM config_events UNION ALL \
            SELECT kind, channel_id FROM unnumbered_events) e WHERE e.kind = 'CHANNEL_CREATED' AND e.channel_id";
        let misfits = [
            format!("SELECT COUNT(*) FROM channels c WHERE NOT EXISTS ({created} = c.id)"),
            "SELECT COUNT(*) FROM config_events e WHERE e.channel_id IS NOT NULL AND NOT EXISTS \
             (SELECT 1 FROM channel_versions v WHERE v.channel_id = e.channel_id AND v.version = e.version)"
                .to_owned(),
            "SELECT COUNT(*) FROM channels c WHERE NOT EXISTS (SELECT 1 FROM channel_versions v \
             WHERE v.channel_id = c.id AND v.version = c.current_version)"
                .to_owned(),
        ];
        let mut misfit = 0;
        for sql in misfits {
            misfit += rows(&sql).await[0];
        }
        let numbers = rows("SELECT seq FROM config_events ORDER BY seq").await;
        let unnumbered = rows("SELECT COUNT(*) FROM unnumbered_events").await[0];
        db.close().await.expect("closed");
        Events { numbers, unnumbered, misfit }
    })
}

fn mids(url: &str) -> Vec<String> {
    Handle::current().block_on(async {
        let Ok(db) = Database::connect(url).await else { return Vec::new() };
        let statement = Statement::from_string(db.get_database_backend(), "SELECT mid FROM channels");
        let rows = db.query_all_raw(statement).await.unwrap_or_default();
        let mids = rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect();
        db.close().await.expect("closed");
        mids
    })
}

/// A data directory with a key ring of its own copy.
fn a_folder_with_ring(ring: &Path) -> TempDir {
    let dir = TempDir::new().expect("a directory");
    fs::copy(ring, dir.path().join("keyring")).expect("copied");
    dir
}

fn file_url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

/// Copies and restores: how each database does it.
trait Copies {
    /// A copy taken now, and a plain copy of the file where there is one.
    fn copy(&self, data: &Path) -> Option<PathBuf>;
    /// A data directory, and the database's address if it is not in it.
    fn restore(&self, data: &Path) -> (TempDir, Option<String>);
    fn live(&self, data: &Path) -> String;
    fn url(&self) -> Option<&str>;
}

struct OfSqlite;

impl Copies for OfSqlite {
    fn copy(&self, data: &Path) -> Option<PathBuf> {
        let plain = data.join("plain-copy.db");
        fs::copy(data.join("console.db"), &plain).expect("copied");
        let (code, said) = Program::run(data, None, &["backup", "copy.db"]);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("sound, up to event") && said.contains("the key ring is not in it"), "{said}");
        let mode = fs::metadata(data.join("copy.db")).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let again = Program::run(data, None, &["backup", "copy.db"]);
        assert!(again.0 == Some(2) && again.1.contains("overwrites nothing"), "{again:?}");
        let left = fs::read_dir(data).expect("a folder").filter_map(Result::ok);
        assert!(left.into_iter().all(|entry| !entry.file_name().to_string_lossy().ends_with(".part")));
        Some(plain)
    }

    fn restore(&self, data: &Path) -> (TempDir, Option<String>) {
        let dir = a_folder_with_ring(&data.join("keyring"));
        fs::copy(data.join("copy.db"), dir.path().join("console.db")).expect("restored");
        (dir, None)
    }

    fn live(&self, data: &Path) -> String {
        file_url(&data.join("console.db"))
    }

    fn url(&self) -> Option<&str> {
        None
    }
}

struct OfPostgres {
    postgres: Postgres,
}

impl OfPostgres {
    /// The same server, another database.
    fn restored_url(&self) -> String {
        self.postgres.url.replacen("/postgres?", "/restored?", 1)
    }

    fn tool(name: &str) -> Command {
        let folders = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
        let found = folders.map(|folder| folder.path().join("bin").join(name)).filter(|path| path.exists()).max();
        Command::new(found.unwrap_or_else(|| name.into()))
    }
}

impl Copies for OfPostgres {
    fn copy(&self, data: &Path) -> Option<PathBuf> {
        let (code, said) = Program::run(data, self.url(), &["backup", "copy.db"]);
        assert!(code == Some(2) && said.contains("pg_dump --format=custom") && !said.contains("host="), "{said}");
        let dumped = Self::tool("pg_dump")
            .args(["--format=custom", "--file"])
            .arg(data.join("copy.dump"))
            .arg(&self.postgres.url)
            .status();
        assert!(dumped.expect("pg_dump").success());
        None
    }

    fn restore(&self, data: &Path) -> (TempDir, Option<String>) {
        let url = self.restored_url();
        let made = Self::tool("psql").args([&self.postgres.url, "-qc", "CREATE DATABASE restored"]).status();
        assert!(made.expect("psql").success());
        let mut restore = Self::tool("pg_restore");
        let restored = restore.args(["--exit-on-error", "--dbname", &url]).arg(data.join("copy.dump")).status();
        assert!(restored.expect("pg_restore").success());
        (a_folder_with_ring(&data.join("keyring")), Some(url))
    }

    fn live(&self, _: &Path) -> String {
        self.postgres.url.clone()
    }

    fn url(&self) -> Option<&str> {
        Some(&self.postgres.url)
    }
}

async fn drill(of: impl Copies + Send + 'static) {
    let console = a_console_on(of.url()).await;
    let owner = console.an_owner().await;
    let secret = an_api_secret(&console, &owner).await;
    let token = console.backend.create_core_token("core").await.expect("a token").token.expose().to_owned();
    let dir = console.closed().await;
    blocking(move || {
        let data = dir.path();
        let addresses = Program::addresses();
        let program = Program::start(data, addresses, of.url());
        let (stop, kept, broken) = (AtomicBool::new(false), Mutex::new(BTreeMap::new()), AtomicU64::new(0));
        let (plain, before) = thread::scope(|scope| {
            for writer in 0..4 {
                let (secret, stop, kept, broken) = (&secret, &stop, &kept, &broken);
                scope.spawn(move || write(addresses[0], secret, writer, stop, kept, broken));
            }
            until("there is something to copy", || kept.lock().expect("whole").len() > 20);
            let before: Vec<String> = kept.lock().expect("whole").keys().cloned().collect();
            let plain = of.copy(data);
            // And something that is not in the copy.
            let copied = kept.lock().expect("whole").len();
            until("more was written", || kept.lock().expect("whole").len() > copied + 8);
            stop.store(true, Ordering::Relaxed);
            (plain, before)
        });
        drop(program);
        let (restored, url) = of.restore(data);
        let at = url.clone().unwrap_or_else(|| file_url(&restored.path().join("console.db")));
        let all = events(&of.live(data)).numbers;
        let Events { numbers: copied, unnumbered, misfit } = events(&at);
        // Everything up to some event, nothing after it, and all that was acknowledged before it began.
        let prefix: Vec<i64> = (1..).take(copied.len()).collect();
        assert!(copied.len() > before.len() && copied.len() < all.len(), "{} of {}", copied.len(), all.len());
        assert_eq!((&copied, misfit), (&prefix, 0));
        assert_eq!(all[..copied.len()], copied[..]);
        let there = mids(&at);
        assert!(before.iter().all(|mid| there.contains(mid)));
        if let Some(plain) = plain {
            // What copying the file alone gives: it lacks what is in the log, or is torn.
            let there = mids(&file_url(&plain));
            assert!(before.iter().any(|mid| !there.contains(mid)), "a plain copy would have done");
        }

        let (code, said) = Program::run(restored.path(), url.as_deref(), &["verify"]);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains(&format!("secrets: {} versions, 0 unreadable", there.len())), "{said}");
        let again = Program::start(restored.path(), Program::addresses(), url.as_deref());
        drop(again);
        let addresses = Program::addresses();
        let again = Program::start(restored.path(), addresses, url.as_deref());
        let kept = kept.into_inner().expect("whole");
        for mid in &before {
            let asked = ureq::get(format!("http://{}/core/v1/channels/{}", addresses[1], kept[mid]));
            let answer = asked.header("authorization", format!("Bearer {token}")).call().expect("answered");
            let text = answer.into_body().read_to_string().expect("text");
            assert!(text.contains(&format!("key of {mid}")), "{text}");
        }
        drop(again);
        // What the copied moment had committed and not numbered yet was numbered by the console that started from it.
        let now = events(&at);
        let all_numbered = copied.len() + usize::try_from(unnumbered).expect("few");
        assert_eq!((now.numbers.len(), now.unnumbered, now.misfit), (all_numbered, 0, 0));

        // Without its key ring it opens for nobody, and no other is made.
        let ring = restored.path().join("keyring");
        fs::remove_file(&ring).expect("removed");
        let (code, said) = Program::run(restored.path(), url.as_deref(), &["serve"]);
        assert!(code == Some(2) && said.contains("is missing") && !ring.exists(), "{code:?} {said}");
        KeyRing::generate(&OsRandom).write(&ring).expect("written");
        let (code, said) = Program::run(restored.path(), url.as_deref(), &["serve"]);
        assert!(code == Some(2) && said.contains("does not belong to this database"), "{code:?} {said}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_taken_under_load_is_one_moment_and_a_console_starts_from_it() {
    drill(OfSqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_of_postgresql_taken_under_load_is_one_moment_and_a_console_starts_from_it() {
    let Some(postgres) = blocking(Postgres::start).await else {
        return eprintln!("not told on PostgreSQL: there is none to start (see .setup/with-postgres.sh)");
    };
    drill(OfPostgres { postgres }).await;
}
