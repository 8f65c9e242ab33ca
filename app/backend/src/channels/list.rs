//! 채널 관리, and the search: both look through the kept heads.

use domain::{
    channel::{Mode, view::ChannelSummary},
    id::StoreId,
    member::Permission,
    page::Page,
    search::FoundChannels,
};

use super::{
    heads::Head,
    sought::{RANKS, Sought},
};
use crate::{
    Backend,
    actor::{Actor, Reach},
    error::{Error, Result},
    paging::PAGE,
};

/// So many channels a search shows; how many more there are is told.
const SHOWN: usize = 20;

/// What the list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListQuery {
    pub mode: Option<Mode>,
    /// What this store may use; all of the merchant's when it is the primary one, or none is chosen.
    pub store: Option<StoreId>,
    /// In name, MID, provider, module, channel key.
    pub search: String,
    /// From 1; anything below is the first page.
    pub page: u64,
}

impl Backend {
    pub async fn list_channels(&self, actor: &Actor, query: ListQuery) -> Result<Page<ChannelSummary>> {
        actor.require(Permission::ViewChannels)?;
        let mut seen_from = Reach::Merchant;
        if let Some(store) = query.store {
            let store = self.store_of(self.db.read(), actor, store).await?.ok_or(Error::NotFound)?;
            seen_from = if store.is_primary { Reach::Merchant } else { Reach::Store(store.id) };
        }
        let sought = Sought::parse(&query.search, self.catalogue);
        let heads = self.heads(actor.merchant).await?;
        let found = || {
            let within = heads.iter().filter(|head| actor.reach.shows(head) && seen_from.shows(head));
            let of_mode = within.filter(|head| query.mode.is_none_or(|mode| head.mode == mode));
            of_mode.filter(|head| sought.is_empty() || sought.rank(head).is_some())
        };
        let total = found().count();
        let mut page = Page::nearest(query.page, total as u64, PAGE);
        let (before, most) = ((page.page - 1) * PAGE, PAGE);
        let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        page.items = found().skip(place(before)).take(place(most)).map(|head| head.summary()).collect();
        Ok(page)
    }

    /// The channels within reach that are meant by what was typed: the best first, then the newest. Nothing typed finds
    /// nothing.
    pub async fn search_channels(&self, actor: &Actor, typed: &str) -> Result<FoundChannels> {
        actor.require(Permission::ViewChannels)?;
        let sought = Sought::parse(typed, self.catalogue);
        let mut found = FoundChannels::default();
        if sought.is_empty() {
            return Ok(found);
        }
        let heads = self.heads(actor.merchant).await?;
        let mut ranked: [Vec<&Head>; RANKS] = Default::default();
        for head in heads.iter().filter(|head| actor.reach.shows(head)) {
            let Some(rank) = sought.rank(head) else { continue };
            match head.mode {
                Mode::Test => found.test += 1,
                Mode::Live => found.live += 1,
            }
            if let Some(same) = ranked.get_mut(rank).filter(|same| same.len() < SHOWN) {
                same.push(head);
            }
        }
        found.best = ranked.into_iter().flatten().take(SHOWN).map(Head::summary).collect();
        Ok(found)
    }
}
