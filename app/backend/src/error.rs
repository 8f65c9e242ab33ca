//! What a use case may answer instead of its result.

use std::time::Duration;

use domain::form::FormErrors;
use sea_orm::{DbErr, RuntimeErr, sqlx};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A closed set; callers map each to a status and to words, never to the text of [`Error::Internal`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The form was refused; nothing was changed.
    #[error("the form was refused")]
    Form(FormErrors),
    /// Not there, or another merchant's: the two are not told apart.
    #[error("not found")]
    NotFound,
    /// Nobody is logged in.
    #[error("not logged in")]
    Unauthenticated,
    /// The role does not allow it.
    #[error("not allowed")]
    Forbidden,
    /// The API secret has not the scope for it.
    #[error("the scope is missing")]
    ScopeMissing,
    /// The API secret was right, and is over.
    #[error("the API secret has expired")]
    SecretExpired,
    /// The API secret was right, and was revoked.
    #[error("the API secret was revoked")]
    SecretRevoked,
    /// The API secret is another store's.
    #[error("another store's")]
    StoreForbidden,
    /// E-mail and password do not belong together.
    #[error("wrong e-mail or password")]
    WrongCredentials,
    /// The password was right, the mail is not confirmed yet.
    #[error("the e-mail address is not verified")]
    NotVerified,
    /// A mail link that is unknown, used or expired.
    #[error("the link is used, expired or unknown")]
    LinkInvalid,
    /// Somebody saved a newer version in the meantime.
    #[error("a newer version exists")]
    Stale,
    /// Restoring onto a name that is taken.
    #[error("the name is taken")]
    NameTaken,
    /// What was asked for does not fit the channel's status (resume of an active one).
    #[error("not in this status")]
    WrongStatus,
    /// A page's beginning that no page before has named.
    #[error("the cursor is not one of ours")]
    CursorInvalid,
    /// The same idempotency key with another body.
    #[error("the idempotency key was used for another request")]
    IdempotencyKeyReused,
    /// A merchant always has an Owner.
    #[error("the last owner")]
    LastOwner,
    #[error("too many attempts")]
    TooManyAttempts { retry_after: Duration },
    /// So many wrong passwords that only a new one, chosen by mail, opens the account again.
    #[error("locked until a new password is chosen by mail")]
    LockedOut,
    /// All hashing permits are taken, or the database is locked or gone: try again.
    #[error("unavailable")]
    Unavailable,
    /// Sealed data does not open: moved, changed, or sealed by a key that is not in the ring.
    #[error("sealed data does not open")]
    Sealed,
    /// A bug, or the machine. The text is for the log only.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// The word by which the trail tells why something was refused.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Form(_) => "form",
            Self::NotFound => "not_found",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::ScopeMissing => "scope_missing",
            Self::SecretExpired => "secret_expired",
            Self::SecretRevoked => "secret_revoked",
            Self::StoreForbidden => "store_forbidden",
            Self::WrongCredentials => "wrong_credentials",
            Self::NotVerified => "not_verified",
            Self::LinkInvalid => "link_invalid",
            Self::Stale => "stale",
            Self::NameTaken => "name_taken",
            Self::WrongStatus => "wrong_status",
            Self::CursorInvalid => "cursor_invalid",
            Self::IdempotencyKeyReused => "idempotency_key_reused",
            Self::LastOwner => "last_owner",
            Self::TooManyAttempts { .. } => "too_many_attempts",
            Self::LockedOut => "locked_out",
            Self::Unavailable => "unavailable",
            Self::Sealed => "sealed",
            Self::Internal(_) => "internal",
        }
    }
}

impl From<FormErrors> for Error {
    fn from(errors: FormErrors) -> Self {
        Self::Form(errors)
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Unavailable,
            other if is_passing(&other) => Self::Unavailable,
            // PostgreSQL puts values into the details of an error: only its kind is kept.
            other => Self::Internal(format!("database: {}", kind(&other))),
        }
    }
}

/// A lock that was not had in time, or a connection that went away: trying again may do.
fn is_passing(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) = error else {
        return false;
    };
    match &**inner {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(inner) => inner.code().is_some_and(|code| is_passing_code(&code)),
        _ => false,
    }
}

/// What the machine or a lock is to blame for, not the statement.
fn is_passing_code(code: &str) -> bool {
    if code.len() == 5 {
        // PostgreSQL: a full disk or memory, too many connections, an operator who stops it, a server that only reads, the
        // disk itself; a connection that broke; a deadlock, a serialisation, a lock not had.
        return ["08", "53", "57P", "58", "25006", "40P01", "40001", "55P03"]
            .iter()
            .any(|class| code.starts_with(class));
    }
    // SQLite: busy, locked, the disk failed, the disk is full, the file cannot be opened; the low byte of an extended code.
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14))
}

/// The kind of a database error and its code, without any value.
fn kind(error: &DbErr) -> String {
    match error {
        DbErr::Exec(inner) | DbErr::Query(inner) => match inner {
            sea_orm::RuntimeErr::SqlxError(e) => e
                .as_database_error()
                .map_or_else(|| "driver".to_owned(), |e| format!("code {}", e.code().unwrap_or_default())),
            sea_orm::RuntimeErr::Internal(_) => "internal".to_owned(),
        },
        other => format!("{other:?}").split(['(', ' ', '{']).next().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_passing_code;

    #[test]
    fn a_full_disk_and_a_lock_pass_and_a_wrong_statement_does_not() {
        for passing in ["5", "261", "517", "13", "10", "778", "1034", "53100", "57P01", "40001", "08006", "25006"] {
            assert!(is_passing_code(passing), "{passing}");
        }
        for lasting in ["1", "11", "19", "2067", "8", "1032", "23505", "42P01", "22021", ""] {
            assert!(!is_passing_code(lasting), "{lasting}");
        }
    }
}
