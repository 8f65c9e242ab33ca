//! Secrets at rest.
//!
//! Key ring (one key encryption key per id) → a random data key per sealed set, sealed by the ring's active key → each
//! field sealed by the data key. AES-256-GCM with random nonces; values are padded to 64 bytes so that a six-digit
//! password does not show by its length. What a value is, whose it is and where it lies is authenticated with it
//! ([`Place`]): a blob that was moved, swapped, truncated or rolled back does not open.

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use aes_gcm::{
    Aes256Gcm, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use domain::secret::Secret;
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    error::{Error, Result},
    keyring::KeyRing,
    random::Random,
};

const FORMAT: u8 = 1;
const NONCE: usize = 12;
const BLOCK: usize = 64;

/// Where a sealed set belongs. Every part is bound to the ciphertext.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// What kind of thing this is: `channel`, `draft`, `v1-secret`, `mail`.
    pub kind: &'a str,
    /// The merchant or member it belongs to; nil where nobody owns it yet.
    pub owner: Uuid,
    /// The row.
    pub object: Uuid,
    /// The version or generation of the row; 0 where there is none.
    pub version: i64,
}

/// Several values sealed together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSet {
    /// The ring's key that wraps the data key.
    pub key_id: String,
    pub wrapped_key: Vec<u8>,
    pub values: BTreeMap<String, Vec<u8>>,
}

/// What a keyed hash is for; each purpose has its own key.
#[derive(Debug, Clone, Copy)]
pub enum MacPurpose {
    CoreToken,
    ApiSecret,
    AccessToken,
    Audit,
    Fingerprint,
    Idempotency,
    SecretRead,
    /// Of browsers that have logged in before.
    Device,
}

impl MacPurpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::CoreToken => b"core-token-mac/v1",
            Self::ApiSecret => b"api-secret-mac/v1",
            Self::AccessToken => b"access-token-mac/v1",
            Self::Audit => b"audit-mac/v1",
            Self::Fingerprint => b"fingerprint-mac/v1",
            Self::Idempotency => b"idempotency-mac/v1",
            Self::SecretRead => b"secret-read-mac/v1",
            Self::Device => b"device-mac/v1",
        }
    }
}

/// One key of the ring, derived for each purpose.
type DerivedKeys = BTreeMap<&'static [u8], Zeroizing<[u8; 32]>>;

/// Seals and opens.
pub struct Vault {
    ring: KeyRing,
    /// By the ring's key and the purpose; as many as the ring has keys, times the purposes.
    derived: RwLock<BTreeMap<String, DerivedKeys>>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    pub const fn new(ring: KeyRing) -> Self {
        Self { ring, derived: RwLock::new(BTreeMap::new()) }
    }

