//! The result of looking for the credential in one source.

use std::path::PathBuf;

use crate::actions::credential::key_check::find_key_fault;
use crate::actions::event_recorder::{STORED, WORKLOAD};
use crate::actions::{ActionError, ProfileSession, UnusableKey};
use crate::domain::{BaseUrl, Credential, CredentialKind, Hint, Origin, Secret, StoredCredential};
use crate::files::quote_path;
use crate::service::ApiError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Environment {
        variable: String,
        /// The file that the variable names, if the variable does not contain the key itself.
        file: Option<PathBuf>,
    },
    /// A file in a directory in which a service manager or a container runtime mounts secrets.
    MountedFile {
        path: PathBuf,
    },
    DotEnv {
        variable: String,
        path: PathBuf,
    },
    /// Stored by `login`.
    Stored,
    /// The identity of this process (`BRAINMAPS_LOGIN=workload`).
    Workload,
}

impl Source {
    pub fn label(&self) -> String {
        match self {
            Self::Environment {
                variable,
                file: None,
            } => format!("environment variable {variable}"),
            Self::Environment {
                variable,
                file: Some(path),
            } => format!("{} (environment variable {variable})", quote_path(path)),
            Self::MountedFile { path } => quote_path(path),
            Self::DotEnv { variable, path } => format!("{variable} in {}", path.display()),
            Self::Stored => "the stored credential".to_owned(),
            Self::Workload => "the workload identity".to_owned(),
        }
    }

    /// Returns the name in JSON: `environment:NAME`, `file:PATH`, `dotenv:PATH`, `stored`, `workload`.
    pub fn id(&self) -> String {
        match self {
            Self::Environment { variable, .. } => format!("environment:{variable}"),
            Self::MountedFile { path } => format!("file:{}", path.display()),
            Self::DotEnv { path, .. } => format!("dotenv:{}", path.display()),
            Self::Stored => STORED.to_owned(),
            Self::Workload => WORKLOAD.to_owned(),
        }
    }
}

/// The credential in use and the server that it is sent to.
#[derive(Debug, Clone)]
pub struct ResolvedCredential {
    pub source: Source,
    pub base: BaseUrl,
    pub credential: Credential,
    /// Set if the credential was stored by `login`, or came from the identity of this process.
    pub stored: Option<StoredCredential>,
}

impl ResolvedCredential {
    /// Returns the credential if `login` stored it. The session of a workload identity is in memory only.
    pub fn into_stored(self) -> Option<StoredCredential> {
        self.stored.filter(|_| self.source == Source::Stored)
    }

    /// Returns the error of a service or a server that rejected the credential.
    pub(crate) fn rejection(&self, mut api_error: Box<ApiError>) -> ActionError {
        api_error.advice.extend(directory_hint(&self.source));
        let stored = self.stored.as_ref();
        ActionError::CredentialRejected {
            source_name: self.source.label(),
            api_error,
            // An OAuth session without a refresh token: `on_invalid_grant` removed it.
            is_session_expired: stored
                .is_some_and(|it| it.oauth_server.is_some() && !it.is_refreshable()),
        }
    }
}

/// Returns how to use the credential of the profile instead of a key in a `.env` file, which may belong to a program and have
/// too few rights for this command.
fn directory_hint(source: &Source) -> Option<Hint> {
    let Source::DotEnv { path, .. } = source else {
        return None;
    };
    let directory = quote_path(path.parent()?);
    let text = format!("run the command outside of {directory} to use the credential that ");
    Some(Hint::from(text).command("login").text(" stores"))
}

pub(crate) enum LookupResult {
    Found(Box<ResolvedCredential>),
    /// Has a credential, but for another server or service.
    Refused {
        source: Source,
        reason: String,
    },
    /// Has no credential, but chooses the profile, whose sources follow.
    Routes {
        source: String,
        reason: String,
    },
    /// Has a value that cannot be a key of this service.
    Unusable(Box<UnusableKey>),
    /// Declares that the directory needs no credential; later sources are not read.
    Local {
        path: PathBuf,
    },
    Absent {
        source: String,
        reason: String,
    },
}

/// Returns the result for a key that a variable or a file contains: [`LookupResult::Unusable`] if it cannot be a key of this
/// service, so that it is not sent.
pub(super) fn check_found_key(
    session: ProfileSession<'_>,
    source: Source,
    base: Result<&BaseUrl, ActionError>,
    secret: Secret,
) -> Result<LookupResult, ActionError> {
    if let Some(fault) = find_key_fault(session.context, &session.target.descriptor, &secret) {
        let key = UnusableKey::in_source(session.context, &source, &fault);
        return Ok(LookupResult::Unusable(Box::new(key)));
    }
    let credential = Credential {
        kind: CredentialKind::ApiKey,
        secret,
    };
    Ok(LookupResult::Found(Box::new(ResolvedCredential {
        source,
        base: base?.clone(),
        credential,
        stored: None,
    })))
}

pub(super) fn origin_mismatch_reason(own: &Origin, requested: &Origin) -> String {
    format!("it belongs to {own} and is not sent to {requested}")
}

pub(super) fn absent(source: &str, reason: &str) -> LookupResult {
    LookupResult::Absent {
        source: source.to_owned(),
        reason: reason.to_owned(),
    }
}
