//! 초대: by mail, for seven days, once.

use domain::{
    account::{Email, Password},
    form::{ErrorCode, FormErrors},
    id::{InvitationId, StoreId},
    member::{Permission, Role},
    own_account::{Acceptance, ConsentsForm, NewPasswordForm},
    page::Page,
    secret::Secret,
    team::{InvitationView, Invite, InviteForm, Standing},
    trail::{FieldChange, Trace},
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, SqlErr, sea_query::Expr,
};
use time::Duration;

use super::{given, members::named, role_of};
use crate::{
    Backend,
    account::{require_strength, stored_email},
    accounts::{TERMS_VERSION, token_hash},
    actor::{Actor, Caller},
    audit::{Action, Entry},
    channels::to_json,
    entity::{invitations, members},
    error::{Error, Result},
    limits::{self, require_room},
    outbox::{InvitationPayload, MailKind},
    paging::{PAGE, page_of},
    time_ms,
};

const LIFE: Duration = Duration::days(7);
/// An invitation that is over stays in sight for a while, so that it can be sent again.
const KEPT: Duration = Duration::days(30);

/// What an open invitation tells whoever has its link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    pub email: String,
    pub role: Role,
}

impl Backend {
    /// Invites somebody. An address that has an account elsewhere is answered the same; its mail tells the difference.
    pub async fn invite(&self, actor: &Actor, form: InviteForm, caller: Caller) -> Result<()> {
        let target = Email::parse(&form.email).map(|email| email.as_str().to_owned()).unwrap_or_default();
        self.require(actor, Permission::ManageMembers, Action::MemberInvited, &target).await?;
        let (_, by) = actor.person()?;
        let invite = Invite::try_from(form)?;
        let grant = Permission::to_grant(invite.standing.role);
        self.require(actor, grant, Action::MemberInvited, invite.email.as_str()).await?;
        self.admit(&[(limits::INVITE, &actor.merchant.to_string())]).await?;
        let txn = self.db.write().await?;
        self.await_turn(&txn, actor.merchant).await?;
        self.may_now(&txn, actor, &[grant]).await?;
        let store = self.limit(&txn, actor.merchant, invite.standing.store).await?;
        self.require_uninvited(&txn, actor, &invite.email).await?;
        self.require_room_for_member(&txn, actor).await?;
        let now = self.clock.now();
        let row = invitations::Model {
            id: self.random.uuid(),
            merchant_id: actor.merchant,
            email: invite.email.as_str().to_owned(),
            email_key: invite.email.key(),
            role: invite.standing.role.as_str().to_owned(),
            memo: invite.memo.as_str().to_owned(),
            store_id: store,
            by_member: actor.member,
            token_hash: None,
            created_at: time_ms(now),
            expires_at: time_ms(now + LIFE),
        };
        let token_hash = self.mail_invitation(&txn, &row, by, caller).await?;
        invitations::ActiveModel { token_hash: Set(token_hash), ..row.clone().into() }.insert(&txn).await?;
        let changes = given(invite.standing, &row.memo);
        self.audit(&txn, Entry::by(actor, Action::MemberInvited, &row.email).changing(changes)).await?;
        txn.commit().await?;
        self.wake_mail_worker();
        Ok(())
    }

