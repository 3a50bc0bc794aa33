//! Reads a list of tokens page by page, so that memory stays flat however long the list is. A list that never ends is an
//! error.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher as _};

use serde_json::Value;
use url::Url;

use super::call_values::CallValues;
use super::next_page::{NextPage, Page, Position};
use super::{ApiTransport, Service, ServiceError, token_json};
use crate::domain::{ApiToken, TokenId, TokenKind};
use crate::http::Request;
use crate::provider::{ListCall, Paging, Pointer, ResponseField};

/// More pages than any list has: at 20 tokens a page, 200,000 tokens.
const MAX_PAGES: u64 = 10_000;

/// More consecutive pages without a token than any list has. A few are normal: some services filter after they paginate.
const MAX_EMPTY_PAGES: u32 = 10;

/// An item of a list, with its id if that is the name of a member.
type Item<'v> = (Option<&'v String>, &'v Value);

/// The remaining pages of a list.
#[derive(Debug)]
pub struct TokenPages<'a, C> {
    service: &'a Service<'a, C>,
    call: &'a ListCall,
    kind: Option<TokenKind>,
    next: NextPage,
    progress: Progress,
}

/// Detects a list that never ends.
#[derive(Debug, Default)]
struct Progress {
    pages: u64,
    empty: u32,
    /// Hashes of the URLs and first tokens of the pages so far.
    visited: HashSet<u64>,
}

