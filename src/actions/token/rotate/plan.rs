//! Chooses the targets of a rotation: those that the user named, else those that an earlier rotation wrote to, else the
//! profile's stored key.

use crate::actions::{ActionError, Context, Event, ProfileSession, RotationError};
use crate::domain::TokenId;
use crate::vault::SecretDestination;

/// The targets of a rotation, at least one.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) targets: Vec<SecretDestination>,
    /// The token that the targets are remembered for; `None` if the user named them.
    remembered_for: Option<TokenId>,
    /// The remembered targets, which have the old key.
    pub(super) before: Vec<SecretDestination>,
}

impl Plan {
    pub(super) fn new(
        session: ProfileSession<'_>,
        id: &TokenId,
        named: &[SecretDestination],
    ) -> Result<Self, ActionError> {
        let found = session.find_remembered(id)?;
        if !named.is_empty() {
            return Ok(Self {
                targets: named.to_vec(),
                remembered_for: None,
                before: found.map_or_else(Vec::new, |found| found.targets),
            });
        }
        let Some(found) = found else {
            return Ok(Self {
                targets: vec![SecretDestination::Profile],
                remembered_for: None,
                before: Vec::new(),
            });
        };
        let shown = found.targets.iter().map(ToString::to_string).collect();
        session.context.emit(&Event::RememberedTargets(shown));
        Ok(Self {
            targets: found.targets.clone(),
            remembered_for: Some(found.token.id),
            before: found.targets,
        })
    }

    /// Returns `true` for the profile's stored key or one env file. Whether it holds the new key shows what to do after an
    /// interruption, so that the secret is not recorded.
    pub(super) fn is_single(&self) -> bool {
        is_single(&self.targets)
    }

    pub(super) fn is_remembered(&self) -> bool {
        self.remembered_for.is_some()
    }

    /// Returns `true` without named and remembered targets.
    pub(super) fn is_default(&self) -> bool {
        self.remembered_for.is_none() && self.targets == [SecretDestination::Profile]
    }

    /// Fails if the remembered targets are of another token than the one that the service lists.
    pub(super) fn check_token(&self, listed: &TokenId) -> Result<(), RotationError> {
        match &self.remembered_for {
            Some(id) if id != listed => Err(RotationError::RememberedForOther {
                id: listed.to_string(),
                other: id.to_string(),
            }),
            _ => Ok(()),
        }
    }

    /// Adds the profile's stored key if it belongs to the token, because it stops working with the token. Returns `true` if it
    /// was added.
    pub(super) fn include_stored_key(&mut self, session: ProfileSession<'_>, id: &TokenId) -> bool {
        let is_missing = !self.targets.contains(&SecretDestination::Profile);
        let is_included =
            !self.is_single() && is_missing && session.uses_one_of(std::slice::from_ref(id));
        if is_included {
            self.targets.push(SecretDestination::Profile);
        }
        is_included
    }

    /// Returns the destination for the journal, one whose key can be read if there is one: whether it has the new key decides how
    /// an interrupted rotation is recovered.
    pub(super) fn journal_destination(&self) -> SecretDestination {
        let is_readable =
            |target: &&SecretDestination| !matches!(target, SecretDestination::Command(_));
        let first = self
            .targets
            .iter()
            .find(is_readable)
            .or(self.targets.first());
        first.cloned().unwrap_or(SecretDestination::Profile)
    }
}

/// Warns of targets that had the old key `before`, and have not got the new one.
pub(super) fn warn_about_omitted(
    context: &Context,
    before: &[SecretDestination],
    written: &[SecretDestination],
) {
    let omitted = before.iter();
    let omitted = omitted.filter(|target| !contains_target(written, target));
    let omitted: Vec<String> = omitted.map(ToString::to_string).collect();
    let text = match omitted.as_slice() {
        [] => return,
        [one] => format!("{one} still has the old key, which is now revoked"),
        several => {
            let list = several.join(", ");
            format!("these targets still have the old key, which is now revoked: {list}")
        }
    };
    context.warn(text);
}

pub(super) fn contains_target(targets: &[SecretDestination], searched: &SecretDestination) -> bool {
    targets.iter().any(|target| target.is_same_target(searched))
}

pub(super) fn is_single(targets: &[SecretDestination]) -> bool {
    use SecretDestination::{EnvFile, Profile};
    matches!(targets, [] | [Profile | EnvFile(_)])
}
