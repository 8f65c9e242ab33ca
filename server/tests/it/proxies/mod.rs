//! The console behind nginx and behind haproxy, each set up as OPERATING.md says. Where one is not installed, that is said
//! and the test goes on.

mod proxy;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use app::api::session::ClientAddress;
use axum::{Router, extract::Request, http::Uri, middleware::Next, middleware::from_fn, response::Response};
use backend::{Caller, Language};
use domain::{account::LoginForm, application::ConsentForm, secret::Typed};
use futures_util::future::join_all;
use rustls::pki_types::ServerName;
use server::listen::{self, Limits};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket},
    sync::watch,
    time::timeout,
};
use tower::ServiceExt as _;

use crate::{
    smuggling::doubtful,
    support::{Console, PASSWORD, a_console_told, times},
};
use proxy::{Kind, NAME, Proxy};

/// Who asks; the proxy itself is at 127.0.0.1.
const CLIENT: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 5);
const EMAIL: &str = "kim@example.com";
const WITH_ORIGIN: &str = "Origin: https://console.example.com\r\nReferer: https://console.example.com/login\r\n";

/// What arrived at the console, in its order: the path, and who is taken for the client.
type Arrived = Arc<Mutex<Vec<(String, Option<IpAddr>)>>>;

struct Site {
    console: Console,
    addr: SocketAddr,
    arrived: Arrived,
    _stop: watch::Sender<bool>,
}

/// A console at a port, with `/echo/…` behind the same walls, and the payment cores' paths for an answer that is waited for.
async fn a_site() -> Site {
    let told = [("public_url", "https://console.example.com"), ("trusted_proxies", "127.0.0.1")];
    let console = a_console_told(&told).await;
    let echo = |uri: Uri, body: String| async move { format!("[{} {}]", uri.path(), body.len()) };
    let arrived = Arrived::default();
    let note = {
        let arrived = Arc::clone(&arrived);
        move |request: Request, next: Next| {
            let arrived = Arc::clone(&arrived);
            async move {
                let number = {
                    let mut arrived = arrived.lock().expect("whole");
                    arrived.push((request.uri().path().to_owned(), None));
                    arrived.len() - 1
                };
                let mut answer: Response = next.run(request).await;
                let client = answer.extensions().get::<ClientAddress>().map(|ClientAddress(address)| *address);
                arrived.lock().expect("whole")[number].1 = client;
                answer.headers_mut().insert("x-arrived", number.into());
                answer
            }
        }
    };
    let (echo, cores, people) =
        (console.around(Router::new().fallback(echo)), console.cores.clone(), console.people.clone());
    let either = move |request: Request| {
        let path = request.uri().path();
        let router = if path.starts_with("/echo/") {
            &echo
        } else if path.starts_with("/core/") {
            &cores
        } else {
            &people
        };
        router.clone().oneshot(request)
    };
    let router = Router::new().fallback(either).layer(from_fn(note));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("an address");
    let (stop, stopping) = watch::channel(false);
    tokio::spawn(listen::serve(listener, None, router, Limits::default(), stopping));
    Site { console, addr, arrived, _stop: stop }
}

/// Everything that comes after a request, until the proxy closes or is silent for long.
async fn answers(proxy: &Proxy, request: &[u8]) -> String {
    answers_within(proxy, request, Duration::from_secs(3)).await
}

async fn answers_within(proxy: &Proxy, request: &[u8], silence: Duration) -> String {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind((CLIENT, 0).into()).expect("an address");
    let stream = socket.connect(proxy.addr).await.expect("a connection");
    let name = ServerName::try_from(NAME).expect("a name");
    let stream = proxy.tls.connect(name, stream).await.expect("its certificate");
    let (mut from, mut to) = tokio::io::split(stream);
    // Who refuses a request may do so before it has read all of it.
    let send = async {
        let _ = to.write_all(request).await;
        let _ = to.flush().await;
    };
    let receive = async {
        let mut all = Vec::new();
        let mut bytes = vec![0; 16 * 1024];
        while let Ok(Ok(count @ 1..)) = timeout(silence, from.read(&mut bytes)).await {
            all.extend_from_slice(&bytes[..count]);
        }
        String::from_utf8_lossy(&all).into_owned()
    };
    tokio::join!(send, receive).1
}

