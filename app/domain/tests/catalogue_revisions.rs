//! A channel remembers the revision of the catalogue it was saved with, so changed content must bear a new one.
//!
//! `catalogue.lock` holds each file's revision, the SHA-256 of its content and its modules. `make catalogue` writes it,
//! and refuses where a revision was not raised or a module is gone: channels of it may exist for ever.

use std::{collections::BTreeMap, env, fmt::Write as _, fs, path::Path};

use domain::catalogue::Catalogue;
use sha2::{Digest as _, Sha256};

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

#[derive(PartialEq, Eq)]
struct File {
    revision: u32,
    digest: String,
    modules: Vec<String>,
}

type Files = BTreeMap<String, File>;

/// Every file as it is; the line of the revision itself is not content.
fn found() -> Files {
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
            let id = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let provider = Catalogue::embedded().provider(&id).expect("every file is embedded");
            let modules = provider.modules.iter().map(|module| module.id.to_string()).collect();
            (id, File { revision, digest: hex, modules })
        })
        .collect()
}

fn locked() -> Files {
    let text = fs::read_to_string(Path::new(FOLDER).join("catalogue.lock")).unwrap_or_default();
    text.lines()
        .map(|line| {
            let mut words = line.split_whitespace();
            let mut word = || words.next().expect("id, revision, digest, modules").to_owned();
            let (id, revision, digest) = (word(), word().parse().expect("a number"), word());
            (id, File { revision, digest, modules: word().split(',').map(str::to_owned).collect() })
        })
        .collect()
}

#[test]
fn changed_content_bears_a_new_revision_and_no_module_is_taken_out() {
    let (found, locked) = (found(), locked());
    for (id, before) in &locked {
        let now = found.get(id).unwrap_or_else(|| panic!("catalogue/{id}.toml is gone: channels of it may exist"));
        if now.digest != before.digest {
            assert!(now.revision > before.revision, "catalogue/{id}.toml changed: raise its revision");
        }
        for module in &before.modules {
            assert!(now.modules.contains(module), "module {module} is gone: mark it discontinued instead");
        }
    }
    if env::var_os("CATALOGUE_LOCK").is_some_and(|word| word == "write") {
        let lines = found.iter().fold(String::new(), |mut lines, (id, file)| {
            let _ = writeln!(lines, "{id} {} {} {}", file.revision, file.digest, file.modules.join(","));
            lines
        });
        fs::write(Path::new(FOLDER).join("catalogue.lock"), lines).expect("written");
        return;
    }
    assert!(found == locked, "the catalogue changed: run `make catalogue` and look at what it writes");
}
