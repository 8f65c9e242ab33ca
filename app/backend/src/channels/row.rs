//! A version as it is stored: what is public as JSON, what is secret sealed.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    catalogue::{Field, Module, Provider},
    channel::{
        ChannelSpec, Credentials, Purpose, Status, Tax, Use,
        catalogue_change::{AskedField, CatalogueChange, catalogue_changes},
        view::{FieldState, VersionReason},
    },
    id::{ChannelKey, FieldKey},
    secret::Secret,
    trail::Trace,
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{
    Backend,
    actor::Actor,
    entity::{channel_versions, channels},
    error::{Error, Result},
    hex,
    vault::{MacPurpose, Place, SealedSet},
};

/// Secrets of at least this many characters get a fingerprint; shorter ones could be guessed from it.
const FINGERPRINT_FROM: usize = 20;

/// Versions looked at in one go.
const STRIDE: u64 = 500;

/// A public field as it was at the version: the label too, since catalogues change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PublicField {
    pub label: String,
    pub value: String,
}

/// What may be said about a stored secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SecretNote {
    pub label: String,
    pub set_at: i64,
    pub fingerprint: Option<String>,
    /// The key that the fingerprint was made with; unknown of notes that are older than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_with: Option<String>,
}

impl SecretNote {
    /// As the trail tells of it.
    pub fn trace(&self) -> Trace {
        Trace::Secret { fingerprint: self.fingerprint.clone() }
    }

    /// As a channel's page tells of it.
    pub fn state(&self) -> FieldState {
        let Self { set_at, fingerprint, made_with, label: _ } = self;
        FieldState::Set { at: *set_at, fingerprint: fingerprint.clone(), made_with: made_with.clone() }
    }
}

/// The typed columns of a version row.
#[derive(Debug, Clone)]
pub(crate) struct VersionFields {
    pub purpose: Purpose,
    pub status: Status,
    pub credentials: Credentials,
    pub tax: Tax,
    pub uses: Vec<Use>,
    pub public_fields: BTreeMap<FieldKey, PublicField>,
    pub secret_notes: BTreeMap<FieldKey, SecretNote>,
    /// Every field that the module had; unknown of versions older than this column.
    pub asked: Option<Vec<AskedField>>,
}

/// What a version stores, under the keys that its module has today.
#[derive(Debug)]
pub(super) struct Carried {
    pub public_fields: BTreeMap<FieldKey, String>,
    /// Today's key, with the key it is sealed under.
    pub secrets: BTreeMap<FieldKey, (FieldKey, SecretNote)>,
    pub changes: Vec<CatalogueChange>,
}

impl VersionFields {
    pub(super) fn carried_to(&self, module: &Module) -> Carried {
        let today = |key: &FieldKey, label: &str, secret: bool| {
            let stored = AskedField { key: key.clone(), label: label.to_owned(), secret };
            stored.today(module, self.purpose).map(|field| field.key.clone())
        };
        let public_fields = self.public_fields.iter();
        let secrets = self.secret_notes.iter();
        Carried {
            public_fields: public_fields
                .filter_map(|(key, field)| Some((today(key, &field.label, false)?, field.value.clone())))
                .collect(),
            secrets: secrets
                .filter_map(|(key, note)| Some((today(key, &note.label, true)?, (key.clone(), note.clone()))))
                .collect(),
            changes: self.changes_to(module),
        }
    }

    fn changes_to(&self, module: &Module) -> Vec<CatalogueChange> {
        if let Some(asked) = &self.asked {
            return catalogue_changes(asked, module, self.purpose);
        }
        let public = self.public_fields.iter().map(|(key, field)| (key, &field.label, false));
        let secret = self.secret_notes.iter().map(|(key, note)| (key, &note.label, true));
        let stored: Vec<AskedField> = public
            .chain(secret)
            .map(|(key, label, secret)| AskedField { key: key.clone(), label: label.clone(), secret })
            .collect();
        let mut changes = catalogue_changes(&stored, module, self.purpose);
        changes.retain(|change| !matches!(change, CatalogueChange::Added { .. }));
        changes
    }
}

