//! Which channel a new payment means. The rule is [`domain::resolve`]; here is where its candidates come from.

use domain::{
    catalogue::Version,
    channel::{Mode, Purpose, Status},
    credential::CoreScope,
    id::{ChannelKey, ImpCode, StoreId},
    resolve::{Candidate, Mistaken, Narrow, Pg, Unresolved, Within, by_key, by_pg},
    store::TierCode,
};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use super::{CoreCaller, CoreChannel};
use crate::{
    Backend,
    actor::Reach,
    entity::{channels, merchants, stores},
    error::{Error, Result},
};

/// So many channels of a merchant are looked through for the reason why none fits.
const LOOKED_THROUGH: u64 = 1_000;

/// V1: by imp code, and `pg` or the channel key.
#[derive(Debug, Clone, Default)]
pub struct ResolveV1 {
    pub imp_code: String,
    pub channel_key: Option<String>,
    /// `code` or `code.MID`, split at the first dot.
    pub pg: Option<String>,
    pub purpose: Option<Purpose>,
    pub mode: Option<Mode>,
    pub tier: Option<String>,
}

/// V2: by store id and channel key.
#[derive(Debug, Clone, Default)]
pub struct ResolveV2 {
    pub store_id: String,
    pub channel_key: String,
}

impl Backend {
    /// The active channel that a V1 payment means and how many matched.
    pub async fn resolve_v1(
        &self,
        core: &CoreCaller,
        query: &ResolveV1,
    ) -> Result<Result<(CoreChannel, usize), Unresolved>> {
        core.require(CoreScope::ChannelsRead)?;
        let unknown = |is| Ok(Err(Unresolved::ImpCodeUnknown { given: query.imp_code.clone(), is }));
        let Ok(imp_code) = query.imp_code.parse::<ImpCode>() else { return unknown(self.mistaken(&query.imp_code)) };
        let merchant = merchants::Entity::find()
            .filter(merchants::Column::ImpCode.eq(imp_code.as_str()))
            .one(self.db.read())
            .await?;
        let Some(merchant) = merchant else { return unknown(Mistaken::Unknown) };
        if !core.knows_merchant(merchant.id) {
            return Err(Error::StoreForbidden);
        }
        let within = match &query.tier {
            Some(tier) => match self.tier(merchant.id, tier).await? {
                Some(store) => Within::Store(store),
                None => return Ok(Err(Unresolved::TierUnknown { given: tier.clone() })),
            },
            None => Within::Merchant,
        };
        let narrow = Narrow { within, purpose: query.purpose, mode: query.mode };
        let found = match (&query.channel_key, &query.pg) {
            (Some(key), _) => {
                let found = self.of_key(core, merchant.id, key, Version::V1, &narrow).await?;
                found.map(|head| (head, 1))
            }
            (None, Some(pg)) if !pg.is_empty() => self.of_pg(core, merchant.id, Pg::parse(pg), &narrow).await?,
            _ => Err(Unresolved::PgRequired),
        };
        match found {
            Ok((head, matches)) => Ok(Ok((self.read_one(core, head, None).await?, matches))),
            Err(why) => Ok(Err(why)),
        }
    }

    /// The active channel that a V2 payment means.
    pub async fn resolve_v2(&self, core: &CoreCaller, query: &ResolveV2) -> Result<Result<CoreChannel, Unresolved>> {
        core.require(CoreScope::ChannelsRead)?;
        let unknown = |is| Ok(Err(Unresolved::StoreUnknown { given: query.store_id.clone(), is }));
        let Ok(id) = query.store_id.parse::<StoreId>() else { return unknown(self.mistaken(&query.store_id)) };
        let store = stores::Entity::find_by_id(id.uuid()).one(self.db.read()).await?;
        let Some(store) = store else { return unknown(Mistaken::Unknown) };
        if !core.has_store(store.merchant_id, store.id) {
            return Err(Error::StoreForbidden);
        }
        let within = if store.is_primary { Within::Merchant } else { Within::Store(id) };
        let narrow = Narrow { within, purpose: None, mode: None };
        match self.of_key(core, store.merchant_id, &query.channel_key, Version::V2, &narrow).await? {
            Ok(head) => Ok(Ok(self.read_one(core, head, None).await?)),
            Err(why) => Ok(Err(why)),
        }
    }

