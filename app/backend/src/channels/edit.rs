//! 채널 수정: a new version, against the one that was seen.

use std::collections::BTreeMap;

use domain::{
    channel::{self, ChannelForm, ChannelSpec, Mid, Mode, SecretChange, Stored, view::VersionReason},
    form::{ErrorCode, FormErrors},
    id::{ChannelKey, FieldKey},
    member::Permission,
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    sea_query::Expr,
};

use super::{
    add::name_taken_or,
    row::{SecretNote, VersionFields, decode, public_fields, secrets_place, to_json},
};
use crate::{
    Backend,
    actor::Actor,
    audit::{Action, Entry},
    core_feed::EventKind,
    entity::{channel_versions, channels},
    error::{Error, Result},
    time_ms,
};

/// An edited form and the version that was on the screen.
#[derive(Debug, Clone)]
pub struct Change {
    pub seen_version: i64,
    pub form: ChannelForm,
}

/// The secrets of the version to come.
enum NewSecrets {
    /// None was touched: the version that sealed them goes on to hold them.
    Untouched,
    Sealed(super::row::SealedColumns),
}

impl Backend {
    pub async fn edit_channel(&self, actor: &Actor, key: ChannelKey, change: Change) -> Result<()> {
        actor.require(Permission::EditChannels)?;
        let txn = self.db.write().await?;
        let (head, current) = self.head(&txn, actor, key).await?;
        if head.archived_at.is_some() {
            return Err(Error::NotFound);
        }
        if head.current_version != change.seen_version {
            return Err(Error::Stale);
        }
        let (provider, module) = self.module_of(&head.module)?;
        let mode = Mode::parse(&head.mode).ok_or_else(|| Error::Internal("channels.mode".into()))?;
        let before = decode(&current)?;
        let stored =
            Stored { mid: Mid::parse(&current.mid).ok(), secrets: before.secret_notes.keys().cloned().collect() };
        let spec = channel::parse(&change.form, mode, module, &stored, self.catalogue)?;
        let name = match &spec.name {
            Some(name) if self.name_taken(&txn, actor.merchant, mode, name, Some(head.id)).await? => {
                return Err(FormErrors::one("name", ErrorCode::NameTaken).into());
            }
            Some(name) => name.clone(),
            None => {
                let suggested = Self::suggested_name(provider, module, spec.mid.as_str());
                self.free_name(&txn, actor.merchant, mode, suggested, Some(head.id)).await?
            }
        };
        let now = time_ms(self.clock.now());
        let version = head.current_version + 1;
        let notes = self.new_notes(actor, module, &spec, &before, now)?;
        let secrets = self.new_secrets(&txn, &current, &spec, &before, version).await?;
        let mut row = channel_versions::ActiveModel {
            channel_id: Set(head.id),
            version: Set(version),
            merchant_id: Set(actor.merchant),
            store_id: Set(head.store_id),
            name: Set(name.as_str().to_owned()),
            purpose: Set(spec.purpose.as_str().to_owned()),
            status: Set(head.status.clone()),
            mid: Set(spec.mid.to_string()),
            credentials: Set(spec.credentials.as_str().to_owned()),
            uses: Set(to_json(&spec.uses)?),
            public_fields: Set(to_json(&public_fields(&spec, module))?),
            secret_notes: Set(to_json(&notes)?),
            tax: Set(spec.tax.as_str().to_owned()),
            catalogue_revision: Set(i32::try_from(provider.revision).unwrap_or(i32::MAX)),
            secrets_of: Set(current.secrets_of),
            key_id: Set(None),
            wrapped_key: Set(None),
            sealed_secrets: Set(None),
            by_member: Set(actor.member),
            at: Set(now),
            reason: Set(VersionReason::Edited.as_str().to_owned()),
        };
        if let NewSecrets::Sealed(columns) = secrets {
            row.secrets_of = Set(version);
            row.key_id = Set(columns.key_id);
            row.wrapped_key = Set(columns.wrapped_key);
            row.sealed_secrets = Set(columns.sealed_secrets);
        }
        // The head first: of two who saw the same version, the second changes no row and is told.
        let moved = channels::Entity::update_many()
            .col_expr(channels::Column::Name, Expr::value(name.as_str()))
            .col_expr(channels::Column::NameKey, Expr::value(name.key()))
            .col_expr(channels::Column::Purpose, Expr::value(spec.purpose.as_str()))
            .col_expr(channels::Column::Mid, Expr::value(spec.mid.to_string()))
            .col_expr(channels::Column::CurrentVersion, Expr::value(version))
            .col_expr(channels::Column::UpdatedAt, Expr::value(now))
            .filter(channels::Column::Id.eq(head.id))
            .filter(channels::Column::MerchantId.eq(actor.merchant))
            .filter(channels::Column::CurrentVersion.eq(change.seen_version))
            .exec(&txn)
            .await
            .map_err(name_taken_or)?;
        if moved.rows_affected != 1 {
            return Err(Error::Stale);
        }
        row.insert(&txn).await?;
        let changed = changed_names(&current, &before, &spec, name.as_str());
        let entry = Entry {
            merchant: actor.merchant,
            member: Some(actor.member),
            address: actor.address,
            action: Action::ChannelEdited,
            target: &key.to_string(),
            details: &changed,
        };
        self.audit(&txn, entry).await?;
        self.announce(&txn, EventKind::ChannelChanged, actor.merchant, head.store_id, head.id, version).await?;
        Ok(txn.commit().await?)
    }

