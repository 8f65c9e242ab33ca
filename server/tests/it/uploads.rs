//! 사업자등록증 over HTTP: what is taken, what is refused and how, and who gets it back.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{Request, StatusCode, header},
    response::Response,
};
use futures_util::StreamExt as _;
use http_body_util::BodyExt as _;
use server::router::{Pace, Patience};
use tokio::time::sleep;

use crate::applying::begin;
use crate::support::{Console, ORIGIN, Person, a_console, header_of, text_of};

const PATH: &str = "/application/registration";
const PDF: &[u8] = b"%PDF-1.7\n% a certificate\nstartxref\n9\n%%EOF\n";
const REFUSED: &str = "/application/business?step=registration&refused=1";

/// What a browser sends of a form with one file.
fn form(name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--border\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/pdf\r\n\r\n"
    );
    [head.as_bytes(), content, b"\r\n--border--\r\n"].concat()
}

fn request(origin: &str, body: &[u8]) -> axum::http::request::Builder {
    Request::post(PATH)
        .header(header::ACCEPT, "text/html")
        .header(header::ORIGIN, origin)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=border")
        .header(header::CONTENT_LENGTH, body.len())
}

async fn upload(console: &Console, person: &Person, name: &str, content: &[u8]) -> Response {
    let body = form(name, content);
    let request = request(ORIGIN, &body).header(header::COOKIE, &person.cookie);
    console.ask(request.body(Body::from(body)).expect("a request")).await
}

async fn begun(console: &Console) -> Person {
    let owner = console.an_owner().await;
    begin(&console.backend, &owner.actor).await;
    owner
}

/// What stands beside the field on the page that the refused form is led to.
async fn told(console: &Console, person: &Person, refused: &Response) -> String {
    assert_eq!((refused.status(), header_of(refused, "location").as_str()), (StatusCode::FOUND, REFUSED));
    let (status, page) = text_of(console.open_as(person, REFUSED).await).await;
    assert_eq!(status, StatusCode::OK);
    let error = page.split("id=\"file-error\"").nth(1).expect("an error beside the field");
    error.split("<span>").nth(1).and_then(|text| text.split('<').next()).expect("words").to_owned()
}

