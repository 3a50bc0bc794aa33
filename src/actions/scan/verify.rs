//! The keys that may be sent to their services, and whether the services still accept them.

use std::collections::BTreeMap;

use futures_util::StreamExt as _;
use futures_util::stream;
use serde::Serialize;

use super::known::{StoredProfile, stored_profiles};
use super::profile::Holder;
use crate::actions::credential::fixed_credential::{fetch_identity, fetch_stored_identity};
use crate::actions::{ActionError, Context, MAX_CONCURRENT, ProfileSession, ScanError, Target};
use crate::domain::{
    Credential, CredentialKind, Origin, ProfileName, ProviderId, StoredCredential,
};
use crate::scan::{Finding, KeyKind};
use crate::vault::{Profile, ProfileIndex};

/// Whether the service of a key still accepts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    Live,
    /// No longer accepted, or a JWT that expired.
    Revoked,
    /// The service has no call for it or cannot be reached, or the key may belong to several services.
    Unknown,
}

/// The states of keys, by fingerprint.
pub type KeyStates = BTreeMap<String, KeyState>;

/// A found key with the service that it may be sent to.
pub struct FoundKey {
    target: Target,
    finding: Finding,
    /// The credential of a profile that the key is a part of.
    stored: Option<StoredCredential>,
    /// The profiles whose logout revokes the key.
    sessions: Vec<Target>,
}

impl FoundKey {
    /// Returns one of the places where the key was found.
    pub fn finding(&self) -> &Finding {
        &self.finding
    }

    pub fn fingerprint(&self) -> String {
        self.finding.fingerprint()
    }

    /// Returns the server that the key is sent to.
    pub fn origin(&self) -> Option<Origin> {
        self.target
            .base
            .as_ref()
            .map(crate::domain::BaseUrl::origin)
    }

    pub(super) fn session<'a>(&'a self, context: &'a Context) -> ProfileSession<'a> {
        context.session(&self.target)
    }

    /// Returns the name of the service.
    pub(super) fn service(&self) -> &str {
        &self.target.descriptor.name
    }

    pub(super) fn provider(&self) -> &ProviderId {
        &self.target.descriptor.id
    }

    pub(super) fn sessions(&self) -> &[Target] {
        &self.sessions
    }

    /// Returns the profiles that are signed out to revoke the key.
    pub fn profiles(&self) -> impl Iterator<Item = &ProfileName> {
        self.sessions.iter().map(|target| &target.name)
    }

    /// Returns `true` for a part of a credential that no request of the API is sent with.
    pub(super) fn is_refresh_token(&self) -> bool {
        let stored = self.stored.as_ref();
        stored.is_some_and(|stored| stored.credential.secret != self.finding.key)
    }

    pub(super) fn credential(&self) -> Credential {
        let kind = match (&self.stored, self.finding.kind) {
            (Some(stored), _) => stored.credential.kind,
            (None, KeyKind::Jwt) => CredentialKind::AccessToken,
            (None, KeyKind::ApiKey | KeyKind::Opaque) => CredentialKind::ApiKey,
        };
        let secret = self.finding.key.clone();
        Credential { kind, secret }
    }

    fn can_be_verified(&self) -> bool {
        let descriptor = &self.target.descriptor;
        let has_header = descriptor.header(self.credential().kind).is_some();
        descriptor.whoami.is_some() && has_header && !self.is_refresh_token()
    }
}

/// Returns each key once, if it belongs to one service and has not expired. Each is sent to that service only.
///
/// # Errors
/// If an option names one server for the keys of all services.
pub fn found_keys(context: &Context, findings: &[Finding]) -> Result<Vec<FoundKey>, ActionError> {
    if context.options.api_url.is_some() {
        return Err(ScanError::OneServer.into());
    }
    let index = context.vault.index().unwrap_or_default();
    let profiles = stored_profiles(context);
    let now = context.now();
    let mut keys = BTreeMap::new();
    for finding in findings {
        let is_expired = finding.expires_at.is_some_and(|expiry| expiry <= now);
        let fingerprint = finding.fingerprint();
        if is_expired || keys.contains_key(&fingerprint) {
            continue;
        }
        if let Some(key) = found_key(context, &index, &profiles, finding) {
            keys.insert(fingerprint, key);
        }
    }
    Ok(keys.into_values().collect())
}

/// A key that profiles store belongs to their servers, whatever the profile of its service has.
fn found_key(
    context: &Context,
    index: &ProfileIndex,
    profiles: &[StoredProfile],
    finding: &Finding,
) -> Option<FoundKey> {
    let profiles = profiles.iter().filter(|it| it.contains(&finding.key));
    let holders = profiles.filter_map(|profile| Holder::new(context, index, profile));
    let mut holders: Vec<Holder> = holders.collect();
    // A session is revoked where that is possible.
    holders.sort_by_key(|holder| !holder.can_sign_out(context));
    let sessions = holders.iter().filter(|it| it.can_sign_out(context));
    let sessions = sessions.map(|holder| holder.target.clone()).collect();
    let first = holders.into_iter().next();
    let (target, stored) = match first {
        Some(Holder { target, stored }) => (target, Some(stored)),
        None => (target_of(context, index, finding.provider()?)?, None),
    };
    Some(FoundKey {
        target,
        finding: finding.clone(),
        stored,
        sessions,
    })
}

/// Returns the service as its profile is configured. A profile of that name can belong to another service; then the
/// service's own description applies.
fn target_of(context: &Context, index: &ProfileIndex, provider: &ProviderId) -> Option<Target> {
    let name: ProfileName = provider.as_str().parse().ok()?;
    let kept = index.profiles.get(&name).cloned();
    let own = kept.filter(|profile| profile.provider == *provider);
    let profile = own.unwrap_or_else(|| Profile::new(provider.clone()));
    let target = Target::from_profile(context, name, profile).ok()?;
    (target.descriptor.id == *provider).then_some(target)
}

/// Sends each key to its service and returns the states of all findings.
pub async fn verify_keys(context: &Context, findings: &[Finding], keys: &[FoundKey]) -> KeyStates {
    let now = context.now();
    let offline = findings.iter().map(|finding| {
        let is_expired = finding.expires_at.is_some_and(|expiry| expiry <= now);
        let state = if is_expired {
            KeyState::Revoked
        } else {
            KeyState::Unknown
        };
        (finding.fingerprint(), state)
    });
    let mut states: KeyStates = offline.collect();
    let verifications = keys
        .iter()
        .map(|key| async { (key.fingerprint(), verify(context, key).await) });
    let verified: Vec<_> = stream::iter(verifications)
        .buffer_unordered(MAX_CONCURRENT)
        .collect()
        .await;
    states.extend(verified);
    states
}

pub(super) async fn verify(context: &Context, key: &FoundKey) -> KeyState {
    let Some(base) = key.target.base.as_ref().filter(|_| key.can_be_verified()) else {
        return KeyState::Unknown;
    };
    let session = key.session(context);
    let identity = match &key.stored {
        Some(stored) => Box::pin(fetch_stored_identity(session, stored)).await,
        None => fetch_identity(session, base, key.credential()).await,
    };
    match identity {
        Ok(_) => KeyState::Live,
        Err(ActionError::CredentialRejected { .. }) => KeyState::Revoked,
        Err(error) => {
            let fingerprint = key.fingerprint();
            context.warn(format!("cannot verify the key {fingerprint}: {error}"));
            KeyState::Unknown
        }
    }
}
