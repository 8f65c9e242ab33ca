//! What a payment needs, in memory: every channel at its current version, found as payments name it. The rule is the
//! console's own, [`domain::resolve`]. Secrets are wiped when a version is let go of.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use domain::{
    catalogue::Version,
    channel::{Mode, Purpose, Status},
    id::{ChannelKey, ImpCode, ModuleId, ProviderId, StoreId},
    resolve::{Candidate, Mistaken, Narrow, Pg, Unresolved, Within, by_key, by_pg},
    secret::Typed,
};
use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A channel as the console tells of it; what is not needed here is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Channel {
    #[serde(rename = "channelKey")]
    pub key: ChannelKey,
    pub version: i64,
    pub imp_code: ImpCode,
    pub store_id: StoreId,
    pub mode: Mode,
    pub status: Status,
    pub provider: ProviderId,
    pub module: ModuleId,
    pub pg_code: Option<String>,
    pub api_versions: Vec<Version>,
    pub purpose: Purpose,
    pub mid: String,
    pub fields: BTreeMap<String, String>,
    /// Wiped on drop.
    pub secrets: BTreeMap<String, Typed>,
    pub created_at: String,
}

impl Channel {
    fn candidate(&self) -> Candidate {
        let created_at = OffsetDateTime::parse(&self.created_at, &Rfc3339).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Candidate {
            key: self.key,
            store: self.store_id,
            mode: self.mode,
            status: self.status,
            purpose: self.purpose,
            provider: self.provider.clone(),
            module: self.module.clone(),
            generation: None,
            pg_code: self.pg_code.clone(),
            versions: self.api_versions.clone(),
            mid: self.mid.clone(),
            created_at: i64::try_from(created_at.unix_timestamp_nanos() / 1_000_000).unwrap_or_default(),
        }
    }
}

/// A store, as far as payments are found by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Store {
    #[serde(rename = "storeId")]
    pub id: StoreId,
    pub imp_code: ImpCode,
    #[serde(rename = "primaryStore")]
    pub is_primary: bool,
    pub tier_code: Option<String>,
}

/// What a payment names.
#[derive(Debug, Clone, Copy)]
pub enum Asked<'a> {
    V1Pg { imp_code: &'a str, pg: &'a str },
    V1Key { imp_code: &'a str, key: &'a str },
    V2 { store_id: &'a str, key: &'a str },
}

/// Everything at one number of the feed.
#[derive(Debug, Default)]
pub struct Memory(RwLock<State>);

#[derive(Debug, Clone, Default)]
pub struct State {
    /// The last event that is in here; `None` before anything is.
    pub seq: Option<i64>,
    stores: HashMap<StoreId, Store>,
    channels: HashMap<ChannelKey, Arc<Channel>>,
    merchants: HashMap<ImpCode, Merchant>,
}

/// A merchant's channels: all, by V1 code, and by MID. A channel's module is fixed for life, so it keeps its places but
/// the one by MID.
#[derive(Debug, Clone, Default)]
struct Merchant {
    all: Vec<Candidate>,
    by_code: HashMap<String, Vec<Candidate>>,
    by_mid: HashMap<String, Vec<Candidate>>,
    places: HashMap<ChannelKey, (usize, usize)>,
}

impl Merchant {
    fn put(&mut self, candidate: Candidate) {
        let of_code = self.by_code.entry(candidate.pg_code.clone().unwrap_or_default()).or_default();
        if let Some((place, place_of_code)) = self.places.get(&candidate.key).copied()
            && let (Some(old), Some(old_of_code)) = (self.all.get_mut(place), of_code.get_mut(place_of_code))
        {
            if let Some(of_old_mid) = self.by_mid.get_mut(&old.mid) {
                of_old_mid.retain(|other| other.key != candidate.key);
            }
            old_of_code.clone_from(&candidate);
            old.clone_from(&candidate);
        } else {
            self.places.insert(candidate.key, (self.all.len(), of_code.len()));
            of_code.push(candidate.clone());
            self.all.push(candidate.clone());
        }
        self.by_mid.entry(candidate.mid.clone()).or_default().push(candidate);
    }

