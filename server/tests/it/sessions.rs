//! Sessions as browsers and clocks see them.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
    response::Response,
};
use domain::{clock::Clock, member::Role};
use time::{Duration, OffsetDateTime};
use tower::ServiceExt as _;

use crate::policy::people::{Principal, World};
use crate::support::{Console, PASSWORD, a_console, a_console_by, a_console_told, form, form_from, header_of};

const ME: &str = "kim@example.com";
const HERE: &str = "http://127.0.0.1:3000";

/// Moved by hand, from the true time on.
#[derive(Debug)]
struct HandClock(AtomicI64);

impl HandClock {
    #[expect(clippy::disallowed_methods, reason = "cookies are dated by the true time")]
    fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(OffsetDateTime::now_utc().unix_timestamp())))
    }

    fn pass(&self, time: Duration) {
        self.0.fetch_add(time.whole_seconds(), Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.0.load(Ordering::SeqCst)).expect("a time")
    }
}

/// Logs in from an address of its own, in a browser that shows `cookie`; the session's cookie.
async fn log_in(site: &Router, number: u32, cookie: &str) -> String {
    let body = format!("form[email]=kim%40example.com&form[password]={PASSWORD}&next=");
    let client = std::net::Ipv4Addr::from_bits(0x0A01_0000 + number).to_string();
    let request = form("/api/accounts/log-in", &body).header("x-forwarded-for", client).header(header::COOKIE, cookie);
    let answer = site.clone().oneshot(request.body(Body::from(body)).expect("a request")).await.expect("answered");
    assert_eq!(header_of(&answer, "location"), "/integration/channels", "{answer:?}");
    session_of(&answer)
}

fn session_of(answer: &Response) -> String {
    let mut cookies = answer.headers().get_all(header::SET_COOKIE).iter().map(|cookie| cookie.to_str().expect("text"));
    let session = cookies.find(|cookie| cookie.starts_with("sid=")).expect("a session");
    session.split(';').next().expect("a cookie").to_owned()
}

/// Whether a cookie opens a page behind the login.
async fn opens(site: &Router, cookie: &str) -> bool {
    let request = Request::get("/account").header(header::ACCEPT, "text/html").header(header::COOKIE, cookie);
    let answer = site.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("answered");
    assert!(matches!(answer.status(), StatusCode::OK | StatusCode::FOUND), "{answer:?}");
    answer.status() == StatusCode::OK
}

async fn submit(site: &Router, cookie: &str, path: &str, body: &str) -> Response {
    let request = form(path, body).header(header::COOKIE, cookie);
    site.clone().oneshot(request.body(Body::from(body.to_owned())).expect("a request")).await.expect("answered")
}

