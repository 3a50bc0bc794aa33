//! What a rotation is asked for, and what it returns.

use std::path::Path;

use super::narrow_plan::NarrowPlan;
use super::rights::RightsComparison;
use crate::domain::{ApiToken, Secret, TokenFact, TokenId};
use crate::vault::SecretDestination;

/// Which token is rotated, and what may change.
#[derive(Debug, Clone, Copy)]
pub struct RotationRequest<'a> {
    pub id: &'a TokenId,
    /// Without any target, those of an earlier rotation, or the profile's stored key.
    pub targets: &'a [SecretDestination],
    /// The facts that may become wider.
    pub accepted: &'a [TokenFact],
    /// Whether the value in a file is replaced although it may not be the token's, or is missing.
    pub replaces_unknown: bool,
    /// The rights of the new token, if they are fewer.
    pub narrowed: Option<&'a NarrowPlan>,
}

impl<'a> RotationRequest<'a> {
    /// The rotation of token `id`, where it is known to be used, to one with no more rights.
    pub fn new(id: &'a TokenId) -> Self {
        Self {
            id,
            targets: &[],
            accepted: &[],
            replaces_unknown: false,
            narrowed: None,
        }
    }
}

#[derive(Debug)]
pub struct RotationResult {
    /// The revoked token.
    pub old: TokenId,
    pub new: ApiToken,
    pub targets: Vec<SecretDestination>,
    pub secret: Secret,
    /// Whether an earlier run had started the rotation.
    pub resumed: bool,
    /// `None` if an earlier run compared the rights.
    pub comparison: Option<RightsComparison>,
}

impl RotationResult {
    /// Returns `true` if the secret is only in the profile, so that it is shown.
    pub fn is_shown(&self) -> bool {
        self.targets == [SecretDestination::Profile]
    }

    /// Returns the env file, if it is the only target.
    pub fn env_file(&self) -> Option<&Path> {
        match self.targets.as_slice() {
            [SecretDestination::EnvFile(path) | SecretDestination::EnvVariable { path, .. }] => {
                Some(path)
            }
            _ => None,
        }
    }
}
