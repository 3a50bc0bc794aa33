//! Locates this program's files (XDG Base Directory Specification 0.8).

use std::path::{Path, PathBuf};

use super::Environment;

/// `BRAINMAPS_DATA_DIR`, the `XDG_*` variables and the home directory are all missing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot find a home directory; set BRAINMAPS_DATA_DIR or HOME")]
pub struct NoHome;

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
    /// [`NoHome`] if the data directory cannot be derived.
    pub fn resolve(environment: &Environment) -> Result<Self, NoHome> {
        let given = environment
            .path("BRAINMAPS_DATA_DIR")
            .map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
        let data = given
            .or_else(|| xdg(environment, "XDG_DATA_HOME", ".local/share"))
            .ok_or(NoHome)?;
        let config =
            xdg(environment, "XDG_CONFIG_HOME", ".config").unwrap_or_else(|| data.join("config"));
        Ok(Self { data, config })
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

fn xdg(environment: &Environment, variable: &str, below_home: &str) -> Option<PathBuf> {
    let given = environment.path(variable).filter(|path| path.is_absolute());
    let base = given
        .map(Path::to_owned)
        .or_else(|| Some(environment.home()?.join(below_home)))?;
    Some(base.join("brainmaps"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(variables: &[(&str, &str)]) -> Result<Paths, NoHome> {
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
    fn relative_xdg_directories_are_ignored_and_a_relative_override_becomes_absolute() {
        let home = ("HOME", "/h");
        assert_eq!(
            resolved(&[home, ("XDG_DATA_HOME", "x"), ("XDG_CONFIG_HOME", "./c")]),
            pair("/h/.local/share/brainmaps", "/h/.config/brainmaps")
        );
        let (data, _) = resolved(&[home, ("BRAINMAPS_DATA_DIR", "here")]);
        assert!(data.is_absolute() && data.ends_with("here"));
    }

    #[test]
    fn missing_home_is_an_error_only_without_an_override() {
        assert_eq!(
            resolved(&[("BRAINMAPS_DATA_DIR", "/o")]),
            pair("/o", "/o/config")
        );
        assert_eq!(resolve(&[]), Err(NoHome));
        assert_eq!(resolve(&[("HOME", "")]), Err(NoHome));
    }

    #[test]
    fn all_paths_are_in_the_data_or_config_directory() {
        let paths = Paths::resolve(&Environment::from_vars([("HOME", "/h")])).unwrap();
        assert!(paths.config_file().starts_with(&paths.config));
        assert!(paths.providers_dir().starts_with(&paths.config));
        assert!(paths.sandbox_dir().starts_with(&paths.data));
    }
}
