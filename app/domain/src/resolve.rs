//! Which channel a new payment means, and why none. Pure: the console asks it about rows, a payment core about what it
//! holds in memory, and both give the same answer.

use serde::{Deserialize, Serialize};

use crate::{
    catalogue::{Generation, Version},
    channel::{Mode, Purpose, Status},
    id::{ChannelKey, ModuleId, OwnKind, ProviderId, StoreId},
};

/// At most so many MIDs or codes are named in a reason.
const NAMED: usize = 10;

/// What must be known of a merchant's channel to choose it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub key: ChannelKey,
    pub store: StoreId,
    pub mode: Mode,
    pub status: Status,
    pub purpose: Purpose,
    pub provider: ProviderId,
    pub module: ModuleId,
    pub generation: Option<Generation>,
    /// What V1 calls the module; none for modules of V2 only.
    pub pg_code: Option<String>,
    pub versions: Vec<Version>,
    pub mid: String,
    /// UTC milliseconds since 1970; of several the oldest is meant.
    pub created_at: i64,
}

/// The stores that a payment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// The primary store uses every channel of the merchant.
    Merchant,
    /// A sub-store: the live channels assigned to it, and all test channels.
    Store(StoreId),
}

impl Within {
    pub fn has(self, mode: Mode, store: StoreId) -> bool {
        match self {
            Self::Merchant => true,
            Self::Store(own) => mode == Mode::Test || store == own,
        }
    }

    fn reaches(self, candidate: &Candidate) -> bool {
        self.has(candidate.mode, candidate.store)
    }
}

/// `pg` of V1, split at the first dot: MIDs may have dots of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pg<'a> {
    pub code: &'a str,
    pub mid: Option<&'a str>,
}

impl<'a> Pg<'a> {
    pub fn parse(text: &'a str) -> Self {
        text.split_once('.').map_or(Self { code: text, mid: None }, |(code, mid)| Self { code, mid: Some(mid) })
    }
}

/// Why no channel can serve the payment; each says what a developer can do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unresolved {
    /// Neither `pg` nor a channel key: there is no default channel.
    PgRequired,
    /// Nobody has this 고객사 식별코드; `is` tells what it looks like.
    ImpCodeUnknown {
        given: String,
        is: Mistaken,
    },
    StoreUnknown {
        given: String,
        is: Mistaken,
    },
    TierUnknown {
        given: String,
    },
    /// The merchant has no channel of this key; `is` tells what it looks like.
    ChannelUnknown {
        given: String,
        is: Mistaken,
    },
    /// The merchant has no channel of this code at all; it has those of others.
    NoChannelOfCode {
        code: String,
        known: Vec<String>,
    },
    /// No module bears this code; perhaps one of these is meant.
    CodeUnknown {
        code: String,
        perhaps: Vec<String>,
    },
    /// It has, with other MIDs.
    OtherMids {
        code: String,
        mid: String,
        known: Vec<String>,
    },
    /// It has, in the other mode only.
    OtherMode {
        what: String,
        exists_in: Mode,
    },
    /// It has, for the other purpose only.
    OtherPurpose {
        what: String,
        exists_for: Purpose,
    },
    /// It has, assigned to another store.
    OtherStore {
        what: String,
    },
    /// The same provider's other module was added: `has` is its code, none where it works with V2 only.
    OtherModule {
        code: String,
        asked: Option<Generation>,
        has: Option<String>,
        added: Option<Generation>,
    },
    Paused {
        key: ChannelKey,
    },
    Deleted {
        key: ChannelKey,
    },
    /// A module of V2 only, asked for by V1.
    NotInV1 {
        key: ChannelKey,
    },
    /// A module of V1 only, asked for by V2.
    NotInV2 {
        key: ChannelKey,
    },
}

/// What was written where an identifier of ours belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mistaken {
    /// An identifier of the right form that nobody has.
    Unknown,
    Empty,
    /// Another identifier of ours.
    Own(OwnKind),
    /// A MID or a 사이트 코드 of the provider with this name.
    MidOf(String),
    /// Not of the form of the identifier.
    Malformed,
}

