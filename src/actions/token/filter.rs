//! Selects listed tokens by their name, state and expiry.

use jiff::SignedDuration;

use crate::actions::{Context, SortOrder};
use crate::domain::{ApiToken, Glob, TokenFact, TokenKind, TokenState, token_state};
use crate::provider::{Descriptor, TokenFields};
use crate::service::ServiceError;

/// A state that `token list --state` selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateFilter {
    /// Including the tokens that expire soon.
    Active,
    ExpiresSoon,
    Inactive,
    Expired,
    Revoked,
}

impl StateFilter {
    pub const ALL: [Self; 5] = [
        Self::Active,
        Self::ExpiresSoon,
        Self::Inactive,
        Self::Expired,
        Self::Revoked,
    ];

    /// Returns the value of `--state`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::ExpiresSoon => "expires-soon",
            Self::Inactive => "inactive",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    fn selects(self, state: TokenState) -> bool {
        match self {
            Self::Active => matches!(state, TokenState::Active | TokenState::ExpiresSoon),
            Self::ExpiresSoon => state == TokenState::ExpiresSoon,
            Self::Inactive => state == TokenState::Inactive,
            Self::Expired => state == TokenState::Expired,
            Self::Revoked => state == TokenState::Revoked,
        }
    }

    fn is_reported(self, fields: &TokenFields) -> bool {
        let is_active_reported =
            fields.active.is_some() || fields.revoked.is_some() || fields.active_by.is_some();
        match self {
            Self::Active => is_active_reported,
            Self::ExpiresSoon | Self::Expired => fields.expires_at.is_some(),
            Self::Inactive => fields.active.is_some(),
            Self::Revoked => fields.revoked.is_some(),
        }
    }

    /// Returns what a service does not report that reports no tokens in this state.
    fn required_fact(self) -> &'static str {
        match self {
            Self::Active => "which tokens are active",
            Self::ExpiresSoon | Self::Expired => "when tokens expire",
            Self::Inactive => "which tokens are inactive",
            Self::Revoked => "which tokens are revoked",
        }
    }
}

/// Every filter applies.
#[derive(Debug, Clone, Default)]
pub struct ListOptions {
    /// `None` for one page, or for all pages with a filter or an order.
    pub limit: Option<usize>,
    /// The number of selected tokens to omit.
    pub offset: usize,
    pub all: bool,
    pub kind: Option<TokenKind>,
    /// Only tokens that expire within this time.
    pub expires_within: Option<SignedDuration>,
    pub name: Option<Glob>,
    /// Only tokens in one of these states, unless it is empty.
    pub states: Vec<StateFilter>,
    pub sort: Option<SortOrder>,
}

impl ListOptions {
    pub(super) fn reads_all_pages(&self) -> bool {
        self.all || self.sort.is_some() || (self.limit.is_none() && self.has_filter())
    }

    /// Returns true if tokens are selected by more than their kind, which a service may do itself.
    pub fn has_filter(&self) -> bool {
        self.name.is_some() || !self.states.is_empty() || self.expires_within.is_some()
    }
}

/// Fails if the service does not report what the filters of `options` require.
///
/// # Errors
/// [`ServiceError::UnreportedFact`]: an empty list would be taken for the absence of such tokens.
pub(super) fn check_filters(
    descriptor: &Descriptor,
    options: &ListOptions,
) -> Result<(), ServiceError> {
    let fields = &descriptor.tokens.fields;
    let unreported = |fact, option: String, instead| ServiceError::UnreportedFact {
        service: descriptor.name.clone(),
        fact,
        option,
        instead,
    };
    if options.name.is_some() && fields.name.is_none() {
        let option = "--name".to_owned();
        return Err(unreported("the names of tokens", option, None));
    }
    if options.expires_within.is_some() && fields.expires_at.is_none() {
        let option = "--expires-within".to_owned();
        return Err(unreported("when tokens expire", option, None));
    }
    let missing = options
        .states
        .iter()
        .find(|state| !state.is_reported(fields));
    missing.map_or(Ok(()), |state| {
        let has_inactive =
            *state == StateFilter::Revoked && StateFilter::Inactive.is_reported(fields);
        let option = format!("--state {}", state.name());
        let instead = has_inactive.then_some("--state inactive");
        Err(unreported(state.required_fact(), option, instead))
    })
}

/// Returns true if every filter of `options` selects `token`. Reports once that tokens were omitted because a fact is
/// unknown.
pub(super) fn is_selected(context: &Context, token: &ApiToken, options: &ListOptions) -> bool {
    let has_name = |glob: &Glob| {
        let name = token.name.as_deref();
        name.is_some_and(|name| glob.matches(name))
    };
    options.name.as_ref().is_none_or(has_name)
        && is_in_state(context, token, options)
        && expires_within(context, token, options)
}

fn is_in_state(context: &Context, token: &ApiToken, options: &ListOptions) -> bool {
    if options.states.is_empty() {
        return true;
    }
    let state = token_state(context.now(), token);
    if state == TokenState::Unknown {
        let text = "some tokens have an unknown state, and are omitted";
        context.warn_once("state", text.to_owned());
    }
    options.states.iter().any(|filter| filter.selects(state))
}

fn expires_within(context: &Context, token: &ApiToken, options: &ListOptions) -> bool {
    let Some(within) = options.expires_within else {
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
