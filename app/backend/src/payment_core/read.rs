//! What the payment core reads: any version of any channel with its secrets, one by one or many at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

use domain::{
    catalogue::Version,
    channel::{Credentials, Mode, Purpose, Status, Tax, Use},
    credential::CoreScope,
    id::{ChannelKey, FieldKey, ImpCode, ModuleId, ProviderId, StoreId},
    secret::Secret,
};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, JoinType, QueryFilter as _, QuerySelect as _, RelationDef,
    SelectTwo,
    sea_query::{Expr, ExprTrait as _},
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    CoreCaller,
    fresh::{KeptChannel, Moment},
    load::Row,
};
use crate::{
    Backend,
    channels::decode_for_core,
    entity::{channel_versions, channels, merchants, stores},
    error::{Error, Result},
    time_of,
};

/// One version of a channel, secrets included. Never sent to a browser.
#[derive(Debug, Clone)]
pub struct CoreChannel {
    /// What was made of it, to be sent again; wiped with it.
    pub(super) written: OnceLock<Secret>,
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
    /// Of the payment API: those that the module works with.
    pub api_versions: Vec<Version>,
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

impl CoreChannel {
    /// What [`Self::keep_written`] has kept.
    pub fn written(&self) -> Option<&str> {
        self.written.get().map(Secret::expose)
    }

    /// Keeps what the host has made of the channel for as long as the channel itself is kept, and wipes it then: a
    /// version never changes, so it is written once.
    pub fn keep_written(&self, text: String) -> &str {
        self.written.get_or_init(|| Secret::new(text)).expose()
    }
}

/// A store, as far as payments are found by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoreStore {
    pub store_id: StoreId,
    pub imp_code: ImpCode,
    pub is_primary: bool,
    pub tier_code: Option<String>,
}

/// A channel at a version, or as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    pub key: ChannelKey,
    pub version: Option<i64>,
}

impl Backend {
    /// A channel in any status, at `version` or as it is now.
    pub async fn core_channel(
        &self,
        core: &CoreCaller,
        key: ChannelKey,
        version: Option<i64>,
    ) -> Result<Arc<CoreChannel>> {
        core.require(CoreScope::ChannelsRead)?;
        let moment = self.moment_of(core).await?;
        let is_current = |kept: &KeptChannel| version.is_none_or(|version| kept.channel.version == version);
        if let Some(kept) = self.kept_channel(key.uuid()).filter(|kept| is_current(kept)) {
            return self.handed_out(core, &kept);
        }
        let Some(version) = version else {
            let found = self.load.current(&self.db, key.uuid()).await?.ok_or(Error::NotFound)?;
            return self.open_current(core, moment, found).await;
        };
        let head = channels::Entity::find_by_id(key.uuid()).one(self.db.read()).await?.ok_or(Error::NotFound)?;
        if !core.has(&head) {
            return Err(Error::StoreForbidden);
        }
        let mut read = self.read_many(core, vec![(head, version)]).await?;
        read.pop().unwrap_or(Err(Error::NotFound)).map(Arc::new)
    }

    /// The moment that the caller reads by, or a new one.
    pub(super) async fn moment_of(&self, core: &CoreCaller) -> Result<Moment> {
        match core.moment {
            Some(moment) => Ok(moment),
            None => self.moment().await,
        }
    }

    /// Opens a channel that was read with its current version, and keeps it.
    pub(super) async fn open_current(
        &self,
        core: &CoreCaller,
        moment: Moment,
        (head, row): Row,
    ) -> Result<Arc<CoreChannel>> {
        if !core.has(&head) {
            return Err(Error::StoreForbidden);
        }
        let elsewhere = if row.secrets_of == row.version {
            None
        } else {
            let id = (row.channel_id, row.secrets_of);
            Some(channel_versions::Entity::find_by_id(id).one(self.db.read()).await?.ok_or(Error::Sealed)?)
        };
        let imp_code = self.imp_code(head.merchant_id).await?;
        let channel = Arc::new(self.core_view(&head, &row, elsewhere.as_ref().unwrap_or(&row), imp_code)?);
        let kept = Arc::new(KeptChannel { head, channel });
        self.keep_channel(moment, &kept);
        self.handed_out(core, &kept)
    }

