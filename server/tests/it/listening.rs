//! Who is too slow is let go, and who has no certificate of ours is not let in.

use std::{
    io,
    net::SocketAddr,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, routing::get};
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _},
};
use server::listen::{self, Limits, TlsFiles};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_rustls::{TlsAcceptor, TlsConnector};

const QUESTION: &[u8] = b"GET /hello HTTP/1.1\r\nHost: core\r\n\r\n";
const LAST_QUESTION: &[u8] = b"GET /hello HTTP/1.1\r\nHost: core\r\nConnection: close\r\n\r\n";
/// Far beyond any limit here: what is waited for longer did not come.
const NEVER: Duration = Duration::from_secs(20);

struct Listening {
    addr: SocketAddr,
    stop: watch::Sender<bool>,
    served: JoinHandle<()>,
}

fn limits() -> Limits {
    Limits {
        head: Duration::from_millis(300),
        idle: Duration::from_secs(2),
        stalled: Duration::from_millis(500),
        farewell: Duration::from_secs(5),
        connections: 16,
    }
}

async fn listening(limits: Limits, tls: Option<TlsAcceptor>) -> Listening {
    let slow = || async {
        sleep(Duration::from_millis(1_500)).await;
        "late"
    };
    let router = Router::new()
        .route("/hello", get(|| async { "hello" }))
        .route("/slow", get(slow))
        .route("/big", get(|| async { Bytes::from(vec![b'x'; 64 * 1024 * 1024]) }));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("an address");
    let (stop, stopping) = watch::channel(false);
    let served = tokio::spawn(listen::serve(listener, tls, router, limits, stopping));
    Listening { addr, stop, served }
}

impl Listening {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.addr).await.expect("a connection")
    }
}

/// What comes until the other side closes.
async fn rest(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut all = Vec::new();
    let _ = timeout(NEVER, stream.read_to_end(&mut all)).await.expect("closed");
    String::from_utf8_lossy(&all).into_owned()
}

/// One answer to [`QUESTION`].
async fn hello(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> String {
    stream.write_all(QUESTION).await.expect("sent");
    let mut answer = Vec::new();
    while !answer.ends_with(b"hello") {
        let mut bytes = [0; 1024];
        let count = timeout(NEVER, stream.read(&mut bytes)).await.expect("in time").expect("readable");
        assert!(count > 0, "closed after {answer:?}");
        answer.extend_from_slice(&bytes[..count]);
    }
    String::from_utf8(answer).expect("text")
}

#[tokio::test]
async fn half_a_request_is_not_waited_for() {
    let console = listening(limits(), None).await;
    let mut stream = console.connect().await;
    stream.write_all(&QUESTION[..10]).await.expect("sent");
    let since = Instant::now();
    rest(&mut stream).await;
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
}

#[tokio::test]
async fn who_was_answered_while_still_sending_hears_the_answer() {
    let console = listening(limits(), None).await;
    let mut stream = TcpStream::connect(console.addr).await.expect("a connection");
    let mut part = vec![b'x'; 100_000];
    stream.write_all(b"GET /hello HTTP/1.1\r\nHost: core\r\nContent-Length: 1000000\r\n\r\n").await.expect("sent");
    // Nobody reads a body here: the answer is there, and after it nothing is to come.
    for _ in 0..10 {
        sleep(Duration::from_millis(50)).await;
        stream.write_all(&part).await.expect("still heard");
    }
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("hello"), "{answer}");
    // Who never ends is not heard for ever.
    let since = Instant::now();
    part.truncate(1_000);
    while stream.write_all(&part).await.is_ok() {
        sleep(Duration::from_millis(20)).await;
        assert!(since.elapsed() < NEVER);
    }
}

