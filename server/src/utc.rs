//! Times as APIs and logs write them: UTC, RFC 3339.

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

pub fn utc(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

/// From milliseconds since 1970; empty for a number that is no time.
pub fn utc_ms(ms: i64) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000).map(utc).unwrap_or_default()
}
