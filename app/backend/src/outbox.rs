//! Mails that are promised in the transaction of their cause, and sent afterwards by a worker; a restart loses none.

mod people_words;

use domain::{account::Email, secret::Secret};
use lettre::message::Mailbox;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, sea_query::Expr,
};
use time::Duration;
use uuid::Uuid;

pub(crate) use people_words::InvitationPayload;

use crate::{
    Backend, Language,
    applications::ApplicationNotice,
    credentials::Notice,
    entity::outbox_mails,
    error::{Error, Result},
    mail::{Mail, Mailer},
    time_ms,
    vault::Place,
};

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MailKind {
    /// 이메일 인증; its payload is the link's token.
    Verify,
    /// Somebody signed up with an address that has an account.
    AlreadyRegistered,
    /// About an API secret; the payload of these is a [`Notice`].
    ApiSecretIssued,
    ApiSecretRolled,
    ApiSecretRevoked,
    ApiSecretExpiring,
    /// 비밀번호 찾기; its payload is the link's token.
    ResetPassword,
    PasswordChanged,
    /// To the new address; its payload is the link's token.
    ChangeEmail,
    /// To the new address, which has an account already.
    EmailTaken,
    /// To the old address; its payload is the new one.
    EmailChanged,
    /// Its payload is an [`InvitationPayload`].
    Invitation,
    /// Somebody invited an address that has an account; its payload is an [`InvitationPayload`] without a token.
    InvitedAlready,
    /// 전자결제 신청 moved; its payload is an [`ApplicationNotice`].
    ApplicationMoved,
}

