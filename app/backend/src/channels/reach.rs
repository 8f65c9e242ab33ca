//! Which channels somebody sees: all of the merchant, or those of one sub-store.

use domain::channel::Mode;
use sea_orm::{ColumnTrait as _, Condition};

use crate::{
    actor::{Actor, Reach},
    entity::channels,
    error::Error,
};

impl Reach {
    /// The channels within reach: a sub-store has the live ones assigned to it, and all test channels.
    pub(crate) fn condition(self) -> Condition {
        match self {
            Self::Merchant => Condition::all(),
            Self::Store(store) => Condition::any()
                .add(channels::Column::Mode.eq(Mode::Test.as_str()))
                .add(channels::Column::StoreId.eq(store)),
        }
    }

    pub(crate) fn has(self, head: &channels::Model) -> bool {
        match self {
            Self::Merchant => true,
            Self::Store(store) => head.mode == Mode::Test.as_str() || head.store_id == store,
        }
    }
}

impl Actor {
    /// How a channel out of reach is refused: a person never learns of it, a server that has the wrong store's secret
    /// is told so.
    pub(super) fn out_of_reach(&self) -> Error {
        if self.credential().is_some() { Error::StoreForbidden } else { Error::NotFound }
    }
}
