//! Which channel a new payment means. The rule is [`domain::resolve`]; here is where its candidates come from.

use std::sync::Arc;

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

use super::{
    CoreCaller, CoreChannel,
    fresh::{Asked, Moment},
    load::{self, Row},
    read::with_current_version,
};
use crate::{
    Backend,
    actor::Reach,
    entity::{channels, stores},
    error::{Error, Result},
};

/// So many channels of a merchant are looked through for the reason why none fits.
const LOOKED_THROUGH: u64 = 1_000;
/// As many as fit are read at once; where there are more, they are counted.
const FEW: u64 = 4;

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
    ) -> Result<Result<(Arc<CoreChannel>, usize), Unresolved>> {
        core.require(CoreScope::ChannelsRead)?;
        let unknown = |is| Ok(Err(Unresolved::ImpCodeUnknown { given: query.imp_code.clone(), is }));
        let Ok(imp_code) = query.imp_code.parse::<ImpCode>() else { return unknown(self.mistaken(&query.imp_code)) };
        let moment = self.moment_of(core).await?;
        let Some(merchant) = self.merchant_of(&imp_code).await? else { return unknown(Mistaken::Unknown) };
        if !core.knows_merchant(merchant) {
            return Err(Error::StoreForbidden);
        }
        let within = match &query.tier {
            Some(tier) => match self.tier(merchant, tier).await? {
                Some(store) => Within::Store(store),
                None => return Ok(Err(Unresolved::TierUnknown { given: tier.clone() })),
            },
            None => Within::Merchant,
        };
        let narrow = Narrow { within, purpose: query.purpose, mode: query.mode };
        match (&query.channel_key, &query.pg) {
            (Some(key), _) => {
                let found = self.of_key((core, moment), merchant, key, Version::V1, &narrow).await?;
                Ok(found.map(|channel| (channel, 1)))
            }
            (None, Some(pg)) if !pg.is_empty() => self.of_pg((core, moment), merchant, pg, &narrow).await,
            _ => Ok(Err(Unresolved::PgRequired)),
        }
    }

    /// The active channel that a V2 payment means.
    pub async fn resolve_v2(
        &self,
        core: &CoreCaller,
        query: &ResolveV2,
    ) -> Result<Result<Arc<CoreChannel>, Unresolved>> {
        core.require(CoreScope::ChannelsRead)?;
        let unknown = |is| Ok(Err(Unresolved::StoreUnknown { given: query.store_id.clone(), is }));
        let Ok(id) = query.store_id.parse::<StoreId>() else { return unknown(self.mistaken(&query.store_id)) };
        let moment = self.moment_of(core).await?;
        let Some((merchant, is_primary)) = self.store_owner(id).await? else { return unknown(Mistaken::Unknown) };
        if !core.has_store(merchant, id.uuid()) {
            return Err(Error::StoreForbidden);
        }
        let within = if is_primary { Within::Merchant } else { Within::Store(id) };
        let narrow = Narrow { within, purpose: None, mode: None };
        self.of_key((core, moment), merchant, &query.channel_key, Version::V2, &narrow).await
    }

    /// The sub-store of a tier code.
    async fn tier(&self, merchant: Uuid, tier: &str) -> Result<Option<StoreId>> {
        let Ok(tier) = TierCode::parse(tier) else { return Ok(None) };
        let store = stores::owned_by(merchant).filter(stores::Column::TierCode.eq(tier.as_str()));
        Ok(store.one(self.db.read()).await?.map(|store| StoreId::new(store.id)))
    }

    async fn of_key(
        &self,
        (core, moment): (&CoreCaller, Moment),
        merchant: Uuid,
        typed: &str,
        version: Version,
        narrow: &Narrow,
    ) -> Result<Result<Arc<CoreChannel>, Unresolved>> {
        let Ok(key) = typed.parse::<ChannelKey>() else {
            return Ok(Err(Unresolved::ChannelUnknown { given: typed.to_owned(), is: self.mistaken(typed) }));
        };
        let meant = |head: Option<&channels::Model>| {
            let head = head.filter(|head| head.merchant_id == merchant && core.has(head));
            let candidate = head.map(|head| self.candidate(head)).transpose()?;
            Ok::<_, Error>(by_key(candidate.iter(), key, version, narrow).map(|_| ()))
        };
        if let Some(kept) = self.kept_channel(key.uuid()) {
            return match meant(Some(&kept.head))? {
                Ok(()) => self.handed_out(core, &kept).map(Ok),
                Err(why) => Ok(Err(why)),
            };
        }
        let found = self.load.current(&self.db, key.uuid()).await?;
        match (meant(found.as_ref().map(|(head, _)| head))?, found) {
            (Ok(()), Some(found)) => self.open_current(core, moment, found).await.map(Ok),
            (Ok(()), None) => Err(Error::NotFound),
            (Err(why), _) => Ok(Err(why)),
        }
    }

    async fn of_pg(
        &self,
        (core, moment): (&CoreCaller, Moment),
        merchant: Uuid,
        pg: &str,
        narrow: &Narrow,
    ) -> Result<Result<(Arc<CoreChannel>, usize), Unresolved>> {
        // A limited token may be answered otherwise than others.
        let asked = (!core.is_limited()).then(|| Asked::new(merchant, pg, narrow));
        if let Some((id, matches)) = asked.as_ref().and_then(|asked| self.kept_answer(asked))
            && let Some(kept) = self.kept_channel(id)
        {
            return self.handed_out(core, &kept).map(|channel| Ok((channel, matches)));
        }
        let pg = Pg::parse(pg);
        if let Some(mid) = pg.mid {
            let of_mid = self.load.of_mid(&self.db, merchant, without_nul(mid)).await?;
            if of_mid.len() <= usize::from(load::FEW)
                && let Some((found, matches)) = self.among(core, &of_mid, pg, narrow)?
            {
                if let Some(asked) = asked {
                    self.keep_answer(moment, asked, found.0.id, matches);
                }
                return self.open_current(core, moment, found).await.map(|channel| Ok((channel, matches)));
            }
        }
        let modules: Vec<&str> = self
            .catalogue
            .modules()
            .filter(|(_, module)| module.pg_code.as_deref() == Some(pg.code))
            .map(|(_, module)| module.id.as_str())
            .collect();
        let mut wanted = Condition::all()
            .add(channels::Column::MerchantId.eq(merchant))
            .add(core.channels())
            .add(condition(narrow.within))
            .add(channels::Column::Module.is_in(modules))
            .add(channels::Column::Purpose.eq(narrow.purpose.unwrap_or(Purpose::Payment).as_str()))
            .add(channels::Column::Status.eq(Status::Active.as_str()));
        if let Some(mid) = pg.mid {
            wanted = wanted.add(channels::Column::Mid.eq(without_nul(mid)));
        }
        if let Some(mode) = narrow.mode {
            wanted = wanted.add(channels::Column::Mode.eq(mode.as_str()));
        }
        let mut found = with_current_version()
            .filter(wanted.clone())
            .order_by_asc(channels::Column::CreatedAt)
            .order_by_asc(channels::Column::Id)
            .limit(FEW)
            .all(self.db.read())
            .await?;
        if !found.is_empty() {
            let matches = if (found.len() as u64) < FEW {
                found.len() as u64
            } else {
                channels::Entity::find().filter(wanted).count(self.db.read()).await?
            };
            let matches = usize::try_from(matches).unwrap_or(usize::MAX);
            let (head, row) = found.swap_remove(0);
            if let Some(asked) = asked {
                self.keep_answer(moment, asked, head.id, matches);
            }
            let found = (head, row.ok_or(Error::NotFound)?);
            return self.open_current(core, moment, found).await.map(|channel| Ok((channel, matches)));
        }
        let all = channels::owned_by(merchant)
            .filter(core.channels())
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
                let found = self.load.current(&self.db, found.key.uuid()).await?.ok_or(Error::NotFound)?;
                self.open_current(core, moment, found).await.map(|channel| Ok((channel, matches)))
            }
        }
    }

    /// The one that is meant among these, and how many fit.
    fn among(&self, core: &CoreCaller, rows: &[Arc<Row>], pg: Pg<'_>, narrow: &Narrow) -> Result<Option<(Row, usize)>> {
        let within = rows.iter().filter(|row| core.has(&row.0));
        let candidates = within.map(|row| self.candidate(&row.0)).collect::<Result<Vec<Candidate>>>()?;
        let Ok((found, matches)) = by_pg(&candidates, pg, narrow) else { return Ok(None) };
        let row = rows.iter().find(|row| row.0.id == found.key.uuid());
        Ok(row.map(|row| (Row::clone(row), matches)))
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