    /// The sub-store of a tier code.
    async fn tier(&self, merchant: Uuid, tier: &str) -> Result<Option<StoreId>> {
        let Ok(tier) = TierCode::parse(tier) else { return Ok(None) };
        let store = stores::owned_by(merchant).filter(stores::Column::TierCode.eq(tier.as_str()));
        Ok(store.one(self.db.read()).await?.map(|store| StoreId::new(store.id)))
    }

    async fn of_key(
        &self,
        core: &CoreCaller,
        merchant: Uuid,
        typed: &str,
        version: Version,
        narrow: &Narrow,
    ) -> Result<Result<channels::Model, Unresolved>> {
        let Ok(key) = typed.parse::<ChannelKey>() else {
            return Ok(Err(Unresolved::ChannelUnknown { given: typed.to_owned(), is: self.mistaken(typed) }));
        };
        let head = channels::owned_by(merchant).filter(channels::Column::Id.eq(key.uuid())).one(self.db.read()).await?;
        let head = head.filter(|head| core.has(head));
        let candidate = head.as_ref().map(|head| self.candidate(head)).transpose()?;
        let unknown = Unresolved::ChannelUnknown { given: typed.to_owned(), is: Mistaken::Unknown };
        Ok(by_key(candidate.iter(), key, version, narrow).and_then(|_| head.ok_or(unknown)))
    }

    async fn of_pg(
        &self,
        core: &CoreCaller,
        merchant: Uuid,
        pg: Pg<'_>,
        narrow: &Narrow,
    ) -> Result<Result<(channels::Model, usize), Unresolved>> {
        let modules: Vec<&str> = self
            .catalogue
            .modules()
            .filter(|(_, module)| module.pg_code.as_deref() == Some(pg.code))
            .map(|(_, module)| module.id.as_str())
            .collect();
        let of_merchant = || channels::owned_by(merchant).filter(core.channels());
        let mut wanted = of_merchant()
            .filter(condition(narrow.within))
            .filter(channels::Column::Module.is_in(modules))
            .filter(channels::Column::Purpose.eq(narrow.purpose.unwrap_or(Purpose::Payment).as_str()))
            .filter(channels::Column::Status.eq(Status::Active.as_str()));
        if let Some(mid) = pg.mid {
            wanted = wanted.filter(channels::Column::Mid.eq(without_nul(mid)));
        }
        if let Some(mode) = narrow.mode {
            wanted = wanted.filter(channels::Column::Mode.eq(mode.as_str()));
        }
        let oldest = wanted
            .clone()
            .order_by_asc(channels::Column::CreatedAt)
            .order_by_asc(channels::Column::Id)
            .one(self.db.read())
            .await?;
        if let Some(oldest) = oldest {
            let matches = wanted.count(self.db.read()).await?;
            return Ok(Ok((oldest, usize::try_from(matches).unwrap_or(usize::MAX))));
        }
        let all = of_merchant()
            .order_by_asc(channels::Column::CreatedAt)
            .order_by_asc(channels::Column::Id)
            .limit(LOOKED_THROUGH)
            .all(self.db.read())
            .await?;
        let candidates = all.iter().map(|head| self.candidate(head)).collect::<Result<Vec<Candidate>>>()?;
        match by_pg(&candidates, pg, narrow) {
            Err(why) => Ok(Err(self.explained(why, &candidates, narrow))),
            // Added or resumed between the two questions.
            Ok((found, matches)) => {
                let head = all.iter().find(|head| head.id == found.key.uuid()).cloned();
                Ok(Ok((head.ok_or(Error::NotFound)?, matches)))
            }
        }
    }

    fn candidate(&self, head: &channels::Model) -> Result<Candidate> {
        let damaged = || Error::Internal("channels".into());
        let (provider, module) = self.module_of(&head.module)?;
        Ok(Candidate {
            key: ChannelKey::new(head.id),
            store: StoreId::new(head.store_id),
            mode: Mode::parse(&head.mode).ok_or_else(damaged)?,
            status: Status::parse(&head.status).ok_or_else(damaged)?,
            purpose: Purpose::parse(&head.purpose).ok_or_else(damaged)?,
            provider: provider.id.clone(),
            module: module.id.clone(),
            generation: module.generation,
            pg_code: module.pg_code.clone(),
            versions: module.versions.clone(),
            mid: head.mid.clone(),
            created_at: head.created_at,
        })
    }
}

fn condition(within: Within) -> Condition {
    match within {
        Within::Merchant => Reach::Merchant.condition(),
        Within::Store(store) => Reach::Store(store.uuid()).condition(),
    }
}

/// No MID has one; to PostgreSQL it is an error, to SQLite the end of the text.
fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}
