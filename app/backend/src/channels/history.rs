//! 변경 이력: what each version changed, by whom and why; and going back, which is a new version.

use std::collections::BTreeMap;

use domain::{
    channel::{
        ChannelName, Mode, Status, Use,
        history::{Author, HistoryEntry, RollBackForm, RollBackPlan, VersionChange},
        view::{ChannelSummary, VersionReason},
    },
    id::{ChannelKey, FieldKey, StoreId},
    member::Permission,
    page::Page,
    trail::{FieldChange, Trace},
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, sea_query::Expr,
};
use uuid::Uuid;

use super::row::{SecretNote, VersionFields, decode, next_version};
use crate::{
    Backend,
    actor::Actor,
    audit::{Action, Entry},
    entity::{channel_versions, channels, members},
    error::{Error, Result},
    paging::{PAGE, page_of},
    payment_core::EventKind,
    time_ms,
};

/// A version's row with its columns read.
struct Version {
    row: channel_versions::Model,
    fields: VersionFields,
}

impl Version {
    fn read(row: channel_versions::Model) -> Result<Self> {
        Ok(Self { fields: decode(&row)?, row })
    }
}

impl Backend {
    /// A channel and one page of its history, newest first.
    pub async fn channel_history(
        &self,
        actor: &Actor,
        key: ChannelKey,
        page: u64,
    ) -> Result<(ChannelSummary, Page<HistoryEntry>)> {
        actor.require(Permission::ViewChannels)?;
        let (head, _) = self.head(self.db.read(), actor, key).await?;
        let found = channel_versions::owned_by(actor.merchant)
            .filter(channel_versions::Column::ChannelId.eq(head.id))
            .order_by_desc(channel_versions::Column::Version);
        let rows = page_of(&self.db, found, page, PAGE).await?;
        let mut versions: Vec<Version> =
            rows.items.iter().cloned().map(Version::read).collect::<Result<Vec<Version>>>()?;
        // What the page's last version changed is told by the one before it.
        if let Some(last) = versions.last() {
            let before = channel_versions::Entity::find_by_id((head.id, last.row.version - 1));
            versions.extend(before.one(self.db.read()).await?.map(Version::read).transpose()?);
        }
        let authors = self.authors(actor, rows.items.iter()).await?;
        let history = rows.try_map(|row| -> Result<HistoryEntry> {
            let at = versions.iter().position(|version| version.row.version == row.version);
            let (after, before) = match at {
                Some(at) => (versions.get(at), versions.get(at + 1)),
                None => (None, None),
            };
            let after = after.ok_or_else(|| Error::Internal("a version without itself".into()))?;
            let damaged = || Error::Internal("channel_versions".into());
            Ok(HistoryEntry {
                version: row.version,
                at: row.at,
                by: authors.of(&row),
                reason: VersionReason::parse(&row.reason).ok_or_else(damaged)?,
                note: row.note.clone(),
                made_from: row.made_from,
                name: row.name.clone(),
                mid: row.mid.clone(),
                status: Status::parse(&row.status).ok_or_else(damaged)?,
                changes: changes(before, after),
            })
        })?;
        Ok((self.summary(&head)?, history))
    }

    /// What going back to a version would change, before it happens.
    pub async fn roll_back_plan(
        &self,
        actor: &Actor,
        key: ChannelKey,
        to: i64,
    ) -> Result<(ChannelSummary, RollBackPlan)> {
        let edit = self.permission_to_edit(actor, key).await?;
        actor.require(edit)?;
        let (head, current, then) = self.now_and_then(self.db.read(), actor, key, to).await?;
        let is_name_taken = self.is_name_taken(self.db.read(), &head, &then).await?;
        let is_readable = self.open_secrets(self.db.read(), &then.row).await.is_ok();
        let authors = self.authors(actor, [&then.row].into_iter()).await?;
        let plan = RollBackPlan {
            key,
            name: head.name.clone(),
            seen_version: head.current_version,
            to,
            at: then.row.at,
            by: authors.of(&then.row),
            changes: content_of(changes(Some(&current), &then)),
            is_name_taken,
            is_readable,
        };
        Ok((self.summary(&head)?, plan))
    }

