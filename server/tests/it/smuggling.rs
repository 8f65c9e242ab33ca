//! Requests that two servers would cut into pieces differently. None of ours is in doubt: it is refused and the connection
//! closed, so that nothing of it is ever taken for another request.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, extract::State, http::Uri};
use server::listen::{self, Limits};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::timeout,
};

type Asked = Arc<Mutex<Vec<String>>>;

/// A listener that notes what it was asked for.
async fn listening() -> (SocketAddr, Asked, watch::Sender<bool>) {
    let asked = Asked::default();
    let note = |State(asked): State<Asked>, uri: Uri, body: String| async move {
        asked.lock().expect("whole").push(uri.path().to_owned());
        format!("{}:{}", uri.path(), body.len())
    };
    let router = Router::new().fallback(note).with_state(Arc::clone(&asked));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("an address");
    let (stop, stopping) = watch::channel(false);
    tokio::spawn(listen::serve(listener, None, router, Limits::default(), stopping));
    (addr, asked, stop)
}

/// Everything that comes until the other side closes; `None` if it does not.
async fn answers(addr: SocketAddr, request: &str) -> Option<String> {
    let mut stream = TcpStream::connect(addr).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut all = Vec::new();
    // A reset after the answer is a close, too.
    let _ = timeout(Duration::from_secs(5), stream.read_to_end(&mut all)).await.ok()?;
    Some(String::from_utf8_lossy(&all).into_owned())
}

const SMUGGLED: &str = "GET /smuggled HTTP/1.1\r\nHost: console\r\n\r\n";

fn post(headers: &str, body: &str) -> String {
    format!("POST /asked HTTP/1.1\r\nHost: console\r\n{headers}\r\n{body}{SMUGGLED}")
}

/// Requests whose end is in doubt. `post` makes one of headers and a body; it is for `…/asked`.
pub fn doubtful(post: impl Fn(&str, &str) -> String) -> Vec<(&'static str, String)> {
    vec![
        ("CL.TE", post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nX")),
        ("TE.CL", post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n")),
        ("one length twice", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")),
        (
            "CL.TE, lines without a return",
            post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nX").replace("\r\n", "\n"),
        ),
        ("two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello")),
        ("two lengths in one", post("Content-Length: 5, 6\r\n", "hello")),
        ("a length with a sign", post("Content-Length: +5\r\n", "hello")),
        ("a length in hexadecimal", post("Content-Length: 0x5\r\n", "hello")),
        ("a length below nothing", post("Content-Length: -5\r\n", "hello")),
        ("TE.TE, the last unknown", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", "0\r\n\r\n")),
        ("TE.TE, the first unknown", post("Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
        ("TE.TE, twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
        ("TE, two in one", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")),
        ("TE, not the last", post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")),
        ("TE, unknown", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")),
        ("TE, a tab before", post("Transfer-Encoding:\x0bchunked\r\n", "0\r\n\r\n")),
        ("TE, a space before the colon", post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")),
        ("length, a space before the colon", post("Content-Length : 5\r\n", "hello")),
        ("obs-fold", post("X-Folded: one\r\n two\r\nContent-Length: 5\r\n", "hello")),
        ("obs-fold of the coding", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n")),
        ("a header that begins with a space", post(" Content-Length: 5\r\n", "hello")),
        ("a NUL in a value", post("X-Zero: a\0b\r\nContent-Length: 5\r\n", "hello")),
        ("a chunk of no size", post("Transfer-Encoding: chunked\r\n", "x\r\nhello\r\n0\r\n\r\n")),
        (
            "a chunk of too great a size",
            post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
        ),
        (
            "TE before HTTP/1.1",
            post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n").replace("asked HTTP/1.1", "asked HTTP/1.0"),
        ),
    ]
}

#[tokio::test]
async fn a_request_whose_end_is_in_doubt_is_refused_and_the_connection_closed() {
    let (addr, asked, _stop) = listening().await;
    for (what, request) in doubtful(post) {
        let answer = answers(addr, &request).await.unwrap_or_else(|| panic!("{what}: the connection was kept"));
        assert!(answer.starts_with("HTTP/1.1 400 ") || answer.starts_with("HTTP/1.0 400 "), "{what}: {answer}");
        assert_eq!(answer.matches("HTTP/1.").count(), 1, "{what}: {answer}");
    }
    assert!(asked.lock().expect("whole").iter().all(|path| path != "/smuggled"), "{asked:?}");
}

#[tokio::test]
async fn after_a_body_in_chunks_nothing_more_is_read_from_the_connection() {
    let (addr, asked, _stop) = listening().await;
    // A doubtful head behind another one is seen by nobody but hyper; it drops the length.
    let hidden = format!("GET /first HTTP/1.1\r\nHost: console\r\n\r\n{}", {
        post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "5\r\nhello\r\n0\r\n\r\n")
    });
    for request in [post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"), hidden] {
        let answer = answers(addr, &request).await.expect("closed");
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("/asked:5"), "{answer}");
        assert!(answer.to_ascii_lowercase().contains("connection: close"), "{answer}");
    }
    assert_eq!(*asked.lock().expect("whole"), ["/asked", "/first", "/asked"]);
}
