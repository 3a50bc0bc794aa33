//! The description of one service, as its TOML file has it. Unknown members are errors: a misspelled one would silently
//! change what the program does.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::{
    AccountCalls, Endpoint, ErrorMap, ExchangeCall, HeaderFormat, HeaderSpelling, Headers,
    HttpCall, KeyFormat, Parameter, Pointer, Pointers, RefreshCall, ServiceLogins, Source,
    TokenCalls,
};
use crate::domain::{BaseUrl, CredentialKind, ProviderId};

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Descriptor {
    /// Also the name of the file and of the service's default profile.
    pub id: ProviderId,
    /// The name in messages.
    pub name: String,
    /// What the description was written from.
    pub source: Option<Source>,
    /// Omitted if every profile has its own.
    pub api_url: Option<BaseUrl>,
    #[serde(default)]
    pub environment: EnvironmentNames,
    /// The header of each kind of credential.
    pub headers: Headers,
    /// The values of `{parameter:NAME}`.
    #[serde(default)]
    pub parameters: BTreeMap<String, Parameter>,
    pub workspace: Option<WorkspaceHeader>,
    pub key: Option<KeyFormat>,
    /// OAuth 2.0: device authorization and the browser login.
    pub oauth: Option<OAuth>,
    #[serde(default)]
    pub login: ServiceLogins,
    /// Exchanges an API key for a short-lived token.
    pub exchange: Option<ExchangeCall>,
    /// Refreshes a session of a password login.
    pub refresh: Option<RefreshCall>,
    pub logout: Option<LogoutCall>,
    pub whoami: Option<AccountCall>,
    #[serde(default)]
    pub account: AccountCalls,
    #[serde(default)]
    pub tokens: TokenCalls,
    #[serde(default)]
    pub errors: ErrorMap,
    pub sandbox: Option<SandboxAddress>,
    /// The file, if the description is the user's own.
    #[serde(skip)]
    pub file: Option<PathBuf>,
}

impl Descriptor {
    /// Returns the header for credentials of `kind`; `None` if the service does not accept them.
    pub fn header(&self, kind: CredentialKind) -> Option<&HeaderFormat> {
        self.headers.get(&kind)
    }
}

/// The environment variables of a service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct EnvironmentNames {
    pub api_key: Option<String>,
    /// Overrides the API base URL.
    pub api_url: Option<String>,
    /// Overrides the OAuth 2.0 issuer.
    pub issuer: Option<String>,
    /// Overrides the OAuth 2.0 client.
    pub client_id: Option<String>,
    /// The secret of the OAuth 2.0 client.
    pub client_secret: Option<String>,
}

impl EnvironmentNames {
    /// Returns `true` for the variable of the API key or of the client's secret.
    pub fn is_secret(&self, name: &str) -> bool {
        [&self.api_key, &self.client_secret]
            .into_iter()
            .any(|secret| secret.as_deref() == Some(name))
    }

    /// Returns each variable with the path of its member.
    pub fn entries(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("environment.api_key", &self.api_key),
            ("environment.api_url", &self.api_url),
            ("environment.issuer", &self.issuer),
            ("environment.client_id", &self.client_id),
            ("environment.client_secret", &self.client_secret),
        ];
        all.into_iter()
            .filter_map(|(member, name)| Some((member, name.as_deref()?)))
    }
}

/// For services whose accounts have several workspaces.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WorkspaceHeader {
    /// The header that selects one.
    pub header: HeaderSpelling,
}

/// The OAuth 2.0 server of a service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OAuth {
    /// The issuer (RFC 8414 §2); omitted if it is the API base URL.
    pub issuer: Option<String>,
    /// The client; omitted if users register their own.
    pub client_id: Option<String>,
    /// Requested unless the user names others.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// For servers whose metadata lacks it.
    pub device_authorization_endpoint: Option<Endpoint>,
    /// For servers whose metadata lacks it. It may have an origin of its own.
    pub authorization_endpoint: Option<Endpoint>,
    /// For servers without metadata.
    pub token_endpoint: Option<Endpoint>,
    /// For servers without metadata.
    pub revocation_endpoint: Option<Endpoint>,
    /// For servers without metadata. It may have an origin of its own.
    pub userinfo_endpoint: Option<Endpoint>,
}

/// The call that revokes a session.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LogoutCall {
    /// `{id}` is the `token_id` of the login response.
    pub call: HttpCall,
    /// The kinds of credential that it revokes.
    pub ends: Vec<CredentialKind>,
}

/// The call that returns the account of a credential.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountCall {
    pub call: HttpCall,
    /// Other calls for kinds of credential that this one rejects.
    #[serde(default)]
    pub with: BTreeMap<CredentialKind, HttpCall>,
    /// The account's name; empty if the response only proves that the credential is valid.
    #[serde(default)]
    pub account: Pointers,
    /// The part of the account that the credential is restricted to.
    pub space: Option<SpaceFields>,
    /// A 403 proves that the credential is valid: it only lacks the permission for this call.
    #[serde(default)]
    pub proven_by_403: bool,
    /// What proves that the credential is valid: the account's name if `account` says where it is, else the status.
    pub proof: Option<AccountProof>,
}

/// The part of a response that proves that a credential is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AccountProof {
    /// The account's name. Some services respond to a wrong key with 200 and no account.
    Account,
    /// A 2xx status, with or without a name.
    Status,
}

impl AccountCall {
    /// Returns true if a response without the account's name proves nothing.
    pub fn requires_account(&self) -> bool {
        !self.account.is_empty() && self.proof != Some(AccountProof::Status)
    }

    pub fn call_for(&self, kind: Option<CredentialKind>) -> &HttpCall {
        let other = kind.and_then(|kind| self.with.get(&kind));
        other.unwrap_or(&self.call)
    }
}

/// Where a space is in the response of an [`AccountCall`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SpaceFields {
    /// The space; missing or null if the credential is not restricted to one.
    pub at: Pointer,
    pub id: Option<Pointer>,
    pub name: Option<Pointer>,
}

/// Where the sandbox serves the service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SandboxAddress {
    /// Also the issuer of the sandbox.
    pub api_url: BaseUrl,
}
