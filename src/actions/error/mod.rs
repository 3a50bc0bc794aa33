//! Errors of the use cases.

mod api;
mod browser;
mod ci;
mod client;
mod config;
mod creation;
mod description;
mod exec;
mod import;
mod install;
mod key;
mod narrow;
mod not_saved;
mod origin;
mod rotation;
mod routing;
mod scan;
mod session;
mod target;
mod workload;

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::{CredentialKind, InvalidName, InvalidUrl, Origin, format_duration};
use crate::http::HttpError;
use crate::oauth::{OauthError, ResourceError};
use crate::provider::ProviderError;
use crate::service::{ApiError, ApiErrorKind, RightsChange, ServiceError};
use crate::vault::{ConfigFileError, EnvFileError, VaultError};

pub use api::ApiCallError;
pub use browser::BrowserLoginError;
pub use ci::CiError;
pub use client::{ClientError, ClientProof};
pub use config::ConfigError;
pub(crate) use config::SETTING_KEYS;
pub use creation::CreationError;
pub use description::DescriptionError;
pub use exec::ExecError;
pub use import::ImportError;
pub use install::InstallError;
pub use key::{IdFault, KeyError, KeyFault, SecretKind, UnusableKey};
pub use narrow::{NarrowError, Undecided};
pub use not_saved::{NotSaved, UnsavedSession};
pub use origin::{OriginError, Replacement};
pub use rotation::RotationError;
pub use routing::RoutingError;
pub use scan::ScanError;
pub use session::{ScopeChange, SessionError};
pub use target::{TargetError, TargetOutcome, error_line};
pub use workload::WorkloadError;

