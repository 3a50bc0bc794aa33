//! Lists API tokens page by page, with constant memory unless they are sorted.

use std::ops::ControlFlow;

use serde::Serialize;

use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::token::filter::{ListOptions, check_filters, is_selected};
use crate::actions::{ActionError, AuthenticatedClient, ProfileSession, Purpose, SortOrder};
use crate::domain::{ApiToken, ProfileName, ProviderId};
use crate::provider::TokenVerb;
use crate::service::{TokenPages, ensure_supported};
use crate::vault::SeenToken;

/// A longer list is not remembered for shell completion.
const MAX_REMEMBERED: usize = 500;

/// What a list left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ListSummary {
    /// The number of tokens that the filters were applied to.
    pub examined: usize,
    pub has_more: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct TokenList {
    pub profile: ProfileName,
    pub provider: ProviderId,
    pub tokens: Vec<ApiToken>,
    #[serde(skip)]
    pub has_more: bool,
}

impl ProfileSession<'_> {
    /// Lists tokens until there are enough.
    ///
    /// # Errors
    /// Errors of the service, the network or the disk.
    pub async fn list_tokens(self, options: &ListOptions) -> Result<TokenList, ActionError> {
        let mut tokens = Vec::new();
        let mut keep = |page: Vec<ApiToken>| {
            tokens.extend(page);
            ControlFlow::Continue(())
        };
        let summary = self.stream_tokens(options, &mut keep).await?;
        Ok(TokenList {
            profile: self.target.name.clone(),
            provider: self.target.descriptor.id.clone(),
            tokens,
            has_more: summary.has_more,
        })
    }

    /// Passes each page to `take` until there are enough tokens or it breaks; with an order, all tokens at once.
    ///
    /// # Errors
    /// `UNSUPPORTED` if the service does not report what a filter requires; errors of the service, the network or the
    /// disk. Earlier pages were passed already.
    pub async fn stream_tokens(
        self,
        options: &ListOptions,
        take: &mut dyn FnMut(Vec<ApiToken>) -> ControlFlow<()>,
    ) -> Result<ListSummary, ActionError> {
        let (now, mut seen) = (self.context.now(), Vec::new());
        let mut take_and_remember = |page: Vec<ApiToken>| {
            if seen.len() < MAX_REMEMBERED {
                seen.extend(page.iter().filter_map(|token| SeenToken::new(token, now)));
            }
            take(page)
        };
        let summary = Box::pin(self.stream_selected(options, &mut take_and_remember)).await;
        self.remember_seen(&seen);
        summary
    }

    async fn stream_selected(
        self,
        options: &ListOptions,
        take: &mut dyn FnMut(Vec<ApiToken>) -> ControlFlow<()>,
    ) -> Result<ListSummary, ActionError> {
        let descriptor = &self.target.descriptor;
        ensure_supported(descriptor, TokenVerb::List)?;
        check_filters(descriptor, options)?;
        options
            .sort
            .map_or(Ok(()), |order| order.check(descriptor))?;
        let client = AuthenticatedClient::open(self, Purpose::Read)?;
        let service = client.service().await;
        let pages = service.token_pages(options.kind)?;
        let mut selection = Selection::new(self, options, pages);
        match options.sort {
            Some(order) => selection.take_sorted(order, take).await,
            None => selection.take_pages(take).await,
        }
    }
}

/// The part of the list that `options` select.
struct Selection<'a> {
    session: ProfileSession<'a>,
    options: &'a ListOptions,
    pages: TokenPages<'a, AuthenticatedClient<'a>>,
    to_skip: usize,
    remaining: usize,
    examined: usize,
}

impl<'a> Selection<'a> {
    fn new(
        session: ProfileSession<'a>,
        options: &'a ListOptions,
        mut pages: TokenPages<'a, AuthenticatedClient<'a>>,
    ) -> Self {
        let mut to_skip = options.offset;
        // The service counts tokens that a filter or an order of this program would move.
        if !options.has_filter() && options.sort.is_none() {
            let offset = u64::try_from(to_skip).unwrap_or(u64::MAX);
            to_skip = usize::try_from(pages.skip(offset)).unwrap_or(usize::MAX);
        }
        Self {
            session,
            options,
            pages,
            to_skip,
            remaining: options.limit.unwrap_or(usize::MAX),
            examined: 0,
        }
    }

    async fn take_pages(
        &mut self,
        take: &mut dyn FnMut(Vec<ApiToken>) -> ControlFlow<()>,
    ) -> Result<ListSummary, ActionError> {
        let mut taken = 0;
        // Without a limit one page is sufficient, unless the offset removed all of it.
        let wanted = self.options.limit.unwrap_or(1);
        while self.options.reads_all_pages() || taken < wanted {
            let Some(page) = self.next_page().await? else {
                return Ok(self.summary(false));
            };
            let (page, is_cut) = self.cut(page);
            taken += page.len();
            if take(page).is_break() || is_cut {
                return Ok(self.summary(true));
            }
        }
        Ok(self.summary(self.pages.has_more()))
    }

    async fn take_sorted(
        &mut self,
        order: SortOrder,
        take: &mut dyn FnMut(Vec<ApiToken>) -> ControlFlow<()>,
    ) -> Result<ListSummary, ActionError> {
        let mut all = Vec::new();
        while let Some(page) = self.next_page().await? {
            all.extend(page);
        }
        order.sort(&mut all, self.session.context.now());
        let (page, is_cut) = self.cut(all);
        let is_stopped = take(page).is_break();
        Ok(self.summary(is_cut || is_stopped))
    }

    /// Returns the selected tokens of the next page.
    async fn next_page(&mut self) -> Result<Option<Vec<ApiToken>>, ActionError> {
        let target = self.session.target;
        let page = self.pages.next_page().await;
        let page = page.map_err(|error| with_credential_hint(target, error))?;
        Ok(page.map(|mut page| {
            self.examined += page.len();
            page.retain(|token| is_selected(self.session.context, token, self.options));
            page
        }))
    }

    /// Applies the offset and the limit. Returns whether the limit removed a token.
    fn cut(&mut self, page: Vec<ApiToken>) -> (Vec<ApiToken>, bool) {
        let skipped = self.to_skip.min(page.len());
        self.to_skip -= skipped;
        let mut page: Vec<ApiToken> = page.into_iter().skip(skipped).collect();
        let is_cut = page.len() > self.remaining;
        page.truncate(self.remaining);
        self.remaining -= page.len();
        (page, is_cut)
    }

    fn summary(&self, has_more: bool) -> ListSummary {
        ListSummary {
            examined: self.examined,
            has_more,
        }
    }
}
