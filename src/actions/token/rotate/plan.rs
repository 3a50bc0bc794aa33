//! Where a rotation writes the new key: what the user named, what an earlier rotation wrote to, or the profile's stored key.

use std::path::Path;

use super::RotationRequest;
use crate::actions::{ActionError, Event, ProfileSession, RotationError};
use crate::domain::TokenId;
use crate::vault::{EnvFileError, Rotation, SecretDestination, TargetState};

/// The targets of a rotation, at least one.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) places: Vec<SecretDestination>,
    /// The token whose targets they are, if the user named none.
    remembered_for: Option<TokenId>,
}

impl RotationRequest<'_> {
    /// Returns the targets that the user named.
    pub(super) fn named(&self) -> Result<Vec<SecretDestination>, EnvFileError> {
        let mut named = Vec::new();
        if let Some(path) = self.env_file {
            if path == Path::new("-") {
                return Err(EnvFileError::Dash);
            }
            let path = std::path::absolute(path).unwrap_or(path.into());
            named.push(SecretDestination::EnvFile(path));
        }
        named.extend_from_slice(self.targets);
        Ok(named)
    }
}

impl Plan {
    pub(super) fn new(
        session: ProfileSession<'_>,
        id: &TokenId,
        named: Vec<SecretDestination>,
    ) -> Result<Self, ActionError> {
        if !named.is_empty() {
            warn_about_omitted(session, id, &named)?;
            return Ok(Self {
                places: named,
                remembered_for: None,
            });
        }
        let Some(found) = session.find_remembered(id)? else {
            return Ok(Self {
                places: vec![SecretDestination::Profile],
                remembered_for: None,
            });
        };
        let shown = found.targets.iter().map(ToString::to_string).collect();
        session.context.emit(&Event::RememberedTargets(shown));
        Ok(Self {
            places: found.targets,
            remembered_for: Some(found.token.id),
        })
    }

    /// Returns `true` for the profile's stored key or one env file. Whether it holds the new key shows what to do after an
    /// interruption, so that the secret is not recorded.
    pub(super) fn is_single(&self) -> bool {
        is_single(&self.places)
    }

    pub(super) fn is_remembered(&self) -> bool {
        self.remembered_for.is_some()
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

    /// Adds the profile's stored key if it belongs to the token: it would stop working.
    pub(super) fn include_stored_key(&mut self, session: ProfileSession<'_>, id: &TokenId) -> bool {
        let is_missing = !self.places.contains(&SecretDestination::Profile);
        let is_included =
            !self.is_single() && is_missing && session.uses_one_of(std::slice::from_ref(id));
        if is_included {
            self.places.push(SecretDestination::Profile);
        }
        is_included
    }

    /// Returns the destination that the journal names: one that can be read.
    pub(super) fn first(&self) -> SecretDestination {
        let is_readable =
            |place: &&SecretDestination| !matches!(place, SecretDestination::Command(_));
        let first = self.places.iter().find(is_readable).or(self.places.first());
        first.cloned().unwrap_or(SecretDestination::Profile)
    }
}

/// Warns of remembered targets that keep the old key.
fn warn_about_omitted(
    session: ProfileSession<'_>,
    id: &TokenId,
    named: &[SecretDestination],
) -> Result<(), ActionError> {
    let found = session.find_remembered(id)?;
    let remembered = found.map_or_else(Vec::new, |found| found.targets);
    let omitted = remembered.iter().filter(|target| !named.contains(target));
    let omitted: Vec<String> = omitted.map(ToString::to_string).collect();
    if !omitted.is_empty() {
        let list = omitted.join(", ");
        session
            .context
            .warn(format!("the old key stays in {list}, and is revoked"));
    }
    Ok(())
}

pub(super) fn is_single(places: &[SecretDestination]) -> bool {
    use SecretDestination::{EnvFile, Profile};
    matches!(places, [] | [Profile | EnvFile(_)])
}

/// Returns the targets of the rotation.
pub(super) fn targets_of(rotation: &Rotation) -> Vec<SecretDestination> {
    if rotation.targets.is_empty() {
        return vec![rotation.destination.clone()];
    }
    let targets = rotation.targets.iter();
    targets.map(|state| state.target.clone()).collect()
}

/// Replaces the open targets of an interrupted rotation by those that the user named. Those that have the new key stay.
pub(super) fn rename_targets(rotation: &mut Rotation, named: &[SecretDestination]) {
    if named.is_empty() {
        return;
    }
    let targets = &mut rotation.targets;
    targets.retain(|state| state.is_written || named.contains(&state.target));
    for target in named {
        if !targets.iter().any(|state| state.target == *target) {
            targets.push(TargetState::new(target, false));
        }
    }
}
