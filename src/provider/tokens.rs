//! The part of a description with the calls that create, list, change and revoke API tokens.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    ActiveField, CallHeaders, CreateArgument, CreateBody, CreateLimits, Encoding, HttpCall,
    IdFormat, Paging, Pointers, RequestBody, RequestNeed, RequestTemplate, ResponseField,
    RevokeCall, Template,
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
    /// Activates one, for services with a call of its own.
    pub enable: Option<RevokeCall>,
    /// Deactivates one, for services with a call of its own.
    pub disable: Option<RevokeCall>,
    pub revoke: Option<RevokeCall>,
    /// Replaces one, after which its key is invalid.
    pub rotate: Option<RotateCall>,
    pub revoke_many: Option<RevokeManyCall>,
    /// Revokes the token that the request is sent with.
    pub revoke_self: Option<RevokeCall>,
    pub fields: TokenFields,
    /// The rights that requests need.
    pub needs: Vec<RequestNeed>,
    /// Further kinds of token, by their names. These calls are about the unnamed kind.
    pub kinds: BTreeMap<String, TokenCalls>,
    /// The kind that a command selected.
    #[serde(skip)]
    pub kind: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateCall {
    pub call: HttpCall,
    #[serde(default)]
    headers: CallHeaders,
    /// The encoding of `body`.
    #[serde(default)]
    encoding: Encoding,
    body: Option<CreateBody>,
    json: Option<Template>,
    form: Option<Template>,
    /// No two tokens can have the same name, so that a rotation creates `NAME (2)`.
    #[serde(default)]
    pub unique_names: bool,
    /// The service also lists the scopes that the requested ones imply, so that more scopes than requested are no deviation.
    #[serde(default)]
    pub implied_scopes: bool,
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
    pub fn request(&self) -> RequestTemplate<'_> {
        let named = self.body.as_ref();
        let named = named.map(|body| (self.encoding, &body.0));
        let body = RequestBody::choose(self.json.as_ref(), self.form.as_ref(), named);
        RequestTemplate::new(&self.call, body).with_headers(&self.headers)
    }

    /// Returns the request for a token of a space.
    pub fn space_request(&self) -> Option<RequestTemplate<'_>> {
        let call = self.space.as_ref()?;
        Some(RequestTemplate {
            call,
            ..self.request()
        })
    }

    /// Returns `true` if the request has the argument.
    pub fn takes(&self, argument: CreateArgument) -> bool {
        let placeholders = self.request().placeholders();
        let mut arguments = placeholders.filter_map(CreateArgument::of);
        arguments.any(|taken| taken == argument)
    }

    /// Returns `true` if the request cannot express a lifetime that is not whole days.
    pub fn needs_whole_days(&self) -> bool {
        self.request().needs_whole_days()
    }
}

/// Replaces a token by a new one with the same facts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RotateCall {
    call: HttpCall,
    #[serde(default)]
    headers: CallHeaders,
    json: Option<Template>,
    form: Option<Template>,
    /// The new token in the response.
    #[serde(default)]
    pub token: Pointers,
    /// Its secret in the response.
    pub secret: Pointers,
}

impl RotateCall {
    pub fn request(&self) -> RequestTemplate<'_> {
        let body = RequestBody::choose(self.json.as_ref(), self.form.as_ref(), None);
        RequestTemplate::new(&self.call, body).with_headers(&self.headers)
    }

    /// Returns `true` if the request cannot express a lifetime that is not whole days.
    pub fn needs_whole_days(&self) -> bool {
        self.request().needs_whole_days()
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
    call: HttpCall,
    #[serde(default)]
    headers: CallHeaders,
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
    pub fn request(&self) -> RequestTemplate<'_> {
        let named = self.active.as_ref();
        let named = named.map(|field| (self.encoding, &field.0));
        let body = RequestBody::choose(self.json.as_ref(), self.form.as_ref(), named);
        RequestTemplate::new(&self.call, body).with_headers(&self.headers)
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
    pub id: Option<ResponseField>,
    /// The id is the secret of the token. It is shown in part, and never accepted as an argument.
    pub id_is_secret: bool,
    pub name: Option<ResponseField>,
    pub created_at: Option<ResponseField>,
    pub expires_at: Option<ResponseField>,
    pub active: Option<ResponseField>,
    /// The opposite of `active`, for services that report that instead.
    pub revoked: Option<ResponseField>,
    pub permissions: Option<ResponseField>,
    pub scopes: Option<ResponseField>,
    pub prefix: Option<ResponseField>,
    /// The key, or its first or last characters with dots for the rest.
    pub key: Option<ResponseField>,
    pub last_used_at: Option<ResponseField>,
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
