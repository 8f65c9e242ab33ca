//! Only what was sealed opens, and only where it lies.
#![no_main]

use std::sync::LazyLock;

use domain::secret::Secret;
use libfuzzer_sys::fuzz_target;
use uuid::Uuid;

/// What the vault needs of the backend's errors.
mod error {
    #[derive(Debug, PartialEq, Eq)]
    pub enum Error {
        Sealed,
        Internal(&'static str),
    }
    pub type Result<T, E = Error> = std::result::Result<T, E>;
}
#[allow(dead_code, unexpected_cfgs)]
#[path = "../../../app/backend/src/keyring/mod.rs"]
mod keyring;
#[allow(dead_code)]
#[path = "../../../app/backend/src/random.rs"]
mod random;
#[allow(dead_code, unused_imports)]
#[path = "../../../app/backend/src/vault/mod.rs"]
mod vault;

use vault::{Place, SealedSet, Vault};

struct Sealed {
    vault: Vault,
    one: Vec<u8>,
    set: SealedSet,
}

fn place(object: u128) -> Place<'static> {
    Place { kind: "channel", owner: Uuid::from_u128(1), object: Uuid::from_u128(object), version: 3 }
}

static SEALED: LazyLock<Sealed> = LazyLock::new(|| {
    let vault = Vault::new(keyring::KeyRing::generate(&random::OsRandom));
    let (one, other) = (Secret::new("a-sign-key"), Secret::new("123456"));
    let set = vault.seal(&random::OsRandom, place(2), [("sign_key", &one), ("cancel_password", &other)]).expect("sealed");
    let one = vault.seal_one(&random::OsRandom, place(2), &one).expect("sealed");
    Sealed { vault, one, set }
});

/// `good` with bytes of `data` laid over it, cut or grown.
fn bent(good: &[u8], data: &[u8]) -> Vec<u8> {
    let Some((&how, data)) = data.split_first() else { return good.to_vec() };
    let mut bent = good.to_vec();
    match how % 4 {
        0 => return data.to_vec(),
        1 => bent.truncate(usize::from(*data.first().unwrap_or(&0)) % (good.len() + 1)),
        2 => bent.extend_from_slice(data),
        _ => {
            for (place, pair) in data.chunks_exact(2).enumerate() {
                let at = (usize::from(pair[0]) + place * 7) % bent.len();
                bent[at] ^= pair[1];
            }
        }
    }
    bent
}

fuzz_target!(|data: &[u8]| {
    let Sealed { vault, one, set } = &*SEALED;
    let blob = bent(one, data);
    assert_eq!(vault.open_one(place(2), &blob).is_ok(), blob == *one);
    assert!(vault.open_one(place(4), &blob).is_err());
    let mut wrong = set.clone();
    wrong.wrapped_key = bent(&set.wrapped_key, data);
    for value in wrong.values.values_mut().take(data.len() % 3) {
        *value = bent(value, data);
    }
    assert_eq!(vault.open(place(2), &wrong).is_ok(), wrong == *set);
    wrong.key_id = String::from_utf8_lossy(data).into_owned();
    assert_eq!(vault.open(place(2), &wrong).is_ok(), wrong == *set);
});
