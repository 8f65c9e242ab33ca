//! What the payment core reads: any version of any channel with its secrets, and which channel a new payment means.

use std::collections::BTreeMap;

use domain::{
    catalogue::Version,
    channel::{Credentials, Mode, Purpose, Status, Tax, Use},
    id::{ChannelKey, FieldKey, ImpCode, ModuleId, ProviderId, StoreId},
    secret::Secret,
    store::TierCode,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Backend,
    actor::Reach,
    channels::decode,
    entity::{channel_versions, channels, merchants, stores},
    error::{Error, Result},
    time_of,
};

/// One version of a channel, secrets included. Never sent to a browser.
#[derive(Debug, Clone)]
pub struct CoreChannel {
    pub key: ChannelKey,
    pub version: i64,
    pub imp_code: ImpCode,
    pub store_id: StoreId,
    pub mode: Mode,
    pub status: Status,
    pub provider: ProviderId,
    pub module: ModuleId,
    pub pg_provider: String,
    pub pg_code: Option<String>,
    pub purpose: Purpose,
    pub name: String,
    pub mid: String,
    pub uses: Vec<Use>,
    pub credentials: Credentials,
    pub tax: Tax,
    pub fields: BTreeMap<FieldKey, String>,
    pub secrets: BTreeMap<String, Secret>,
    pub created_at: OffsetDateTime,
    pub updated_at: OffsetDateTime,
}

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

