//! Browsers that have logged in before, told by a long-lived cookie: a random number, and for each account a keyed hash
//! of both. It names nobody, opens nothing, and only decides by whose wrong passwords somebody is held up.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::account::Email;
use subtle::ConstantTimeEq as _;

use super::guesses::Guesser;
use crate::{Backend, error::Result, vault::MacPurpose};

/// How many accounts one browser is known to; the oldest makes room.
const ACCOUNTS: usize = 5;
const PART: usize = 16;

/// A cookie that has the right form.
struct Device {
    number: [u8; PART],
    proofs: Vec<[u8; PART]>,
}

impl Device {
    fn parse(cookie: &str) -> Option<Self> {
        if cookie.len() > (ACCOUNTS + 1) * 23 {
            return None;
        }
        let mut parts =
            cookie.split('.').map(|text| -> Option<[u8; PART]> { URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok() });
        let number = parts.next()??;
        Some(Self { number, proofs: parts.collect::<Option<_>>()? })
    }

    fn format(&self) -> String {
        let parts = std::iter::once(&self.number).chain(&self.proofs);
        parts.map(|part| URL_SAFE_NO_PAD.encode(part)).collect::<Vec<_>>().join(".")
    }
}

impl Backend {
    /// Who guesses at the account of `email`: the device that it knows, or anybody.
    pub(crate) fn guesser(&self, email: &Email, cookie: Option<&str>) -> Result<Guesser> {
        let account = email.key();
        let Some(device) = cookie.and_then(Device::parse) else { return Ok(Guesser::at(&account)) };
        for key in self.vault.key_ids() {
            let proof = self.device_proof(&key, device.number, &account)?;
            if device.proofs.iter().any(|shown| bool::from(shown.ct_eq(&proof))) {
                return Ok(Guesser::known(&account, &URL_SAFE_NO_PAD.encode(device.number)));
            }
        }
        Ok(Guesser::at(&account))
    }

    /// The cookie of a browser that has just proved to be the account's: by its password, or by its mailbox.
    pub fn known_device(&self, email: &Email, cookie: Option<&str>) -> Result<String> {
        let device = cookie.and_then(Device::parse);
        let mut device = device.unwrap_or_else(|| Device { number: self.random.bytes(), proofs: Vec::new() });
        let proof = self.device_proof(&self.vault.active_key_id(), device.number, &email.key())?;
        device.proofs.retain(|known| *known != proof);
        device.proofs.insert(0, proof);
        device.proofs.truncate(ACCOUNTS);
        Ok(device.format())
    }

    fn device_proof(&self, key: &str, number: [u8; PART], account: &str) -> Result<[u8; PART]> {
        let mac = self.vault.mac(key, MacPurpose::Device, &[&number, account.as_bytes()])?;
        let mut proof = [0; PART];
        proof.iter_mut().zip(mac).for_each(|(to, from)| *to = from);
        Ok(proof)
    }
}
