//! The entry of this program in the user's git configuration.

use std::path::Path;

use crate::actions::{ActionError, ExecError, ProfileSession};
use crate::domain::{Origin, quote_for_shell};
use crate::host::{GitConfig, GitError};

/// The end of the command in the configuration, by which an entry of this program is found.
const COMMAND: &str = " helper git";

/// The credential helpers of one server in git's global configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitHelper {
    pub key: String,
    /// The command of this program.
    pub command: String,
}

impl GitHelper {
    /// The entry that runs `program` for `origin`.
    pub fn new(session: ProfileSession<'_>, program: &Path, origin: &Origin) -> Self {
        let program = quote_for_shell(&program.to_string_lossy());
        let sandbox = if session.context.options.sandbox {
            " --sandbox"
        } else {
            ""
        };
        Self {
            key: format!("credential.{origin}.helper"),
            command: format!(
                "!{program}{sandbox} --profile {}{COMMAND}",
                session.target.name
            ),
        }
    }

    /// Returns the values of the key with this entry. The empty value makes git forget the helpers of the system.
    fn with_entry(&self, values: &[String]) -> Vec<String> {
        let mut kept = without_entry(values);
        kept.extend([String::new(), self.command.clone()]);
        kept
    }

    /// Returns the commands that a user could run instead of `helper install git`.
    pub fn install_commands(&self) -> Vec<String> {
        let add = |value: &str| {
            let (key, value) = (quote_for_shell(&self.key), quote_for_shell(value));
            format!("git config --global --add {key} {value}")
        };
        vec![add(""), add(&self.command)]
    }

    /// Adds the entry; returns `false` if it is there.
    ///
    /// # Errors
    /// [`ExecError::Git`].
    pub fn install(&self, git: &GitConfig) -> Result<bool, ActionError> {
        self.change(git, |values| self.with_entry(values))
    }

    /// Removes the entry; returns `false` if it is not there.
    ///
    /// # Errors
    /// [`ExecError::Git`].
    pub fn uninstall(&self, git: &GitConfig) -> Result<bool, ActionError> {
        self.change(git, without_entry)
    }

    fn change(
        &self,
        git: &GitConfig,
        new_values: impl Fn(&[String]) -> Vec<String>,
    ) -> Result<bool, ActionError> {
        let failed = |error: GitError| ActionError::from(ExecError::Git(error));
        let before = git.values(&self.key).map_err(failed)?;
        let after = new_values(&before);
        if before == after {
            return Ok(false);
        }
        let added = if let Some(added) = after.strip_prefix(&before[..]) {
            added
        } else {
            git.remove(&self.key).map_err(failed)?;
            &after
        };
        for value in added {
            git.add(&self.key, value).map_err(failed)?;
        }
        Ok(true)
    }
}

/// Returns `true` for a command that [`GitHelper::new`] makes, for any path of this program and any profile.
fn is_ours(command: &str) -> bool {
    let program = command
        .strip_suffix(COMMAND)
        .and_then(|start| start.rsplit_once(" --profile "));
    program.is_some_and(|(program, profile)| program.starts_with('!') && !profile.contains(' '))
}

/// Returns the values without this program's, and without the empty one in front of each.
fn without_entry(values: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for value in values {
        if !is_ours(value) {
            kept.push(value.clone());
        } else if kept.last().is_some_and(String::is_empty) {
            kept.pop();
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entry_replaces_an_earlier_one_and_leaves_those_of_others() {
        let entry = GitHelper {
            key: "credential.https://a.example.helper".to_owned(),
            command: "!'/b' --profile work helper git".to_owned(),
        };
        let list = |values: &[&str]| values.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let old = "!'/a' --profile old helper git";
        for (before, with, without) in [
            (list(&[]), list(&["", &entry.command]), list(&[])),
            (
                list(&["store"]),
                list(&["store", "", &entry.command]),
                list(&["store"]),
            ),
            (
                list(&["!/opt/tool helper git"]),
                list(&["!/opt/tool helper git", "", &entry.command]),
                list(&["!/opt/tool helper git"]),
            ),
            (list(&["", old]), list(&["", &entry.command]), list(&[])),
            (
                list(&["", "store", "", old, "!other get"]),
                list(&["", "store", "!other get", "", &entry.command]),
                list(&["", "store", "!other get"]),
            ),
        ] {
            assert_eq!(entry.with_entry(&before), with, "{before:?}");
            assert_eq!(entry.with_entry(&with), with, "{before:?}");
            assert_eq!(without_entry(&before), without, "{before:?}");
            assert_eq!(without_entry(&with), without, "{before:?}");
        }
    }
}
