//! How often somebody may try. Every limit has a name and its figures here; they come from the security notes.
//!
//! Two layers: memory, which spares the database whoever tries again and again, and counters in the database, which
//! survive a restart and are shared by all consoles. Limits by the second (calls of the management API) are in memory
//! only: a restart takes longer than they last.

mod caps;
mod counters;
mod guesses;
mod hits;
mod known_devices;

use std::{fmt, hash::Hash, net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

use governor::{
    NotUntil, Quota, RateLimiter, clock::Clock as _, middleware::NoOpMiddleware, nanos::Nanos,
    state::keyed::DefaultKeyedStateStore,
};

pub use caps::Caps;
pub(crate) use caps::{Room, require_room};
pub(crate) use guesses::Guesser;
use hits::Hits;

use crate::error::{Error, Result};

/// A limit that is counted in the database: at most `most` within a `window` that begins with the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit {
    pub name: &'static str,
    pub most: u32,
    pub window: time::Duration,
    /// How many of them at once; the others come one by one over the window.
    burst: u32,
}

impl Limit {
    const fn new(name: &'static str, most: u32, window: time::Duration) -> Self {
        Self { name, most, window, burst: most }
    }

    const fn at_once(self, burst: u32) -> Self {
        Self { burst, ..self }
    }
}

const MINUTE: time::Duration = time::Duration::MINUTE;
const HOUR: time::Duration = time::Duration::HOUR;
const DAY: time::Duration = time::Duration::DAY;

pub(crate) const LOGIN_BY_CLIENT: Limit = Limit::new("login_by_client", 20, MINUTE).at_once(5);
pub(crate) const SIGN_UP_BY_CLIENT: Limit = Limit::new("sign_up_by_client", 3, HOUR);
/// Sign-ups wait a day for their mail: so many of one client wait at once, at the most.
pub(crate) const SIGN_UPS_A_DAY: Limit = Limit::new("sign_ups_a_day", 20, DAY);
/// Mails that a sign-up sends to one address; beyond it the sign-up is answered the same, and no mail goes.
pub(crate) const SIGN_UP_TO_ADDRESS: Limit = Limit::new("sign_up_to_address", 5, DAY);
pub(crate) const RESEND_BY_CLIENT: Limit = Limit::new("resend_by_client", 10, HOUR).at_once(5);
pub(crate) const RESEND_TO_ADDRESS: Limit = Limit::new("resend_to_address", 1, MINUTE);
pub(crate) const RESENDS_A_DAY: Limit = Limit::new("resends_a_day", 5, DAY);
pub(crate) const RESET_BY_CLIENT: Limit = Limit::new("reset_by_client", 3, HOUR);
pub(crate) const RESET_TO_ADDRESS: Limit = Limit::new("reset_to_address", 1, HOUR);
/// Mails to strangers, by merchant.
pub(crate) const INVITE: Limit = Limit::new("invite", 100, HOUR);
/// A password typed again by a member who is logged in: whoever found the browser open may not guess on.
pub(crate) const PASSWORD_AGAIN: Limit = Limit::new("password_again", 30, MINUTE).at_once(40);

/// Comparisons with a channel's stored secrets, by channel: some of those have six digits, and nobody shall guess them.
pub(crate) const COMPARE_SECRET: Limit = Limit::new("compare_secret", 10, HOUR);

/// Host names that are looked up for a merchant: the console is nobody's way to ask for the names of its network.
pub(crate) const LOOK_UP: Limit = Limit::new("look_up", 60, HOUR);

/// Those that a client or a merchant is refused by, and so are held in memory too. What is counted by mail address is
/// refused without a word and in the transaction of the mail.
const IN_MEMORY: [Limit; 9] = [
    LOGIN_BY_CLIENT,
    SIGN_UP_BY_CLIENT,
    SIGN_UPS_A_DAY,
    RESEND_BY_CLIENT,
    RESET_BY_CLIENT,
    INVITE,
    PASSWORD_AGAIN,
    COMPARE_SECRET,
    LOOK_UP,
];

/// Wrong passwords by name of their counter; see [`guesses`].
const GUESSES_ARE_KEPT: time::Duration = time::Duration::days(30);

type Limiter<K> = RateLimiter<K, DefaultKeyedStateStore<K>, OurClock, NoOpMiddleware<Nanos>>;

/// The backend's clock, as the limiters read it.
#[derive(Clone)]
struct OurClock(Arc<dyn domain::clock::Clock>);

impl governor::clock::Clock for OurClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        u64::try_from(self.0.now().unix_timestamp_nanos()).unwrap_or_default().into()
    }
}

