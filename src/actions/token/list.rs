//! Listing API tokens, page by page, so that memory stays flat however many there are.

use std::ops::ControlFlow;

use jiff::SignedDuration;
use serde::Serialize;

use crate::actions::token::tokens::with_credential_hint;
use crate::actions::{ActionError, AuthenticatedClient, Context, Purpose, Target};
use crate::domain::{ApiToken, ProfileName, ProviderId, TokenKind};
use crate::provider::TokenVerb;
use crate::service::ensure_supported;

/// Which tokens to list.
#[derive(Debug, Clone, Default)]
pub struct ListOptions {
    /// At most this many; `None` for one page.
    pub limit: Option<usize>,
    /// Leave out this many at the beginning.
    pub offset: usize,
    /// Every page.
    pub all: bool,
    /// Only those of this kind.
    pub kind: Option<TokenKind>,
    /// Only those that end within this time.
    pub expires_within: Option<SignedDuration>,
}

/// A list of tokens.
#[derive(Debug, Clone, Serialize)]
pub struct TokenList {
    /// The profile they belong to.
    pub profile: ProfileName,
    /// Its service.
    pub provider: ProviderId,
    /// The tokens.
    pub tokens: Vec<ApiToken>,
    /// Whether the service has more.
    #[serde(skip)]
    pub has_more: bool,
}

/// Lists tokens, page by page, until there are enough.
///
/// # Errors
/// Whatever the service, the network or the disk says.
pub async fn list_tokens(
    context: &Context,
    target: &Target,
    options: &ListOptions,
) -> Result<TokenList, ActionError> {
    let mut tokens = Vec::new();
    let mut keep = |page: Vec<ApiToken>| {
        tokens.extend(page);
        ControlFlow::Continue(())
    };
    let more = stream_tokens(context, target, options, &mut keep).await?;
    Ok(TokenList {
        profile: target.name.clone(),
        provider: target.descriptor.id.clone(),
        tokens,
        has_more: more,
    })
}

/// Hands each page's tokens to `take` as they come, until there are enough or it breaks; whether there are more.
///
/// # Errors
/// Whatever the service, the network or the disk says; what was handed on before stays so.
pub async fn stream_tokens(
    context: &Context,
    target: &Target,
    options: &ListOptions,
    take: &mut dyn FnMut(Vec<ApiToken>) -> ControlFlow<()>,
) -> Result<bool, ActionError> {
    ensure_supported(&target.descriptor, TokenVerb::List)?;
    let access = AuthenticatedClient::open(context, target, Purpose::Read)?;
    let service = access.service().await;
    let mut pages = service.token_pages(options.kind)?;
    let offset = u64::try_from(options.offset).unwrap_or(u64::MAX);
    let mut to_skip = usize::try_from(pages.skip(offset)).unwrap_or(usize::MAX);
    let mut room = options.limit.unwrap_or(usize::MAX);
    let mut taken = 0;
    // Without a limit one page is enough, but not one that the filters left nothing of.
    let wanted = options.limit.unwrap_or(1);
    while options.all || taken < wanted {
        let page = pages.next_page().await;
        let Some(page) = page.map_err(|error| with_credential_hint(target, error))? else {
            return Ok(false);
        };
        let skipped = to_skip.min(page.len());
        to_skip -= skipped;
        let mut page: Vec<ApiToken> = page.into_iter().skip(skipped).collect();
        page.retain(|token| expires_within(context, token, options.expires_within));
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

fn expires_within(context: &Context, token: &ApiToken, within: Option<SignedDuration>) -> bool {
    let Some(within) = within else {
        return true;
    };
    token
        .expires_at
        .is_some_and(|end| end.duration_since(context.now()) <= within)
}
