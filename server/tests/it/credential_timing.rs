//! What a payment core is told of a credential takes about as long whether it is right, wrong, or nobody's: who asks
//! learns nothing that the answer does not say. `server/benches/credential_timing.mjs` asks ten times more often, of the
//! program as it is shipped, and says how many of them a core checks.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use domain::{
    api_secret::IssueForm,
    credential::{Brand, format_token},
};

use crate::{
    rest::a_secret,
    support::{Console, a_console},
};

const SAMPLES: usize = 300;
/// Ten times what is wanted: this is the program that was not optimised, and others run beside it.
const APART: Duration = Duration::from_micros(500);
/// Two hundred a second; two thousand are wanted.
const EACH: Duration = Duration::from_millis(5);

fn another(id_part: &str, number: usize) -> String {
    let mut random = [7; 32];
    random[..8].copy_from_slice(&number.to_be_bytes());
    format_token(Brand::V2Secret, id_part, &random, crc32fast::hash)
}

async fn asked(console: &Console, token: &str, secret: &str) -> (StatusCode, Duration) {
    let body = serde_json::json!({ "apiSecret": secret }).to_string();
    let since = Instant::now();
    let answer = console.tell_core("/core/v1/credentials:verify", Some(token), &body).await;
    (answer.status(), since.elapsed())
}

#[tokio::test]
async fn a_right_a_wrong_and_an_unknown_secret_take_the_same_time() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let right = a_secret(&console, &owner, IssueForm { name: "서버".into(), ..IssueForm::fresh() }).await;
    let token = console.backend.create_core_token("core").await.expect("a token").token.expose().to_owned();
    let id_part = right.split('_').nth(1).expect("an id part").to_owned();
    let kinds = ["right", "wrong", "unknown"];
    let mut took: [Vec<Duration>; 3] = Default::default();
    for sample in 0..SAMPLES + 20 {
        for turn in 0..kinds.len() {
            let kind = (turn + sample) % kinds.len();
            let (secret, status) = match kind {
                0 => (right.clone(), StatusCode::OK),
                1 => (another(&id_part, sample), StatusCode::UNAUTHORIZED),
                _ => (another(&format!("nobody{sample:06}"), sample), StatusCode::UNAUTHORIZED),
            };
            let (answered, elapsed) = asked(&console, &token, &secret).await;
            assert_eq!(answered, status, "{}", kinds[kind]);
            // The first ones find nothing that is kept.
            if sample >= 20 {
                took[kind].push(elapsed);
            }
        }
    }
    let medians = took.map(|mut took| {
        took.sort_unstable();
        took[SAMPLES / 2]
    });
    println!("verify: {SAMPLES} of each kind, medians {kinds:?} {medians:?}");
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        let apart = medians[one].abs_diff(medians[other]);
        assert!(apart < APART, "{} and {}: {medians:?}", kinds[one], kinds[other]);
    }
    assert!(medians.iter().all(|median| *median < EACH), "{medians:?}");
}
