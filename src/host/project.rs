//! Reads the nearest `.brainmaps.toml`, which selects the profile of a directory or declares it local, and has the
//! policy of its audits.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use toml::{Table, Value};

use super::SearchScope;
use crate::domain::{AuditSettings, ProfileName, sanitize_line};
use crate::files::{FileError, InvalidToml, Requirements, parse_toml, read_settings, update_toml};

pub const PROJECT_FILE: &str = ".brainmaps.toml";

/// The member of the file that names the profile.
const PROFILE: &str = "profile";
/// The member of the file that declares the directory local.
const LOCAL: &str = "local";

const REQUIREMENTS: Requirements = Requirements::unchangeable_by_others(64 * 1024);

/// The reason why a project file of the user cannot be used. The file is not ignored, because then a command would use a
/// credential that the user did not choose.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// Other users can write to the file, or it cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    #[error("`{}` is invalid: {error}", sanitize_line(&path.to_string_lossy()))]
    Invalid { path: PathBuf, error: InvalidToml },
    /// Other commands can use the file.
    #[error("[audit] of `{}` is invalid: {error}", sanitize_line(&path.to_string_lossy()))]
    InvalidPolicy { path: PathBuf, error: InvalidToml },
    #[error("`{}` must contain either profile = \"NAME\" or local = true", sanitize_line(&path.to_string_lossy()))]
    NotExactlyOne { path: PathBuf },
}

impl ProjectError {
    /// Returns the command that fixes the file, if one command does.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::File(error) => error.hint(),
            Self::Invalid { .. } | Self::InvalidPolicy { .. } | Self::NotExactlyOne { .. } => {
                Some("correct or delete the file".to_owned())
            }
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
    fn member(&self) -> (&'static str, Value) {
        match self {
            Self::Profile(name) => (PROFILE, Value::String(name.to_string())),
            Self::Local => (LOCAL, Value::Boolean(true)),
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
struct ProjectFile<P = IgnoredAny> {
    profile: Option<ProfileName>,
    #[serde(default)]
    local: bool,
    /// Read by audits only: a mistake in it does not affect other commands.
    audit: Option<P>,
}

/// Returns the path of the nearest project file in `scope` without reading it.
pub fn find_path(scope: &SearchScope<'_>) -> Option<PathBuf> {
    scope.nearest_path(PROJECT_FILE)
}

/// Reads the nearest project file in `scope`. Returns `None` for a file that has only a policy.
///
/// # Errors
/// [`ProjectError`] if the file cannot be used.
pub fn read_nearest(scope: &SearchScope<'_>) -> Result<Option<Project>, ProjectError> {
    let Some((path, file_content)) = parse_nearest::<IgnoredAny>(scope)? else {
        return Ok(None);
    };
    let binding = match (file_content.profile, file_content.local) {
        (Some(name), false) => ProjectBinding::Profile(name),
        (None, true) => ProjectBinding::Local,
        (None, false) if file_content.audit.is_some() => return Ok(None),
        _ => return Err(ProjectError::NotExactlyOne { path }),
    };
    Ok(Some(Project { path, binding }))
}

/// Reads the policy of audits from the nearest project file in `scope`.
///
/// # Errors
/// As [`read_nearest`].
pub fn read_audit_settings(
    scope: &SearchScope<'_>,
) -> Result<Option<(PathBuf, AuditSettings)>, ProjectError> {
    let found = parse_nearest(scope)?;
    Ok(found.and_then(|(path, file_content)| Some((path, file_content.audit?))))
}

fn parse_nearest<P: DeserializeOwned>(
    scope: &SearchScope<'_>,
) -> Result<Option<(PathBuf, ProjectFile<P>)>, ProjectError> {
    let Some((path, file)) = scope.nearest(PROJECT_FILE, &REQUIREMENTS)? else {
        return Ok(None);
    };
    let text = file.read_text()?;
    match parse_toml(&text) {
        Ok(file_content) => Ok(Some((path, file_content))),
        Err(error) if parse_toml::<ProjectFile>(&text).is_ok() => {
            Err(ProjectError::InvalidPolicy { path, error })
        }
        Err(error) => Err(ProjectError::Invalid { path, error }),
    }
}

/// Returns the project file of `directory` with `binding` in place of its own; `None` if it would be empty. Its policy stays,
/// and its comments, except for those above a binding that is removed.
///
/// # Errors
/// If the file cannot be read, or is invalid: it is not replaced.
pub fn rebind(
    directory: &Path,
    binding: Option<&ProjectBinding>,
) -> Result<Option<String>, ProjectError> {
    let text = read_settings(directory, Path::new(PROJECT_FILE), &REQUIREMENTS)?;
    let text = text.as_ref().map_or("", |text| text.as_str());
    let invalid = |error| ProjectError::Invalid {
        path: directory.join(PROJECT_FILE),
        error,
    };
    parse_toml::<ProjectFile>(text).map_err(invalid)?;
    let mut members: Table = parse_toml(text).map_err(invalid)?;
    members.remove(PROFILE);
    members.remove(LOCAL);
    if let Some(binding) = binding {
        let (key, value) = binding.member();
        members.insert(key.to_owned(), value);
    }
    let is_empty = members.is_empty();
    Ok((!is_empty).then(|| update_toml(text, &members)))
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
            let text = rebind(Path::new("/nonexistent"), Some(&side)).unwrap();
            assert_eq!(bound(&text.unwrap()).unwrap(), Some(side));
        }
        assert_eq!(
            bound("profile = \"work\"\nlocal = false").unwrap(),
            Some(work)
        );
        for (wrong, says) in [
            ("", "either"),
            ("profile = \"a\"\nlocal = true\n[audit]", "either"),
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
    fn file_with_only_a_policy_binds_nothing_and_other_commands_ignore_mistakes_in_it() {
        assert_eq!(bound("[audit]\nmax_age = \"30d\"").unwrap(), None);
        let work = ProjectBinding::Profile("work".parse().unwrap());
        let text = "profile = \"work\"\n[audit]\nunknown = 1";
        assert_eq!(bound(text).unwrap(), Some(work));
    }

    #[test]
    fn policy_and_comments_are_kept_when_the_binding_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(PROJECT_FILE);
        let rebound = |text: &str, binding: Option<&ProjectBinding>| {
            #[expect(
                clippy::disallowed_methods,
                reason = "the test plays the user's editor"
            )]
            fs::write(&path, text).unwrap();
            rebind(folder.path(), binding)
        };
        let local = Some(&ProjectBinding::Local);
        let policy = "[audit] # reviewed\nunused = \"20d\"\n";
        let bound = format!("# team\nprofile = \"a\"\n\n{policy}");
        for (text, binding, expected) in [
            ("profile = \"a\"\n", None, None),
            (
                "# team\nprofile = \"a\"\n",
                local,
                Some("# team\nlocal = true\n".to_owned()),
            ),
            (&bound, None, Some(format!("\n{policy}"))),
            (
                &bound,
                local,
                Some(format!("# team\nlocal = true\n\n{policy}")),
            ),
            (
                "audit.unused = \"20d\"\nlocal = true\n",
                None,
                Some("audit.unused = \"20d\"\n".to_owned()),
            ),
        ] {
            assert_eq!(rebound(text, binding).unwrap(), expected, "{text}");
        }
        for invalid in ["not TOML", "profil = \"a\"\n"] {
            assert!(rebound(invalid, local).is_err(), "{invalid}");
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