    /// Makes a new version with the content of an older one; status and store stay as they are. Its secrets stay where
    /// they were sealed, and belong to the MID that comes back with them. Answers with the new version.
    ///
    /// # Errors
    /// [`Error::NameTaken`] when another channel has the name by now, [`Error::Sealed`] when the secrets do not open.
    pub async fn roll_back(&self, actor: &Actor, key: ChannelKey, form: &RollBackForm) -> Result<i64> {
        let target = key.to_string();
        let edit = self.permission_to_edit(actor, key).await?;
        self.require(actor, edit, Action::ChannelRolledBack, &target).await?;
        let txn = self.db.write().await?;
        let (head, current, mut then) = self.now_and_then(&txn, actor, key, form.to).await?;
        if head.current_version != form.seen_version {
            return Err(Error::Stale);
        }
        if !form.keep_name.is_empty() {
            then.row.name.clone_from(&head.name);
        } else if self.is_name_taken(&txn, &head, &then).await? {
            return Err(Error::NameTaken);
        }
        let changed = content_of(changes(Some(&current), &then));
        if changed.is_empty() {
            return Err(Error::WrongStatus);
        }
        // A version whose secrets nobody can read must not become the one that payments use.
        self.open_secrets(&txn, &then.row).await?;
        let name = ChannelName::parse(&then.row.name).map_err(|_| Error::Internal("channel_versions.name".into()))?;
        let (version, now) = (head.current_version + 1, time_ms(self.clock.now()));
        let moved = channels::Entity::update_many()
            .col_expr(channels::Column::Name, Expr::value(name.as_str()))
            .col_expr(channels::Column::NameKey, Expr::value(name.key()))
            .col_expr(channels::Column::Purpose, Expr::value(then.row.purpose.as_str()))
            .col_expr(channels::Column::Mid, Expr::value(then.row.mid.as_str()))
            .col_expr(channels::Column::CurrentVersion, Expr::value(version))
            .col_expr(channels::Column::UpdatedAt, Expr::value(now))
            .filter(channels::Column::Id.eq(head.id))
            .filter(channels::Column::MerchantId.eq(actor.merchant))
            .filter(channels::Column::CurrentVersion.eq(form.seen_version))
            .exec(&txn)
            .await
            .map_err(super::status::taken_or)?;
        if moved.rows_affected != 1 {
            return Err(Error::Stale);
        }
        let next = next_version(&head, then.row, actor, (VersionReason::RolledBack, now));
        let row = channel_versions::Model { name: name.as_str().to_owned(), made_from: Some(form.to), ..next };
        row.into_active_model().reset_all().insert(&txn).await?;
        let noted = changed.into_iter().map(|c| FieldChange::new(c.field, c.before, c.after)).collect();
        self.audit(&txn, Entry::by(actor, Action::ChannelRolledBack, &target).changing(noted)).await?;
        self.announce(&txn, EventKind::ChannelChanged, actor.merchant, head.store_id, head.id, version).await?;
        txn.commit().await?;
        Ok(version)
    }

    async fn now_and_then(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        key: ChannelKey,
        to: i64,
    ) -> Result<(channels::Model, Version, Version)> {
        let (head, current) = self.head(db, actor, key).await?;
        if head.archived_at.is_some() || to > head.current_version {
            return Err(Error::NotFound);
        }
        let then = channel_versions::Entity::find_by_id((head.id, to)).one(db).await?.ok_or(Error::NotFound)?;
        Ok((head, Version::read(current)?, Version::read(then)?))
    }

    async fn is_name_taken(&self, db: &impl ConnectionTrait, head: &channels::Model, then: &Version) -> Result<bool> {
        let damaged = |column: &str| Error::Internal(column.to_owned());
        let name = ChannelName::parse(&then.row.name).map_err(|_| damaged("channel_versions.name"))?;
        let mode = Mode::parse(&head.mode).ok_or_else(|| damaged("channels.mode"))?;
        self.name_taken(db, head.merchant_id, mode, &name, Some(head.id)).await
    }

    /// Who set the secrets that a version uses: whoever made the first version that has them as they are.
    pub(super) async fn secrets_by(
        &self,
        actor: &Actor,
        current: &channel_versions::Model,
        secrets: impl Iterator<Item = (&FieldKey, &SecretNote)>,
    ) -> Result<BTreeMap<FieldKey, Author>> {
        let set_at: Vec<(FieldKey, i64)> = secrets.map(|(key, note)| (key.clone(), note.set_at)).collect();
        if set_at.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows = channel_versions::owned_by(actor.merchant)
            .filter(channel_versions::Column::ChannelId.eq(current.channel_id))
            .filter(channel_versions::Column::At.is_in(set_at.iter().map(|(_, at)| *at)))
            .order_by_asc(channel_versions::Column::Version)
            .all(self.db.read())
            .await?;
        let authors = self.authors(actor, rows.iter()).await?;
        let by = |at: i64| rows.iter().find(|row| row.at == at).map(|row| authors.of(row));
        Ok(set_at.into_iter().filter_map(|(key, at)| Some((key, by(at)?))).collect())
    }