    /// Who is on the team already is in plain sight of whoever invites; whether the address is known elsewhere is not.
    async fn require_uninvited(&self, txn: &impl ConnectionTrait, actor: &Actor, email: &Email) -> Result<()> {
        let here = members::present(actor.merchant).filter(members::Column::EmailKey.eq(email.key()));
        if here.count(txn).await? > 0 {
            return Err(FormErrors::one("email", ErrorCode::AlreadyMember).into());
        }
        let open = invitations::owned_by(actor.merchant).filter(invitations::Column::EmailKey.eq(email.key()));
        match open.one(txn).await? {
            Some(open) if open.expires_at > time_ms(self.clock.now()) => {
                Err(FormErrors::one("email", ErrorCode::AlreadyInvited).into())
            }
            Some(over) => {
                invitations::Entity::delete_by_id(over.id).exec(txn).await?;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// An invitation takes its member's place already, so that accepting one always finds it.
    async fn require_room_for_member(&self, txn: &impl ConnectionTrait, actor: &Actor) -> Result<()> {
        let members = members::present(actor.merchant).count(txn).await?;
        let now = time_ms(self.clock.now());
        let open = invitations::owned_by(actor.merchant).filter(invitations::Column::ExpiresAt.gt(now));
        let invited = open.count(txn).await?;
        require_room("email", members + invited, self.caps.members)
    }

    /// Sends the mail that fits the address, and answers with what is stored of its link.
    async fn mail_invitation(
        &self,
        txn: &impl ConnectionTrait,
        row: &invitations::Model,
        by: &str,
        caller: Caller,
    ) -> Result<Option<Vec<u8>>> {
        let to = stored_email(&row.email)?;
        let role = role_of(&row.role)?;
        let (token, hash) = self.new_token();
        let has_account = self.has_account(txn, &to).await?;
        let token = (!has_account).then(|| token.expose().to_owned());
        let kind = if has_account { MailKind::InvitedAlready } else { MailKind::Invitation };
        let payload = Secret::new(to_json(&InvitationPayload { token, by: by.to_owned(), role })?);
        self.promise_mail(txn, kind, &to, caller.language, Some(&payload)).await?;
        Ok((!has_account).then_some(hash))
    }

    /// Sends an invitation again, for another seven days; the link before is dead.
    pub async fn resend_invitation(&self, actor: &Actor, id: InvitationId, caller: Caller) -> Result<()> {
        let row = self.open_invitation(actor, id).await?;
        let grant = Permission::to_grant(role_of(&row.role)?);
        self.require(actor, grant, Action::InvitationResent, &row.email).await?;
        let (_, by) = actor.person()?;
        self.admit(&[(limits::INVITE, &actor.merchant.to_string())]).await?;
        let txn = self.db.write().await?;
        self.admit_in(&txn, &[(limits::RESEND_TO_ADDRESS, &format!("invitation {}", row.email_key))]).await?;
        let hash = self.mail_invitation(&txn, &row, by, caller).await?;
        let sent = invitations::Entity::update_many()
            .col_expr(invitations::Column::TokenHash, Expr::value(hash))
            .col_expr(invitations::Column::ExpiresAt, Expr::value(time_ms(self.clock.now() + LIFE)))
            .filter(invitations::Column::Id.eq(row.id))
            .filter(invitations::Column::MerchantId.eq(actor.merchant))
            .exec(&txn)
            .await?;
        if sent.rows_affected != 1 {
            return Err(Error::NotFound);
        }
        self.audit(&txn, Entry::by(actor, Action::InvitationResent, &row.email)).await?;
        txn.commit().await?;
        self.wake_mail_worker();
        Ok(())
    }

    pub async fn withdraw_invitation(&self, actor: &Actor, id: InvitationId) -> Result<()> {
        let row = self.open_invitation(actor, id).await?;
        let grant = Permission::to_grant(role_of(&row.role)?);
        self.require(actor, grant, Action::InvitationWithdrawn, &row.email).await?;
        let txn = self.db.write().await?;
        let gone = invitations::Entity::delete_many()
            .filter(invitations::Column::Id.eq(row.id))
            .filter(invitations::Column::MerchantId.eq(actor.merchant))
            .exec(&txn)
            .await?;
        if gone.rows_affected != 1 {
            return Err(Error::NotFound);
        }
        let role = vec![FieldChange::new("role", Some(Trace::value(&row.role)), None)];
        self.audit(&txn, Entry::by(actor, Action::InvitationWithdrawn, &row.email).changing(role)).await?;
        txn.commit().await
    }

    async fn open_invitation(&self, actor: &Actor, id: InvitationId) -> Result<invitations::Model> {
        let row = invitations::owned_by(actor.merchant).filter(invitations::Column::Id.eq(id.uuid()));
        row.one(self.db.read()).await?.ok_or(Error::NotFound)
    }

    /// Invitations that wait, the latest first; for whoever may send them.
    pub async fn open_invitations(&self, actor: &Actor, page: u64) -> Result<Page<InvitationView>> {
        actor.require(Permission::ManageMembers)?;
        let found = invitations::owned_by(actor.merchant);
        let found = found.order_by_desc(invitations::Column::CreatedAt).order_by_asc(invitations::Column::Id);
        let page = page_of(&self.db, found, page, PAGE).await?;
        let names = self.store_names(actor.merchant, page.items.iter().filter_map(|row| row.store_id)).await?;
        let now = time_ms(self.clock.now());
        page.try_map(|row| {
            Ok(InvitationView {
                id: InvitationId::new(row.id),
                role: role_of(&row.role)?,
                email: row.email,
                memo: row.memo,
                store: named(&names, row.store_id),
                expires_at: row.expires_at,
                is_over: row.expires_at <= now,
            })
        })
    }

    /// Whom a link invites, if it works; looking does not use it up (mail scanners open links).
    pub async fn invitation(&self, token: &str) -> Result<Option<Invited>> {
        let Some(row) = self.invitation_of(token).await? else { return Ok(None) };
        Ok(Some(Invited { role: role_of(&row.role)?, email: row.email }))
    }

    async fn invitation_of(&self, token: &str) -> Result<Option<invitations::Model>> {
        let Some(hash) = token_hash(token) else { return Ok(None) };
        let found = invitations::Entity::find()
            .filter(invitations::Column::TokenHash.eq(hash))
            .filter(invitations::Column::ExpiresAt.gt(time_ms(self.clock.now())))
            .one(self.db.read())
            .await?;
        Ok(found)
    }

    /// 초대 수락: the member is born. The link proves the address.
    pub async fn accept_invitation(
        &self,
        token: &str,
        password: NewPasswordForm,
        consents: &ConsentsForm,
        caller: Caller,
    ) -> Result<()> {
        let row = self.invitation_of(token).await?.ok_or(Error::LinkInvalid)?;
        let Acceptance { password, marketing } = Acceptance::parse(password, consents)?;
        require_strength(&password, &row.email)?;
        self.join(&row, password, marketing, caller).await
    }

    async fn join(&self, row: &invitations::Model, password: Password, marketing: bool, caller: Caller) -> Result<()> {
        let password_hash = self.passwords.hash(password, &*self.random).await?;
        let now = time_ms(self.clock.now());
        let txn = self.db.write().await?;
        let used = invitations::Entity::delete_many()
            .filter(invitations::Column::Id.eq(row.id))
            // Sent again meanwhile, it has another link.
            .filter(invitations::Column::TokenHash.eq(row.token_hash.clone()))
            .exec(&txn)
            .await?;
        if used.rows_affected != 1 {
            return Err(Error::LinkInvalid);
        }
        let member = members::ActiveModel {
            id: Set(self.random.uuid()),
            merchant_id: Set(row.merchant_id),
            email: Set(row.email.clone()),
            email_key: Set(row.email_key.clone()),
            password_hash: Set(password_hash),
            role: Set(row.role.clone()),
            session_epoch: Set(0),
            terms_version: Set(TERMS_VERSION.to_owned()),
            marketing: Set(marketing),
            consented_at: Set(now),
            created_at: Set(now),
            memo: Set(row.memo.clone()),
            store_id: Set(row.store_id),
            removed_at: Set(None),
            language: Set(None),
        };
        let member = member.insert(&txn).await.map_err(|e| match e.sql_err() {
            // The address got an account elsewhere since the mail was sent.
            Some(SqlErr::UniqueConstraintViolation(_)) => Error::LinkInvalid,
            _ => e.into(),
        })?;
        let standing = Standing { role: role_of(&row.role)?, store: row.store_id.map(StoreId::new) };
        let entry = Entry::of_member((row.merchant_id, member.id), caller.address, Action::MemberJoined, &row.email);
        self.audit(&txn, entry.changing(given(standing, &row.memo))).await?;
        txn.commit().await
    }

    pub(crate) async fn sweep_invitations(&self) -> Result<()> {
        let old = time_ms(self.clock.now() - KEPT);
        invitations::Entity::delete_many()
            .filter(invitations::Column::ExpiresAt.lte(old))
            .exec(self.db.statement())
            .await?;
        Ok(())
    }
}
