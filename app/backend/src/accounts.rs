//! Signing up, confirming the mail, and who a session belongs to.

use std::net::IpAddr;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    account::{Email, SignUp, SignUpForm},
    form::FormErrors,
    id::{ImpCode, StoreId},
    member::Role,
    secret::Secret,
    trail::Reason,
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, SqlErr, sea_query::Expr,
};
use sha2::{Digest as _, Sha256};
use time::Duration;
use uuid::Uuid;

use crate::{
    Backend,
    account::{require_strength, stored_email},
    actor::{Actor, Caller, Reach, Who},
    audit::{Action, Entry},
    credentials::{V1_SECRET, v1_secret_place},
    db::Write,
    entity::{email_tokens, members, merchants, pending_signups, rest_api_keys, stores},
    error::{Error, Result},
    limits,
    outbox::MailKind,
    time_ms,
};

const LINK_LIFE: Duration = Duration::hours(24);
/// The version of 이용약관 and 개인정보 수집 및 이용 that is shown and agreed to.
pub(crate) const TERMS_VERSION: &str = "2026-11-21";

/// Whether a mail link can still be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    Usable,
    Invalid,
}

/// A login that succeeded: what the session remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SignedIn {
    pub member: Uuid,
    pub epoch: i64,
}

/// What a page shows of the person in front of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    pub email: String,
    pub role: Role,
    pub imp_code: ImpCode,
    pub store_id: StoreId,
}

impl Backend {
    /// 가입. Whether or not the address has an account, the answer is the same; the mail tells the difference.
    pub async fn sign_up(&self, form: SignUpForm, caller: Caller) -> Result<()> {
        let sign_up = SignUp::try_from(form)?;
        require_strength(&sign_up.password, sign_up.email.as_str())?;
        let client = limits::client(caller.address);
        let by_client = [(limits::SIGN_UP_BY_CLIENT, client.as_str()), (limits::SIGN_UPS_A_DAY, client.as_str())];
        self.admit_in_memory(&by_client)?;
        let turn = self.passwords.turn().await?;
        self.admit_counted(&by_client).await?;
        // Hashed in either case: the time it takes tells nothing.
        let password_hash = self.passwords.hash_in(turn, sign_up.password.clone(), &*self.random).await?;
        let txn = self.db.write().await?;
        if !self.is_within(&txn, limits::SIGN_UP_TO_ADDRESS, &sign_up.email.key()).await? {
            // Whoever signs somebody up again and again fills a mailbox, not a table.
            self.promise_nothing(&txn, MailKind::AlreadyRegistered, &sign_up.email, caller.language, None).await?;
        } else if self.has_account(&txn, &sign_up.email).await? {
            self.promise_mail(&txn, MailKind::AlreadyRegistered, &sign_up.email, caller.language, None).await?;
        } else {
            let now = self.clock.now();
            let pending = pending_signups::ActiveModel {
                id: Set(self.random.uuid()),
                email: Set(sign_up.email.as_str().to_owned()),
                email_key: Set(sign_up.email.key()),
                password_hash: Set(password_hash),
                terms_version: Set(TERMS_VERSION.to_owned()),
                marketing: Set(sign_up.marketing),
                created_at: Set(time_ms(now)),
                expires_at: Set(time_ms(now + LINK_LIFE)),
            }
            .insert(&txn)
            .await?;
            self.promise_link(&txn, pending.id, &sign_up.email, caller).await?;
        }
        txn.commit().await?;
        self.wake_mail_worker();
        Ok(())
    }

    /// Sends the verification mail of the latest pending sign-up again. Answers the same whatever the address.
    pub async fn resend_verification(&self, email: &str, caller: Caller) -> Result<()> {
        let email = Email::parse(email).map_err(|code| FormErrors::one("email", code))?;
        self.admit(&[(limits::RESEND_BY_CLIENT, &limits::client(caller.address))]).await?;
        let txn = self.db.write().await?;
        let may_mail = self.may_mail_again(&txn, &email.key()).await?;
        let now = time_ms(self.clock.now());
        let pending = pending_signups::Entity::find()
            .filter(pending_signups::Column::EmailKey.eq(email.key()))
            .filter(pending_signups::Column::ExpiresAt.gt(now))
            .all(&txn)
            .await?
            .into_iter()
            .max_by_key(|row| row.created_at);
        if let Some(pending) = pending.filter(|_| may_mail) {
            // As it was typed at sign-up: in another case it may be somebody else's mailbox.
            let to = stored_email(&pending.email)?;
            self.promise_link(&txn, pending.id, &to, caller).await?;
        } else {
            let (token, _) = self.new_token();
            self.promise_nothing(&txn, MailKind::Verify, &email, caller.language, Some(&token)).await?;
        }
        txn.commit().await?;
        self.wake_mail_worker();
        Ok(())
    }

