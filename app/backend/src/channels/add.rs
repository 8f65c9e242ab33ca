//! 채널 추가.

use std::collections::BTreeMap;

use domain::{
    catalogue::{Module, Provider},
    channel::{self, ChannelForm, ChannelName, ChannelSpec, Mode, SecretChange, Status, Stored, Warning},
    form::{ErrorCode, FormErrors},
    id::ChannelKey,
    member::Permission,
    trail::{FieldChange, Trace},
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _,
    SqlErr, sea_query::LockType,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    record::ChannelRecord,
    row::{asked_fields, public_fields, secrets_place, to_json},
};
use crate::{
    Backend,
    actor::Actor,
    audit::{Action, Entry},
    entity::{channel_versions, channels, merchants},
    error::{Error, Result},
    idempotency::{ADD_CHANNEL, Request},
    limits::require_room,
    payment_core::EventKind,
    time_ms,
    vault::MacPurpose,
};

/// A request to add a channel.
#[derive(Debug, Clone, Default)]
pub struct NewChannel {
    /// `test` or `live`.
    pub mode: String,
    /// The provider that was chosen first; empty when only the module is named (REST).
    pub provider: String,
    pub module: String,
    pub form: ChannelForm,
    /// The id of the store that it is for; empty for the actor's own.
    pub store: String,
    /// Names this very request: sent again, it is answered again and not done again. Empty for none.
    pub idempotency_key: String,
    /// The test channel behind which it shall stand.
    pub twin_of: Option<ChannelKey>,
}

/// A channel that was added, or had been by the same request before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    pub key: ChannelKey,
    pub warnings: Vec<Warning>,
}

/// A channel that was just written, and its version.
type Rows = (channels::Model, channel_versions::Model);

impl Backend {
    /// The module that mode, provider and module name, or the first thing that is wrong with them.
    pub fn chosen_module(
        &self,
        mode: &str,
        provider: &str,
        module: &str,
    ) -> Result<(Mode, &'static Provider, &'static Module), FormErrors> {
        let mode = Mode::parse(mode).ok_or_else(|| FormErrors::one("mode", ErrorCode::NotAChoice))?;
        let found = self.catalogue.module(module).filter(|(_, module)| module.addable());
        let (owner, module) = found.ok_or_else(|| FormErrors::one("module", ErrorCode::NotAChoice))?;
        if !provider.is_empty() && owner.id.as_str() != provider {
            return Err(FormErrors::one("module", ErrorCode::ModuleNotOfProvider));
        }
        if !module.modes.contains(&mode) {
            return Err(FormErrors::one("module", ErrorCode::ModeNotSupported));
        }
        Ok((mode, owner, module))
    }

    /// Checks a form without storing anything: what [`Self::add_channel`] would say about its values.
    pub fn check_new_channel(&self, new: &NewChannel) -> Result<(), FormErrors> {
        let (mode, _, module) = self.chosen_module(&new.mode, &new.provider, &new.module)?;
        channel::parse(&new.form, mode, module, &Stored::default(), self.catalogue).map(|_| ())
    }

    pub async fn add_channel(&self, actor: &Actor, new: NewChannel) -> Result<Created> {
        Ok(self.add(actor, new).await?.0)
    }

    /// The same, with the channel as its first version has it.
    pub async fn add_channel_record(&self, actor: &Actor, new: NewChannel) -> Result<(Created, ChannelRecord)> {
        let (created, written) = self.add(actor, new).await?;
        let record = match written {
            Some((head, first)) => self.record(&head, &first)?,
            None => self.added_record(actor, created.key).await?,
        };
        Ok((created, record))
    }

    /// Returns the rows, too, unless the same request had written them before.
    async fn add(&self, actor: &Actor, new: NewChannel) -> Result<(Created, Option<Rows>)> {
        let edit = Mode::parse(&new.mode).map_or(Permission::EditTestChannels, Permission::to_edit);
        self.require(actor, edit, Action::ChannelAdded, &new.module).await?;
        let (mode, provider, module) = self.chosen_module(&new.mode, &new.provider, &new.module)?;
        let spec = channel::parse(&new.form, mode, module, &Stored::default(), self.catalogue)?;
        let fingerprints = self.request_fingerprints(&new)?;
        let request = Request { merchant: actor.merchant, route: ADD_CHANNEL, key: &new.idempotency_key, fingerprints };

        if new.idempotency_key.len() > 256 || !new.idempotency_key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(FormErrors::one("request_key", ErrorCode::Characters).into());
        }

