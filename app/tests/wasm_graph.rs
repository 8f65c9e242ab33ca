//! What the browser is sent: no crate of the server may be in it.

use std::process::Command;

/// Crates that belong to the server. Some would not even compile to wasm; all would be weight or a leak.
const SERVER_CRATES: [&str; 13] = [
    "backend",
    "migrations",
    "server",
    "sea-orm",
    "sqlx",
    "sqlx-core",
    "argon2",
    "axum",
    "tokio",
    "tower-sessions",
    "lettre",
    "aes-gcm",
    "zxcvbn",
];

#[test]
fn the_browser_gets_no_server_crate() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", "app", "--no-default-features", "--features", "hydrate"])
        .args(["--target", "wasm32-unknown-unknown", "--edges", "normal", "--prefix", "none", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo tree runs");
    let tree = String::from_utf8(output.stdout).expect("names are text");
    let crates: Vec<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(
        crates.contains(&"leptos") && crates.contains(&"domain"),
        "the graph was not read: {output:?}",
        output = output.stderr
    );
    let found: Vec<_> = SERVER_CRATES.iter().filter(|name| crates.contains(name)).collect();
    assert!(found.is_empty(), "in the wasm: {found:?}");
}