/// The first layer.
pub struct Limits {
    counted: Vec<(&'static str, Limiter<String>)>,
    api_calls: Limiter<String>,
    api_refusals: Limiter<IpAddr>,
    pub(crate) hits: Hits,
}

impl Limits {
    pub fn new(clock: &Arc<dyn domain::clock::Clock>) -> Self {
        let limit = |limit: Limit| {
            let window = limit.window.unsigned_abs();
            (limit.name, limiter(per(window, limit.most, limit.burst), clock))
        };
        Self {
            counted: IN_MEMORY.map(limit).into(),
            api_calls: limiter(per(Duration::from_secs(1), 100, 500), clock),
            api_refusals: limiter(per(Duration::from_secs(1), 10, 500), clock),
            hits: Hits::default(),
        }
    }

    /// Takes one of what `subject` may, as far as memory knows.
    pub(crate) fn check(&self, limit: Limit, subject: &str) -> Result<()> {
        let held = self.counted.iter().find(|(name, _)| *name == limit.name);
        held.map_or(Ok(()), |(name, limiter)| self.hits.counted(name, check(limiter, &subject.to_owned())))
    }

    /// Calls of the management API, by the credential that was shown and is right.
    pub fn api_call(&self, credential: &str) -> Result<()> {
        self.hits.counted("api_calls", check(&self.api_calls, &credential.to_owned()))
    }

    /// A credential of the management API that was refused.
    pub fn api_refusal(&self, client: IpAddr) -> Result<()> {
        self.hits.counted("api_refusals", check(&self.api_refusals, &network_of(client)))
    }

    /// Forgets subjects that have not tried for a while.
    pub fn sweep(&self) {
        self.counted.iter().for_each(|(_, limiter)| limiter.retain_recent());
        self.api_calls.retain_recent();
        self.api_refusals.retain_recent();
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Limits")
    }
}

/// Who a client is to its limits.
pub(crate) fn client(address: IpAddr) -> String {
    network_of(address).to_string()
}

/// One IPv6 customer has a /64: it counts as one client.
fn network_of(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V4(_) => client,
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(
            || {
                let [a, b, c, d, ..] = v6.segments();
                std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            },
            IpAddr::V4,
        ),
    }
}

fn per(period: Duration, count: u32, burst: u32) -> Quota {
    let one = NonZeroU32::MIN;
    Quota::with_period(period / count.max(1))
        .unwrap_or_else(|| Quota::per_second(one))
        .allow_burst(NonZeroU32::new(burst).unwrap_or(one))
}

fn limiter<K: Hash + Eq + Clone>(quota: Quota, clock: &Arc<dyn domain::clock::Clock>) -> Limiter<K> {
    RateLimiter::new(quota, DefaultKeyedStateStore::default(), OurClock(Arc::clone(clock)))
}

fn check<K: Hash + Eq + Clone>(limiter: &Limiter<K>, key: &K) -> Result<()> {
    let wait = |not_until: NotUntil<Nanos>| not_until.wait_time_from(limiter.clock().now());
    limiter.check_key(key).map_err(|not_until| too_many(wait(not_until)))
}

/// To be told at least a second, since that is what a header can say.
fn too_many(wait: Duration) -> Error {
    Error::TooManyAttempts { retry_after: wait.max(Duration::from_secs(1)) }
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;

    struct Still;

    impl domain::clock::Clock for Still {
        fn now(&self) -> OffsetDateTime {
            OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000)
        }
    }

    fn limits() -> Limits {
        let clock: Arc<dyn domain::clock::Clock> = Arc::new(Still);
        Limits::new(&clock)
    }

    #[test]
    fn the_sixth_login_in_a_row_waits() {
        let limits = limits();
        for _ in 0..5 {
            assert!(limits.check(LOGIN_BY_CLIENT, "192.0.2.1").is_ok());
        }
        let sixth = limits.check(LOGIN_BY_CLIENT, "192.0.2.1");
        assert!(
            matches!(sixth, Err(Error::TooManyAttempts { retry_after }) if retry_after == Duration::from_secs(3)),
            "{sixth:?}"
        );
        assert!(limits.check(LOGIN_BY_CLIENT, "192.0.2.2").is_ok(), "another client is not held up");
    }

    #[test]
    fn one_ipv6_network_is_one_client() {
        let one = client(IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]));
        assert_eq!(one, "2001:db8::");
        assert_eq!(one, client(IpAddr::from([0x2001, 0xdb8, 0, 0, 9, 9, 9, 9])));
        assert_ne!(one, client(IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, 1])), "the next network is another's");
        assert_eq!(client("::ffff:192.0.2.7".parse().expect("an address")), "192.0.2.7");
    }

    #[test]
    fn every_limit_has_a_name_of_its_own() {
        let all = [SIGN_UP_TO_ADDRESS, RESEND_TO_ADDRESS, RESENDS_A_DAY, RESET_TO_ADDRESS];
        let names: std::collections::BTreeSet<_> = IN_MEMORY.iter().chain(&all).map(|limit| limit.name).collect();
        assert_eq!(names.len(), IN_MEMORY.len() + all.len());
    }
}
