//! A list of tokens, one page at a time, so that memory stays flat however long it is. A list that never ends is noticed.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher as _};

use serde_json::Value;
use url::Url;

use super::{ApiTransport, Service, ServiceError, token_json};
use crate::domain::{ApiToken, TokenId, TokenKind};
use crate::http::Request;
use crate::provider::{ListCall, Paging};

/// More pages than any list has: at 20 tokens a page, 200,000 tokens.
const MAX_PAGES: u64 = 10_000;

/// Stop after this many consecutive pages without a token. A few are normal: some services filter a page after they cut
/// it.
const MAX_EMPTY_PAGES: u32 = 10;

/// The pages still to come.
#[derive(Debug)]
pub struct TokenPages<'a, C> {
    service: &'a Service<'a, C>,
    call: &'a ListCall,
    kind: Option<TokenKind>,
    next: NextPage,
    progress: Progress,
}

/// How a list gets on: one that never ends would keep us for ever.
#[derive(Debug, Default)]
struct Progress {
    pages: u64,
    empty: u32,
    /// The hashes of the addresses and first tokens of all pages so far.
    visited: HashSet<u64>,
}

impl Progress {
    /// Records a page by its address and its first token; returns why paging must stop, if so.
    fn record(&mut self, url: Option<&Url>, first: Option<&TokenId>) -> Option<&'static str> {
        self.pages += 1;
        self.empty = if first.is_some() { 0 } else { self.empty + 1 };
        let address = url.map(|url| self.mark_visited(url));
        let token = first.map(|id| self.mark_visited(id));
        if address == Some(false) || token == Some(false) {
            return Some("a list that goes round in circles");
        }
        if self.empty >= MAX_EMPTY_PAGES {
            return Some("one page without tokens after another");
        }
        (self.pages >= MAX_PAGES).then_some("a list without an end")
    }

    fn mark_visited(&mut self, mark: &impl Hash) -> bool {
        let mut hasher = DefaultHasher::new();
        mark.hash(&mut hasher);
        self.visited.insert(hasher.finish())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum NextPage {
    /// The page after this many tokens and pages.
    After {
        tokens: u64,
        pages: u64,
    },
    Link(Url),
    End,
}

impl<'a, C: ApiTransport> TokenPages<'a, C> {
    pub(super) fn new(
        service: &'a Service<'a, C>,
        call: &'a ListCall,
        kind: Option<TokenKind>,
    ) -> Self {
        Self {
            service,
            call,
            kind,
            next: NextPage::After {
                tokens: 0,
                pages: 0,
            },
            progress: Progress::default(),
        }
    }

    /// Leaves out the first `count` tokens where the service can; how many are still to be left out.
    pub fn skip(&mut self, count: u64) -> u64 {
        let by_offset = matches!(self.call.paging, Some(Paging::Offset { .. }));
        let is_exact = self.kind.is_none() || self.call.permanent.is_some();
        match &mut self.next {
            NextPage::After { tokens, pages: 0 } if by_offset && is_exact => {
                *tokens = count;
                0
            }
            _ => count,
        }
    }

    /// Whether more may come.
    pub fn has_more(&self) -> bool {
        self.next != NextPage::End
    }

    /// The next page; `None` after the last.
    ///
    /// # Errors
    /// Whatever the service or the channel says.
    pub async fn next_page(&mut self) -> Result<Option<Vec<ApiToken>>, C::Error> {
        self.next_page_filtered(|_| true).await
    }

    /// The next page, without the tokens that `keep` does not want as the service shows them.
    ///
    /// # Errors
    /// As [`TokenPages::next_page`].
    pub(super) async fn next_page_filtered(
        &mut self,
        keep: impl Fn(&Value) -> bool,
    ) -> Result<Option<Vec<ApiToken>>, C::Error> {
        if self.next == NextPage::End {
            return Ok(None);
        }
        let url = self.page_url()?;
        let request = Request::get(url.clone()).expect_secrets_at(self.key_pointers());
        let answer = self.service.send_for_json(request).await?;
        let items = self.find_items(&answer)?;
        let tokens = self.parse_tokens(items)?;
        self.next = self.next_position(&url, &answer, tokens.len() as u64)?;
        let is_linked = matches!(self.call.paging, Some(Paging::NextLink { .. }));
        let first = tokens.first().and_then(|token| token.id.as_ref());
        let wrong = self.progress.record(is_linked.then_some(&url), first);
        // What ends here ended in time, whatever it was.
        if let Some(wrong) = wrong.filter(|_| self.next != NextPage::End) {
            return Err(self.service.malformed_error(wrong).into());
        }
        // The service's own filter is checked if the items have a kind.
        let of_kind = |token: &ApiToken| {
            self.kind.is_none() || token.kind.is_none() || token.kind == self.kind
        };
        let kept = items.iter().zip(tokens);
        let kept = kept.filter(|(item, token)| of_kind(token) && keep(item));
        Ok(Some(kept.map(|(_, token)| token).collect()))
    }

    /// Where the list shows keys that are compared and not shown.
    fn key_pointers(&self) -> Vec<String> {
        let fields = &self.service.descriptor.tokens.fields;
        let shown = [&fields.id, &fields.name, &fields.prefix];
        let Some(key) = fields
            .key
            .as_ref()
            .filter(|_| !shown.contains(&&fields.key))
        else {
            return Vec::new();
        };
        let lists = self.call.items.iter();
        let pointers = lists.map(|list| format!("{}/*{}", list.as_str(), key.as_str()));
        pointers.collect()
    }

    fn find_items<'v>(&self, answer: &'v Value) -> Result<&'v [Value], ServiceError> {
        let mut places = self.call.items.iter();
        let items = places.find_map(|place| place.find_in(answer)?.as_array());
        let items = items.ok_or_else(|| self.service.malformed_error("no list of tokens"))?;
        Ok(items)
    }

    fn parse_tokens(&self, items: &[Value]) -> Result<Vec<ApiToken>, ServiceError> {
        let fields = &self.service.descriptor.tokens.fields;
        let tokens: Vec<ApiToken> = items
            .iter()
            .map(|item| token_json::parse_token(fields, item))
            .collect();
        if tokens.iter().any(|token| token.id.is_none()) {
            return Err(self.service.malformed_error("a token without an id"));
        }
        Ok(tokens)
    }

    fn page_url(&self) -> Result<Url, ServiceError> {
        Ok(match &self.next {
            NextPage::Link(url) => url.clone(),
            NextPage::After { tokens, pages } => {
                let mut url = self.service.base_url.join(&self.call.call.path(None))?;
                if let (Some(name), Some(kind)) = (&self.call.permanent, self.kind) {
                    url.query_pairs_mut().append_pair(name, kind.as_filter());
                }
                for (name, value) in self.query_parameters(*tokens, *pages) {
                    url.query_pairs_mut().append_pair(name, &value.to_string());
                }
                url
            }
            NextPage::End => self.service.base_url.join("/")?,
        })
    }

    fn query_parameters(&self, tokens: u64, pages: u64) -> Vec<(&str, u64)> {
        match &self.call.paging {
            None | Some(Paging::NextLink { .. }) => Vec::new(),
            Some(Paging::Offset {
                limit,
                offset,
                size,
            }) => vec![(limit, u64::from(*size)), (offset, tokens)],
            Some(Paging::Page {
                page, limit, size, ..
            }) => vec![(page, pages + 1), (limit, u64::from(*size))],
        }
    }

    fn next_position(&self, url: &Url, answer: &Value, got: u64) -> Result<NextPage, ServiceError> {
        let (tokens, pages) = match self.next {
            NextPage::After { tokens, pages } => (tokens + got, pages + 1),
            NextPage::Link(_) | NextPage::End => (got, 1),
        };
        let goes_on = match &self.call.paging {
            None => false,
            Some(Paging::NextLink { next }) => return self.next_link(url, next.text_in(answer)),
            Some(Paging::Offset { size, .. }) => got >= u64::from(*size),
            Some(Paging::Page { more, .. }) => {
                got > 0 && more.find_in(answer).and_then(Value::as_bool) == Some(true)
            }
        };
        Ok(if goes_on {
            NextPage::After { tokens, pages }
        } else {
            NextPage::End
        })
    }

    /// Resolves a link, which may be relative to its page (RFC 3986 §5.1.3).
    fn next_link(&self, page: &Url, link: Option<String>) -> Result<NextPage, ServiceError> {
        let Some(link) = link.filter(|link| !link.is_empty()) else {
            return Ok(NextPage::End);
        };
        let mut url = page.join(&link).map_err(|_| {
            self.service
                .malformed_error("an invalid URL of the next page")
        })?;
        url.set_fragment(None);
        Ok(NextPage::Link(url))
    }
}
