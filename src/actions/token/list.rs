//! Lists API tokens page by page, with constant memory.

use std::ops::ControlFlow;

use jiff::SignedDuration;
use serde::Serialize;

use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::{ActionError, AuthenticatedClient, Context, ProfileSession, Purpose};
use crate::domain::{ApiToken, ProfileName, ProviderId, TokenFact, TokenKind};
use crate::provider::TokenVerb;
use crate::service::ensure_supported;
use crate::vault::SeenToken;

/// A longer list is not remembered for shell completion.
const MAX_REMEMBERED: usize = 500;

#[derive(Debug, Clone, Default)]
pub struct ListOptions {
    /// `None` for one page.
    pub limit: Option<usize>,
    pub offset: usize,
    pub all: bool,
    pub kind: Option<TokenKind>,
    /// Only tokens that expire within this time.
    pub expires_within: Option<SignedDuration>,
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
        let more = self.stream_tokens(options, &mut keep).await?;
        Ok(TokenList {
            profile: self.target.name.clone(),
            provider: self.target.descriptor.id.clone(),
            tokens,
            has_more: more,
        })
    }

    /// Passes each page to `take` until there are enough tokens or it breaks. Returns whether there are more.
    ///
    /// # Errors
    /// Errors of the service, the network or the disk. Earlier pages were passed already.
    pub async fn stream_tokens(
        self,
        options: &ListOptions,
        take: &mut dyn FnMut(Vec<ApiToken>) -> ControlFlow<()>,
    ) -> Result<bool, ActionError> {
        let (now, mut seen) = (self.context.now(), Vec::new());
        let mut take_and_remember = |page: Vec<ApiToken>| {
            if seen.len() < MAX_REMEMBERED {
                seen.extend(page.iter().filter_map(|token| SeenToken::new(token, now)));
            }
            take(page)
        };
        let more = Box::pin(self.stream_pages(options, &mut take_and_remember)).await;
        self.remember_seen(&seen);
        more
    }

    async fn stream_pages(
        self,
        options: &ListOptions,
        take: &mut dyn FnMut(Vec<ApiToken>) -> ControlFlow<()>,
    ) -> Result<bool, ActionError> {
        ensure_supported(&self.target.descriptor, TokenVerb::List)?;
        let access = AuthenticatedClient::open(self, Purpose::Read)?;
        let service = access.service().await;
        let mut pages = service.token_pages(options.kind)?;
        let offset = u64::try_from(options.offset).unwrap_or(u64::MAX);
        let mut to_skip = usize::try_from(pages.skip(offset)).unwrap_or(usize::MAX);
        let mut room = options.limit.unwrap_or(usize::MAX);
        let mut taken = 0;
        // Without a limit one page is sufficient, unless the filters removed all of it.
        let wanted = options.limit.unwrap_or(1);
        while options.all || taken < wanted {
            let page = pages.next_page().await;
            let Some(page) = page.map_err(|error| with_credential_hint(self.target, error))? else {
                return Ok(false);
            };
            let skipped = to_skip.min(page.len());
            to_skip -= skipped;
            let mut page: Vec<ApiToken> = page.into_iter().skip(skipped).collect();
            page.retain(|token| expires_within(self.context, token, options.expires_within));
            let is_cut = page.len() > room;
            page.truncate(room);
            room -= page.len();
            taken += page.len();
            if take(page).is_break() || is_cut {
                return Ok(true);
            }
        }
        Ok(pages.has_more())
    }
}

fn expires_within(context: &Context, token: &ApiToken, within: Option<SignedDuration>) -> bool {
    let Some(within) = within else {
        return true;
    };
    if token.unreadable.contains(&TokenFact::Expiry) {
        let text = "some tokens have an expiry that cannot be read, and are omitted";
        context.warn_once("expiry", text.to_owned());
    }
    token
        .expires_at
        .is_some_and(|end| end.duration_since(context.now()) <= within)
}