    /// Whether the link would work; looking does not use it up (mail scanners open links).
    pub async fn verification_link(&self, token: &str) -> Result<LinkState> {
        let Some(hash) = token_hash(token) else { return Ok(LinkState::Invalid) };
        let row = email_tokens::Entity::find_by_id(hash).one(self.db.read()).await?;
        let usable = row.is_some_and(|t| t.used_at.is_none() && t.expires_at > time_ms(self.clock.now()));
        Ok(if usable { LinkState::Usable } else { LinkState::Invalid })
    }

    /// Uses the link up and creates, in one transaction: merchant, imp code, primary store, Owner, V1 key and secret.
    pub async fn verify_email(&self, token: &str, caller: Caller) -> Result<()> {
        let hash = token_hash(token).ok_or(Error::LinkInvalid)?;
        let now = time_ms(self.clock.now());
        let txn = self.db.write().await?;
        let used = email_tokens::Entity::update_many()
            .col_expr(email_tokens::Column::UsedAt, Expr::value(now))
            .filter(email_tokens::Column::Hash.eq(hash.clone()))
            .filter(email_tokens::Column::UsedAt.is_null())
            .filter(email_tokens::Column::ExpiresAt.gt(now))
            .exec(&txn)
            .await?;
        if used.rows_affected != 1 {
            return Err(Error::LinkInvalid);
        }
        let token = email_tokens::Entity::find_by_id(hash).one(&txn).await?.ok_or(Error::LinkInvalid)?;
        let pending = pending_signups::Entity::find_by_id(token.pending_signup_id).one(&txn).await?;
        let pending = pending.ok_or(Error::LinkInvalid)?;
        let email = stored_email(&pending.email)?;
        // Two people may have signed up with one address; the first who reads its mail has it.
        if self.has_account(&txn, &email).await? {
            return Err(Error::LinkInvalid);
        }
        // Whoever else signed up with this address did so without reading its mail.
        pending_signups::Entity::delete_many()
            .filter(pending_signups::Column::EmailKey.eq(email.key()))
            .exec(&txn)
            .await?;
        self.create_merchant(&txn, pending, caller.address).await?;
        txn.commit().await
    }

    /// The member a session belongs to, read at every request: a role that was taken away is gone at once.
    pub async fn actor(&self, signed_in: SignedIn, address: IpAddr) -> Result<Actor> {
        let member = members::Entity::find_by_id(signed_in.member).one(self.db.read()).await?;
        let is_current = |m: &members::Model| m.session_epoch == signed_in.epoch && m.removed_at.is_none();
        let member = member.filter(is_current).ok_or(Error::Unauthenticated)?;
        let role = Role::parse(&member.role).ok_or_else(|| Error::Internal("unknown role".into()))?;
        let reach = member.store_id.filter(|_| role.may_be_limited()).map_or(Reach::Merchant, Reach::Store);
        Ok(Actor {
            member: member.id,
            merchant: member.merchant_id,
            who: Who::Member { role, email: member.email },
            reach,
            address,
            reason: Reason::default(),
        })
    }

    pub async fn viewer(&self, actor: &Actor) -> Result<Viewer> {
        let Who::Member { role, email } = &actor.who else { return Err(Error::Forbidden) };
        Ok(Viewer {
            email: email.clone(),
            role: *role,
            imp_code: self.imp_code(actor.merchant).await?,
            store_id: StoreId::new(match actor.reach {
                Reach::Merchant => self.primary_store(actor.merchant).await?,
                Reach::Store(store) => store,
            }),
        })
    }

    /// The same for ever, so it is read once.
    pub(crate) async fn primary_store(&self, merchant: Uuid) -> Result<Uuid> {
        if let Some(known) = self.fresh.primary_store(merchant) {
            return Ok(known);
        }
        let store = stores::owned_by(merchant).filter(stores::Column::IsPrimary.eq(true)).one(self.db.read()).await?;
        let store = store.ok_or(Error::NotFound)?.id;
        self.fresh.keep_primary_store(merchant, store);
        Ok(store)
    }

    pub(crate) async fn sweep_sign_ups(&self) -> Result<()> {
        let now = time_ms(self.clock.now());
        email_tokens::Entity::delete_many()
            .filter(email_tokens::Column::ExpiresAt.lte(now))
            .exec(self.db.statement())
            .await?;
        pending_signups::Entity::delete_many()
            .filter(pending_signups::Column::ExpiresAt.lte(now))
            .exec(self.db.statement())
            .await?;
        Ok(())
    }

    /// Whether an address has an account. For the operator at the machine: no page may tell.
    pub async fn has_address(&self, address: &str) -> Result<bool> {
        let email = Email::parse(address).map_err(|code| FormErrors::one("email", code))?;
        self.has_account(self.db.read(), &email).await
    }

