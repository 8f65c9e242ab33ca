//! What routes answer besides what was asked for, for the document: refusals that many of them have in common.
#![expect(dead_code, reason = "read by the derive only")]

use utoipa::IntoResponses;

use super::problem::ProblemBody;

/// Of everything that takes a credential.
#[derive(IntoResponses)]
pub enum Guarded {
    /// No credential, none of ours, or one that has expired or was revoked.
    #[response(status = 401)]
    Unauthorized(ProblemBody),
    /// Too many calls with this credential, or too many refused ones from this address.
    #[response(status = 429, headers(("Retry-After" = u64, description = "Seconds to wait.")))]
    TooMany(ProblemBody),
    /// Try again in a moment.
    #[response(status = 503, headers(("Retry-After" = u64, description = "Seconds to wait.")))]
    Unavailable(ProblemBody),
}

/// Of everything that not every credential may do.
#[derive(IntoResponses)]
pub enum Scoped {
    /// The credential lacks the scope, or is another store's.
    #[response(status = 403)]
    Forbidden(ProblemBody),
}

/// Of everything that takes a body.
#[derive(IntoResponses)]
pub enum WithBody {
    /// The body is not what this takes, or fields of it are wrong.
    #[response(status = 400)]
    Invalid(ProblemBody),
    /// The body is over 256 KiB.
    #[response(status = 413)]
    TooLarge(ProblemBody),
    /// The body is no JSON.
    #[response(status = 415)]
    NotJson(ProblemBody),
}

/// Of everything about one channel.
#[derive(IntoResponses)]
pub enum OfChannel {
    /// There is no such channel, or it was deleted.
    #[response(status = 404)]
    NotFound(ProblemBody),
}

/// Of what is done on top of a version that was seen.
#[derive(IntoResponses)]
pub enum OnVersion {
    /// `If-Match` is not a version, or something in the body is wrong.
    #[response(status = 400)]
    Invalid(ProblemBody),
    /// The channel has another version by now.
    #[response(status = 412)]
    Stale(ProblemBody),
    /// `If-Match` is missing.
    #[response(status = 428)]
    Unseen(ProblemBody),
}
