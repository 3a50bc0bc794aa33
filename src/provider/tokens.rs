//! How a service makes, lists, changes and revokes API tokens.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{CreateLimits, HttpCall, IdFormat, Pointer, Pointers};
use crate::domain::CredentialKind;

/// The token calls that a service documents; what is absent is refused without a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TokenCalls {
    /// The kind of credential that these calls are documented with, where it is not just any: named when another one
    /// is refused.
    pub credential: Option<CredentialKind>,
    /// What ids look like, where that is documented; anything else in place of an id is refused.
    pub id_form: Option<IdFormat>,
    /// Makes one.
    pub create: Option<CreateCall>,
    /// Lists them.
    pub list: Option<ListCall>,
    /// Shows one, by its id.
    pub get: Option<GetCall>,
    /// Switches one on or off, by its id.
    pub update: Option<UpdateCall>,
    /// Ends one, by its id.
    pub revoke: Option<HttpCall>,
    /// Ends many at once.
    pub revoke_many: Option<RevokeManyCall>,
    /// Where a token's facts stand.
    pub fields: TokenFields,
}

/// The verbs, as a user names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the subcommand of that name")]
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

    /// The subcommand's name.
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
    /// Whether the service documents what `verb` needs. A rotation needs the old token's facts, too.
    pub fn supports(&self, verb: TokenVerb) -> bool {
        match verb {
            TokenVerb::Create => self.create.is_some(),
            TokenVerb::List => self.list.is_some(),
            TokenVerb::Get => self.get.is_some(),
            TokenVerb::Update => self.update.is_some(),
            TokenVerb::Revoke => self.revoke.is_some(),
            TokenVerb::RevokeMany => self.revoke_many.is_some(),
            TokenVerb::Rotate => {
                let shows = self.get.is_some() || self.list.is_some();
                self.create.is_some() && self.revoke.is_some() && shows
            }
        }
    }

    /// The names of the verbs that the service documents.
    pub fn supported_verbs(&self) -> Vec<&'static str> {
        let offered = TokenVerb::ALL.iter().filter(|verb| self.supports(**verb));
        offered.map(|verb| verb.name()).collect()
    }
}

/// How a request's body is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// `application/json`.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

/// What `token create` can say about the token it wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreateArgument {
    /// The name.
    Name,
    /// `--permanent` or `--temporary`, as a boolean.
    Permanent,
    /// Each `--permission`.
    Permissions,
    /// Each `--scope`.
    Scopes,
    /// `--expires-in`, in whole days.
    ExpiresInDays,
}

/// The call that makes a token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateCall {
    /// Method and path.
    pub call: HttpCall,
    /// How the body is written.
    #[serde(default)]
    pub encoding: Encoding,
    /// The body's fields: what the service calls them, and what goes in.
    pub body: BTreeMap<String, CreateArgument>,
    /// The same for a token of a space: `--space ID`.
    pub space: Option<HttpCall>,
    /// What the fields may hold; checked before anything is sent.
    #[serde(default)]
    pub limits: CreateLimits,
    /// Where the token's facts stand in the answer.
    #[serde(default)]
    pub token: Pointers,
    /// Where its secret stands in the answer.
    pub secret: Pointers,
}

/// The call that shows one token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetCall {
    /// Method and path.
    pub call: HttpCall,
    /// Where the token's facts stand in the answer.
    #[serde(default)]
    pub token: Pointers,
}

/// The call that switches a token on or off.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateCall {
    /// Method and path.
    pub call: HttpCall,
    /// How the body is written.
    #[serde(default)]
    pub encoding: Encoding,
    /// The field that says whether it is to be active.
    pub active: String,
    /// Where the token's facts stand in the answer, if it has one.
    #[serde(default)]
    pub token: Pointers,
}

/// The call that ends many tokens at once: without its parameter all, the one in use too.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokeManyCall {
    /// Method and path.
    pub call: HttpCall,
    /// The parameter that says which: `true` the permanent ones, `false` the temporary ones.
    pub permanent: String,
}

/// The call that lists tokens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListCall {
    /// Method and path.
    pub call: HttpCall,
    /// Where the list may stand in the answer; the first place that holds an array counts.
    pub items: Vec<Pointer>,
    /// How further pages are asked for; absent where the whole list comes at once.
    pub paging: Option<Paging>,
    /// The parameter that picks by kind: `true` the permanent ones, `false` the temporary ones. Never sent empty.
    pub permanent: Option<String>,
}

/// How a list goes on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, tag = "style", rename_all = "snake_case")]
pub enum Paging {
    /// The answer holds the next page's URL.
    NextLink {
        /// Where it stands.
        next: Pointer,
    },
    /// The request says how many, and from where; a short page is the last.
    Offset {
        /// The parameter that says how many.
        limit: String,
        /// The parameter that says from where.
        offset: String,
        /// How many a page holds.
        size: u32,
    },
    /// The request says which page.
    Page {
        /// The parameter that says which, from 1.
        page: String,
        /// The parameter that says how many a page holds.
        limit: String,
        /// How many a page holds.
        size: u32,
        /// Where the answer says whether more come.
        more: Pointers,
    },
}

/// Where a token's facts stand in its JSON object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(
    missing_docs,
    reason = "each is the fact of that name in domain::ApiToken"
)]
pub struct TokenFields {
    pub id: Option<Pointer>,
    pub name: Option<Pointer>,
    pub created_at: Option<Pointer>,
    pub expires_at: Option<Pointer>,
    pub active: Option<Pointer>,
    /// The opposite of `active`, for services that say it that way round.
    pub revoked: Option<Pointer>,
    pub permissions: Option<Pointer>,
    pub scopes: Option<Pointer>,
    pub prefix: Option<Pointer>,
    /// The key itself, or its beginning or end with dots for the rest.
    pub key: Option<Pointer>,
    pub last_used_at: Option<Pointer>,
    /// How to tell that a token is active where neither of the two above does.
    pub active_by: Option<ActiveRule>,
    /// How to tell a permanent token from a temporary one, for services that know the two.
    pub kind: Option<KindRule>,
}

/// How it shows that a token is active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActiveRule {
    /// Revoking removes a token, so one that is shown was not revoked.
    Presence,
}

/// How a token's kind shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KindRule {
    /// Without an end it is permanent.
    ByExpiry,
}
