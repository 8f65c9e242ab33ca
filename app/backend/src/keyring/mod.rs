//! The key ring: the keys that everything sealed hangs on. A text file that only its owner can read.
//!
//! ```text
//! # Channel Console key ring. Without it nothing sealed opens: back it up, apart from the database.
//! active k2
//! k2 <32 bytes in base64>
//! checks k1 audit-mac/v1 <32 bytes in base64>
//! ```
//!
//! `next` names the key that a rotation under way moves to. `checks` is what is left of a key that was removed: keyed
//! hashes made with it can be checked, nothing that it sealed opens.

mod file;

use std::{collections::BTreeMap, fmt, io};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hkdf::Hkdf;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use self::file::Source;
use crate::random::Random;

/// Of the line that begins every file.
const TITLE: &str =
    "# Channel Console key ring. Without it nothing sealed opens: back it up, apart from the database.\n";

/// Keys by id, one of them active.
#[derive(Clone)]
pub struct KeyRing {
    active: String,
    /// What a rotation under way moves to; it is active, too, once everybody can read it.
    next: Option<String>,
    keys: BTreeMap<String, Key>,
    /// Where it was read; none if it was made in memory.
    source: Option<Source>,
}

type Key32 = Zeroizing<[u8; 32]>;

#[derive(Clone)]
enum Key {
    /// Seals, opens and checks.
    Whole(Key32),
    /// Was removed: what it was derived to for keyed hashes, by their labels.
    Checks(BTreeMap<String, Key32>),
}

#[derive(Debug, thiserror::Error)]
pub enum KeyRingError {
    #[error("the key ring {path} cannot be read: {source}")]
    Io { path: String, source: io::Error },
    #[error("the key ring {path} can be read by others (mode {mode:o}); make it private: chmod 400 {path}")]
    ReadableByOthers { path: String, mode: u32 },
    #[error("the key ring {path} is not a regular file")]
    NotAFile { path: String },
    #[error("the key ring {path} is not well-formed (line {line})")]
    Malformed { path: String, line: usize },
    #[error("the key ring {path} was replaced by one that has not the key in use; the one before is kept")]
    Another { path: String },
}

impl KeyRing {
    /// A ring of one fresh key.
    pub fn generate(random: &dyn Random) -> Self {
        let (id, key) = fresh(random);
        Self { keys: BTreeMap::from([(id.clone(), key)]), active: id, next: None, source: None }
    }

    pub fn active_id(&self) -> &str {
        &self.active
    }

    /// The key that a rotation under way moves to.
    pub fn next_id(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// Every key that seals and opens.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().filter(|(_, key)| matches!(key, Key::Whole(_))).map(|(id, _)| id.as_str())
    }

    /// Keys that were removed and are kept to check keyed hashes.
    pub fn checking_ids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().filter(|(_, key)| matches!(key, Key::Checks(_))).map(|(id, _)| id.as_str())
    }

    pub fn opens(&self, id: &str) -> bool {
        matches!(self.keys.get(id), Some(Key::Whole(_)))
    }

    /// The key of `id` for one purpose; none if the ring has not got it.
    pub(crate) fn derive(&self, id: &str, label: &str) -> Option<Key32> {
        match self.keys.get(id)? {
            Key::Whole(root) => {
                let mut key = Zeroizing::new([0; 32]);
                Hkdf::<Sha256>::new(None, root.as_slice()).expand(label.as_bytes(), key.as_mut_slice()).ok()?;
                Some(key)
            }
            Key::Checks(kept) => kept.get(label).cloned(),
        }
    }

    /// Begins a rotation, or goes on with one: the key that it moves to.
    pub(crate) fn begin_rotation(&mut self, random: &dyn Random) -> &str {
        let keys = &mut self.keys;
        self.next.get_or_insert_with(|| {
            let (id, key) = fresh(random);
            keys.insert(id.clone(), key);
            id
        })
    }

    /// From here on the next key seals.
    pub(crate) fn activate_next(&mut self) {
        if let Some(next) = &self.next {
            self.active.clone_from(next);
        }
    }

    pub(crate) fn end_rotation(&mut self) {
        self.next = None;
    }

    /// Leaves of a key what checks keyed hashes.
    pub(crate) fn keep_checks(&mut self, id: &str, labels: &[&'static str]) {
        let kept = labels.iter().filter_map(|label| Some(((*label).to_owned(), self.derive(id, label)?))).collect();
        self.keys.insert(id.to_owned(), Key::Checks(kept));
    }

    pub(crate) fn forget(&mut self, id: &str) {
        self.keys.remove(id);
    }

    /// Whether this is `before` at a later time: it has the key that was in use then.
    pub(crate) fn continues(&self, before: &Self, label: &str) -> bool {
        match (self.derive(&before.active, label), before.derive(&before.active, label)) {
            (Some(now), Some(then)) => now.as_slice().ct_eq(then.as_slice()).into(),
            _ => false,
        }
    }

    fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::from(TITLE));
        text.extend(["active ", &self.active, "\n"]);
        if let Some(next) = &self.next {
            text.extend(["next ", next, "\n"]);
        }
        let encode = |key: &Key32| Zeroizing::new(STANDARD.encode(key.as_slice()));
        for (id, key) in &self.keys {
            match key {
                Key::Whole(root) => text.extend([id, " ", encode(root).as_str(), "\n"]),
                Key::Checks(kept) => {
                    for (label, key) in kept {
                        text.extend(["checks ", id, " ", label, " ", encode(key).as_str(), "\n"]);
                    }
                }
            }
        }
        text
    }

    /// The number of the line that is wrong, else the ring.
    fn parse(text: &str) -> Result<Self, usize> {
        let (mut active, mut next, mut keys) = (None, None, BTreeMap::<String, Key>::new());
        for (index, line) in text.lines().enumerate() {
            let wrong = || index + 1;
            let words: Vec<&str> = line.split_ascii_whitespace().collect();
            match words.as_slice() {
                [] => {}
                [first, ..] if first.starts_with('#') => {}
                ["active", id] => active = Some((*id).to_owned()),
                ["next", id] => next = Some((*id).to_owned()),
                ["checks", id, label, value] => {
                    let key = decode(value).ok_or_else(wrong)?;
                    let kept = keys.entry((*id).to_owned()).or_insert_with(|| Key::Checks(BTreeMap::new()));
                    let Key::Checks(kept) = kept else { return Err(wrong()) };
                    kept.insert((*label).to_owned(), key);
                }
                [id, value] => {
                    let key = Key::Whole(decode(value).ok_or_else(wrong)?);
                    if keys.insert((*id).to_owned(), key).is_some() {
                        return Err(wrong());
                    }
                }
                _ => return Err(wrong()),
            }
        }
        let is_whole = |id: &String| matches!(keys.get(id), Some(Key::Whole(_)));
        let active = active.filter(is_whole).ok_or(1usize)?;
        if next.as_ref().is_some_and(|id| !is_whole(id)) {
            return Err(1);
        }
        Ok(Self { active, next, keys, source: None })
    }
}

