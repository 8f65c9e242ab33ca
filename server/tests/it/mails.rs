//! The mail server is away and the program is killed: every mail that was promised arrives, at least once.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait as _, Database, DatabaseBackend, DatabaseConnection, Statement};

use crate::{
    programs::{Program, until},
    support::{PASSWORD, times},
    surviving::blocking,
};

/// A mail server that can be told to say nothing when a mail has come, until whoever sent it is gone.
struct MailServer {
    arrived: Arc<Mutex<BTreeMap<String, Vec<String>>>>,
    /// So many mails are taken without a word.
    to_leave_open: Arc<AtomicUsize>,
    /// Says that one was.
    left_open: mpsc::Receiver<()>,
}

impl MailServer {
    fn at(addr: SocketAddr) -> Self {
        let listener = TcpListener::bind(addr).expect("the port is still free");
        let (tell, left_open) = mpsc::channel();
        let server = Self { arrived: Arc::default(), to_leave_open: Arc::default(), left_open };
        let (arrived, to_leave_open) = (Arc::clone(&server.arrived), Arc::clone(&server.to_leave_open));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (arrived, to_leave_open, tell) = (Arc::clone(&arrived), Arc::clone(&to_leave_open), tell.clone());
                thread::spawn(move || converse(&stream, &arrived, &to_leave_open, &tell));
            }
        });
        server
    }

    /// Message-IDs by recipient.
    fn arrived(&self) -> BTreeMap<String, Vec<String>> {
        self.arrived.lock().expect("whole").clone()
    }
}

fn converse(
    mut stream: &TcpStream,
    arrived: &Mutex<BTreeMap<String, Vec<String>>>,
    to_leave_open: &AtomicUsize,
    tell: &mpsc::Sender<()>,
) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    stream.write_all(b"220 mail\r\n").ok()?;
    let mut recipient = String::new();
    while let Some(Ok(line)) = lines.next() {
        let answer: &[u8] = match line.split([' ', ':']).next()? {
            "EHLO" => b"250-mail\r\n250 8BITMIME\r\n",
            "RCPT" => {
                line.split(['<', '>']).nth(1)?.clone_into(&mut recipient);
                b"250 fine\r\n"
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").ok()?;
                let mail: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                let id = mail.iter().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap_or_default().to_owned();
                arrived.lock().expect("whole").entry(recipient.clone()).or_default().push(id);
                let left = to_leave_open.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
                if left.is_ok() {
                    tell.send(()).ok()?;
                    // Until the other side is dead.
                    while let Some(Ok(_)) = lines.next() {}
                    return None;
                }
                b"250 taken\r\n"
            }
            "QUIT" => return None,
            _ => b"250 fine\r\n",
        };
        stream.write_all(answer).ok()?;
    }
    None
}

fn sign_up(people: SocketAddr, number: usize) -> Duration {
    let origin = format!("http://{people}");
    let body = format!(
        "form[email]=number{number}%40example.com&form[password]={PASSWORD}&form[password_again]={PASSWORD}\
         &form[terms]=on&form[privacy]=on"
    );
    let since = Instant::now();
    let client = std::net::Ipv4Addr::from_bits(0x0A03_0001 + u32::try_from(number).expect("few"));
    let answer = ureq::post(format!("{origin}/api/accounts/sign-up"))
        .config()
        .max_redirects(0)
        .build()
        .header("origin", origin)
        .header("accept", "text/html")
        .header("x-forwarded-for", client.to_string())
        .header("content-type", "application/x-www-form-urlencoded")
        .send(body)
        .expect("answered");
    assert_eq!(answer.headers().get("location").and_then(|to| to.to_str().ok()), Some("/signup?sent=1"));
    since.elapsed()
}

/// Rows that are changed, or the number that is asked for.
struct Outbox(DatabaseConnection);

impl Outbox {
    fn of(data: &std::path::Path) -> Self {
        let url = format!("sqlite://{}", data.join("console.db").display());
        Self(tokio::runtime::Handle::current().block_on(Database::connect(url)).expect("a database"))
    }

    /// What had to wait, for its next try or for a worker that died, has waited.
    fn time_passes(&self) {
        let sql = "UPDATE outbox_mails SET due_at = 0 WHERE state = 'queued'";
        let statement = Statement::from_string(DatabaseBackend::Sqlite, sql);
        tokio::runtime::Handle::current().block_on(self.0.execute_raw(statement)).expect("changed");
    }

    fn in_state(&self, state: &str) -> i64 {
        let sql = format!("SELECT COUNT(*) FROM outbox_mails WHERE state = '{state}'");
        let statement = Statement::from_string(DatabaseBackend::Sqlite, sql);
        let row = tokio::runtime::Handle::current().block_on(self.0.query_one_raw(statement));
        row.expect("answered").expect("a row").try_get_by_index(0).expect("a number")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mail_arrives_though_the_mail_server_was_away_and_the_program_was_killed() {
    blocking(|| {
        let dir = tempfile::tempdir().expect("a directory");
        let [people, cores] = Program::addresses();
        let [mail_server, _] = Program::addresses();
        let url = format!("smtp://{mail_server}");
        let more = [("CONSOLE_SMTP_URL", url.as_str()), ("CONSOLE_TRUSTED_PROXIES", "127.0.0.1")];
        let mut program = Program::start_with(dir.path(), [people, cores], None, &more);
        let mails = times("CONSOLE_TEST_MAILS", 16);

        // Nobody is there to take them; the program dies in the middle, and once more when all are promised.
        let mut took = Vec::new();
        for number in 0..mails {
            if number == mails / 2 {
                program.kill_and_start();
            }
            took.push(sign_up(people, number));
        }
        program.kill_and_start();
        let outbox = Outbox::of(dir.path());
        assert_eq!((outbox.in_state("queued"), outbox.in_state("sent")), (i64::try_from(mails).expect("few"), 0));

        // It is back, and twice the program dies when a mail was taken and nobody had said so.
        let server = MailServer::at(mail_server);
        for _ in 0..2 {
            server.to_leave_open.store(1, Ordering::SeqCst);
            outbox.time_passes();
            server.left_open.recv_timeout(Duration::from_mins(1)).expect("a mail was taken");
            program.kill_and_start();
        }
        until("every mail has gone", || {
            outbox.time_passes();
            outbox.in_state("queued") == 0
        });
        let arrived = server.arrived();
        assert_eq!((arrived.len(), outbox.in_state("abandoned")), (mails, 0), "to everybody: {arrived:?}");
        let again: usize = arrived.values().map(|ids| ids.len() - 1).sum();
        assert!((1..=2).contains(&again), "as often as nobody could know: {arrived:?}");
        for (recipient, ids) in &arrived {
            assert!(ids.iter().all(|id| id == &ids[0] && !id.is_empty()), "{recipient}: {ids:?}");
        }
        took.sort();
        let (median, slowest) = (took[took.len() / 2], took[took.len() - 1]);
        println!(
            "{mails} sign-ups without a mail server: median {median:.1?}, slowest {slowest:.1?}; {again} came again"
        );
        assert!(slowest < Duration::from_secs(3), "nobody waits for the mail server: {slowest:?}");
    })
    .await;
}
