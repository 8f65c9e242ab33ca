//! Which PGs, and what of them: drafts of applications.

use domain::{
    application::{ApplicationError, Choice, ChoiceForm, State, offered},
    form::{ErrorCode, FormErrors},
    id::ApplicationId,
    member::Permission,
    trail::FieldChange,
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    SqlErr,
};
use uuid::Uuid;

use super::record::{from_json, state_of};
use crate::{
    Backend, Language,
    actor::Actor,
    audit::{Action, Entry},
    channels::to_json,
    entity::application_contracts,
    error::{Error, Result},
    time_ms,
};

impl Backend {
    /// Drafts an application for a module, or changes the one that the merchant has in hand.
    pub async fn choose_module(&self, actor: &Actor, module: &str, form: &ChoiceForm) -> Result<ApplicationId> {
        let known = self.catalogue.module(module);
        let target = known.map(|(_, module)| module.id.as_str()).unwrap_or_default();
        self.require(actor, Permission::EditApplication, Action::ApplicationChosen, target).await?;
        let no_choice = || FormErrors::one("module", ErrorCode::NotAChoice);
        let (provider, module) = known.filter(|(_, module)| offered(module)).ok_or_else(no_choice)?;
        let choice = form.parse(module)?;
        let now = time_ms(self.clock.now());
        let txn = self.db.write().await?;
        self.held(&txn, actor.merchant).await?;
        let found = application_contracts::owned_by(actor.merchant)
            .filter(application_contracts::Column::Module.eq(module.id.as_str()))
            .one(&txn)
            .await?;
        let taken = || Error::from(FormErrors::one("module", ApplicationError::AlreadyApplied.into()));
        let (id, before) = match found {
            Some(row) if state_of(&row)?.is_open() => {
                let before: Choice = from_json(&row.choice)?;
                let (id, choice) = (Set(row.id), Set(to_json(&choice)?));
                application_contracts::ActiveModel { id, choice, ..Default::default() }.update(&txn).await?;
                (row.id, before)
            }
            Some(_) => return Err(taken()),
            None => {
                let row = application_contracts::ActiveModel {
                    id: Set(self.random.uuid()),
                    merchant_id: Set(actor.merchant),
                    provider: Set(provider.id.to_string()),
                    module: Set(module.id.to_string()),
                    choice: Set(to_json(&choice)?),
                    state: Set(State::Draft.as_str().to_owned()),
                    state_at: Set(now),
                    submitted_at: Set(None),
                    note: Set(String::new()),
                    reviews: Set("[]".to_owned()),
                    language: Set(Language::default().code().to_owned()),
                    created_at: Set(now),
                };
                let row = row.insert(&txn).await.map_err(|e| match e.sql_err() {
                    Some(SqlErr::UniqueConstraintViolation(_)) => taken(),
                    _ => Error::from(e),
                })?;
                (row.id, Choice::default())
            }
        };
        let changes = [
            FieldChange::of_value("styles", &before.styles.join(", "), &choice.styles.join(", ")),
            FieldChange::of_value("methods", &told(&before), &told(&choice)),
        ];
        let entry =
            Entry::by(actor, Action::ApplicationChosen, target).changing(changes.into_iter().flatten().collect());
        self.audit(&txn, entry).await?;
        txn.commit().await?;
        Ok(ApplicationId::new(id))
    }

    /// Throws a draft away; what was submitted once stays, in hand again or not.
    pub async fn drop_application(&self, actor: &Actor, id: ApplicationId) -> Result<()> {
        let target = id.to_string();
        self.require(actor, Permission::EditApplication, Action::ApplicationDropped, &target).await?;
        let txn = self.db.write().await?;
        let row = self.own_contract_held(&txn, actor.merchant, id).await?;
        let dropped = application_contracts::Entity::delete_many()
            .filter(application_contracts::Column::Id.eq(row.id))
            .filter(application_contracts::Column::State.eq(State::Draft.as_str()))
            .filter(application_contracts::Column::SubmittedAt.is_null())
            .exec(&txn)
            .await?;
        if dropped.rows_affected != 1 {
            return Err(Error::WrongStatus);
        }
        let changes = FieldChange::of_value("module", &row.module, "").into_iter().collect();
        self.audit(&txn, Entry::by(actor, Action::ApplicationDropped, &target).changing(changes)).await?;
        txn.commit().await
    }

    /// One's own contract to be written, with the application it belongs to held.
    pub(super) async fn own_contract_held(
        &self,
        txn: &impl ConnectionTrait,
        merchant: Uuid,
        id: ApplicationId,
    ) -> Result<application_contracts::Model> {
        // Without an application there is no contract.
        self.held(txn, merchant).await.map_err(|_| Error::NotFound)?;
        self.own_contract(txn, merchant, id).await
    }

    pub(super) async fn own_contract(
        &self,
        db: &impl ConnectionTrait,
        merchant: Uuid,
        id: ApplicationId,
    ) -> Result<application_contracts::Model> {
        let found = application_contracts::owned_by(merchant).filter(application_contracts::Column::Id.eq(id.uuid()));
        found.one(db).await?.ok_or(Error::NotFound)
    }
}

fn told(choice: &Choice) -> String {
    let style = |(style, methods): &(String, Vec<String>)| format!("{style}: {}", methods.join(", "));
    choice.methods.iter().map(style).collect::<Vec<_>>().join("; ")
}
