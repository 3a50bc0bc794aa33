//! The targets that the secret of a token was written to, which the next rotation writes to as well.

use crate::actions::token::lookup::NamedToken;
use crate::actions::token::revoked_env_key::RejectedEnvKey;
use crate::actions::{ActionError, Context, ProfileSession};
use crate::domain::{Origin, ProfileName, TokenId};
use crate::vault::{RememberedTargets, RememberedToken, SecretDestination};

impl ProfileSession<'_> {
    /// Returns the remembered targets of the profile's tokens.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn remembered_targets(self) -> Result<Vec<RememberedTargets>, ActionError> {
        let mut all = self.vault().remembered_targets()?;
        let base = self.target.base()?;
        all.retain(|entry| entry.token == self.remembered_token(&base.origin(), &entry.token.id));
        Ok(all)
    }

    /// Returns the remembered targets of the token with this id, name or beginning of an id; `None` if several match.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn find_remembered(self, id: &TokenId) -> Result<Option<RememberedTargets>, ActionError> {
        let mut all = self.remembered_targets()?;
        if let Some(exact) = all.iter().position(|entry| entry.token.id == *id) {
            return Ok(Some(all.swap_remove(exact)));
        }
        let calls = &self.target.descriptor.tokens;
        all.retain(|entry| {
            let token = NamedToken {
                id: &entry.token.id,
                name: entry.name.as_deref(),
            };
            token.is_named_by(calls, id)
        });
        Ok(all.pop().filter(|_| all.is_empty()))
    }

    /// Returns the remembered targets of these tokens.
    pub(super) fn targets_of(self, ids: &[TokenId]) -> Vec<SecretDestination> {
        let all = self.remembered_targets().unwrap_or_default();
        let of_ids = all.into_iter().filter(|it| ids.contains(&it.token.id));
        of_ids.flat_map(|entry| entry.targets).collect()
    }

    fn remembered_token(self, origin: &Origin, id: &TokenId) -> RememberedToken {
        RememberedToken {
            profile: self.target.name.clone(),
            provider: self.target.descriptor.id.clone(),
            kind: self.target.descriptor.tokens.kind.clone(),
            origin: origin.clone(),
            id: id.clone(),
        }
    }

    /// Records `targets` for the token in place of what is known about it and about the token that it replaces. A failure is
    /// a warning.
    pub(super) async fn remember_targets(
        self,
        named: NamedToken<'_>,
        replaced: Option<&TokenId>,
        targets: &[SecretDestination],
    ) {
        let Ok(base) = self.target.base() else {
            return;
        };
        let token = self.remembered_token(&base.origin(), named.id);
        let old = replaced.map(|id| self.remembered_token(&base.origin(), id));
        // The profile's own key needs no record, and a secret id is a key.
        let is_needed = *targets != [SecretDestination::Profile]
            && !targets.is_empty()
            && !self.target.descriptor.tokens.fields.id_is_secret;
        let entry = RememberedTargets {
            token: token.clone(),
            name: named.name.map(str::to_owned),
            since: self.context.now(),
            targets: targets.to_vec(),
        };
        let change = |all: &mut Vec<RememberedTargets>| {
            all.retain(|it| it.token != token && Some(&it.token) != old.as_ref());
            all.extend(is_needed.then_some(entry));
        };
        update(self.context, change).await;
    }
}

/// Warns of the targets of revoked tokens, except for the key `reported`, which another warning names.
pub(super) fn warn_about_targets(
    context: &Context,
    mut targets: Vec<SecretDestination>,
    reported: Option<&RejectedEnvKey>,
) {
    let is_reported = |target: &SecretDestination| match target {
        // Another warning reports the profile's own key.
        SecretDestination::Profile => true,
        SecretDestination::EnvFile(path) => reported.is_some_and(|it| it.path == *path),
        SecretDestination::EnvVariable { path, variable } => {
            reported.is_some_and(|it| (&it.path, &it.variable) == (path, variable))
        }
        SecretDestination::Config(_) | SecretDestination::Command(_) => false,
    };
    targets.retain(|target| !is_reported(target));
    let targets: Vec<String> = targets.iter().map(ToString::to_string).collect();
    match targets.as_slice() {
        [] => {}
        [one] => context.warn(format!("{one} still has the key, which is now revoked")),
        several => context.warn(format!(
            "these targets still have keys that are now revoked: {}",
            several.join(", ")
        )),
    }
}

/// Forgets the targets of the profile's tokens that are revoked, or whose secret was written to none.
pub(super) async fn forget(session: ProfileSession<'_>, origin: &Origin, ids: &[TokenId]) {
    let tokens = ids.iter().map(|id| session.remembered_token(origin, id));
    let tokens: Vec<RememberedToken> = tokens.collect();
    let forget = |all: &mut Vec<RememberedTargets>| all.retain(|it| !tokens.contains(&it.token));
    update(session.context, forget).await;
}

/// Forgets the targets of a deleted profile.
pub(crate) async fn forget_profile(context: &Context, profile: &ProfileName) {
    update(context, |all| all.retain(|it| it.token.profile != *profile)).await;
}

/// Keeps the targets of a profile under its new name.
pub(crate) async fn rename_profile(context: &Context, old: &ProfileName, new: &ProfileName) {
    let rename = |all: &mut Vec<RememberedTargets>| {
        for entry in all.iter_mut().filter(|it| it.token.profile == *old) {
            entry.token.profile = new.clone();
        }
    };
    update(context, rename).await;
}

/// Changes the record. A failure is a warning.
async fn update(context: &Context, change: impl FnOnce(&mut Vec<RememberedTargets>)) {
    if let Err(error) = context.vault.update_remembered_targets(change).await {
        context.warn(format!("cannot update the targets of tokens: {error}"));
    }
}
