//! Somebody who searches logs and repositories for lost secrets finds ours, and nothing that is none.

use domain::credential::{Brand, format_token, parse_token};

/// Letters of which secrets are made, and what stands between words.
const LETTERS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
const BRANDS: [Brand; 2] = [Brand::V2Secret, Brand::CoreToken];
/// `<id 12>_<secret 43><check 6>` behind the brand.
const TAIL: usize = 12 + 1 + 49;

/// `make torture` asks for a gigabyte.
#[expect(clippy::disallowed_methods, reason = "`make torture` asks for more")]
fn megabytes() -> usize {
    std::env::var("CONSOLE_TEST_NOISE_MB").ok().and_then(|text| text.parse().ok()).unwrap_or(4)
}

struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn letters(&mut self, count: usize) -> String {
        let mut text = String::with_capacity(count + 10);
        while text.len() < count {
            let mut bits = self.next();
            for _ in 0..10 {
                text.push(char::from(LETTERS[(bits & 63) as usize]));
                bits >>= 6;
            }
        }
        text.truncate(count);
        text
    }

    /// What a pattern alone takes for a secret: everything right but the check.
    fn lookalike(&mut self, prefix: &str) -> String {
        let mut alphanumeric = |count| loop {
            let text = self.letters(count);
            if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return text;
            }
        };
        let (id, first, second, third, last) =
            (alphanumeric(12), alphanumeric(12), alphanumeric(12), alphanumeric(12), alphanumeric(13));
        format!("{prefix}{id}_{first}{second}{third}{last}")
    }
}

/// How many match the pattern, and those that are right.
fn scan(text: &str) -> (usize, Vec<&str>) {
    let (mut alike, mut found) = (0, Vec::new());
    for brand in BRANDS {
        let prefix = brand.prefix();
        for (at, _) in text.match_indices(prefix) {
            let Some(candidate) = text.get(at..at + prefix.len() + TAIL) else { continue };
            let tail = candidate.as_bytes()[prefix.len()..].iter().enumerate();
            let has_form = tail.into_iter().all(|(place, byte)| match place {
                12 => *byte == b'_',
                _ => byte.is_ascii_alphanumeric(),
            });
            if has_form {
                alike += 1;
                if parse_token(brand, candidate, crc32fast::hash).is_some() {
                    found.push(candidate);
                }
            }
        }
    }
    (alike, found)
}

#[test]
fn a_lost_secret_is_found_in_noise_and_nothing_else_is() {
    const PIECE: usize = 1 << 20;
    let mut noise = Noise(0x9E37_79B9_7F4A_7C15);
    let (mut alike, mut lost, mut found) = (0, 0, 0);
    for piece in 0..megabytes() {
        let mut text = String::with_capacity(PIECE + (1 << 16));
        let mut planted = Vec::new();
        while text.len() < PIECE {
            text.push_str(&noise.letters(PIECE / 16));
            let brand = BRANDS[text.len() % 2];
            for _ in 0..4 {
                text.push(' ');
                text.push_str(&noise.lookalike(brand.prefix()));
            }
            let bytes: [u8; 32] = std::array::from_fn(|_| noise.next().to_le_bytes()[4]);
            let token = format_token(brand, &format!("{piece:012}"), &bytes, crc32fast::hash);
            text.extend(["\"", &token, "\""]);
            planted.push(token);
        }
        let (candidates, secrets) = scan(&text);
        alike += candidates;
        lost += planted.len();
        found += secrets.len();
        let mut secrets: Vec<String> = secrets.into_iter().map(str::to_owned).collect();
        secrets.sort();
        planted.sort();
        assert_eq!(secrets, planted, "megabyte {piece}");
    }
    assert!(alike >= lost * 5, "the pattern alone would have been wrong four times in five");
    eprintln!("{} MB: {lost} secrets lost, {found} found, {} lookalikes refused", megabytes(), alike - found);
}
