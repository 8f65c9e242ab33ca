//! What a blob is made of: format, nonce, sealed bytes; what is authenticated with it; and parts that each say how long
//! they are.

use aes_gcm::{
    Aes256Gcm, KeyInit as _, Nonce,
    aead::{Aead as _, Payload},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::secret::Secret;
use zeroize::Zeroizing;

use super::Place;
use crate::{
    error::{Error, Result},
    random::Random,
};

const FORMAT: u8 = 1;
pub(super) const NONCE: usize = 12;
const BLOCK: usize = 64;

/// The three parts of a blob of [`Vault::seal_one`]: the key's id, the wrapped data key, the sealed value.
pub(super) fn parts(blob: &[u8]) -> Result<[&[u8]; 3]> {
    let mut rest = blob;
    let parts = [take_part(&mut rest)?, take_part(&mut rest)?, take_part(&mut rest)?];
    if rest.is_empty() { Ok(parts) } else { Err(Error::Sealed) }
}

pub(super) fn join(parts: [&[u8]; 3]) -> Vec<u8> {
    let mut blob = Vec::new();
    for part in parts {
        put_part(&mut blob, part);
    }
    blob
}

/// The id of the key that a blob of [`Vault::seal_one`] hangs on.
pub fn key_of(blob: &[u8]) -> Option<&str> {
    let [key_id, _, _] = parts(blob).ok()?;
    std::str::from_utf8(key_id).ok()
}

pub(super) fn encrypt(random: &dyn Random, key: &[u8; 32], aad: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE] = random.bytes();
    let cipher = Aes256Gcm::new(key.into());
    let sealed =
        cipher.encrypt(&Nonce::from(nonce), Payload { msg: plain, aad }).map_err(|_| Error::Internal("seal".into()))?;
    Ok([&[FORMAT][..], &nonce, &sealed].concat())
}

pub(super) fn decrypt(key: &[u8; 32], aad: &[u8], blob: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let (format, rest) = blob.split_first().ok_or(Error::Sealed)?;
    let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(Error::Sealed)?;
    if *format != FORMAT {
        return Err(Error::Sealed);
    }
    let cipher = Aes256Gcm::new(key.into());
    let plain = cipher.decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad }).map_err(|_| Error::Sealed)?;
    Ok(Zeroizing::new(plain))
}

pub(super) fn wrap_aad(place: Place<'_>, key_id: &str) -> Vec<u8> {
    aad("data-key/v1", place, key_id)
}

pub(super) fn value_aad(place: Place<'_>, name: &str) -> Vec<u8> {
    aad("value/v1", place, name)
}

/// Seals a file under a key of its own, and answers with both: the key is to be sealed in turn, so that rotating keys never
/// touches the file.
pub fn seal_file(random: &dyn Random, place: Place<'_>, content: &[u8]) -> Result<(Secret, Vec<u8>)> {
    let key = Zeroizing::new(random.bytes::<32>());
    let sealed = encrypt(random, &key, &file_aad(place), content)?;
    Ok((Secret::new(STANDARD.encode(key.as_slice())), sealed))
}

pub fn open_file(place: Place<'_>, key: &Secret, sealed: &[u8]) -> Result<Vec<u8>> {
    let key = Zeroizing::new(STANDARD.decode(key.expose()).map_err(|_| Error::Sealed)?);
    let key = <[u8; 32]>::try_from(key.as_slice()).map(Zeroizing::new).map_err(|_| Error::Sealed)?;
    Ok(std::mem::take(&mut *decrypt(&key, &file_aad(place), sealed)?))
}

fn file_aad(place: Place<'_>) -> Vec<u8> {
    aad("file/v1", place, "content")
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

pub(super) fn put_part(target: &mut Vec<u8>, part: &[u8]) {
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

pub(super) fn pad(value: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut padded = Vec::with_capacity((value.len() + 4).next_multiple_of(BLOCK));
    put_part(&mut padded, value);
    padded.resize(padded.len().next_multiple_of(BLOCK), 0);
    Zeroizing::new(padded)
}

pub(super) fn unpad(padded: &[u8]) -> Result<String> {
    let mut rest = padded;
    String::from_utf8(take_part(&mut rest)?.to_vec()).map_err(|_| Error::Sealed)
}