/// Reads the typed columns; an unreadable one is a bug or a damaged database.
pub(crate) fn decode(row: &channel_versions::Model) -> Result<VersionFields> {
    Ok(VersionFields {
        secret_notes: from_json(&row.secret_notes)?,
        asked: row.asked_fields.as_deref().map(from_json).transpose()?,
        ..decode_for_core(row)?
    })
}

/// The same without what is only shown to people: payments wait for it.
pub(crate) fn decode_for_core(row: &channel_versions::Model) -> Result<VersionFields> {
    fn word<T>(parsed: Option<T>, column: &str) -> Result<T> {
        parsed.ok_or_else(|| Error::Internal(format!("channel_versions.{column}")))
    }
    Ok(VersionFields {
        purpose: word(Purpose::parse(&row.purpose), "purpose")?,
        status: word(Status::parse(&row.status), "status")?,
        credentials: word(Credentials::parse(&row.credentials), "credentials")?,
        tax: word(Tax::parse(&row.tax), "tax")?,
        uses: from_json(&row.uses)?,
        public_fields: from_json(&row.public_fields)?,
        secret_notes: BTreeMap::new(),
        asked: None,
    })
}

pub(crate) fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::Internal(format!("JSON: {e}")))
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| Error::Internal("JSON in channel_versions".into()))
}

/// The public side of a spec, with labels.
pub(super) fn public_fields(spec: &ChannelSpec, module: &Module) -> BTreeMap<FieldKey, PublicField> {
    let with_label = |(key, value): (&FieldKey, &String)| {
        let label = module.field(key).map_or_else(|| key.to_string(), |f: &Field| f.label.clone());
        (key.clone(), PublicField { label, value: value.clone() })
    };
    spec.public_fields.iter().map(with_label).collect()
}

/// The fields that a version is asked for now, as its row keeps them.
pub(super) fn asked_fields(module: &Module, purpose: Purpose) -> Result<Option<String>> {
    to_json(&AskedField::all_of(module, purpose)).map(Some)
}

/// The version after a channel's current one `head`, with the content of `of`. Its sealed set stays where it is;
/// `secrets_of` points there.
pub(super) fn next_version(
    head: &channels::Model,
    of: channel_versions::Model,
    actor: &Actor,
    (reason, now): (VersionReason, i64),
) -> channel_versions::Model {
    channel_versions::Model {
        version: head.current_version + 1,
        store_id: head.store_id,
        status: head.status.clone(),
        key_id: None,
        wrapped_key: None,
        sealed_secrets: None,
        by_member: actor.member,
        at: now,
        reason: reason.as_str().to_owned(),
        credential: actor.credential().map(str::to_owned),
        note: actor.reason.as_str().to_owned(),
        made_from: None,
        ..of
    }
}

/// Where a version's secrets lie.
pub(crate) fn place(row: &channel_versions::Model) -> Place<'static> {
    secrets_place(row.merchant_id, row.channel_id, row.secrets_of)
}

pub(super) const fn secrets_place(merchant: Uuid, channel: Uuid, version: i64) -> Place<'static> {
    Place { kind: "channel", owner: merchant, object: channel, version }
}

/// The columns that hold a sealed set.
pub(super) struct SealedColumns {
    pub key_id: Option<String>,
    pub wrapped_key: Option<Vec<u8>>,
    pub sealed_secrets: Option<String>,
}

impl Backend {
    /// Seals secrets for the version that will hold them; no columns when there is nothing to seal.
    pub(super) fn seal_secrets(&self, place: Place<'_>, secrets: &BTreeMap<FieldKey, Secret>) -> Result<SealedColumns> {
        if secrets.is_empty() {
            return Ok(SealedColumns { key_id: None, wrapped_key: None, sealed_secrets: None });
        }
        let set = self.vault.seal(&*self.random, place, secrets.iter().map(|(key, value)| (key.as_str(), value)))?;
        let encoded: BTreeMap<_, _> = set.values.iter().map(|(key, blob)| (key, STANDARD.encode(blob))).collect();
        Ok(SealedColumns {
            key_id: Some(set.key_id),
            wrapped_key: Some(set.wrapped_key),
            sealed_secrets: Some(to_json(&encoded)?),
        })
    }

