//! Host names as a dependency. Names go out and addresses come back: nobody is ever connected to.

use std::{net::IpAddr, time::Duration};

use async_trait::async_trait;
use domain::application::{ApplicationError, ServiceUrl, is_public};
use tokio::time::timeout;
use uuid::Uuid;

use crate::{Backend, error::Result, limits::LOOK_UP, time_ms};

/// What a resolver says of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// All its addresses; at least one.
    Addresses(Vec<IpAddr>),
    /// There is no such name, or it has no address.
    NoSuchName,
    /// The resolver cannot tell: no network, no answer, or it is told not to ask.
    Unanswered,
}

/// Whom names are asked of: the machine's resolver in the host, a list in tests.
#[async_trait]
pub trait Resolver: Send + Sync + 'static {
    /// Looks a name up, which is whole and in ASCII (`xn--…` for 한국).
    async fn look_up(&self, name: &str) -> Answer;
}

/// When a host was found, if anybody knows, or what is wrong with it.
pub(crate) type Host = std::result::Result<Option<i64>, ApplicationError>;

/// How long somebody waits for it who saves a form.
const PATIENCE: Duration = Duration::from_secs(3);

impl Backend {
    /// Looks up the host of a service: when it was found, or what is wrong with it.
    ///
    /// `None` is no refusal. A resolver that does not answer is no fault of the merchant's, who could do nothing about it
    /// and must not be stuck; whoever reviews the application opens the address anyway, and is told that nobody has found
    /// it yet. It is looked up again when the application is submitted.
    pub(crate) async fn look_up(&self, merchant: Uuid, url: &ServiceUrl) -> Result<Host> {
        self.limits.check(LOOK_UP, &merchant.to_string())?;
        let Some(name) = in_ascii(url.host()) else { return Ok(Err(ApplicationError::UrlUnknown)) };
        let answer = timeout(PATIENCE, self.resolver.look_up(&name)).await.unwrap_or(Answer::Unanswered);
        Ok(match answer {
            // One private address is enough: who opens the page may get that one.
            Answer::Addresses(all) if !all.iter().copied().all(is_public) => Err(ApplicationError::UrlPrivate),
            Answer::Addresses(all) if !all.is_empty() => Ok(Some(time_ms(self.clock.now()))),
            Answer::Addresses(_) | Answer::NoSuchName => Err(ApplicationError::UrlUnknown),
            Answer::Unanswered => Ok(None),
        })
    }
}

/// The name as the DNS has it; `None` for one that it cannot have.
fn in_ascii(host: &str) -> Option<String> {
    let name = idna::domain_to_ascii(host).ok()?;
    let fits = name.len() <= 253 && name.split('.').all(|label| (1..=63).contains(&label.len()));
    fits.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_asked_for_as_the_dns_has_it() {
        assert_eq!(in_ascii("shop.example.com").as_deref(), Some("shop.example.com"));
        assert_eq!(in_ascii("우리가게.한국").as_deref(), Some("xn--o39akk294a1um.xn--3e0b707e"));
        assert_eq!(in_ascii(&format!("{}.com", "가".repeat(63))), None);
    }
}
