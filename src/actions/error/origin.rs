//! Errors that prevent sending or storing a secret for the wrong server.

use super::ActionError;
use crate::domain::{Origin, ProfileName, ProviderId};

#[derive(Debug, thiserror::Error)]
pub enum OriginError {
    #[error(
        "cannot sign in to {} as profile \"{}\": it holds a session for {}, which would be replaced",
        .0.new, .0.profile, .0.old
    )]
    WouldReplace(Replacement),
    #[error("cannot create a profile for \"{issuer}\": profile \"{name}\" already exists")]
    IssuerProfileTaken { issuer: String, name: String },
    #[error("cannot create a profile for \"{resource}\": profile \"{name}\" already exists")]
    ResourceProfileTaken { resource: String, name: String },
}

/// A stored credential of another server that a login would replace.
#[derive(Debug, Clone)]
pub struct Replacement {
    pub profile: ProfileName,
    pub old: Origin,
    pub new: Origin,
    pub provider: ProviderId,
}

impl Replacement {
    /// Returns the question whether to sign in nevertheless.
    pub fn question(&self) -> String {
        format!(
            "Profile \"{}\" is signed in at {}. Replace that session with one at {}?",
            self.profile, self.old, self.new
        )
    }
}

impl From<Replacement> for ActionError {
    fn from(replacement: Replacement) -> Self {
        OriginError::WouldReplace(replacement).into()
    }
}
