//! 사업자등록증 over HTTP: what is taken, what is refused and how, and who gets it back.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
    response::Response,
};
use domain::application::ConsentForm;
use http_body_util::BodyExt as _;

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
    begin(console, &owner).await;
    owner
}

async fn begin(console: &Console, owner: &Person) {
    let consents = ["third_party", "collection"].map(|word| (word.to_owned(), "on".to_owned()));
    console.backend.consent_to_apply(&owner.actor, &ConsentForm { consents: consents.into() }).await.expect("agreed");
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
