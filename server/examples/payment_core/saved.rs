//! What the core had, sealed on disk: it starts from it when the console is down.

use std::{fs, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::PathBuf};

use aes_gcm::{
    Aes256Gcm, Key, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::memory::{Channel, State, Store};

const NONCE: usize = 12;
/// What the file is: nothing else that this key may seal opens in its place.
const WHAT: &[u8] = b"payment-core-snapshot/v1";

#[derive(Serialize, Deserialize)]
struct Content {
    seq: Option<i64>,
    stores: Vec<Store>,
    channels: Vec<Channel>,
}

pub struct Saved {
    path: PathBuf,
    key: Key<Aes256Gcm>,
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

impl Saved {
    /// `key` is 64 hexadecimal digits.
    pub fn new(path: PathBuf, key: &str) -> Result<Self, String> {
        let digits: Option<Vec<u8>> =
            (0..key.len()).step_by(2).map(|i| u8::from_str_radix(key.get(i..i + 2)?, 16).ok()).collect();
        let key: [u8; 32] = digits.and_then(|d| d.try_into().ok()).ok_or("the key is 64 hexadecimal digits")?;
        Ok(Self { path, key: key.into() })
    }

    /// All of it or nothing: a crash leaves what was there before.
    pub fn write(&self, state: &State) -> Result<(), Failed> {
        let content = Content {
            seq: state.seq,
            stores: state.stores().cloned().collect(),
            channels: state.channels().map(|channel| Channel::clone(channel)).collect(),
        };
        let plain = Zeroizing::new(serde_json::to_vec(&content)?);
        let mut nonce = [0; NONCE];
        random(&mut nonce)?;
        let sealed = Aes256Gcm::new(&self.key)
            .encrypt(&Nonce::from(nonce), Payload { msg: &plain, aad: WHAT })
            .map_err(|_| "sealing failed")?;
        let new = self.path.with_extension("new");
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(&nonce)?;
        file.write_all(&sealed)?;
        file.sync_all()?;
        Ok(fs::rename(&new, &self.path)?)
    }

    /// Nothing when there is no file; an error when it does not open.
    pub fn read(&self) -> Result<Option<State>, Failed> {
        let blob = match fs::read(&self.path) {
            Ok(blob) => blob,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let (nonce, sealed) = blob.split_first_chunk::<NONCE>().ok_or("too short")?;
        let plain = Aes256Gcm::new(&self.key)
            .decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: WHAT })
            .map_err(|_| "it was changed, or sealed by another key")?;
        let content: Content = serde_json::from_slice(&Zeroizing::new(plain))?;
        let mut state = State::default();
        for store in content.stores {
            state.put_store(store);
        }
        for channel in content.channels {
            state.put(channel);
        }
        state.seq = content.seq;
        Ok(Some(state))
    }
}

#[expect(clippy::disallowed_methods, reason = "a program of its own")]
fn random(bytes: &mut [u8]) -> Result<(), Failed> {
    getrandom::fill(bytes).map_err(|error| error.to_string().into())
}
