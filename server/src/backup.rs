//! `backup PATH`.

use std::path::Path;

use backend::{Backend, Db};

use crate::{
    config::Config,
    serve::{self, StartError},
};

pub async fn take(config: &Config, path: &Path) -> Result<(), StartError> {
    if !config.database_url.starts_with("sqlite:") {
        // Neither the address nor the password that may be in it.
        return Err(StartError::NotThere(
            "PostgreSQL is copied by its own tool, while consoles serve: \
             pg_dump --format=custom --file=PATH \"$CONSOLE_DATABASE_URL\" (and pg_restore brings it back). \
             Keep the key ring apart from it",
        ));
    }
    // A backup is often taken before an upgrade, with the program that is about to be: it shall not migrate first.
    if Db::is_behind(&config.database_url).await.map_err(StartError::Database)? {
        return Err(StartError::NotThere(
            "the database is of an earlier version: take the backup with the program that serves it",
        ));
    }
    let backend: &Backend = &*serve::backend(config).await?;
    let made = backend.backup(path).await?;
    println!("{}: {} bytes, sound, up to event {}", path.display(), made.bytes, made.seq);
    println!("{} sealed versions were drawn and opened", made.opened);
    println!(
        "the key ring is not in it, and without it nothing sealed opens: keep {} apart from the backup",
        config.keyring.display()
    );
    Ok(())
}
