//! Looking at channels: one channel, its history.

use std::collections::BTreeMap;

use domain::{
    catalogue::Module,
    channel::{
        self, Mode, Status, Warning, WarningCode,
        view::{ChannelDetail, ChannelSummary, FieldState, FieldView, VersionReason, VersionView},
    },
    id::{ChannelKey, FieldKey, ModuleId, StoreId},
    member::Permission,
    text,
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
    sea_query::{Expr, ExprTrait as _, Func},
};

use super::{row::decode, status::RESTORABLE};
use crate::{
    Backend,
    actor::Actor,
    db::containing,
    entity::{channel_versions, channels, members},
    error::{Error, Result},
    ms,
};

const MIDS_SENT: u64 = 500;

impl Backend {
    pub async fn channel(&self, actor: &Actor, key: ChannelKey) -> Result<ChannelDetail> {
        actor.require(Permission::ViewChannels)?;
        self.channel_detail(actor, key).await
    }

    /// The same, for use cases that have asked for a right of their own.
    pub(super) async fn channel_detail(&self, actor: &Actor, key: ChannelKey) -> Result<ChannelDetail> {
        let (head, current) = self.head(self.db.read(), actor, key).await?;
        let (_, module) = self.module_of(&head.module)?;
        let fields = decode(&current)?;
        if self.is_gone(&head) {
            return Err(Error::NotFound);
        }
        let restorable_until = head.archived_at.map(|at| at + ms(RESTORABLE));
        let carried = fields.carried_to(module);
        let warnings = self.channel_warnings(self.db.read(), &head, module, &carried.public_fields).await?;
        let notes = carried.secrets.iter().map(|(key, (_, note))| (key, note));
        let secrets_by = self.secrets_by(actor, &current, notes).await?;
        let views = module
            .fields_for(fields.purpose)
            .map(|field| {
                let state = if let Some(value) = carried.public_fields.get(&field.key) {
                    FieldState::Value { value: value.clone() }
                } else if let Some((_, note)) = carried.secrets.get(&field.key) {
                    note.state()
                } else {
                    FieldState::Unset
                };
                FieldView { key: field.key.clone(), label: field.label.clone(), state }
            })
            .collect();
        Ok(ChannelDetail {
            summary: self.summary(&head)?,
            version: head.current_version,
            store_id: StoreId::new(head.store_id),
            credentials: fields.credentials,
            uses: fields.uses,
            tax: fields.tax,
            fields: views,
            warnings,
            changes: carried.changes,
            secrets_by,
            updated_at: head.updated_at,
            restorable_until,
        })
    }

    /// The history, newest first.
    pub async fn channel_versions(&self, actor: &Actor, key: ChannelKey) -> Result<Vec<VersionView>> {
        actor.require(Permission::ViewChannels)?;
        let (head, _) = self.head(self.db.read(), actor, key).await?;
        let rows = channel_versions::owned_by(actor.merchant)
            .filter(channel_versions::Column::ChannelId.eq(head.id))
            .order_by_desc(channel_versions::Column::Version)
            .all(self.db.read())
            .await?;
        let people: BTreeMap<_, _> =
            members::owned_by(actor.merchant).all(self.db.read()).await?.into_iter().map(|m| (m.id, m.email)).collect();
        rows.into_iter()
            .map(|row| {
                let damaged = || Error::Internal("channel_versions".into());
                Ok(VersionView {
                    version: row.version,
                    at: row.at,
                    by: people.get(&row.by_member).cloned().unwrap_or_default(),
                    reason: VersionReason::parse(&row.reason).ok_or_else(damaged)?,
                    name: row.name,
                    mid: row.mid,
                    status: Status::parse(&row.status).ok_or_else(damaged)?,
                })
            })
            .collect()
    }

    /// Everything odd about a channel, a second one with its MID included.
    pub(super) async fn channel_warnings(
        &self,
        db: &impl ConnectionTrait,
        head: &channels::Model,
        module: &Module,
        public: &BTreeMap<FieldKey, String>,
    ) -> Result<Vec<Warning>> {
        let mode = Mode::parse(&head.mode).ok_or_else(|| Error::Internal("channels.mode".into()))?;
        let values = public.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        let mut found = channel::warnings(mode, module, &head.mid, values);
        let twins = channels::owned_by(head.merchant_id)
            .filter(channels::Column::StoreId.eq(head.store_id))
            .filter(channels::Column::Mode.eq(head.mode.as_str()))
            .filter(channels::Column::Module.eq(head.module.as_str()))
            .filter(channels::Column::Mid.eq(head.mid.as_str()))
            .filter(channels::Column::ArchivedAt.is_null())
            .filter(channels::Column::Id.ne(head.id))
            .count(db)
            .await?;
        if twins > 0 {
            found.push(Warning::new("mid", WarningCode::DuplicateMid));
        }
        Ok(found)
    }

    /// The MIDs of the other channels of a mode and module, for a warning while one is typed.
    pub async fn mids_in_use(
        &self,
        actor: &Actor,
        mode: Mode,
        module: &ModuleId,
        except: Option<ChannelKey>,
    ) -> Result<Vec<String>> {
        actor.require(Permission::ViewChannels)?;
        let mut others = channels::owned_by(actor.merchant)
            .filter(channels::Column::Mode.eq(mode.as_str()))
            .filter(channels::Column::Module.eq(module.as_str()))
            .filter(channels::Column::ArchivedAt.is_null());
        if let Some(own) = except {
            others = others.filter(channels::Column::Id.ne(own.uuid()));
        }
        let mids = others.select_only().column(channels::Column::Mid).distinct();
        // A merchant with more channels of one module is warned after saving.
        Ok(mids.limit(MIDS_SENT).into_tuple().all(self.db.read()).await?)
    }

    pub(super) fn summary(&self, head: &channels::Model) -> Result<ChannelSummary> {
        let damaged = || Error::Internal("channels".into());
        let (provider, module) = self.module_of(&head.module)?;
        Ok(ChannelSummary {
            key: ChannelKey::new(head.id),
            mode: Mode::parse(&head.mode).ok_or_else(damaged)?,
            status: Status::parse(&head.status).ok_or_else(damaged)?,
            provider: provider.id.clone(),
            provider_name: provider.name.clone(),
            module: module.id.clone(),
            purpose: channel::Purpose::parse(&head.purpose).ok_or_else(damaged)?,
            name: head.name.clone(),
            mid: head.mid.clone(),
            created_at: head.created_at,
        })
    }

    pub(super) fn matches(&self, search: &str) -> Condition {
        let key = text::comparison_key(search);
        let providers = self
            .catalogue
            .providers()
            .iter()
            .filter(|p| {
                let names = p.aliases.iter().chain([&p.name, &p.name_en]);
                names.map(|name| text::comparison_key(name)).any(|name| name.contains(&key))
            })
            .map(|p| p.id.as_str());
        Condition::any()
            .add(channels::Column::NameKey.like(containing(&key)))
            .add(Expr::expr(Func::lower(Expr::col(channels::Column::Mid))).like(containing(&search.to_lowercase())))
            .add(channels::Column::Provider.is_in(providers))
    }
}
