//! Finds the next page of a list, for every style of [`Paging`]. No I/O.
//!
//! Only path and query of a link are used, at the origin of the current page: servers behind a proxy often put a wrong scheme or
//! host into their links, and a credential must not be sent to another origin.

use serde_json::Value;
use url::Url;

use super::page_end::{PageCount, has_more_pages};
use crate::http::{Response, next_link};
use crate::provider::{ListCall, PageNumbers, Paging};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NextPage {
    At(Position),
    Link(Url),
    Cursor(String),
    End,
}

/// How many tokens and pages precede a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) tokens: u64,
    pub(super) pages: u64,
}

/// One page as the service sent it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page<'a> {
    pub(super) url: &'a Url,
    pub(super) response: &'a Response,
    pub(super) body: &'a Value,
    /// How many tokens it has.
    pub(super) size: u64,
}

impl NextPage {
    pub(super) fn first() -> Self {
        Self::At(Position::default())
    }

    /// Returns the URL of this page; `first` is the URL of a list without parameters of its paging.
    pub(super) fn url(&self, call: &ListCall, mut first: Url) -> Url {
        let add = |url: &mut Url, name: &str, value: &str| {
            url.query_pairs_mut().append_pair(name, value);
        };
        let position = match self {
            Self::Link(url) => return url.clone(),
            Self::At(position) => *position,
            Self::Cursor(_) | Self::End => Position::default(),
        };
        match &call.paging {
            None | Some(Paging::NextLink { .. } | Paging::LinkHeader) => {}
            Some(Paging::Offset {
                limit,
                offset,
                size,
            }) => {
                add(&mut first, limit, &size.to_string());
                add(&mut first, offset, &position.tokens.to_string());
            }
            Some(Paging::Page(numbers)) => {
                let page = position.pages + numbers.first;
                add(&mut first, &numbers.page, &page.to_string());
                if let Some(limit) = &numbers.limit {
                    add(&mut first, limit, &numbers.size.to_string());
                }
            }
            Some(Paging::Cursor { parameter, .. }) => {
                if let Self::Cursor(cursor) = self {
                    add(&mut first, parameter, cursor);
                }
            }
        }
        first
    }

    /// Returns the page after `page`, which is this one.
    ///
    /// # Errors
    /// A description of what is wrong with the response.
    pub(super) fn after(&self, call: &ListCall, page: Page) -> Result<Self, &'static str> {
        let next = match &call.paging {
            None | Some(Paging::LinkHeader) => return link_in_header(page),
            Some(Paging::NextLink { next }) => match next.text_in(page.body) {
                Some(link) if !link.is_empty() => Self::Link(own_url(page.url, &link)?),
                _ => Self::End,
            },
            Some(Paging::Cursor { next, more, .. }) => {
                let has_more = more.find_in(page.body).and_then(Value::as_bool);
                match next.text_in(page.body) {
                    Some(cursor) if !cursor.is_empty() && has_more != Some(false) => {
                        Self::Cursor(cursor)
                    }
                    _ => Self::End,
                }
            }
            Some(Paging::Offset { size, .. }) => self.advance(page, page.size >= u64::from(*size)),
            Some(Paging::Page(numbers)) => {
                let has_more =
                    has_more_pages(numbers.rule(), page.body, self.count(numbers, page))?;
                self.advance(page, has_more)
            }
        };
        // The description does not follow this link. Fail, because a list that lacks tokens must not look complete.
        if next == Self::End && link_in_header(page)? != Self::End {
            return Err("a link to a next page that its description does not follow");
        }
        Ok(next)
    }

    fn count(&self, numbers: &PageNumbers, page: Page) -> PageCount {
        let position = match self {
            Self::At(position) => *position,
            _ => Position::default(),
        };
        PageCount {
            pages: position.pages + 1,
            tokens: position.tokens + page.size,
            size: page.size,
            full: u64::from(numbers.size),
        }
    }

    fn advance(&self, page: Page, has_more: bool) -> Self {
        let Self::At(Position { tokens, pages }) = self else {
            return Self::End;
        };
        if !has_more {
            return Self::End;
        }
        Self::At(Position {
            tokens: tokens + page.size,
            pages: pages + 1,
        })
    }
}

pub(super) fn link_in_header(page: Page) -> Result<NextPage, &'static str> {
    let link = next_link(&page.response.headers);
    let url = link.map(|link| own_url(page.url, link)).transpose()?;
    Ok(url.map_or(NextPage::End, NextPage::Link))
}

/// Returns the path and query of `link`, which may be relative to `page` (RFC 3986 §5.1.3), at the origin of `page`.
pub(super) fn own_url(page: &Url, link: &str) -> Result<Url, &'static str> {
    let link = page.join(link).ok();
    let link = link.filter(|url| !url.cannot_be_a_base());
    let link = link.ok_or("a next page that is not a URL")?;
    let mut url = page.clone();
    url.set_path(link.path());
    url.set_query(link.query());
    url.set_fragment(None);
    Ok(url)
}