/// Each variant has one error code and one exit status.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    #[error("profile \"{name}\" does not exist")]
    NoSuchProfile { name: String, known: Vec<String> },
    #[error("the sandbox does not support provider \"{provider}\"")]
    NotInSandbox { provider: String },
    #[error("profile \"{profile}\" has no API base URL")]
    NoApiUrl { profile: String },
    #[error("{service} does not support login with {method}")]
    UnsupportedLoginMethod {
        service: String,
        method: &'static str,
    },
    #[error("cannot sign in to {service}: no issuer is known")]
    MissingIssuer { service: String },
    #[error("cannot use the env file")]
    EnvFile(#[from] EnvFileError),
    #[error("cannot use the configuration file")]
    ConfigFile(#[from] ConfigFileError),
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error("cannot write the project file")]
    ProjectFile(#[source] EnvFileError),
    /// The session is revoked as far as possible, but a copy of the credential could not be deleted.
    #[error("signed out, but a copy of the credential could not be deleted")]
    CopyNotDeleted(#[source] VaultError),
    #[error("cannot read the client secret: {reason}")]
    ClientSecretFile {
        reason: String,
        hint: Option<String>,
    },
    #[error("cannot sign in to {service}: no client id is known")]
    MissingClientId { service: String },
    #[error("not a {service} API key: its keys begin with \"{prefix}\"")]
    ForeignKey { service: String, prefix: String },
    /// The key matches the key format of another provider.
    #[error("not a {service} API key: it is a key of {owner}")]
    KeyOfOtherService {
        service: String,
        owner: String,
        profile: String,
    },
    #[error(transparent)]
    Api(#[from] ApiCallError),
    #[error(transparent)]
    Workload(#[from] WorkloadError),
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The description names no header for this kind of credential.
    #[error("the description of {service} names no header for an {}", kind.label())]
    NoHeader {
        service: String,
        kind: CredentialKind,
    },
    #[error("the credential for {service} lacks the {missing}")]
    IncompleteKey {
        service: String,
        /// The label of the second value.
        missing: String,
    },
    #[error("not a cookie: expected \"name=value\", or several separated by \"; \"")]
    InvalidCookie,
    /// At a prompt.
    #[error("interrupted")]
    Interrupted,
    #[error("interrupted before the service responded: the token may be revoked")]
    InterruptedAfterRequest,
    #[error("interrupted before the request was sent: the token is not revoked")]
    InterruptedBeforeRequest,
    #[error("not signed in to profile \"{profile}\"")]
    LoginRequired {
        profile: String,
        variable: Option<String>,
        /// Why the sources that have a credential cannot be used.
        reasons: Vec<String>,
    },
    #[error("the session of profile \"{profile}\" has expired")]
    LoginExpired { profile: String },
    /// The response to an earlier refresh was never saved, so that the server may have rotated the refresh token.
    #[error(
        "the session of profile \"{profile}\" has expired: a refresh at {began_at} was interrupted and its response was lost"
    )]
    RefreshInterrupted {
        profile: String,
        began_at: Timestamp,
    },
    #[error("{} rejected {}", api_error.service, credential_from(source_name))]
    CredentialRejected {
        source_name: String,
        api_error: Box<ApiError>,
        /// Whether it was an OAuth session that can no longer be refreshed.
        is_session_expired: bool,
    },
    #[error("profile \"{name}\" already exists")]
    ProfileExists { name: String },
    #[error("cannot rename profile \"{name}\": the service of this name always has a profile")]
    ServiceProfile { name: String, new: String },
    #[error("cannot rename a profile to \"{name}\": a service has this name")]
    ServiceName { name: String },
    #[error("cannot delete profile \"{name}\": it is signed in")]
    StillSignedIn { name: String },
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// A program sends a key in an env file to the URL in that file.
    #[error("cannot write the key to \"{}\": {variable} in it is not {server}, the server of the key", path.display())]
    UrlMismatch {
        path: PathBuf,
        variable: String,
        server: Origin,
    },
    #[error(
        "cannot write the key to \"{}\": {variable} is already set, and the old key works until it is revoked",
        path.display()
    )]
    KeyExists {
        path: PathBuf,
        /// Or the path of the value in a configuration file.
        variable: String,
        is_config: bool,
    },
    #[error(
        "cannot write the key to \"{}\": it is for {server}, and {service} has no environment variable for its URL",
        path.display()
    )]
    NoUrlVariable {
        path: PathBuf,
        service: String,
        server: Origin,
    },
    #[error("{service} has no environment variable for its key")]
    NoVariable { service: String },
    /// The server rejected the refresh, but not with the code that ends a session.
    #[error("cannot refresh the session of profile \"{profile}\"")]
    RefreshRejected {
        profile: String,
        source: Box<ActionError>,
    },
    #[error(transparent)]
    NotSaved(#[from] NotSaved),
    #[error(transparent)]
    Rotation(#[from] RotationError),
    #[error(transparent)]
    Creation(#[from] CreationError),
    #[error(transparent)]
    Description(#[from] DescriptionError),
    #[error("cannot refresh {what}")]
    NotRefreshable { what: String },
    /// The credential is deleted here, but the server could not be reached to revoke it.
    #[error("signed out on this machine, but the session may still be valid at the server")]
    SessionNotRevoked {
        expires_at: Option<Timestamp>,
        source: Box<ActionError>,
    },
    /// The user required a longer lifetime than a refresh can provide.
    #[error("the credential expires in {} and cannot be refreshed", format_duration(*remaining))]
    LifetimeTooShort { remaining: Duration },
    #[error(transparent)]
    Routing(#[from] RoutingError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    BrowserLogin(#[from] BrowserLoginError),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Exec(#[from] ExecError),
    #[error(transparent)]
    Install(#[from] InstallError),
    #[error(transparent)]
    Scan(#[from] ScanError),
    #[error("the value of {name} is invalid")]
    Variable { name: String, source: InvalidUrl },
    #[error(transparent)]
    Name(#[from] InvalidName),
    #[error(transparent)]
    Url(#[from] InvalidUrl),
    #[error(transparent)]
    Provider(#[from] ProviderError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The file or the socket of the audit log cannot be used.
    #[error(transparent)]
    AuditLog(VaultError),
    #[error(transparent)]
    Oauth(#[from] OauthError),
    #[error(transparent)]
    Resource(ResourceError),
    #[error(transparent)]
    Service(#[from] ServiceError),
    #[error(transparent)]
    Http(#[from] HttpError),
}

impl From<ResourceError> for ActionError {
    fn from(error: ResourceError) -> Self {
        match error {
            ResourceError::Oauth(error) => error.into(),
            other => Self::Resource(other),
        }
    }
}

/// Returns the noun of a source: itself, or the credential that a variable or a file contains.
fn credential_from(source_name: &str) -> String {
    if source_name.starts_with("the ") {
        return source_name.to_owned();
    }
    format!("the credential from {source_name}")
}

fn list_changes(changes: &[RightsChange]) -> String {
    let changes: Vec<String> = changes.iter().map(ToString::to_string).collect();
    changes.join(", ")
}

impl ActionError {
    pub(super) fn unsupported_login(service: &str, method: &'static str) -> Self {
        Self::UnsupportedLoginMethod {
            service: service.to_owned(),
            method,
        }
    }

    /// Whether the service responded that what the request names does not exist.
    pub fn is_not_found(&self) -> bool {
        let Self::Service(ServiceError::Api(api_error)) = self else {
            return false;
        };
        api_error.kind == ApiErrorKind::NotFound
    }

    /// Returns true if the server may have processed the request although its response is lost.
    pub fn may_have_been_processed(&self) -> bool {
        match self {
            Self::Oauth(OauthError::Http(error))
            | Self::Service(ServiceError::Http(error))
            | Self::Http(error) => error.may_have_been_processed(),
            Self::Oauth(OauthError::Status { status, .. }) => !status.is_client_error(),
            Self::Oauth(
                OauthError::Malformed { .. }
                | OauthError::MissingField { .. }
                | OauthError::UnusableAccessToken { .. },
            )
            | Self::Service(ServiceError::Malformed { .. }) => true,
            Self::Service(ServiceError::Api(api_error)) => api_error.status >= 500,
            _ => false,
        }
    }
}
