//! How long a refused login takes tells nobody whether there is an account. `server/benches/login_timing.mjs` asks ten
//! times more often, over the network and with the true cost of a password.

use std::time::{Duration, Instant};

use axum::{body::Body, http::StatusCode};

use crate::support::{Console, PASSWORD, a_console_told, form};

const SAMPLES: usize = 300;
/// Accounts of each kind; a round asks each once.
const EACH: usize = 20;

/// The kinds of addresses, by how they begin; one length for all.
const KINDS: [&str; 3] = ["confirmed", "waiting-1", "stranger1"];

async fn set_up() -> Console {
    let console = a_console_told(&[
        ("trusted_proxies", "127.0.0.1"),
        // Dear enough to be what takes the time, cheap enough for what is next to it to show.
        ("argon2_memory_kib", "4096"),
    ])
    .await;
    console.a_member("template@example.com").await;
    for number in 0..EACH {
        let email = address(0, number);
        // As if they had signed up: the rows of one, under other names.
        console
            .sql(&format!(
                "INSERT INTO members (id, merchant_id, email, email_key, password_hash, role, session_epoch, \
                 terms_version, marketing, consented_at, created_at, memo, store_id, removed_at) \
                 SELECT randomblob(16), merchant_id, '{email}', '{email}', password_hash, role, \
                 session_epoch, terms_version, marketing, consented_at, created_at, memo, store_id, removed_at \
                 FROM members WHERE email = 'template@example.com'"
            ))
            .await;
        let email = address(1, number);
        console
            .sql(&format!(
                "INSERT INTO pending_signups (id, email, email_key, password_hash, terms_version, marketing, created_at, \
                 expires_at) SELECT randomblob(16), '{email}', '{email}', password_hash, terms_version, marketing, \
                 created_at, created_at + 86400000 FROM members WHERE email = 'template@example.com'"
            ))
            .await;
    }
    console
}

fn address(kind: usize, number: usize) -> String {
    format!("{}-{number:02}@example.com", KINDS[kind])
}

async fn refused_in(console: &Console, email: &str, password: &str, client: u32) -> Duration {
    let body = format!("form[email]={}&form[password]={password}&next=", email.replace('@', "%40"));
    let client = std::net::Ipv4Addr::from_bits(0x0A02_0000 + client).to_string();
    let mut request = form("/api/accounts/log-in", &body).body(Body::from(body)).expect("a request");
    request.headers_mut().insert("x-forwarded-for", client.parse().expect("a header"));
    request.headers_mut().insert("accept", "application/json".parse().expect("a header"));
    let since = Instant::now();
    let answer = console.ask(request).await;
    let took = since.elapsed();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{email}");
    took
}

/// The probability that one of `left` took longer than one of `right`: 0.5 tells nothing.
fn area_under_curve(left: &[Duration], right: &[Duration]) -> f64 {
    let mut wins = 0.0;
    for one in left {
        for other in right {
            wins += match one.cmp(other) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a few hundred of each")]
    let pairs = (left.len() * right.len()) as f64;
    wins / pairs
}

#[tokio::test]
async fn the_time_that_a_refused_login_takes_tells_nothing() {
    let console = set_up().await;
    let mut took: [Vec<Duration>; 3] = Default::default();
    let mut client = 0;
    for round in 0..SAMPLES / EACH {
        console.sql("DELETE FROM rate_counters").await;
        for number in 0..EACH {
            // In turn, each kind first as often as the others.
            for turn in 0..KINDS.len() {
                let kind = (turn + round + number) % KINDS.len();
                client += 1;
                took[kind].push(refused_in(&console, &address(kind, number), "not+this+one", client).await);
            }
        }
    }
    for (one, other) in [(0, 2), (0, 1), (1, 2)] {
        let area = area_under_curve(&took[one], &took[other]);
        assert!((0.40..=0.60).contains(&area), "{} and {}: {area}", KINDS[one], KINDS[other]);
    }
}

#[tokio::test]
async fn the_measure_would_tell() {
    let console = set_up().await;
    let mut took: [Vec<Duration>; 2] = Default::default();
    for number in 0..100 {
        let email = address(2, number % EACH);
        let client = 5000 + u32::try_from(number).expect("small");
        if number % EACH == 0 {
            console.sql("DELETE FROM rate_counters").await;
        }
        // Refused before it is hashed: what a login would look like that spares the work.
        took[0].push(refused_in(&console, &email, &"x".repeat(1000), client * 2).await);
        console.sql("DELETE FROM rate_counters").await;
        took[1].push(refused_in(&console, &email, PASSWORD, client * 2 + 1).await);
    }
    let area = area_under_curve(&took[1], &took[0]);
    assert!(area > 0.6, "{area}");
}
