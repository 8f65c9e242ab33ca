//! Thousands of clients that take their time: with a request's head, with its body, with the answer. Each is let go at its
//! hour, none gets more places than an office needs, and whoever comes from elsewhere is answered as ever.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{programs::Program, support::times};

/// As long as `listen::Limits` and the router give, and what a busy machine takes beyond it.
const HEAD: Duration = Duration::from_secs(10);
const BODY: Duration = Duration::from_secs(30);
const MORE: Duration = Duration::from_secs(8);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slow {
    /// A header that never ends, a byte a second.
    Head,
    /// A body that never ends.
    Body,
    /// An answer that nobody takes.
    Answer,
}

impl Slow {
    const ALL: [Self; 3] = [Self::Head, Self::Body, Self::Answer];

    fn begins_with(self, to: SocketAddr) -> String {
        match self {
            Self::Head => format!("GET /login HTTP/1.1\r\nHost: {to}\r\nX-Slow: "),
            Self::Body => format!(
                "POST /api/accounts/log-in HTTP/1.1\r\nHost: {to}\r\nOrigin: http://{to}\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n"
            ),
            Self::Answer => format!("GET /login HTTP/1.1\r\nHost: {to}\r\nAccept: text/html\r\n\r\n"),
        }
    }

    /// An address of its own: who floods with one kind shares it with nobody.
    fn address(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(0x7F02_0001 + self as u32)
    }
}

async fn connect(to: SocketAddr, from: Ipv4Addr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    socket.connect(to).await
}

/// Holds a connection as long as it is left; how long that was.
async fn hold(to: SocketAddr, slow: Slow) -> Duration {
    let since = Instant::now();
    let Ok(stream) = connect(to, slow.address()).await else { return since.elapsed() };
    let (mut reading, mut writing) = stream.into_split();
    if writing.write_all(slow.begins_with(to).as_bytes()).await.is_err() {
        return since.elapsed();
    }
    if slow == Slow::Answer {
        // What it holds are a place and what the system keeps of the answer.
        sleep(HEAD).await;
        return since.elapsed();
    }
    let dripping = async {
        loop {
            sleep(Duration::from_secs(1)).await;
            if writing.write_all(b"x").await.is_err() {
                return;
            }
        }
    };
    let ended = async {
        let mut answer = Vec::new();
        let _ = reading.read_to_end(&mut answer).await;
    };
    tokio::select! {
        () = dripping => {}
        () = ended => {}
    }
    since.elapsed()
}

/// A page, asked for by somebody who is in no hurry either.
async fn page(to: SocketAddr) -> (u16, Duration) {
    let since = Instant::now();
    let mut stream = connect(to, Ipv4Addr::new(127, 2, 9, 9)).await.expect("connected");
    let request = format!("GET /login HTTP/1.1\r\nHost: {to}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    timeout(Duration::from_mins(1), stream.read_to_end(&mut answer)).await.expect("in time").expect("an answer");
    let answer = String::from_utf8_lossy(&answer);
    (answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status"), since.elapsed())
}

/// How much later than it should the test itself gets its turn, all in all: what others do on this machine is nobody's fault.
fn lateness() -> Arc<AtomicU64> {
    const TICK: Duration = Duration::from_millis(50);
    let late = Arc::new(AtomicU64::new(0));
    let told = Arc::clone(&late);
    tokio::spawn(async move {
        while Arc::strong_count(&told) > 1 {
            let since = Instant::now();
            sleep(TICK).await;
            let more = since.elapsed().saturating_sub(TICK + Duration::from_millis(5));
            told.fetch_add(u64::try_from(more.as_millis()).unwrap_or(u64::MAX), Relaxed);
        }
    });
    late
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_slow_is_let_go_at_the_hour_and_holds_up_nobody() {
    let dir = tempfile::tempdir().expect("a directory");
    let [people, cores] = Program::addresses();
    let program = Program::start(dir.path(), [people, cores], None);
    for _ in 0..5 {
        page(people).await;
    }
    let (base, each) = (program.memory(), times("CONSOLE_TEST_CONNECTIONS", 300));
    let late = lateness();
    let mut slow = JoinSet::new();
    for kind in Slow::ALL {
        for _ in 0..each {
            slow.spawn(async move { (kind, hold(people, kind).await) });
        }
    }
    sleep(Duration::from_secs(2)).await;
    let (metrics, most) = (metrics(cores).await, program.memory());
    let mut held: Vec<(Slow, Duration)> = Vec::new();
    let mut pages = Vec::new();
    while !slow.is_empty() {
        while let Some(done) = slow.try_join_next() {
            held.push(done.expect("joined"));
        }
        let (status, took) = page(people).await;
        assert_eq!(status, 200);
        pages.push(took);
        sleep(Duration::from_millis(50)).await;
    }
    pages.sort();
    let p99 = pages[(pages.len() * 99).div_ceil(100) - 1];
    let longest = |kind| held.iter().filter(|(of, _)| *of == kind).map(|(_, held)| *held).max().expect("some");
    let late = Duration::from_millis(late.load(Relaxed));
    println!(
        "3 × {each} slow connections: heads let go after {:.1?}, bodies after {:.1?}; {} pages meanwhile, p99 {p99:.1?}; \
         {} MiB before, {} MiB with all of them; the machine was late by {late:.1?}",
        longest(Slow::Head),
        longest(Slow::Body),
        pages.len(),
        base / 1024,
        most / 1024
    );
    assert!(longest(Slow::Head) < HEAD + MORE + late, "{:?}", longest(Slow::Head));
    assert!(longest(Slow::Body) < BODY + MORE + late, "{:?}", longest(Slow::Body));
    // Five times what is promised: others use this machine too.
    assert!(p99 < Duration::from_millis(2_500) + late, "{p99:?} of {}", pages.len());
    let in_the_end = self::metrics(cores).await;
    let value = |metrics: &str, name: &str| -> usize {
        let line = metrics.lines().find_map(|line| line.strip_prefix(&format!("{name}{{listener=\"people\"}} ")));
        line.and_then(|value| value.trim().parse().ok()).unwrap_or_else(|| panic!("no {name}: {metrics}"))
    };
    assert!(value(&metrics, "console_connections") <= 3 * 256 + 1, "of one address are no more than 256 served");
    if each > 256 {
        assert!(value(&in_the_end, "console_connections_turned_away_total") >= 3 * (each - 256));
        let at_once = held.iter().filter(|(kind, held)| *kind == Slow::Head && *held < HEAD / 2 + late).count();
        assert!(at_once >= each - 256, "{at_once} were turned away");
    }
}

async fn metrics(cores: SocketAddr) -> String {
    let mut stream = TcpStream::connect(cores).await.expect("connected");
    let request = format!("GET /metrics HTTP/1.1\r\nHost: {cores}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("text");
    answer
}
