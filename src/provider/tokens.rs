//! The part of a description with the calls that create, list, change and revoke API tokens.

use serde::Deserialize;

use super::{
    ActiveField, CreateBody, CreateLimits, Descriptor, HttpCall, IdFormat, Paging, Place,
    Placeholder, Pointers, RequestBody, RevokeCall, Template,
};
use crate::domain::CredentialKind;

/// A call that is missing here is rejected without a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TokenCalls {
    /// The kind of credential that these calls require, if not any: mentioned when another kind is rejected.
    pub credential: Option<CredentialKind>,
    /// Any other text in place of an id is rejected.
    pub id_form: Option<IdFormat>,
    pub create: Option<CreateCall>,
    pub list: Option<ListCall>,
    pub get: Option<GetCall>,
    /// Activates or deactivates one.
    pub update: Option<UpdateCall>,
    pub revoke: Option<RevokeCall>,
    pub revoke_many: Option<RevokeManyCall>,
    pub fields: TokenFields,
}

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
            TokenVerb::Update => self.update.is_some(),
            TokenVerb::Revoke => self.revoke.is_some(),
            TokenVerb::RevokeMany => self.revoke_many.is_some(),
            TokenVerb::Rotate => {
                self.create.is_some() && self.revoke.is_some() && self.list.is_some()
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

    pub fn supported_verbs(&self) -> Vec<&'static str> {
        let supported = TokenVerb::ALL.iter().filter(|verb| self.supports(**verb));
        supported.map(|verb| verb.name()).collect()
    }
}

/// The encoding of a request body.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// `application/json`.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

/// The value of a field in the create request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CreateArgument {
    Name,
    /// `--permanent` or `--temporary`, as a boolean.
    Permanent,
    /// Each `--permission`.
    Permissions,
    /// Each `--scope`.
    Scopes,
    /// `--expires-in`.
    #[serde(rename = "expires_in_days")]
    Expiry,
}

impl CreateArgument {
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::Permanent,
        Self::Permissions,
        Self::Scopes,
        Self::Expiry,
    ];

    /// Returns the name for messages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Permanent => "kind",
            Self::Permissions => "list of permissions",
            Self::Scopes => "list of scopes",
            Self::Expiry => "lifetime",
        }
    }

    /// Returns the argument of the placeholder.
    pub fn of(placeholder: &Placeholder) -> Option<Self> {
        match placeholder {
            Placeholder::Name => Some(Self::Name),
            Placeholder::Permanent => Some(Self::Permanent),
            Placeholder::Permissions => Some(Self::Permissions),
            Placeholder::Scopes => Some(Self::Scopes),
            Placeholder::Expires(_) => Some(Self::Expiry),
            Placeholder::Id
            | Placeholder::Active
            | Placeholder::Username
            | Placeholder::Password
            | Placeholder::RefreshToken
            | Placeholder::Parameter(_) => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateCall {
    pub call: HttpCall,
    /// The encoding of `body`.
    #[serde(default)]
    encoding: Encoding,
    body: Option<CreateBody>,
    json: Option<Template>,
    form: Option<Template>,
    /// No two tokens can have the same name, so that a rotation creates `NAME (2)`.
    #[serde(default)]
    pub unique_names: bool,
    /// The same call for a token of a space: `--space ID`.
    pub space: Option<HttpCall>,
    #[serde(default)]
    pub limits: CreateLimits,
    /// The new token in the response.
    #[serde(default)]
    pub token: Pointers,
    /// Its secret in the response.
    pub secret: Pointers,
}

impl CreateCall {
    /// Returns the body of the request.
    pub fn body(&self) -> Option<RequestBody<'_>> {
        let named = self.body.as_ref();
        let named = named.map(|body| (self.encoding, &body.0));
        RequestBody::choose(self.json.as_ref(), self.form.as_ref(), named)
    }

    /// Returns the placeholders of the path and the body.
    pub fn placeholders(&self) -> Vec<&Placeholder> {
        let body = self.body().map(|body| body.template.placeholders());
        let body = body.into_iter().flatten();
        self.call.placeholders().chain(body).collect()
    }

    /// Returns `true` if the request has the argument.
    pub fn takes(&self, argument: CreateArgument) -> bool {
        let placeholders = self.placeholders();
        let mut arguments = placeholders.into_iter().filter_map(CreateArgument::of);
        arguments.any(|taken| taken == argument)
    }

    /// Returns `true` if the request cannot express a lifetime that is not whole days.
    pub fn needs_whole_days(&self) -> bool {
        let placeholders = self.placeholders();
        let mut placeholders = placeholders.into_iter();
        placeholders.any(|it| matches!(it, Placeholder::Expires(form) if form.is_whole_days()))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GetCall {
    pub call: HttpCall,
    /// The token in the response.
    #[serde(default)]
    pub token: Pointers,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateCall {
    pub call: HttpCall,
    /// The encoding of `active`.
    #[serde(default)]
    encoding: Encoding,
    /// The boolean field of the request.
    active: Option<ActiveField>,
    json: Option<Template>,
    form: Option<Template>,
    /// The token in the response, if it has one.
    #[serde(default)]
    pub token: Pointers,
}

impl UpdateCall {
    /// Returns the body of the request.
    pub fn body(&self) -> Option<RequestBody<'_>> {
        let named = self.active.as_ref();
        let named = named.map(|field| (self.encoding, &field.0));
        RequestBody::choose(self.json.as_ref(), self.form.as_ref(), named)
    }
}

/// Revokes all tokens of a kind; without its parameter all tokens, including the one in use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeManyCall {
    pub call: HttpCall,
    /// The parameter that selects the kind: `true` for permanent tokens, `false` for temporary ones.
    pub permanent: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListCall {
    pub call: HttpCall,
    /// The list in the response; the first pointer that leads to a list wins.
    pub items: Pointers,
    /// The list is an object whose member names are the ids.
    #[serde(default)]
    pub keyed_by_id: bool,
    /// Omitted if the response has the whole list.
    pub paging: Option<Paging>,
    /// The parameter that selects a kind: `true` for permanent tokens, `false` for temporary ones. Never sent empty.
    pub permanent: Option<String>,
}

/// Where the facts of [`ApiToken`](crate::domain::ApiToken) are in the JSON object of a token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct TokenFields {
    pub id: Option<Place>,
    /// The id is the secret of the token. It is shown in part, and never accepted as an argument.
    pub id_is_secret: bool,
    pub name: Option<Place>,
    pub created_at: Option<Place>,
    pub expires_at: Option<Place>,
    pub active: Option<Place>,
    /// The opposite of `active`, for services that report that instead.
    pub revoked: Option<Place>,
    pub permissions: Option<Place>,
    pub scopes: Option<Place>,
    pub prefix: Option<Place>,
    /// The key, or its first or last characters with dots for the rest.
    pub key: Option<Place>,
    pub last_used_at: Option<Place>,
    /// For services that report neither `active` nor `revoked`.
    pub active_by: Option<ActiveRule>,
    /// For services that distinguish permanent tokens from temporary ones.
    pub kind: Option<KindRule>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ActiveRule {
    /// Every token in the list is active: revoking removes it.
    Presence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum KindRule {
    /// A token without an expiry is permanent.
    ByExpiry,
}
