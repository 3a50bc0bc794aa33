//! The profiles that store a found key. Only their servers receive the key.

use super::known::StoredProfile;
use crate::actions::credential::revoke_session::can_revoke_session;
use crate::actions::{Context, ProfileSession, Target};
use crate::domain::{BaseUrl, CredentialKind, Origin, Secret, StoredCredential};
use crate::vault::ProfileIndex;

/// A profile whose credential or refresh token is the found key.
pub(super) struct Holder {
    pub(super) target: Target,
    pub(super) stored: StoredCredential,
    /// Whether the server revokes the session when the profile signs out. An API key is not a session.
    pub(super) is_session: bool,
}

impl Holder {
    /// Returns `None` if the description of the profile cannot be used.
    pub(super) fn new(
        context: &Context,
        index: &ProfileIndex,
        profile: &StoredProfile,
    ) -> Option<Self> {
        let stored = profile.credential.clone();
        let name = profile.name.clone();
        let mut target = Target::for_stored_profile(context, index, name, false).ok()?;
        let base = configured_base_at(context.session(&target), &stored.origin);
        target.base = base.or_else(|| base_of(&stored.origin));
        let is_session = stored.credential.kind != CredentialKind::ApiKey
            && can_revoke_session(context.session(&target), &stored);
        Some(Self {
            target,
            stored,
            is_session,
        })
    }

    /// Returns `true` if `key` is the refresh token of the profile, which no API request is sent with.
    pub(super) fn has_refresh_token(&self, key: &Secret) -> bool {
        self.stored.credential.secret != *key
    }
}

/// Returns the base URL of the profile at `origin`, if the profile is configured for it. A variable or a setting can name
/// another server than the one of a key.
pub(super) fn configured_base_at(session: ProfileSession<'_>, origin: &Origin) -> Option<BaseUrl> {
    let ProfileSession { context, target } = session;
    let bases = [target.base.clone(), target.configured_base(context)];
    let mut bases = bases.into_iter().flatten();
    bases.find(|base| base.origin() == *origin)
}

pub(super) fn base_of(origin: &Origin) -> Option<BaseUrl> {
    origin.to_string().parse().ok()
}
