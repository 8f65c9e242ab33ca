//! Secrets at rest.
//!
//! Key ring (one key encryption key per id) → a random data key per sealed set, sealed by the ring's active key → each
//! field sealed by the data key. AES-256-GCM with random nonces; values are padded to 64 bytes so that a six-digit
//! password does not show by its length. What a value is, whose it is and where it lies is authenticated with it
//! ([`Place`]): a blob that was moved, swapped, truncated or rolled back does not open.

mod blob;

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use domain::secret::Secret;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    error::{Error, Result},
    keyring::{KeyRing, KeyRingError},
    random::Random,
};

use blob::{decrypt, encrypt, join, pad, parts, put_part, unpad, value_aad, wrap_aad};
pub use blob::{key_of, open_file, seal_file};

const WRAP: &str = "wrap/v1";

/// Where a sealed set belongs. Every part is bound to the ciphertext.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// What kind of thing this is: `channel`, `draft`, `v1-secret`, `mail`, `application-…`.
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
    /// Of pages that may keep what is typed after their session is over.
    DraftTicket,
}

impl MacPurpose {
    const fn label(self) -> &'static str {
        match self {
            Self::CoreToken => "core-token-mac/v1",
            Self::ApiSecret => "api-secret-mac/v1",
            Self::AccessToken => "access-token-mac/v1",
            Self::Audit => "audit-mac/v1",
            Self::Fingerprint => "fingerprint-mac/v1",
            Self::Idempotency => "idempotency-mac/v1",
            Self::SecretRead => "secret-read-mac/v1",
            Self::Device => "device-mac/v1",
            Self::DraftTicket => "draft-ticket-mac/v1",
        }
    }

    /// What a key that was removed is kept for: everything that is stored to be checked later.
    pub(crate) const CHECKED: [&'static str; 7] = [
        Self::CoreToken.label(),
        Self::ApiSecret.label(),
        Self::AccessToken.label(),
        Self::Audit.label(),
        Self::Idempotency.label(),
        Self::SecretRead.label(),
        Self::Device.label(),
    ];
}

/// One key of the ring, derived for each purpose.
type DerivedKeys = BTreeMap<&'static str, Zeroizing<[u8; 32]>>;

/// Seals and opens.
pub struct Vault {
    held: RwLock<Held>,
}

struct Held {
    ring: KeyRing,
    /// By the ring's key and the purpose; as many as the ring has keys, times the purposes.
    derived: BTreeMap<String, DerivedKeys>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    pub const fn new(ring: KeyRing) -> Self {
        Self { held: RwLock::new(Held { ring, derived: BTreeMap::new() }) }
    }

    /// The ring as it is now.
    pub fn ring(&self) -> KeyRing {
        self.held.read().unwrap_or_else(PoisonError::into_inner).ring.clone()
    }

    /// Takes over the ring's file if somebody replaced it: another process rotates keys. Whether there was anything new.
    pub fn refresh(&self) -> Result<bool, KeyRingError> {
        let now = self.held.read().unwrap_or_else(PoisonError::into_inner).ring.newer()?;
        let Some(newer) = now else { return Ok(false) };
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if !newer.continues(&held.ring, MacPurpose::Audit.label()) {
            let path = newer.path().map(|path| path.display().to_string()).unwrap_or_default();
            return Err(KeyRingError::Another { path });
        }
        *held = Held { ring: newer, derived: BTreeMap::new() };
        Ok(true)
    }

