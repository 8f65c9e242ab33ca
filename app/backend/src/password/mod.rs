//! Hashing and comparing passwords: argon2id, a few at a time, on threads of their own.

mod threads;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use domain::{account::Password, form::ErrorCode};
use subtle::ConstantTimeEq as _;
pub use threads::HashingLoad;
pub(crate) use threads::Turn;
use threads::{Memory, Threads};

use crate::{
    error::{Error, Result},
    random::Random,
};

/// How much work a hash is. The default is OWASP's: 19 MiB, two passes, one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argon2Cost {
    pub memory_kib: u32,
    pub passes: u32,
}

impl Default for Argon2Cost {
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2 }
    }
}

#[derive(Debug)]
pub struct Passwords {
    argon2: Argon2<'static>,
    threads: Threads,
    /// A hash of nothing in particular, with the current cost: compared when there is no account, so that a login takes
    /// as long as with one.
    decoy: String,
}

impl Passwords {
    /// `permits` hashes run at once; one a core is the right number.
    pub fn new(cost: Argon2Cost, permits: usize, random: &dyn Random) -> Result<Self> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None)
            .map_err(|e| Error::Internal(format!("argon2 cost: {e}")))?;
        let blocks = params.block_count();
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash_with(&mut Memory::keeping(0), &argon2, &random.bytes::<16>(), &random.bytes())?;
        Ok(Self { argon2, threads: Threads::start(permits.max(1), blocks)?, decoy })
    }

    /// Waits for the turn to hash. What a login or a sign-up costs the database is spent in its turn: of a crowd at the
    /// door no more write at once than hash.
    pub async fn turn(&self) -> Result<Turn<'_>> {
        self.threads.turn().await
    }

    /// Hashes a password into a PHC string.
    pub async fn hash(&self, password: Password, random: &dyn Random) -> Result<String> {
        self.hash_in(self.turn().await?, password, random).await
    }

    pub async fn hash_in(&self, turn: Turn<'_>, password: Password, random: &dyn Random) -> Result<String> {
        let (argon2, salt) = (self.argon2.clone(), random.bytes::<16>());
        turn.run(move |memory| hash_with(memory, &argon2, password.expose().as_bytes(), &salt)).await?
    }

    /// How much is being hashed now.
    pub fn load(&self) -> HashingLoad {
        self.threads.load()
    }

    /// Compares with a stored hash, or with the decoy where there is none: `false` then, after the same work.
    pub async fn matches(&self, password: Password, stored: Option<String>) -> Result<bool> {
        self.matches_in(self.turn().await?, password, stored).await
    }

    pub async fn matches_in(&self, turn: Turn<'_>, password: Password, stored: Option<String>) -> Result<bool> {
        let (hash, exists) = match stored {
            Some(hash) => (hash, true),
            None => (self.decoy.clone(), false),
        };
        turn.run(move |memory| exists & verify(memory, password.expose().as_bytes(), &hash)).await
    }
}

/// Whether a password is hard enough to guess: zxcvbn's score of 3 or more ("safely unguessable"), the words around the
/// account not counted.
pub fn check_strength(password: &Password, context: &[&str]) -> Result<(), ErrorCode> {
    let score = zxcvbn::zxcvbn(password.expose(), context).score();
    if score >= zxcvbn::Score::Three { Ok(()) } else { Err(ErrorCode::PasswordWeak) }
}

fn hash_with(memory: &mut Memory, argon2: &Argon2<'_>, password: &[u8], salt: &[u8; 16]) -> Result<String> {
    let failed = |why: &dyn std::fmt::Display| Error::Internal(format!("argon2: {why}"));
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    memory.hash(argon2, password, salt, &mut out).map_err(|e| failed(&e))?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon2.params()).map_err(|e| failed(&e))?,
        salt: Some(Salt::new(salt).map_err(|e| failed(&e))?),
        hash: Some(Output::new(&out).map_err(|e| failed(&e))?),
    };
    Ok(hash.to_string())
}

/// A hash read from the database decides its own cost: one that asks for more than 256 MiB is not ours.
fn verify(memory: &mut Memory, password: &[u8], stored: &str) -> bool {
    let Ok(hash) = PasswordHash::new(stored) else { return false };
    let Ok(params) = Params::try_from(&hash) else { return false };
    if params.m_cost() > 256 * 1024 || params.t_cost() > 16 {
        return false;
    }
    let algorithm = Algorithm::try_from(hash.algorithm.as_str());
    let version = hash.version.map_or(Ok(Version::V0x13), Version::try_from);
    let (Ok(algorithm), Ok(version), Some(salt), Some(expected)) = (algorithm, version, hash.salt, hash.hash) else {
        return false;
    };
    let mut out = vec![0; expected.as_bytes().len()];
    let hashed = memory.hash(&Argon2::new(algorithm, version, params), password, &salt, &mut out);
    hashed.is_ok() && bool::from(out.ct_eq(expected.as_bytes()))
}

#[cfg(test)]
mod tests {
    use domain::secret::Typed;

    use super::*;
    use crate::random::OsRandom;

    fn passwords() -> Passwords {
        Passwords::new(Argon2Cost { memory_kib: 64, passes: 1 }, 2, &OsRandom).expect("valid cost")
    }

    fn typed(text: &str) -> Password {
        Password::as_typed(&Typed::new(text))
    }

    #[tokio::test]
    async fn the_right_password_matches_and_another_does_not() {
        let passwords = passwords();
        let hash = passwords.hash(typed("correct horse"), &OsRandom).await.expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        assert!(passwords.matches(typed("correct horse"), Some(hash.clone())).await.expect("compared"));
        assert!(!passwords.matches(typed("wrong horse"), Some(hash)).await.expect("compared"));
    }

    #[tokio::test]
    async fn without_an_account_nothing_matches_after_the_same_work() {
        let passwords = passwords();
        assert!(PasswordHash::new(&passwords.decoy).is_ok(), "a decoy that does not parse would answer at once");
        assert!(!passwords.matches(typed("anything"), None).await.expect("compared"));
    }

    #[tokio::test]
    async fn a_hash_that_asks_for_gigabytes_is_refused() {
        let hostile =
            "$argon2id$v=19$m=4194304,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert!(!passwords().matches(typed("x"), Some(hostile.to_owned())).await.expect("compared"));
    }

    #[test]
    fn a_common_password_or_ones_own_address_is_weak() {
        for weak in ["password123", "qwertyuiop", "owner@example.com"] {
            assert_eq!(check_strength(&typed(weak), &["owner@example.com", "owner"]), Err(ErrorCode::PasswordWeak));
        }
        assert_eq!(check_strength(&typed("wide-lamp-eleven-rivers"), &[]), Ok(()));
    }
}
