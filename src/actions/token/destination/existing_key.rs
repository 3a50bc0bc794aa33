//! The keys that a new one would replace, so that the user can be asked before it is created.

use std::path::PathBuf;

use super::config::ConfigTarget;
use super::env_file::{EnvVariable, SecretTarget};
use crate::actions::{ActionError, ProfileSession};
use crate::vault::SecretDestination;

/// A key in a file of the user.
#[derive(Debug)]
pub struct ExistingKey {
    pub path: PathBuf,
    /// The variable, or the path of the value in the file.
    pub name: String,
}

impl ProfileSession<'_> {
    /// Returns the key that is already at `place`. Sends nothing.
    ///
    /// # Errors
    /// If the file cannot be written, or the service has no variable for its key.
    pub fn find_existing_key(
        self,
        place: &SecretDestination,
    ) -> Result<Option<ExistingKey>, ActionError> {
        if let SecretDestination::Config(place) = place {
            let target = ConfigTarget::open(self.context, place)?;
            let found = target.previous_value().map(|_| ExistingKey {
                path: target.path().to_owned(),
                name: target.key().to_owned(),
            });
            return Ok(found);
        }
        match SecretTarget::of_place(place) {
            Some(wanted) => Ok(EnvVariable::open(self, &wanted)?.existing_key()),
            None => Ok(None),
        }
    }
}
