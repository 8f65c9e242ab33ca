//! Whoever can write to the database, and does not have the key ring, makes no credential: what is compared is keyed, and
//! belongs to one id. And nobody guesses what we make.

use std::collections::HashSet;

use backend::{
    Error, Presented,
    random::{OsRandom, Random},
};
use domain::credential::{Brand, format_token};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::support::Bench;

/// What somebody who knows a token, and how this is built, might write beside its id.
fn forgeries(token: &str, kid: &str, random: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for text in [token.as_bytes(), token.rsplit_once('_').expect("a token").1.as_bytes(), random] {
        all.push(text.to_vec());
        all.push(Sha256::digest(text).to_vec());
        for key in [&[][..], &[0; 32], kid.as_bytes(), b"api-secret-mac/v1"] {
            let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
            mac.update(text);
            all.push(mac.finalize().into_bytes().to_vec());
        }
    }
    all.extend([Vec::new(), vec![0; 32]]);
    all
}

impl Bench {
    fn literal(&self, bytes: &[u8]) -> String {
        let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let hex: String = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
        if self.backend.db().is_sqlite() { format!("x'{hex}'") } else { format!("decode('{hex}', 'hex')") }
    }

    async fn plant(&self, table: &str, mac: &[u8], kid: &str) {
        self.sql(&format!("UPDATE {table} SET mac = {} WHERE kid = '{kid}'", self.literal(mac))).await;
    }
}

on_both_databases!(an_api_secret_that_somebody_wrote_into_the_table_is_refused, |bench| async move {
    let owner = bench.an_owner().await;
    let (mine, other) = (bench.issue(&owner, "하나").await, bench.issue(&owner, "둘").await);
    let verified = async |token: &str| bench.backend.verify_credential(Presented::ApiSecret(token)).await;
    let forged = format_token(Brand::V2Secret, &mine.kid, &[7; 32], crc32fast::hash);
    let right = bench.value::<Vec<u8>>(&format!("SELECT mac FROM api_secrets WHERE kid = '{}'", mine.kid)).await;
    let others = bench.value::<Vec<u8>>(&format!("SELECT mac FROM api_secrets WHERE kid = '{}'", other.kid)).await;
    let planted = forgeries(&forged, &mine.kid, &[7; 32]);
    assert!(planted.len() > 15);
    for mac in planted.into_iter().chain([others]) {
        bench.plant("api_secrets", &mac, &mine.kid).await;
        assert_is!(verified(&forged).await, Err(Error::Unauthenticated));
        // Nor is one's own good for another id.
        assert_is!(verified(mine.secret.expose()).await, Err(Error::Unauthenticated));
    }
    bench.plant("api_secrets", &right, &mine.kid).await;
    verified(mine.secret.expose()).await.unwrap();
    bench.plant("api_secrets", &right, &other.kid).await;
    assert_is!(verified(other.secret.expose()).await, Err(Error::Unauthenticated));
});

on_both_databases!(a_core_token_that_somebody_wrote_into_the_table_is_refused, |bench| async move {
    let mine = bench.backend.create_core_token("서울 1").await.unwrap();
    let forged = format_token(Brand::CoreToken, &mine.kid, &[7; 32], crc32fast::hash);
    let right = bench.value::<Vec<u8>>("SELECT mac FROM core_tokens").await;
    for mac in forgeries(&forged, &mine.kid, &[7; 32]) {
        bench.plant("core_tokens", &mac, &mine.kid).await;
        assert_is!(bench.backend.core_caller(&forged).await, Err(Error::Unauthenticated));
        assert_is!(bench.backend.core_caller(mine.token.expose()).await, Err(Error::Unauthenticated));
    }
    bench.plant("core_tokens", &right, &mine.kid).await;
    bench.backend.core_caller(mine.token.expose()).await.unwrap();
});

/// How far counts are from being all alike: χ² with one degree of freedom less than there are counts.
#[expect(clippy::cast_precision_loss, reason = "a few hundred")]
fn chi_squared(counts: &[u32]) -> f64 {
    let expected = f64::from(counts.iter().sum::<u32>()) / counts.len() as f64;
    counts.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum()
}

/// The value that χ² exceeds once in ten thousand times (Wilson and Hilferty).
fn hardly_ever(degrees: u32) -> f64 {
    const Z: f64 = 3.719;
    let degrees = f64::from(degrees);
    let part = 2.0 / (9.0 * degrees);
    degrees * (1.0 - part + Z * part.sqrt()).powi(3)
}

#[test]
fn no_two_of_a_million_tokens_are_alike_and_no_bit_is_likelier_than_another() {
    let random: &dyn Random = &OsRandom;
    let (mut seen, mut bytes, mut bits) = (HashSet::new(), vec![0u32; 256], vec![0u32; 512]);
    for number in 0..1_000_000 {
        let token: [u8; 32] = random.bytes();
        // Sixteen bytes of it tell any two apart.
        assert!(seen.insert(<[u8; 16]>::try_from(&token[..16]).expect("half")));
        bytes[usize::from(token[31])] += 1;
        for bit in if number % 16 == 0 { 0..256 } else { 0..0 } {
            bits[2 * bit + usize::from(token[bit / 8] >> (bit % 8) & 1)] += 1;
        }
    }
    // Each may be beyond it once in ten thousand runs of a perfect source: together only where something is wrong.
    let (of_bytes, of_bits) = (chi_squared(&bytes), bits.chunks(2).map(chi_squared).sum::<f64>());
    assert!(of_bytes < hardly_ever(255) && of_bits < hardly_ever(256), "{of_bytes} {of_bits}");
}

/// The measure would tell.
#[test]
fn a_die_that_is_a_little_loaded_is_noticed() {
    let loaded: Vec<u32> = (0..256).map(|face| if face == 0 { 4_400 } else { 3_906 }).collect();
    assert!(chi_squared(&loaded) > 60.0 && chi_squared(&[3_906; 256]) < 1.0);
    assert!(chi_squared(&[500_000 + 2_500, 500_000 - 2_500]) > hardly_ever(1));
}
