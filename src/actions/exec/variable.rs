//! The names of variables that may hold the credential.

use std::fmt;
use std::str::FromStr;

use crate::host::EXEC_VARIABLE;

/// Variables that the system or a shell acts on. A loader, for example, prints the value of `LD_PRELOAD` if that is
/// not a library.
const RESERVED: &[&str] = &[
    EXEC_VARIABLE,
    "BASH_ENV",
    "ENV",
    "HOME",
    "IFS",
    "NODE_OPTIONS",
    "PATH",
    "PS4",
    "SHELL",
];
const RESERVED_PREFIXES: &[&str] = &["LD_", "DYLD_"];

/// Variables that a runner of CI jobs sets or acts on, in addition.
const RESERVED_IN_CI: &[&str] = &["CI", "TF_BUILD"];
const RESERVED_PREFIXES_IN_CI: &[&str] = &[
    "ACTIONS_", "AGENT_", "BUILD_", "CI_", "GITHUB_", "GITLAB_", "RUNNER_", "SYSTEM_",
];

/// A name that every shell accepts (POSIX.1-2024, Base Definitions 8.1), and that only programs read which are meant to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableName(String);

impl fmt::Display for VariableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for VariableName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let is_name = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && text.chars().all(is_inside);
        if !is_name {
            return Err("expected the name of a variable, such as API_KEY");
        }
        if is_in(text, RESERVED, RESERVED_PREFIXES) {
            return Err(OTHER_PURPOSE);
        }
        Ok(Self(text.to_owned()))
    }
}

const OTHER_PURPOSE: &str = "the system uses this variable";

fn is_in(text: &str, names: &[&str], prefixes: &[&str]) -> bool {
    names.contains(&text) || prefixes.iter().any(|prefix| text.starts_with(prefix))
}

/// The name of a variable that later steps or jobs of a CI job get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CiVariableName(VariableName);

impl CiVariableName {
    pub fn as_str(&self) -> &str {
        &self.0.0
    }
}

impl FromStr for CiVariableName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.parse()?;
        // Azure Pipelines ignores the case.
        let upper = text.to_ascii_uppercase();
        let is_reserved = is_in(&upper, RESERVED, RESERVED_PREFIXES)
            || is_in(&upper, RESERVED_IN_CI, RESERVED_PREFIXES_IN_CI);
        if is_reserved {
            return Err(OTHER_PURPOSE);
        }
        Ok(Self(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_system_and_names_that_a_shell_rejects_are_refused() {
        for fine in ["API_KEY", "_x", "a1", "PATHS", "ENVIRONMENT", "LDAP"] {
            assert!(fine.parse::<VariableName>().is_ok(), "{fine}");
        }
        for bad in [
            "",
            "1A",
            "A-B",
            "A=B",
            "A B",
            "Ä",
            "A\n",
            "PATH",
            "LD_PRELOAD",
            "DYLD_X",
            "BRAINMAPS_EXEC",
            "NODE_OPTIONS",
        ] {
            assert!(bad.parse::<VariableName>().is_err(), "{bad:?}");
            assert!(bad.parse::<CiVariableName>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_of_runners_are_refused_for_ci_only() {
        for name in [
            "GITHUB_TOKEN",
            "RUNNER_TEMP",
            "ACTIONS_STEP_DEBUG",
            "CI",
            "CI_JOB_TOKEN",
        ] {
            assert!(name.parse::<VariableName>().is_ok(), "{name}");
            assert!(name.parse::<CiVariableName>().is_err(), "{name}");
        }
        for name in ["path", "Ld_Preload", "github_env", "System_X"] {
            assert!(name.parse::<CiVariableName>().is_err(), "{name}");
        }
        for name in ["API_KEY", "TF_TOKEN_example_com", "CIRCLE"] {
            assert!(name.parse::<CiVariableName>().is_ok(), "{name}");
        }
    }
}
