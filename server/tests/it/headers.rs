//! What every answer says to the browser, whatever the answer is.

use std::collections::BTreeSet;

use app::assets::asset;
use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
    response::Response,
    routing::get,
};
use tower::ServiceExt as _;

use crate::support::{Console, PASSWORD, a_console, a_console_told, form, header_of, text_of};

const PUBLIC: &str = "https://console.example";

async fn boom() -> StatusCode {
    panic!("about somebody's secret");
}

fn request(method: Method, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).header(header::ACCEPT, "text/html");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).expect("a request")
}

fn nonce_of(response: &Response) -> Option<String> {
    let policy = header_of(response, "content-security-policy");
    Some(policy.split("'nonce-").nth(1)?.split('\'').next()?.to_owned())
}

/// Answers of every kind, with what they are and the status they should have.
async fn answers(console: &Console) -> Vec<(&'static str, u16, Response)> {
    console.put_file("robots.txt", b"none");
    console.put_file("logo.svg", b"<svg/>");
    console.put_file("pkg/a.js", b"// plain");
    console.put_file("pkg/a.js.br", b"// brotli");
    console.put_file("pkg/a.js.gz", b"// gzip");
    let broken = console.around(Router::new().route("/boom", get(boom)));
    let get = |path: &str, headers: &[(&str, &str)]| console.ask(request(Method::GET, path, headers));
    let large = "x".repeat(256 * 1024 + 1);
    let mut too_large = form("/api/echo", &large);
    too_large.headers_mut().expect("headers").insert(header::ORIGIN, header::HeaderValue::from_static(PUBLIC));
    vec![
        ("a page", 200, get("/login", &[]).await),
        ("a page that is not there", 404, get("/nothing", &[]).await),
        ("a way to the login", 302, get("/team", &[]).await),
        ("a file", 200, get("/robots.txt", &[]).await),
        ("a picture", 200, get("/logo.svg", &[]).await),
        ("a picture as it is now", 200, get(&asset("/logo.svg"), &[]).await),
        ("a page that is asked for like a picture", 200, get(&asset("/login"), &[]).await),
        ("a program file", 200, get("/pkg/a.js", &[]).await),
        ("a compressed file", 200, get("/pkg/a.js", &[("accept-encoding", "br")]).await),
        ("a file compressed otherwise", 200, get("/pkg/a.js", &[("accept-encoding", "gzip")]).await),
        (
            "a file that did not change",
            304,
            get("/robots.txt", &[("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT")]).await,
        ),
        ("health", 200, get("/health", &[]).await),
        ("a page for a server function", 403, console.ask(request(Method::POST, "/api/viewer", &[])).await),
        ("a wrong method", 405, console.ask(request(Method::OPTIONS, "/login", &[])).await),
        ("TRACE", 405, console.ask(request(Method::TRACE, "/login", &[])).await),
        ("another host", 421, get("/login", &[("host", "evil.example")]).await),
        ("too much", 413, console.ask(too_large.body(Body::from(large)).expect("a request")).await),
        ("a panic", 500, broken.oneshot(request(Method::GET, "/boom", &[])).await.expect("an answer")),
        ("the API's document", 200, get("/rest/openapi.json", &[]).await),
        ("the API, to nobody", 401, get("/rest/v2/channels", &[]).await),
        ("the API, elsewhere", 404, get("/rest/v3", &[]).await),
        ("the API by a wrong method", 405, console.ask(request(Method::PUT, "/rest/v2/channels", &[])).await),
    ]
}

async fn core_answers(console: &Console) -> Vec<(&'static str, u16, Response)> {
    let ask = async |method: Method, path: &str| {
        console.cores.clone().oneshot(request(method, path, &[])).await.expect("an answer")
    };
    vec![
        ("the core API's document", 200, ask(Method::GET, "/core/openapi.json").await),
        ("the core API, to nobody", 401, ask(Method::GET, "/core/v1/snapshot").await),
        ("the core API, elsewhere", 401, ask(Method::GET, "/nothing").await),
        ("TRACE of the core API", 405, ask(Method::TRACE, "/core/v1/snapshot").await),
    ]
}

