//! 채널 수정: a new version, against the one that was seen.

use std::collections::BTreeMap;

use domain::{
    channel::{self, ChannelForm, ChannelSpec, Mid, Mode, SecretChange, Stored, Use, view::VersionReason},
    form::{ErrorCode, FormErrors},
    id::{ChannelKey, FieldKey, ModuleId},
    member::Permission,
    trail::{FieldChange, Trace},
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    sea_query::Expr,
};

use super::{
    add::name_taken_or,
    history::keys,
    row::{Carried, SecretNote, VersionFields, asked_fields, decode, public_fields, secrets_place, to_json},
};
use crate::{
    Backend,
    actor::Actor,
    audit::{Action, Entry},
    entity::{channel_versions, channels},
    error::{Error, Result},
    payment_core::EventKind,
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
    /// Saves a new version; answers with the channel's module.
    pub async fn edit_channel(&self, actor: &Actor, key: ChannelKey, change: Change) -> Result<ModuleId> {
        self.edit_behind(actor, key, change, None).await
    }

    /// The same of a channel that must still stand behind a test channel, if one is named.
    pub(super) async fn edit_behind(
        &self,
        actor: &Actor,
        key: ChannelKey,
        change: Change,
        test: Option<ChannelKey>,
    ) -> Result<ModuleId> {
        let target = key.to_string();
        let edit = self.permission_to_edit(actor, key).await?;
        self.require(actor, edit, Action::ChannelEdited, &target).await?;
        let txn = self.db.write().await?;
        let (head, current) = self.head(&txn, actor, key).await?;
        if head.archived_at.is_some() {
            return Err(Error::NotFound);
        }
        if let Some(test) = test {
            self.require_pair(&txn, actor, test, key).await?;
        }
        if head.current_version != change.seen_version {
            return Err(Error::Stale);
        }
        let (provider, module) = self.module_of(&head.module)?;
        let mode = Mode::parse(&head.mode).ok_or_else(|| Error::Internal("channels.mode".into()))?;
        let before = decode(&current)?;
        let carried = before.carried_to(module);
        let stored = Stored { mid: Mid::parse(&current.mid).ok(), secrets: carried.secrets.keys().cloned().collect() };
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
        let notes = self.new_notes(actor, module, &spec, &carried, now)?;
        let secrets = self.new_secrets(&txn, &current, &spec, (&before, &carried), version).await?;
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
            asked_fields: Set(asked_fields(module, spec.purpose)?),
            tax: Set(spec.tax.as_str().to_owned()),
            catalogue_revision: Set(i32::try_from(provider.revision).unwrap_or(i32::MAX)),
            secrets_of: Set(current.secrets_of),
            key_id: Set(None),
            wrapped_key: Set(None),
            sealed_secrets: Set(None),
            by_member: Set(actor.member),
            at: Set(now),
            reason: Set(VersionReason::Edited.as_str().to_owned()),
            credential: Set(actor.credential().map(str::to_owned)),
            note: Set(actor.reason.as_str().to_owned()),
            made_from: Set(None),
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
        let changed = changes(&current, &before, (&spec, &notes), name.as_str());
        self.audit(&txn, Entry::by(actor, Action::ChannelEdited, &target).changing(changed)).await?;
        self.announce(&txn, EventKind::ChannelChanged, actor.merchant, head.store_id, head.id, version).await?;
        txn.commit().await?;
        Ok(module.id.clone())
    }

    /// What it takes to change this channel.
    pub(super) async fn permission_to_edit(&self, actor: &Actor, key: ChannelKey) -> Result<Permission> {
        let (head, _) = self.head(self.db.read(), actor, key).await?;
        let mode = Mode::parse(&head.mode).ok_or_else(|| Error::Internal("channels.mode".into()))?;
        Ok(Permission::to_edit(mode))
    }

    /// A channel of the actor's merchant and its current version; anybody else's is not found, nor one out of reach.
    pub(super) async fn head(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        key: ChannelKey,
    ) -> Result<(channels::Model, channel_versions::Model)> {
        let id = key.uuid();
        let head = channels::owned_by(actor.merchant).filter(channels::Column::Id.eq(id)).one(db).await?;
        let head = head.ok_or(Error::NotFound)?;
        if !actor.reach.has(&head) {
            return Err(actor.out_of_reach());
        }
        let current = channel_versions::Entity::find_by_id((id, head.current_version)).one(db).await?;
        Ok((head, current.ok_or_else(|| Error::Internal("channel without its version".into()))?))
    }

    fn new_notes(
        &self,
        actor: &Actor,
        module: &domain::catalogue::Module,
        spec: &ChannelSpec,
        carried: &Carried,
        now: i64,
    ) -> Result<BTreeMap<FieldKey, SecretNote>> {
        let mut notes = BTreeMap::new();
        for (key, change) in &spec.secrets {
            let Some(field) = module.field(key) else { continue };
            let note = match change {
                SecretChange::Keep => carried.secrets.get(key).map(|(_, note)| note.clone()),
                SecretChange::Set(value) => Some(self.note(actor.merchant, field, value, now)?),
            };
            notes.extend(note.map(|note| (key.clone(), SecretNote { label: field.label.clone(), ..note })));
        }
        Ok(notes)
    }

    async fn new_secrets(
        &self,
        txn: &impl ConnectionTrait,
        current: &channel_versions::Model,
        spec: &ChannelSpec,
        (before, carried): (&VersionFields, &Carried),
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
                SecretChange::Keep => {
                    let sealed_as = carried.secrets.get(key).map(|(sealed_as, _)| sealed_as.as_str());
                    sealed_as.and_then(|sealed_as| old.get(sealed_as)).cloned().ok_or(Error::Sealed)?
                }
            };
            secrets.insert(key.clone(), value);
        }
        let place = secrets_place(current.merchant_id, current.channel_id, version);
        Ok(NewSecrets::Sealed(self.seal_secrets(place, &secrets)?))
    }
}

/// What an edit changes, for the trail: values of what is public, of secrets only whether and which.
fn changes(
    current: &channel_versions::Model,
    before: &VersionFields,
    (spec, notes): (&ChannelSpec, &BTreeMap<FieldKey, SecretNote>),
    name: &str,
) -> Vec<FieldChange> {
    let words = |uses: &[Use]| uses.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" ");
    let head = [
        FieldChange::of_value("name", &current.name, name),
        FieldChange::of_value("purpose", before.purpose.as_str(), spec.purpose.as_str()),
        FieldChange::of_value("mid", &current.mid, spec.mid.as_str()),
        FieldChange::of_value("uses", &words(&before.uses), &words(&spec.uses)),
        FieldChange::of_value("tax", before.tax.as_str(), spec.tax.as_str()),
    ];
    let public = keys(&before.public_fields, &spec.public_fields).filter_map(|key| {
        let old = before.public_fields.get(key).map(|field| &field.value);
        let new = spec.public_fields.get(key);
        let value = |text: &String| Trace::value(text);
        (old != new).then(|| FieldChange::new(format!("fields.{key}"), old.map(value), new.map(value)))
    });
    let secret = keys(&before.secret_notes, notes).filter_map(|key| {
        let (old, new) = (before.secret_notes.get(key), notes.get(key));
        let is_touched = spec.secrets.get(key).is_some_and(|change| *change != SecretChange::Keep);
        let changed = is_touched || old.is_some() != new.is_some();
        changed
            .then(|| FieldChange::new(format!("fields.{key}"), old.map(SecretNote::trace), new.map(SecretNote::trace)))
    });
    head.into_iter().flatten().chain(public).chain(secret).collect()
}
