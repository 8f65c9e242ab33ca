//! 사업자등록증: kept in the database, sealed, under a random name of ours, so that every copy of the database has it.

use domain::{
    application::{Media, Upload},
    member::Permission,
    secret::Secret,
    trail::{FieldChange, Trace},
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
};
use uuid::Uuid;

use super::record::{media_of, sees};
use crate::{
    Backend,
    actor::Actor,
    audit::{Action, Entry},
    entity::{application_contents, application_files, applications},
    error::{Error, Result},
    time_ms,
    vault::{Place, open_file, seal_file},
};

/// Where the key of a file lies.
pub(crate) const fn file_key_place(merchant: Uuid, file: Uuid) -> Place<'static> {
    Place { kind: "application-file-key", owner: merchant, object: file, version: 0 }
}

/// Where its content lies.
const fn content_place(merchant: Uuid, file: Uuid) -> Place<'static> {
    Place { kind: "application-file", owner: merchant, object: file, version: 0 }
}

/// A file as it was uploaded.
pub struct KeptFile {
    pub media: Media,
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for KeptFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeptFile({}, {} bytes)", self.media, self.bytes.len())
    }
}

impl Backend {
    /// Whether somebody may upload, asked before a byte of the file is read.
    pub async fn may_upload(&self, actor: &Actor) -> Result<()> {
        self.require(actor, Permission::EditApplication, Action::ApplicationFileKept, "").await
    }

    /// Keeps the 사업자등록증 in place of an earlier one, which is gone then.
    pub async fn keep_registration(&self, actor: &Actor, upload: Upload) -> Result<()> {
        self.may_upload(actor).await?;
        let (merchant, file) = (actor.merchant, self.random.uuid());
        let (key, sealed) = seal_file(&*self.random, content_place(merchant, file), &upload.bytes)?;
        let sealed_key = self.vault.seal_one(&*self.random, file_key_place(merchant, file), &key)?;
        let bytes = i64::try_from(upload.bytes.len()).unwrap_or(i64::MAX);
        let txn = self.db.write().await?;
        self.held(&txn, merchant).await?;
        self.require_unlocked(&txn, merchant, "file").await?;
        let earlier = application_files::owned_by(merchant).one(&txn).await?;
        if let Some(earlier) = &earlier {
            application_contents::Entity::delete_by_id(earlier.id).exec(&txn).await?;
            application_files::Entity::delete_by_id(earlier.id).exec(&txn).await?;
        }
        let now = time_ms(self.clock.now());
        let row = application_files::ActiveModel {
            id: Set(file),
            merchant_id: Set(merchant),
            name: Set(upload.name),
            media: Set(upload.media.as_str().to_owned()),
            bytes: Set(bytes),
            sealed_key: Set(sealed_key),
            created_at: Set(now),
        };
        row.insert(&txn).await?;
        let (merchant_id, updated_at) = (Set(merchant), Set(now));
        applications::ActiveModel { merchant_id, updated_at, ..Default::default() }.update(&txn).await?;
        let content = application_contents::ActiveModel { file_id: Set(file), sealed: Set(sealed) };
        application_contents::Entity::insert(content).exec_without_returning(&txn).await?;
        let told = |media: &str, bytes: i64| Trace::value(format!("{media} {bytes}"));
        let before = earlier.map(|earlier| told(&earlier.media, earlier.bytes));
        let change = FieldChange::new("file", before, Some(told(upload.media.as_str(), bytes)));
        self.audit(&txn, Entry::by(actor, Action::ApplicationFileKept, "").changing(vec![change])).await?;
        txn.commit().await
    }

    /// The 사업자등록증 of the actor's own merchant.
    pub async fn registration(&self, actor: &Actor) -> Result<KeptFile> {
        actor.require(Permission::ViewApplication)?;
        if !sees(actor) {
            return Err(Error::Forbidden);
        }
        self.open_registration(self.db.read(), actor.merchant).await
    }

    pub(super) async fn open_registration(&self, db: &impl ConnectionTrait, merchant: Uuid) -> Result<KeptFile> {
        let row = application_files::owned_by(merchant).one(db).await?.ok_or(Error::NotFound)?;
        Ok(KeptFile { media: media_of(&row)?, bytes: self.open_content(db, &row).await? })
    }

    async fn open_content(&self, db: &impl ConnectionTrait, row: &application_files::Model) -> Result<Vec<u8>> {
        let key: Secret = self.vault.open_one(file_key_place(row.merchant_id, row.id), &row.sealed_key)?;
        let content = application_contents::Entity::find_by_id(row.id).one(db).await?.ok_or(Error::Sealed)?;
        open_file(content_place(row.merchant_id, row.id), &key, &content.sealed)
    }

    /// How many files there are, and which do not open, content and all.
    pub async fn verify_files(&self) -> Result<(u64, Vec<Uuid>)> {
        let (mut seen, mut unreadable, mut after) = (0, Vec::new(), Uuid::nil());
        loop {
            // One at a time: each may have megabytes.
            let later = application_files::Entity::find().filter(application_files::Column::Id.gt(after));
            let row = sea_orm::QueryOrder::order_by_asc(later, application_files::Column::Id);
            let Some(row) = row.one(self.db.read()).await? else { return Ok((seen, unreadable)) };
            after = row.id;
            seen += 1;
            if self.open_content(self.db.read(), &row).await.is_err() {
                unreadable.push(row.id);
            }
        }
    }
}