#[tokio::test]
async fn every_answer_bears_the_same_walls() {
    let console = a_console_told(&[("public_url", PUBLIC)]).await;
    let people = answers(&console).await;
    let cores = core_answers(&console).await;
    let is_core = std::iter::repeat_n(false, people.len()).chain(std::iter::repeat_n(true, cores.len()));
    for ((what, status, answer), is_core) in people.into_iter().chain(cores).zip(is_core) {
        assert_eq!(answer.status().as_u16(), status, "{what}");
        let has = |name: &str| header_of(&answer, name);
        assert_eq!(has("x-content-type-options"), "nosniff", "{what}");
        assert_eq!(has("x-frame-options"), "DENY", "{what}");
        assert_eq!(has("referrer-policy"), "same-origin", "{what}");
        assert_eq!(has("cross-origin-opener-policy"), "same-origin", "{what}");
        assert_eq!(has("cross-origin-resource-policy"), "same-origin", "{what}");
        let policy = has("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{what}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{what}: {policy}");
        assert_eq!(has("server"), "", "{what}");
        assert_eq!(has("x-powered-by"), "", "{what}");
        let strict = has("strict-transport-security");
        let age = strict.strip_prefix("max-age=").and_then(|age| age.parse::<u64>().ok());
        assert!(is_core || age.is_some_and(|age| age >= 31_536_000), "{what}: {strict}");
        let cache = match what {
            "a program file" | "a compressed file" | "a file compressed otherwise" | "a picture as it is now" => {
                "public, max-age=31536000, immutable"
            }
            "a picture" => "public, max-age=86400",
            _ => "no-store",
        };
        assert_eq!(has("cache-control"), cache, "{what}");
    }
}

#[tokio::test]
async fn refusals_are_pages_for_people_and_short_for_programs() {
    let console = a_console().await;
    let page = console.ask(request(Method::POST, "/api/viewer", &[])).await;
    assert_eq!(header_of(&page, "content-type"), "text/html; charset=utf-8");
    let (_, text) = text_of(page).await;
    assert!(text.contains("콘솔에서 보낸 요청이 아닙니다") && !text.contains("<script"), "{text}");
    let english = console.ask(request(Method::POST, "/api/viewer", &[("cookie", "lang=en")])).await;
    assert!(text_of(english).await.1.contains("This did not come from the console"));
    let program = Request::post("/api/viewer").body(Body::empty()).expect("a request");
    assert_eq!(text_of(console.ask(program).await).await, (StatusCode::FORBIDDEN, "Forbidden".into()));
}

#[tokio::test]
async fn a_panic_is_a_page_and_one_line_of_the_log_that_tells_where_and_not_what() {
    let console = a_console().await;
    let log = Log::default();
    let taken = log.clone();
    let lines = tracing_subscriber::fmt().with_ansi(false).with_writer(move || taken.clone()).finish();
    let _here = tracing::subscriber::set_default(lines);
    server::layers::panics::log_each();
    let broken = console.around(Router::new().route("/boom", get(boom)));
    let answer = broken.oneshot(request(Method::GET, "/boom", &[])).await.expect("an answer");
    drop(std::panic::take_hook());
    let (status, text) = text_of(answer).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(text.contains("문제가 생겼습니다") && !text.contains("secret"), "{text}");
    let log = String::from_utf8(log.0.lock().expect("a log").clone()).expect("text");
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.contains("headers.rs") && !log.contains("secret"), "{log}");
}

#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_two_pages_have_the_same_nonce_and_none_can_be_guessed() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let mut seen = BTreeSet::new();
    for number in 0..40 {
        let page = console.open("/login").await;
        let nonce = nonce_of(&page).expect("a nonce");
        let body = format!("name=server {number}&expiry=365&channels_read=on&request_key=key-{number}");
        let secret = nonce_of(&console.submit_as(&owner, "/integration/keys/v2/new", &body).await).expect("a nonce");
        // 128 bits are 22 characters of base64, 32 of hex.
        assert!(nonce.len() >= 22 && secret.len() >= 32, "{nonce} {secret}");
        seen.extend([nonce, secret]);
    }
    assert_eq!(seen.len(), 80);
}