    /// Opens the secrets that a version uses, wherever they are sealed.
    pub(crate) async fn open_secrets(
        &self,
        db: &impl ConnectionTrait,
        row: &channel_versions::Model,
    ) -> Result<BTreeMap<String, Secret>> {
        if row.secrets_of == row.version {
            return self.open_held(row, row);
        }
        let id = (row.channel_id, row.secrets_of);
        let holder = channel_versions::Entity::find_by_id(id).one(db).await?.ok_or(Error::Sealed)?;
        self.open_held(row, &holder)
    }

    /// Opens the secrets that a version uses, with the version that holds them at hand.
    pub(crate) fn open_held(
        &self,
        row: &channel_versions::Model,
        holder: &channel_versions::Model,
    ) -> Result<BTreeMap<String, Secret>> {
        let noted: BTreeMap<FieldKey, SecretNote> = from_json(&row.secret_notes)?;
        let (Some(key_id), Some(wrapped_key), Some(sealed)) =
            (&holder.key_id, &holder.wrapped_key, &holder.sealed_secrets)
        else {
            // What was cut out must not look like what never was.
            return if noted.is_empty() { Ok(BTreeMap::new()) } else { Err(Error::Sealed) };
        };
        let encoded: BTreeMap<String, String> = serde_json::from_str(sealed).map_err(|_| Error::Sealed)?;
        let values = encoded
            .into_iter()
            .map(|(key, text)| Ok((key, STANDARD.decode(text).map_err(|_| Error::Sealed)?)))
            .collect::<Result<_>>()?;
        let set = SealedSet { key_id: key_id.clone(), wrapped_key: wrapped_key.clone(), values };
        let secrets = self.vault.open(place(row), &set)?;
        if secrets.keys().map(String::as_str).eq(noted.keys().map(FieldKey::as_str)) {
            Ok(secrets)
        } else {
            Err(Error::Sealed)
        }
    }

    /// Opens the secrets of every version; how many versions there are, and those whose secrets do not open.
    pub async fn verify_secrets(&self) -> Result<(u64, Vec<(ChannelKey, i64)>)> {
        let (mut seen, mut unreadable) = (0, Vec::new());
        let mut after = None;
        loop {
            let mut rows = channel_versions::Entity::find()
                .order_by_asc(channel_versions::Column::ChannelId)
                .order_by_asc(channel_versions::Column::Version)
                .limit(STRIDE);
            if let Some((channel, version)) = after {
                use channel_versions::Column::{ChannelId, Version};
                let later = Condition::all().add(ChannelId.eq(channel)).add(Version.gt(version));
                rows = rows.filter(Condition::any().add(ChannelId.gt(channel)).add(later));
            }
            let rows = rows.all(self.db.read()).await?;
            let Some(last) = rows.last() else { return Ok((seen, unreadable)) };
            after = Some((last.channel_id, last.version));
            for row in rows {
                seen += 1;
                if self.open_secrets(self.db.read(), &row).await.is_err() {
                    unreadable.push((ChannelKey::new(row.channel_id), row.version));
                }
            }
        }
    }

    /// What may be said about a secret that is set now.
    pub(super) fn note(&self, merchant: Uuid, field: &Field, value: &Secret, now: i64) -> Result<SecretNote> {
        let long = value.expose().chars().count() >= FINGERPRINT_FROM;
        let (fingerprint, made_with) = if long {
            let (parts, key_id): ([&[u8]; 2], _) =
                ([merchant.as_bytes(), value.expose().as_bytes()], self.vault.active_key_id());
            let mac = self.vault.mac(&key_id, MacPurpose::Fingerprint, &parts)?;
            (Some(hex(&mac[..4])), Some(key_id))
        } else {
            (None, None)
        };
        Ok(SecretNote { label: field.label.clone(), set_at: now, fingerprint, made_with })
    }

    /// The provider and module of a stored channel; modules are never taken out of the catalogue.
    pub(crate) fn module_of(&self, module: &str) -> Result<(&'static Provider, &'static Module)> {
        self.catalogue.module(module).ok_or_else(|| Error::Internal(format!("module {module} is not in the catalogue")))
    }
}
