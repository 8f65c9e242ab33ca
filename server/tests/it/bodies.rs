//! Bodies that nobody's browser sends: too large, packed, endless, deep. And visits that leave nothing behind.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

use crate::{
    programs::Program,
    support::{ORIGIN, a_console, text_of},
};

const MIB: u64 = 1024;

/// Sends a request whose body comes in parts for as long as they are taken; the status of the answer, and how many bytes
/// of the body were sent.
fn send(to: SocketAddr, path: &str, headers: &str, parts: impl Iterator<Item = Vec<u8>>) -> (u16, usize) {
    let mut stream = TcpStream::connect(to).expect("connected");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a deadline");
    stream.set_write_timeout(Some(Duration::from_secs(5))).expect("a deadline");
    let head =
        format!("POST {path} HTTP/1.1\r\nHost: {to}\r\nOrigin: http://{to}\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).expect("sent");
    let mut sent = 0;
    for part in parts {
        if stream.write_all(&part).is_err() {
            break;
        }
        sent += part.len();
    }
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("{path}: no answer after {sent} bytes: {answer:?}")), sent)
}

/// A gigabyte in chunks of 64 KiB.
fn a_gigabyte() -> impl Iterator<Item = Vec<u8>> {
    let chunk = [b"10000\r\n".to_vec(), vec![b'x'; 65_536], b"\r\n".to_vec()].concat();
    std::iter::repeat_n(chunk, 16_384)
}

#[test]
fn a_body_that_is_too_much_is_refused_before_it_takes_memory() {
    let dir = tempfile::tempdir().expect("a directory");
    let [people, cores] = Program::addresses();
    let program = Program::start(dir.path(), [people, cores], None);
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let json = "Content-Type: application/json\r\n";
    let one = |body: Vec<u8>| std::iter::once(body);
    let sized = |headers: &str, body: &[u8]| format!("{headers}Content-Length: {}\r\n", body.len());
    // Everything that a request needs is there once.
    for path in ["/api/accounts/log-in", "/rest/v1/users/getToken"] {
        send(people, path, &sized(form, b"a=b"), one(b"a=b".to_vec()));
    }
    let before = program.memory();

    let chunked = "Transfer-Encoding: chunked\r\n";
    for (path, kind) in [
        ("/api/accounts/log-in", form),
        ("/integration/keys/secret", form),
        ("/rest/v1/users/getToken", json),
        ("/rest/v2/login/api-secret", json),
    ] {
        let (status, sent) = send(people, path, &format!("{kind}{chunked}"), a_gigabyte());
        assert_eq!(status, 413, "{path}");
        assert!(sent < 64 * 1024 * 1024, "{path}: {sent} bytes were taken");
    }

    let bomb =
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xed\xc1\x01\x0d\x00\x00\x00\xc2\xa0\xf7Om\x0f\x07\x14".to_vec();
    for (path, kind) in
        [("/api/accounts/log-in", form), ("/rest/v1/users/getToken", json), ("/rest/v2/login/api-secret", json)]
    {
        for coding in ["gzip", "br", "deflate", "gzip, gzip"] {
            let headers = sized(&format!("{kind}Content-Encoding: {coding}\r\n"), &bomb);
            assert_eq!(send(people, path, &headers, one(bomb.clone())).0, 415, "{path} {coding}");
        }
    }

    let fields = (0..10_000).map(|n| format!("form[f{n}]=x")).collect::<Vec<_>>().join("&").into_bytes();
    for path in ["/api/accounts/log-in", "/api/channels/add", "/integration/keys/secret"] {
        assert_eq!(send(people, path, &sized(form, &fields), one(fields.clone())).0, 400, "{path}");
    }

    for deep in [format!("{}{}", "[".repeat(1000), "]".repeat(1000)), "{\"a\":".repeat(1000), "[".repeat(100_000)] {
        for path in ["/rest/v1/users/getToken", "/rest/v2/login/api-secret", "/rest/v2/token/refresh"] {
            let headers = sized(json, deep.as_bytes());
            assert_eq!(send(people, path, &headers, one(deep.clone().into_bytes())).0, 400, "{path}");
        }
    }

    let part = "--b\r\nContent-Disposition: form-data; name=\"form[email]\"\r\n\r\nme@example.com\r\n--b--\r\n";
    for kind in ["multipart/form-data; boundary=b", "application/json", "text/plain", "application/octet-stream", ""] {
        let headers = sized(&format!("Content-Type: {kind}\r\n"), part.as_bytes());
        let (status, _) = send(people, "/api/accounts/log-in", &headers, one(part.as_bytes().to_vec()));
        assert_eq!(status, 415, "{kind}");
    }

    let after = program.memory();
    assert!(after <= before + 8 * MIB, "{before} KiB before, {after} KiB after");
}

#[tokio::test]
async fn whoever_only_looks_leaves_no_session_and_no_row() {
    let console = a_console().await;
    let size = async || console.number("SELECT page_count FROM pragma_page_count()").await;
    let rows =
        async || console.number("SELECT (SELECT COUNT(*) FROM sessions) + (SELECT COUNT(*) FROM rate_counters)").await;
    let before = size().await;
    for turn in 0..200 {
        let paths = ["/login", "/signup", "/integration/channels", "/forgot-password", "/nowhere", "/health"];
        let path = paths[turn % paths.len()];
        let request = Request::get(path)
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, format!("sid=AAAAAAAAAAAAAAAAAA{turn:04}; lang=en"));
        let answer = console.ask(request.body(Body::empty()).expect("a request")).await;
        // At most the cookie that was shown is taken back.
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            assert!(cookie.to_str().expect("text").starts_with("sid=;"), "{path}: {cookie:?}");
        }
    }
    assert_eq!((size().await, rows().await), (before, 0));
}

#[tokio::test]
async fn text_of_64_kib_is_refused_as_quickly_as_any_other() {
    let console = a_console().await;
    for filling in ["a", "가", "\u{200d}", "\u{202e}", "e\u{301}", "\u{1f468}\u{200d}", "%", "\u{1100}"] {
        let text = filling.repeat(65_536 / filling.len());
        let encoded = text.bytes().fold(String::new(), |text, byte| format!("{text}%{byte:02x}"));
        for (path, field) in [("/api/accounts/resend", "email"), ("/api/account/forgot-password", "email")] {
            let body = format!("{field}={encoded}");
            let request = Request::post(path)
                .header(header::ORIGIN, ORIGIN)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(body))
                .expect("a request");
            let (status, _) = text_of(console.ask(request).await).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {filling:?}");
        }
    }
}
