//! The ring's file: private, a regular file, replaced as a whole.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::{KeyRing, KeyRingError};

/// A file and what it looked like when it was read.
#[derive(Clone)]
pub(super) struct Source {
    path: PathBuf,
    stamp: Stamp,
}

/// Differs whenever a file was replaced or written to.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp(u64, u64, u64, i64, i64);

impl KeyRing {
    /// Reads the ring at `path`.
    pub fn read(path: &Path) -> Result<Self, KeyRingError> {
        let io = |source| KeyRingError::Io { path: path.display().to_string(), source };
        let stamp = checked(path)?;
        let text = Zeroizing::new(fs::read_to_string(path).map_err(io)?);
        let ring = Self::parse(&text);
        let ring = ring.map_err(|line| KeyRingError::Malformed { path: path.display().to_string(), line })?;
        Ok(Self { source: Some(Source { path: path.to_owned(), stamp }), ..ring })
    }

    /// Writes the ring to a new file of mode 0400, on disk before this returns.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o400).open(path)?;
        file.write_all(self.to_text().as_bytes())?;
        file.sync_all()?;
        sync_folder(path)
    }

    /// Writes the ring in place of the one at `path`: whoever reads finds one or the other, also after a crash.
    pub(crate) fn replace(&self, path: &Path) -> io::Result<()> {
        let mut new = path.as_os_str().to_owned();
        new.push(".new");
        let new = PathBuf::from(new);
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        self.write(&new)?;
        fs::rename(&new, path)?;
        sync_folder(path)
    }

    /// Where it was read.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.source.as_ref().map(|source| source.path.as_path())
    }

    /// The ring that is in the file now, if that is not this one.
    pub(crate) fn newer(&self) -> Result<Option<Self>, KeyRingError> {
        let Some(source) = &self.source else { return Ok(None) };
        if checked(&source.path)? == source.stamp {
            return Ok(None);
        }
        Self::read(&source.path).map(Some)
    }
}

/// Looks at the file itself, not at what a link points to.
fn checked(path: &Path) -> Result<Stamp, KeyRingError> {
    let shown = || path.display().to_string();
    let data = fs::symlink_metadata(path).map_err(|source| KeyRingError::Io { path: shown(), source })?;
    if !data.is_file() {
        return Err(KeyRingError::NotAFile { path: shown() });
    }
    let mode = data.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyRingError::ReadableByOthers { path: shown(), mode });
    }
    Ok(Stamp(data.dev(), data.ino(), data.len(), data.mtime(), data.mtime_nsec()))
}

fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;
    use crate::random::OsRandom;

    fn a_file() -> (tempfile::TempDir, PathBuf, KeyRing) {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("keyring");
        let ring = KeyRing::generate(&OsRandom);
        ring.write(&path).expect("written");
        (dir, path, ring)
    }

    #[test]
    fn a_ring_reads_back_from_its_file() {
        let (_dir, path, ring) = a_file();
        let read = KeyRing::read(&path).expect("read");
        let derived = |of: &KeyRing| of.derive(ring.active_id(), "wrap/v1");
        assert_eq!((read.active_id(), derived(&read)), (ring.active_id(), derived(&ring)));
        assert!(read.newer().expect("looked").is_none());
    }

    #[test]
    fn a_ring_that_others_can_read_is_refused() {
        let (_dir, path, _) = a_file();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("chmod");
        assert!(matches!(KeyRing::read(&path), Err(KeyRingError::ReadableByOthers { mode: 0o644, .. })));
    }

    #[test]
    fn a_link_to_a_ring_is_refused() {
        let (dir, path, _) = a_file();
        let link = dir.path().join("link");
        symlink(&path, &link).expect("linked");
        assert!(matches!(KeyRing::read(&link), Err(KeyRingError::NotAFile { .. })));
    }

    #[test]
    fn a_replaced_file_is_noticed_whatever_a_crash_left_behind() {
        let (dir, path, _) = a_file();
        let read = KeyRing::read(&path).expect("read");
        fs::write(dir.path().join("keyring.new"), "half a ring").expect("written");
        let mut later = read.clone();
        later.begin_rotation(&OsRandom);
        later.replace(&path).expect("replaced");
        let newer = read.newer().expect("looked").expect("newer");
        assert_eq!(newer.next_id(), later.next_id());
        assert_eq!(fs::symlink_metadata(&path).expect("there").mode() & 0o777, 0o400);
    }
}
