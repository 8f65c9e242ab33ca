//! One page of a query.

use domain::page::Page;
use sea_orm::{EntityTrait, FromQueryResult, PaginatorTrait as _, QuerySelect as _, Select};

use crate::{db::Db, error::Result};

/// What a page of a list holds where nothing else is said.
pub(crate) const PAGE: u64 = 20;

/// The page `wanted` (from 1) of what `found` selects, in its order.
pub(crate) async fn page_of<E, M>(db: &Db, found: Select<E>, wanted: u64, size: u64) -> Result<Page<M>>
where
    E: EntityTrait<Model = M>,
    M: FromQueryResult + Sized + Send + Sync,
{
    let mut page = Page::nearest(wanted, found.clone().count(db.read()).await?, size);
    page.items = found.offset((page.page - 1) * size).limit(size).all(db.read()).await?;
    Ok(page)
}
