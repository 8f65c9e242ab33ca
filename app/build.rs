//! Tells [`assets`](src/assets.rs) what version of `public` this is: a mark of the names and contents of its files.

use std::{error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../public");
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../public"), &mut files)?;
    files.sort();
    // FNV-1a: for telling one version from the next, not for proving anything.
    let mut mark = 0xcbf2_9ce4_8422_2325_u64;
    for (name, content) in files {
        for byte in name.bytes().chain(content) {
            mark = (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    println!("cargo::rustc-env=PUBLIC_VERSION={:08x}", mark >> 32);
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<(String, Vec<u8>)>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, fs::read(&path)?));
        }
    }
    Ok(())
}
