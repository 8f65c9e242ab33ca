//! 실연동으로 올리기: the live channel behind a test channel, added or changed together with the pair.

use domain::{
    channel::{ChannelForm, Mode},
    id::{ChannelKey, ModuleId},
};

use super::{Change, NewChannel};
use crate::{
    Backend,
    actor::Actor,
    error::{Error, Result},
};

/// The live channel that shall stand behind a test channel, as it was typed.
#[derive(Debug, Clone)]
pub struct Promotion {
    pub test: ChannelKey,
    /// The live channel that stood behind it when the page was opened; none for one to be added.
    pub live: Option<ChannelKey>,
    /// The version of it that was seen.
    pub seen_version: i64,
    /// As of [`NewChannel`].
    pub idempotency_key: String,
    pub form: ChannelForm,
}

/// The live channel that stands behind the test channel now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promoted {
    pub key: ChannelKey,
    pub module: ModuleId,
    pub is_new: bool,
}

impl Backend {
    /// Adds the live channel with its pair, or edits the one that is there, in one transaction.
    ///
    /// # Errors
    /// [`Error::Stale`] when another channel stands behind the test channel than the page showed, or a newer version.
    pub async fn promote_channel(&self, actor: &Actor, promotion: Promotion) -> Result<Promoted> {
        let Promotion { test, live, seen_version, idempotency_key, form } = promotion;
        if let Some(live) = live {
            let change = Change { seen_version, form };
            let module = self.edit_behind(actor, live, change, Some(test)).await?;
            return Ok(Promoted { key: live, module, is_new: false });
        }
        let (tested, _) = self.head(self.db.read(), actor, test).await?;
        let (_, module) = self.module_of(&tested.module)?;
        let new = NewChannel {
            mode: Mode::Live.as_str().to_owned(),
            module: tested.module,
            form,
            store: domain::id::StoreId::new(tested.store_id).to_string(),
            idempotency_key,
            twin_of: Some(test),
            ..NewChannel::default()
        };
        let created = self.add_channel(actor, new).await.map_err(|error| match error {
            // Somebody paired it meanwhile.
            Error::WrongStatus => Error::Stale,
            other => other,
        })?;
        Ok(Promoted { key: created.key, module: module.id.clone(), is_new: true })
    }
}
