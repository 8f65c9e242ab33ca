//! Channels as the management API tells of them: the head with one of its versions, secrets as set or unset.

use std::{fmt, str::FromStr};

use domain::{
    channel::{
        Credentials, Mode, Purpose, Status, Tax, Use,
        view::{FieldState, FieldView},
    },
    id::{ChannelKey, ModuleId, ProviderId, StoreId},
    member::Permission,
};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::row::decode;
use crate::{
    Backend,
    actor::Actor,
    entity::{channel_versions, channels},
    error::{Error, Result},
};

/// The most channels of one answer.
const LIMIT: u64 = 100;

/// A channel at one of its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelRecord {
    pub key: ChannelKey,
    pub version: i64,
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
    /// Those that are filled.
    pub fields: Vec<FieldView>,
    pub created_at: i64,
    pub updated_at: i64,
}

/// Which channels are asked for; archived ones only when asked for by status.
#[derive(Debug, Clone, Default)]
pub struct RecordQuery {
    pub mode: Option<Mode>,
    pub status: Option<Status>,
    /// In name, MID, provider.
    pub search: String,
    /// What the answer before said to go on from.
    pub cursor: Option<String>,
    /// 1 to 100.
    pub limit: u64,
}

/// The last channel of a page, newest first.
struct Cursor {
    created_at: i64,
    id: Uuid,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{}", self.created_at, self.id.simple())
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parts = text.split_once('-').and_then(|(at, id)| {
            Some(Self { created_at: i64::from_str_radix(at, 16).ok()?, id: Uuid::try_parse(id).ok()? })
        });
        parts.ok_or(Error::CursorInvalid)
    }
}

impl Backend {
    /// A channel that is not archived, as it is now.
    pub async fn channel_record(&self, actor: &Actor, key: ChannelKey) -> Result<ChannelRecord> {
        actor.require(Permission::ViewChannels)?;
        let (head, row) = self.head(self.db.read(), actor, key).await?;
        if head.archived_at.is_some() {
            return Err(Error::NotFound);
        }
        self.record(&head, &row)
    }

    /// A channel as its first version had it: what the request that added it was answered.
    pub async fn added_record(&self, actor: &Actor, key: ChannelKey) -> Result<ChannelRecord> {
        let (head, _) = self.head(self.db.read(), actor, key).await?;
        let first = channel_versions::Entity::find_by_id((head.id, 1)).one(self.db.read()).await?;
        self.record(&head, &first.ok_or(Error::NotFound)?)
    }

    /// The version that the actor just wrote, for the answer. Whoever may write may see what was written, and what was
    /// done is not answered by a refusal: neither the scope to read nor the reach is asked for once more.
    pub async fn written_record(&self, actor: &Actor, key: ChannelKey, version: i64) -> Result<ChannelRecord> {
        let (head, row) = self.written(actor, key, version).await?;
        self.record(&head, &row)
    }

    pub(super) async fn written(
        &self,
        actor: &Actor,
        key: ChannelKey,
        version: i64,
    ) -> Result<(channels::Model, channel_versions::Model)> {
        let id = key.uuid();
        let head = channels::owned_by(actor.merchant).filter(channels::Column::Id.eq(id)).one(self.db.read()).await?;
        let head = head.ok_or(Error::NotFound)?;
        let mode = Mode::parse(&head.mode).ok_or_else(|| Error::Internal("channels.mode".into()))?;
        actor.require(Permission::to_edit(mode))?;
        let row = channel_versions::Entity::find_by_id((id, version)).one(self.db.read()).await?;
        Ok((head, row.ok_or(Error::NotFound)?))
    }

    /// One page of channels, newest first, and where the next one begins.
    pub async fn channel_records(
        &self,
        actor: &Actor,
        query: &RecordQuery,
    ) -> Result<(Vec<ChannelRecord>, Option<String>)> {
        actor.require(Permission::ViewChannels)?;
        let mut found = channels::owned_by(actor.merchant).filter(actor.reach.condition());
        found = match query.status {
            Some(status) => found.filter(channels::Column::Status.eq(status.as_str())),
            None => found.filter(channels::Column::ArchivedAt.is_null()),
        };
        if let Some(mode) = query.mode {
            found = found.filter(channels::Column::Mode.eq(mode.as_str()));
        }
        let search: String = query.search.chars().filter(|c| !c.is_control()).collect();
        if !search.trim().is_empty() {
            found = found.filter(self.matches(search.trim()));
        }
        if let Some(cursor) = &query.cursor {
            let Cursor { created_at, id } = cursor.parse()?;
            let same =
                Condition::all().add(channels::Column::CreatedAt.eq(created_at)).add(channels::Column::Id.lt(id));
            found = found.filter(Condition::any().add(channels::Column::CreatedAt.lt(created_at)).add(same));
        }
        let limit = query.limit.clamp(1, LIMIT);
        let mut heads = found
            .order_by_desc(channels::Column::CreatedAt)
            .order_by_desc(channels::Column::Id)
            .limit(limit + 1)
            .all(self.db.read())
            .await?;
        let has_more = heads.len() as u64 > limit;
        heads.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = heads.last().filter(|_| has_more).map(|last| Cursor { created_at: last.created_at, id: last.id });
        let current = heads.iter().fold(Condition::any(), |any, head| {
            let version = channel_versions::Column::Version.eq(head.current_version);
            any.add(Condition::all().add(channel_versions::Column::ChannelId.eq(head.id)).add(version))
        });
        let rows = if heads.is_empty() {
            Vec::new()
        } else {
            channel_versions::owned_by(actor.merchant).filter(current).all(self.db.read()).await?
        };
        let record = |head: &channels::Model| {
            let row = rows.iter().find(|row| row.channel_id == head.id);
            self.record(head, row.ok_or_else(|| Error::Internal("channel without its version".into()))?)
        };
        Ok((heads.iter().map(record).collect::<Result<_>>()?, next.map(|cursor| cursor.to_string())))
    }

    pub(super) fn record(&self, head: &channels::Model, row: &channel_versions::Model) -> Result<ChannelRecord> {
        let (provider, module) = self.module_of(&head.module)?;
        let version = decode(row)?;
        let public = version.public_fields.into_iter().map(|(key, field)| FieldView {
            key,
            label: field.label,
            state: FieldState::Value { value: field.value },
        });
        let secret = version.secret_notes.into_iter().map(|(key, note)| FieldView {
            key,
            state: note.state(),
            label: note.label,
        });
        Ok(ChannelRecord {
            key: ChannelKey::new(head.id),
            version: row.version,
            store_id: StoreId::new(row.store_id),
            mode: Mode::parse(&head.mode).ok_or_else(|| Error::Internal("channels.mode".into()))?,
            status: version.status,
            provider: provider.id.clone(),
            module: module.id.clone(),
            pg_provider: module.pg_provider.clone(),
            pg_code: module.pg_code.clone(),
            purpose: version.purpose,
            name: row.name.clone(),
            mid: row.mid.clone(),
            uses: version.uses,
            credentials: version.credentials,
            tax: version.tax,
            fields: public.chain(secret).collect(),
            created_at: head.created_at,
            updated_at: row.at,
        })
    }
}