impl MailKind {
    const ALL: [Self; 14] = [
        Self::Verify,
        Self::AlreadyRegistered,
        Self::ApiSecretIssued,
        Self::ApiSecretRolled,
        Self::ApiSecretRevoked,
        Self::ApiSecretExpiring,
        Self::ResetPassword,
        Self::PasswordChanged,
        Self::ChangeEmail,
        Self::EmailTaken,
        Self::EmailChanged,
        Self::Invitation,
        Self::InvitedAlready,
        Self::ApplicationMoved,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::AlreadyRegistered => "already_registered",
            Self::ApiSecretIssued => "api_secret_issued",
            Self::ApiSecretRolled => "api_secret_rolled",
            Self::ApiSecretRevoked => "api_secret_revoked",
            Self::ApiSecretExpiring => "api_secret_expiring",
            Self::ResetPassword => "reset_password",
            Self::PasswordChanged => "password_changed",
            Self::ChangeEmail => "change_email",
            Self::EmailTaken => "email_taken",
            Self::EmailChanged => "email_changed",
            Self::Invitation => "invitation",
            Self::InvitedAlready => "invited_already",
            Self::ApplicationMoved => "application_moved",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

pub(crate) const QUEUED: &str = "queued";
const SENT: &str = "sent";
pub(crate) const ABANDONED: &str = "abandoned";
/// A worker that claimed a mail and died gives it back after this long.
const LEASE: Duration = Duration::minutes(2);
const LIFE: Duration = Duration::hours(24);

impl Backend {
    /// Promises a mail within the caller's transaction. The payload is sealed: a token must not lie in clear.
    pub(crate) async fn promise_mail(
        &self,
        txn: &impl ConnectionTrait,
        kind: MailKind,
        to: &Email,
        language: Language,
        payload: Option<&Secret>,
    ) -> Result<()> {
        self.write_mail(txn, kind, to, language, payload, QUEUED).await
    }

    /// The work of promising a mail where none shall go: otherwise the time it takes would tell who has an account.
    pub(crate) async fn promise_nothing(
        &self,
        txn: &impl ConnectionTrait,
        kind: MailKind,
        to: &Email,
        language: Language,
        payload: Option<&Secret>,
    ) -> Result<()> {
        self.write_mail(txn, kind, to, language, payload, ABANDONED).await
    }

    async fn write_mail(
        &self,
        txn: &impl ConnectionTrait,
        kind: MailKind,
        to: &Email,
        language: Language,
        payload: Option<&Secret>,
        state: &str,
    ) -> Result<()> {
        let id = self.random.uuid();
        let sealed_payload =
            payload.map(|value| self.vault.seal_one(&*self.random, mail_place(id), value)).transpose()?;
        let now = time_ms(self.clock.now());
        outbox_mails::ActiveModel {
            id: Set(id),
            kind: Set(kind.as_str().to_owned()),
            recipient: Set(to.as_str().to_owned()),
            language: Set(language.code().to_owned()),
            sealed_payload: Set(sealed_payload),
            state: Set(state.to_owned()),
            attempts: Set(0),
            due_at: Set(now),
            created_at: Set(now),
        }
        .insert(txn)
        .await?;
        Ok(())
    }

    /// Wakes the worker: a mail was committed.
    pub(crate) fn wake_mail_worker(&self) {
        self.mail_waiting.notify_one();
    }

    /// Returns when a mail was promised or `at_most` has passed.
    pub async fn mail_wanted(&self, at_most: std::time::Duration) {
        let _ = tokio::time::timeout(at_most, self.mail_waiting.notified()).await;
    }

    /// Sends what is due, one mail after the other; a failed one is put off (10 s, doubling to an hour) and does not
    /// hold up the rest. Returns how many were sent.
    pub async fn deliver_mails(&self, mailer: &Mailer, from: &Mailbox) -> Result<usize> {
        let mut sent = 0;
        while let Some(row) = self.claim_mail().await? {
            match self.compose(&row) {
                Ok(mail) => match mailer.send(from, &mail, self.clock.now()).await {
                    Ok(()) => {
                        self.finish_mail(row.id, SENT).await?;
                        sent += 1;
                    }
                    Err(error) => {
                        tracing::warn!(mail = %row.id, attempt = row.attempts, %error, "mail not sent");
                        self.put_off(&row).await?;
                    }
                },
                Err(error) => {
                    tracing::error!(mail = %row.id, %error, "mail cannot be composed");
                    self.finish_mail(row.id, ABANDONED).await?;
                }
            }
        }
        Ok(sent)
    }

    /// Takes one due mail by moving its due time on: of two workers, the one whose update changed the row has it.
    async fn claim_mail(&self) -> Result<Option<outbox_mails::Model>> {
        use outbox_mails::Column;
        let now = self.clock.now();
        loop {
            let due = outbox_mails::Entity::find()
                .filter(Column::State.eq(QUEUED))
                .filter(Column::DueAt.lte(time_ms(now)))
                .order_by_asc(Column::DueAt)
                .limit(1)
                .one(self.db.read())
                .await?;
            let Some(mut row) = due else { return Ok(None) };
            let claimed = outbox_mails::Entity::update_many()
                .col_expr(Column::DueAt, Expr::value(time_ms(now + LEASE)))
                .col_expr(Column::Attempts, Expr::value(row.attempts + 1))
                .filter(Column::Id.eq(row.id))
                .filter(Column::State.eq(QUEUED))
                .filter(Column::Attempts.eq(row.attempts))
                .exec(self.db.statement())
                .await?;
            if claimed.rows_affected == 1 {
                row.attempts += 1;
                return Ok(Some(row));
            }
        }
    }

    async fn put_off(&self, row: &outbox_mails::Model) -> Result<()> {
        let now = self.clock.now();
        if time_ms(now - LIFE) > row.created_at {
            return self.finish_mail(row.id, ABANDONED).await;
        }
        let exponent = u32::try_from(row.attempts - 1).unwrap_or(0).min(9);
        let wait = Duration::seconds(10 * 2i64.pow(exponent)).min(Duration::hours(1));
        outbox_mails::Entity::update_many()
            .col_expr(outbox_mails::Column::DueAt, Expr::value(time_ms(now + wait)))
            .filter(outbox_mails::Column::Id.eq(row.id))
            .exec(self.db.statement())
            .await?;
        Ok(())
    }

    /// Ends a mail and wipes its payload.
    async fn finish_mail(&self, id: Uuid, state: &str) -> Result<()> {
        outbox_mails::Entity::update_many()
            .col_expr(outbox_mails::Column::State, Expr::value(state))
            .col_expr(outbox_mails::Column::SealedPayload, Expr::value(None::<Vec<u8>>))
            .filter(outbox_mails::Column::Id.eq(id))
            .exec(self.db.statement())
            .await?;
        Ok(())
    }

    fn compose(&self, row: &outbox_mails::Model) -> Result<Mail> {
        let language = Language::of_code(&row.language);
        let kind = MailKind::parse(&row.kind).ok_or_else(|| Error::Internal("unknown kind of mail".into()))?;
        let payload =
            row.sealed_payload.as_deref().map(|blob| self.vault.open_one(mail_place(row.id), blob)).transpose()?;
        let url = &self.settings.public_url;
        let (subject, body) = match kind {
            MailKind::Verify => {
                let token = payload.ok_or(Error::Sealed)?;
                words::verify(language, &format!("{url}/verify-email?token={}", token.expose()))
            }
            MailKind::ApiSecretIssued
            | MailKind::ApiSecretRolled
            | MailKind::ApiSecretRevoked
            | MailKind::ApiSecretExpiring => {
                let payload = payload.ok_or(Error::Sealed)?;
                let notice: Notice = serde_json::from_str(payload.expose()).map_err(|_| Error::Sealed)?;
                notice.words(kind, language, url)
            }
            MailKind::AlreadyRegistered => words::already_registered(language, &format!("{url}/login")),
            MailKind::ResetPassword => {
                let token = payload.ok_or(Error::Sealed)?;
                people_words::reset_password(language, &format!("{url}/reset-password?token={}", token.expose()))
            }
            MailKind::PasswordChanged => people_words::password_changed(language, &format!("{url}/forgot-password")),
            MailKind::ChangeEmail => {
                let token = payload.ok_or(Error::Sealed)?;
                people_words::change_email(language, &format!("{url}/account/email?token={}", token.expose()))
            }
            MailKind::EmailTaken => people_words::email_taken(language, &format!("{url}/login")),
            MailKind::EmailChanged => {
                people_words::email_changed(language, payload.as_ref().map_or("", Secret::expose))
            }
            MailKind::Invitation => {
                let about = invitation_payload(payload)?;
                let token = about.token.as_deref().ok_or(Error::Sealed)?;
                people_words::invitation(language, &about, &format!("{url}/invitations?token={token}"))
            }
            MailKind::InvitedAlready => {
                people_words::invited_already(language, &invitation_payload(payload)?, &format!("{url}/login"))
            }
            MailKind::ApplicationMoved => {
                let payload = payload.ok_or(Error::Sealed)?;
                let notice: ApplicationNotice = serde_json::from_str(payload.expose()).map_err(|_| Error::Sealed)?;
                notice.words(language, url)
            }
        };
        Ok(Mail { id: row.id, recipient: row.recipient.clone(), subject, body })
    }
}

fn invitation_payload(payload: Option<Secret>) -> Result<InvitationPayload> {
    serde_json::from_str(payload.ok_or(Error::Sealed)?.expose()).map_err(|_| Error::Sealed)
}

pub(crate) const fn mail_place(id: Uuid) -> Place<'static> {
    Place { kind: "mail", owner: Uuid::nil(), object: id, version: 0 }
}

/// The words of mails, in both languages.
mod words {
    use crate::Language;