/// Why no channel can serve the payment; each says what a developer can do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unresolved {
    /// Neither `pg` nor a channel key: there is no default channel.
    PgRequired,
    ImpCodeUnknown,
    StoreUnknown,
    TierUnknown,
    ChannelUnknown,
    /// The merchant has no channel of this code at all.
    NoChannelOfCode {
        code: String,
    },
    /// It has, with other MIDs.
    OtherMids {
        code: String,
        mid: String,
        known: Vec<String>,
    },
    /// It has, in the other mode only.
    OtherMode {
        code: String,
        exists_in: Mode,
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

impl Backend {
    /// A channel in any status, at `version` or as it is now.
    pub async fn core_channel(&self, key: ChannelKey, version: Option<i64>) -> Result<CoreChannel> {
        let head = channels::Entity::find_by_id(key.uuid()).one(self.db.read()).await?.ok_or(Error::NotFound)?;
        self.core_channel_of(&head, version).await
    }

    /// The active channel that a V1 payment means and how many matched.
    pub async fn resolve_v1(&self, query: &ResolveV1) -> Result<Result<(CoreChannel, usize), Unresolved>> {
        let Ok(imp_code) = query.imp_code.parse::<ImpCode>() else { return Ok(Err(Unresolved::ImpCodeUnknown)) };
        let merchant = merchants::Entity::find()
            .filter(merchants::Column::ImpCode.eq(imp_code.as_str()))
            .one(self.db.read())
            .await?;
        let Some(merchant) = merchant else { return Ok(Err(Unresolved::ImpCodeUnknown)) };
        let reach = match &query.tier {
            Some(tier) => match self.reach_of_tier(merchant.id, tier).await? {
                Some(reach) => reach,
                None => return Ok(Err(Unresolved::TierUnknown)),
            },
            None => Reach::Merchant,
        };
        let within = (merchant.id, reach);
        let found = match (&query.channel_key, &query.pg) {
            (Some(key), _) => self.by_key(within, key, Version::V1).await?.and_then(|head| {
                let fits_mode = query.mode.is_none_or(|mode| head.mode == mode.as_str());
                let fits_purpose = query.purpose.is_none_or(|purpose| head.purpose == purpose.as_str());
                if fits_mode && fits_purpose { Ok((head, 1)) } else { Err(Unresolved::ChannelUnknown) }
            }),
            (None, Some(pg)) if !pg.is_empty() => self.by_pg(within, pg, query).await?,
            _ => Err(Unresolved::PgRequired),
        };
        match found {
            Ok((head, matches)) => Ok(Ok((self.core_channel_of(&head, None).await?, matches))),
            Err(why) => Ok(Err(why)),
        }
    }

    /// The active channel that a V2 payment means.
    pub async fn resolve_v2(&self, query: &ResolveV2) -> Result<Result<CoreChannel, Unresolved>> {
        let store = match query.store_id.parse::<StoreId>() {
            Ok(id) => stores::Entity::find_by_id(id.uuid()).one(self.db.read()).await?,
            Err(_) => None,
        };
        let Some(store) = store else { return Ok(Err(Unresolved::StoreUnknown)) };
        let reach = if store.is_primary { Reach::Merchant } else { Reach::Store(store.id) };
        match self.by_key((store.merchant_id, reach), &query.channel_key, Version::V2).await? {
            Ok(head) => Ok(Ok(self.core_channel_of(&head, None).await?)),
            Err(why) => Ok(Err(why)),
        }
    }

    /// What the sub-store of a tier code may use.
    async fn reach_of_tier(&self, merchant: Uuid, tier: &str) -> Result<Option<Reach>> {
        let Ok(tier) = TierCode::parse(tier) else { return Ok(None) };
        let store = stores::owned_by(merchant).filter(stores::Column::TierCode.eq(tier.as_str()));
        Ok(store.one(self.db.read()).await?.map(|store| Reach::Store(store.id)))
    }

    async fn by_key(
        &self,
        (merchant, reach): (Uuid, Reach),
        key: &str,
        version: Version,
    ) -> Result<Result<channels::Model, Unresolved>> {
        let Ok(key) = key.parse::<ChannelKey>() else { return Ok(Err(Unresolved::ChannelUnknown)) };
        let head = channels::owned_by(merchant).filter(channels::Column::Id.eq(key.uuid())).one(self.db.read()).await?;
        let Some(head) = head.filter(|head| reach.has(head)) else { return Ok(Err(Unresolved::ChannelUnknown)) };
        let (_, module) = self.module_of(&head.module)?;
        if !module.versions.contains(&version) {
            return Ok(Err(match version {
                Version::V1 => Unresolved::NotInV1 { key },
                Version::V2 => Unresolved::NotInV2 { key },
            }));
        }
        Ok(match Status::parse(&head.status) {
            Some(Status::Active) => Ok(head),
            Some(Status::Paused) => Err(Unresolved::Paused { key }),
            _ => Err(Unresolved::Deleted { key }),
        })
    }

    async fn by_pg(
        &self,
        (merchant, reach): (Uuid, Reach),
        pg: &str,
        query: &ResolveV1,
    ) -> Result<Result<(channels::Model, usize), Unresolved>> {
        let (code, mid) = pg.split_once('.').map_or((pg, None), |(code, mid)| (code, Some(mid)));
        let modules: Vec<&str> = self
            .catalogue
            .modules()
            .filter(|(_, module)| module.pg_code.as_deref() == Some(code))
            .map(|(_, module)| module.id.as_str())
            .collect();
        let purpose = query.purpose.unwrap_or(Purpose::Payment);
        // All that bear the code, oldest first: the answer is one of them, or what is known of them is the reason.
        let bearers = channels::owned_by(merchant)
            .filter(reach.condition())
            .filter(channels::Column::Module.is_in(modules))
            .filter(channels::Column::Purpose.eq(purpose.as_str()))
            .order_by_asc(channels::Column::CreatedAt)
            .order_by_asc(channels::Column::Id)
            .all(self.db.read())
            .await?;
        let fits_mid = |c: &&channels::Model| mid.is_none_or(|mid| c.mid == mid);
        let fits_mode = |c: &&channels::Model| query.mode.is_none_or(|mode| c.mode == mode.as_str());
        let is_active = |c: &&channels::Model| c.status == Status::Active.as_str();

        let wanted: Vec<_> = bearers.iter().filter(fits_mid).filter(fits_mode).collect();
        let active: Vec<_> = wanted.iter().copied().filter(|c| is_active(c)).collect();
        if let Some(oldest) = active.first() {
            return Ok(Ok(((*oldest).clone(), active.len())));
        }
        // A paused one can be resumed at once: it is the better answer than one that was deleted.
        let latest = wanted.iter().rfind(|c| c.status == Status::Paused.as_str()).or(wanted.last());
        if let Some(head) = latest {
            let key = ChannelKey::new(head.id);
            let paused = head.status == Status::Paused.as_str();
            return Ok(Err(if paused { Unresolved::Paused { key } } else { Unresolved::Deleted { key } }));
        }
        let other_mode = bearers.iter().filter(fits_mid).find(is_active).and_then(|c| Mode::parse(&c.mode));
        if let Some(exists_in) = other_mode {
            return Ok(Err(Unresolved::OtherMode { code: code.to_owned(), exists_in }));
        }
        let known: Vec<String> = bearers.iter().filter(is_active).map(|c| c.mid.clone()).collect();
        Ok(Err(match mid {
            Some(mid) if !known.is_empty() => {
                Unresolved::OtherMids { code: code.to_owned(), mid: mid.to_owned(), known }
            }
            _ => Unresolved::NoChannelOfCode { code: code.to_owned() },
        }))
    }

    async fn core_channel_of(&self, head: &channels::Model, version: Option<i64>) -> Result<CoreChannel> {
        let id = (head.id, version.unwrap_or(head.current_version));
        let row = channel_versions::Entity::find_by_id(id).one(self.db.read()).await?.ok_or(Error::NotFound)?;
        let merchant =
            merchants::Entity::find_by_id(head.merchant_id).one(self.db.read()).await?.ok_or(Error::NotFound)?;
        let (provider, module) = self.module_of(&head.module)?;
        let fields = decode(&row)?;
        let secrets = self.open_secrets(self.db.read(), &row).await?;
        Ok(CoreChannel {
            key: ChannelKey::new(head.id),
            version: row.version,
            imp_code: merchant.imp_code.parse().map_err(|_| Error::Internal("stored imp code".into()))?,
            store_id: StoreId::new(row.store_id),
            mode: Mode::parse(&head.mode).ok_or_else(|| Error::Internal("channels.mode".into()))?,
            status: fields.status,
            provider: provider.id.clone(),
            module: module.id.clone(),
            pg_provider: module.pg_provider.clone(),
            pg_code: module.pg_code.clone(),
            purpose: fields.purpose,
            name: row.name,
            mid: row.mid,
            uses: fields.uses,
            credentials: fields.credentials,
            tax: fields.tax,
            fields: fields.public_fields.into_iter().map(|(key, field)| (key, field.value)).collect(),
            secrets,
            created_at: time_of(head.created_at),
            updated_at: time_of(row.at),
        })
    }
}
