//! Reads the nearest `.brainmaps.toml`, which selects the profile of a directory or declares it local.

use std::path::PathBuf;

use serde::Deserialize;

use super::SearchScope;
use crate::domain::{ProfileName, sanitize_line};
use crate::files::{FileError, InvalidToml, Requirements, parse_toml};

pub const PROJECT_FILE: &str = ".brainmaps.toml";

const REQUIREMENTS: Requirements = Requirements::unchangeable_by_others(64 * 1024);

/// A project file of the user that cannot be used. Ignoring it would use a credential that the user did not choose.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// Other users can write to the file, or it cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    #[error("`{}` is invalid: {error}", sanitize_line(&path.to_string_lossy()))]
    Invalid { path: PathBuf, error: InvalidToml },
    #[error("`{}` must contain either profile = \"NAME\" or local = true", sanitize_line(&path.to_string_lossy()))]
    NotExactlyOne { path: PathBuf },
}

impl ProjectError {
    /// Returns the command that fixes the file, if one command does.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::File(error) => error.hint(),
            Self::Invalid { .. } | Self::NotExactlyOne { .. } => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProjectBinding {
    Profile(ProfileName),
    /// The directory needs no credential and no network.
    Local,
}

impl ProjectBinding {
    pub fn to_toml(&self) -> String {
        match self {
            Self::Profile(name) => format!("profile = \"{name}\"\n"),
            Self::Local => "local = true\n".to_owned(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    pub path: PathBuf,
    pub binding: ProjectBinding,
}

/// The members of the file. Unknown ones, such as a URL or a key, are errors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProjectFile {
    profile: Option<ProfileName>,
    #[serde(default)]
    local: bool,
}

/// Returns the path of the nearest project file in `scope` without reading it.
pub fn find_path(scope: &SearchScope<'_>) -> Option<PathBuf> {
    scope.nearest_path(PROJECT_FILE)
}

/// Reads the nearest project file in `scope`.
///
/// # Errors
/// [`ProjectError`] if the file cannot be used.
pub fn read_nearest(scope: &SearchScope<'_>) -> Result<Option<Project>, ProjectError> {
    let Some((path, file)) = scope.nearest(PROJECT_FILE, &REQUIREMENTS)? else {
        return Ok(None);
    };
    let written: ProjectFile = match parse_toml(&file.read_text()?) {
        Ok(written) => written,
        Err(error) => return Err(ProjectError::Invalid { path, error }),
    };
    let bound = match (written.profile, written.local) {
        (Some(name), false) => ProjectBinding::Profile(name),
        (None, true) => ProjectBinding::Local,
        _ => return Err(ProjectError::NotExactlyOne { path }),
    };
    Ok(Some(Project {
        path,
        binding: bound,
    }))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn bound(text: &str) -> Result<Option<ProjectBinding>, String> {
        let folder = tempfile::tempdir().unwrap();
        #[expect(
            clippy::disallowed_methods,
            reason = "the test plays the user's editor"
        )]
        fs::write(folder.path().join(PROJECT_FILE), text).unwrap();
        let below = folder.path().join("a/b");
        fs::create_dir_all(&below).unwrap();
        let found =
            read_nearest(&SearchScope::new(&below, None)).map_err(|error| error.to_string())?;
        Ok(found.map(|project| project.binding))
    }

    #[test]
    fn project_file_has_either_a_profile_or_local() {
        let work = ProjectBinding::Profile("work".parse().unwrap());
        for side in [work.clone(), ProjectBinding::Local] {
            assert_eq!(bound(&side.to_toml()).unwrap(), Some(side));
        }
        assert_eq!(
            bound("profile = \"work\"\nlocal = false").unwrap(),
            Some(work)
        );
        for (wrong, says) in [
            ("", "either"),
            ("local = false", "either"),
            ("profile = \"a\"\nlocal = true", "either"),
            ("profile = \"../a\"", "line 1"),
            ("profile = \"a\"\napi_url = \"https://evil.test\"", "line 2"),
            ("[x", "line 1"),
        ] {
            let error = bound(wrong).unwrap_err();
            assert!(
                error.contains(says) && error.contains(PROJECT_FILE),
                "{error}"
            );
        }
    }

    #[test]
    fn directory_and_dangling_link_are_errors() {
        let folder = tempfile::tempdir().unwrap();
        let scope = || SearchScope::new(folder.path(), None);
        assert_eq!(find_path(&scope()), None);
        let path = folder.path().join(PROJECT_FILE);
        std::os::unix::fs::symlink("nowhere", &path).unwrap();
        assert!(matches!(
            read_nearest(&scope()),
            Err(ProjectError::File(FileError::Io { .. }))
        ));
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(matches!(
            read_nearest(&scope()),
            Err(ProjectError::File(FileError::IsADirectory { .. }))
        ));
    }
}