    /// A kept channel, if it is within reach. Whoever reads secrets is noted.
    pub(super) fn handed_out(&self, core: &CoreCaller, kept: &KeptChannel) -> Result<Arc<CoreChannel>> {
        if !core.has(&kept.head) {
            return Err(Error::StoreForbidden);
        }
        if !kept.channel.secrets.is_empty() {
            self.reads.note(core, self.now_ms(), kept.head.merchant_id, kept.head.id);
        }
        Ok(Arc::clone(&kept.channel))
    }

    /// Many at once, in the order they were asked for; each found or not for itself.
    pub async fn core_channels(&self, core: &CoreCaller, wanted: &[Wanted]) -> Result<Vec<Result<CoreChannel>>> {
        core.require(CoreScope::ChannelsRead)?;
        let ids: BTreeSet<Uuid> = wanted.iter().map(|wanted| wanted.key.uuid()).collect();
        let heads = channels::Entity::find().filter(channels::Column::Id.is_in(ids)).all(self.db.read()).await?;
        let heads: BTreeMap<Uuid, channels::Model> = heads.into_iter().map(|head| (head.id, head)).collect();
        let mut found: Vec<Result<channels::Model>> = wanted
            .iter()
            .map(|wanted| match heads.get(&wanted.key.uuid()) {
                Some(head) if core.has(head) => Ok(head.clone()),
                Some(_) => Err(Error::StoreForbidden),
                None => Err(Error::NotFound),
            })
            .collect();
        let asked = found.iter_mut().zip(wanted).filter_map(|(head, wanted)| {
            let head = head.as_ref().ok()?.clone();
            let version = wanted.version.unwrap_or(head.current_version);
            Some((head, version))
        });
        let mut read = self.read_many(core, asked.collect()).await?.into_iter();
        Ok(found.into_iter().map(|head| head.and_then(|_| read.next().unwrap_or(Err(Error::NotFound)))).collect())
    }

    /// A store within reach.
    pub async fn core_store(&self, core: &CoreCaller, store: StoreId) -> Result<CoreStore> {
        core.require(CoreScope::ChannelsRead)?;
        let row = stores::Entity::find_by_id(store.uuid()).one(self.db.read()).await?.ok_or(Error::NotFound)?;
        if !core.has_store(row.merchant_id, row.id) {
            return Err(Error::StoreForbidden);
        }
        let imp_codes = self.imp_codes([row.merchant_id]).await?;
        core_store(row, &imp_codes)
    }

    /// Channels within reach, each at a version, in few questions to the database. One that cannot be read does not keep
    /// the others back. Whoever reads secrets is noted.
    pub(super) async fn read_many(
        &self,
        core: &CoreCaller,
        asked: Vec<(channels::Model, i64)>,
    ) -> Result<Vec<Result<CoreChannel>>> {
        let rows = self.versions(asked.iter().map(|(head, version)| (head.id, *version))).await?;
        let elsewhere = rows.values().filter(|row| row.secrets_of != row.version);
        let holders = self.versions(elsewhere.map(|row| (row.channel_id, row.secrets_of))).await?;
        let imp_codes = self.imp_codes(asked.iter().map(|(head, _)| head.merchant_id)).await?;
        Ok(asked
            .into_iter()
            .map(|(head, version)| {
                let row = rows.get(&(head.id, version)).ok_or(Error::NotFound)?;
                let holder = if row.secrets_of == row.version {
                    row
                } else {
                    holders.get(&(row.channel_id, row.secrets_of)).ok_or(Error::Sealed)?
                };
                let imp_code = imp_codes.get(&head.merchant_id).ok_or(Error::NotFound)?;
                let channel = self.core_view(&head, row, holder, imp_code.clone())?;
                if !channel.secrets.is_empty() {
                    self.reads.note(core, self.now_ms(), head.merchant_id, head.id);
                }
                Ok(channel)
            })
            .collect())
    }