#[tokio::test]
async fn a_request_that_comes_byte_by_byte_is_not_waited_for() {
    let console = listening(limits(), None).await;
    let (mut reading, mut writing) = console.connect().await.into_split();
    let since = Instant::now();
    let dripping = tokio::spawn(async move {
        for byte in QUESTION.iter().cycle() {
            if writing.write_all(&[*byte]).await.is_err() {
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
    });
    assert!(!rest(&mut reading).await.contains("200 OK"));
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
    dripping.abort();
}

#[tokio::test]
async fn a_connection_is_kept_between_requests_and_not_for_ever() {
    let console = listening(limits(), None).await;
    let mut stream = console.connect().await;
    hello(&mut stream).await;
    // Longer than a head may take, shorter than silence may last; twice, since the second must not use up the first's.
    for _ in 0..2 {
        sleep(Duration::from_millis(600)).await;
        hello(&mut stream).await;
    }
    let since = Instant::now();
    assert_eq!(rest(&mut stream).await, "");
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
}

#[tokio::test]
async fn who_waits_for_an_answer_may_be_silent() {
    let console = listening(limits(), None).await;
    let mut stream = console.connect().await;
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: core\r\nConnection: close\r\n\r\n").await.expect("sent");
    assert!(rest(&mut stream).await.ends_with("late"));
}

#[tokio::test]
async fn who_does_not_take_the_answer_gives_the_place_to_another() {
    let console = listening(Limits { connections: 1, ..limits() }, None).await;
    let mut slow = console.connect().await;
    slow.write_all(b"GET /big HTTP/1.1\r\nHost: core\r\n\r\n").await.expect("sent");
    sleep(Duration::from_millis(50)).await;
    let mut next = console.connect().await;
    hello(&mut next).await;
}

#[tokio::test]
async fn no_more_connections_than_places_are_served_at_once() {
    let console = listening(Limits { connections: 2, ..limits() }, None).await;
    let (mut one, mut two) = (console.connect().await, console.connect().await);
    hello(&mut one).await;
    hello(&mut two).await;
    let mut three = console.connect().await;
    three.write_all(LAST_QUESTION).await.expect("sent");
    let early = timeout(Duration::from_millis(200), three.read_u8()).await;
    assert!(early.is_err(), "there was no place yet");
    drop(one);
    assert!(rest(&mut three).await.ends_with("ello"));
}

#[tokio::test]
async fn stopping_closes_idle_connections_and_lets_answers_finish() {
    let console = listening(limits(), None).await;
    let (mut idle, mut waiting) = (console.connect().await, console.connect().await);
    hello(&mut idle).await;
    waiting.write_all(b"GET /slow HTTP/1.1\r\nHost: core\r\n\r\n").await.expect("sent");
    sleep(Duration::from_millis(100)).await;
    console.stop.send(true).expect("listening");
    assert_eq!(rest(&mut idle).await, "");
    assert!(rest(&mut waiting).await.ends_with("late"));
    timeout(NEVER, console.served).await.expect("over").expect("no panic");
    assert!(TcpStream::connect(console.addr).await.is_err());
}

/// An authority with the files of a console that it signed.
struct Authority {
    dir: tempfile::TempDir,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority");
        std::fs::write(dir.path().join("ca.pem"), issuer.pem()).expect("written");
        let authority = Self { dir, issuer };
        let (cert, key) = authority.signs("localhost", false);
        std::fs::write(authority.dir.path().join("cert.pem"), cert).expect("written");
        std::fs::write(authority.dir.path().join("key.pem"), key).expect("written");
        authority
    }

    fn files(&self) -> TlsFiles {
        let file = |name: &str| self.dir.path().join(name);
        TlsFiles { cert: file("cert.pem"), key: file("key.pem"), client_ca: file("ca.pem") }
    }

    /// A certificate and its key, in PEM.
    fn signs(&self, name: &str, is_over: bool) -> (String, String) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        if is_over {
            (params.not_before, params.not_after) =
                (rcgen::date_time_ymd(2020, 1, 1), rcgen::date_time_ymd(2021, 1, 1));
        }
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("signed");
        (certificate.pem(), key.serialize_pem())
    }

    /// A client that trusts this authority and shows a certificate, or none.
    fn client(&self, shown: Option<(String, String)>) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).expect("an authority");
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots);
        let config = match shown {
            None => config.with_no_client_auth(),
            Some((cert, key)) => {
                let cert = CertificateDer::from_pem_slice(cert.as_bytes()).expect("a certificate");
                let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("a key");
                config.with_client_auth_cert(vec![cert], key).expect("a client")
            }
        };
        TlsConnector::from(Arc::new(config))
    }
}

/// The answer to a question over TLS; the client learns of a refusal when it reads.
async fn ask(console: &Listening, client: &TlsConnector) -> io::Result<String> {
    let name = ServerName::try_from("localhost").expect("a name");
    let mut stream = client.connect(name, console.connect().await).await?;
    stream.write_all(LAST_QUESTION).await?;
    let mut answer = Vec::new();
    timeout(NEVER, stream.read_to_end(&mut answer)).await.expect("an end")?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test]
async fn a_core_with_a_certificate_of_ours_is_let_in() {
    let authority = Authority::new();
    let console = listening(limits(), Some(authority.files().acceptor().expect("TLS"))).await;
    let answer = ask(&console, &authority.client(Some(authority.signs("core-1", false)))).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("hello"), "{answer}");
}

#[tokio::test]
async fn a_core_without_one_or_with_anothers_or_an_old_one_is_not() {
    let (authority, other) = (Authority::new(), Authority::new());
    let console = listening(limits(), Some(authority.files().acceptor().expect("TLS"))).await;
    for (what, shown) in [
        ("none", None),
        ("signed by another authority", Some(other.signs("core-1", false))),
        ("over", Some(authority.signs("core-1", true))),
    ] {
        let answer = ask(&console, &authority.client(shown)).await;
        assert!(answer.is_err(), "{what}: {answer:?}");
    }
    // And a client trusts no console that another authority signed.
    assert!(ask(&console, &other.client(Some(authority.signs("core-1", false)))).await.is_err());
}

#[tokio::test]
async fn plain_http_and_half_a_handshake_come_to_an_end() {
    let authority = Authority::new();
    let console = listening(limits(), Some(authority.files().acceptor().expect("TLS"))).await;
    let mut plain = console.connect().await;
    plain.write_all(LAST_QUESTION).await.expect("sent");
    assert!(!rest(&mut plain).await.contains("hello"));
    let mut silent = console.connect().await;
    let since = Instant::now();
    rest(&mut silent).await;
    assert!(since.elapsed() < Duration::from_secs(5), "{:?}", since.elapsed());
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let authority = Authority::new();
    let files = authority.files();
    let empty = authority.dir.path().join("empty.pem");
    std::fs::write(&empty, "").expect("written");
    let nowhere = Path::new("/nowhere.pem").to_path_buf();
    let (_, another_key) = authority.signs("localhost", false);
    let key = authority.dir.path().join("another.pem");
    std::fs::write(&key, another_key).expect("written");
    for (wrong, named) in [
        (TlsFiles { cert: nowhere.clone(), ..files.clone() }, "nowhere.pem"),
        (TlsFiles { key: empty.clone(), ..files.clone() }, "empty.pem"),
        (TlsFiles { client_ca: empty, ..files.clone() }, "empty.pem"),
        (TlsFiles { client_ca: nowhere, ..files.clone() }, "nowhere.pem"),
        (TlsFiles { key, ..files }, "cert.pem"),
    ] {
        let error = wrong.acceptor().err().expect("refused").to_string();
        assert!(error.contains(named), "{error}");
    }
}