    pub(super) fn verify(language: Language, link: &str) -> (String, String) {
        match language {
            Language::Korean => (
                "[Channel Console] 이메일 인증을 완료해 주세요".into(),
                format!(
                    "Channel Console에 가입해 주셔서 감사합니다.\n\
                     아래 주소를 열고 [이메일 인증하기]를 누르면 가입이 완료됩니다.\n\n{link}\n\n\
                     주소는 24시간 동안 한 번만 쓸 수 있습니다.\n직접 가입하지 않으셨다면 이 메일은 지우셔도 됩니다.\n"
                ),
            ),
            Language::English => (
                "[Channel Console] Confirm your e-mail address".into(),
                format!(
                    "Thank you for signing up for Channel Console.\n\
                     Open the address below and press [Confirm e-mail] to finish.\n\n{link}\n\n\
                     The address works once, within 24 hours.\nIf you did not sign up, you can delete this mail.\n"
                ),
            ),
        }
    }

    pub(super) fn already_registered(language: Language, link: &str) -> (String, String) {
        match language {
            Language::Korean => (
                "[Channel Console] 이미 가입된 이메일입니다".into(),
                format!(
                    "이 이메일 주소로 가입 신청이 있었지만, 이미 가입된 주소입니다. 바뀐 것은 없습니다.\n\
                     아래 주소에서 로그인해 주세요.\n\n{link}\n\n\
                     직접 신청하지 않으셨다면 이 메일은 지우셔도 됩니다.\n"
                ),
            ),
            Language::English => (
                "[Channel Console] This address has an account already".into(),
                format!(
                    "Somebody signed up with this e-mail address, which has an account already. Nothing was changed.\n\
                     You can log in here:\n\n{link}\n\n\
                     If it was not you, you can delete this mail.\n"
                ),
            ),
        }
    }
}
