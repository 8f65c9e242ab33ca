//! 이메일 변경: confirmed at the new address, told at the old one.

use domain::{
    own_account::{ChangeEmail, ChangeEmailForm},
    secret::Secret,
    trail::FieldChange,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, SqlErr, sea_query::Expr};

use super::{LinkKind, stored_email};
use crate::{
    Backend,
    actor::{Actor, Caller},
    audit::{Action, Entry},
    entity::members,
    error::{Error, Result},
    limits,
    outbox::MailKind,
};

impl Backend {
    /// Asks for another address. One that has an account is answered the same; its mail tells the difference.
    pub async fn ask_for_email(&self, actor: &Actor, form: ChangeEmailForm, caller: Caller) -> Result<()> {
        let (_, email) = actor.person()?;
        let change = ChangeEmail::try_from(form)?;
        let member = self.proved(actor, ("current", change.current), Action::EmailChangeAsked, email).await?;
        self.admit(&[(limits::RESEND_BY_CLIENT, &limits::client(actor.address))]).await?;
        let (to, language) = (&change.email, caller.language);
        let (token, hash) = self.new_token();
        let txn = self.db.write().await?;
        let may_mail = self.may_mail_again(&txn, &to.key()).await?;
        let is_taken = to.key() != member.email_key && self.has_account(&txn, to).await?;
        let owner = (!is_taken && may_mail).then_some(member.id);
        self.add_link(&txn, (hash, LinkKind::ChangeEmail), owner, Some(to)).await?;
        if !may_mail {
            self.promise_nothing(&txn, MailKind::ChangeEmail, to, language, Some(&token)).await?;
        } else if is_taken {
            self.promise_mail(&txn, MailKind::EmailTaken, to, language, Some(&token)).await?;
        } else {
            self.promise_mail(&txn, MailKind::ChangeEmail, to, language, Some(&token)).await?;
        }
        let changes = FieldChange::of_value("email", &member.email, to.as_str());
        let entry = Entry::by(actor, Action::EmailChangeAsked, &member.email);
        self.audit(&txn, entry.changing(changes.into_iter().collect())).await?;
        txn.commit().await?;
        self.wake_mail_worker();
        Ok(())
    }

    /// Uses the link up and changes the address. Whoever has the link has the new mailbox: no login is asked for.
    pub async fn change_email(&self, token: &str, caller: Caller) -> Result<()> {
        let txn = self.db.write().await?;
        let found = self.account_link(&txn, token, LinkKind::ChangeEmail).await?;
        let (link, member) = found.ok_or(Error::LinkInvalid)?;
        let new = stored_email(link.email.as_deref().unwrap_or_default())?;
        // Links that lie in the old mailbox go with it.
        self.use_up(&txn, &link, member.id).await?;
        members::Entity::update_many()
            .col_expr(members::Column::Email, Expr::value(new.as_str()))
            .col_expr(members::Column::EmailKey, Expr::value(new.key()))
            .filter(members::Column::Id.eq(member.id))
            .filter(members::Column::RemovedAt.is_null())
            .exec(&txn)
            .await
            .map_err(|e| match e.sql_err() {
                // Somebody else has the address by now.
                Some(SqlErr::UniqueConstraintViolation(_)) => Error::LinkInvalid,
                _ => e.into(),
            })?;
        let changes = FieldChange::of_value("email", &member.email, new.as_str());
        let who = (member.merchant_id, member.id);
        let entry = Entry::of_member(who, caller.address, Action::EmailChanged, &member.email);
        self.audit(&txn, entry.changing(changes.into_iter().collect())).await?;
        let (old, told) = (stored_email(&member.email)?, Secret::new(new.as_str()));
        self.promise_mail(&txn, MailKind::EmailChanged, &old, caller.language, Some(&told)).await?;
        txn.commit().await?;
        self.wake_mail_worker();
        Ok(())
    }
}
