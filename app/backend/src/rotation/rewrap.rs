//! Data keys are wrapped anew, row by row in the order of their ids. Each row is changed only while it is as it was read, so
//! nothing newer is overwritten, and a run that was cut short goes on where it ended.

use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait, Iterable as _, PrimaryKeyToColumn as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;

use crate::{
    Backend,
    applications::{file_key_place, number_place},
    channels::place,
    credentials::v1_secret_place,
    drafts::draft_place,
    entity::{application_files, applications, channel_versions, drafts, outbox_mails, rest_api_keys},
    error::{Error, Result},
    outbox::mail_place,
    vault::{Place, key_of},
};

/// Rows in one transaction: others who write wait no longer than for these.
const BATCH: u64 = 50;
/// Whoever waits for the one writer's turn gets it between two batches.
const BREATH: std::time::Duration = std::time::Duration::from_millis(2);

/// What a pass over everything sealed did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rewrapped {
    /// Rows that hang on the active key now and did not before.
    pub rows: u64,
    /// Rows that do not open with the key that they name, by table and id.
    pub unreadable: Vec<String>,
}

/// One sealed blob of a table whose rows have a UUID.
pub(super) struct Blob {
    pub id: Uuid,
    pub place: Place<'static>,
    pub sealed: Option<Vec<u8>>,
}

pub(super) fn v1_blob(row: &rest_api_keys::Model) -> Blob {
    let place = v1_secret_place(row.merchant_id, row.generation);
    Blob { id: row.merchant_id, place, sealed: Some(row.sealed_secret.clone()) }
}

pub(super) fn draft_blob(row: &drafts::Model) -> Blob {
    Blob { id: row.id, place: draft_place(row.member_id, row.id), sealed: Some(row.sealed.clone()) }
}

pub(super) fn mail_blob(row: &outbox_mails::Model) -> Blob {
    Blob { id: row.id, place: mail_place(row.id), sealed: row.sealed_payload.clone() }
}

pub(super) fn number_blob(row: &applications::Model) -> Blob {
    let place = number_place(row.merchant_id, row.number_revision);
    Blob { id: row.merchant_id, place, sealed: row.sealed_number.clone() }
}

/// The key of a file; its content hangs on that alone.
pub(super) fn file_blob(row: &application_files::Model) -> Blob {
    let place = file_key_place(row.merchant_id, row.id);
    Blob { id: row.id, place, sealed: Some(row.sealed_key.clone()) }
}

impl Backend {
    /// Wraps everything anew that does not hang on the active key, until nothing is left that does not.
    pub(super) async fn rewrap_everything(&self) -> Result<Rewrapped> {
        let mut done = Rewrapped::default();
        loop {
            let before = done.rows;
            done.unreadable.clear();
            self.rewrap_versions(&mut done).await?;
            self.rewrap_blobs::<rest_api_keys::Entity>(rest_api_keys::Column::SealedSecret, v1_blob, &mut done).await?;
            self.rewrap_blobs::<drafts::Entity>(drafts::Column::Sealed, draft_blob, &mut done).await?;
            self.rewrap_blobs::<outbox_mails::Entity>(outbox_mails::Column::SealedPayload, mail_blob, &mut done)
                .await?;
            self.rewrap_blobs::<applications::Entity>(applications::Column::SealedNumber, number_blob, &mut done)
                .await?;
            self.rewrap_blobs::<application_files::Entity>(application_files::Column::SealedKey, file_blob, &mut done)
                .await?;
            if done.rows == before {
                return Ok(done);
            }
        }
    }

    async fn rewrap_versions(&self, done: &mut Rewrapped) -> Result<()> {
        use channel_versions::Column::{ChannelId, KeyId, Version, WrappedKey};
        let active = self.vault.active_key_id();
        let mut after = (Uuid::nil(), 0);
        loop {
            let later = Condition::all().add(ChannelId.eq(after.0)).add(Version.gt(after.1));
            let rows = channel_versions::Entity::find()
                .filter(KeyId.ne(active.as_str()))
                .filter(Condition::any().add(ChannelId.gt(after.0)).add(later))
                .order_by_asc(ChannelId)
                .order_by_asc(Version)
                .limit(BATCH)
                .all(self.db.read())
                .await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = (last.channel_id, last.version);
            let txn = self.db.write().await?;
            for row in rows {
                let (Some(key_id), Some(wrapped)) = (&row.key_id, &row.wrapped_key) else { continue };
                let Ok((new_id, new)) = self.vault.rewrap(&*self.random, place(&row), key_id, wrapped) else {
                    done.unreadable.push(format!("channel_versions {} {}", row.channel_id, row.version));
                    continue;
                };
                let changed = channel_versions::Entity::update_many()
                    .col_expr(KeyId, Expr::value(new_id))
                    .col_expr(WrappedKey, Expr::value(new))
                    .filter(ChannelId.eq(row.channel_id))
                    .filter(Version.eq(row.version))
                    .filter(KeyId.eq(key_id.as_str()))
                    .filter(WrappedKey.eq(wrapped.clone()))
                    .exec(&txn)
                    .await?;
                done.rows += changed.rows_affected;
            }
            txn.commit().await?;
            tokio::time::sleep(BREATH).await;
        }
    }

    async fn rewrap_blobs<E: EntityTrait>(
        &self,
        column: E::Column,
        blob_of: impl Fn(&E::Model) -> Blob,
        done: &mut Rewrapped,
    ) -> Result<()> {
        let active = self.vault.active_key_id();
        let id = id_of::<E>()?;
        let mut after = Uuid::nil();
        loop {
            let rows = self.blobs_after::<E>(after, &blob_of).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.id;
            let old = |blob: &Blob| blob.sealed.as_deref().is_some_and(|sealed| key_of(sealed) != Some(&active));
            let rows: Vec<Blob> = rows.into_iter().filter(old).collect();
            if rows.is_empty() {
                continue;
            }
            let txn = self.db.write().await?;
            for Blob { id: row, place, sealed } in rows {
                let Some(sealed) = sealed else { continue };
                let Ok(new) = self.vault.rewrap_one(&*self.random, place, &sealed) else {
                    done.unreadable.push(format!("{} {row}", E::default().table_name()));
                    continue;
                };
                let changed = E::update_many()
                    .col_expr(column, Expr::value(new))
                    .filter(id.eq(row))
                    .filter(column.eq(sealed))
                    .exec(&txn)
                    .await?;
                done.rows += changed.rows_affected;
            }
            txn.commit().await?;
            tokio::time::sleep(BREATH).await;
        }
    }

    /// The next blobs of a table, in the order of their ids.
    pub(super) async fn blobs_after<E: EntityTrait>(
        &self,
        after: Uuid,
        blob_of: &impl Fn(&E::Model) -> Blob,
    ) -> Result<Vec<Blob>> {
        let id = id_of::<E>()?;
        let later: SimpleExpr = id.gt(after);
        let rows = E::find().filter(later).order_by_asc(id).limit(BATCH).all(self.db.read()).await?;
        Ok(rows.iter().map(blob_of).collect())
    }
}

fn id_of<E: EntityTrait>() -> Result<E::Column> {
    let key = E::PrimaryKey::iter().next().ok_or_else(|| Error::Internal("a table without a key".into()))?;
    Ok(key.into_column())
}
