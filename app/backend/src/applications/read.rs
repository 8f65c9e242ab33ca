//! What pages show of an application.

use domain::{
    application::{
        Consent, Consented, State,
        view::{ContractSummary, Overview},
    },
    channel::Mode,
    id::{ApplicationId, ChannelKey},
    member::Permission,
};
use sea_orm::{ColumnTrait as _, QueryFilter as _};

use super::record::{details_of, from_json, sees};
use crate::{
    Backend,
    actor::Actor,
    entity::{application_contracts, application_files, applications},
    error::{Error, Result},
};

impl Backend {
    /// Where the merchant stands; what was entered only for who may see it.
    pub async fn application(&self, actor: &Actor) -> Result<Overview> {
        actor.require(Permission::ViewChannels)?;
        let Some(row) = applications::owned_by(actor.merchant).one(self.db.read()).await? else {
            return Ok(Overview::default());
        };
        let contracts = self.contracts_of(self.db.read(), actor.merchant).await?;
        let sees = sees(actor);
        let details = if sees {
            let file = application_files::owned_by(actor.merchant).one(self.db.read()).await?;
            Some(details_of(&row, file, &contracts)?)
        } else {
            None
        };
        let contracts = contracts.iter().map(|row| self.summary_of(row, sees)).collect::<Result<_>>()?;
        let is_begun = Consent::are_given(&from_json::<Vec<Consented>>(&row.consents)?);
        Ok(Overview { is_begun, details, contracts })
    }

    /// One contract with all that is known of it.
    pub async fn application_contract(&self, actor: &Actor, id: ApplicationId) -> Result<ContractSummary> {
        actor.require(Permission::ViewApplication)?;
        if !sees(actor) {
            return Err(Error::Forbidden);
        }
        let row = self.own_contract(self.db.read(), actor.merchant, id).await?;
        self.summary_of(&row, true)
    }

    /// The contract that a live channel comes of: the one of its module, once it is done.
    pub async fn contract_of_channel(&self, actor: &Actor, key: ChannelKey) -> Result<Option<ContractSummary>> {
        let channel = self.channel(actor, key).await?;
        if channel.summary.mode != Mode::Live || !sees(actor) {
            return Ok(None);
        }
        let found = application_contracts::owned_by(actor.merchant)
            .filter(application_contracts::Column::Module.eq(channel.summary.module.as_str()))
            .filter(application_contracts::Column::State.eq(State::Contracted.as_str()));
        found.one(self.db.read()).await?.map(|row| self.summary_of(&row, true)).transpose()
    }
}
