//! The process environment, read once.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::domain::CiPlatform;

/// The profiles whose credential this program and its callers run with, separated by commas, each with the variables that
/// have it: `work:BRAINMAPS_API_KEY`.
pub const EXEC_VARIABLE: &str = "BRAINMAPS_EXEC";

/// The environment variables at start, and the home directory from the system's user database.
///
/// Values may be secrets, so `Debug` prints only names.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, OsString>,
    system_home: Option<PathBuf>,
}

impl Environment {
    /// Reads the environment of this process. Only `main` calls this, and passes the value on.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the seam that everything else takes the environment from"
    )]
    pub fn capture() -> Self {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .collect();
        let system_home = directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned());
        // The crate returns a relative HOME as it is.
        let system_home = system_home.filter(|home| home.is_absolute());
        Self {
            variables,
            system_home,
        }
    }

    /// Creates an environment with only these variables.
    pub fn from_vars<N: Into<String>, V: Into<OsString>>(
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        Self {
            variables: variables
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            system_home: None,
        }
    }

    /// Returns the names of all variables.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str)
    }

    /// Returns the value of `name`; `None` if it is empty, blank or not UTF-8.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(name)?.to_str()?;
        (!value.trim().is_empty()).then_some(value)
    }

    /// Returns `true` if the value of `name` is not a line of text: not UTF-8, or with control characters inside.
    pub fn is_malformed(&self, name: &str) -> bool {
        let is_line = |text: &str| !text.trim().contains(char::is_control);
        let value = self.variables.get(name);
        value.is_some_and(|value| !value.to_str().is_some_and(is_line))
    }

    /// Returns the value of `name` as a path, which need not be UTF-8; `None` if it is empty or blank. `~/` at its start
    /// is the home directory: no shell expands the values in unit files, compose files and CI settings.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        let value = self.variables.get(name)?;
        let is_blank = value.to_str().is_some_and(|text| text.trim().is_empty());
        (!is_blank).then(|| self.expand_home(Path::new(value)))
    }

    /// Returns the paths in the value of `name`, which are separated by colons.
    pub fn paths(&self, name: &str) -> Vec<PathBuf> {
        let value = self.variables.get(name);
        let paths = value
            .into_iter()
            .flat_map(|value| std::env::split_paths(value));
        let paths = paths.filter(|path| !path.as_os_str().is_empty());
        paths.map(|path| self.expand_home(&path)).collect()
    }

    /// Returns the variable that names a file with the value of `name`: Docker, Kubernetes and systemd pass secrets as
    /// files.
    pub fn file_variable(name: &str) -> String {
        format!("{name}_FILE")
    }

    /// Returns the file with the value of `name`.
    pub fn secret_file(&self, name: &str) -> Option<PathBuf> {
        let variable = Self::file_variable(name);
        let path = self.path(&variable);
        path.filter(|_| !self.is_from_exec(&variable))
    }

    /// Returns `true` if `name` or its file is set, usable or not.
    pub fn has_secret(&self, name: &str) -> bool {
        let is_set = self.get(name).is_some() || self.is_malformed(name);
        is_set && !self.is_from_exec(name) || self.secret_file(name).is_some()
    }

    /// Returns `true` if `brainmaps exec` set `name` for the program that it ran. Such a credential belongs to the profile and
    /// the server of that command, and must not reach another one.
    pub fn is_from_exec(&self, name: &str) -> bool {
        let marks = self.get(EXEC_VARIABLE).unwrap_or_default();
        let mut marks = marks.split(',');
        marks.any(|mark| {
            mark.trim()
                .split(':')
                .skip(1)
                .any(|variable| variable == name)
        })
    }

    /// As [`Environment::get`]; `None` if `brainmaps exec` set `name` for its program: a credential of another server, or the
    /// URL of a proxy.
    pub fn get_unless_from_exec(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|_| !self.is_from_exec(name))
    }

    /// Returns `true` if `name` is set, possibly to an empty value.
    pub fn contains(&self, name: &str) -> bool {
        self.variables.contains_key(name)
    }

    /// A path that begins with `~` stays relative if there is no home directory.
    fn expand_home(&self, path: &Path) -> PathBuf {
        match (path.strip_prefix("~"), self.home()) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => path.to_owned(),
        }
    }

    /// Returns `true` if `name` is set to `1`, `true`, `yes` or `on`, in any case.
    pub fn is_enabled(&self, name: &str) -> bool {
        let is_on = |value: &str| {
            ["1", "true", "yes", "on"]
                .iter()
                .any(|on| value.trim().eq_ignore_ascii_case(on))
        };
        self.get(name).is_some_and(is_on)
    }

    /// Returns `true` in a CI job, where prompts are not possible.
    pub fn is_ci(&self) -> bool {
        self.is_enabled("CI")
    }

    /// Returns the CI system whose runner reads the output of this process.
    pub fn ci_platform(&self) -> Option<CiPlatform> {
        let mut platforms = CiPlatform::VARIABLES.into_iter();
        let found = platforms.find(|(_, variable)| self.is_enabled(variable));
        found.map(|(platform, _)| platform)
    }

    /// Returns `HOME`, or the home directory in the system's user database.
    pub fn home(&self) -> Option<&Path> {
        let home = self.variables.get("HOME").map(Path::new);
        home.filter(|home| home.is_absolute())
            .or(self.system_home.as_deref())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<_> = self.variables.keys().collect();
        names.sort();
        f.debug_tuple("Environment").field(&names).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_names_but_no_values() {
        let environment = Environment::from_vars([("BRAINMAPS_API_KEY", "hunter2")]);
        let shown = format!("{environment:?}");
        assert!(shown.contains("BRAINMAPS_API_KEY") && !shown.contains("hunter2"));
    }

    #[test]
    fn empty_variable_is_none() {
        let environment = Environment::from_vars([("A", ""), ("B", "  "), ("C", "x")]);
        assert_eq!(environment.get("A"), None);
        assert_eq!(environment.get("B"), None);
        assert_eq!(environment.get("C"), Some("x"));
        assert_eq!(environment.get("D"), None);
    }

    #[test]
    fn flag_is_enabled_by_1_true_yes_and_on() {
        for (value, on) in [
            ("1", true),
            ("TRUE", true),
            ("yes", true),
            ("On", true),
            ("0", false),
            ("", false),
            ("2", false),
        ] {
            assert_eq!(
                Environment::from_vars([("CI", value)]).is_ci(),
                on,
                "{value:?}"
            );
        }
        assert!(!Environment::default().is_ci());
    }

    #[test]
    fn tilde_is_expanded_and_a_blank_path_is_none() {
        let environment = Environment::from_vars([
            ("HOME", "/h"),
            ("A", "~/a"),
            ("B", "~"),
            ("C", "~other/c"),
            ("D", "d/~/e"),
            ("E", " "),
            ("LIST", "/x::~/y"),
        ]);
        for (name, expected) in [
            ("A", Some("/h/a")),
            ("B", Some("/h")),
            ("C", Some("~other/c")),
            ("D", Some("d/~/e")),
            ("E", None),
            ("F", None),
        ] {
            let expected = expected.map(PathBuf::from);
            assert_eq!(environment.path(name), expected, "{name}");
        }
        assert_eq!(
            environment.paths("LIST"),
            [Path::new("/x"), Path::new("/h/y")]
        );
        let homeless = Environment::from_vars([("A", "~/a")]);
        assert_eq!(homeless.path("A"), Some("~/a".into()));
    }

    #[cfg(unix)]
    #[test]
    fn non_utf8_value_is_none_as_text_and_usable_as_a_path() {
        use std::os::unix::ffi::OsStringExt;
        let environment =
            Environment::from_vars([("HOME", OsString::from_vec(b"/h\xff".to_vec()))]);
        assert_eq!(environment.get("HOME"), None);
        assert!(environment.home().is_some());
    }
}
