//! Configuration: `CONSOLE_…` variables, all optional, checked at start. The README lists them.

use std::{net::SocketAddr, path::PathBuf};

use backend::password::Argon2Cost;
use figment::{Figment, providers::Env};
use http::Uri;
use ipnet::IpNet;
use serde::Deserialize;

use crate::{listen::TlsFiles, names::Dns};

/// A variable that cannot be used, and why.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("CONSOLE_{name}: {why}")]
pub struct ConfigError {
    pub name: &'static str,
    pub why: String,
}

/// The variables as text.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Variables {
    addr: Option<String>,
    core_addr: Option<String>,
    data_dir: Option<String>,
    database_url: Option<String>,
    public_url: Option<String>,
    smtp_url: Option<String>,
    mail_from: Option<String>,
    trusted_proxies: Option<String>,
    keyring: Option<String>,
    core_tls_cert: Option<String>,
    core_tls_key: Option<String>,
    core_tls_client_ca: Option<String>,
    dns: Option<String>,
    log: Option<String>,
    argon2_memory_kib: Option<String>,
    argon2_passes: Option<String>,
}

/// What the host runs with.
#[derive(Debug, Clone)]
pub struct Config {
    /// The listener for people.
    pub addr: SocketAddr,
    /// The listener for payment cores; never public.
    pub core_addr: SocketAddr,
    pub data_dir: PathBuf,
    pub database_url: String,
    /// Where links in mails point; no slash at the end.
    pub public_url: String,
    /// Mails become files in the data directory without it.
    pub smtp_url: Option<String>,
    pub mail_from: String,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    pub keyring: PathBuf,
    /// Payment cores speak plain http without it; with it they prove themselves by certificate, too.
    pub core_tls: Option<TlsFiles>,
    /// Whom the host names of merchants' services are asked of.
    pub dns: Dns,
    pub log: String,
    pub argon2: Argon2Cost,
}

impl Config {
    pub fn from_environment() -> Result<Self, ConfigError> {
        // Every value is text, whatever it looks like: figment would make a number of a numeric password.
        let read = Figment::new().merge(Env::prefixed("CONSOLE_").map(|key| key.as_str().to_lowercase().into()));
        let text: std::collections::BTreeMap<String, figment::value::Value> = read.extract().unwrap_or_default();
        let text =
            text.into_iter().map(|(key, value)| (key, plain(value))).collect::<std::collections::BTreeMap<_, _>>();
        Self::from_variables(|name| text.get(name).cloned())
    }

    /// From a look-up of names without their prefix, in lower case (`data_dir`).
    pub fn from_variables(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let get = |name: &str| get(name).filter(|value| !value.trim().is_empty());
        let variables = Variables {
            addr: get("addr"),
            core_addr: get("core_addr"),
            data_dir: get("data_dir"),
            database_url: get("database_url"),
            public_url: get("public_url"),
            smtp_url: get("smtp_url"),
            mail_from: get("mail_from"),
            trusted_proxies: get("trusted_proxies"),
            keyring: get("keyring"),
            core_tls_cert: get("core_tls_cert"),
            core_tls_key: get("core_tls_key"),
            core_tls_client_ca: get("core_tls_client_ca"),
            dns: get("dns"),
            log: get("log"),
            argon2_memory_kib: get("argon2_memory_kib"),
            argon2_passes: get("argon2_passes"),
        };
        Self::checked(variables)
    }

