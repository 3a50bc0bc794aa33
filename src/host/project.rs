//! The nearest `.brainmaps.toml`: which profile a directory uses, or that it is local.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::dotenv;
use crate::domain::ProfileName;

/// The file's name.
pub const PROJECT_FILE: &str = ".brainmaps.toml";

/// A larger one is something else.
const MAX_BYTES: u64 = 64 * 1024;

/// A binding that is there and cannot be used. To go on without would use a credential that nobody chose.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// A pipe, device, socket or directory.
    #[error("`{}` is not a regular file", path.display())]
    NotAFile {
        /// The file.
        path: PathBuf,
    },
    /// Written by another user.
    #[error("`{}` belongs to another user", path.display())]
    ForeignOwner {
        /// The file.
        path: PathBuf,
    },
    /// Not allowed, or failing hardware.
    #[error("`{}` could not be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Not what it should be.
    #[error("`{}` is wrong: {message}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its line.
        message: String,
    },
}

/// What a directory is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// The account to use.
    Profile(ProfileName),
    /// Nothing here needs a credential or the network.
    Local,
}

impl Bound {
    /// The file that says so.
    pub fn text(&self) -> String {
        match self {
            Self::Profile(name) => format!("profile = \"{name}\"\n"),
            Self::Local => "local = true\n".to_owned(),
        }
    }
}

/// A binding and the file it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// The file.
    pub path: PathBuf,
    /// What it says.
    pub bound: Bound,
}

/// The file as it is written: one of the two. A URL or a key is a mistake like any other member.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    profile: Option<ProfileName>,
    #[serde(default)]
    local: bool,
}

/// The file that binds `start`: the nearest, there or above. It is not read.
pub fn file(start: &Path) -> Option<PathBuf> {
    let files = start.ancestors().map(|folder| folder.join(PROJECT_FILE));
    files
        .into_iter()
        .find(|path| fs::symlink_metadata(path).is_ok())
}

/// What `start` is bound to.
///
/// # Errors
/// [`ProjectError`] names the file.
pub fn find(start: &Path) -> Result<Option<Project>, ProjectError> {
    file(start).map(read).transpose()
}

fn read(path: PathBuf) -> Result<Project, ProjectError> {
    let text = match text(&path) {
        Ok(text) => text,
        Err(source) => return Err(ProjectError::Unreadable { path, source }),
    };
    let text = text.map_err(|wrong| wrong(path.clone()))?;
    let invalid = |message: String| ProjectError::Invalid {
        path: path.clone(),
        message,
    };
    let written: Written =
        toml::from_str(&text).map_err(|wrong| invalid(wrong.to_string().trim_end().to_owned()))?;
    let bound = match (written.profile, written.local) {
        (Some(name), false) => Bound::Profile(name),
        (None, true) => Bound::Local,
        _ => {
            let text = "it says either profile = \"NAME\" or local = true";
            return Err(invalid(text.to_owned()));
        }
    };
    Ok(Project { path, bound })
}

/// Makes the error of a file that must not be read.
type Wrong = fn(PathBuf) -> ProjectError;

fn text(path: &Path) -> io::Result<Result<String, Wrong>> {
    let facts = fs::metadata(path)?;
    if !facts.is_file() {
        return Ok(Err(|path| ProjectError::NotAFile { path }));
    }
    if !dotenv::is_trusted(&facts) {
        return Ok(Err(|path| ProjectError::ForeignOwner { path }));
    }
    let mut text = String::new();
    File::open(path)?
        .take(MAX_BYTES)
        .read_to_string(&mut text)?;
    Ok(Ok(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(text: &str) -> Result<Option<Bound>, String> {
        let folder = tempfile::tempdir().unwrap();
        #[expect(
            clippy::disallowed_methods,
            reason = "the test plays the user's editor"
        )]
        fs::write(folder.path().join(PROJECT_FILE), text).unwrap();
        let below = folder.path().join("a/b");
        fs::create_dir_all(&below).unwrap();
        let found = find(&below).map_err(|error| error.to_string())?;
        Ok(found.map(|project| project.bound))
    }

    #[test]
    fn a_directory_names_a_profile_or_is_local_and_says_nothing_else() {
        let work = Bound::Profile("work".parse().unwrap());
        for side in [work.clone(), Bound::Local] {
            assert_eq!(bound(&side.text()).unwrap(), Some(side));
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
            let told = bound(wrong).unwrap_err();
            assert!(told.contains(says) && told.contains(PROJECT_FILE), "{told}");
        }
    }

    #[test]
    fn what_is_no_file_is_refused_instead_of_passed_by() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(file(folder.path()), None);
        let path = folder.path().join(PROJECT_FILE);
        std::os::unix::fs::symlink("nowhere", &path).unwrap();
        assert!(matches!(
            find(folder.path()),
            Err(ProjectError::Unreadable { .. })
        ));
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(matches!(
            find(folder.path()),
            Err(ProjectError::NotAFile { .. })
        ));
    }
}
