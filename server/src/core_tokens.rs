//! `core-token create | list | revoke`.

use backend::{Backend, CoreGrant, Error};

use crate::{serve::StartError, utc::utc_ms};

pub async fn create(backend: &Backend, grant: &CoreGrant) -> Result<(), StartError> {
    let made = backend.grant_core_token(grant).await.map_err(|error| match error {
        Error::NotFound => StartError::NotThere("--store: there is no such store"),
        other => other.into(),
    })?;
    // The one time it can be seen.
    println!("{}", made.token.expose());
    Ok(())
}

pub async fn list(backend: &Backend) -> Result<(), StartError> {
    let tokens = backend.core_tokens().await?;
    if tokens.is_empty() {
        println!("no core tokens; make one with: channel-console core-token create --name NAME");
    }
    for token in tokens {
        let words = |items: Vec<String>, none: &str| if items.is_empty() { none.to_owned() } else { items.join(",") };
        let scopes = words(token.scopes.iter().map(|scope| scope.as_str().to_owned()).collect(), "none");
        let stores = words(token.stores.iter().map(ToString::to_string).collect(), "all");
        let used = token.last_used_at.map_or_else(|| "never".to_owned(), utc_ms);
        let state = token.revoked_at.map_or_else(|| "active".to_owned(), |at| format!("revoked {}", utc_ms(at)));
        let (kid, name, made) = (token.kid, token.name, utc_ms(token.created_at));
        println!("{kid}  {state}  name={name:?}  scopes={scopes}  stores={stores}  made={made}  used={used}");
    }
    Ok(())
}

pub async fn revoke(backend: &Backend, kid: &str) -> Result<(), StartError> {
    backend.revoke_core_token(kid).await.map_err(|error| match error {
        Error::NotFound => StartError::NotThere("there is no such core token, or it was revoked before"),
        other => other.into(),
    })?;
    println!("revoked {kid}");
    Ok(())
}
