//! What people change about their own account: password, address, sessions; and the way back in by mail.

mod email;
mod language;
mod password;
mod sessions;

pub(crate) use language::language_for;

use domain::{
    account::{Email, Password},
    form::{ErrorCode, FormErrors},
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
};
use time::Duration;
use uuid::Uuid;

use crate::{
    Backend,
    accounts::{LinkState, token_hash},
    actor::Actor,
    audit::{Action, Entry},
    entity::{account_links, members, sessions as session_rows},
    error::{Error, Result},
    limits::{self, Guesser},
    password::check_strength,
    time_ms,
};

const LINK_LIFE: Duration = Duration::minutes(30);

/// What a link does when it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LinkKind {
    ResetPassword,
    ChangeEmail,
}

impl LinkKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::ResetPassword => "reset_password",
            Self::ChangeEmail => "change_email",
        }
    }
}

impl Backend {
    /// Whether the link of 비밀번호 찾기 would work; looking does not use it up (mail scanners open links).
    pub async fn reset_link(&self, token: &str) -> Result<LinkState> {
        self.link_state(token, LinkKind::ResetPassword).await
    }

    /// Whether the link of 이메일 변경 would work.
    pub async fn email_link(&self, token: &str) -> Result<LinkState> {
        self.link_state(token, LinkKind::ChangeEmail).await
    }

    async fn link_state(&self, token: &str, kind: LinkKind) -> Result<LinkState> {
        let found = self.account_link(self.db.read(), token, kind).await?;
        Ok(if found.is_some() { LinkState::Usable } else { LinkState::Invalid })
    }

    /// A link that works, with the member it belongs to.
    async fn account_link(
        &self,
        db: &impl ConnectionTrait,
        token: &str,
        kind: LinkKind,
    ) -> Result<Option<(account_links::Model, members::Model)>> {
        let Some(hash) = token_hash(token) else { return Ok(None) };
        let link = account_links::Entity::find_by_id(hash)
            .filter(account_links::Column::Kind.eq(kind.as_str()))
            .filter(account_links::Column::ExpiresAt.gt(time_ms(self.clock.now())))
            .one(db)
            .await?;
        let Some((link, member)) = link.and_then(|link| link.member_id.map(|member| (link, member))) else {
            return Ok(None);
        };
        let member = members::Entity::find_by_id(member).one(db).await?.filter(|m| m.removed_at.is_none());
        Ok(member.map(|member| (link, member)))
    }

    /// Uses a link up: of many clicks at once, one gets through. Every other link of the member goes with it.
    async fn use_up(&self, txn: &impl ConnectionTrait, link: &account_links::Model, member: Uuid) -> Result<()> {
        let used = account_links::Entity::delete_by_id(link.hash.clone()).exec(txn).await?;
        if used.rows_affected != 1 {
            return Err(Error::LinkInvalid);
        }
        self.forget_links(txn, member).await
    }

    pub(crate) async fn forget_links(&self, txn: &impl ConnectionTrait, member: Uuid) -> Result<()> {
        account_links::Entity::delete_many().filter(account_links::Column::MemberId.eq(member)).exec(txn).await?;
        Ok(())
    }

    async fn add_link(
        &self,
        txn: &impl ConnectionTrait,
        (hash, kind): (Vec<u8>, LinkKind),
        member: Option<Uuid>,
        email: Option<&Email>,
    ) -> Result<()> {
        let now = self.clock.now();
        account_links::ActiveModel {
            hash: Set(hash),
            kind: Set(kind.as_str().to_owned()),
            member_id: Set(member),
            email: Set(email.map(|email| email.as_str().to_owned())),
            created_at: Set(time_ms(now)),
            expires_at: Set(time_ms(now + LINK_LIFE)),
        }
        .insert(txn)
        .await?;
        Ok(())
    }

    /// The member's row, once the password that was typed into `field` is the member's. A wrong one is noted down.
    pub(crate) async fn proved(
        &self,
        actor: &Actor,
        (field, current): (&str, Password),
        action: Action,
        target: &str,
    ) -> Result<members::Model> {
        actor.person()?;
        // Bounds those that are compared at once; wrong ones count on in the database.
        self.admit_in_memory(&[(limits::PASSWORD_AGAIN, &actor.member.to_string())])?;
        let member = members::Entity::find_by_id(actor.member).one(self.db.read()).await?;
        let member = member.filter(|m| m.removed_at.is_none()).ok_or(Error::Unauthenticated)?;
        let guesser = Guesser::of(actor.member);
        self.require_guess(self.db.read(), &guesser).await?;
        if self.passwords.matches(current, Some(member.password_hash.clone())).await? {
            self.guessed_right(self.db.statement(), &guesser).await?;
            return Ok(member);
        }
        let txn = self.db.write().await?;
        self.guessed_wrong(&txn, &guesser).await?;
        self.audit(&txn, Entry::by(actor, action, target).refused(Error::WrongCredentials.code())).await?;
        txn.commit().await?;
        Err(FormErrors::one(field, ErrorCode::PasswordWrong).into())
    }

    /// Ends every session of a member where it is kept; raising the epoch ends those under way as well.
    pub(crate) async fn end_sessions(&self, txn: &impl ConnectionTrait, member: Uuid) -> Result<()> {
        session_rows::Entity::delete_many().filter(session_rows::Column::MemberId.eq(member)).exec(txn).await?;
        Ok(())
    }

    pub(crate) async fn sweep_account_links(&self) -> Result<()> {
        let now = time_ms(self.clock.now());
        account_links::Entity::delete_many()
            .filter(account_links::Column::ExpiresAt.lte(now))
            .exec(self.db.statement())
            .await?;
        Ok(())
    }
}

/// Refuses a password that is easily guessed, the member's own address included.
pub(crate) fn require_strength(password: &Password, email: &str) -> Result<(), FormErrors> {
    let local_part = email.split('@').next().unwrap_or_default();
    check_strength(password, &[email, local_part, "channel console"]).map_err(|code| FormErrors::one("password", code))
}

/// An address as its owner typed it, from a row.
pub(crate) fn stored_email(email: &str) -> Result<Email> {
    Email::parse(email).map_err(|_| Error::Internal("stored address".into()))
}