    /// Seals values under a fresh data key.
    pub fn seal<'v>(
        &self,
        random: &dyn Random,
        place: Place<'_>,
        values: impl IntoIterator<Item = (&'v str, &'v Secret)>,
    ) -> Result<SealedSet> {
        let data_key = Zeroizing::new(random.bytes::<32>());
        let key_id = self.ring.active_id().to_owned();
        let wrapped_key =
            encrypt(random, &*self.wrapping_key(&key_id)?, &wrap_aad(place, &key_id), data_key.as_slice())?;
        let values = values
            .into_iter()
            .map(|(name, value)| {
                let padded = pad(value.expose().as_bytes());
                Ok((name.to_owned(), encrypt(random, &data_key, &value_aad(place, name), &padded)?))
            })
            .collect::<Result<_>>()?;
        Ok(SealedSet { key_id, wrapped_key, values })
    }

    /// Opens all values of a set; any that does not belong here is [`Error::Sealed`].
    pub fn open(&self, place: Place<'_>, set: &SealedSet) -> Result<BTreeMap<String, Secret>> {
        let data_key = self.unwrap(place, &set.key_id, &set.wrapped_key)?;
        set.values
            .iter()
            .map(|(name, blob)| {
                let padded = decrypt(&data_key, &value_aad(place, name), blob)?;
                Ok((name.clone(), Secret::new(unpad(&padded)?)))
            })
            .collect()
    }

    /// Seals one value into one blob that carries its wrapped key.
    pub fn seal_one(&self, random: &dyn Random, place: Place<'_>, value: &Secret) -> Result<Vec<u8>> {
        let set = self.seal(random, place, [("value", value)])?;
        let mut blob = Vec::new();
        for part in [set.key_id.as_bytes(), &set.wrapped_key, set.values.get("value").map_or(&[][..], Vec::as_slice)] {
            put_part(&mut blob, part);
        }
        Ok(blob)
    }

    pub fn open_one(&self, place: Place<'_>, blob: &[u8]) -> Result<Secret> {
        let mut rest = blob;
        let key_id = String::from_utf8(take_part(&mut rest)?.to_vec()).map_err(|_| Error::Sealed)?;
        let wrapped_key = take_part(&mut rest)?.to_vec();
        let values = BTreeMap::from([("value".to_owned(), take_part(&mut rest)?.to_vec())]);
        if !rest.is_empty() {
            return Err(Error::Sealed);
        }
        self.open(place, &SealedSet { key_id, wrapped_key, values })?.remove("value").ok_or(Error::Sealed)
    }

    /// The ids of every key that MACs may have been made with.
    pub fn key_ids(&self) -> impl Iterator<Item = &str> {
        self.ring.ids()
    }

    /// The id of the key that new MACs are made with.
    pub fn active_key_id(&self) -> &str {
        self.ring.active_id()
    }

    /// A keyed hash of parts; their borders count.
    pub fn mac(&self, key_id: &str, purpose: MacPurpose, parts: &[&[u8]]) -> Result<[u8; 32]> {
        let key = self.derive(key_id, purpose.label())?;
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key.as_slice()).map_err(|_| Error::Sealed)?;
        for part in parts {
            let mut framed = Vec::with_capacity(part.len() + 8);
            put_part(&mut framed, part);
            mac.update(&framed);
        }
        Ok(mac.finalize().into_bytes().into())
    }

    /// Compares in time that does not depend on the values.
    pub fn mac_matches(&self, key_id: &str, purpose: MacPurpose, parts: &[&[u8]], expected: &[u8]) -> Result<bool> {
        Ok(self.mac(key_id, purpose, parts)?.as_slice().ct_eq(expected).into())
    }

    fn unwrap(&self, place: Place<'_>, key_id: &str, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
        let key = Zeroizing::new(decrypt(&*self.wrapping_key(key_id)?, &wrap_aad(place, key_id), wrapped)?);
        <[u8; 32]>::try_from(key.as_slice()).map(Zeroizing::new).map_err(|_| Error::Sealed)
    }

    fn wrapping_key(&self, key_id: &str) -> Result<Zeroizing<[u8; 32]>> {
        self.derive(key_id, b"wrap/v1")
    }

    /// The ring's key for one purpose; derived once, since every read of a channel needs two.
    fn derive(&self, key_id: &str, label: &'static [u8]) -> Result<Zeroizing<[u8; 32]>> {
        let root = self.ring.key(key_id).ok_or(Error::Sealed)?;
        let known = self.derived.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = known.get(key_id).and_then(|keys| keys.get(label)) {
            return Ok(key.clone());
        }
        drop(known);
        let mut key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, root).expand(label, key.as_mut_slice()).map_err(|_| Error::Sealed)?;
        let mut known = self.derived.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(key_id.to_owned()).or_default().insert(label, key.clone());
        Ok(key)
    }
}

fn encrypt(random: &dyn Random, key: &[u8; 32], aad: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE] = random.bytes();
    let cipher = Aes256Gcm::new(key.into());
    let sealed =
        cipher.encrypt(&Nonce::from(nonce), Payload { msg: plain, aad }).map_err(|_| Error::Internal("seal".into()))?;
    Ok([&[FORMAT][..], &nonce, &sealed].concat())
}

fn decrypt(key: &[u8; 32], aad: &[u8], blob: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let (format, rest) = blob.split_first().ok_or(Error::Sealed)?;
    let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(Error::Sealed)?;
    if *format != FORMAT {
        return Err(Error::Sealed);
    }
    let cipher = Aes256Gcm::new(key.into());
    let plain = cipher.decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad }).map_err(|_| Error::Sealed)?;
    Ok(Zeroizing::new(plain))
}

fn wrap_aad(place: Place<'_>, key_id: &str) -> Vec<u8> {
    aad("data-key/v1", place, key_id)
}

fn value_aad(place: Place<'_>, name: &str) -> Vec<u8> {
    aad("value/v1", place, name)
}

fn aad(layer: &str, place: Place<'_>, last: &str) -> Vec<u8> {
    let mut aad = Vec::new();
    let version = place.version.to_be_bytes();
    for part in [
        layer.as_bytes(),
        place.kind.as_bytes(),
        place.owner.as_bytes(),
        place.object.as_bytes(),
        &version,
        last.as_bytes(),
    ] {
        put_part(&mut aad, part);
    }
    aad
}

