//! Lists in pages.

use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// What matches, on all pages.
    pub total: u64,
    /// From 1.
    pub page: u64,
    pub pages: u64,
}

impl<T> Page<T> {
    /// The page `wanted` of a list of `total` in pages of `size`, or the nearest that exists; its items are to come.
    pub fn nearest(wanted: u64, total: u64, size: u64) -> Self {
        let pages = total.div_ceil(size).max(1);
        Self { items: Vec::new(), total, page: wanted.clamp(1, pages), pages }
    }

    pub fn map<U>(self, shown: impl FnMut(T) -> U) -> Page<U> {
        let items = self.items.into_iter().map(shown).collect();
        Page { items, total: self.total, page: self.page, pages: self.pages }
    }

    /// The first error, if one of the items has one.
    pub fn try_map<U, E>(self, shown: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        let items = self.items.into_iter().map(shown).collect::<Result<_, E>>()?;
        Ok(Page { items, total: self.total, page: self.page, pages: self.pages })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_does_not_exist_is_the_nearest_one_that_does() {
        let place = |wanted, total| {
            let page = Page::<()>::nearest(wanted, total, 20);
            (page.page, page.pages)
        };
        assert_eq!(place(1, 0), (1, 1));
        assert_eq!(place(0, 40), (1, 2));
        assert_eq!(place(3, 41), (3, 3));
        assert_eq!(place(99, 41), (3, 3));
    }
}