        let store = self.store_named(actor, &new.store).await?;
        self.require_room_for_channel(actor).await?;
        let txn = self.db.write().await?;
        // Of a name that was given the index tells whether it is taken: who needs no more than that waits for nobody.
        if !new.idempotency_key.is_empty() || spec.name.is_none() || new.twin_of.is_some() {
            self.await_turn(&txn, actor.merchant).await?;
        }
        if !new.idempotency_key.is_empty()
            && let Some(answer) = self.answered(&txn, &request).await?
        {
            let created = serde_json::from_str(&answer).map_err(|_| Error::Internal("stored answer".into()))?;
            return Ok((created, None));
        }
        let name = if let Some(name) = &spec.name {
            // Whether it is taken is told by the index.
            name.clone()
        } else {
            let suggested = Self::suggested_name(provider, module, spec.mid.as_str());
            self.free_name(&txn, actor.merchant, mode, suggested, None).await?
        };
        let id = self.random.uuid();
        let now = time_ms(self.clock.now());
        let head = channels::Model {
            id,
            merchant_id: actor.merchant,
            store_id: store,
            mode: mode.as_str().to_owned(),
            provider: provider.id.to_string(),
            module: module.id.to_string(),
            name: name.as_str().to_owned(),
            name_key: name.key(),
            purpose: spec.purpose.as_str().to_owned(),
            mid: spec.mid.to_string(),
            status: Status::Active.as_str().to_owned(),
            current_version: 1,
            created_at: now,
            updated_at: now,
            archived_at: None,
        };
        let row = channels::ActiveModel::from(head.clone());
        channels::Entity::insert(row).exec_without_returning(&txn).await.map_err(name_taken_or)?;
        let first = self.first_version(actor, &head, provider, module, &spec)?;
        let row = channel_versions::ActiveModel::from(first.clone());
        channel_versions::Entity::insert(row).exec_without_returning(&txn).await?;
        let key = ChannelKey::new(id);
        let target = key.to_string();
        let added = self.added(actor, module, &spec, &head)?;
        let warnings = self.channel_warnings(&txn, &head, module, &spec.public_fields).await?;
        // From here on the merchant's next change waits for the commit.
        self.audit(&txn, Entry::by(actor, Action::ChannelAdded, &target).changing(added)).await?;
        if let Some(test) = new.twin_of {
            self.pair_in(&txn, actor, test, &head).await?;
        }
        let created = Created { key, warnings };
        if !new.idempotency_key.is_empty() {
            self.remember(&txn, &request, &to_json(&created)?).await?;
        }
        self.announce(&txn, EventKind::ChannelCreated, actor.merchant, store, id, 1).await?;
        txn.commit().await?;
        Ok((created, Some((head, first))))
    }

    /// A name for a shared test MID: provider and what the MID is for, numbered when taken.
    pub fn suggested_name(provider: &Provider, module: &Module, mid: &str) -> Option<ChannelName> {
        let test = module.test_mid(mid)?;
        ChannelName::from_words(&format!("{} {}", provider.name, test.purpose_label.ko))
    }

    pub(super) async fn name_taken(
        &self,
        txn: &impl ConnectionTrait,
        merchant: Uuid,
        mode: Mode,
        name: &ChannelName,
        except: Option<Uuid>,
    ) -> Result<bool> {
        let mut query = channels::owned_by(merchant)
            .filter(channels::Column::Mode.eq(mode.as_str()))
            .filter(channels::Column::NameKey.eq(name.key()))
            .filter(channels::Column::ArchivedAt.is_null());
        if let Some(own) = except {
            query = query.filter(channels::Column::Id.ne(own));
        }
        Ok(query.count(txn).await? > 0)
    }

    /// Lets one transaction of a merchant at a time go on from here, so that a repeated request finds the first one's
    /// answer and a free name stays free. SQLite has one writer at a time anyway.
    pub(crate) async fn await_turn(&self, txn: &impl ConnectionTrait, merchant: Uuid) -> Result<()> {
        if self.db.is_sqlite() {
            return Ok(());
        }
        let row = merchants::Entity::find_by_id(merchant).lock(LockType::NoKeyUpdate).one(txn).await?;
        row.map(|_| ()).ok_or(Error::NotFound)
    }

    /// Counted before the transaction, so that others need not wait for it: a few at once may pass the cap together.
    async fn require_room_for_channel(&self, actor: &Actor) -> Result<()> {
        if self.room.take(actor.merchant) {
            return Ok(());
        }
        let kept = channels::owned_by(actor.merchant).filter(channels::Column::ArchivedAt.is_null());
        let have = kept.count(self.db.read()).await?;
        require_room("name", have, self.caps.channels)?;
        self.room.counted(actor.merchant, have, self.caps.channels);
        Ok(())
    }

    /// A name for a channel with one's own MID: the provider, and the module where there are several.
    fn module_name(provider: &Provider, module: &Module) -> Option<ChannelName> {
        let is_only = provider.modules.iter().filter(|module| module.addable()).count() < 2;
        let words = if is_only { provider.name.clone() } else { format!("{} {}", provider.name, module.label) };
        ChannelName::from_words(&words)
    }

    /// The names that shared test MIDs of a module would get now, by MID; with no MID, the one for a MID of one's own.
    pub async fn free_names(
        &self,
        actor: &Actor,
        mode: Mode,
        provider: &Provider,
        module: &Module,
    ) -> Result<Vec<(String, String)>> {
        let mut names = Vec::new();
        for test in &module.test_mids {
            let suggested = Self::suggested_name(provider, module, &test.mid);
            let name = self.free_name(self.db.read(), actor.merchant, mode, suggested, None).await?;
            names.push((test.mid.clone(), name.into()));
        }
        if let Some(name) = Self::module_name(provider, module) {
            let name = self.free_name(self.db.read(), actor.merchant, mode, Some(name), None).await?;
            names.push((String::new(), name.into()));
        }
        Ok(names)
    }

    /// A name like this one that no other channel of the mode has.
    pub async fn name_like(&self, actor: &Actor, mode: Mode, name: &str) -> Result<String> {
        let suggested = ChannelName::from_words(name);
        Ok(self.free_name(self.db.read(), actor.merchant, mode, suggested, None).await?.into())
    }

    /// The suggested name, numbered until no channel but `except` has it.
    pub(super) async fn free_name(
        &self,
        txn: &impl ConnectionTrait,
        merchant: Uuid,
        mode: Mode,
        suggested: Option<ChannelName>,
        except: Option<Uuid>,
    ) -> Result<ChannelName> {
        let suggested = suggested.ok_or_else(|| FormErrors::one("name", ErrorCode::Required))?;
        let mut name = suggested.clone();
        let mut number = 2;
        while self.name_taken(txn, merchant, mode, &name, except).await? {
            name = suggested.numbered(number);
            number += 1;
        }
        Ok(name)
    }

    fn first_version(
        &self,
        actor: &Actor,
        head: &channels::Model,
        provider: &Provider,
        module: &Module,
        spec: &ChannelSpec,
    ) -> Result<channel_versions::Model> {
        let (mut secrets, mut notes) = (BTreeMap::new(), BTreeMap::new());
        for (key, change) in &spec.secrets {
            if let (SecretChange::Set(value), Some(field)) = (change, module.field(key)) {
                notes.insert(key.clone(), self.note(actor.merchant, field, value, head.created_at)?);
                secrets.insert(key.clone(), value.clone());
            }
        }
        let sealed = self.seal_secrets(secrets_place(actor.merchant, head.id, 1), &secrets)?;
        Ok(channel_versions::Model {
            channel_id: head.id,
            version: 1,
            merchant_id: actor.merchant,
            store_id: head.store_id,
            name: head.name.clone(),
            purpose: head.purpose.clone(),
            status: head.status.clone(),
            mid: head.mid.clone(),
            credentials: spec.credentials.as_str().to_owned(),
            uses: to_json(&spec.uses)?,
            public_fields: to_json(&public_fields(spec, module))?,
            secret_notes: to_json(&notes)?,
            asked_fields: asked_fields(module, spec.purpose)?,
            tax: spec.tax.as_str().to_owned(),
            catalogue_revision: i32::try_from(provider.revision).unwrap_or(i32::MAX),
            secrets_of: 1,
            key_id: sealed.key_id,
            wrapped_key: sealed.wrapped_key,
            sealed_secrets: sealed.sealed_secrets,
            by_member: actor.member,
            at: head.created_at,
            reason: domain::channel::view::VersionReason::Added.as_str().to_owned(),
            credential: actor.credential().map(str::to_owned),
            note: actor.reason.as_str().to_owned(),
            made_from: None,
        })
    }

    /// What a new channel begins with, for the trail.
    fn added(
        &self,
        actor: &Actor,
        module: &Module,
        spec: &ChannelSpec,
        head: &channels::Model,
    ) -> Result<Vec<FieldChange>> {
        let begun = |field: &str, trace: Trace| FieldChange::new(field, None, Some(trace));
        let mut changes = vec![
            begun("mode", Trace::value(&head.mode)),
            begun("module", Trace::value(&head.module)),
            begun("name", Trace::value(&head.name)),
            begun("mid", Trace::value(&head.mid)),
        ];
        for (key, value) in &spec.public_fields {
            changes.push(begun(&format!("fields.{key}"), Trace::value(value)));
        }
        for (key, change) in &spec.secrets {
            if let (SecretChange::Set(value), Some(field)) = (change, module.field(key)) {
                let note = self.note(actor.merchant, field, value, head.created_at)?;
                changes.push(begun(&format!("fields.{key}"), note.trace()));
            }
        }
        Ok(changes)
    }

    fn request_fingerprints(&self, new: &NewChannel) -> Result<Vec<[u8; 32]>> {
        let form = to_json(&new.form)?;
        let twin = new.twin_of.map(|twin| twin.to_string()).unwrap_or_default();
        let mut parts = vec![&new.mode, &new.provider, &new.module, &form, &new.store];
        // Left out where there is none, so that requests from before are known again.
        parts.extend((!twin.is_empty()).then_some(&twin));
        let parts: Vec<&[u8]> = parts.into_iter().map(String::as_bytes).collect();
        self.vault.macs(MacPurpose::Idempotency, &parts)
    }
}

/// Two requests may find the same name free; the index lets one of them have it.
pub(super) fn name_taken_or(error: sea_orm::DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => FormErrors::one("name", ErrorCode::NameTaken).into(),
        _ => error.into(),
    }
}
