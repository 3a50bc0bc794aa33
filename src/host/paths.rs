//! Locates this program's files (XDG Base Directory Specification 0.8).

use std::path::PathBuf;

use super::Environment;

const DATA_VARIABLE: &str = "BRAINMAPS_DATA_DIR";

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathsError {
    /// `BRAINMAPS_DATA_DIR`, the `XDG_*` variables and the home directory are all missing.
    #[error("cannot find a home directory; set BRAINMAPS_DATA_DIR or HOME")]
    NoHome,
    /// A relative path would name another directory in each working directory.
    #[error(
        "the path in {DATA_VARIABLE} is relative; write an absolute path, or one that begins with ~/"
    )]
    Relative,
}

/// The data and configuration directories. This type does not create or read them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Profiles and credentials: `BRAINMAPS_DATA_DIR`, or `brainmaps` in the XDG data directory.
    pub data: PathBuf,
    /// Settings and provider descriptions: `brainmaps` in the XDG configuration directory.
    pub config: PathBuf,
}

impl Paths {
    /// Derives the directories from `environment`. Relative `XDG_*` values are ignored, as the specification
    /// requires. Without a home directory, `BRAINMAPS_DATA_DIR` alone is enough: it then contains the settings too.
    ///
    /// # Errors
    /// [`PathsError`] if the data directory cannot be derived.
    pub fn resolve(environment: &Environment) -> Result<Self, PathsError> {
        let given = environment.path(DATA_VARIABLE);
        if given.as_ref().is_some_and(|path| path.is_relative()) {
            return Err(PathsError::Relative);
        }
        let data = given
            .or_else(|| own_directory(environment, "XDG_DATA_HOME", ".local/share"))
            .ok_or(PathsError::NoHome)?;
        let config = own_directory(environment, "XDG_CONFIG_HOME", ".config")
            .unwrap_or_else(|| data.join("config"));
        Ok(Self { data, config })
    }

    /// Returns directories that do not exist and cannot be created, for a process without a home directory.
    pub fn nowhere() -> Self {
        let data = PathBuf::from("/dev/null/brainmaps");
        let config = data.join("config");
        Self { data, config }
    }

    /// Replaces the configuration directory by one that does not exist.
    #[must_use]
    pub fn without_config(self) -> Self {
        let config = Self::nowhere().config;
        Self { config, ..self }
    }

    /// Returns `true` for the result of [`Paths::without_config`].
    pub fn ignores_config(&self) -> bool {
        let nowhere = Self::nowhere();
        self.config == nowhere.config && self.data != nowhere.data
    }

    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The directory of the user's own provider descriptions, one TOML file each.
    pub fn providers_dir(&self) -> PathBuf {
        self.config.join("providers")
    }

    /// The data directory of the embedded sandbox, whose credentials are kept apart from real ones.
    pub fn sandbox_dir(&self) -> PathBuf {
        self.data.join("sandbox")
    }
}

fn own_directory(environment: &Environment, variable: &str, below_home: &str) -> Option<PathBuf> {
    base_directory(environment, variable, below_home).map(|base| base.join("brainmaps"))
}

/// Returns the directory in an `XDG_*` variable, or its default below the home directory.
pub(super) fn base_directory(
    environment: &Environment,
    variable: &str,
    below_home: &str,
) -> Option<PathBuf> {
    let given = environment.path(variable).filter(|path| path.is_absolute());
    given.or_else(|| Some(environment.home()?.join(below_home)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn resolve(variables: &[(&str, &str)]) -> Result<Paths, PathsError> {
        Paths::resolve(&Environment::from_vars(variables.iter().copied()))
    }

    fn resolved(variables: &[(&str, &str)]) -> (PathBuf, PathBuf) {
        let paths = resolve(variables).unwrap();
        (paths.data, paths.config)
    }

    fn pair(data: &str, config: &str) -> (PathBuf, PathBuf) {
        (data.into(), config.into())
    }

    #[test]
    fn override_takes_precedence_over_xdg_and_xdg_over_home() {
        let home = ("HOME", "/h");
        let xdg = ("XDG_DATA_HOME", "/x");
        let own = ("BRAINMAPS_DATA_DIR", "/o");
        let config = "/h/.config/brainmaps";
        assert_eq!(resolved(&[home]), pair("/h/.local/share/brainmaps", config));
        assert_eq!(resolved(&[home, xdg]), pair("/x/brainmaps", config));
        assert_eq!(resolved(&[home, xdg, own]), pair("/o", config));
        assert_eq!(
            resolved(&[home, ("XDG_CONFIG_HOME", "/c")]),
            pair("/h/.local/share/brainmaps", "/c/brainmaps")
        );
    }

    #[test]
    fn relative_xdg_directories_are_ignored_and_a_relative_override_is_an_error() {
        let home = ("HOME", "/h");
        assert_eq!(
            resolved(&[home, ("XDG_DATA_HOME", "x"), ("XDG_CONFIG_HOME", "./c")]),
            pair("/h/.local/share/brainmaps", "/h/.config/brainmaps")
        );
        for relative in ["here", "./here", "~other/here"] {
            let paths = resolve(&[home, (DATA_VARIABLE, relative)]);
            assert_eq!(paths, Err(PathsError::Relative), "{relative}");
        }
        let (data, _) = resolved(&[home, (DATA_VARIABLE, "~/here")]);
        assert_eq!(data, Path::new("/h/here"));
    }

    #[test]
    fn missing_home_is_an_error_only_without_an_override() {
        assert_eq!(
            resolved(&[("BRAINMAPS_DATA_DIR", "/o")]),
            pair("/o", "/o/config")
        );
        assert_eq!(resolve(&[]), Err(PathsError::NoHome));
        assert_eq!(resolve(&[("HOME", "")]), Err(PathsError::NoHome));
    }

    #[test]
    fn all_paths_are_in_the_data_or_config_directory() {
        let paths = Paths::resolve(&Environment::from_vars([("HOME", "/h")])).unwrap();
        assert!(paths.config_file().starts_with(&paths.config));
        assert!(paths.providers_dir().starts_with(&paths.config));
        assert!(paths.sandbox_dir().starts_with(&paths.data));
    }
}
