//! Use cases, tables and secrets: the only package that talks to the database.
//!
//! Every mutation goes the same way: actor → parsed value → one write transaction with the audit row, the feed event and
//! the mail → answer. Entities stay inside; what leaves is a view without secrets, except towards the payment core.
// Nothing that serves a request may panic; tests may.
#![deny(clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![deny(clippy::todo, clippy::unimplemented, clippy::unreachable)]

mod account;
mod accounts;
pub mod actor;
mod applications;
mod audit;
mod backup;
mod channels;
mod credentials;
pub mod db;
mod drafts;
mod entity;
pub mod error;
mod held;
mod home;
mod idempotency;
mod key_check;
pub mod keyring;
mod limits;
mod log_in;
pub mod mail;
mod outbox;
mod paging;
pub mod password;
mod payment_core;
pub mod random;
pub mod resolver;
mod rotation;
pub mod sessions;
mod stores;
mod team;
mod together;
mod trail;
mod vault;
mod vitals;

use std::sync::Arc;

pub use accounts::{LinkState, SignedIn, Viewer};
pub use actor::{Actor, Caller, Language};
pub use applications::{KeptFile, Operated, OperatedList, Operator};
pub use audit::Action;
pub use backup::{Backup, BackupError};
pub use channels::{
    Change, ChannelPatch, ChannelRecord, Created, ListQuery, NewChannel, Promoted, Promotion, RecordQuery, Twins,
};
pub use credentials::{
    ApiTokens, Credential, CredentialKind, Issue, Issued, PasswordProof, Presented, Reissued, Roll, Shown, V1Token,
};
pub use db::Db;
use domain::{catalogue::Catalogue, clock::Clock};
pub use drafts::{DraftOwner, KeptDraft};
pub use error::{Error, Result};
pub use key_check::needs_its_key_ring;
pub use keyring::{KeyRing, KeyRingError};
pub use limits::Caps;
use password::{Argon2Cost, Passwords};
pub use payment_core::{
    AckRefused, ChangeEvent, Changes, CoreCaller, CoreChannel, CoreGrant, CoreStore, CoreTokenView, EventKind,
    Followed, NewCoreToken, ResolveV1, ResolveV2, Snapshot, SnapshotItem, Wanted,
};
use random::Random;
use resolver::Resolver;
pub use rotation::{CONSOLE_PULSE, KeyUses, Removed, Rotated, RotationError};
pub use team::{Invited, TeamQuery};
use time::OffsetDateTime;
pub use trail::{Head, Soundness, Unsound};
pub use vitals::{Load, NodeVitals, Unready, Vitals};

/// What the host decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where links in mails point, without a slash at the end.
    pub public_url: String,
    pub argon2: Argon2Cost,
    /// Password hashes at once.
    pub hashing_permits: usize,
}

/// Everything a use case needs. Cheap to share behind an `Arc`.
pub struct Backend {
    db: Db,
    vault: vault::Vault,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    resolver: Arc<dyn Resolver>,
    passwords: Passwords,
    limits: limits::Limits,
    caps: Caps,
    room: limits::Room,
    catalogue: &'static Catalogue,
    settings: Settings,
    mail_waiting: tokio::sync::Notify,
    /// Whether the console is about to stop, and nobody may wait any more.
    stopping: tokio::sync::watch::Sender<bool>,
    reads: payment_core::Reads,
    fresh: Arc<payment_core::Fresh>,
    heads: channels::Heads,
    load: payment_core::Load,
}

impl Backend {
    /// Puts a backend together. Refuses a key ring that does not open what the database holds.
    pub async fn new(
        db: Db,
        ring: KeyRing,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        resolver: Arc<dyn Resolver>,
        settings: Settings,
    ) -> Result<Self> {
        let passwords = Passwords::new(settings.argon2, settings.hashing_permits, &*random)?;
        let backend = Self {
            db,
            vault: vault::Vault::new(ring),
            limits: limits::Limits::new(&clock),
            clock,
            random,
            resolver,
            passwords,
            caps: Caps::DEFAULT,
            room: limits::Room::default(),
            catalogue: Catalogue::embedded(),
            settings,
            mail_waiting: tokio::sync::Notify::new(),
            stopping: tokio::sync::watch::Sender::new(false),
            reads: payment_core::Reads::default(),
            fresh: Arc::default(),
            heads: channels::Heads::default(),
            load: payment_core::Load::default(),
        };
        backend.check_key_ring().await?;
        Ok(backend)
    }

    /// The same backend with another catalogue than the one that is compiled in.
    #[must_use]
    pub fn with_catalogue(self, catalogue: &'static Catalogue) -> Self {
        Self { catalogue, heads: channels::Heads::default(), ..self }
    }

    /// The same backend with other caps than those of [`Caps::DEFAULT`].
    #[must_use]
    pub fn with_caps(self, caps: Caps) -> Self {
        Self { caps, ..self }
    }

    /// Whether people reach the console by https, so that its cookies never travel without.
    pub fn is_https(&self) -> bool {
        self.settings.public_url.starts_with("https://")
    }

    /// The session store that shares this backend's database and clock.
    pub fn sessions(&self) -> sessions::Sessions {
        sessions::Sessions::new(self.db.clone(), Arc::clone(&self.clock))
    }

    pub const fn catalogue(&self) -> &'static Catalogue {
        self.catalogue
    }

    /// The time as every `_at` has it: UTC milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        time_ms(self.clock.now())
    }

    /// Names one request in the log and in its answer.
    pub fn request_id(&self) -> String {
        self.random.uuid().simple().to_string()
    }

    /// A fresh idempotency key for a page's form.
    pub fn request_key(&self) -> String {
        self.random.uuid().to_string()
    }

    /// For the policy of one page: 128 random bits.
    pub fn nonce(&self) -> String {
        hex(&self.random.bytes::<16>())
    }

    pub const fn db(&self) -> &Db {
        &self.db
    }

    /// Removes what has outlived its time. The worker calls it every minute.
    pub async fn sweep(&self) -> Result<()> {
        self.limits.sweep();
        self.sweep_counters().await?;
        self.sessions().sweep().await?;
        self.sweep_drafts().await?;
        self.sweep_idempotency_keys().await?;
        self.sweep_access_tokens().await?;
        self.sweep_account_links().await?;
        self.sweep_invitations().await?;
        self.sweep_core_nodes().await?;
        self.compact_feed().await?;
        self.sweep_sign_ups().await
    }
}

impl std::fmt::Debug for Backend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Backend")
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// Milliseconds since 1970, as every `_at` column has them.
pub(crate) fn time_ms(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

/// A length of time as the same columns count.
pub(crate) fn ms(time: time::Duration) -> i64 {
    i64::try_from(time.whole_milliseconds()).unwrap_or(i64::MAX)
}

/// The inverse of [`time_ms`]; the epoch for a number that is no time.
pub(crate) fn time_of(ms: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