    /// Seals values under a fresh data key.
    pub fn seal<'v>(
        &self,
        random: &dyn Random,
        place: Place<'_>,
        values: impl IntoIterator<Item = (&'v str, &'v Secret)>,
    ) -> Result<SealedSet> {
        self.seal_with(random, self.active_key_id(), place, values)
    }

    fn seal_with<'v>(
        &self,
        random: &dyn Random,
        key_id: String,
        place: Place<'_>,
        values: impl IntoIterator<Item = (&'v str, &'v Secret)>,
    ) -> Result<SealedSet> {
        let data_key = Zeroizing::new(random.bytes::<32>());
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
        self.seal_one_with(random, &self.active_key_id(), place, value)
    }

    /// The same by a key of the ring that may not be active yet.
    pub fn seal_one_with(
        &self,
        random: &dyn Random,
        key_id: &str,
        place: Place<'_>,
        value: &Secret,
    ) -> Result<Vec<u8>> {
        let set = self.seal_with(random, key_id.to_owned(), place, [("value", value)])?;
        let value = set.values.get("value").map_or(&[][..], Vec::as_slice);
        Ok(join([set.key_id.as_bytes(), &set.wrapped_key, value]))
    }

    pub fn open_one(&self, place: Place<'_>, blob: &[u8]) -> Result<Secret> {
        let [key_id, wrapped_key, value] = parts(blob)?;
        let key_id = String::from_utf8(key_id.to_vec()).map_err(|_| Error::Sealed)?;
        let values = BTreeMap::from([("value".to_owned(), value.to_vec())]);
        self.open(place, &SealedSet { key_id, wrapped_key: wrapped_key.to_vec(), values })?
            .remove("value")
            .ok_or(Error::Sealed)
    }

    /// The same data key, wrapped by the active key; what it seals stays as it is.
    pub fn rewrap(
        &self,
        random: &dyn Random,
        place: Place<'_>,
        key_id: &str,
        wrapped: &[u8],
    ) -> Result<(String, Vec<u8>)> {
        let data_key = self.unwrap(place, key_id, wrapped)?;
        let active = self.active_key_id();
        let wrapping = self.wrapping_key(&active)?;
        let wrapped = encrypt(random, &wrapping, &wrap_aad(place, &active), data_key.as_slice())?;
        Ok((active, wrapped))
    }

    /// The same of one blob.
    pub fn rewrap_one(&self, random: &dyn Random, place: Place<'_>, blob: &[u8]) -> Result<Vec<u8>> {
        let [key_id, wrapped, value] = parts(blob)?;
        let key_id = std::str::from_utf8(key_id).map_err(|_| Error::Sealed)?;
        let (key_id, wrapped) = self.rewrap(random, place, key_id, wrapped)?;
        Ok(join([key_id.as_bytes(), &wrapped, value]))
    }

    /// The id of the key that seals, and that new MACs are made with.
    pub fn active_key_id(&self) -> String {
        self.held.read().unwrap_or_else(PoisonError::into_inner).ring.active_id().to_owned()
    }

    /// The ids of every key that MACs may have been made with.
    pub fn key_ids(&self) -> Vec<String> {
        let ring = self.ring();
        ring.ids().chain(ring.checking_ids()).map(str::to_owned).collect()
    }

    /// Keyed hashes of the same parts by every key of the ring, the active one's first: for what does not say which key
    /// its hash was made with.
    pub fn macs(&self, purpose: MacPurpose, parts: &[&[u8]]) -> Result<Vec<[u8; 32]>> {
        let ring = self.ring();
        let others = ring.ids().chain(ring.checking_ids()).filter(|id| *id != ring.active_id());
        let others = others.filter_map(|id| self.mac(id, purpose, parts).ok());
        Ok(std::iter::once(self.mac(ring.active_id(), purpose, parts)?).chain(others).collect())
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
        self.derive(key_id, WRAP)
    }

    /// The ring's key for one purpose; derived once, since every read of a channel needs two. A key that is not known may
    /// be one that another process has added.
    fn derive(&self, key_id: &str, label: &'static str) -> Result<Zeroizing<[u8; 32]>> {
        if let Some(key) = self.derive_held(key_id, label) {
            return Ok(key);
        }
        match self.refresh() {
            Ok(true) => self.derive_held(key_id, label).ok_or(Error::Sealed),
            Ok(false) => Err(Error::Sealed),
            Err(error) => {
                tracing::error!(%error, "key ring");
                Err(Error::Sealed)
            }
        }
    }

    fn derive_held(&self, key_id: &str, label: &'static str) -> Option<Zeroizing<[u8; 32]>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = held.derived.get(key_id).and_then(|keys| keys.get(label)) {
            return Some(key.clone());
        }
        drop(held);
        // The ring may be another by now: what is kept was derived from the one it is kept with.
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let key = held.ring.derive(key_id, label)?;
        held.derived.entry(key_id.to_owned()).or_default().insert(label, key.clone());
        Some(key)
    }
}

#[cfg(test)]
mod tests;