#[tokio::test]
async fn a_certificate_is_kept_and_comes_back_as_a_file_and_nothing_else() {
    let console = a_console().await;
    let owner = begun(&console).await;
    let answer = upload(&console, &owner, "../../등록증.html", PDF).await;
    assert_eq!(header_of(&answer, "location"), "/application?done=saved");
    let answer = console.open_as(&owner, PATH).await;
    assert_eq!(answer.status(), StatusCode::OK);
    for (name, value) in [
        ("content-type", "application/pdf"),
        ("content-disposition", "attachment; filename=\"business-registration.pdf\""),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ] {
        assert_eq!(header_of(&answer, name), value, "{name}");
    }
    let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
    assert_eq!(&bytes[..], PDF);
    let stranger = console.an_owner_called("lee@example.net").await;
    assert_eq!(console.open_as(&stranger, PATH).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn another_type_and_a_file_that_is_too_large_are_refused_beside_the_field() {
    let console = a_console().await;
    let owner = begun(&console).await;
    let html = b"<!doctype html><script>alert(document.cookie)</script>";
    for (name, content) in [("등록증.pdf", &html[..]), ("a.png", b"GIF89a"), ("a.jpg", &[0xFF, 0xD8, 0xFF, 0xD9])] {
        let refused = upload(&console, &owner, name, content).await;
        assert!(told(&console, &owner, &refused).await.contains("PDF, PNG, JPEG 파일이 아닙니다"), "{name}");
    }
    for size in [10 * 1024 * 1024 + 1, 30 * 1024 * 1024] {
        let mut large = PDF.to_vec();
        large.resize(size, b'\n');
        let refused = upload(&console, &owner, "a.pdf", &large).await;
        assert!(told(&console, &owner, &refused).await.contains("10 MB가 넘는 파일입니다"), "{size}");
    }
    let refused = upload(&console, &owner, "", b"").await;
    assert!(told(&console, &owner, &refused).await.contains("올릴 파일을 골라 주세요"));
    assert_eq!(console.number("SELECT COUNT(*) FROM application_files").await, 0);
    // The largest that is taken.
    let mut largest = vec![b'\n'; 10 * 1024 * 1024];
    largest[..9].copy_from_slice(&PDF[..9]);
    let end = largest.len() - 20;
    largest[end..].copy_from_slice(b"startxref\n9\n%%EOF\n\n\n");
    let kept = upload(&console, &owner, "a.pdf", &largest).await;
    assert_eq!(header_of(&kept, "location"), "/application?done=saved");
}

#[tokio::test]
async fn the_upload_stands_behind_the_walls_of_every_other_form() {
    let console = a_console().await;
    let owner = begun(&console).await;
    let ask = async |request: axum::http::request::Builder, body: Vec<u8>| {
        console.ask(request.body(Body::from(body)).expect("a request")).await
    };
    let body = form("a.pdf", PDF);
    for origin in ["https://evil.example", "null"] {
        let foreign = request(origin, &body).header(header::COOKIE, &owner.cookie);
        assert_eq!(ask(foreign, body.clone()).await.status(), StatusCode::FORBIDDEN, "{origin}");
    }
    let nobody = ask(request(ORIGIN, &body), body.clone()).await;
    assert!(header_of(&nobody, "location").starts_with("/login"));
    let packed = request(ORIGIN, &body).header(header::COOKIE, &owner.cookie).header("content-encoding", "gzip");
    assert_eq!(ask(packed, body.clone()).await.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let mut plain = request(ORIGIN, &body).header(header::COOKIE, &owner.cookie);
    plain.headers_mut().expect("headers").insert(header::CONTENT_TYPE, "text/plain".parse().expect("a type"));
    assert_eq!(ask(plain, body.clone()).await.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let torn = request(ORIGIN, &body).header(header::COOKIE, &owner.cookie);
    assert_eq!(ask(torn, body[..60].to_vec()).await.status(), StatusCode::BAD_REQUEST);
    // Everywhere else a form stays as small as it was.
    let elsewhere = Request::post("/api/application/save").header(header::ORIGIN, ORIGIN);
    let elsewhere = elsewhere.header(header::CONTENT_TYPE, "multipart/form-data; boundary=border");
    assert_eq!(ask(elsewhere, body.clone()).await.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(console.number("SELECT COUNT(*) FROM application_files").await, 0);
}

/// A file that comes in pieces, each after a pause.
fn dripping(content: &[u8], pieces: usize, pause: Duration) -> Body {
    let size = content.len().div_ceil(pieces);
    let pieces: Vec<_> = content.chunks(size).map(Bytes::copy_from_slice).collect();
    let pieces = futures_util::stream::iter(pieces).then(move |piece| async move {
        sleep(pause).await;
        Ok::<_, Infallible>(piece)
    });
    Body::from_stream(pieces)
}

/// Little of everything: what takes seconds for people takes a blink here.
fn hasty() -> Patience {
    let ms = Duration::from_millis;
    let upload = Pace { silence: ms(1_000), grace: ms(200), rate: 10_000, answer: Duration::from_secs(20) };
    Patience { answer: Duration::from_secs(2), upload }
}

fn large(size: usize) -> Vec<u8> {
    let mut file = vec![b'\n'; size];
    file[..9].copy_from_slice(&PDF[..9]);
    file[size - 20..].copy_from_slice(b"startxref\n9\n%%EOF\n\n\n");
    form("a.pdf", &file)
}

async fn sent(console: &Console, owner: &Person, body: Body) -> Response {
    let request = request(ORIGIN, b"").header(header::COOKIE, &owner.cookie);
    let mut request = request.body(body).expect("a request");
    request.headers_mut().remove(header::CONTENT_LENGTH);
    console.ask(request).await
}

#[tokio::test]
async fn a_slow_line_brings_the_largest_file_and_who_stops_is_not_waited_for() {
    let console = a_console().await;
    let owner = begun(&console).await;
    let console = console.waiting(hasty());
    // Longer than any other request may take, at some times the pace that is asked for.
    let size = 120_000;
    let since = std::time::Instant::now();
    let kept = sent(&console, &owner, dripping(&large(size), 30, Duration::from_millis(100))).await;
    assert_eq!(header_of(&kept, "location"), "/application?done=saved");
    assert!(since.elapsed() > hasty().answer);
    // Another form has no such time.
    let form = Request::post("/api/application/consent")
        .header(header::ORIGIN, ORIGIN)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(dripping(b"form[a]=b&form[c]=d", 10, Duration::from_millis(300)))
        .expect("a request");
    assert_eq!(console.ask(form).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    let stopping = dripping(&large(size), 2, Duration::from_millis(1_500));
    assert_eq!(sent(&console, &owner, stopping).await.status(), StatusCode::REQUEST_TIMEOUT);
    let creeping = dripping(&large(4_000), 20, Duration::from_millis(100));
    assert_eq!(sent(&console, &owner, creeping).await.status(), StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test]
async fn what_is_no_file_is_not_gathered_without_end() {
    let console = a_console().await;
    let owner = begun(&console).await;
    // Neither a beginning nor the head of a part that never ends is content that anybody counts.
    for start in [&b"no part begins here "[..], b"--border\r\nContent-Disposition: form-data; name=\"file\"; x=\""] {
        let more = std::iter::repeat_n(Bytes::from(vec![b'x'; 1024 * 1024]), 80);
        let all = std::iter::once(Bytes::copy_from_slice(start)).chain(more).map(Ok::<_, Infallible>);
        let answer = sent(&console, &owner, Body::from_stream(futures_util::stream::iter(all))).await;
        assert!(answer.status().is_client_error(), "{}", answer.status());
    }
    let mut declared = request(ORIGIN, b"").header(header::COOKIE, &owner.cookie);
    declared.headers_mut().expect("headers").insert(header::CONTENT_LENGTH, (65 * 1024 * 1024).into());
    let declared = declared.body(Body::empty()).expect("a request");
    assert_eq!(console.ask(declared).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_merchant_has_one_upload_under_way_and_holds_up_nobody_else() {
    let console = a_console().await;
    let owner = begun(&console).await;
    let stranger = console.an_owner_called("lee@example.net").await;
    begin(&console.backend, &stranger.actor).await;
    let slow = sent(&console, &owner, dripping(&large(100_000), 10, Duration::from_millis(150)));
    let others = async {
        sleep(Duration::from_millis(300)).await;
        let again = upload(&console, &owner, "a.pdf", PDF).await;
        assert_eq!(header_of(&again, "location"), REFUSED);
        let theirs = upload(&console, &stranger, "a.pdf", PDF).await;
        assert_eq!(header_of(&theirs, "location"), "/application?done=saved");
    };
    let (first, ()) = tokio::join!(slow, others);
    assert_eq!(header_of(&first, "location"), "/application?done=saved");
    let after = upload(&console, &owner, "a.pdf", PDF).await;
    assert_eq!(header_of(&after, "location"), "/application?done=saved");
}