fn fresh(random: &dyn Random) -> (String, Key) {
    (format!("k{}", random.alphanumeric(8)), Key::Whole(Zeroizing::new(random.bytes())))
}

fn decode(value: &str) -> Option<Key32> {
    let bytes = Zeroizing::new(STANDARD.decode(value).ok()?);
    <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new)
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyRing(active {}, {} keys)", self.active, self.keys.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    #[test]
    fn a_ring_in_the_middle_of_a_rotation_reads_back() {
        let mut ring = KeyRing::generate(&OsRandom);
        let first = ring.active_id().to_owned();
        let second = ring.begin_rotation(&OsRandom).to_owned();
        assert_eq!(ring.begin_rotation(&OsRandom), second, "a rotation that was begun goes on");
        assert_eq!(ring.active_id(), first);
        ring.activate_next();
        ring.keep_checks(&first, &["audit-mac/v1"]);
        let read = KeyRing::parse(&ring.to_text()).expect("well-formed");
        assert_eq!((read.active_id(), read.next_id()), (second.as_str(), Some(second.as_str())));
        assert_eq!((read.ids().count(), read.checking_ids().collect::<Vec<_>>()), (1, vec![first.as_str()]));
        assert_eq!(read.derive(&first, "audit-mac/v1"), ring.derive(&first, "audit-mac/v1"));
        assert!(read.derive(&first, "wrap/v1").is_none(), "what it sealed does not open any more");
    }

    #[test]
    fn what_checks_after_removal_is_what_the_key_checked_with_before() {
        let mut ring = KeyRing::generate(&OsRandom);
        let id = ring.active_id().to_owned();
        let before = ring.clone();
        ring.begin_rotation(&OsRandom);
        ring.activate_next();
        ring.keep_checks(&id, &["audit-mac/v1"]);
        assert_eq!(ring.derive(&id, "audit-mac/v1"), before.derive(&id, "audit-mac/v1"));
        assert!(ring.continues(&before, "audit-mac/v1"));
        assert!(!KeyRing::generate(&OsRandom).continues(&before, "audit-mac/v1"));
    }

    #[test]
    fn a_ring_without_its_active_key_is_refused() {
        assert_eq!(KeyRing::parse("active k1\n").err(), Some(1));
        assert_eq!(KeyRing::parse("active k1\nk1 notbase64!\n").err(), Some(2));
        let key = STANDARD.encode([7; 32]);
        assert_eq!(KeyRing::parse(&format!("active k1\nchecks k1 audit-mac/v1 {key}\n")).err(), Some(1));
        assert_eq!(KeyRing::parse(&format!("active k1\nk1 {key}\nnext k2\n")).err(), Some(1));
        assert_eq!(KeyRing::parse(&format!("active k1\nk1 {key}\nk1 {key}\n")).err(), Some(3));
    }

    #[test]
    fn a_rotation_ends_and_a_key_that_was_forgotten_is_gone() {
        let mut ring = KeyRing::generate(&OsRandom);
        let first = ring.active_id().to_owned();
        let second = ring.begin_rotation(&OsRandom).to_owned();
        assert_ne!(first, second);
        ring.activate_next();
        ring.end_rotation();
        assert_eq!((ring.next_id(), ring.active_id()), (None, second.as_str()));
        assert!(ring.opens(&first) && ring.opens(&second) && !ring.opens("k-nobody"));
        ring.keep_checks(&first, &["audit-mac/v1"]);
        assert!(!ring.opens(&first) && ring.checking_ids().eq([first.as_str()]));
        ring.forget(&first);
        assert!(ring.checking_ids().next().is_none() && ring.derive(&first, "audit-mac/v1").is_none());
        assert_eq!(format!("{ring:?}"), format!("KeyRing(active {second}, 1 keys)"));
    }
}
