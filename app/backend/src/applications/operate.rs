//! What the service's operator does: at the machine itself, or by a token with the scope for it.

use domain::{
    application::{
        ApplicationError, Issuer, Mover, Note, Review, State,
        view::{ContractSummary, Details},
    },
    credential::CoreScope,
    form::FormErrors,
    id::{ApplicationId, ImpCode},
    secret::Secret,
    trail::FieldChange,
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Select};

use super::{
    file::KeptFile,
    record::{details_of, number_place},
};
use crate::{
    Backend, Language,
    actor::Reach,
    audit::{Action, Entry},
    entity::{application_contracts, application_files, merchants},
    error::{Error, Result},
    paging::{PAGE, page_of},
    payment_core::CoreCaller,
};

/// Who operates.
#[derive(Debug, Clone, Copy)]
pub enum Operator<'a> {
    /// Somebody at the machine, by the command line.
    Machine,
    /// Whoever shows this token.
    Token(&'a CoreCaller),
}

impl Operator<'_> {
    fn require(self) -> Result<()> {
        match self {
            Self::Machine => Ok(()),
            Self::Token(caller) => caller.require(CoreScope::ApplicationsOperate),
        }
    }

    fn credential(&self) -> Option<&str> {
        match self {
            Self::Machine => None,
            Self::Token(caller) => Some(&caller.kid),
        }
    }

    /// An application is the whole merchant's: a token that is limited to stores needs the primary one.
    fn reaches(self, merchant: uuid::Uuid) -> bool {
        match self {
            Self::Machine => true,
            Self::Token(caller) => caller.reaches_whole(merchant),
        }
    }
}

/// An application as the operator sees it; without the account number and the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operated {
    pub imp_code: ImpCode,
    pub contract: ContractSummary,
    pub details: Details,
}

impl Operated {
    /// Whether the merchant has changed what it entered since it submitted this application, as it may while another
    /// one of its applications is asked for changes.
    pub fn is_changed(&self) -> bool {
        self.contract.submitted_at.is_some_and(|at| self.details.changed_at > at)
    }
}

/// One page of applications, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatedList {
    pub items: Vec<(ImpCode, ContractSummary)>,
    pub page: u64,
    pub pages: u64,
}

