//! Status of a profile: the credential source, its state and its expiry.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::actions::credential::expiry_warning::warn_if_expiring;
use crate::actions::workload_sessions::NOT_YET;
use crate::actions::{
    ActionError, AuthenticatedClient, Context, KeyError, ProfileSession, ResolvedCredential,
    RoutingError, Target, UnusableKey, error_line,
};
use crate::domain::{CredentialKind, Freshness, ProfileName, ProviderId, StoredCredential};
use crate::host::project;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialState {
    None,
    /// The directory is declared local; no credential is needed.
    Local,
    /// Not expired, or confirmed by the server.
    Valid,
    /// Expired; refreshed at the next use.
    ExpiredRefreshable,
    Expired,
    Rejected,
    /// Not checked with the server, and without an expiry.
    Unverified,
}

impl CredentialState {
    /// Returns true if the next command can use it, as far as is known.
    pub fn is_usable(self) -> bool {
        matches!(
            self,
            Self::Valid | Self::ExpiredRefreshable | Self::Unverified | Self::Local
        )
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct ProfileStatus {
    pub profile: ProfileName,
    pub provider: ProviderId,
    pub origin: Option<String>,
    /// `environment:NAME`, `file:PATH`, `dotenv:PATH`, `project:PATH`, `stored` or `None`
    pub source: Option<String>,
    pub state: CredentialState,
    pub kind: Option<CredentialKind>,
    pub expires_at: Option<Timestamp>,
    pub refreshable: bool,
    /// Why the key that is set cannot be used. No other source is used then.
    pub problem: Option<String>,
    /// Whether there is no session yet, because the first request signs in (`BRAINMAPS_LOGIN=workload`).
    #[serde(skip)]
    pub is_future: bool,
    /// Whether the server confirmed the state. If not, it follows from the stored expiry.
    #[serde(skip)]
    pub is_checked: bool,
    /// The account, if the login or the check reported it.
    #[serde(skip)]
    pub account: Option<String>,
}

impl ProfileStatus {
    /// Returns the status of a profile without a credential.
    pub(crate) fn empty(profile: &ProfileName, provider: &ProviderId) -> Self {
        Self {
            profile: profile.clone(),
            provider: provider.clone(),
            origin: None,
            source: None,
            state: CredentialState::None,
            kind: None,
            expires_at: None,
            refreshable: false,
            problem: None,
            is_future: false,
            is_checked: false,
            account: None,
        }
    }
}

impl ProfileSession<'_> {
    /// Checks the credential with the server, if the service has a call for it.
    ///
    /// # Errors
    /// If reading the sources fails, and errors of the network and the service. A rejection is a state, not an error.
    pub async fn check_status(self) -> Result<ProfileStatus, ActionError> {
        let (local, selected) = inspect_status_and_warn(self)?;
        let Some(selected) = selected.filter(|_| local.state.is_usable()) else {
            return Ok(local);
        };
        let client = AuthenticatedClient::with_credential(self, selected);
        let mut account = None;
        let state = match client.whoami().await {
            Ok(identity) => {
                account = identity.account;
                CredentialState::Valid
            }
            Err(ActionError::CredentialRejected {
                is_session_expired: false,
                ..
            }) => CredentialState::Rejected,
            Err(
                ActionError::CredentialRejected { .. }
                | ActionError::LoginExpired { .. }
                | ActionError::RefreshInterrupted { .. },
            ) => CredentialState::Expired,
            Err(other) => return Err(other),
        };
        let status = inspect_status(self)?.0;
        Ok(ProfileStatus {
            state,
            is_checked: true,
            account: account.or(status.account),
            ..status
        })
    }

    /// Returns the status without network access. Warns before expiry if the credential cannot be refreshed.
    ///
    /// # Errors
    /// If reading the sources fails.
    pub fn read_status(self) -> Result<ProfileStatus, ActionError> {
        Ok(inspect_status_and_warn(self)?.0)
    }
}

fn inspect_status_and_warn(
    session: ProfileSession<'_>,
) -> Result<StatusAndCredential, ActionError> {
    let inspected = inspect_status(session)?;
    if let (_, Some(selected)) = &inspected
        && let Some(stored) = &selected.stored
    {
        warn_if_expiring(session, stored);
    }
    Ok(inspected)
}

type StatusAndCredential = (ProfileStatus, Option<ResolvedCredential>);

fn inspect_status(session: ProfileSession<'_>) -> Result<StatusAndCredential, ActionError> {
    let selected = match session.resolve_credential() {
        Ok(selected) => Some(selected),
        Err(ActionError::LoginRequired { .. }) => None,
        Err(ActionError::Routing(RoutingError::Local { path })) => {
            return Ok((local_directory_status(session.target, &path), None));
        }
        Err(ActionError::Key(KeyError::Unusable(key))) => {
            return Ok((unusable_key_status(session.target, &key), None));
        }
        Err(other) => return Err(other),
    };
    let stored = selected
        .as_ref()
        .and_then(|selected| selected.stored.as_ref());
    let origin = selected
        .as_ref()
        .map(|selected| &selected.base)
        .or(session.target.base.as_ref());
    let status = ProfileStatus {
        profile: session.target.name.clone(),
        provider: session.target.descriptor.id.clone(),
        origin: origin.map(|base| base.origin().to_string()),
        source: selected.as_ref().map(|selected| selected.source.id()),
        state: selected.as_ref().map_or(CredentialState::None, |selected| {
            credential_state(session, selected)
        }),
        kind: selected.as_ref().map(|selected| selected.credential.kind),
        expires_at: stored
            .and_then(StoredCredential::expires_at)
            .filter(|end| *end != NOT_YET),
        refreshable: stored.is_some_and(|stored| session.can_refresh(stored)),
        problem: None,
        is_future: stored.is_some_and(|stored| stored.expires_at() == Some(NOT_YET)),
        is_checked: false,
        account: stored.and_then(|stored| stored.account.clone()),
    };
    Ok((status, selected))
}

fn local_directory_status(target: &Target, path: &Path) -> ProfileStatus {
    ProfileStatus {
        source: Some(format!("project:{}", path.display())),
        state: CredentialState::Local,
        ..empty_status(target)
    }
}

/// Returns the status in a directory whose project file cannot be used. Commands use no profile in it.
///
/// # Errors
/// As [`Target::ignoring_project`].
pub fn unusable_project_status(
    context: &Context,
    error: &RoutingError,
) -> Result<ProfileStatus, ActionError> {
    let path = project::find_path(&context.search_scope());
    Ok(ProfileStatus {
        source: path.map(|path| format!("project:{}", path.display())),
        problem: Some(error_line(error)),
        ..empty_status(&Target::ignoring_project(context)?)
    })
}

fn unusable_key_status(target: &Target, key: &UnusableKey) -> ProfileStatus {
    ProfileStatus {
        origin: target.base.as_ref().map(|base| base.origin().to_string()),
        source: Some(key.source_id.clone()),
        problem: Some(key.to_string()),
        ..empty_status(target)
    }
}

fn empty_status(target: &Target) -> ProfileStatus {
    ProfileStatus::empty(&target.name, &target.descriptor.id)
}

fn credential_state(session: ProfileSession<'_>, selected: &ResolvedCredential) -> CredentialState {
    let Some(stored) = selected
        .stored
        .as_ref()
        .filter(|stored| stored.expires_at().is_some())
    else {
        return CredentialState::Unverified;
    };
    match session.context.freshness_of(stored, SignedDuration::ZERO) {
        Freshness::Fresh | Freshness::Expiring => CredentialState::Valid,
        Freshness::Expired if session.can_refresh(stored) => CredentialState::ExpiredRefreshable,
        Freshness::Expired => CredentialState::Expired,
    }
}
