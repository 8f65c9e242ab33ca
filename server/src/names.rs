//! Whom host names are asked of.

use std::{net::IpAddr, path::PathBuf, sync::Arc};

use async_trait::async_trait;
use backend::resolver::{Answer, Resolver};
use dns_lookup::LookupErrorKind;
use tokio::{sync::Semaphore, task::spawn_blocking};

/// `CONSOLE_DNS`
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dns {
    /// The machine's resolver.
    System,
    /// Nobody is asked.
    Off,
    /// A file like `/etc/hosts` is asked instead.
    Hosts(PathBuf),
}

impl Dns {
    /// Reads the variable; the sentence says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "system" => Ok(Self::System),
            "off" => Ok(Self::Off),
            path if path.starts_with('/') => {
                let read = std::fs::read_to_string(path).map_err(|error| format!("{path} cannot be read: {error}"))?;
                let wrong = read.lines().position(|line| !is_entry(line));
                match wrong {
                    Some(index) => Err(format!("line {} of {path} is not like: 93.184.216.34 example.com", index + 1)),
                    None => Ok(Self::Hosts(path.into())),
                }
            }
            other => Err(format!("{other:?} is neither system nor off nor the whole path of a hosts file")),
        }
    }

    pub fn resolver(&self) -> Arc<dyn Resolver> {
        match self {
            Self::System => Arc::new(SystemNames { turns: Arc::new(Semaphore::new(AT_ONCE)) }),
            Self::Off => Arc::new(NoNames),
            Self::Hosts(path) => Arc::new(HostsFile { path: path.clone() }),
        }
    }
}

/// Look-ups at once: each keeps a thread, and one that nobody answers keeps it for long.
const AT_ONCE: usize = 16;

/// As every program of the machine asks.
struct SystemNames {
    turns: Arc<Semaphore>,
}

#[async_trait]
impl Resolver for SystemNames {
    async fn look_up(&self, name: &str) -> Answer {
        let Ok(turn) = Arc::clone(&self.turns).acquire_owned().await else { return Answer::Unanswered };
        // With a dot at its end the name is whole: no search list of this machine makes another of it.
        let name = format!("{name}.");
        let asked = spawn_blocking(move || {
            let answer = known_by(ask, &name);
            // Whoever asked may be gone by now; the thread was busy all the same.
            drop(turn);
            answer
        });
        asked.await.unwrap_or(Answer::Unanswered)
    }
}

/// A name that every resolver knows that knows the names of the world.
const KNOWN: &str = "a.root-servers.net.";

/// What is said of a name, by whom it can be believed: in a closed network resolvers deny every name outside of it.
fn known_by(ask: impl Fn(&str) -> Answer, name: &str) -> Answer {
    match ask(name) {
        Answer::NoSuchName if !matches!(ask(KNOWN), Answer::Addresses(_)) => {
            tracing::warn!("the resolver does not know the names of the world; see CONSOLE_DNS");
            Answer::Unanswered
        }
        answer => answer,
    }
}

fn ask(name: &str) -> Answer {
    match dns_lookup::lookup_host(name).map_err(|error| error.kind()) {
        Ok(addresses) => Answer::Addresses(addresses.collect()),
        Err(LookupErrorKind::NoName | LookupErrorKind::NoData) => Answer::NoSuchName,
        Err(kind) => {
            tracing::warn!(?kind, "the resolver does not answer");
            Answer::Unanswered
        }
    }
}

struct NoNames;

#[async_trait]
impl Resolver for NoNames {
    async fn look_up(&self, _name: &str) -> Answer {
        Answer::Unanswered
    }
}

/// Read at every look-up, so that a name can be added while the console serves.
struct HostsFile {
    path: PathBuf,
}

#[async_trait]
impl Resolver for HostsFile {
    async fn look_up(&self, name: &str) -> Answer {
        match tokio::fs::read_to_string(&self.path).await {
            Ok(text) => listed(&text, name),
            Err(error) => {
                tracing::warn!(path = %self.path.display(), %error, "the hosts file cannot be read");
                Answer::Unanswered
            }
        }
    }
}

fn listed(text: &str, name: &str) -> Answer {
    let entries =
        text.lines().filter_map(entry).filter(|(_, names)| names.iter().any(|one| one.eq_ignore_ascii_case(name)));
    let addresses: Vec<IpAddr> = entries.map(|(address, _)| address).collect();
    if addresses.is_empty() { Answer::NoSuchName } else { Answer::Addresses(addresses) }
}

/// An address and its names; `None` for a line that has neither.
fn entry(line: &str) -> Option<(IpAddr, Vec<&str>)> {
    let mut words = words(line);
    Some((words.next()?.parse().ok()?, words.collect()))
}

fn is_entry(line: &str) -> bool {
    words(line).next().is_none() || entry(line).is_some_and(|(_, names)| !names.is_empty())
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split('#').next().unwrap_or_default().split_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# the shops of this network\n93.184.216.34  shop.example.com www.example.com # two names\n\n\
                        2606:4700::1 shop.example.com\n";

    #[test]
    fn a_hosts_file_has_all_addresses_of_a_name() {
        let both = ["93.184.216.34", "2606:4700::1"].map(|text| text.parse().expect("an address"));
        assert_eq!(listed(FILE, "shop.example.com"), Answer::Addresses(both.into()));
        assert_eq!(listed(FILE, "WWW.example.com"), Answer::Addresses(both[..1].into()));
        assert_eq!(listed(FILE, "example.com"), Answer::NoSuchName);
        assert_eq!(listed(FILE, "two"), Answer::NoSuchName, "a remark is no name");
    }

    #[test]
    fn a_resolver_that_knows_nobody_is_not_believed_when_it_denies_a_name() {
        let here = || Answer::Addresses(vec![[198, 41, 0, 4].into()]);
        let of_the_world = |name: &str| if name == KNOWN { here() } else { Answer::NoSuchName };
        assert_eq!(known_by(of_the_world, "nowhere.example.com."), Answer::NoSuchName);
        assert_eq!(known_by(|_| Answer::NoSuchName, "nowhere.example.com."), Answer::Unanswered);
        // What it does know is believed: a private name that leads into its network is refused.
        let of_a_network = |name: &str| if name == KNOWN { Answer::NoSuchName } else { here() };
        assert_eq!(known_by(of_a_network, "intranet.example.com."), here());
    }

    #[test]
    fn whom_to_ask_is_said_in_one_word_or_a_path() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = |text: &str| {
            let path = dir.path().join("hosts");
            std::fs::write(&path, text).expect("written");
            path
        };
        assert_eq!(Dns::parse("system"), Ok(Dns::System));
        assert_eq!(Dns::parse("off"), Ok(Dns::Off));
        let path = file(FILE);
        assert_eq!(Dns::parse(&path.display().to_string()), Ok(Dns::Hosts(path)));
        for wrong in ["on", "hosts", "/no/such/file"] {
            assert!(Dns::parse(wrong).is_err(), "{wrong}");
        }
        for wrong in ["shop.example.com 93.184.216.34", "93.184.216.34"] {
            let refused = Dns::parse(&file(&format!("\n{wrong}\n")).display().to_string());
            assert!(refused.as_ref().is_err_and(|why| why.starts_with("line 2 ")), "{refused:?}");
        }
    }
}
