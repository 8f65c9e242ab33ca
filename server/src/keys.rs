//! `rotate-key [--remove ID | --status]`.

use std::{path::Path, time::Duration};

use backend::{Backend, KeyUses, Removed, RotationError};

use crate::serve::StartError;

/// Consoles look at the key ring's file every second.
const PATIENCE: Duration = Duration::from_secs(15);

pub async fn rotate(backend: &Backend, ring: &Path) -> Result<(), StartError> {
    let done = backend.rotate_key(PATIENCE).await?;
    let begun = if done.resumed { "finished the rotation to" } else { "rotated to" };
    println!("{begun} {}; {} rows wrapped anew", done.key_id, done.rewrapped);
    for row in &done.unreadable {
        println!("does not open, left as it is: {row}");
    }
    for old in &done.old {
        println!("{old} seals nothing new; remove it with: channel-console rotate-key --remove {old}");
    }
    println!("back up {} again, apart from the database", ring.display());
    Ok(())
}

pub async fn remove(backend: &Backend, ring: &Path, key: &str) -> Result<(), StartError> {
    match backend.remove_key(key, PATIENCE).await? {
        Removed::Gone => println!("removed {key}"),
        Removed::Checks(uses) => {
            println!("removed {key}: it opens nothing any more; kept to check {}", told(&uses.checked));
        }
    }
    println!("backups from before the rotation open with the key ring as it was: keep a copy of that with them");
    println!("back up {} again, apart from the database", ring.display());
    Ok(())
}

pub async fn status(backend: &Backend) -> Result<(), StartError> {
    let ring = backend.key_ring();
    for (id, KeyUses { sealed, checked }) in backend.keys_in_use().await.map_err(RotationError::from)? {
        let state = match () {
            () if id == ring.active_id() => "active",
            () if ring.next_id() == Some(&id) => "next",
            () if ring.opens(&id) => "old",
            () => "removed",
        };
        println!("{id}  {state}  seals: {}  checks: {}", told(&sealed), told(&checked));
    }
    Ok(())
}

fn told(uses: &[(&'static str, u64)]) -> String {
    if uses.is_empty() {
        return "nothing".to_owned();
    }
    uses.iter().map(|(what, count)| format!("{count} {what}")).collect::<Vec<_>>().join(", ")
}
