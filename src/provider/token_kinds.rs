//! Several kinds of token in one service, such as personal and project tokens, each with calls of its own. A command uses
//! the calls of one kind. The ids of a named kind are shown as `KIND:ID`, because another kind may have the same ids.

use super::{Descriptor, Parameter, TokenCalls, TokenVerb};
use crate::domain::TokenId;

/// The values of `token list --kind` that every service has.
const LIFETIME_KINDS: [&str; 2] = ["permanent", "temporary"];

impl TokenCalls {
    /// Returns `true` for a name that an option and the beginning of an id can have.
    pub(super) fn is_valid_kind_name(name: &str) -> bool {
        Parameter::is_valid_name(name) && !LIFETIME_KINDS.contains(&name)
    }

    /// Returns the kind that the text `KIND:ID` begins with.
    pub fn kind_in<'t>(&self, text: &'t str) -> Option<&'t str> {
        let (kind, _) = text.split_once(':')?;
        self.kinds.contains_key(kind).then_some(kind)
    }

    /// Returns the id as the service has it.
    pub fn local_id<'t>(&self, id: &'t str) -> &'t str {
        let without_kind = || {
            let rest = id.strip_prefix(self.kind.as_deref()?)?;
            rest.strip_prefix(':')
        };
        without_kind().unwrap_or(id)
    }

    /// Returns the id of the service as it is shown.
    pub fn shown_id(&self, id: &str) -> TokenId {
        match &self.kind {
            Some(kind) => TokenId::new(format!("{kind}:{}", self.local_id(id))),
            None => TokenId::new(id),
        }
    }
}

impl Descriptor {
    /// Returns the description with the calls of one kind; `None` if there is no such kind.
    pub fn with_token_kind(&self, name: &str) -> Option<Self> {
        let calls = self.tokens.kinds.get(name)?.clone();
        Some(Self {
            tokens: TokenCalls {
                kind: Some(name.to_owned()),
                ..calls
            },
            ..self.clone()
        })
    }

    pub fn kinds_supporting(&self, verb: TokenVerb) -> Vec<String> {
        let kinds = self.tokens.kinds.keys();
        let supporting = kinds.filter(|name| {
            let described = self.with_token_kind(name);
            described.is_some_and(|described| described.supports(verb))
        });
        supporting.cloned().collect()
    }
}