    async fn authors(&self, actor: &Actor, rows: impl Iterator<Item = &channel_versions::Model>) -> Result<Authors> {
        let ids: Vec<Uuid> = rows.map(|row| row.by_member).collect();
        let people = members::owned_by(actor.merchant).filter(members::Column::Id.is_in(ids));
        let people = people.all(self.db.read()).await?;
        Ok(Authors(people.into_iter().map(|person| (person.id, person.email)).collect()))
    }
}

/// The addresses of those who made versions.
struct Authors(BTreeMap<Uuid, String>);

impl Authors {
    fn of(&self, row: &channel_versions::Model) -> Author {
        let email = self.0.get(&row.by_member).cloned().unwrap_or_default();
        Author { email, credential: row.credential.clone() }
    }
}

/// Without status and store, which going back leaves as they are.
fn content_of(mut changes: Vec<VersionChange>) -> Vec<VersionChange> {
    changes.retain(|change| change.field != "status" && change.field != "store");
    changes
}

/// What lies between two versions, field by field: values of what is public, of secrets only whether and which.
fn changes(before: Option<&Version>, after: &Version) -> Vec<VersionChange> {
    let words = |uses: &[Use]| uses.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" ");
    let ours = |version: &Version| {
        [
            ("name", version.row.name.clone()),
            ("purpose", version.row.purpose.clone()),
            ("mid", version.row.mid.clone()),
            ("credentials", version.row.credentials.clone()),
            ("uses", words(&version.fields.uses)),
            ("tax", version.row.tax.clone()),
            ("store", StoreId::new(version.row.store_id).to_string()),
            ("status", version.row.status.clone()),
        ]
    };
    let olds: BTreeMap<&str, String> = before.map(|before| BTreeMap::from(ours(before))).unwrap_or_default();
    let mut found: Vec<VersionChange> = ours(after)
        .into_iter()
        .filter(|(field, new)| olds.get(field).map_or(!new.is_empty(), |old| old != new))
        // What a channel begins with is said without what everyone begins with.
        .filter(|(field, _)| before.is_some() || !matches!(*field, "status" | "store" | "credentials"))
        .map(|(field, new)| {
            let trace = |text: &String| (!text.is_empty()).then(|| Trace::value(text));
            let old = olds.get(field).and_then(trace);
            VersionChange { field: field.to_owned(), label: String::new(), before: old, after: trace(&new) }
        })
        .collect();
    let none = (BTreeMap::new(), BTreeMap::new());
    let (public, secret) = before.map_or((&none.0, &none.1), |b| (&b.fields.public_fields, &b.fields.secret_notes));
    for key in keys(public, &after.fields.public_fields) {
        let (old, new) = (public.get(key), after.fields.public_fields.get(key));
        if old.map(|field| &field.value) != new.map(|field| &field.value) {
            let label = new.or(old).map(|field| field.label.clone()).unwrap_or_default();
            let value = |field: &super::row::PublicField| Trace::value(&field.value);
            found.push(VersionChange {
                field: format!("fields.{key}"),
                label,
                before: old.map(value),
                after: new.map(value),
            });
        }
    }
    for key in keys(secret, &after.fields.secret_notes) {
        let (old, new) = (secret.get(key), after.fields.secret_notes.get(key));
        let same = |a: &SecretNote, b: &SecretNote| (a.set_at, &a.fingerprint) == (b.set_at, &b.fingerprint);
        let is_same = match (old, new) {
            (Some(old), Some(new)) => same(old, new),
            (old, new) => old.is_none() && new.is_none(),
        };
        if !is_same {
            found.push(VersionChange {
                field: format!("fields.{key}"),
                label: new.or(old).map(|note| note.label.clone()).unwrap_or_default(),
                before: old.map(SecretNote::trace),
                after: new.map(SecretNote::trace),
            });
        }
    }
    found
}

/// The keys of both, each once.
pub(super) fn keys<'a, A, B>(
    one: &'a BTreeMap<FieldKey, A>,
    other: &'a BTreeMap<FieldKey, B>,
) -> impl Iterator<Item = &'a FieldKey> {
    one.keys().chain(other.keys().filter(|key| !one.contains_key(*key)))
}
