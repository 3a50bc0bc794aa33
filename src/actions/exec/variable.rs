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
    "PATH",
    "PS4",
    "SHELL",
];
const RESERVED_PREFIXES: &[&str] = &["LD_", "DYLD_"];

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
        let is_reserved = RESERVED.contains(&text)
            || RESERVED_PREFIXES
                .iter()
                .any(|prefix| text.starts_with(prefix));
        if is_reserved {
            return Err("the system uses this variable");
        }
        Ok(Self(text.to_owned()))
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
        ] {
            assert!(bad.parse::<VariableName>().is_err(), "{bad:?}");
        }
    }
}
