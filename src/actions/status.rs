//! What is signed in, from which source, until when.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::ending::warn_of_end;
use super::renew::renewable;
use super::{
    Access, ActionError, Context, KeyError, RoutingError, Selected, Target, UnusableKey, select,
};
use crate::domain::{CredentialKind, Freshness, ProfileName, ProviderId, StoredCredential};

/// How a profile stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
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

impl State {
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
    pub state: State,
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
pub async fn checked_status(
    context: &Context,
    target: &Target,
) -> Result<ProfileStatus, ActionError> {
    let (local, selected) = told_standing(context, target)?;
    let Some(selected) = selected.filter(|_| local.state.is_usable()) else {
        return Ok(local);
    };
    let access = Access::holding(context, target, selected);
    let state = match access.service().await.whoami().await {
        Ok(_) => State::Valid,
        Err(ActionError::CredentialRejected { is_over: false, .. }) => State::Rejected,
        Err(
            ActionError::CredentialRejected { .. }
            | ActionError::LoginExpired { .. }
            | ActionError::RenewalLost { .. },
        ) => State::Expired,
        Err(other) => return Err(other),
    };
    Ok(ProfileStatus {
        state,
        ..standing(context, target)?.0
    })
}

/// The standing of `target` without any network, and a warning where it ends soon for good.
///
/// # Errors
/// What reading the sources says.
pub fn local_status(context: &Context, target: &Target) -> Result<ProfileStatus, ActionError> {
    Ok(told_standing(context, target)?.0)
}

fn told_standing(context: &Context, target: &Target) -> Result<Standing, ActionError> {
    let standing = standing(context, target)?;
    if let (_, Some(selected)) = &standing
        && let Some(stored) = &selected.stored
    {
        warn_of_end(context, target, stored);
    }
    Ok(standing)
}

/// How a profile stands, and the credential in use.
type Standing = (ProfileStatus, Option<Selected>);

fn standing(context: &Context, target: &Target) -> Result<Standing, ActionError> {
    let selected = match select(context, target) {
        Ok(selected) => Some(selected),
        Err(ActionError::LoginRequired { .. }) => None,
        Err(ActionError::Routing(RoutingError::Local { path })) => {
            return Ok((in_local(target, &path), None));
        }
        Err(ActionError::Key(KeyError::Unusable(key))) => {
            return Ok((unusable(target, &key), None));
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
        profile: target.profile.clone(),
        provider: target.descriptor.id.clone(),
        origin: origin.map(|base| base.origin().to_string()),
        source: selected.as_ref().map(|selected| selected.source.word()),
        state: selected
            .as_ref()
            .map_or(State::None, |selected| state(context, target, selected)),
        kind: selected.as_ref().map(|selected| selected.credential.kind),
        expires_at: stored.and_then(StoredCredential::expires_at),
        refreshable: stored.is_some_and(|stored| renewable(&target.descriptor, stored)),
        problem: None,
    };
    Ok((status, selected))
}

fn in_local(target: &Target, path: &Path) -> ProfileStatus {
    ProfileStatus {
        source: Some(format!("project:{}", path.display())),
        state: State::Local,
        ..nothing(target)
    }
}

fn unusable(target: &Target, key: &UnusableKey) -> ProfileStatus {
    ProfileStatus {
        origin: target.base.as_ref().map(|base| base.origin().to_string()),
        source: Some(key.source_word.clone()),
        problem: Some(key.to_string()),
        ..nothing(target)
    }
}

fn nothing(target: &Target) -> ProfileStatus {
    ProfileStatus {
        profile: target.profile.clone(),
        provider: target.descriptor.id.clone(),
        origin: None,
        source: None,
        state: State::None,
        kind: None,
        expires_at: None,
        refreshable: false,
        problem: None,
    }
}

fn state(context: &Context, target: &Target, selected: &Selected) -> State {
    let Some(stored) = selected
        .stored
        .as_ref()
        .filter(|stored| stored.expires_at().is_some())
    else {
        return State::Unverified;
    };
    match stored
        .expiry
        .at(context.moment_for(stored), SignedDuration::ZERO)
    {
        Freshness::Fresh | Freshness::Expiring => State::Valid,
        Freshness::Expired if renewable(&target.descriptor, stored) => State::ExpiredRefreshable,
        Freshness::Expired => State::Expired,
    }
}