impl Unresolved {
    /// The type of the answer, to program by.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::PgRequired => "INVALID_REQUEST",
            Self::ImpCodeUnknown { .. } => "IMP_CODE_NOT_FOUND",
            Self::StoreUnknown { .. } => "STORE_NOT_FOUND",
            Self::TierUnknown { .. } => "TIER_NOT_FOUND",
            Self::ChannelUnknown { .. }
            | Self::NoChannelOfCode { .. }
            | Self::CodeUnknown { .. }
            | Self::OtherMids { .. }
            | Self::OtherMode { .. }
            | Self::OtherPurpose { .. }
            | Self::OtherStore { .. }
            | Self::OtherModule { .. } => "CHANNEL_NOT_FOUND",
            Self::Paused { .. } => "CHANNEL_PAUSED",
            Self::Deleted { .. } => "CHANNEL_DELETED",
            Self::NotInV1 { .. } => "MODULE_NOT_IN_V1",
            Self::NotInV2 { .. } => "MODULE_NOT_IN_V2",
        }
    }

    /// Why, more closely than the type.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::PgRequired => "PG_REQUIRED",
            Self::ImpCodeUnknown { is, .. } | Self::StoreUnknown { is, .. } | Self::ChannelUnknown { is, .. } => {
                match is {
                    Mistaken::Unknown => "UNKNOWN",
                    Mistaken::Empty => "EMPTY",
                    Mistaken::Own(_) => "ANOTHER_IDENTIFIER",
                    Mistaken::MidOf(_) => "MID_GIVEN",
                    Mistaken::Malformed => "MALFORMED",
                }
            }
            Self::TierUnknown { .. } => "UNKNOWN",
            Self::NoChannelOfCode { .. } => "NO_CHANNEL_OF_CODE",
            Self::CodeUnknown { .. } => "CODE_UNKNOWN",
            Self::OtherMids { .. } => "OTHER_MIDS",
            Self::OtherMode { .. } => "OTHER_MODE",
            Self::OtherPurpose { .. } => "OTHER_PURPOSE",
            Self::OtherStore { .. } => "OTHER_STORE",
            Self::OtherModule { .. } => "OTHER_MODULE",
            Self::Paused { .. } => "PAUSED",
            Self::Deleted { .. } => "DELETED",
            Self::NotInV1 { .. } => "V2_ONLY",
            Self::NotInV2 { .. } => "V1_ONLY",
        }
    }
}

/// What V1 narrows its question by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Narrow {
    pub within: Within,
    pub purpose: Option<Purpose>,
    pub mode: Option<Mode>,
}

impl Narrow {
    fn mode_fits(&self, candidate: &Candidate) -> bool {
        self.mode.is_none_or(|mode| candidate.mode == mode)
    }
}

/// The channel of a key, if `version` can pay by it.
pub fn by_key<'c>(
    mut candidates: impl Iterator<Item = &'c Candidate>,
    key: ChannelKey,
    version: Version,
    narrow: &Narrow,
) -> Result<&'c Candidate, Unresolved> {
    let what = || key.to_string();
    let found = candidates.find(|candidate| candidate.key == key);
    let found = found.ok_or_else(|| Unresolved::ChannelUnknown { given: what(), is: Mistaken::Unknown })?;
    if !narrow.within.reaches(found) {
        return Err(Unresolved::OtherStore { what: what() });
    }
    if !found.versions.contains(&version) {
        return Err(match version {
            Version::V1 => Unresolved::NotInV1 { key },
            Version::V2 => Unresolved::NotInV2 { key },
        });
    }
    if !narrow.mode_fits(found) {
        return Err(Unresolved::OtherMode { what: what(), exists_in: found.mode });
    }
    if narrow.purpose.is_some_and(|purpose| found.purpose != purpose) {
        return Err(Unresolved::OtherPurpose { what: what(), exists_for: found.purpose });
    }
    match found.status {
        Status::Active => Ok(found),
        Status::Paused => Err(Unresolved::Paused { key }),
        Status::Archived => Err(Unresolved::Deleted { key }),
    }
}

