//! SECURITY.md says which test shows what: those tests are there.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Every file of the tests, and of the sources with tests of their own, by its name.
fn files(below: &Path, found: &mut BTreeMap<String, Vec<PathBuf>>) {
    for entry in std::fs::read_dir(below).expect("a folder") {
        let path = entry.expect("readable").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("text").to_owned();
        if path.is_dir() && !["target", "node_modules", ".git", "test-results"].contains(&name.as_str()) {
            files(&path, found);
        } else if path.is_file() {
            found.entry(name).or_default().push(path);
        }
    }
}

#[test]
fn every_test_that_security_md_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let mut found = BTreeMap::new();
    for folder in ["app", "server", "migrations", "end2end", ".setup"] {
        files(&root.join(folder), &mut found);
    }
    let text = std::fs::read_to_string(root.join("SECURITY.md")).expect("a file");
    let (_, table) = text.split_once("## Point by point").expect("the table");
    let rows: Vec<&str> =
        table.lines().filter(|line| line.starts_with("| ") && line.matches('|').count() > 3).collect();
    let mut missing = Vec::new();
    let mut tests = 0;
    for row in &rows {
        let by = row.rsplit('|').nth(1).expect("a column");
        let mut at: Vec<&PathBuf> = Vec::new();
        // What stands in code: a file, and after it what it holds.
        for (number, named) in by.split('`').enumerate().filter(|(number, _)| number % 2 == 1) {
            if Path::new(named).extension().is_some_and(|end| ["rs", "ts", "mjs", "sh"].iter().any(|one| end == *one)) {
                let name = named.rsplit('/').next().expect("a name");
                at = found.get(name).into_iter().flatten().collect();
                if at.is_empty() {
                    missing.push(format!("{named} of {row}"));
                }
            } else if !at.is_empty() {
                tests += 1;
                let is_there =
                    at.iter().any(|file| std::fs::read_to_string(file).is_ok_and(|text| text.contains(named)));
                if !is_there {
                    missing.push(format!("{named} (number {number}) of {row}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(rows.len() > 60 && tests > 90, "{} rows, {tests} tests", rows.len());
}
