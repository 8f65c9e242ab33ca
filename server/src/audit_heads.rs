//! `audit-heads` in the data directory: where every merchant's trail ended, noted every minute and at shutdown, outside the
//! database. A trail whose end was cut, its head with it, does not reach what was noted here.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};

use backend::{Backend, Head, Unsound};
use serde::{Deserialize, Serialize};

use crate::utc::utc_ms;

const NAME: &str = "audit-heads";

#[derive(Debug, Serialize, Deserialize)]
struct Noted {
    /// UTC milliseconds since 1970.
    at: i64,
    heads: Vec<Head>,
}

/// Notes the heads of now. A failure is logged; the next minute tries again.
pub async fn note(backend: &Backend, data_dir: &Path) {
    let heads = match backend.audit_heads().await {
        Ok(heads) => heads,
        Err(error) => return tracing::warn!(%error, "audit-heads"),
    };
    if let Err(error) = write(data_dir, &Noted { at: backend.now_ms(), heads }) {
        tracing::warn!(%error, "audit-heads");
    }
}

/// All of it or nothing: a crash leaves what was noted before.
fn write(data_dir: &Path, noted: &Noted) -> io::Result<()> {
    let new = data_dir.join(format!("{NAME}.new"));
    let mut file = File::create(&new)?;
    file.write_all(&serde_json::to_vec(noted)?)?;
    file.sync_all()?;
    fs::rename(&new, data_dir.join(NAME))?;
    File::open(data_dir)?.sync_all()
}

fn read(data_dir: &Path) -> io::Result<Option<Noted>> {
    match fs::read(data_dir.join(NAME)) {
        Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Holds every trail against its chain and the heads that were noted, and opens every sealed secret. Prints what it found,
/// a line each; `true` when all is sound.
pub async fn verify(backend: &Backend, data_dir: &Path) -> Result<bool, backend::Error> {
    let noted = read(data_dir).unwrap_or_else(|error| {
        println!("trail: {NAME} cannot be read ({error}); it is left out of account");
        None
    });
    let trails = backend.verify_trails(noted.as_ref().map_or(&[], |noted| &noted.heads)).await?;
    for (merchant, unsound) in &trails.unsound {
        match unsound {
            Unsound::Row(seq) => println!("trail of {merchant}: entry {seq} is missing, changed or out of order"),
            Unsound::Cut(seq) => {
                println!("trail of {merchant}: cut; it had entry {seq} when {NAME} was written");
            }
        }
    }
    println!("trail: {} merchants, {} entries, {} unsound", trails.merchants, trails.rows, trails.unsound.len());
    match &noted {
        Some(noted) => {
            let second = utc_ms(noted.at - noted.at % 1000);
            println!("trail: entries written after {second} and cut since cannot be told");
        }
        None => println!("trail: there is no {NAME}; entries cut from the end cannot be told"),
    }
    let (reads, unsound_reads) = backend.verify_secret_reads().await?;
    for (merchant, unsound) in &unsound_reads {
        let (Unsound::Row(seq) | Unsound::Cut(seq)) = unsound;
        println!("secret reads of {merchant}: entry {seq} is missing, changed or out of order");
    }
    println!("secret reads: {reads} entries, {} unsound", unsound_reads.len());
    let (versions, unreadable) = backend.verify_secrets().await?;
    for (key, version) in &unreadable {
        println!("secrets of {key}, version {version}: they do not open");
    }
    println!("secrets: {versions} versions, {} unreadable", unreadable.len());
    let mut all_open = unreadable.is_empty();
    for (what, count, unreadable) in backend.verify_sealed_blobs().await? {
        for id in &unreadable {
            println!("{what}: {id} does not open");
        }
        println!("{what}: {count} sealed, {} unreadable", unreadable.len());
        all_open &= unreadable.is_empty();
    }
    Ok(trails.unsound.is_empty() && unsound_reads.is_empty() && all_open)
}
