//! How often somebody may try. In memory, by name; counters that must survive a restart are in `rate_counters`.

use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    net::IpAddr,
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::error::{Error, Result};

/// Every limiter by its name; figures of the security notes (login 20/min and burst 5, sign-up 3/h, resend 1/min, API
/// 100/s a credential).
pub struct Limits {
    login: DefaultKeyedRateLimiter<IpAddr>,
    sign_up: DefaultKeyedRateLimiter<IpAddr>,
    resend_by_client: DefaultKeyedRateLimiter<IpAddr>,
    resend_to_address: DefaultKeyedRateLimiter<String>,
    password_again: DefaultKeyedRateLimiter<Uuid>,
    wrong_passwords: Mutex<HashMap<Uuid, Wrong>>,
    reset_by_client: DefaultKeyedRateLimiter<IpAddr>,
    reset_to_address: DefaultKeyedRateLimiter<String>,
    invite: DefaultKeyedRateLimiter<Uuid>,
    api_calls: DefaultKeyedRateLimiter<String>,
    api_refusals: DefaultKeyedRateLimiter<IpAddr>,
}

/// Wrong passwords in a row.
#[derive(Debug, Clone, Copy)]
struct Wrong {
    count: u32,
    last: OffsetDateTime,
}

const WRONG: u32 = 5;
const WRONG_WAIT: time::Duration = time::Duration::minutes(1);

impl Default for Limits {
    fn default() -> Self {
        Self {
            login: RateLimiter::keyed(per(Duration::from_mins(1), 20, 5)),
            sign_up: RateLimiter::keyed(per(Duration::from_hours(1), 3, 3)),
            resend_by_client: RateLimiter::keyed(per(Duration::from_hours(1), 10, 5)),
            resend_to_address: RateLimiter::keyed(per(Duration::from_mins(1), 1, 1)),
            password_again: RateLimiter::keyed(per(Duration::from_mins(1), 30, 40)),
            wrong_passwords: Mutex::default(),
            reset_by_client: RateLimiter::keyed(per(Duration::from_hours(1), 10, 5)),
            reset_to_address: RateLimiter::keyed(per(Duration::from_hours(1), 3, 3)),
            invite: RateLimiter::keyed(per(Duration::from_hours(1), 100, 100)),
            api_calls: RateLimiter::keyed(per(Duration::from_secs(1), 100, 500)),
            api_refusals: RateLimiter::keyed(per(Duration::from_secs(1), 10, 500)),
        }
    }
}

impl Limits {
    pub fn login(&self, client: IpAddr) -> Result<()> {
        check(&self.login, &subject(client))
    }

    pub fn sign_up(&self, client: IpAddr) -> Result<()> {
        check(&self.sign_up, &subject(client))
    }

    pub fn resend_by_client(&self, client: IpAddr) -> Result<()> {
        check(&self.resend_by_client, &subject(client))
    }

    /// A password typed again by a member who is logged in: whoever found the browser open may not guess on. Five wrong
    /// ones make everybody wait; the limiter bounds those that are compared at once.
    pub fn password_again(&self, member: Uuid, now: OffsetDateTime) -> Result<()> {
        check(&self.password_again, &member)?;
        let wrong = self.wrong_passwords.lock().unwrap_or_else(PoisonError::into_inner);
        let until = wrong.get(&member).filter(|wrong| wrong.count >= WRONG).map(|wrong| wrong.last + WRONG_WAIT);
        match until.map(|until| until - now).filter(|left| left.is_positive()) {
            Some(left) => Err(Error::TooManyAttempts { retry_after: left.unsigned_abs().max(Duration::from_secs(1)) }),
            None => Ok(()),
        }
    }

    pub fn password_was_wrong(&self, member: Uuid, now: OffsetDateTime) {
        let mut wrong = self.wrong_passwords.lock().unwrap_or_else(PoisonError::into_inner);
        let known = wrong.entry(member).or_insert(Wrong { count: 0, last: now });
        *known = Wrong { count: known.count + 1, last: now };
    }

    pub fn password_was_right(&self, member: Uuid) {
        self.wrong_passwords.lock().unwrap_or_else(PoisonError::into_inner).remove(&member);
    }

    pub fn reset_by_client(&self, client: IpAddr) -> Result<()> {
        check(&self.reset_by_client, &subject(client))
    }

    /// Whether another mail to choose a new password may go to this address now; told to nobody.
    pub fn may_reset_to(&self, email_key: &str) -> bool {
        self.reset_to_address.check_key(&email_key.to_owned()).is_ok()
    }

    /// Mails to strangers, by merchant.
    pub fn invite(&self, merchant: Uuid) -> Result<()> {
        check(&self.invite, &merchant)
    }

    /// Calls of the management API, by the credential that was shown and is right.
    pub fn api_call(&self, credential: &str) -> Result<()> {
        check(&self.api_calls, &credential.to_owned())
    }

    /// A credential of the management API that was refused.
    pub fn api_refusal(&self, client: IpAddr) -> Result<()> {
        check(&self.api_refusals, &subject(client))
    }

    /// Whether another mail may go to this address now; told to nobody, since it would tell who has an account.
    pub fn may_resend_to(&self, email_key: &str) -> bool {
        self.resend_to_address.check_key(&email_key.to_owned()).is_ok()
    }

    /// Forgets subjects that have not tried for a while.
    pub fn sweep(&self) {
        self.login.retain_recent();
        self.sign_up.retain_recent();
        self.resend_by_client.retain_recent();
        self.resend_to_address.retain_recent();
        self.password_again.retain_recent();
        self.reset_by_client.retain_recent();
        self.reset_to_address.retain_recent();
        self.invite.retain_recent();
        self.api_calls.retain_recent();
        self.api_refusals.retain_recent();
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Limits")
    }
}

/// One IPv6 customer has a /64: it counts as one client.
fn subject(client: IpAddr) -> IpAddr {
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

fn check<K: Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<()> {
    limiter.check_key(key).map_err(|not_until| {
        let wait = not_until.wait_time_from(governor::clock::DefaultClock::default().now());
        Error::TooManyAttempts { retry_after: wait.max(Duration::from_secs(1)) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sixth_login_in_a_row_waits() {
        let limits = Limits::default();
        let client = IpAddr::from([192, 0, 2, 1]);
        for _ in 0..5 {
            assert!(limits.login(client).is_ok());
        }
        assert!(matches!(limits.login(client), Err(Error::TooManyAttempts { .. })));
        assert!(limits.login(IpAddr::from([192, 0, 2, 2])).is_ok(), "another client is not held up");
    }

    #[test]
    fn one_ipv6_network_is_one_client() {
        let limits = Limits::default();
        for host in 1..=5u16 {
            assert!(limits.login(IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, host])).is_ok());
        }
        assert!(limits.login(IpAddr::from([0x2001, 0xdb8, 0, 0, 9, 9, 9, 9])).is_err());
    }
}
