//! Finds out whether services still accept found keys. Sends a key only to the server that it belongs to, and not at all if it
//! may belong to several services.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt as _;
use futures_util::stream;
use serde::Serialize;

use super::known::{StoredProfile, load_stored_profiles};
use super::profile::{Holder, base_of, configured_base_at};
use crate::actions::credential::fixed_credential::{fetch_identity, fetch_stored_identity};
use crate::actions::{ActionError, Context, MAX_CONCURRENT, ProfileSession, ScanError, Target};
use crate::domain::{
    BaseUrl, Credential, CredentialKind, Origin, ProfileName, ProviderId, StoredCredential,
};
use crate::scan::{Finding, KeyKind};
use crate::service::Identity;
use crate::vault::{CreatedKey, CreatedKeys, Profile, ProfileIndex};

/// Whether the service of a key still accepts it. If several services know the key, the last state of them counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// This program revoked it.
    Revoked,
    /// A JWT that expired.
    #[serde(rename = "revoked")]
    Expired,
    /// The service does not accept it. The reason is unknown.
    #[serde(rename = "revoked")]
    Rejected,
    /// The service has no call for it or cannot be reached, or the key may belong to several services.
    Unknown,
    Live,
}

/// The states of keys, by fingerprint.
pub type KeyStates = BTreeMap<String, KeyState>;

/// A found key with the services that it may be sent to.
pub struct FoundKey {
    /// The first of the profiles that store the key, or a profile of its service.
    target: Target,
    finding: Finding,
    /// The profiles that store the key, those whose logout revokes it first.
    holders: Vec<Holder>,
}

impl FoundKey {
    /// Returns one of the places where the key was found.
    pub fn finding(&self) -> &Finding {
        &self.finding
    }

    pub fn fingerprint(&self) -> String {
        self.finding.fingerprint()
    }

    /// Returns the servers that the key is sent to.
    pub fn origins(&self) -> BTreeSet<Origin> {
        let stored = self
            .holders
            .iter()
            .map(|holder| holder.stored.origin.clone());
        stored.chain(origin_of(&self.target)).collect()
    }

    /// Returns the servers that the sessions of the key are revoked at.
    pub fn revocation_servers(&self) -> BTreeSet<String> {
        let sessions = self.holders.iter().filter(|holder| holder.is_session);
        let servers = sessions.filter_map(|holder| holder.stored.oauth_server.as_ref());
        let endpoints = servers.filter_map(|server| server.revocation_endpoint.as_ref());
        let endpoints = endpoints.map(|endpoint| endpoint.origin().ascii_serialization());
        let origins = self.origins().into_iter();
        origins
            .map(|origin| origin.to_string())
            .chain(endpoints)
            .collect()
    }

    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    pub(super) fn session<'a>(&'a self, context: &'a Context) -> ProfileSession<'a> {
        context.session(&self.target)
    }

    pub(super) fn holders(&self) -> &[Holder] {
        &self.holders
    }

    /// Returns the profiles whose logout revokes the key.
    pub(super) fn sessions(&self) -> impl Iterator<Item = &Target> {
        let sessions = self.holders.iter().filter(|holder| holder.is_session);
        sessions.map(|holder| &holder.target)
    }

    /// Returns the profiles that are signed out to revoke the key.
    pub fn profiles(&self) -> impl Iterator<Item = &ProfileName> {
        self.sessions().map(|target| &target.name)
    }

    /// Returns `true` for a refresh token, which no API request is sent with.
    pub(super) fn is_refresh_token(&self) -> bool {
        let mut holders = self.holders.iter();
        holders.any(|holder| holder.has_refresh_token(&self.finding.key))
    }

    pub(super) fn credential(&self) -> Credential {
        let kind = match (self.holders.first(), self.finding.kind) {
            (Some(holder), _) => holder.stored.credential.kind,
            (None, KeyKind::Jwt) => CredentialKind::AccessToken,
            (None, KeyKind::ApiKey | KeyKind::Opaque) => CredentialKind::ApiKey,
        };
        let secret = self.finding.key.clone();
        Credential { kind, secret }
    }
}

pub(super) fn origin_of(target: &Target) -> Option<Origin> {
    target.base.as_ref().map(BaseUrl::origin)
}

/// Returns each key once, if it belongs to one service and has not expired. Each is sent to that service only.
///
/// # Errors
/// If an option names one server for the keys of all services.
pub fn find_sendable_keys(
    context: &Context,
    findings: &[Finding],
) -> Result<Vec<FoundKey>, ActionError> {
    if context.options.api_url.is_some() {
        return Err(ScanError::OneServer.into());
    }
    let targets = KeyTargets {
        context,
        index: context.vault.index().unwrap_or_default(),
        profiles: load_stored_profiles(context),
        created: context.vault.created_keys().unwrap_or_default(),
    };
    let now = context.now();
    let mut keys = BTreeMap::new();
    for finding in findings {
        let is_expired = finding.expires_at.is_some_and(|expiry| expiry <= now);
        let fingerprint = finding.fingerprint();
        if is_expired || keys.contains_key(&fingerprint) {
            continue;
        }
        if let Some(key) = targets.to_found_key(finding) {
            keys.insert(fingerprint, key);
        }
    }
    Ok(keys.into_values().collect())
}

/// Finds the servers of keys.
struct KeyTargets<'a> {
    context: &'a Context,
    index: ProfileIndex,
    profiles: Vec<StoredProfile>,
    created: CreatedKeys,
}

