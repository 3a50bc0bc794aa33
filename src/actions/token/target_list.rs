//! The remembered targets of a profile's tokens, as users read them.

use crate::actions::{ActionError, ProfileSession};
use crate::domain::TokenId;

/// Where the key of a token was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenTargets {
    pub id: TokenId,
    /// For an env file, its path.
    pub targets: Vec<String>,
}

impl ProfileSession<'_> {
    /// Lists the remembered targets of each token of the profile.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn list_token_targets(self) -> Result<Vec<TokenTargets>, ActionError> {
        let all = self.remembered_targets()?.into_iter();
        let shown = all.map(|entry| TokenTargets {
            id: entry.token.id,
            targets: entry.targets.iter().map(ToString::to_string).collect(),
        });
        Ok(shown.collect())
    }
}
