//! What Owners are told about API secrets. Never the secret, never more of it than its id part.

use domain::secret::Secret;
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _};
use serde::{Deserialize, Serialize};
use time::UtcOffset;
use uuid::Uuid;

use crate::{
    Backend, Language,
    account::{language_for, stored_email},
    actor::{Actor, Who},
    channels::to_json,
    entity::members,
    error::Result,
    outbox::MailKind,
    time_of,
};

/// What a mail is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notice {
    name: String,
    kid: String,
    ends_at: Option<i64>,
    /// Who did it; nobody, of a date that comes near.
    by: String,
}

impl Notice {
    pub(crate) fn of(name: &str, kid: &str, ends_at: Option<i64>) -> Self {
        Self { name: name.to_owned(), kid: kid.to_owned(), ends_at, by: String::new() }
    }

    pub(crate) fn by(mut self, actor: &Actor) -> Self {
        if let Who::Member { email, .. } = &actor.who {
            self.by.clone_from(email);
        }
        self
    }

    /// Subject and body of the mail.
    pub(crate) fn words(&self, kind: MailKind, language: Language, url: &str) -> (String, String) {
        let link = format!("{url}/integration/keys/v2");
        let (subject, text) = match language {
            Language::Korean => self.korean(kind),
            Language::English => self.english(kind),
        };
        let (name, id, by) = match language {
            Language::Korean => ("이름", "식별값", "한 사람"),
            Language::English => ("Name", "Id", "By"),
        };
        let by = if self.by.is_empty() { String::new() } else { format!("{by}: {}\n", self.by) };
        let facts = format!("{name}: {}\n{id}: chv2_{}_…\n{by}", self.name, self.kid);
        (format!("[Channel Console] {subject}"), format!("{text}\n\n{facts}\n{link}\n"))
    }

    fn korean(&self, kind: MailKind) -> (&'static str, String) {
        let end = self.ends_at.map(day_in_korea);
        match kind {
            MailKind::ApiSecretRevoked => (
                "V2 API Secret을 폐기했습니다",
                "V2 API Secret이 폐기되어 이제 쓸 수 없습니다. 모르는 일이라면 바로 확인해 주세요.".into(),
            ),
            MailKind::ApiSecretRolled => (
                "V2 API Secret을 교체했습니다",
                format!(
                    "V2 API Secret의 새 값이 발급되었습니다. 이전 값은 {}까지 쓸 수 있습니다.",
                    end.unwrap_or_default()
                ),
            ),
            MailKind::ApiSecretExpiring => (
                "V2 API Secret이 곧 만료됩니다",
                format!(
                    "V2 API Secret이 {}에 만료됩니다. 만료되면 이 Secret을 쓰는 서버는 API를 부를 수 없으니 미리 교체해 주세요.",
                    end.unwrap_or_default()
                ),
            ),
            _ => (
                "V2 API Secret을 발급했습니다",
                format!(
                    "V2 API Secret이 발급되었습니다. 만료: {}. 모르는 일이라면 바로 폐기해 주세요.",
                    end.as_deref().unwrap_or("없음")
                ),
            ),
        }
    }

    fn english(&self, kind: MailKind) -> (&'static str, String) {
        let end = self.ends_at.map(day_in_korea);
        match kind {
            MailKind::ApiSecretRevoked => (
                "A V2 API secret was revoked",
                "A V2 API secret was revoked and works no more. If nobody told you, please look into it at once."
                    .into(),
            ),
            MailKind::ApiSecretRolled => (
                "A V2 API secret was rolled",
                format!("A V2 API secret has a new value. The old one works until {}.", end.unwrap_or_default()),
            ),
            MailKind::ApiSecretExpiring => (
                "A V2 API secret expires soon",
                format!(
                    "A V2 API secret expires at {}. Servers that use it cannot call the API afterwards: please roll it before.",
                    end.unwrap_or_default()
                ),
            ),
            _ => (
                "A V2 API secret was issued",
                format!(
                    "A V2 API secret was issued. It expires: {}. If nobody told you, please revoke it at once.",
                    end.as_deref().unwrap_or("never")
                ),
            ),
        }
    }
}

impl Backend {
    /// Promises a mail to every Owner.
    pub(crate) async fn tell_owners(
        &self,
        txn: &impl ConnectionTrait,
        merchant: Uuid,
        kind: MailKind,
        language: Language,
        notice: &Notice,
    ) -> Result<()> {
        let payload = Secret::new(to_json(notice)?);
        let owners = members::present(merchant).filter(members::Column::Role.eq("owner")).all(txn).await?;
        for owner in owners {
            let to = stored_email(&owner.email)?;
            let language = language_for(&owner, language);
            self.promise_mail(txn, kind, &to, language, Some(&payload)).await?;
        }
        Ok(())
    }
}

/// For the eye: `2026-11-21 18:30 (KST)`.
pub(super) fn day_in_korea(ms: i64) -> String {
    let at = time_of(ms).to_offset(UtcOffset::from_hms(9, 0, 0).unwrap_or(UtcOffset::UTC));
    let (month, day) = (u8::from(at.month()), at.day());
    format!("{:04}-{month:02}-{day:02} {:02}:{:02} (KST)", at.year(), at.hour(), at.minute())
}
