//! The profiles that store a found key: only their servers receive it.

use super::known::StoredProfile;
use crate::actions::credential::revoke_session::can_revoke_session;
use crate::actions::{Context, Target};
use crate::domain::{CredentialKind, StoredCredential};
use crate::vault::ProfileIndex;

/// A profile whose credential or refresh token is the found key.
pub(super) struct Holder {
    pub(super) target: Target,
    pub(super) stored: StoredCredential,
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
        // A variable or a setting can name another server than the one of the stored credential.
        let bases = [
            target.base.take(),
            target.configured_base(context),
            stored.origin.to_string().parse().ok(),
        ];
        let mut bases = bases.into_iter().flatten();
        target.base = bases.find(|base| base.origin() == stored.origin);
        Some(Self { target, stored })
    }

    /// Returns `true` if the server revokes the session when the profile signs out. An API key is not a session.
    pub(super) fn can_sign_out(&self, context: &Context) -> bool {
        let is_session = self.stored.credential.kind != CredentialKind::ApiKey;
        is_session && can_revoke_session(context.session(&self.target), &self.stored)
    }
}