    async fn versions(
        &self,
        ids: impl Iterator<Item = (Uuid, i64)>,
    ) -> Result<BTreeMap<(Uuid, i64), channel_versions::Model>> {
        use channel_versions::Column::{ChannelId, Version};
        let ids: BTreeSet<(Uuid, i64)> = ids.collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let any = ids.into_iter().fold(Condition::any(), |any, (channel, version)| {
            any.add(Condition::all().add(ChannelId.eq(channel)).add(Version.eq(version)))
        });
        let rows = channel_versions::Entity::find().filter(any).all(self.db.read()).await?;
        Ok(rows.into_iter().map(|row| ((row.channel_id, row.version), row)).collect())
    }

    /// The 고객사 식별코드 of merchants.
    pub(super) async fn imp_codes(&self, merchants: impl IntoIterator<Item = Uuid>) -> Result<BTreeMap<Uuid, ImpCode>> {
        let ids: BTreeSet<Uuid> = merchants.into_iter().collect();
        let rows = merchants::Entity::find().filter(merchants::Column::Id.is_in(ids)).all(self.db.read()).await?;
        let imp_code = |row: merchants::Model| {
            let code = row.imp_code.parse().map_err(|_| Error::Internal("stored imp code".into()))?;
            Ok((row.id, code))
        };
        rows.into_iter().map(imp_code).collect()
    }

    fn core_view(
        &self,
        head: &channels::Model,
        row: &channel_versions::Model,
        holder: &channel_versions::Model,
        imp_code: ImpCode,
    ) -> Result<CoreChannel> {
        let (provider, module) = self.module_of(&head.module)?;
        let fields = decode_for_core(row)?;
        Ok(CoreChannel {
            written: OnceLock::new(),
            key: ChannelKey::new(head.id),
            version: row.version,
            imp_code,
            store_id: StoreId::new(row.store_id),
            mode: Mode::parse(&head.mode).ok_or_else(|| Error::Internal("channels.mode".into()))?,
            status: fields.status,
            provider: provider.id.clone(),
            module: module.id.clone(),
            pg_provider: module.pg_provider.clone(),
            pg_code: module.pg_code.clone(),
            api_versions: module.versions.clone(),
            purpose: fields.purpose,
            name: row.name.clone(),
            mid: row.mid.clone(),
            uses: fields.uses,
            credentials: fields.credentials,
            tax: fields.tax,
            fields: fields.public_fields.into_iter().map(|(key, field)| (key, field.value)).collect(),
            secrets: self.open_held(row, holder)?,
            created_at: time_of(head.created_at),
            updated_at: time_of(row.at),
        })
    }
}

/// Channels, each with its current version.
pub(super) fn with_current_version() -> SelectTwo<channels::Entity, channel_versions::Entity> {
    let current: RelationDef = channels::Entity::belongs_to(channel_versions::Entity)
        .from(channels::Column::Id)
        .to(channel_versions::Column::ChannelId)
        .on_condition(|head, version| {
            let current = Expr::col((head, channels::Column::CurrentVersion));
            Condition::all().add(current.eq(Expr::col((version, channel_versions::Column::Version))))
        })
        .into();
    channels::Entity::find().join(JoinType::InnerJoin, current).select_also(channel_versions::Entity)
}

pub(super) fn core_store(row: stores::Model, imp_codes: &BTreeMap<Uuid, ImpCode>) -> Result<CoreStore> {
    let imp_code = imp_codes.get(&row.merchant_id).cloned();
    Ok(CoreStore {
        store_id: StoreId::new(row.id),
        imp_code: imp_code.ok_or_else(|| Error::Internal("a store without a merchant".into()))?,
        is_primary: row.is_primary,
        tier_code: row.tier_code,
    })
}
