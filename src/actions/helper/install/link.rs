//! Links to this program, by whose names other programs start it.

use std::io;
use std::path::{Path, PathBuf};

use super::{Installation, Plan, Step};
use crate::actions::InstallError;
use crate::domain::quote_for_shell;
use crate::files::{FileError, link_target};

/// Below the home directory, for programs that get an absolute path.
const LIBRARY: &str = ".local/lib/brainmaps";

impl Installation<'_> {
    /// Returns the path of the link `name`, by default in the directory `default` below the home directory.
    pub(super) fn link_path(&self, name: &str, default: &str) -> Result<PathBuf, InstallError> {
        let directory = match &self.directory {
            Some(directory) => directory.clone(),
            None => self.home()?.join(default),
        };
        Ok(directory.join(name))
    }

    /// As [`Installation::link_path`], for programs that get an absolute path.
    pub(super) fn library_link(&self, name: &str) -> Result<PathBuf, InstallError> {
        self.link_path(name, LIBRARY)
    }

    /// Adds the link to `plan` unless it is there.
    pub(super) fn plan_link(&self, plan: &mut Plan, path: PathBuf) -> Result<(), InstallError> {
        let present = self.own_target(&path)?;
        if present.as_ref() != Some(&self.program) {
            let target = self.program.clone();
            plan.steps.push(Step::Link { path, target });
        }
        Ok(())
    }

    /// Adds a line about `PATH` to `plan` if programs do not find `link`.
    pub(super) fn note_search_path(&self, plan: &mut Plan, link: &Path) {
        let directory = link.parent().unwrap_or(link);
        let directories = self.environment().paths("PATH");
        if !directories.iter().any(|it| it == directory) {
            let quoted = quote_for_shell(&directory.to_string_lossy());
            plan.remaining
                .push(format!("export PATH={quoted}:\"$PATH\""));
        }
    }

    /// Adds the removal of a link to this program to `plan`.
    pub(super) fn plan_unlink(&self, plan: &mut Plan, path: PathBuf) {
        if let Ok(Some(_)) = self.own_target(&path) {
            plan.steps.push(Step::Unlink { path });
        }
    }

    /// Returns the target of a link to this program, which may have been elsewhere then; `None` if nothing is there.
    fn own_target(&self, path: &Path) -> Result<Option<PathBuf>, InstallError> {
        let other = || InstallError::NotOwnLink {
            path: path.to_owned(),
        };
        match link_target(path) {
            Ok(Some(target)) if target == self.program || is_own_program(&target) => {
                Ok(Some(target))
            }
            Ok(None) => Ok(None),
            Ok(Some(_)) => Err(other()),
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Err(other()),
            Err(error) => Err(InstallError::Read(FileError::io("read", path)(error))),
        }
    }
}

fn is_own_program(target: &Path) -> bool {
    let name = target.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name.starts_with("brainmaps"))
}