/// The one answer to a request without a body.
async fn get(proxy: &Proxy, path: &str, headers: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n{headers}\r\n");
    answers_within(proxy, request.as_bytes(), Duration::from_secs(40)).await
}

async fn post(proxy: &Proxy, path: &str, headers: &str, body: &[u8]) -> String {
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\nAccept: text/html\r\n{headers}Content-Length: {length}\r\n\r\n"
    );
    answers_within(proxy, &[head.as_bytes(), body].concat(), Duration::from_secs(40)).await
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

fn headers<'a>(answer: &'a str, name: &str) -> Vec<&'a str> {
    let lines = answer.lines().take_while(|line| !line.is_empty());
    lines
        .filter_map(|line| line.split_once(": "))
        .filter(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, v)| v)
        .collect()
}

fn location(answer: &str) -> &str {
    headers(answer, "location").first().copied().unwrap_or_default()
}

/// Every number that an answer bears, in the order of the answers.
fn answered(answers: &str) -> Vec<usize> {
    answers.lines().filter_map(|line| line.strip_prefix("x-arrived: ")).map(|n| n.parse().expect("a number")).collect()
}

/// Requests that two servers in a row may take for different ones; each is for `/echo/NUMBER/…`.
fn attacks() -> Vec<(&'static str, String)> {
    let smuggled = format!("GET /echo/NUMBER/smuggled HTTP/1.1\r\nHost: {NAME}\r\n\r\n");
    let post = |headers: &str, body: &str| {
        format!("POST /echo/NUMBER/asked HTTP/1.1\r\nHost: {NAME}\r\n{headers}\r\n{body}{smuggled}")
    };
    let get = |target: &str, host: &str, headers: &str| {
        format!("GET {target}/echo/NUMBER/asked HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n{smuggled}")
    };
    let mut attacks = doubtful(post);
    attacks.extend([
        ("the form with a foreign host in it", get("http://evil.example", NAME, "")),
        ("the form with ours in it, and a foreign host", get(&format!("http://{NAME}"), "evil.example", "")),
        ("a foreign host", get("", "evil.example", "")),
        ("two hosts", get("", NAME, "Host: evil.example\r\n")),
        ("another host behind ours", get("", &format!("{NAME}@evil.example"), "")),
        ("underscores", post("Content-Length: 5\r\nContent_Length: 90\r\nTransfer_Encoding: chunked\r\n", "hello")),
        ("a forged client", get("", NAME, "X-Forwarded-For: 198.51.100.66\r\nForwarded: for=198.51.100.66\r\n")),
        ("a forged client with underscores", get("", NAME, "X_Forwarded_For: 198.51.100.66\r\n")),
        ("the client's address for one hop only", get("", NAME, "Connection: keep-alive, X-Forwarded-For\r\n")),
        (
            "another protocol",
            get(
                "",
                NAME,
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n",
            ),
        ),
        ("a length and no body", get("", NAME, "Content-Length: 0\r\n")),
        ("chunks, as they should be", post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n")),
        ("a chunk's extension that ends early", post("Transfer-Encoding: chunked\r\n", "5;\nx\r\nhello\r\n0\r\n\r\n")),
        ("chunks, lines without a return", post("Transfer-Encoding: chunked\r\n", "5\nhello\n0\n\n")),
        (
            "trailers",
            post("Transfer-Encoding: chunked\r\nTrailer: Content-Length\r\n", "0\r\nContent-Length: 90\r\n\r\n"),
        ),
    ]);
    attacks
}

async fn nobody_is_answered_for_another(kind: Kind) {
    let site = a_site().await;
    let Some(proxy) = Proxy::start(kind, site.addr) else { return println!("not told: no {kind:?} here") };
    let attacks = attacks();
    let attackers = attacks.iter().enumerate().map(|(number, (_, request))| {
        let request = request.replace("NUMBER", &number.to_string());
        let proxy = &proxy;
        async move { answers(proxy, request.as_bytes()).await }
    });
    // Others, who ask meanwhile and afterwards.
    let others = async |turn: usize| {
        let others = (0..20).map(|number| {
            let proxy = &proxy;
            async move {
                let path = format!("/echo/other-{turn}-{number}");
                let answer = get(proxy, &path, "").await;
                assert!(status(&answer) == "200" && answer.contains(&format!("[{path} 0]")), "{path}: {answer}");
                assert_eq!(answer.matches("[/").count(), 1, "{path}: {answer}");
            }
        });
        join_all(others).await;
    };
    let (told, ()) = tokio::join!(join_all(attackers), others(0));
    others(1).await;
    let arrived = site.arrived.lock().expect("whole").clone();
    let (mut refused, mut taken) = (0, 0);
    for (number, ((what, _), told)) in attacks.iter().zip(&told).enumerate() {
        let mine: Vec<usize> =
            (0..arrived.len()).filter(|at| arrived[*at].0.starts_with(&format!("/echo/{number}/"))).collect();
        // What arrived of this connection was answered to this connection, one answer each, in its order.
        assert_eq!(answered(told), mine, "{what}: {told}");
        assert!(!told.is_empty() && !told.contains("HTTP/1.1 101"), "{what}: {told}");
        let statuses: Vec<&str> = told.split("HTTP/1.").skip(1).filter_map(|answer| answer.split(' ').nth(1)).collect();
        assert!(!statuses.iter().any(|status| ["500", "502", "504"].contains(status)), "{what}: {statuses:?}");
        if mine.is_empty() {
            // Refused before the console had it; nothing comes after that.
            assert!(
                statuses.len() == 1 && ["400", "421", "501", "505", "411", "422"].contains(&statuses[0]),
                "{what}: {told}"
            );
            refused += 1;
        }
        for at in mine {
            taken += 1;
            let (path, client) = &arrived[at];
            assert!(client.is_none_or(|client| client == IpAddr::V4(CLIENT)), "{what}: {path} of {client:?}");
        }
    }
    assert!(arrived.iter().all(|(path, _)| path.starts_with("/echo/")), "{arrived:?}");
    println!(
        "{} doubtful connections through {kind:?}: {refused} refused at once, {taken} requests answered one by one",
        attacks.len()
    );
    assert!(refused > 10 && taken > 5, "{refused} {taken}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_is_smuggled_through_nginx() {
    nobody_is_answered_for_another(Kind::Nginx).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_is_smuggled_through_haproxy() {
    nobody_is_answered_for_another(Kind::Haproxy).await;
}

/// A form with one file of so many bytes.
fn upload(size: usize) -> Vec<u8> {
    let mut file = vec![b'\n'; size];
    file[..9].copy_from_slice(b"%PDF-1.7\n");
    file[size - 20..].copy_from_slice(b"startxref\n9\n%%EOF\n\n\n");
    let head = "--border\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n";
    [head.as_bytes(), &file, b"\r\n--border--\r\n"].concat()
}

async fn a_working_day_behind(kind: Kind) {
    let site = a_site().await;
    let Some(proxy) = Proxy::start(kind, site.addr) else { return println!("not told: no {kind:?} here") };
    let console = &site.console;
    console.a_member(EMAIL).await;
    let caller = Caller { address: CLIENT.into(), language: Language::Korean };
    let signed_in =
        console.backend.log_in(LoginForm { email: EMAIL.into(), password: Typed::new(PASSWORD) }, caller).await;
    let actor = console.backend.actor(signed_in.expect("logged in"), caller.address).await.expect("an actor");

    let page = get(&proxy, "/login", "Accept: text/html\r\n").await;
    assert!(status(&page) == "200" && page.contains("로그인"), "{page}");
    assert!(!headers(&page, "strict-transport-security").is_empty(), "{page}");
    // The login, as a browser posts it; the session's cookie is the host's own.
    let form = format!("{WITH_ORIGIN}Content-Type: application/x-www-form-urlencoded\r\n");
    let body = format!("form[email]={}&form[password]={PASSWORD}&next=", EMAIL.replace('@', "%40"));
    let answer = post(&proxy, "/api/accounts/log-in", &form, body.as_bytes()).await;
    assert_eq!((status(&answer), location(&answer)), ("302", "/integration/channels"), "{answer}");
    let cookies = headers(&answer, "set-cookie");
    assert!(cookies.iter().any(|cookie| cookie.starts_with("__Host-sid=")), "{cookies:?}");
    for cookie in &cookies {
        assert!(
            cookie.starts_with("__Host-") && cookie.contains("; Secure") && cookie.contains("; Path=/"),
            "{cookie}"
        );
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    let cookies: Vec<&str> = cookies.iter().filter_map(|cookie| cookie.split(';').next()).collect();
    let cookie = format!("Cookie: {}\r\n", cookies.join("; "));
    let page = get(&proxy, "/integration/channels", &format!("Accept: text/html\r\n{cookie}")).await;
    assert!(status(&page) == "200" && page.contains("채널 추가"), "{page}");
    // Another site's form is another site's form behind a proxy, too.
    let foreign = form.replace("console.example.com", "evil.example");
    assert_eq!(status(&post(&proxy, "/api/accounts/log-in", &foreign, body.as_bytes()).await), "403");

    // The largest file, one that is too large, and a form that is.
    let consents = ["third_party", "collection"].map(|word| (word.to_owned(), "on".to_owned()));
    console.backend.consent_to_apply(&actor, &ConsentForm { consents: consents.into() }).await.expect("agreed");
    let multipart = format!("{WITH_ORIGIN}{cookie}Content-Type: multipart/form-data; boundary=border\r\n");
    for (size, to) in [
        (10 * 1024 * 1024, "/application?done=saved"),
        (10 * 1024 * 1024 + 1, "/application/business?step=registration&refused=1"),
    ] {
        let answer = post(&proxy, "/application/registration", &multipart, &upload(size)).await;
        assert_eq!((status(&answer), location(&answer)), ("302", to), "{answer}");
    }
    let answer = post(&proxy, "/api/accounts/log-in", &form, &vec![b'a'; 300 * 1024]).await;
    assert_eq!(status(&answer), "413", "{answer}");

    // An answer that is waited for.
    let token = console.backend.create_core_token("core").await.expect("a token");
    let bearer = format!("Authorization: Bearer {}\r\n", token.token.expose());
    let changes = get(&proxy, "/core/v1/changes?after=0&wait=0", &bearer).await;
    let next: u64 = changes
        .split("\"next\":")
        .nth(1)
        .and_then(|rest| rest.split(['}', ',']).next()?.parse().ok())
        .expect("a number");
    let wait = times("CONSOLE_TEST_POLL", 2);
    let since = Instant::now();
    let polled = get(&proxy, &format!("/core/v1/changes?after={next}&wait={wait}"), &bearer).await;
    assert!(status(&polled) == "200" && polled.contains("\"events\":[]"), "{polled}");
    assert!(since.elapsed().as_secs() + 1 >= wait as u64, "{:?}", since.elapsed());

    let arrived = site.arrived.lock().expect("whole").clone();
    let people = arrived.iter().filter(|(path, _)| !path.starts_with("/core/"));
    for (path, client) in people {
        assert_eq!(*client, Some(IpAddr::V4(CLIENT)), "{path}");
    }
    assert!(!proxy.log().contains("[emerg]"), "{}", proxy.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merchant_works_behind_nginx_as_without() {
    a_working_day_behind(Kind::Nginx).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merchant_works_behind_haproxy_as_without() {
    a_working_day_behind(Kind::Haproxy).await;
}