    /// Those among which `pg` is looked for first: whatever fits is there.
    fn likely(&self, pg: Pg<'_>) -> &[Candidate] {
        let found = match pg.mid {
            Some(mid) => self.by_mid.get(mid),
            None => self.by_code.get(pg.code),
        };
        found.map_or(&[], Vec::as_slice)
    }
}

impl State {
    pub fn put_store(&mut self, store: Store) {
        self.stores.insert(store.id, store);
    }

    /// Takes a channel over, unless a newer version is here already.
    pub fn put(&mut self, channel: Channel) {
        if self.channels.get(&channel.key).is_some_and(|held| held.version > channel.version) {
            return;
        }
        self.merchants.entry(channel.imp_code.clone()).or_default().put(channel.candidate());
        self.channels.insert(channel.key, Arc::new(channel));
    }

    /// Lets go of a channel that went out of this core's reach.
    pub fn forget(&mut self, key: ChannelKey) {
        let Some(gone) = self.channels.remove(&key) else { return };
        let mut merchant = Merchant::default();
        for channel in self.channels.values().filter(|channel| channel.imp_code == gone.imp_code) {
            merchant.put(channel.candidate());
        }
        self.merchants.insert(gone.imp_code.clone(), merchant);
    }

    pub fn stores(&self) -> impl Iterator<Item = &Store> {
        self.stores.values()
    }

    pub fn channels(&self) -> impl Iterator<Item = &Arc<Channel>> {
        self.channels.values()
    }
}

impl Memory {
    /// How far the feed was followed.
    pub fn seq(&self) -> Option<i64> {
        self.read(|state| state.seq)
    }

    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Payments wait for this one, so whoever calls has everything at hand.
    pub fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// The active channel that a new payment means, and how many fit.
    pub fn resolve(&self, asked: &Asked<'_>) -> Result<(Arc<Channel>, usize), Unresolved> {
        self.read(|state| state.resolve(asked))
    }
}

impl State {
    fn resolve(&self, asked: &Asked<'_>) -> Result<(Arc<Channel>, usize), Unresolved> {
        let everything = Narrow { within: Within::Merchant, purpose: None, mode: None };
        let (key, matches) = match *asked {
            Asked::V1Pg { imp_code, pg } => {
                let (merchant, pg) = (self.merchant(imp_code)?, Pg::parse(pg));
                // What the reason has to name is looked for among all.
                let found =
                    by_pg(merchant.likely(pg), pg, &everything).or_else(|_| by_pg(&merchant.all, pg, &everything));
                found.map(|(candidate, matches)| (candidate.key, matches))?
            }
            Asked::V1Key { imp_code, key } => (of_key(self.merchant(imp_code)?, key, Version::V1, &everything)?, 1),
            Asked::V2 { store_id, key } => {
                let unknown = || Unresolved::StoreUnknown { given: store_id.to_owned(), is: Mistaken::Unknown };
                let store = store_id.parse().ok().and_then(|id: StoreId| self.stores.get(&id)).ok_or_else(unknown)?;
                let within = if store.is_primary { Within::Merchant } else { Within::Store(store.id) };
                let merchant = self.merchant(store.imp_code.as_str())?;
                (of_key(merchant, key, Version::V2, &Narrow { within, ..everything })?, 1)
            }
        };
        let channel = self.channels.get(&key).cloned();
        channel.map(|channel| (channel, matches)).ok_or_else(|| unknown_key(&key.to_string()))
    }

    fn merchant(&self, imp_code: &str) -> Result<&Merchant, Unresolved> {
        let found = imp_code.parse().ok().and_then(|code: ImpCode| self.merchants.get(&code));
        found.ok_or_else(|| Unresolved::ImpCodeUnknown { given: imp_code.to_owned(), is: Mistaken::Unknown })
    }
}

fn of_key(merchant: &Merchant, typed: &str, version: Version, narrow: &Narrow) -> Result<ChannelKey, Unresolved> {
    let key: ChannelKey = typed.parse().map_err(|_| unknown_key(typed))?;
    let candidate = merchant.places.get(&key).and_then(|(place, _)| merchant.all.get(*place));
    by_key(candidate.into_iter(), key, version, narrow).map(|candidate| candidate.key)
}

fn unknown_key(given: &str) -> Unresolved {
    Unresolved::ChannelUnknown { given: given.to_owned(), is: Mistaken::Unknown }
}
