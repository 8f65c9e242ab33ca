//! 비밀번호: changing it, and choosing another one by mail when it is forgotten.

use domain::{
    account::{Email, Password},
    form::FormErrors,
    own_account::{ChangePassword, ChangePasswordForm, NewPasswordForm},
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    sea_query::{Expr, ExprTrait as _},
};

use super::{LinkKind, require_strength, stored_email};
use crate::{
    Backend, SignedIn,
    actor::{Actor, Caller},
    audit::{Action, Entry},
    entity::members,
    error::{Error, Result},
    limits,
    outbox::MailKind,
};

impl Backend {
    /// Changes the password and ends every session; the answer begins a new one for whoever changed it.
    pub async fn change_password(&self, actor: &Actor, form: ChangePasswordForm, caller: Caller) -> Result<SignedIn> {
        let (_, email) = actor.person()?;
        let change = ChangePassword::try_from(form)?;
        require_strength(&change.new, email)?;
        let member = self.proved(actor, ("current", change.current), Action::PasswordChanged, email).await?;
        let hash = self.passwords.hash(change.new, &*self.random).await?;
        let txn = self.db.write().await?;
        self.set_password(&txn, &member, &hash).await?;
        self.forget_links(&txn, member.id).await?;
        self.audit(&txn, Entry::by(actor, Action::PasswordChanged, &member.email)).await?;
        self.tell_of_new_password(&txn, &member, caller).await?;
        txn.commit().await?;
        self.wake_mail_worker();
        Ok(SignedIn { member: member.id, epoch: member.session_epoch + 1 })
    }

    /// 비밀번호 찾기. Whether or not the address has an account, the answer is the same, and so is the work.
    pub async fn forgot_password(&self, email: &str, caller: Caller) -> Result<()> {
        let email = Email::parse(email).map_err(|code| FormErrors::one("email", code))?;
        self.admit(&[(limits::RESET_BY_CLIENT, &limits::client(caller.address))]).await?;
        let (token, hash) = self.new_token();
        let kind = MailKind::ResetPassword;
        let txn = self.db.write().await?;
        let may_mail = self.is_within(&txn, limits::RESET_TO_ADDRESS, &email.key()).await?;
        let member = members::Entity::find().filter(members::Column::EmailKey.eq(email.key())).one(&txn).await?;
        let member = member.filter(|_| may_mail);
        self.add_link(&txn, (hash, LinkKind::ResetPassword), member.as_ref().map(|m| m.id), None).await?;
        match &member {
            Some(member) => {
                // As the member typed it: in another case it may be somebody else's mailbox.
                let to = stored_email(&member.email)?;
                self.promise_mail(&txn, kind, &to, caller.language, Some(&token)).await?;
            }
            None => self.promise_nothing(&txn, kind, &email, caller.language, Some(&token)).await?,
        }
        txn.commit().await?;
        self.wake_mail_worker();
        Ok(())
    }

    /// Uses the link up, sets the password and ends every session; every wrong guess at it is forgotten. A refused
    /// password leaves the link as it is. Answers with the account's address.
    pub async fn reset_password(&self, token: &str, form: NewPasswordForm, caller: Caller) -> Result<Email> {
        let found = self.account_link(self.db.read(), token, LinkKind::ResetPassword).await?;
        let (link, member) = found.ok_or(Error::LinkInvalid)?;
        let password = Password::try_from(form)?;
        require_strength(&password, &member.email)?;
        let hash = self.passwords.hash(password, &*self.random).await?;
        let txn = self.db.write().await?;
        self.use_up(&txn, &link, member.id).await?;
        self.set_password(&txn, &member, &hash).await?;
        self.forget_guesses(&txn, &member.email_key, member.id).await?;
        let who = (member.merchant_id, member.id);
        self.audit(&txn, Entry::of_member(who, caller.address, Action::PasswordReset, &member.email)).await?;
        self.tell_of_new_password(&txn, &member, caller).await?;
        txn.commit().await?;
        self.wake_mail_worker();
        stored_email(&member.email)
    }

    /// Unless the member was removed or signed out everywhere in the meantime.
    async fn set_password(&self, txn: &impl ConnectionTrait, member: &members::Model, hash: &str) -> Result<()> {
        use members::Column;
        let set = members::Entity::update_many()
            .col_expr(Column::PasswordHash, Expr::value(hash))
            .col_expr(Column::SessionEpoch, Expr::col(Column::SessionEpoch).add(1))
            .filter(Column::Id.eq(member.id))
            .filter(Column::SessionEpoch.eq(member.session_epoch))
            .filter(Column::RemovedAt.is_null())
            .exec(txn)
            .await?;
        if set.rows_affected != 1 {
            return Err(Error::Unauthenticated);
        }
        self.end_sessions(txn, member.id).await
    }

    async fn tell_of_new_password(
        &self,
        txn: &impl ConnectionTrait,
        member: &members::Model,
        caller: Caller,
    ) -> Result<()> {
        let to = stored_email(&member.email)?;
        self.promise_mail(txn, MailKind::PasswordChanged, &to, caller.language, None).await
    }
}
