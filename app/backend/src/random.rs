//! Randomness as a dependency.

use std::fmt;

use uuid::Uuid;

/// A source of unpredictable bytes: the operating system's in the host, a counted one in tests that need it.
pub trait Random: Send + Sync + 'static {
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's source.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    /// Panics when the operating system has no randomness to give: nothing secret can be made then.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the operating system")]
    #[expect(clippy::expect_used, reason = "going on without randomness would be worse than ending the request")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

impl dyn Random {
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A version 4 UUID.
    pub fn uuid(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// `length` characters of `[0-9A-Za-z]`, each equally likely.
    pub fn alphanumeric(&self, length: usize) -> String {
        loop {
            let mut bytes = vec![0; length * 2];
            self.fill(&mut bytes);
            if let Some(text) = domain::credential::alphanumeric(&bytes, length) {
                return text;
            }
        }
    }

    /// `length` decimal digits, each equally likely.
    pub fn digits(&self, length: usize) -> String {
        let mut digits = String::with_capacity(length);
        while digits.len() < length {
            let [byte] = self.bytes();
            if byte < 250 {
                digits.push(char::from(b'0' + byte % 10));
            }
        }
        digits
    }
}

impl fmt::Debug for dyn Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random")
    }
}
