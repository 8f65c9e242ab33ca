//! Time as a dependency. Nothing but the host reads the machine's clock (clippy bans it elsewhere).

use time::OffsetDateTime;

/// Tells the time, in UTC. The host passes the machine's clock, tests pass one they move by hand.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> OffsetDateTime;
}
