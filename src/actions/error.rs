//! Why a use-case came to nothing.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::{CredentialKind, InvalidName, InvalidUrl, Origin, format_duration};
use crate::http::HttpError;
use crate::oauth::OauthError;
use crate::provider::ProviderError;
use crate::service::{ApiError, ServiceError};
use crate::vault::{EnvFileError, VaultError};

use crate::actions::{
    ConfigError, ImportError, KeyError, NotSaved, OriginError, RotationError, RoutingError,
};

/// Everything that can go wrong in a use-case. Each variant has one code and one exit status.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// A profile that nobody made.
    #[error("there is no profile `{name}`")]
    NoSuchProfile {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// The sandbox does not play this service.
    #[error("the sandbox does not play `{provider}`")]
    NotInSandbox {
        /// The service.
        provider: String,
    },
    /// Nobody said where the service is.
    #[error("profile `{profile}` has no API address")]
    NoApiUrl {
        /// The profile.
        profile: String,
    },
    /// The service has no sign-in of this kind.
    #[error("{service} offers no sign-in by {method}")]
    UnsupportedLoginMethod {
        /// The service's name.
        service: String,
        /// The kind.
        method: &'static str,
    },
    /// Device authorization needs a server, and nobody named one.
    #[error("signing in to {service} needs an issuer")]
    MissingIssuer {
        /// The service's name.
        service: String,
    },
    /// The env file cannot be used.
    #[error("cannot use the env file")]
    EnvFile(#[from] EnvFileError),
    /// The directory's project file cannot be written.
    #[error("cannot write the project file")]
    ProjectFile(#[source] EnvFileError),
    /// Over at the server as far as it can be, and still lying here, where it is kept or in a copy that was left.
    #[error("signed out as far as it goes, but a copy of the credential is still here")]
    CopyNotDeleted(#[source] VaultError),
    /// Device authorization needs a client, and nobody named one.
    #[error("signing in to {service} needs a client id")]
    MissingClientId {
        /// The service's name.
        service: String,
    },
    /// A key of another service, or of none.
    #[error("this is not a key of {service}: its keys begin with `{prefix}`")]
    ForeignKey {
        /// The service's name.
        service: String,
        /// How its keys begin.
        prefix: String,
    },
    /// A key that another service's description recognises.
    #[error("this is a {owner} key, not one of {service}")]
    KeyOfOtherService {
        /// The service that was chosen.
        service: String,
        /// The key's own service.
        owner: String,
        /// The profile that comes with it.
        profile: String,
    },
    /// A text that should be a key and is not, or the other way round.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The description does not say how such a credential travels.
    #[error("the description of {service} has no header for an {}", kind.label())]
    NoHeader {
        /// The service's name.
        service: String,
        /// The kind of credential.
        kind: CredentialKind,
    },
    /// What was pasted as a cookie is none.
    #[error("this is no cookie: it must be `name=value`, or several with `; ` between")]
    InvalidCookie,
    /// The user stopped it while the answer was awaited.
    #[error("it was stopped before the service answered: it may be revoked")]
    InterruptedAfterRequest,
    /// The user stopped it before its turn.
    #[error("it was stopped before the service was asked: it is not revoked")]
    InterruptedBeforeRequest,
    /// Nothing to use.
    #[error("not signed in to profile `{profile}`")]
    LoginRequired {
        /// The profile.
        profile: String,
        /// The variable that may hold a key instead, where the service has one.
        variable: Option<String>,
        /// Why what was there could not be used.
        reasons: Vec<String>,
    },
    /// What was there is over, and cannot be renewed.
    #[error("the session of profile `{profile}` has expired")]
    LoginExpired {
        /// The profile.
        profile: String,
    },
    /// The same, since the answer to an earlier renewal never came to be stored.
    #[error(
        "the session of profile `{profile}` is over: its renewal at {began_at} was cut short, and the answer was lost"
    )]
    RefreshInterrupted {
        /// The profile.
        profile: String,
        /// When that renewal began.
        began_at: Timestamp,
    },
    /// The credential was sent, and refused.
    #[error("{} rejected the credential from {source_name}", refusal.service)]
    CredentialRejected {
        /// Where the credential came from.
        source_name: String,
        /// The service's answer.
        refusal: Box<ApiError>,
        /// Whether it was a session that nothing can renew any more.
        is_session_expired: bool,
    },
    /// A profile of that name is there.
    #[error("there is a profile `{name}` already")]
    ProfileExists {
        /// The name.
        name: String,
    },
    /// A profile with a credential is not forgotten in passing.
    #[error("profile `{name}` is still signed in")]
    StillSignedIn {
        /// The name.
        name: String,
    },
    /// A secret would go to another server, or come from another one.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// A key in an env file is sent to the address in it.
    #[error("cannot write the key to `{}`: {variable} in it is not {here}, where the key is created", path.display())]
    UrlMismatch {
        /// The file.
        path: PathBuf,
        /// The variable that holds the address.
        variable: String,
        /// Where the key is made.
        here: Origin,
    },
    /// A key is not replaced unless the user agrees.
    #[error(
        "cannot write the key to `{}`: {variable} is already set there, and the old key still works until it is revoked",
        path.display()
    )]
    KeyExists {
        /// The file.
        path: PathBuf,
        /// The variable.
        variable: String,
    },
    /// A key that is not for the service's own URL needs a variable for the URL beside it.
    #[error(
        "cannot write the key to `{}`: it is for {here}, and {service} has no environment variable for its URL",
        path.display()
    )]
    NoUrlVariable {
        /// The file.
        path: PathBuf,
        /// The service's name.
        service: String,
        /// Where the key is created.
        here: Origin,
    },
    /// An env file needs a variable to put the key in.
    #[error("{service} documents no environment variable for its key")]
    NoVariable {
        /// The service name.
        service: String,
    },
    /// The server would not renew the session, and did not say why.
    #[error("the server does not renew the session of profile `{profile}`")]
    RefreshRejected {
        /// The profile.
        profile: String,
        /// What the server answered.
        source: Box<OauthError>,
    },
    /// A new session that could not be saved.
    #[error(transparent)]
    NotSaved(#[from] NotSaved),
    /// A rotation came to nothing, or only half way.
    #[error(transparent)]
    Rotation(#[from] RotationError),
    /// There is no credential of the kind that can be renewed.
    #[error("{what} cannot be renewed")]
    NotRefreshable {
        /// What it is.
        what: String,
    },
    /// Signed out here, but the server could not be told.
    #[error("signed out locally, but the session may still be valid at the server")]
    SessionNotRevoked(#[source] Box<ActionError>),
    /// It could not be done in the time the user gave.
    #[error("the credential expires in {} and cannot be refreshed", format_duration(*left))]
    LifetimeTooShort {
        /// How long it still lives.
        left: Duration,
    },
    /// What the directory is bound to is wrong, or in the way.
    #[error(transparent)]
    Routing(#[from] RoutingError),
    /// Another client's session cannot be taken over.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A setting is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A variable holds something else than it should.
    #[error("the variable {name} is wrong")]
    Variable {
        /// Its name.
        name: String,
        /// Why.
        source: InvalidUrl,
    },
    /// A name is wrong.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// An address is wrong.
    #[error(transparent)]
    Url(#[from] InvalidUrl),
    /// A description is missing or wrong.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// What is stored cannot be read or written.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The authorization server.
    #[error(transparent)]
    Oauth(#[from] OauthError),
    /// The service.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The way there.
    #[error(transparent)]
    Http(#[from] HttpError),
}

impl ActionError {
    /// Returns `true` if the server may have done what it was asked, and its answer is lost.
    pub fn may_have_been_processed(&self) -> bool {
        match self {
            Self::Oauth(OauthError::Http(error))
            | Self::Service(ServiceError::Http(error))
            | Self::Http(error) => error.may_have_been_processed(),
            Self::Oauth(OauthError::Status { status, .. }) => !status.is_client_error(),
            Self::Oauth(OauthError::Malformed { .. } | OauthError::MissingField { .. })
            | Self::Service(ServiceError::Malformed { .. }) => true,
            Self::Service(ServiceError::Api(refusal)) => refusal.status >= 500,
            _ => false,
        }
    }
}