impl Progress {
    /// Records a page. Returns the reason if the list does not make progress.
    fn record(&mut self, url: &Url, first_id: Option<&TokenId>) -> Option<&'static str> {
        self.pages += 1;
        self.empty = if first_id.is_some() {
            0
        } else {
            self.empty + 1
        };
        let is_new_url = self.mark_visited(url);
        let is_new_token = first_id.is_none_or(|id| self.mark_visited(id));
        if !is_new_url || !is_new_token {
            return Some("a list whose pages repeat");
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
            next: NextPage::first(),
            progress: Progress::default(),
        }
    }

    /// Omits the first `count` tokens if the service can. Returns how many the caller still has to omit.
    pub fn skip(&mut self, count: u64) -> u64 {
        let is_by_offset = matches!(self.call.paging, Some(Paging::Offset { .. }));
        let is_exact = self.kind.is_none() || self.call.permanent.is_some();
        match &mut self.next {
            NextPage::At(Position { tokens, pages: 0 }) if is_by_offset && is_exact => {
                *tokens = count;
                0
            }
            _ => count,
        }
    }

    /// Returns `true` if there may be another page.
    pub fn has_more(&self) -> bool {
        self.next != NextPage::End
    }

    /// Returns the next page, or `None` after the last.
    ///
    /// # Errors
    /// Errors of the service or the transport; a response without a list, or a list that never ends.
    pub async fn next_page(&mut self) -> Result<Option<Vec<ApiToken>>, C::Error> {
        self.next_page_filtered(|_| true).await
    }

    /// As [`TokenPages::next_page`], without the tokens whose JSON does not satisfy `keep`.
    ///
    /// # Errors
    /// As [`TokenPages::next_page`].
    pub(super) async fn next_page_filtered(
        &mut self,
        is_wanted: impl Fn(&Value) -> bool,
    ) -> Result<Option<Vec<ApiToken>>, C::Error> {
        if self.next == NextPage::End {
            return Ok(None);
        }
        let url = self.page_url().await?;
        let request = self.service.add_fixed_headers(Request::get(url.clone()))?;
        let request = request.expect_secrets_at(self.key_pointers());
        let response = self.service.send_checked(request).await?;
        let body = self.service.require_json(&response)?;
        let items = self.find_items(&body)?;
        let tokens = self.parse_tokens(&items)?;
        let page = Page {
            url: &url,
            response: &response,
            body: &body,
            size: tokens.len() as u64,
        };
        let next = self.next.after(self.call, page);
        self.next = next.map_err(|what| self.service.malformed_at("tokens.list.paging", what))?;
        let first = tokens.first().and_then(|token| token.id.as_ref());
        let problem = self.progress.record(&url, first);
        // The last page ends the list, whatever it repeats.
        if let Some(problem) = problem.filter(|_| self.next != NextPage::End) {
            return Err(self.service.malformed_error(problem).into());
        }
        // Not every service applies the filter.
        let is_of_kind = |token: &ApiToken| {
            self.kind.is_none() || token.kind.is_none() || token.kind == self.kind
        };
        let wanted = items.iter().zip(tokens);
        let wanted = wanted.filter(|((_, item), token)| is_of_kind(token) && is_wanted(item));
        Ok(Some(wanted.map(|(_, token)| token).collect()))
    }

    /// Returns pointers to keys in the list, which are compared and never printed.
    fn key_pointers(&self) -> Vec<String> {
        let fields = &self.service.descriptor.tokens.fields;
        let id = fields.id.as_ref().filter(|_| !fields.id_is_secret);
        let printed = [id, fields.name.as_ref(), fields.prefix.as_ref()];
        let secret_id = fields.id.as_ref().filter(|_| fields.id_is_secret);
        let key = fields.key.as_ref();
        let key = key.filter(|key| !printed.contains(&Some(*key)));
        let keys: Vec<&Pointer> = key
            .into_iter()
            .chain(secret_id)
            .flat_map(ResponseField::pointers)
            .collect();
        let lists = self.call.items.iter();
        let pointers = lists.flat_map(|list| {
            let keys = keys.iter();
            keys.map(move |key| format!("{}/*{}", list.as_str(), key.as_str()))
        });
        pointers.collect()
    }

    /// Returns the items, each with its id if that is the name of a member.
    fn find_items<'v>(&self, body: &'v Value) -> Result<Vec<Item<'v>>, ServiceError> {
        let lists = self.call.items.iter();
        let lists = lists.filter_map(|pointer| pointer.find_in(body));
        let mut lists = lists.filter_map(|list| match list {
            Value::Array(items) => Some(items.iter().map(|item| (None, item)).collect()),
            Value::Object(members) if self.call.keyed_by_id => {
                let items = members.iter();
                Some(items.map(|(id, item)| (Some(id), item)).collect())
            }
            _ => None,
        });
        let items = lists.next();
        items.ok_or_else(|| self.no_list_error(body))
    }

    /// Returns the error for a response without a list. It names the member of the description, because a wrong pointer is more
    /// common than a wrong response.
    fn no_list_error(&self, body: &Value) -> ServiceError {
        let mut pointers = self.call.items.iter();
        let found = pointers.find_map(|pointer| Some((pointer.as_str(), pointer.find_in(body)?)));
        let problem = match found {
            Some((at, Value::Object(_))) => format!("\"{at}\" is an object"),
            Some((at, _)) => format!("\"{at}\" is not a list"),
            None => "nothing found".to_owned(),
        };
        let text = format!("no list of tokens (tokens.list.items: {problem})");
        self.service.malformed_at("tokens.list.items", text)
    }

    fn parse_tokens(&self, items: &[Item<'_>]) -> Result<Vec<ApiToken>, ServiceError> {
        let calls = &self.service.descriptor.tokens;
        let tokens = items.iter().map(|(id, item)| {
            let mut token = token_json::parse_token(calls, item);
            token.id = token
                .id
                .or_else(|| id.map(|id| token_json::token_id(calls, id)));
            token
        });
        let tokens: Vec<ApiToken> = tokens.collect();
        if tokens.iter().any(|token| token.id.is_none()) {
            return Err(self
                .service
                .malformed_at("tokens.fields.id", "a token without an id"));
        }
        Ok(tokens)
    }

    async fn page_url(&self) -> Result<Url, C::Error> {
        let request = self
            .service
            .request(&self.call.call, CallValues::default())
            .await?;
        let mut url = request.url().clone();
        if let (Some(name), Some(kind)) = (&self.call.permanent, self.kind) {
            url.query_pairs_mut().append_pair(name, kind.as_filter());
        }
        Ok(self.next.url(self.call, url))
    }
}