    fn checked(variables: Variables) -> Result<Self, ConfigError> {
        let addr = address("ADDR", variables.addr, "127.0.0.1:3000")?;
        let core_addr = address("CORE_ADDR", variables.core_addr, "127.0.0.1:3001")?;
        let data_dir = PathBuf::from(variables.data_dir.unwrap_or_else(|| "./data".into()));
        let database_url =
            variables.database_url.unwrap_or_else(|| format!("sqlite://{}", data_dir.join("console.db").display()));
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| database_url.starts_with(scheme)) {
            return Err(error("DATABASE_URL", "must begin with sqlite: or postgres:"));
        }
        encrypted_or_said(&database_url)?;
        if variables.smtp_url.as_deref().is_some_and(|url| !backend::mail::Mailer::takes_smtp_url(url)) {
            let why = "is not an SMTP address; write smtp://host:port or smtps://user:password@host";
            return Err(error("SMTP_URL", why));
        }
        let mail_from =
            variables.mail_from.unwrap_or_else(|| "Channel Console <no-reply@localhost.localdomain>".into());
        sender(&mail_from)?;
        let cost = Argon2Cost::default();
        Ok(Self {
            addr,
            core_addr,
            public_url: public_url(variables.public_url, addr)?,
            smtp_url: variables.smtp_url,
            mail_from,
            trusted_proxies: networks(variables.trusted_proxies.as_deref().unwrap_or_default())?,
            core_tls: core_tls(variables.core_tls_cert, variables.core_tls_key, variables.core_tls_client_ca)?,
            dns: Dns::parse(variables.dns.as_deref().unwrap_or("system")).map_err(|why| error("DNS", why))?,
            keyring: variables.keyring.map_or_else(|| data_dir.join("keyring"), PathBuf::from),
            log: variables.log.unwrap_or_else(|| "info".into()),
            argon2: Argon2Cost {
                memory_kib: number("ARGON2_MEMORY_KIB", variables.argon2_memory_kib, cost.memory_kib, 8..=1 << 20)?,
                passes: number("ARGON2_PASSES", variables.argon2_passes, cost.passes, 1..=16)?,
            },
            data_dir,
            database_url,
        })
    }

    /// Cookies are `Secure` and bear the `__Host-` prefix.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

fn plain(value: figment::value::Value) -> String {
    use figment::value::Value;
    match value {
        Value::String(_, text) => text,
        Value::Num(_, number) => number.to_u128().map_or_else(
            || number.to_i128().map_or_else(|| number.to_f64().unwrap_or_default().to_string(), |n| n.to_string()),
            |n| n.to_string(),
        ),
        Value::Bool(_, truth) => truth.to_string(),
        other => format!("{other:?}"),
    }
}

fn error(name: &'static str, why: impl Into<String>) -> ConfigError {
    ConfigError { name, why: why.into() }
}

fn address(name: &'static str, given: Option<String>, default: &str) -> Result<SocketAddr, ConfigError> {
    let text = given.unwrap_or_else(|| default.to_owned());
    text.parse().map_err(|_| error(name, format!("{text:?} is not an address with a port, like 127.0.0.1:3000")))
}

/// Without `sslmode` a connection falls back to clear text when the other side says that it has no TLS, as whoever stands in
/// between says. On this machine that is no matter; elsewhere the operator says what is wanted.
fn encrypted_or_said(url: &str) -> Result<(), ConfigError> {
    let Ok(uri) = url.parse::<Uri>() else { return Ok(()) };
    if uri.scheme_str().is_none_or(|scheme| !scheme.starts_with("postgres")) {
        return Ok(());
    }
    let value = |name: &str| uri.query()?.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let is_here = host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    let is_socket = value("host").is_some_and(|host| host.starts_with('/') || host.starts_with("%2F"));
    let is_said = value("sslmode").is_some_and(|mode| !matches!(mode, "prefer" | "allow"));
    if is_here || is_socket || is_said {
        return Ok(());
    }
    let why = "the database is on another machine: add sslmode=verify-full (with sslrootcert=FILE for an authority of your \
               own), so that it never falls back to clear text";
    Err(error("DATABASE_URL", why))
}

/// Plain http is for this machine only: over a network, cookies and keys would pass in clear.
fn public_url(given: Option<String>, addr: SocketAddr) -> Result<String, ConfigError> {
    let Some(text) = given else { return Ok(format!("http://{addr}")) };
    let text = text.trim_end_matches('/').to_owned();
    let wrong = || error("PUBLIC_URL", format!("{text:?} is not an address like https://console.example.com"));
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else { return Err(wrong()) };
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() || !matches!(scheme, "http" | "https") {
        return Err(wrong());
    }
    let is_loopback =
        host == "localhost" || host.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    if scheme == "http" && !is_loopback {
        return Err(error("PUBLIC_URL", "plain http is accepted for this machine only; use https"));
    }
    Ok(text)
}

fn networks(text: &str) -> Result<Vec<IpNet>, ConfigError> {
    let one = |part: &str| {
        part.parse::<IpNet>().or_else(|_| part.parse::<std::net::IpAddr>().map(IpNet::from)).map_err(|_| {
            error(
                "TRUSTED_PROXIES",
                format!("{part:?} is neither an address nor a network; write 10.0.0.0/8,127.0.0.1"),
            )
        })
    };
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(one).collect()
}

