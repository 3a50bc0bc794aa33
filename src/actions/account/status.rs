//! What is signed in, from which source, until when.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::actions::credential::expiry_warning::warn_if_expiring;
use crate::actions::credential::refresh::is_refreshable;
use crate::actions::{
    ActionError, AuthenticatedClient, Context, KeyError, ResolvedCredential, RoutingError, Target,
    UnusableKey, resolve_credential,
};
use crate::domain::{CredentialKind, Freshness, ProfileName, ProviderId, StoredCredential};

/// How a profile stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialState {
    /// There is no credential.
    None,
    /// The directory is local: there need not be one.
    Local,
    /// Good, by its lifetime or by the server's word.
    Valid,
    /// Over, but it renews itself at the next use.
    ExpiredRefreshable,
    /// Over.
    Expired,
    /// The server does not accept it.
    Rejected,
    /// Nobody asked the server, and nothing else tells.
    Unverified,
}

impl CredentialState {
    /// Whether the next command can work with it, as far as is known.
    pub fn is_usable(self) -> bool {
        matches!(
            self,
            Self::Valid | Self::ExpiredRefreshable | Self::Unverified | Self::Local
        )
    }
}

/// One profile's standing.
#[derive(Debug, Clone, Serialize)]
pub struct ProfileStatus {
    /// The profile.
    pub profile: ProfileName,
    /// Its service.
    pub provider: ProviderId,
    /// Where the credential goes.
    pub origin: Option<String>,
    /// `environment:NAME`, `dotenv:PATH`, `project:PATH`, `stored`, or nothing.
    pub source: Option<String>,
    /// How it stands.
    pub state: CredentialState,
    /// What kind of credential it is.
    pub kind: Option<CredentialKind>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// Whether it renews itself.
    pub refreshable: bool,
    /// Why the credential that is set cannot be used; nothing else is used then.
    pub problem: Option<String>,
}

/// The standing of `target` by the server's word, as far as there is something to ask about.
///
/// # Errors
/// What reading the sources says, and what the network and the service say, but for a rejection: that is a state.
pub async fn check_status(
    context: &Context,
    target: &Target,
) -> Result<ProfileStatus, ActionError> {
    let (local, selected) = inspect_status_and_warn(context, target)?;
    let Some(selected) = selected.filter(|_| local.state.is_usable()) else {
        return Ok(local);
    };
    let access = AuthenticatedClient::with_credential(context, target, selected);
    let state = match access.service().await.whoami().await {
        Ok(_) => CredentialState::Valid,
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
    Ok(ProfileStatus {
        state,
        ..inspect_status(context, target)?.0
    })
}

/// The standing of `target` without any network, and a warning where it ends soon for good.
///
/// # Errors
/// What reading the sources says.
pub fn read_status(context: &Context, target: &Target) -> Result<ProfileStatus, ActionError> {
    Ok(inspect_status_and_warn(context, target)?.0)
}

fn inspect_status_and_warn(
    context: &Context,
    target: &Target,
) -> Result<StatusAndCredential, ActionError> {
    let standing = inspect_status(context, target)?;
    if let (_, Some(selected)) = &standing
        && let Some(stored) = &selected.stored
    {
        warn_if_expiring(context, target, stored);
    }
    Ok(standing)
}

/// How a profile stands, and the credential in use.
type StatusAndCredential = (ProfileStatus, Option<ResolvedCredential>);

fn inspect_status(context: &Context, target: &Target) -> Result<StatusAndCredential, ActionError> {
    let selected = match resolve_credential(context, target) {
        Ok(selected) => Some(selected),
        Err(ActionError::LoginRequired { .. }) => None,
        Err(ActionError::Routing(RoutingError::Local { path })) => {
            return Ok((local_directory_status(target, &path), None));
        }
        Err(ActionError::Key(KeyError::Unusable(key))) => {
            return Ok((unusable_key_status(target, &key), None));
        }
        Err(other) => return Err(other),
    };
    let stored = selected
        .as_ref()
        .and_then(|selected| selected.stored.as_ref());
    let origin = selected
        .as_ref()
        .map(|selected| &selected.base)
        .or(target.base.as_ref());
    let status = ProfileStatus {
        profile: target.name.clone(),
        provider: target.descriptor.id.clone(),
        origin: origin.map(|base| base.origin().to_string()),
        source: selected.as_ref().map(|selected| selected.source.id()),
        state: selected.as_ref().map_or(CredentialState::None, |selected| {
            credential_state(context, target, selected)
        }),
        kind: selected.as_ref().map(|selected| selected.credential.kind),
        expires_at: stored.and_then(StoredCredential::expires_at),
        refreshable: stored.is_some_and(|stored| is_refreshable(&target.descriptor, stored)),
        problem: None,
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

fn unusable_key_status(target: &Target, key: &UnusableKey) -> ProfileStatus {
    ProfileStatus {
        origin: target.base.as_ref().map(|base| base.origin().to_string()),
        source: Some(key.source_id.clone()),
        problem: Some(key.to_string()),
        ..empty_status(target)
    }
}

fn empty_status(target: &Target) -> ProfileStatus {
    ProfileStatus {
        profile: target.name.clone(),
        provider: target.descriptor.id.clone(),
        origin: None,
        source: None,
        state: CredentialState::None,
        kind: None,
        expires_at: None,
        refreshable: false,
        problem: None,
    }
}

fn credential_state(
    context: &Context,
    target: &Target,
    selected: &ResolvedCredential,
) -> CredentialState {
    let Some(stored) = selected
        .stored
        .as_ref()
        .filter(|stored| stored.expires_at().is_some())
    else {
        return CredentialState::Unverified;
    };
    match stored
        .expiry
        .freshness_at(context.clock_reading_for(stored), SignedDuration::ZERO)
    {
        Freshness::Fresh | Freshness::Expiring => CredentialState::Valid,
        Freshness::Expired if is_refreshable(&target.descriptor, stored) => {
            CredentialState::ExpiredRefreshable
        }
        Freshness::Expired => CredentialState::Expired,
    }
}
