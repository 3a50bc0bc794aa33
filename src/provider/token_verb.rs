//! The subcommands of `token`, and which of them a service supports.

use super::{CreateCall, Descriptor, RequestTemplate, RevokeCall, TokenCalls, UpdateCall};

/// The subcommands of `token`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenVerb {
    Create,
    List,
    Get,
    Update,
    Revoke,
    RevokeMany,
    Rotate,
}

impl TokenVerb {
    const ALL: [Self; 7] = [
        Self::Create,
        Self::List,
        Self::Get,
        Self::Update,
        Self::Revoke,
        Self::RevokeMany,
        Self::Rotate,
    ];

    /// Returns the words of the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::List => "list",
            Self::Get => "get",
            Self::Update => "update",
            Self::Revoke => "revoke",
            Self::RevokeMany => "revoke --temporary|--permanent|--all",
            Self::Rotate => "rotate",
        }
    }
}

impl TokenCalls {
    fn supports(&self, verb: TokenVerb) -> bool {
        match verb {
            TokenVerb::Create => self.create.is_some(),
            TokenVerb::List => self.list.is_some(),
            TokenVerb::Get => self.get.is_some(),
            TokenVerb::Update => {
                self.update.is_some() || self.enable.is_some() && self.disable.is_some()
            }
            TokenVerb::Revoke => self.revoke.is_some(),
            TokenVerb::RevokeMany => self.revoke_many.is_some(),
            TokenVerb::Rotate => {
                let has_both = self.create.is_some() && self.revoke.is_some();
                (has_both || self.rotate.is_some()) && self.list.is_some()
            }
        }
    }
}

impl Descriptor {
    /// Returns `true` if the service has all calls that `verb` requires. A rotation also finds the old token in the list,
    /// and verifies the new one by `whoami`.
    pub fn supports(&self, verb: TokenVerb) -> bool {
        // A journal cannot hold the id of a token if that is its secret.
        let can_verify = self.whoami.is_some() && !self.tokens.fields.id_is_secret;
        let has_proof = verb != TokenVerb::Rotate || can_verify;
        has_proof && self.tokens.supports(verb)
    }

    /// Returns the requests that `verb` sends to change tokens.
    pub fn requests_of(&self, verb: TokenVerb) -> Vec<RequestTemplate<'_>> {
        let tokens = &self.tokens;
        let create = tokens.create.as_ref().map(CreateCall::request);
        let revoke = tokens.revoke.as_ref().map(RevokeCall::request);
        let update = tokens.update.as_ref().map(UpdateCall::request);
        let enable = tokens.enable.as_ref().map(RevokeCall::request);
        let disable = tokens.disable.as_ref().map(RevokeCall::request);
        let requests = match verb {
            TokenVerb::Create => [create, None],
            TokenVerb::Update => [update.or(enable), disable],
            TokenVerb::Revoke => [revoke, None],
            TokenVerb::Rotate => match &tokens.rotate {
                Some(rotate) => [Some(rotate.request()), None],
                None => [create, revoke],
            },
            TokenVerb::List | TokenVerb::Get | TokenVerb::RevokeMany => [None, None],
        };
        requests.into_iter().flatten().collect()
    }

    pub fn supported_verbs(&self) -> Vec<&'static str> {
        let supported = TokenVerb::ALL.iter().filter(|verb| self.supports(**verb));
        supported.map(|verb| verb.name()).collect()
    }
}