/// All three or none: half a set would be plain http, or a door that anybody opens.
fn core_tls(
    cert: Option<String>,
    key: Option<String>,
    client_ca: Option<String>,
) -> Result<Option<TlsFiles>, ConfigError> {
    let why = "is needed with the other two of CONSOLE_CORE_TLS_CERT, CONSOLE_CORE_TLS_KEY, CONSOLE_CORE_TLS_CLIENT_CA";
    match (cert, key, client_ca) {
        (None, None, None) => Ok(None),
        (Some(cert), Some(key), Some(client_ca)) => {
            Ok(Some(TlsFiles { cert: cert.into(), key: key.into(), client_ca: client_ca.into() }))
        }
        (None, ..) => Err(error("CORE_TLS_CERT", why)),
        (_, None, _) => Err(error("CORE_TLS_KEY", why)),
        (.., None) => Err(error("CORE_TLS_CLIENT_CA", why)),
    }
}

fn number(
    name: &'static str,
    given: Option<String>,
    default: u32,
    range: std::ops::RangeInclusive<u32>,
) -> Result<u32, ConfigError> {
    let Some(text) = given else { return Ok(default) };
    text.parse()
        .ok()
        .filter(|n| range.contains(n))
        .ok_or_else(|| error(name, format!("{text:?} is not a number from {} to {}", range.start(), range.end())))
}

fn sender(text: &str) -> Result<(), ConfigError> {
    backend::mail::mailbox(text).map(|_| ()).ok_or_else(|| {
        error("MAIL_FROM", format!("{text:?} is not an address like Channel Console <no-reply@example.com>"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_variables(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn nothing_set_serves_this_machine() {
        let config = with(&[]).expect("defaults are fine");
        assert_eq!(config.public_url, "http://127.0.0.1:3000");
        assert_eq!(config.database_url, "sqlite://./data/console.db");
        assert!(!config.is_https());
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (name, value) in [
            ("addr", "3000"),
            ("core_addr", "localhost"),
            ("database_url", "mysql://x"),
            ("database_url", "postgres://console@db.example.com/console"),
            ("database_url", "postgres://console@db.example.com/console?sslmode=prefer"),
            ("public_url", "console.example.com"),
            ("public_url", "http://console.example.com"),
            ("public_url", "https://console.example.com/path"),
            ("smtp_url", "mail.example.com"),
            ("mail_from", "nobody"),
            ("trusted_proxies", "10.0.0.0/8, proxy"),
            ("dns", "8.8.8.8"),
            ("argon2_memory_kib", "lots"),
            ("argon2_passes", "0"),
        ] {
            let refused = with(&[(name, value)]).expect_err(name);
            assert_eq!(refused.name.to_lowercase(), name, "{value}");
        }
    }

    #[test]
    fn a_database_elsewhere_is_spoken_to_as_the_operator_said() {
        for url in [
            "postgres://console@db.example.com/console?sslmode=verify-full",
            "postgres://console@10.0.0.7/console?sslmode=disable",
            "postgres://console@localhost/console",
            "postgres://console@[::1]:5432/console",
            "postgres://postgres@localhost:5432/postgres?host=%2Frun%2Fpostgresql",
        ] {
            assert_eq!(with(&[("database_url", url)]).expect(url).database_url, url);
        }
    }

    #[test]
    fn tls_towards_payment_cores_takes_all_three_files_or_none() {
        let all = [("core_tls_cert", "c.pem"), ("core_tls_key", "k.pem"), ("core_tls_client_ca", "ca.pem")];
        assert!(with(&all).expect("valid").core_tls.is_some());
        assert_eq!(with(&[]).expect("valid").core_tls, None);
        for missing in 0..all.len() {
            let some: Vec<_> = all.iter().enumerate().filter(|(i, _)| *i != missing).map(|(_, pair)| *pair).collect();
            assert_eq!(with(&some).expect_err("half a set").name.to_lowercase(), all[missing].0);
        }
    }

    #[test]
    fn proxies_are_addresses_or_networks() {
        let config = with(&[("trusted_proxies", "127.0.0.1, 10.0.0.0/8,::1")]).expect("valid");
        assert_eq!(config.trusted_proxies.len(), 3);
    }
}