impl KeyTargets<'_> {
    /// Finds the server of a key: the one of the profiles that store it, else the one at which this computer created it, else the
    /// one in the profile of its service.
    fn to_found_key(&self, finding: &Finding) -> Option<FoundKey> {
        let mut holders = self.holders(|profile| profile.contains(&finding.key));
        // A session is revoked where that is possible.
        holders.sort_by_key(|holder| !holder.is_session);
        let target = match (holders.first(), self.created.find(&finding.key)) {
            (Some(holder), _) => holder.target.clone(),
            (None, Some(created)) => self.target_at(created)?,
            (None, None) => self.target_of(finding.provider()?)?,
        };
        Some(FoundKey {
            target,
            finding: finding.clone(),
            holders,
        })
    }

    fn holders(&self, is_wanted: impl Fn(&StoredProfile) -> bool) -> Vec<Holder> {
        let profiles = self.profiles.iter().filter(|profile| is_wanted(profile));
        let holders = profiles.filter_map(|it| Holder::new(self.context, &self.index, it));
        holders.collect()
    }

    /// Returns the service as its profile is configured. A profile of that name can belong to another service; then the
    /// service's own description applies.
    fn target_of(&self, provider: &ProviderId) -> Option<Target> {
        let name: ProfileName = provider.as_str().parse().ok()?;
        let stored = self.index.profiles.get(&name).cloned();
        let own = stored.filter(|profile| profile.provider == *provider);
        let profile = own.unwrap_or_else(|| Profile::new(provider.clone()));
        let target = Target::from_profile(self.context, name, profile).ok()?;
        (target.descriptor.id == *provider).then_some(target)
    }

    /// Returns a profile of the server at which the key was created: the one that created it, if possible, and one
    /// that stores a credential in its file before the others.
    fn target_at(&self, created: &CreatedKey) -> Option<Target> {
        let (provider, origin) = (&created.provider, &created.origin);
        let is_other = |target: &Target| created.profile.as_ref() != Some(&target.name);
        let is_at_origin = |profile: &StoredProfile| {
            let stored = &profile.credential;
            stored.provider == *provider && stored.origin == *origin
        };
        let signed_in = self.holders(is_at_origin).into_iter();
        let signed_in = signed_in.map(|holder| holder.target).min_by_key(is_other);
        let configured = || {
            let names = self.index.profiles.iter();
            let names = names.filter(|(_, profile)| profile.provider == *provider);
            let targets = names.filter_map(|(name, _)| {
                Target::for_profile(self.context, &self.index, name.clone()).ok()
            });
            targets
                .filter(|target| configured_base_at(self.context.session(target), origin).is_some())
                .min_by_key(is_other)
        };
        let target = signed_in.or_else(configured);
        let mut target = target.or_else(|| self.target_of(provider))?;
        let base = configured_base_at(self.context.session(&target), origin);
        target.base = base.or_else(|| base_of(origin));
        Some(target)
    }
}

/// Sends each key to its service and returns the states of all findings.
pub async fn verify_keys(context: &Context, findings: &[Finding], keys: &[FoundKey]) -> KeyStates {
    let now = context.now();
    let offline = findings.iter().map(|finding| {
        let is_expired = finding.expires_at.is_some_and(|expiry| expiry <= now);
        let state = if is_expired {
            KeyState::Expired
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

/// Asks each server that the key belongs to.
async fn verify(context: &Context, key: &FoundKey) -> KeyState {
    let mut origins = BTreeSet::new();
    let mut states = Vec::new();
    for holder in key.holders() {
        if origins.insert(&holder.stored.origin) {
            states.push(verify_at(context, key, holder).await);
        }
    }
    if let Some(state) = states.into_iter().max() {
        return state;
    }
    let session = key.session(context);
    let credential = key.credential();
    let Some(base) = key.target.base.as_ref() else {
        return KeyState::Unknown;
    };
    if !can_be_verified(session, credential.kind) {
        return KeyState::Unknown;
    }
    let identity = Box::pin(fetch_identity(session, base, credential)).await;
    let name = || format!("the key {}", key.fingerprint());
    state_of(context, identity, name)
}

/// Asks the server of a profile that stores the key.
pub(super) async fn verify_at(context: &Context, key: &FoundKey, holder: &Holder) -> KeyState {
    if holder.has_refresh_token(&key.finding.key) {
        return KeyState::Unknown;
    }
    let session = context.session(&holder.target);
    Box::pin(verify_session(session, &holder.stored)).await
}

/// Returns whether the service accepts the stored credential of the profile.
pub(super) async fn verify_session(
    session: ProfileSession<'_>,
    stored: &StoredCredential,
) -> KeyState {
    if !can_be_verified(session, stored.credential.kind) {
        return KeyState::Unknown;
    }
    let identity = Box::pin(fetch_stored_identity(session, stored)).await;
    let name = || format!("the key of profile \"{}\"", session.target.name);
    state_of(session.context, identity, name)
}

fn can_be_verified(session: ProfileSession<'_>, kind: CredentialKind) -> bool {
    let service = &session.target.descriptor;
    service.whoami.is_some() && service.header(kind).is_some()
}

fn state_of(
    context: &Context,
    identity: Result<Identity, ActionError>,
    name: impl FnOnce() -> String,
) -> KeyState {
    match identity {
        Ok(_) => KeyState::Live,
        Err(ActionError::CredentialRejected { .. }) => KeyState::Rejected,
        Err(error) => {
            context.warn(format!("cannot verify {}: {error}", name()));
            KeyState::Unknown
        }
    }
}