impl Backend {
    /// Applications in a state, or in any but 작성 중: those are the merchant's own affair.
    pub async fn operated_applications(
        &self,
        operator: Operator<'_>,
        state: Option<State>,
        page: u64,
    ) -> Result<OperatedList> {
        use application_contracts::Column;
        operator.require()?;
        if let Operator::Token(caller) = operator
            && caller.is_limited()
        {
            return Err(Error::StoreForbidden);
        }
        let mut found = submitted().filter(Column::State.ne(State::Draft.as_str()));
        if let Some(state) = state {
            found = found.filter(Column::State.eq(state.as_str()));
        }
        let found = found.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id);
        let found = page_of(&self.db, found, page, PAGE).await?;
        let mut items = Vec::new();
        for row in &found.items {
            items.push((self.imp_code_of(self.db.read(), row).await?, self.summary_of(row, true)?));
        }
        Ok(OperatedList { items, page: found.page, pages: found.pages })
    }

    pub async fn operated_application(&self, operator: Operator<'_>, id: ApplicationId) -> Result<Operated> {
        operator.require()?;
        let row = self.operated(self.db.read(), operator, id).await?;
        let application = self.begun(self.db.read(), row.merchant_id).await?;
        let file = application_files::owned_by(row.merchant_id).one(self.db.read()).await?;
        let contracts = self.contracts_of(self.db.read(), row.merchant_id).await?;
        Ok(Operated {
            imp_code: self.imp_code_of(self.db.read(), &row).await?,
            contract: self.summary_of(&row, true)?,
            details: details_of(&application, file, &contracts)?,
        })
    }

    /// Moves an application; every Owner and Admin is told.
    pub async fn move_application(
        &self,
        operator: Operator<'_>,
        id: ApplicationId,
        to: State,
        note: &str,
    ) -> Result<()> {
        operator.require()?;
        let note = Note::parse(note).map_err(|code| FormErrors::one("note", code))?;
        if to.needs_note() && note.as_str().is_empty() {
            return Err(FormErrors::one("note", ApplicationError::NoteNeeded.into()).into());
        }
        let txn = self.db.write().await?;
        let row = self.operated_held(&txn, operator, id).await?;
        let from = self.move_row(&txn, &row, to, Mover::Operator, note.as_str(), None).await?;
        let changes = FieldChange::of_value("state", from.as_str(), to.as_str()).into_iter().collect();
        let target = id.to_string();
        let entry = Entry {
            merchant: row.merchant_id,
            credential: operator.credential(),
            reason: note.as_str(),
            ..Entry::by_operator(Action::ApplicationMoved, &target, changes)
        };
        self.audit(&txn, entry).await?;
        let notice = self.notice_of(&row, to, note.as_str())?;
        self.tell_of_application(&txn, row.merchant_id, Language::of_code(&row.language), &notice).await?;
        txn.commit().await?;
        self.wake_mail_worker();
        Ok(())
    }

    /// Notes 카드사 심사 of one issuer; `None` takes the note away.
    pub async fn review_application(
        &self,
        operator: Operator<'_>,
        id: ApplicationId,
        issuer: Issuer,
        review: Option<Review>,
    ) -> Result<()> {
        operator.require()?;
        let txn = self.db.write().await?;
        let row = self.operated_held(&txn, operator, id).await?;
        let changes = self.review_row(&txn, &row, issuer, review).await?;
        if changes.is_empty() {
            return Ok(());
        }
        let target = id.to_string();
        let entry = Entry {
            merchant: row.merchant_id,
            credential: operator.credential(),
            ..Entry::by_operator(Action::ApplicationReviewNoted, &target, changes)
        };
        self.audit(&txn, entry).await?;
        txn.commit().await
    }

    /// The account number, for the contract; at the machine only. The merchant's trail tells that it was read.
    pub async fn disclose_account(&self, id: ApplicationId) -> Result<Secret> {
        let txn = self.db.write().await?;
        let row = self.operated(&txn, Operator::Machine, id).await?;
        let application = self.begun(&txn, row.merchant_id).await?;
        let sealed = application.sealed_number.as_deref().ok_or(Error::NotFound)?;
        let number = self.vault.open_one(number_place(row.merchant_id, application.number_revision), sealed)?;
        self.note_disclosed(&txn, &row, id, "account_number").await?;
        txn.commit().await?;
        Ok(number)
    }

    /// The 사업자등록증, likewise.
    pub async fn disclose_file(&self, id: ApplicationId) -> Result<KeptFile> {
        let txn = self.db.write().await?;
        let row = self.operated(&txn, Operator::Machine, id).await?;
        let file = self.open_registration(&txn, row.merchant_id).await?;
        self.note_disclosed(&txn, &row, id, "file").await?;
        txn.commit().await?;
        Ok(file)
    }

    async fn note_disclosed(
        &self,
        txn: &impl ConnectionTrait,
        row: &application_contracts::Model,
        id: ApplicationId,
        what: &str,
    ) -> Result<()> {
        let target = id.to_string();
        let entry = Entry::by_operator(Action::ApplicationDisclosed, &target, Vec::new());
        self.audit(txn, Entry { merchant: row.merchant_id, reason: what, ..entry }).await
    }

    /// The same to be written, with the application it belongs to held.
    async fn operated_held(
        &self,
        txn: &impl ConnectionTrait,
        operator: Operator<'_>,
        id: ApplicationId,
    ) -> Result<application_contracts::Model> {
        let merchant = self.operated(txn, operator, id).await?.merchant_id;
        self.held(txn, merchant).await?;
        // As it is now that nobody else writes it.
        self.operated(txn, operator, id).await
    }

    async fn operated(
        &self,
        db: &impl ConnectionTrait,
        operator: Operator<'_>,
        id: ApplicationId,
    ) -> Result<application_contracts::Model> {
        let row = submitted().filter(application_contracts::Column::Id.eq(id.uuid())).one(db).await?;
        let row = row.ok_or(Error::NotFound)?;
        if operator.reaches(row.merchant_id) { Ok(row) } else { Err(Error::StoreForbidden) }
    }

    async fn imp_code_of(&self, db: &impl ConnectionTrait, row: &application_contracts::Model) -> Result<ImpCode> {
        let merchant = merchants::Entity::find_by_id(row.merchant_id).one(db).await?.ok_or(Error::NotFound)?;
        merchant.imp_code.parse().map_err(|_| Error::Internal("stored imp code".into()))
    }
}

/// What was submitted once, in the merchant's hand again or not; a draft that nobody sent is nothing to the operator.
fn submitted() -> Select<application_contracts::Entity> {
    application_contracts::Entity::find().filter(application_contracts::Column::SubmittedAt.is_not_null())
}

impl CoreCaller {
    /// Whether everything of a merchant is within reach.
    fn reaches_whole(&self, merchant: uuid::Uuid) -> bool {
        !self.is_limited() || self.of_merchant(merchant).any(|reach| reach == Reach::Merchant)
    }
}
