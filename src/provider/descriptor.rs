//! One service's description. Unknown members are mistakes, so that a typing error never passes in silence.

use std::collections::BTreeMap;

use ::http::HeaderName;
use serde::Deserialize;

use super::{
    AccountCalls, Endpoint, ErrorMap, HttpCall, KeyFormat, Pointer, RefreshCall, ServiceLogins,
    TokenCalls,
};
use crate::domain::{BaseUrl, CredentialKind, ProviderId, Secret};

/// A service, as its TOML file says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Descriptor {
    /// The short name; also the file's name and the name of the profile that comes with it.
    pub id: ProviderId,
    /// The name that people read.
    pub name: String,
    /// Where the service is; absent where every profile brings its own.
    pub api_url: Option<BaseUrl>,
    /// The environment variables that stand for settings.
    #[serde(default)]
    pub environment: EnvironmentNames,
    /// How each kind of credential travels.
    pub headers: BTreeMap<CredentialKind, HeaderFormat>,
    /// How requests say which workspace they are about.
    pub workspace: Option<WorkspaceHeader>,
    /// What keys look like, where that is documented.
    pub key: Option<KeyFormat>,
    /// Sign-in by OAuth2 device authorization.
    pub oauth: Option<OAuth>,
    /// Sign-ins of the service's own.
    #[serde(default)]
    pub login: ServiceLogins,
    /// The call that renews a session of the service's own.
    pub refresh: Option<RefreshCall>,
    /// The call that ends a session at the service.
    pub logout: Option<LogoutCall>,
    /// The call that tells whose credential it is.
    pub whoami: Option<AccountCall>,
    /// Calls about the account itself.
    #[serde(default)]
    pub account: AccountCalls,
    /// The token calls.
    #[serde(default)]
    pub tokens: TokenCalls,
    /// How the service tells errors.
    #[serde(default)]
    pub errors: ErrorMap,
    /// Where the sandbox plays this service.
    pub sandbox: Option<SandboxAddress>,
}

impl Descriptor {
    /// The header for a credential of `kind`, where the service takes such a one.
    pub fn header(&self, kind: CredentialKind) -> Option<&HeaderFormat> {
        self.headers.get(&kind)
    }
}

/// Names of environment variables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EnvironmentNames {
    /// Holds an API key.
    pub api_key: Option<String>,
    /// Holds the base URL.
    pub api_url: Option<String>,
    /// Holds the OAuth2 issuer.
    pub issuer: Option<String>,
    /// Holds the OAuth2 client.
    pub client_id: Option<String>,
}

impl EnvironmentNames {
    /// Each variable that is named, after the member that names it.
    pub fn entries(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("environment.api_key", &self.api_key),
            ("environment.api_url", &self.api_url),
            ("environment.issuer", &self.issuer),
            ("environment.client_id", &self.client_id),
        ];
        all.into_iter()
            .filter_map(|(member, name)| Some((member, name.as_deref()?)))
    }
}

/// A service whose accounts have several workspaces.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceHeader {
    /// The header that names one.
    pub header: HeaderSpelling,
}

/// A header that carries a credential: `Authorization: Token …`, `X-API-Key: …`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeaderFormat {
    /// The header.
    pub name: HeaderSpelling,
    /// The word before the credential, if any.
    pub scheme: Option<AuthScheme>,
}

/// The name of a header (RFC 9110 §5.1), as the description spells it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HeaderSpelling {
    text: String,
    name: HeaderName,
}

impl HeaderSpelling {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// As requests take it.
    pub fn name(&self) -> &HeaderName {
        &self.name
    }
}

impl TryFrom<String> for HeaderSpelling {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match HeaderName::try_from(text.as_str()) {
            Ok(name) => Ok(Self { text, name }),
            Err(_) => Err(format!("`{text}` is no name of a header")),
        }
    }
}

/// A scheme (RFC 9110 §11.1): one word of visible characters.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct AuthScheme(String);

impl AuthScheme {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AuthScheme {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic()) {
            return Ok(Self(text));
        }
        Err(format!(
            "`{text}` is no scheme: it is one word, or left out"
        ))
    }
}

impl HeaderFormat {
    /// The header's value for `secret`.
    pub fn value(&self, secret: &Secret) -> Secret {
        match &self.scheme {
            Some(scheme) => Secret::new(format!("{} {}", scheme.as_str(), secret.expose())),
            None => secret.clone(),
        }
    }
}

/// The OAuth2 server behind a service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OAuth {
    /// The issuer (RFC 8414 §2); absent where the service's base URL is the issuer.
    pub issuer: Option<String>,
    /// The public client; absent where each user brings one.
    pub client_id: Option<String>,
    /// What is asked for unless the user says otherwise.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// For servers that do not list it.
    pub device_authorization_endpoint: Option<Endpoint>,
    /// For servers without metadata.
    pub token_endpoint: Option<Endpoint>,
    /// For servers without metadata.
    pub revocation_endpoint: Option<Endpoint>,
}

/// A call that ends a session.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogoutCall {
    /// Method and path; `{id}` is the id that the login told.
    pub call: HttpCall,
    /// The kinds of credential it ends.
    pub ends: Vec<CredentialKind>,
}

/// A call that tells whose credential it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountCall {
    /// Method and path.
    pub call: HttpCall,
    /// Other calls for kinds of credential that this one is not open to.
    #[serde(default)]
    pub with: BTreeMap<CredentialKind, HttpCall>,
    /// Where the account's name may stand; empty where the answer only proves that the credential works.
    #[serde(default)]
    pub account: Vec<Pointer>,
    /// Where it says to what part of the account the credential is restricted.
    pub space: Option<SpaceFields>,
    /// Whether a 403 proves, too, that the credential works: it may only not ask this.
    #[serde(default)]
    pub proven_by_403: bool,
}

impl AccountCall {
    /// The call for a credential of `kind`.
    pub fn call_for(&self, kind: Option<CredentialKind>) -> &HttpCall {
        let other = kind.and_then(|kind| self.with.get(&kind));
        other.unwrap_or(&self.call)
    }
}

/// Where a space stands in the answer of an [`AccountCall`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpaceFields {
    /// The space itself; nothing or null where the credential is restricted to none.
    pub at: Pointer,
    /// Its id.
    pub id: Option<Pointer>,
    /// Its name.
    pub name: Option<Pointer>,
}

/// Where the sandbox plays a service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SandboxAddress {
    /// The base URL there; it is the issuer there too.
    pub api_url: BaseUrl,
}
