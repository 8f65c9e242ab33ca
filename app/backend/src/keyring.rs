//! The key ring: the keys that everything sealed hangs on. A text file that only its owner can read.
//!
//! ```text
//! # Channel Console key ring. Without it nothing sealed opens: back it up, apart from the database.
//! active k1
//! k1 <32 bytes in base64>
//! ```

use std::{collections::BTreeMap, fmt, io, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use crate::random::Random;

/// Keys by id, one of them active.
pub struct KeyRing {
    active: String,
    keys: BTreeMap<String, Zeroizing<[u8; 32]>>,
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
}

impl KeyRing {
    /// A ring of one fresh key.
    pub fn generate(random: &dyn Random) -> Self {
        let id = format!("k{}", random.alphanumeric(8));
        Self { keys: BTreeMap::from([(id.clone(), Zeroizing::new(random.bytes()))]), active: id }
    }

    /// Reads the ring at `path`.
    pub fn read(path: &Path) -> Result<Self, KeyRingError> {
        let shown = || path.display().to_string();
        let io = |source| KeyRingError::Io { path: shown(), source };
        let metadata = std::fs::symlink_metadata(path).map_err(io)?;
        if !metadata.is_file() {
            return Err(KeyRingError::NotAFile { path: shown() });
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = metadata.permissions().mode() & 0o777;
            if mode & 0o077 != 0 {
                return Err(KeyRingError::ReadableByOthers { path: shown(), mode });
            }
        }
        let text = Zeroizing::new(std::fs::read_to_string(path).map_err(io)?);
        Self::parse(&text).map_err(|line| KeyRingError::Malformed { path: shown(), line })
    }

    /// Writes the ring to a new file of mode 0400, on disk before this returns.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        use std::io::Write as _;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o400);
        let mut file = options.open(path)?;
        file.write_all(self.to_text().as_bytes())?;
        file.sync_all()
    }

    pub fn active_id(&self) -> &str {
        &self.active
    }

    pub(crate) fn key(&self, id: &str) -> Option<&[u8]> {
        self.keys.get(id).map(|key| key.as_slice())
    }

    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.keys.keys().map(String::as_str)
    }

    fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::from(
            "# Channel Console key ring. Without it nothing sealed opens: back it up, apart from the database.\n",
        ));
        let lines = self.keys.iter().map(|(id, key)| (id.as_str(), Zeroizing::new(STANDARD.encode(key.as_slice()))));
        for (word, value) in std::iter::once(("active", Zeroizing::new(self.active.clone()))).chain(lines) {
            text.extend([word, " ", value.as_str(), "\n"]);
        }
        text
    }

    /// The number of the line that is wrong, else the ring.
    fn parse(text: &str) -> Result<Self, usize> {
        let (mut active, mut keys) = (None, BTreeMap::new());
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (id, value) = line.split_once(' ').ok_or(index + 1)?;
            if id == "active" {
                active = Some(value.to_owned());
            } else {
                let bytes = Zeroizing::new(STANDARD.decode(value).map_err(|_| index + 1)?);
                let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| index + 1)?;
                keys.insert(id.to_owned(), Zeroizing::new(key));
            }
        }
        let active = active.filter(|id| keys.contains_key(id)).ok_or(1usize)?;
        Ok(Self { active, keys })
    }
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
    fn a_ring_reads_back_from_its_file() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("keyring");
        let ring = KeyRing::generate(&OsRandom);
        ring.write(&path).expect("written");
        let read = KeyRing::read(&path).expect("read");
        assert_eq!((read.active_id(), read.key(ring.active_id())), (ring.active_id(), ring.key(ring.active_id())));
    }

    #[cfg(unix)]
    #[test]
    fn a_ring_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("keyring");
        KeyRing::generate(&OsRandom).write(&path).expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("chmod");
        assert!(matches!(KeyRing::read(&path), Err(KeyRingError::ReadableByOthers { mode: 0o644, .. })));
    }

    #[test]
    fn a_ring_without_its_active_key_is_refused() {
        assert_eq!(KeyRing::parse("active k1\n").err(), Some(1));
        assert_eq!(KeyRing::parse("active k1\nk1 notbase64!\n").err(), Some(2));
    }
}