    /// A channel of the actor's merchant and its current version; anybody else's is not found.
    pub(super) async fn head(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        key: ChannelKey,
    ) -> Result<(channels::Model, channel_versions::Model)> {
        let id = key.uuid();
        let head = channels::owned_by(actor.merchant).filter(channels::Column::Id.eq(id)).one(db).await?;
        let head = head.ok_or(Error::NotFound)?;
        let current = channel_versions::Entity::find_by_id((id, head.current_version)).one(db).await?;
        Ok((head, current.ok_or_else(|| Error::Internal("channel without its version".into()))?))
    }

    fn new_notes(
        &self,
        actor: &Actor,
        module: &domain::catalogue::Module,
        spec: &ChannelSpec,
        before: &VersionFields,
        now: i64,
    ) -> Result<BTreeMap<FieldKey, SecretNote>> {
        let mut notes = BTreeMap::new();
        for (key, change) in &spec.secrets {
            let note = match change {
                SecretChange::Keep => before.secret_notes.get(key).cloned(),
                SecretChange::Set(value) => {
                    module.field(key).map(|field| self.note(actor.merchant, field, value, now)).transpose()?
                }
            };
            notes.extend(note.map(|note| (key.clone(), note)));
        }
        Ok(notes)
    }

    async fn new_secrets(
        &self,
        txn: &impl ConnectionTrait,
        current: &channel_versions::Model,
        spec: &ChannelSpec,
        before: &VersionFields,
        version: i64,
    ) -> Result<NewSecrets> {
        let untouched = spec.secrets.values().all(|c| *c == SecretChange::Keep)
            && spec.secrets.keys().eq(before.secret_notes.keys());
        if untouched {
            return Ok(NewSecrets::Untouched);
        }
        let keeps_some = spec.secrets.values().any(|c| *c == SecretChange::Keep);
        // Opened only when something of it is kept: typing all secrets anew mends a channel whose secrets are unreadable.
        let old = if keeps_some { self.open_secrets(txn, current).await? } else { BTreeMap::new() };
        let mut secrets = BTreeMap::new();
        for (key, change) in &spec.secrets {
            let value = match change {
                SecretChange::Set(value) => value.clone(),
                SecretChange::Keep => old.get(key.as_str()).cloned().ok_or(Error::Sealed)?,
            };
            secrets.insert(key.clone(), value);
        }
        let place = secrets_place(current.merchant_id, current.channel_id, version);
        Ok(NewSecrets::Sealed(self.seal_secrets(place, &secrets)?))
    }
}

/// The names of what an edit changes, for the audit trail.
fn changed_names(
    current: &channel_versions::Model,
    before: &VersionFields,
    spec: &ChannelSpec,
    name: &str,
) -> Vec<String> {
    let mut changed = Vec::new();
    let mut note = |is_changed: bool, what: &str| {
        if is_changed {
            changed.push(what.to_owned());
        }
    };
    note(current.name != name, "name");
    note(before.purpose != spec.purpose, "purpose");
    note(current.mid != spec.mid.as_str(), "mid");
    note(before.uses != spec.uses, "uses");
    note(before.tax != spec.tax, "tax");
    for (key, field) in &before.public_fields {
        note(spec.public_fields.get(key) != Some(&field.value), &format!("fields.{key}"));
    }
    for key in spec.public_fields.keys().filter(|key| !before.public_fields.contains_key(*key)) {
        note(true, &format!("fields.{key}"));
    }
    for (key, change) in &spec.secrets {
        note(*change != SecretChange::Keep, &format!("fields.{key}"));
    }
    for key in before.secret_notes.keys().filter(|key| !spec.secrets.contains_key(*key)) {
        note(true, &format!("fields.{key}"));
    }
    changed
}
