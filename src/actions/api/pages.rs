//! Reads a list page by page, and detects a list that never ends.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::time::Duration;

use serde_json::Value;
use serde_json::value::RawValue;
use tokio::time::sleep;
use url::Url;

use crate::actions::api::call::{ApiCall, check_redirect};
use crate::actions::{ActionError, ApiCallError, AuthenticatedClient};
use crate::domain::parse_json;
use crate::http::retry::{FIRST_DELAY, MAX_ATTEMPTS};
use crate::http::{Method, Request, RequestBody, Response};
use crate::provider::ListCall;
use crate::service::{ApiPage, find_items, first_page_url, next_page_url};

/// The limit for one page, in bytes.
const PAGE_LIMIT: usize = 16 * 1024 * 1024;

/// More consecutive pages without an item than any list has. A few are normal: some services filter after they paginate.
const MAX_EMPTY_PAGES: u32 = 10;

pub struct ApiPages<'a> {
    client: &'a AuthenticatedClient<'a>,
    request: Request,
    /// The page to read next; the one that failed after an error.
    next: Option<Url>,
    max_pages: u64,
    pages: u64,
    empty: u32,
    /// Hashes of the URLs so far, and of the last page.
    visited: HashSet<u64>,
    last_items: u64,
}

/// One page, with its items as the service sent them.
#[derive(Debug)]
pub struct ReceivedPage {
    response: Response,
    body: Box<RawValue>,
}

impl ReceivedPage {
    /// Returns the items.
    ///
    /// # Errors
    /// [`ApiCallError::NoItems`].
    pub fn items(&self, list: Option<&ListCall>) -> Result<Vec<&RawValue>, ApiCallError> {
        find_items(list, &self.body).ok_or(ApiCallError::NoItems)
    }
}

impl<'a> ApiPages<'a> {
    /// Starts at the URL of `call`, which may be any page of a list.
    ///
    /// # Errors
    /// [`ApiCallError::NotAList`] for another method than GET.
    pub fn new(
        client: &'a AuthenticatedClient<'a>,
        call: ApiCall,
        max_pages: u64,
    ) -> Result<Self, ApiCallError> {
        if *call.request.method() != Method::GET {
            return Err(ApiCallError::NotAList);
        }
        let list = client.session.target.descriptor.tokens.list.as_ref();
        Ok(Self {
            client,
            next: Some(first_page_url(list, call.request.url().clone())),
            request: call.request,
            max_pages,
            pages: 0,
            empty: 0,
            visited: HashSet::new(),
            last_items: 0,
        })
    }

    /// Returns the URL at which the list can be continued, after an error.
    pub fn resume_at(&self) -> Option<&Url> {
        self.next.as_ref()
    }

    /// Returns how the description of the service lists.
    pub fn list(&self) -> Option<&'a ListCall> {
        self.client.session.target.descriptor.tokens.list.as_ref()
    }

    /// Reads the next page; `Ok(None)` after the last.
    ///
    /// # Errors
    /// [`PageError`]; [`ApiPages::resume_at`] is then the page that failed.
    pub async fn next_page(&mut self) -> Result<Option<ReceivedPage>, PageError> {
        let Some(url) = self.next.clone() else {
            return Ok(None);
        };
        if self.pages >= self.max_pages {
            let limit = self.max_pages;
            return Err(ApiCallError::TooManyPages { limit }.into());
        }
        let response = self.read(url.clone()).await?;
        if !response.status.is_success() || self.client.is_error_response(&response) {
            return Err(PageError::Refused(Box::new(response)));
        }
        if self.pages == 0 {
            // A list counts as one use.
            self.client
                .record_request(&self.request, response.status)
                .await;
        }
        let body = parse_json(&response.body).map_err(|_| ApiCallError::NotJson)?;
        let page = ReceivedPage { response, body };
        self.next = self.find_next(&url, &page)?;
        self.pages += 1;
        Ok(Some(page))
    }

    fn find_next(&mut self, url: &Url, page: &ReceivedPage) -> Result<Option<Url>, ApiCallError> {
        let items = page.items(self.list())?;
        let size = items.len() as u64;
        let body: Value =
            serde_json::from_str(page.body.get()).map_err(|_| ApiCallError::NotJson)?;
        let as_page = ApiPage {
            url,
            response: &page.response,
            body: &body,
            size,
        };
        let next = next_page_url(self.list(), as_page).map_err(ApiCallError::MalformedPage)?;
        let texts: Vec<&str> = items.iter().map(|item| item.get()).collect();
        self.check_progress(url, &texts, next.is_some())?;
        Ok(next)
    }

    /// Fails for a page that repeats, unless it is the last.
    fn check_progress(
        &mut self,
        url: &Url,
        items: &[&str],
        has_more: bool,
    ) -> Result<(), ApiCallError> {
        let is_new_url = self.visited.insert(hash(url));
        let of_items = hash(&items);
        let repeats = !items.is_empty() && of_items == self.last_items;
        self.last_items = of_items;
        self.empty = if items.is_empty() { self.empty + 1 } else { 0 };
        let problem = if !is_new_url || repeats {
            "the pages of the list repeat"
        } else if self.empty >= MAX_EMPTY_PAGES && has_more {
            "one page without items follows another"
        } else {
            return Ok(());
        };
        Err(ApiCallError::MalformedPage(problem))
    }

    /// Reads a page, again if its body is lost on the way.
    async fn read(&self, url: Url) -> Result<Response, ActionError> {
        let request = self.request.clone().with_url(url);
        let mut delay = Duration::ZERO;
        for attempt in 1.. {
            sleep(delay).await;
            let opened = self
                .client
                .open_stream(&request, RequestBody::none())
                .await?;
            check_redirect(&request, &opened.head())?;
            match opened.buffer_up_to(PAGE_LIMIT).await {
                Err(error) if error.is_transient() && attempt < MAX_ATTEMPTS => {
                    delay = FIRST_DELAY * attempt;
                }
                other => return Ok(other?),
            }
        }
        Err(ApiCallError::NotJson.into())
    }
}

/// Why a page could not be read.
#[derive(Debug)]
pub enum PageError {
    /// The service responded with an error.
    Refused(Box<Response>),
    Failed(ActionError),
}

impl From<ActionError> for PageError {
    fn from(error: ActionError) -> Self {
        Self::Failed(error)
    }
}

impl From<ApiCallError> for PageError {
    fn from(error: ApiCallError) -> Self {
        Self::Failed(error.into())
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