    pub(crate) async fn has_account(&self, db: &impl ConnectionTrait, email: &Email) -> Result<bool> {
        Ok(members::Entity::find().filter(members::Column::EmailKey.eq(email.key())).count(db).await? > 0)
    }

    async fn promise_link(&self, txn: &impl ConnectionTrait, pending: Uuid, to: &Email, caller: Caller) -> Result<()> {
        let (token, hash) = self.new_token();
        let now = self.clock.now();
        email_tokens::ActiveModel {
            hash: Set(hash),
            pending_signup_id: Set(pending),
            created_at: Set(time_ms(now)),
            expires_at: Set(time_ms(now + LINK_LIFE)),
            used_at: Set(None),
        }
        .insert(txn)
        .await?;
        self.promise_mail(txn, MailKind::Verify, to, caller.language, Some(&token)).await
    }

    /// A token for a link, 256 bits, and what is stored of it.
    pub(crate) fn new_token(&self) -> (Secret, Vec<u8>) {
        let token: [u8; 32] = self.random.bytes();
        let token = URL_SAFE_NO_PAD.encode(token);
        let hash = Sha256::digest(token.as_bytes()).to_vec();
        (Secret::new(token), hash)
    }

    async fn create_merchant(&self, txn: &Write, pending: pending_signups::Model, address: IpAddr) -> Result<()> {
        let now = time_ms(self.clock.now());
        let (merchant, store) = (self.random.uuid(), self.random.uuid());
        let imp_code = self.free_imp_code(txn).await?;
        merchants::ActiveModel { id: Set(merchant), imp_code: Set(imp_code.to_string()), created_at: Set(now) }
            .insert(txn)
            .await?;
        stores::ActiveModel {
            id: Set(store),
            merchant_id: Set(merchant),
            is_primary: Set(true),
            name: Set("대표 상점".to_owned()),
            created_at: Set(now),
            tier_code: Set(None),
        }
        .insert(txn)
        .await?;
        let member = members::ActiveModel {
            id: Set(self.random.uuid()),
            merchant_id: Set(merchant),
            email: Set(pending.email),
            email_key: Set(pending.email_key),
            password_hash: Set(pending.password_hash),
            role: Set(Role::Owner.as_str().to_owned()),
            session_epoch: Set(0),
            terms_version: Set(pending.terms_version),
            marketing: Set(pending.marketing),
            consented_at: Set(pending.created_at),
            created_at: Set(now),
            memo: Set(String::new()),
            store_id: Set(None),
            removed_at: Set(None),
            language: Set(None),
        }
        .insert(txn)
        .await
        .map_err(|e| match e.sql_err() {
            // Another pending sign-up of the address was verified at the same moment.
            Some(SqlErr::UniqueConstraintViolation(_)) => Error::LinkInvalid,
            _ => e.into(),
        })?;
        let generation = 1;
        let place = v1_secret_place(merchant, generation);
        let secret = Secret::new(self.random.alphanumeric(V1_SECRET));
        rest_api_keys::ActiveModel {
            merchant_id: Set(merchant),
            key: Set(self.random.digits(16)),
            generation: Set(generation),
            sealed_secret: Set(self.vault.seal_one(&*self.random, place, &secret)?),
            issued_at: Set(now),
            token_seq: Set(0),
            token_key_id: Set(None),
            token_expires_at: Set(None),
            last_used_at: Set(None),
        }
        .insert(txn)
        .await?;
        let entry = Entry::of_member((merchant, member.id), address, Action::MerchantCreated, imp_code.as_str());
        self.audit(txn, entry).await?;
        self.announce_store(txn, merchant, store).await
    }

    /// Eight digits leave a hundred million codes; a taken one is drawn again.
    async fn free_imp_code(&self, txn: &impl ConnectionTrait) -> Result<ImpCode> {
        for _ in 0..64 {
            let code = ImpCode::from_number(self.random.digits(8).parse().unwrap_or_default());
            let taken =
                merchants::Entity::find().filter(merchants::Column::ImpCode.eq(code.as_str())).count(txn).await?;
            if taken == 0 {
                return Ok(code);
            }
        }
        Err(Error::Unavailable)
    }

    /// Whether another mail may go to this address; told to nobody, since it would tell who has an account.
    pub(crate) async fn may_mail_again(&self, txn: &Write, address: &str) -> Result<bool> {
        let now = self.is_within(txn, limits::RESEND_TO_ADDRESS, address).await?;
        // One that comes too soon is not one of the day's.
        Ok(now && self.is_within(txn, limits::RESENDS_A_DAY, address).await?)
    }
}

/// SHA-256 of a token that has the right form: 256 bits in base64url.
pub(crate) fn token_hash(token: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    (bytes.len() == 32).then(|| Sha256::digest(token.as_bytes()).to_vec())
}
