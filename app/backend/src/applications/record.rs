//! From rows to values and back.

use domain::{
    application::{ApplicationError, Media},
    application::{
        Choice, Reviewed, State, hold,
        view::{ContractDetails, ContractSummary, Details, FileView, Hold},
    },
    form::FormErrors,
    id::ApplicationId,
    member::Permission,
};
use sea_orm::{ConnectionTrait, QueryOrder as _, QuerySelect as _};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{
    Backend,
    actor::{Actor, Reach},
    entity::{application_contracts, application_files, applications},
    error::{Error, Result},
    vault::Place,
};

/// Where a merchant's account number lies.
pub(crate) const fn number_place(merchant: Uuid, revision: i64) -> Place<'static> {
    Place { kind: "application-number", owner: merchant, object: merchant, version: revision }
}

pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| Error::Internal("JSON of an application".into()))
}

pub(super) fn state_of(row: &application_contracts::Model) -> Result<State> {
    State::parse(&row.state).ok_or_else(|| Error::Internal("unknown state of an application".into()))
}

/// Whether the actor sees more than states: an application is the whole merchant's, and no sub-store's.
pub(super) fn sees(actor: &Actor) -> bool {
    actor.may(Permission::ViewApplication) && actor.reach == Reach::Merchant
}

pub(super) fn details_of(
    row: &applications::Model,
    file: Option<application_files::Model>,
    contracts: &[application_contracts::Model],
) -> Result<Details> {
    let states = contracts.iter().map(state_of).collect::<Result<Vec<_>>>()?;
    Ok(Details {
        consents: from_json(&row.consents)?,
        business: row.business.as_deref().map(from_json).transpose()?,
        service: row.service.as_deref().map(from_json).transpose()?,
        bank: row.bank.clone(),
        number_set_at: row.number_set_at,
        file: file.map(file_view).transpose()?,
        hold: hold(states),
        changed_at: row.updated_at,
    })
}

pub(super) fn media_of(row: &application_files::Model) -> Result<Media> {
    Media::parse(&row.media).ok_or_else(|| Error::Internal("unknown kind of file".into()))
}

fn file_view(row: application_files::Model) -> Result<FileView> {
    Ok(FileView { media: media_of(&row)?, name: row.name, bytes: row.bytes, at: row.created_at })
}

impl Backend {
    /// The merchant's application; [`Error::WrongStatus`] before its consents.
    pub(super) async fn begun(&self, db: &impl ConnectionTrait, merchant: Uuid) -> Result<applications::Model> {
        applications::owned_by(merchant).one(db).await?.ok_or(Error::WrongStatus)
    }

    /// The same, held until the transaction ends: whatever else of the merchant's application is written waits. SQLite has
    /// one writer anyway.
    pub(super) async fn held(&self, txn: &impl ConnectionTrait, merchant: Uuid) -> Result<applications::Model> {
        applications::owned_by(merchant).lock_exclusive().one(txn).await?.ok_or(Error::WrongStatus)
    }

    /// The merchant's contracts, the first first.
    pub(super) async fn contracts_of(
        &self,
        db: &impl ConnectionTrait,
        merchant: Uuid,
    ) -> Result<Vec<application_contracts::Model>> {
        let rows = application_contracts::owned_by(merchant)
            .order_by_asc(application_contracts::Column::CreatedAt)
            .order_by_asc(application_contracts::Column::Id);
        Ok(rows.all(db).await?)
    }

    /// Refuses to change what somebody looks at.
    pub(super) async fn require_unlocked(&self, db: &impl ConnectionTrait, merchant: Uuid, field: &str) -> Result<()> {
        let contracts = self.contracts_of(db, merchant).await?;
        let states = contracts.iter().map(state_of).collect::<Result<Vec<_>>>()?;
        if hold(states) == Hold::Locked {
            return Err(FormErrors::one(field, ApplicationError::Locked.into()).into());
        }
        Ok(())
    }

    /// A contract as lists show it; with what is chosen and said, for who may see that.
    pub(super) fn summary_of(&self, row: &application_contracts::Model, sees: bool) -> Result<ContractSummary> {
        let (provider, module) = self.module_of(&row.module)?;
        let details = if sees {
            let choice: Choice = from_json(&row.choice)?;
            let reviews: Vec<Reviewed> = from_json(&row.reviews)?;
            Some(ContractDetails { choice, note: row.note.clone(), reviews })
        } else {
            None
        };
        Ok(ContractSummary {
            id: ApplicationId::new(row.id),
            provider: provider.id.clone(),
            provider_name: provider.name.clone(),
            module: module.id.clone(),
            module_label: module.label.clone(),
            state: state_of(row)?,
            state_at: row.state_at,
            submitted_at: row.submitted_at,
            details,
        })
    }
}