#[tokio::test]
async fn only_scripts_bear_the_nonce_and_the_program_is_preloaded_as_it_is_fetched() {
    let console = a_console().await;
    let page = console.open("/login").await;
    let nonce = nonce_of(&page).expect("a nonce");
    let (_, text) = text_of(page).await;
    for piece in text.split(&nonce).collect::<Vec<_>>().windows(2) {
        assert!(
            piece[0].ends_with("nonce=\""),
            "the nonce stands where it should not: …{}",
            &piece[0][piece[0].len() - 40..]
        );
    }
    let preload = text.split("<link ").find(|link| link.contains("as=\"fetch\"")).expect("a preload");
    assert!(preload.split('>').next().expect("a link").contains("crossorigin=\"anonymous\""), "{preload}");
}

#[tokio::test]
async fn a_host_that_is_not_ours_is_refused_before_anything_else() {
    let console = a_console_told(&[("public_url", PUBLIC)]).await;
    for host in [
        "evil.example",
        "console.example.evil.example",
        "evil.example:443",
        "192.0.2.1",
        "console.example@evil.example",
    ] {
        for path in ["/login", "/health", "/rest/openapi.json", "/pkg/a.js"] {
            let answer = console.ask(request(Method::GET, path, &[("host", host)])).await;
            assert_eq!(answer.status(), StatusCode::MISDIRECTED_REQUEST, "{host} {path}");
        }
    }
    let twice = [("host", "console.example"), ("host", "evil.example")];
    assert_eq!(console.ask(request(Method::GET, "/login", &twice)).await.status(), StatusCode::MISDIRECTED_REQUEST);
    let in_target =
        console.ask(request(Method::GET, "http://evil.example/login", &[("host", "console.example")])).await;
    assert_eq!(in_target.status(), StatusCode::MISDIRECTED_REQUEST);
    for host in ["console.example", "console.example:443", "127.0.0.1:3000", "localhost:3000", "[::1]"] {
        assert_eq!(
            console.ask(request(Method::GET, "/login", &[("host", host)])).await.status(),
            StatusCode::OK,
            "{host}"
        );
    }
}

#[tokio::test]
async fn links_in_mails_lead_to_the_configured_address_whatever_the_request_says() {
    let console = a_console_told(&[("public_url", PUBLIC)]).await;
    let body = format!(
        "form[email]=kim@example.com&form[password]={PASSWORD}&form[password_again]={PASSWORD}&form[terms]=on&form[privacy]=on"
    );
    let mut request = form("/api/accounts/sign-up", &body)
        .header("host", "console.example")
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-proto", "http")
        .header("forwarded", "host=evil.example")
        .header("x-original-url", "https://evil.example/");
    request.headers_mut().expect("headers").insert(header::ORIGIN, header::HeaderValue::from_static(PUBLIC));
    let answer = console.ask(request.body(Body::from(body)).expect("a request")).await;
    assert_eq!(header_of(&answer, "location"), "/signup?sent=1");
    let letter = console.letter().await;
    assert!(letter.contains("https://console.example/verify-email?token=") && !letter.contains("evil"), "{letter}");
}

#[tokio::test]
async fn logging_out_clears_what_the_browser_has_of_the_person() {
    for accept in ["text/html", "application/json"] {
        let console = a_console().await;
        let owner = console.an_owner().await;
        let mut request = form("/api/accounts/log-out", "").header(header::COOKIE, &owner.cookie);
        request.headers_mut().expect("headers").insert(header::ACCEPT, header::HeaderValue::from_static(accept));
        let answer = console.ask(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(header_of(&answer, "clear-site-data"), "\"storage\"", "{accept}");
        assert_eq!(header_of(&answer, "cache-control"), "no-store");
        let cookies: Vec<_> =
            answer.headers().get_all(header::SET_COOKIE).iter().map(|c| c.to_str().expect("text")).collect();
        for name in ["sid=", "typed="] {
            let cleared = cookies.iter().any(|cookie| cookie.starts_with(name) && cookie.contains("Max-Age=0"));
            assert!(cleared, "{accept} {name}: {cookies:?}");
        }
        assert_eq!(header_of(&console.open_as(&owner, "/team").await, "location"), "/login?next=/team");
    }
}