/// The oldest active channel that `pg` means over both modes, and how many fit.
pub fn by_pg<'c>(
    candidates: &'c [Candidate],
    pg: Pg<'_>,
    narrow: &Narrow,
) -> Result<(&'c Candidate, usize), Unresolved> {
    let purpose = narrow.purpose.unwrap_or(Purpose::Payment);
    let fits = |c: &Candidate| narrow.mode_fits(c) && pg.mid.is_none_or(|mid| c.mid == mid);
    let bears = |c: &&Candidate| c.pg_code.as_deref() == Some(pg.code);
    let meant = |c: &&Candidate| {
        c.status == Status::Active && c.purpose == purpose && fits(c) && bears(c) && narrow.within.reaches(c)
    };
    let (mut oldest, mut matches) = (None::<&Candidate>, 0);
    for candidate in candidates.iter().filter(meant) {
        matches += 1;
        if oldest.is_none_or(|oldest| (candidate.created_at, candidate.key) < (oldest.created_at, oldest.key)) {
            oldest = Some(candidate);
        }
    }
    if let Some(oldest) = oldest {
        return Ok((oldest, matches));
    }
    // Nothing below costs a payment that is found.
    let mut bearers: Vec<&Candidate> = candidates.iter().filter(bears).collect();
    bearers.sort_by_key(|c| (c.created_at, c.key));
    let (within, without): (Vec<&Candidate>, Vec<&Candidate>) =
        bearers.iter().copied().partition(|c| narrow.within.reaches(c));
    let wanted: Vec<_> = within.iter().copied().filter(|c| c.purpose == purpose && fits(c)).collect();
    Err(why_not(pg, narrow, purpose, &wanted, &within, &without, candidates))
}

fn why_not(
    pg: Pg<'_>,
    narrow: &Narrow,
    purpose: Purpose,
    wanted: &[&Candidate],
    within: &[&Candidate],
    without: &[&Candidate],
    all: &[Candidate],
) -> Unresolved {
    let (code, what) = (pg.code.to_owned(), format!("`{}`", pg.code));
    let fits_mid = |c: &&&Candidate| pg.mid.is_none_or(|mid| c.mid == mid);
    let is_active = |c: &&&Candidate| c.status == Status::Active;
    // A paused one can be resumed at once: it is the better answer than one that was deleted.
    if let Some(paused) = wanted.iter().rfind(|c| c.status == Status::Paused) {
        return Unresolved::Paused { key: paused.key };
    }
    let of_purpose = |c: &&&Candidate| c.purpose == purpose;
    if let Some(other) =
        within.iter().filter(is_active).filter(of_purpose).filter(fits_mid).find(|c| !narrow.mode_fits(c))
    {
        return Unresolved::OtherMode { what, exists_in: other.mode };
    }
    if let Some(deleted) = wanted.last() {
        return Unresolved::Deleted { key: deleted.key };
    }
    if let Some(other) = within.iter().filter(is_active).filter(fits_mid).find(|c| c.purpose != purpose) {
        return Unresolved::OtherPurpose { what, exists_for: other.purpose };
    }
    if let Some(mid) = pg.mid {
        let mut known: Vec<String> = Vec::new();
        for other in within.iter().filter(is_active).filter(of_purpose) {
            if known.len() < NAMED && !known.contains(&other.mid) {
                known.push(other.mid.clone());
            }
        }
        if !known.is_empty() {
            return Unresolved::OtherMids { code, mid: mid.to_owned(), known };
        }
    }
    if without.iter().filter(is_active).any(|c| fits_mid(&c)) {
        return Unresolved::OtherStore { what };
    }
    let mut known: Vec<String> = Vec::new();
    for other in all.iter().filter(|c| c.status == Status::Active && narrow.within.reaches(c)) {
        if let Some(other) = other.pg_code.as_ref().filter(|other| known.len() < NAMED && !known.contains(other)) {
            known.push(other.clone());
        }
    }
    Unresolved::NoChannelOfCode { code, known }
}