fn put_part(target: &mut Vec<u8>, part: &[u8]) {
    target.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
    target.extend_from_slice(part);
}

fn take_part<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8]> {
    let (length, tail) = rest.split_first_chunk::<4>().ok_or(Error::Sealed)?;
    let length = u32::from_be_bytes(*length) as usize;
    let (part, tail) = tail.split_at_checked(length).ok_or(Error::Sealed)?;
    *rest = tail;
    Ok(part)
}

fn pad(value: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut padded = Vec::with_capacity((value.len() + 4).next_multiple_of(BLOCK));
    put_part(&mut padded, value);
    padded.resize(padded.len().next_multiple_of(BLOCK), 0);
    Zeroizing::new(padded)
}

fn unpad(padded: &[u8]) -> Result<String> {
    let mut rest = padded;
    String::from_utf8(take_part(&mut rest)?.to_vec()).map_err(|_| Error::Sealed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    fn place() -> Place<'static> {
        Place { kind: "channel", owner: Uuid::from_u128(1), object: Uuid::from_u128(2), version: 3 }
    }

    fn vault() -> Vault {
        Vault::new(KeyRing::generate(&OsRandom))
    }

    fn sealed(vault: &Vault) -> SealedSet {
        let (key, password) = (Secret::new("sign-key-value"), Secret::new("123456"));
        vault.seal(&OsRandom, place(), [("sign_key", &key), ("cancel_password", &password)]).expect("seals")
    }

    fn refused(vault: &Vault, place: Place<'_>, set: &SealedSet) -> bool {
        matches!(vault.open(place, set), Err(Error::Sealed))
    }

    #[test]
    fn what_was_sealed_opens_in_its_place() {
        let vault = vault();
        let open = vault.open(place(), &sealed(&vault)).expect("opens");
        assert_eq!(open["cancel_password"].expose(), "123456");
    }

    #[test]
    fn a_set_does_not_open_in_another_place() {
        let vault = vault();
        let set = sealed(&vault);
        for moved in [
            Place { kind: "draft", ..place() },
            Place { owner: Uuid::from_u128(9), ..place() },
            Place { object: Uuid::from_u128(9), ..place() },
            Place { version: 2, ..place() },
        ] {
            assert!(refused(&vault, moved, &set), "{moved:?}");
        }
    }

    #[test]
    fn swapped_fields_do_not_open() {
        let vault = vault();
        let mut set = sealed(&vault);
        let (a, b) = (set.values["sign_key"].clone(), set.values["cancel_password"].clone());
        set.values = BTreeMap::from([("sign_key".to_owned(), b), ("cancel_password".to_owned(), a)]);
        assert!(refused(&vault, place(), &set));
    }

    #[test]
    fn no_flipped_bit_and_no_cut_opens() {
        let vault = vault();
        let set = sealed(&vault);
        let blob = set.values["sign_key"].clone();
        for position in 0..blob.len() {
            for bit in 0..8 {
                let mut wrong = set.clone();
                wrong.values.get_mut("sign_key").expect("there")[position] ^= 1 << bit;
                assert!(refused(&vault, place(), &wrong), "byte {position} bit {bit}");
            }
            let mut cut = set.clone();
            cut.values.insert("sign_key".to_owned(), blob[..position].to_vec());
            assert!(refused(&vault, place(), &cut), "cut at {position}");
        }
    }

    #[test]
    fn another_ring_opens_nothing() {
        assert!(refused(&vault(), place(), &sealed(&vault())));
    }

    #[test]
    fn short_values_have_one_length() {
        let vault = vault();
        let lengths = |text: &str| {
            let value = Secret::new(text);
            vault.seal(&OsRandom, place(), [("f", &value)]).expect("seals").values["f"].len()
        };
        assert_eq!(lengths("1"), lengths(&"x".repeat(60)));
        assert!(lengths(&"x".repeat(61)) > lengths("1"));
    }

    #[test]
    fn the_same_value_never_seals_to_the_same_bytes() {
        let vault = vault();
        assert_ne!(sealed(&vault).values["sign_key"], sealed(&vault).values["sign_key"]);
    }

    #[test]
    fn one_value_travels_with_its_wrapped_key() {
        let vault = vault();
        let blob = vault.seal_one(&OsRandom, place(), &Secret::new("token")).expect("seals");
        assert_eq!(vault.open_one(place(), &blob).expect("opens").expose(), "token");
        assert!(vault.open_one(place(), &blob[..blob.len() - 1]).is_err());
        assert!(vault.open_one(place(), &[blob.as_slice(), b"x"].concat()).is_err());
    }
}
