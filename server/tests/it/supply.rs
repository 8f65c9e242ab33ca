//! What is built and what is installed is what the lock files say, and installing runs nothing.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn json(path: &str) -> Value {
    serde_json::from_str(&text(path)).expect("JSON")
}

fn npm(folder: &Path, words: &[&str]) -> String {
    let ended = Command::new("npm").args(words).current_dir(folder).output().expect("npm");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).expect("text")
}

#[test]
fn a_package_of_the_browser_tests_runs_nothing_because_it_is_installed() {
    assert_eq!(npm(&root().join("end2end"), &["config", "get", "ignore-scripts"]).trim(), "true");
    // A package that would leave a file behind, under the same settings.
    let folder = tempfile::tempdir().expect("a folder");
    let put = |path: &str, content: &str| fs::write(folder.path().join(path), content).expect("written");
    fs::create_dir(folder.path().join("curious")).expect("a folder");
    put(".npmrc", &text("end2end/.npmrc"));
    put("package.json", r#"{"private": true, "dependencies": {"curious": "file:./curious"}}"#);
    put(
        "curious/package.json",
        r#"{"name": "curious", "version": "1.0.0", "scripts": {"postinstall": "echo ran > \"$INIT_CWD/ran\""}}"#,
    );
    npm(folder.path(), &["install", "--offline", "--no-audit", "--no-fund", "--cache", "cache"]);
    assert!(folder.path().join("node_modules/curious/package.json").exists(), "it was installed");
    assert!(!folder.path().join("ran").exists(), "it ran");
}

#[test]
fn packages_are_for_tests_only_and_each_is_locked_by_its_hash() {
    let package = json("end2end/package.json");
    for kind in ["dependencies", "optionalDependencies", "peerDependencies", "bundleDependencies"] {
        assert!(package.get(kind).is_none(), "{kind}");
    }
    for (name, version) in package["devDependencies"].as_object().expect("packages") {
        let version = version.as_str().expect("a version");
        assert!(version.split('.').all(|part| part.parse::<u32>().is_ok()), "{name} {version}: not to the digit");
    }
    let lock = json("end2end/package-lock.json");
    assert_eq!(lock["packages"][""]["devDependencies"], package["devDependencies"], "the lock file is an older one");
    let packages = lock["packages"].as_object().expect("packages");
    for (path, package) in packages.iter().filter(|(path, _)| !path.is_empty()) {
        let hash = package["integrity"].as_str().unwrap_or_default();
        assert!(hash.starts_with("sha512-"), "{path}: {hash}");
        assert_eq!(package["hasInstallScript"], Value::Null, "{path} asks to run something");
    }
    assert!(packages.len() > 50, "{}", packages.len());
    assert!(!root().join("package.json").exists() && !root().join("app/package.json").exists(), "none for the program");
}

#[test]
fn every_build_takes_the_versions_of_the_lock_file() {
    let is_build =
        |line: &str| ["build", "test", "clippy", "bench", "run", "fetch"].iter().any(|word| names(line, word));
    let mut builds = 0;
    for file in ["Makefile", ".setup/torture.sh", ".setup/deny.sh", ".setup/fuzz.sh", ".setup/mutants.sh", ".ci/run"] {
        for line in text(file).lines().filter(|line| !line.trim_start().starts_with('#') && is_build(line)) {
            builds += 1;
            assert!(line.contains("-locked"), "{file}: {line}");
        }
    }
    assert!(builds > 10, "{builds}");
    let ignored = Command::new("git").args(["check-ignore", "-q", "Cargo.lock"]).current_dir(root()).status();
    assert!(!ignored.is_ok_and(|status| status.success()), "Cargo.lock is committed");
    for package in text("Cargo.lock").split("[[package]]").skip(1) {
        let from = package.lines().find_map(|line| line.strip_prefix("source = "));
        let Some(from) = from else { continue };
        assert_eq!(from, "\"registry+https://github.com/rust-lang/crates.io-index\"");
        assert!(package.contains("\nchecksum = \""), "{package}");
    }
}

/// Whether a line asks cargo for this.
fn names(line: &str, word: &str) -> bool {
    line.split("cargo ").skip(1).any(|rest| rest.strip_prefix("leptos ").unwrap_or(rest).starts_with(word))
}
