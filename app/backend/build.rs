//! Parses the catalogue while building: a file that is wrong fails the build with its name, line and reason.

use domain::catalogue::Catalogue;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if let Err(error) = Catalogue::parse_embedded() {
        for line in error.to_string().lines() {
            println!("cargo::error={line}");
        }
    }
}
