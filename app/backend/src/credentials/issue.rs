//! 새로운 API Secret 발급.

use domain::{
    api_secret::{IssueForm, NewSecret},
    credential::{Brand, Scope, format_token},
    form::{ErrorCode, FormErrors},
    id::StoreId,
    member::Permission,
    secret::Secret,
    trail::{FieldChange, Trace},
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, sea_query::Expr,
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Issued, Notice, PasswordProof, Shown, scope_words};
use crate::{
    Backend, Language,
    actor::Actor,
    audit::{Action, Entry},
    channels::to_json,
    entity::api_secrets,
    error::Result,
    limits::require_room,
    outbox::MailKind,
    payment_core::EventKind,
    time_ms,
    vault::MacPurpose,
};

/// A request to issue a secret.
#[derive(Debug, Clone)]
pub struct Issue {
    pub form: IssueForm,
    /// The store it will belong to; the primary one if not said.
    pub store: Option<StoreId>,
    /// Names this very request.
    pub request_key: String,
    pub proof: PasswordProof,
    /// Of the mails.
    pub language: Language,
}

/// What a new secret is made of, issued or rolled.
pub(super) struct Making<'a> {
    pub name: &'a str,
    pub name_key: String,
    pub scopes: &'a [Scope],
    pub store: Uuid,
    pub expires_at: Option<OffsetDateTime>,
    pub language: &'a str,
}

impl Backend {
    pub async fn issue_api_secret(&self, actor: &Actor, issue: Issue) -> Result<Shown<Issued>> {
        self.require(actor, Permission::IssueCredentials, Action::ApiSecretIssued, "").await?;
        let (asked, store) = (to_json(&issue.form)?, issue.store.map(|id| id.to_string()).unwrap_or_default());
        let asked: [&[u8]; 2] = [asked.as_bytes(), store.as_bytes()];
        let request = self.showing(actor, "api_secrets.issue", &issue.request_key, &asked)?;
        if self.answered(self.db.read(), &request).await?.is_some() {
            return Ok(Shown::Before);
        }
        let new = issue.form.parse(self.clock.now()).map_err(|errors| with_password(errors, &issue.proof))?;
        let store = self.store_for(actor, issue.store).await?;
        self.confirm(actor, &issue.proof, Action::ApiSecretIssued, new.name.as_str()).await?;

        let txn = self.db.write().await?;
        self.await_turn(&txn, actor.merchant).await?;
        if self.answered(&txn, &request).await?.is_some() {
            return Ok(Shown::Before);
        }
        let name_key = new.name.key();
        if self.secret_name_taken(&txn, actor.merchant, &name_key).await? {
            return Err(FormErrors::one("name", ErrorCode::SecretNameTaken).into());
        }
        // Those that are over have just let go of their names.
        let live = api_secrets::owned_by(actor.merchant).filter(api_secrets::Column::HoldsName.eq(true));
        require_room("name", live.count(&txn).await?, self.caps.api_secrets)?;
        let making = Making {
            name: new.name.as_str(),
            name_key,
            scopes: &new.scopes,
            store: store.id,
            expires_at: new.expires_at,
            language: issue.language.code(),
        };
        let issued = self.make_secret(&txn, actor, making).await?;
        let entry = Entry::by(actor, Action::ApiSecretIssued, &issued.kid).changing(told(&new, &issued));
        self.audit(&txn, entry).await?;
        self.remember(&txn, &request, &issued.kid).await?;
        let notice = Notice::of(&issued.name, &issued.kid, issued.ends_at).by(actor);
        self.tell_owners(&txn, actor.merchant, MailKind::ApiSecretIssued, issue.language, &notice).await?;
        self.announce_credential(&txn, EventKind::ApiSecretIssued, actor.merchant, store.id, &issued.kid).await?;
        txn.commit().await?;
        self.wake_mail_worker();
        Ok(Shown::Once(issued))
    }

    /// Draws a secret and writes its row; the secret itself is only in the answer.
    pub(super) async fn make_secret(
        &self,
        txn: &impl ConnectionTrait,
        actor: &Actor,
        making: Making<'_>,
    ) -> Result<Issued> {
        let kid = self.random.alphanumeric(12);
        let secret = format_token(Brand::V2Secret, &kid, &self.random.bytes(), crc32fast::hash);
        let key_id = self.vault.active_key_id();
        let mac = self.vault.mac(&key_id, MacPurpose::ApiSecret, &[secret.as_bytes()])?;
        let now = self.clock.now();
        let ends_at = making.expires_at.map(time_ms);
        api_secrets::ActiveModel {
            kid: Set(kid.clone()),
            merchant_id: Set(actor.merchant),
            store_id: Set(making.store),
            name: Set(making.name.to_owned()),
            name_key: Set(making.name_key),
            holds_name: Set(true),
            scopes: Set(scope_words(making.scopes)),
            key_id: Set(key_id),
            mac: Set(mac.to_vec()),
            created_by: Set(actor.member),
            language: Set(making.language.to_owned()),
            created_at: Set(time_ms(now)),
            expires_at: Set(ends_at),
            revoked_at: Set(None),
            successor: Set(None),
            retires_at: Set(None),
            last_used_at: Set(None),
            warned_days: Set(making.expires_at.and_then(|end| super::expiry::known_from_the_start(end - now))),
        }
        .insert(txn)
        .await?;
        Ok(Issued {
            secret: Secret::new(secret),
            kid,
            name: making.name.to_owned(),
            scopes: making.scopes.to_vec(),
            store_id: StoreId::new(making.store),
            ends_at,
            old_ends_at: None,
        })
    }

    /// Whether a secret that lives has the name. Those that are over let go of theirs here.
    async fn secret_name_taken(&self, txn: &impl ConnectionTrait, merchant: Uuid, name_key: &str) -> Result<bool> {
        use api_secrets::Column;
        api_secrets::Entity::update_many()
            .col_expr(Column::HoldsName, Expr::value(false))
            .filter(Column::MerchantId.eq(merchant))
            .filter(Column::ExpiresAt.lte(time_ms(self.clock.now())))
            .exec(txn)
            .await?;
        let holders =
            api_secrets::owned_by(merchant).filter(Column::NameKey.eq(name_key)).filter(Column::HoldsName.eq(true));
        Ok(holders.count(txn).await? > 0)
    }
}

/// A password left out is told together with the rest of the form.
fn with_password(mut errors: FormErrors, proof: &PasswordProof) -> FormErrors {
    if matches!(proof, PasswordProof::Typed(typed) if typed.as_str().is_empty()) {
        errors.push("password", ErrorCode::Required);
    }
    errors
}

/// What the trail tells of a new secret.
fn told(new: &NewSecret, issued: &Issued) -> Vec<FieldChange> {
    let value = |field: &str, text: String| FieldChange::new(field, None, Some(Trace::value(text)));
    vec![
        value("name", new.name.as_str().to_owned()),
        value("scopes", scope_words(&issued.scopes)),
        value("store", issued.store_id.to_string()),
        value("expires_at", issued.ends_at.map(super::mails::day_in_korea).unwrap_or_default()),
        FieldChange::new("secret", None, Some(Trace::Secret { fingerprint: None })),
    ]
}

/// How long a secret was made to live, for its successor.
pub(super) fn lifetime(row: &api_secrets::Model) -> Option<Duration> {
    row.expires_at.map(|end| Duration::milliseconds(end - row.created_at))
}
