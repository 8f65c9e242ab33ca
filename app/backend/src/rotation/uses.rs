//! What still hangs on a key of the ring.

use sea_orm::{ColumnTrait as _, EntityTrait, PaginatorTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::rewrap::{Blob, draft_blob, file_blob, mail_blob, number_blob, v1_blob};
use crate::{
    Backend,
    entity::{
        access_tokens, api_secrets, application_files, applications, audit_events, channel_versions, core_tokens,
        drafts, outbox_mails, rest_api_keys, secret_reads,
    },
    error::Result,
    vault::key_of,
};

/// How many rows of which table name a key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyUses {
    /// What it seals: without it these do not open.
    pub sealed: Vec<(&'static str, u64)>,
    /// What its keyed hashes are: without them these cannot be checked.
    pub checked: Vec<(&'static str, u64)>,
}

impl Backend {
    pub async fn uses_of_key(&self, key_id: &str) -> Result<KeyUses> {
        let db = self.db.read();
        let versions = channel_versions::Entity::find().filter(channel_versions::Column::KeyId.eq(key_id));
        let sealed = [
            ("channel versions", versions.count(db).await?),
            ("V1 secrets", self.blobs_of::<rest_api_keys::Entity>(key_id, v1_blob).await?),
            ("drafts", self.blobs_of::<drafts::Entity>(key_id, draft_blob).await?),
            ("mails", self.blobs_of::<outbox_mails::Entity>(key_id, mail_blob).await?),
            ("account numbers", self.blobs_of::<applications::Entity>(key_id, number_blob).await?),
            ("files", self.blobs_of::<application_files::Entity>(key_id, file_blob).await?),
        ];
        let v1 = rest_api_keys::Entity::find().filter(rest_api_keys::Column::TokenKeyId.eq(key_id));
        let checked = [
            ("API secrets", api_secrets::Entity::find().filter(api_secrets::Column::KeyId.eq(key_id)).count(db).await?),
            ("core tokens", core_tokens::Entity::find().filter(core_tokens::Column::KeyId.eq(key_id)).count(db).await?),
            (
                "access tokens",
                access_tokens::Entity::find().filter(access_tokens::Column::KeyId.eq(key_id)).count(db).await?,
            ),
            ("V1 access tokens", v1.count(db).await?),
            (
                "entries of the trail",
                audit_events::Entity::find().filter(audit_events::Column::KeyId.eq(key_id)).count(db).await?,
            ),
            (
                "records of secret reads",
                secret_reads::Entity::find().filter(secret_reads::Column::KeyId.eq(key_id)).count(db).await?,
            ),
        ];
        let some = |counts: &[(&'static str, u64)]| counts.iter().copied().filter(|(_, count)| *count > 0).collect();
        Ok(KeyUses { sealed: some(&sealed), checked: some(&checked) })
    }

    /// How many V1 secrets, drafts, mails, account numbers and files are sealed, and which of them do not open.
    pub async fn verify_sealed_blobs(&self) -> Result<Vec<(&'static str, u64, Vec<Uuid>)>> {
        Ok(vec![
            self.verify_blobs::<rest_api_keys::Entity>("V1 secrets", v1_blob).await?,
            self.verify_blobs::<drafts::Entity>("drafts", draft_blob).await?,
            self.verify_blobs::<outbox_mails::Entity>("mails", mail_blob).await?,
            self.verify_blobs::<applications::Entity>("account numbers", number_blob).await?,
            self.verify_files().await.map(|(seen, unreadable)| ("files", seen, unreadable))?,
        ])
    }

    async fn verify_blobs<E: EntityTrait>(
        &self,
        what: &'static str,
        blob_of: impl Fn(&E::Model) -> Blob,
    ) -> Result<(&'static str, u64, Vec<Uuid>)> {
        let (mut seen, mut unreadable, mut after) = (0, Vec::new(), Uuid::nil());
        loop {
            let blobs = self.blobs_after::<E>(after, &blob_of).await?;
            let Some(last) = blobs.last() else { return Ok((what, seen, unreadable)) };
            after = last.id;
            for blob in &blobs {
                let Some(sealed) = &blob.sealed else { continue };
                seen += 1;
                if self.vault.open_one(blob.place, sealed).is_err() {
                    unreadable.push(blob.id);
                }
            }
        }
    }

    async fn blobs_of<E: EntityTrait>(&self, key_id: &str, blob_of: impl Fn(&E::Model) -> Blob) -> Result<u64> {
        let (mut count, mut after) = (0, Uuid::nil());
        loop {
            let blobs = self.blobs_after::<E>(after, &blob_of).await?;
            let Some(last) = blobs.last() else { return Ok(count) };
            after = last.id;
            let names_it = |blob: &&Blob| blob.sealed.as_deref().and_then(key_of) == Some(key_id);
            count += blobs.iter().filter(names_it).count() as u64;
        }
    }
}
