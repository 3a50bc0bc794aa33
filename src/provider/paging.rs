//! How a list is split into pages.

use serde::Deserialize;

use super::{Pointer, Pointers};

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, tag = "style", rename_all = "snake_case")]
pub enum Paging {
    /// The response has the URL of the next page.
    NextLink { next: Pointer },
    /// The response has a `Link` header with `rel="next"` (RFC 8288), which is also followed without a style.
    LinkHeader,
    /// The response has a cursor, which is a parameter of the next request.
    Cursor {
        /// The name of the cursor parameter.
        parameter: String,
        /// Leads to the cursor in the response; none on the last page.
        next: Pointer,
        /// Leads to a boolean in the response: `false` if this is the last page despite a cursor.
        #[serde(default)]
        more: Pointers,
    },
    /// The request has a limit and an offset; a short page is the last.
    Offset {
        /// The name of the limit parameter.
        limit: String,
        /// The name of the offset parameter.
        offset: String,
        /// The number of tokens per page.
        size: u32,
    },
    /// The request has a page number.
    Page(PageNumbers),
}

/// Pages that are found by their number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PageNumbers {
    /// The name of the page parameter.
    pub page: String,
    /// The number of the first page.
    #[serde(default = "first_page")]
    pub first: u64,
    /// The name of the limit parameter; omitted if the service has none.
    pub limit: Option<String>,
    /// The number of tokens per page.
    pub size: u32,
    more: Option<Pointers>,
    pages: Option<Pointers>,
    total: Option<Pointers>,
    next_page: Option<Pointers>,
}

fn first_page() -> u64 {
    1
}

/// The mark of the last page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageRule<'a> {
    /// It is not full.
    ShortPage,
    /// A boolean, which is `false` in the last page.
    More(&'a Pointers),
    /// The number of pages.
    Pages(&'a Pointers),
    /// The number of tokens of all pages.
    Total(&'a Pointers),
    /// The number of the next page; null in the last.
    NextPage(&'a Pointers),
}

impl PageNumbers {
    pub fn rule(&self) -> PageRule<'_> {
        self.rules().next().unwrap_or(PageRule::ShortPage)
    }

    /// Returns the rules of the description, which should be one at most.
    pub(super) fn rules(&self) -> impl Iterator<Item = PageRule<'_>> {
        let more = self.more.as_ref().map(PageRule::More);
        let pages = self.pages.as_ref().map(PageRule::Pages);
        let total = self.total.as_ref().map(PageRule::Total);
        let next = self.next_page.as_ref().map(PageRule::NextPage);
        [more, pages, total, next].into_iter().flatten()
    }
}
