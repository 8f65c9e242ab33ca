//! What Owners and Admins are told when an application moves.

use domain::{application::State, secret::Secret};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Backend, Language,
    account::{language_for, stored_email},
    actor::{Actor, Who},
    channels::to_json,
    entity::{application_contracts, members},
    error::Result,
    outbox::MailKind,
};

/// What a mail is about. Nothing of what was entered, but for what the operator says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ApplicationNotice {
    id: String,
    provider: String,
    module: String,
    state: State,
    note: String,
    /// The member who did it; nobody, of the service's operator.
    by: String,
}

impl ApplicationNotice {
    pub(crate) fn by(mut self, actor: &Actor) -> Self {
        if let Who::Member { email, .. } = &actor.who {
            self.by.clone_from(email);
        }
        self
    }

    /// Subject and body of the mail.
    pub(crate) fn words(&self, language: Language, url: &str) -> (String, String) {
        let Self { id, provider, module, note, by, .. } = self;
        let state = self.state_word(language);
        let link = format!("{url}/application/pgs/{id}");
        let also = |label: &str, text: &str| if text.is_empty() { String::new() } else { format!("{label}: {text}\n") };
        match language {
            Language::Korean => (
                format!("[Channel Console] 전자결제 신청: {provider} {state}"),
                format!(
                    "전자결제 신청의 상태가 바뀌었습니다. {}\n\n결제대행사: {provider}\n결제 모듈: {module}\n상태: {state}\n{}{}\n{link}\n",
                    self.advice(language),
                    also("안내", note),
                    also("한 사람", by),
                ),
            ),
            Language::English => (
                format!("[Channel Console] Application: {provider}, {state}"),
                format!(
                    "Your application has moved. {}\n\nGateway: {provider}\nModule: {module}\nState: {state}\n{}{}\n{link}\n",
                    self.advice(language),
                    also("Message", note),
                    also("By", by),
                ),
            ),
        }
    }

    const fn state_word(&self, language: Language) -> &'static str {
        let (ko, en) = match self.state {
            State::Draft => ("작성 중", "draft"),
            State::Submitted => ("신청 완료", "submitted"),
            State::InReview => ("심사 중", "in review"),
            State::ChangesRequested => ("보완 요청", "changes requested"),
            State::Contracted => ("계약 완료", "contract done"),
            State::Rejected => ("반려", "rejected"),
        };
        match language {
            Language::Korean => ko,
            Language::English => en,
        }
    }

    const fn advice(&self, language: Language) -> &'static str {
        match (language, self.state) {
            (Language::Korean, State::ChangesRequested) => "안내를 보고 고친 뒤 다시 제출해 주세요.",
            (Language::English, State::ChangesRequested) => {
                "Please see the message, change what it says, and submit again."
            }
            (Language::Korean, State::Contracted) => "이제 실연동 채널을 추가할 수 있습니다.",
            (Language::English, State::Contracted) => "You can add the live channel now.",
            _ => "",
        }
    }
}

impl Backend {
    pub(super) fn notice_of(
        &self,
        row: &application_contracts::Model,
        state: State,
        note: &str,
    ) -> Result<ApplicationNotice> {
        let (provider, module) = self.module_of(&row.module)?;
        Ok(ApplicationNotice {
            id: domain::id::ApplicationId::new(row.id).to_string(),
            provider: provider.name.clone(),
            module: module.label.clone(),
            state,
            note: note.to_owned(),
            by: String::new(),
        })
    }

    /// Promises a mail to every Owner and Admin.
    pub(super) async fn tell_of_application(
        &self,
        txn: &impl ConnectionTrait,
        merchant: Uuid,
        language: Language,
        notice: &ApplicationNotice,
    ) -> Result<()> {
        let payload = Secret::new(to_json(notice)?);
        let told = members::present(merchant).filter(members::Column::Role.is_in(["owner", "admin"])).all(txn).await?;
        for member in told {
            let to = stored_email(&member.email)?;
            let language = language_for(&member, language);
            self.promise_mail(txn, MailKind::ApplicationMoved, &to, language, Some(&payload)).await?;
        }
        Ok(())
    }
}