async fn a_console_behind_a_proxy() -> Console {
    a_console_told(&[("trusted_proxies", "127.0.0.1")]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_200_sessions_none_comes_back_by_a_request_that_was_under_way_at_log_out() {
    let console = a_console_behind_a_proxy().await;
    console.a_member(ME).await;
    for turn in 0..200u32 {
        let cookie = log_in(&console.people, turn, "").await;
        // A request that takes its time and then notes in the session that the password was given.
        let slow = tokio::spawn({
            let (site, cookie) = (console.people.clone(), cookie.clone());
            async move {
                let body = format!("request_key=turn-{turn}&password={PASSWORD}");
                submit(&site, &cookie, app::paths::KEYS_SHOW, &body).await
            }
        });
        // So that the log-out meets it at another point every time.
        tokio::time::sleep(std::time::Duration::from_micros(u64::from(turn % 40) * 250)).await;
        submit(&console.people, &cookie, "/api/accounts/log-out", "").await;
        slow.await.expect("answered");
        assert!(!opens(&console.people, &cookie).await, "revived at turn {turn}");
    }
    assert_eq!(console.number("SELECT COUNT(*) FROM sessions").await, 0);
}

#[tokio::test]
async fn a_cookie_that_was_planted_is_worth_nothing_after_the_login() {
    let console = a_console_behind_a_proxy().await;
    console.a_member(ME).await;
    let planted = "sid=AAAAAAAAAAAAAAAAAAAAAQ";
    let mine = log_in(&console.people, 1, planted).await;
    assert_ne!(mine, planted);
    assert!(!opens(&console.people, planted).await && opens(&console.people, &mine).await);
    let again = log_in(&console.people, 2, &mine).await;
    assert_ne!(again, mine);
    assert!(!opens(&console.people, &mine).await, "whoever knew the session before the login does not have it after");
    submit(&console.people, &again, "/api/accounts/log-out", "").await;
    assert!(!opens(&console.people, &again).await);
}

/// Whoever knew a session of somebody who was worth little has nothing of it when that changes.
#[tokio::test]
async fn who_is_given_more_rights_logs_in_anew_and_who_loses_some_goes_on_with_the_rest() {
    let world = World::new().await;
    let site = &world.console.people;
    let cookie = async |principal| world.credentials(principal).await.0.expect("a session");
    let (owner, known) = (cookie(Principal::Member(Role::Owner)).await, cookie(Principal::Member(Role::Viewer)).await);
    let id = world.member_id("viewer@example.com").await;
    let give = async |role: &str, store: &str| {
        let body = format!("id={id}&role={role}&store={store}");
        let answer = submit(site, &owner, "/api/team/change-role", &body).await;
        assert!(header_of(&answer, "location").contains("done="), "{role}: {answer:?}");
    };
    let store = &world.ours.ids.store;
    // Limited to a store, and from it to all of them again.
    give("viewer", store).await;
    assert!(opens(site, &known).await);
    give("viewer", "").await;
    assert!(!opens(site, &known).await && opens(site, &owner).await);
    for (role, ends) in
        [("manager", true), ("viewer", false), ("dev", true), ("dev", false), ("admin", true), ("dev", false)]
    {
        let known = cookie(Principal::Member(Role::Viewer)).await;
        assert!(opens(site, &known).await);
        give(role, "").await;
        assert_eq!(opens(site, &known).await, !ends, "now {role}");
    }
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_of_silence_and_after_eight_hours_however_busy() {
    let clock = HandClock::new();
    let console = a_console_by(Arc::clone(&clock) as Arc<dyn Clock>).await;
    console.a_member(ME).await;
    let idle = log_in(&console.people, 1, "").await;
    let busy = log_in(&console.people, 2, "").await;
    clock.pass(Duration::minutes(30) - Duration::SECOND);
    assert!(opens(&console.people, &busy).await);
    clock.pass(Duration::SECOND);
    assert!(!opens(&console.people, &idle).await && opens(&console.people, &busy).await);
    for _ in 0..29 {
        clock.pass(Duration::minutes(15));
        assert!(opens(&console.people, &busy).await);
    }
    clock.pass(Duration::minutes(15) - Duration::SECOND);
    assert!(opens(&console.people, &busy).await, "a second less than eight hours after the login");
    clock.pass(Duration::SECOND);
    assert!(!opens(&console.people, &busy).await);
}

#[tokio::test]
async fn every_way_to_end_all_sessions_ends_those_of_other_browsers_at_once() {
    let console = a_console_behind_a_proxy().await;
    console.a_member(ME).await;
    for (turn, way) in ["everywhere", "mail", "password"].into_iter().enumerate() {
        let turn = u32::try_from(turn).expect("small") * 2;
        let (here, there) = (log_in(&console.people, turn, "").await, log_in(&console.people, turn + 1, "").await);
        let password = if way == "password" { "seven-purple-kettles-dance" } else { PASSWORD };
        let new = format!("form[password]={password}&form[password_again]={password}");
        let answer = match way {
            "password" => {
                let body = format!("form[current]={PASSWORD}&{new}");
                submit(&console.people, &here, "/api/account/password", &body).await
            }
            "everywhere" => submit(&console.people, &here, "/api/account/sign-out-everywhere", "").await,
            _ => {
                submit(&console.people, "", "/api/account/forgot-password", "email=kim%40example.com").await;
                let body = format!("token={}&{new}", console.token().await);
                submit(&console.people, "", "/api/account/reset-password", &body).await
            }
        };
        assert!(header_of(&answer, "location").contains("done="), "{way}: {answer:?}");
        assert!(!opens(&console.people, &here).await && !opens(&console.people, &there).await, "{way}");
    }
}

#[tokio::test]
async fn what_a_thief_reads_in_the_table_opens_nothing() {
    use tower_sessions::session::Id;
    let console = a_console_behind_a_proxy().await;
    console.a_member(ME).await;
    let cookie = log_in(&console.people, 1, "").await;
    let hash = console.bytes("SELECT id_hash FROM sessions").await;
    let halves: [[u8; 16]; 2] = [0, 16].map(|from| hash[from..from + 16].try_into().expect("a half"));
    for half in halves {
        for stolen in [i128::from_le_bytes(half), i128::from_be_bytes(half)] {
            assert!(!opens(&console.people, &format!("sid={}", Id(stolen))).await);
        }
    }
    assert!(opens(&console.people, &cookie).await);
}

#[tokio::test]
async fn every_cookie_of_a_console_behind_https_is_the_hosts_own_and_travels_by_https_only() {
    const HTTPS: &str = "https://console.example";
    let console = a_console_told(&[("public_url", HTTPS)]).await;
    console.a_member(ME).await;
    let mut seen = std::collections::BTreeSet::new();
    let mut jar = String::new();
    let login = format!("form[email]=kim%40example.com&form[password]={PASSWORD}&next=");
    let change = format!("form[current]={PASSWORD}&form[password]={PASSWORD}&form[password_again]={PASSWORD}");
    for (path, body) in [
        ("/api/accounts/sign-up", "form[email]=me%40example.com"),
        ("/api/accounts/log-in", "form[email]=kim%40example.com&form[password]=wrong&next="),
        ("/api/account/forgot-password", "email=kim%40example.com"),
        ("/api/accounts/resend", "email=kim%40example.com"),
        ("/api/preferences/set", "name=lang&value=en"),
        ("/api/preferences/set", "name=theme&value=dark"),
        ("/api/accounts/log-in", &login),
        ("/api/account/password", &change),
        ("/api/accounts/log-out", ""),
    ] {
        let request = form_from(HTTPS, path, body).header(header::COOKIE, &jar);
        let answer = console.ask(request.body(Body::from(body.to_owned())).expect("a request")).await;
        assert_eq!(answer.status(), StatusCode::FOUND, "{path}");
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("text");
            let mut parts = cookie.split("; ");
            let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).expect("a name");
            let attributes: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
            assert!(name.starts_with("__Host-") && cookie.len() <= 4096, "{cookie}");
            for wanted in ["secure", "httponly", "samesite=lax", "path=/"] {
                assert!(attributes.iter().any(|attribute| attribute == wanted), "{wanted}: {cookie}");
            }
            assert!(!attributes.iter().any(|attribute| attribute.starts_with("domain")), "{cookie}");
            seen.insert(name.to_owned());
            if name == "__Host-sid" {
                jar = format!("{name}={value}");
            }
        }
    }
    let seen: Vec<&str> = seen.iter().map(String::as_str).collect();
    assert_eq!(seen, ["__Host-device", "__Host-lang", "__Host-sid", "__Host-theme", "__Host-typed"]);
}

#[tokio::test]
async fn a_console_on_this_machine_sets_cookies_that_http_can_bear() {
    let console = a_console().await;
    console.a_member(ME).await;
    let body = format!("form[email]=kim%40example.com&form[password]={PASSWORD}&next=");
    let request = form_from(HERE, "/api/accounts/log-in", &body);
    let answer = console.ask(request.body(Body::from(body)).expect("a request")).await;
    for cookie in answer.headers().get_all(header::SET_COOKIE) {
        let cookie = cookie.to_str().expect("text");
        assert!(!cookie.contains("Secure") && !cookie.starts_with("__Host-"), "{cookie}");
        for wanted in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(wanted), "{wanted}: {cookie}");
        }
    }
}
