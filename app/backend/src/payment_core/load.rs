//! Channels from the database for whoever reads them one by one, many of them in one question ([`Together`]).

use std::{collections::HashMap, sync::Arc};

use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, FromQueryResult as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
    sea_query::{Asterisk, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use super::{read::with_current_version, together::Together};
use crate::{
    db::Db,
    entity::{channel_versions, channels},
    error::Result,
};

/// So many channels of one MID are looked through at once; who has more is read for himself.
pub(super) const FEW: usize = 16;

/// A channel with its current version.
pub(super) type Row = (channels::Model, Option<channel_versions::Model>);

#[derive(Debug, Default)]
pub(crate) struct Load {
    current: Arc<Together<Uuid, Option<Arc<Row>>>>,
    of_mid: Arc<Together<(Uuid, String), Vec<channels::Model>>>,
}

impl Load {
    /// A channel and its current version, as they are in the same moment.
    pub(super) async fn current(&self, db: &Db, id: Uuid) -> Result<Option<Row>> {
        let db = db.clone();
        let ask = move |ids: Vec<Uuid>| {
            let db = db.clone();
            async move {
                let asked = channels::Column::Id.is_in(filled_up(&ids));
                let found = with_current_version().filter(asked).all(db.read()).await?;
                let found: HashMap<Uuid, Arc<Row>> = found.into_iter().map(|row| (row.0.id, Arc::new(row))).collect();
                Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
            }
        };
        Ok(self.current.ask(id, ask).await?.map(Arc::unwrap_or_clone))
    }

    /// A merchant's channels of one MID, the oldest first; no more than one beyond [`FEW`].
    pub(super) async fn of_mid(&self, db: &Db, merchant: Uuid, mid: String) -> Result<Vec<channels::Model>> {
        let db = db.clone();
        let ask = move |asked: Vec<(Uuid, String)>| {
            let db = db.clone();
            async move {
                let mut each = filled_up(&asked).into_iter().map(|(merchant, mid)| of_one_mid(merchant, &mid));
                let mut all = each.next().unwrap_or_default();
                for one in each {
                    all.union(UnionType::All, one);
                }
                let mut found: HashMap<(Uuid, String), Vec<channels::Model>> = HashMap::new();
                for row in db.read().query_all(&all).await? {
                    let row = channels::Model::from_query_result(&row, "")?;
                    let rows = found.entry((row.merchant_id, row.mid.clone())).or_default();
                    // What was asked for more than once was answered more than once.
                    if rows.last().is_none_or(|last| (last.created_at, last.id) < (row.created_at, row.id)) {
                        rows.push(row);
                    }
                }
                Ok(asked.iter().map(|asked| found.get(asked).cloned().unwrap_or_default()).collect())
            }
        };
        self.of_mid.ask((merchant, mid), ask).await
    }
}

fn of_one_mid(merchant: Uuid, mid: &str) -> SelectStatement {
    let found = channels::owned_by(merchant)
        .filter(channels::Column::Mid.eq(mid))
        .order_by_asc(channels::Column::CreatedAt)
        .order_by_asc(channels::Column::Id)
        .limit(FEW as u64 + 1);
    // Within a union, only a query of its own may have an order and an end.
    Query::select().column(Asterisk).from_subquery(found.into_query(), "found").take()
}

/// Repeats the last one until there are 1, 2, 4 … of them: few statements, so that the driver keeps them all.
fn filled_up<T: Clone>(asked: &[T]) -> Vec<T> {
    let mut filled = asked.to_vec();
    if let Some(last) = asked.last() {
        filled.resize(asked.len().next_power_of_two(), last.clone());
    }
    filled
}
