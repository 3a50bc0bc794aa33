//! A list of tokens, one page at a time, so that memory stays flat however long it is.

use serde_json::Value;
use url::Url;

use super::{Channel, Service, ServiceError, facts};
use crate::domain::ApiToken;
use crate::http::Request;
use crate::provider::{ListCall, Paging};

/// The pages still to come.
#[derive(Debug)]
pub struct TokenPages<'a, C> {
    service: &'a Service<'a, C>,
    call: &'a ListCall,
    next: Next,
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
    pub(super) fn new(service: &'a Service<'a, C>, call: &'a ListCall) -> Self {
        Self {
            service,
            call,
            next: Next::After {
                tokens: 0,
                pages: 0,
            },
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
        if self.next == Next::End {
            return Ok(None);
        }
        let answer = self.service.exchange_json(self.request()?).await?;
        let items = self
            .call
            .items
            .iter()
            .find_map(|place| place.of(&answer)?.as_array());
        let items = items.ok_or_else(|| self.service.malformed("no list of tokens"))?;
        let fields = &self.service.descriptor.tokens.fields;
        let tokens: Option<Vec<ApiToken>> = items
            .iter()
            .map(|item| facts::token(fields, item))
            .collect();
        let tokens = tokens.ok_or_else(|| self.service.malformed("a token without an id"))?;
        self.next = self.following(&answer, tokens.len() as u64)?;
        Ok(Some(tokens))
    }

    fn request(&self) -> Result<Request, ServiceError> {
        let url = match &self.next {
            Next::Link(url) => url.clone(),
            Next::After { tokens, pages } => {
                let mut url = self.service.base.join(&self.call.call.path(None))?;
                for (name, value) in self.parameters(*tokens, *pages) {
                    url.query_pairs_mut().append_pair(name, &value.to_string());
                }
                url
            }
            Next::End => self.service.base.join("/")?,
        };
        Ok(Request::get(url))
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

    fn following(&self, answer: &Value, got: u64) -> Result<Next, ServiceError> {
        let (tokens, pages) = match self.next {
            Next::After { tokens, pages } => (tokens + got, pages + 1),
            Next::Link(_) | Next::End => (got, 1),
        };
        let goes_on = match &self.call.paging {
            None => false,
            Some(Paging::NextLink { next }) => return self.linked(next.text(answer)),
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

    /// A link that leads back to itself would never end.
    fn linked(&self, link: Option<String>) -> Result<Next, ServiceError> {
        let Some(link) = link else {
            return Ok(Next::End);
        };
        let base = self.service.base.join("/")?;
        let url = base
            .join(&link)
            .map_err(|_| self.service.malformed("a next page that is no URL"))?;
        if self.next == Next::Link(url.clone()) {
            return Err(self
                .service
                .malformed("a next page that leads back to itself"));
        }
        Ok(Next::Link(url))
    }
}
