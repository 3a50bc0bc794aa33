//! A list of tokens, one page at a time, so that memory stays flat however long it is. A list that never ends is noticed.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher as _};

use serde_json::Value;
use url::Url;

use super::{Channel, Service, ServiceError, facts};
use crate::domain::{ApiToken, TokenId, TokenKind};
use crate::http::Request;
use crate::provider::{ListCall, Paging};

/// More pages than any list has: at 20 tokens a page, 200,000 tokens.
const MOST_PAGES: u64 = 10_000;

/// So many pages without any token, one after another, lead nowhere. A few are no mistake: some services filter a page
/// after they have cut it.
const MOST_EMPTY: u32 = 10;

/// The pages still to come.
#[derive(Debug)]
pub struct TokenPages<'a, C> {
    service: &'a Service<'a, C>,
    call: &'a ListCall,
    kind: Option<TokenKind>,
    next: Next,
    progress: Progress,
}

/// How a list gets on: one that never ends would keep us for ever.
#[derive(Debug, Default)]
struct Progress {
    pages: u64,
    empty: u32,
    /// The hashes of what told the pages apart so far.
    been_at: HashSet<u64>,
}

impl Progress {
    /// Notes a page by its address and its first token; what is wrong, where that leads nowhere.
    fn note(&mut self, url: Option<&Url>, first: Option<&TokenId>) -> Option<&'static str> {
        self.pages += 1;
        self.empty = if first.is_some() { 0 } else { self.empty + 1 };
        let address = url.map(|url| self.is_new(url));
        let token = first.map(|id| self.is_new(id));
        if address == Some(false) || token == Some(false) {
            return Some("a list that goes round in circles");
        }
        if self.empty >= MOST_EMPTY {
            return Some("one page without tokens after another");
        }
        (self.pages >= MOST_PAGES).then_some("a list without an end")
    }

    fn is_new(&mut self, mark: &impl Hash) -> bool {
        let mut hasher = DefaultHasher::new();
        mark.hash(&mut hasher);
        self.been_at.insert(hasher.finish())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Next {
    /// The page after this many tokens and pages.
    After {
        tokens: u64,
        pages: u64,
    },
    Link(Url),
    End,
}

impl<'a, C: Channel> TokenPages<'a, C> {
    pub(super) fn new(
        service: &'a Service<'a, C>,
        call: &'a ListCall,
        kind: Option<TokenKind>,
    ) -> Self {
        Self {
            service,
            call,
            kind,
            next: Next::After {
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
            Next::After { tokens, pages: 0 } if by_offset && is_exact => {
                *tokens = count;
                0
            }
            _ => count,
        }
    }

    /// Whether more may come.
    pub fn has_more(&self) -> bool {
        self.next != Next::End
    }

    /// The next page; `None` after the last.
    ///
    /// # Errors
    /// Whatever the service or the channel says.
    pub async fn next_page(&mut self) -> Result<Option<Vec<ApiToken>>, C::Error> {
        self.next_page_of(|_| true).await
    }

    /// The next page, without the tokens that `keep` does not want as the service shows them.
    ///
    /// # Errors
    /// As [`TokenPages::next_page`].
    pub(super) async fn next_page_of(
        &mut self,
        keep: impl Fn(&Value) -> bool,
    ) -> Result<Option<Vec<ApiToken>>, C::Error> {
        if self.next == Next::End {
            return Ok(None);
        }
        let url = self.url()?;
        let request = Request::get(url.clone()).handing_out(self.listed_keys());
        let answer = self.service.exchange_json(request).await?;
        let items = self.items(&answer)?;
        let tokens = self.tokens(items)?;
        self.next = self.following(&url, &answer, tokens.len() as u64)?;
        let is_linked = matches!(self.call.paging, Some(Paging::NextLink { .. }));
        let first = tokens.first().and_then(|token| token.id.as_ref());
        let wrong = self.progress.note(is_linked.then_some(&url), first);
        // What ends here ended in time, whatever it was.
        if let Some(wrong) = wrong.filter(|_| self.next != Next::End) {
            return Err(self.service.malformed(wrong).into());
        }
        // What the service filters is looked at again where its answer tells.
        let of_kind = |token: &ApiToken| {
            self.kind.is_none() || token.kind.is_none() || token.kind == self.kind
        };
        let kept = items.iter().zip(tokens);
        let kept = kept.filter(|(item, token)| of_kind(token) && keep(item));
        Ok(Some(kept.map(|(_, token)| token).collect()))
    }

    /// Where the list shows keys that are compared and not shown.
    fn listed_keys(&self) -> Vec<String> {
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

    fn items<'v>(&self, answer: &'v Value) -> Result<&'v [Value], ServiceError> {
        let mut places = self.call.items.iter();
        let items = places.find_map(|place| place.of(answer)?.as_array());
        let items = items.ok_or_else(|| self.service.malformed("no list of tokens"))?;
        Ok(items)
    }

    fn tokens(&self, items: &[Value]) -> Result<Vec<ApiToken>, ServiceError> {
        let fields = &self.service.descriptor.tokens.fields;
        let tokens: Vec<ApiToken> = items
            .iter()
            .map(|item| facts::token(fields, item))
            .collect();
        if tokens.iter().any(|token| token.id.is_none()) {
            return Err(self.service.malformed("a token without an id"));
        }
        Ok(tokens)
    }

    fn url(&self) -> Result<Url, ServiceError> {
        Ok(match &self.next {
            Next::Link(url) => url.clone(),
            Next::After { tokens, pages } => {
                let mut url = self.service.base.join(&self.call.call.path(None))?;
                if let (Some(name), Some(kind)) = (&self.call.permanent, self.kind) {
                    url.query_pairs_mut().append_pair(name, kind.as_filter());
                }
                for (name, value) in self.parameters(*tokens, *pages) {
                    url.query_pairs_mut().append_pair(name, &value.to_string());
                }
                url
            }
            Next::End => self.service.base.join("/")?,
        })
    }

    fn parameters(&self, tokens: u64, pages: u64) -> Vec<(&str, u64)> {
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

    fn following(&self, url: &Url, answer: &Value, got: u64) -> Result<Next, ServiceError> {
        let (tokens, pages) = match self.next {
            Next::After { tokens, pages } => (tokens + got, pages + 1),
            Next::Link(_) | Next::End => (got, 1),
        };
        let goes_on = match &self.call.paging {
            None => false,
            Some(Paging::NextLink { next }) => return self.linked(url, next.text(answer)),
            Some(Paging::Offset { size, .. }) => got >= u64::from(*size),
            Some(Paging::Page { more, .. }) => {
                got > 0 && more.of(answer).and_then(Value::as_bool) == Some(true)
            }
        };
        Ok(if goes_on {
            Next::After { tokens, pages }
        } else {
            Next::End
        })
    }

    /// The link may be relative to the page it stands on (RFC 3986 §5.1.3).
    fn linked(&self, page: &Url, link: Option<String>) -> Result<Next, ServiceError> {
        let Some(link) = link.filter(|link| !link.is_empty()) else {
            return Ok(Next::End);
        };
        let mut url = page
            .join(&link)
            .map_err(|_| self.service.malformed("a next page that is no URL"))?;
        url.set_fragment(None);
        Ok(Next::Link(url))
    }
}
