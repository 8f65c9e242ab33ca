//! Programs that can be killed: the console itself, and a PostgreSQL.

use std::{
    fs::OpenOptions,
    io::{BufRead as _, BufReader},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

const LONG: Duration = Duration::from_mins(1);

/// Waits until something is so.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < LONG, "not within {LONG:?}: {what}");
        sleep(Duration::from_millis(20));
    }
}

/// The program itself, which can be killed.
pub struct Program {
    child: Child,
    data: PathBuf,
    people: SocketAddr,
    cores: SocketAddr,
    database_url: Option<String>,
    more: Vec<(String, String)>,
}

impl Program {
    /// Addresses that nobody has now.
    pub fn addresses() -> [SocketAddr; 2] {
        let sockets = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port"));
        sockets.map(|socket| socket.local_addr().expect("an address"))
    }

    pub fn start(data: &Path, addresses: [SocketAddr; 2], database_url: Option<&str>) -> Self {
        Self::start_with(data, addresses, database_url, &[])
    }

    /// With more in its environment. It writes its log into the file `log` of the data directory.
    pub fn start_with(
        data: &Path,
        [people, cores]: [SocketAddr; 2],
        database_url: Option<&str>,
        more: &[(&str, &str)],
    ) -> Self {
        // No page is opened here; the program only looks whether there are files.
        std::fs::create_dir_all(data.join("target/site/pkg")).expect("a folder");
        let log = OpenOptions::new().create(true).append(true).open(data.join("log")).expect("a file");
        // What a limit of the test refuses is an error to the program, not its end.
        let child = Command::new("sh")
            .args(["-c", "trap '' XFSZ; exec \"$0\"", env!("CARGO_BIN_EXE_channel-console")])
            .current_dir(data)
            .env("CONSOLE_DATA_DIR", data)
            .env("CONSOLE_ADDR", people.to_string())
            .env("CONSOLE_CORE_ADDR", cores.to_string())
            .env("CONSOLE_LOG", "error")
            .env("CONSOLE_DATABASE_URL", database_url.unwrap_or_default())
            .envs(more.iter().copied())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("started");
        let database_url = database_url.map(str::to_owned);
        let more = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let program = Self { child, data: data.to_path_buf(), people, cores, database_url, more };
        until("the console answers", || ureq::get(format!("http://{people}/health")).call().is_ok());
        program
    }

    /// Resident memory now, in KiB.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// The program with these words on its command line.
    pub fn with_words(data: &Path, database_url: Option<&str>, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_channel-console"));
        command
            .args(words)
            .current_dir(data)
            .env("CONSOLE_DATA_DIR", data)
            .env("CONSOLE_ADDR", "127.0.0.1:1")
            .env("CONSOLE_LOG", "error")
            .env("CONSOLE_DATABASE_URL", database_url.unwrap_or_default());
        command
    }

    /// The same, run to its end: exit code, and everything that it said.
    pub fn run(data: &Path, database_url: Option<&str>, words: &[&str]) -> (Option<i32>, String) {
        let ended = Self::with_words(data, database_url, words).output().expect("started");
        let said = [ended.stdout, ended.stderr].concat();
        (ended.status.code(), String::from_utf8(said).expect("text"))
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, and again from what is left.
    pub fn kill_and_start(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
        self.start_again();
    }

    /// SIGTERM, and again; how long it took to end.
    pub fn stop_and_start(&mut self) -> Duration {
        let took = self.stop();
        self.start_again();
        took
    }

    /// SIGTERM; it must end by itself, well.
    pub fn stop(&mut self) -> Duration {
        let since = Instant::now();
        assert!(Command::new("kill").args(["-TERM", &self.id()]).status().expect("kill").success());
        assert!(self.child.wait().expect("gone").success(), "it says that it ended well");
        since.elapsed()
    }

    fn start_again(&mut self) {
        let more: Vec<(&str, &str)> = self.more.iter().map(|(name, value)| (&**name, &**value)).collect();
        *self = Self::start_with(&self.data, [self.people, self.cores], self.database_url.as_deref(), &more);
    }

    pub fn id(&self) -> String {
        self.child.id().to_string()
    }

    /// Everything it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.data.join("log")).expect("a log")
    }

    /// Runs another command of the program on the same data; whether it was content, and what it said.
    pub fn command(&self, words: &[&str]) -> (bool, String) {
        let ended = Command::new(env!("CARGO_BIN_EXE_channel-console"))
            .args(words)
            .env("CONSOLE_DATA_DIR", &self.data)
            .env("CONSOLE_LOG", "error")
            .env("CONSOLE_DATABASE_URL", self.database_url.clone().unwrap_or_default())
            .output()
            .expect("run");
        (ended.status.success(), String::from_utf8_lossy(&ended.stdout).into_owned())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A PostgreSQL of the test's own, which can be killed.
pub struct Postgres {
    child: Child,
    pub url: String,
    /// A script that kills it at once and starts it again.
    pub restart: PathBuf,
}

impl Postgres {
    /// `None` where there is none to start.
    pub fn start() -> Option<Self> {
        let setup = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.setup/with-postgres.sh");
        let mut child = Command::new(setup)
            // It lives until its input ends.
            .args(["sh", "-c", "echo \"$CONSOLE_TEST_POSTGRES_URL\"; cat >/dev/null"])
            .env("PG_DURABLE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut url = String::new();
        BufReader::new(child.stdout.take()?).read_line(&mut url).ok()?;
        let url = url.trim().to_owned();
        let dir = url.split_once("host=")?.1.replace("%2F", "/");
        Some(Self { child, restart: Path::new(&dir).join("restart"), url })
    }
}

impl Postgres {
    /// SIGKILL to a process that serves one connection: the server takes all of them down and begins anew.
    pub fn kill_a_backend(&self) {
        let data = self.restart.with_file_name("data");
        let pid = std::fs::read_to_string(data.join("postmaster.pid")).expect("a server");
        let pid = pid.lines().next().expect("its id");
        let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).expect("its children");
        let serves = |child: &&str| {
            let command = std::fs::read_to_string(format!("/proc/{child}/cmdline")).unwrap_or_default();
            command.contains("[local]") || command.contains("127.0.0.1")
        };
        let Some(child) = children.split_whitespace().find(serves) else { return };
        Command::new("kill").args(["-KILL", child]).status().expect("kill");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
