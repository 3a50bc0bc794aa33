//! The directories of the program.

use std::io::ErrorKind;

use super::App;
use crate::actions::has_environment_key_of_any;
use crate::cli::failure::{Code, Failure};
use crate::host::{Paths, PathsError};
use crate::provider::Catalog;

impl App {
    /// Returns the directories. A key in the environment needs none: without a home directory, or with one of another
    /// user, nothing is stored.
    pub(crate) fn paths(&self) -> Result<Paths, Failure> {
        let nowhere = Paths::nowhere();
        let needs_none = || self.has_key_in_environment(&nowhere);
        match Paths::resolve(&self.environment) {
            Err(PathsError::NoHome) if needs_none() => Ok(nowhere),
            Err(error @ PathsError::NoHome) => Err(Failure::new(Code::Storage, error.to_string())),
            Err(error @ PathsError::Relative) => Err(Failure::new(Code::Config, error.to_string())),
            Ok(paths) if is_unsearchable(&paths) && needs_none() => Ok(paths.without_config()),
            Ok(paths) => Ok(paths),
        }
    }

    fn has_key_in_environment(&self, paths: &Paths) -> bool {
        let catalog = Catalog::new(paths.providers_dir());
        has_environment_key_of_any(&self.environment, &self.secret_files, &catalog)
    }
}

/// Returns `true` if this user may not open files in the configuration directory.
fn is_unsearchable(paths: &Paths) -> bool {
    let metadata = std::fs::symlink_metadata(paths.config_file());
    metadata.is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
}
