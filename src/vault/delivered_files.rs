//! The files that an interrupted creation has written its secret to.

use super::{ConfigFile, Creation, EnvFile, SecretDestination};
use crate::domain::Secret;

impl Creation {
    /// Returns the files that contain the new secret.
    pub fn files_with_secret(&self) -> Vec<SecretDestination> {
        let Some(fingerprint) = &self.fingerprint else {
            return Vec::new();
        };
        let files = self.targets.iter().filter(|target| {
            let secret = read_secret(target);
            secret.is_some_and(|secret| secret.has_fingerprint(fingerprint))
        });
        files.cloned().collect()
    }
}

fn read_secret(target: &SecretDestination) -> Option<Secret> {
    match target {
        SecretDestination::EnvVariable { path, variable } => {
            EnvFile::open(path).ok()?.get(variable).ok()?
        }
        SecretDestination::Config(entry) => ConfigFile::open(entry).ok()?.get().ok()?,
        _ => None,
    }
}
