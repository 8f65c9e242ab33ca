//! A channel remembers the revision of the catalogue it was saved with, so changed content must bear a new one.
//!
//! `catalogue.lock` holds each file's revision and the SHA-256 of its content. `make catalogue` writes it, and refuses
//! where a revision was not raised.

use std::{collections::BTreeMap, env, fmt::Write as _, fs, path::Path};

use sha2::{Digest as _, Sha256};

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

type Revisions = BTreeMap<String, (u32, String)>;

/// Revision and digest of every file; the line of the revision itself is not content.
fn found() -> Revisions {
    let files = fs::read_dir(Path::new(FOLDER).join("catalogue")).expect("the folder exists");
    files
        .map(|file| {
            let path = file.expect("readable").path();
            let text = fs::read_to_string(&path).expect("readable");
            let (mut revision, mut digest) = (0, Sha256::new());
            for line in text.lines() {
                match line.strip_prefix("revision = ") {
                    Some(number) => revision = number.parse().expect("a number"),
                    None => digest.update(format!("{line}\n")),
                }
            }
            let hex = digest.finalize().iter().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            });
            (path.file_stem().expect("a name").to_string_lossy().into_owned(), (revision, hex))
        })
        .collect()
}

fn locked() -> Revisions {
    let text = fs::read_to_string(Path::new(FOLDER).join("catalogue.lock")).unwrap_or_default();
    text.lines()
        .map(|line| {
            let mut words = line.split_whitespace();
            let mut word = || words.next().expect("id, revision, digest").to_owned();
            (word(), (word().parse().expect("a number"), word()))
        })
        .collect()
}

#[test]
fn changed_content_bears_a_new_revision() {
    let (found, locked) = (found(), locked());
    for (id, (revision, digest)) in &found {
        if let Some((before, digest_before)) = locked.get(id)
            && digest != digest_before
        {
            assert!(revision > before, "catalogue/{id}.toml changed: raise its revision above {before}");
        }
    }
    if env::var_os("CATALOGUE_LOCK").is_some_and(|word| word == "write") {
        let lines = found.iter().fold(String::new(), |mut lines, (id, (revision, digest))| {
            let _ = writeln!(lines, "{id} {revision} {digest}");
            lines
        });
        fs::write(Path::new(FOLDER).join("catalogue.lock"), lines).expect("written");
        return;
    }
    assert!(found == locked, "the catalogue changed: run `make catalogue` and look at what it writes");
}
