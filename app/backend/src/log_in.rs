//! Logging in and out.

use domain::{
    account::{Email, LoginForm, Password},
    form::{ErrorCode, FormErrors},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::{
    Backend, SignedIn,
    actor::{Actor, Caller},
    audit::{Action, Entry},
    entity::{members, pending_signups},
    error::{Error, Result},
    limits::{self, Guesser},
    password::Turn,
    time_ms,
};

impl Backend {
    /// [`Self::log_in_from`] a browser that shows no device cookie.
    pub async fn log_in(&self, form: LoginForm, caller: Caller) -> Result<SignedIn> {
        self.log_in_from(form, caller, None).await
    }

    /// 로그인. Unknown address, wrong password and (for a wrong password) unverified address answer alike, after the same
    /// work. `device` is what [`Self::known_device`] gave the browser before.
    pub async fn log_in_from(&self, form: LoginForm, caller: Caller, device: Option<&str>) -> Result<SignedIn> {
        let mut errors = FormErrors::default();
        let email = Email::parse(&form.email).map_err(|code| errors.push("email", code)).ok();
        if form.password.as_str().is_empty() {
            errors.push("password", ErrorCode::Required);
        }
        let Some(email) = email.filter(|_| errors.is_empty()) else { return Err(errors.into()) };
        let (turn, guess) = self.admit_login(&email, caller, device).await?;
        if form.password.as_str().chars().count() > 4 * Password::MAX as usize {
            return Err(Error::WrongCredentials);
        }
        let member =
            members::Entity::find().filter(members::Column::EmailKey.eq(email.key())).one(self.db.read()).await?;
        // Asked whether or not there is a member: how many questions are asked tells nothing.
        let pending = self.pending_hash(&email).await?;
        let stored = member.as_ref().map(|member| member.password_hash.clone()).or(pending);
        let right = self.passwords.matches_in(turn, Password::as_typed(&form.password), stored).await?;
        if !right {
            return Err(Error::WrongCredentials);
        }
        let txn = self.db.write().await?;
        self.guessed_right(&txn, &guess).await?;
        if let Some(member) = &member {
            let who = (member.merchant_id, member.id);
            self.audit(&txn, Entry::of_member(who, caller.address, Action::LoggedIn, "")).await?;
        }
        txn.commit().await?;
        let signed_in = member.map(|member| SignedIn { member: member.id, epoch: member.session_epoch });
        signed_in.ok_or(Error::NotVerified)
    }

    /// Whether a password may be compared at all, before any work is spent on it; then the turn to compare it, and whose
    /// guess it is, which is counted. What the account's limit refuses counts for the client's.
    async fn admit_login(&self, email: &Email, caller: Caller, device: Option<&str>) -> Result<(Turn<'_>, Guesser)> {
        let client = limits::client(caller.address);
        let by_client = [(limits::LOGIN_BY_CLIENT, client.as_str())];
        self.admit_in_memory(&by_client)?;
        let guesser = self.guesser(email, device)?;
        // Who has to wait for the account does not wait for a turn first.
        self.require_guess(self.db.read(), &guesser).await?;
        let turn = self.passwords.turn().await?;
        let txn = self.db.write().await?;
        self.admit_in(&txn, &by_client).await?;
        let taken = self.take_guess(&txn, &guesser).await;
        txn.commit().await?;
        taken.map(|()| (turn, guesser))
    }

    /// Notes that a member logged out. The session itself ends where it is kept.
    pub async fn log_out(&self, actor: &Actor) -> Result<()> {
        let txn = self.db.write().await?;
        self.audit(&txn, Entry::by(actor, Action::LoggedOut, "")).await?;
        txn.commit().await
    }

    /// The hash of the latest sign-up that waits for its mail.
    async fn pending_hash(&self, email: &Email) -> Result<Option<String>> {
        let rows = pending_signups::Entity::find()
            .filter(pending_signups::Column::EmailKey.eq(email.key()))
            .filter(pending_signups::Column::ExpiresAt.gt(time_ms(self.clock.now())))
            .all(self.db.read())
            .await?;
        Ok(rows.into_iter().max_by_key(|row| row.created_at).map(|row| row.password_hash))
    }
}
