//! The changes of an installation: printed, or carried out one after the other.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::actions::{ActionError, InstallError, ProfileSession};
use crate::domain::{HelperHost, Warning, quote_for_shell};
use crate::files::{FileError, create_link, quote_path, remove_link};
use crate::host::{Tool, ToolError};
use crate::vault::exchange_user_file;

/// What `helper install` or `helper uninstall` changes.
#[derive(Default)]
pub struct Plan {
    pub steps: Vec<Step>,
    /// What the user does afterwards.
    pub remaining: Vec<String>,
    /// The tool that is not installed, so that the user does its work.
    pub missing: Option<&'static str>,
    /// Why the program would not use the credential.
    pub warning: Option<Warning>,
}

pub enum Step {
    Edit(FileEdit),
    Link {
        path: PathBuf,
        target: PathBuf,
    },
    Unlink {
        path: PathBuf,
    },
    Run(ToolRun),
    /// Gives a program the credential for a server.
    Allow(HelperHost),
    /// Undoes [`Step::Allow`].
    Forbid(HelperHost),
}

/// A configuration file. Its content may be secret.
pub struct FileEdit {
    pub path: PathBuf,
    /// `None` if it does not exist.
    pub before: Option<String>,
    /// `None` if it is deleted.
    pub after: Option<String>,
    /// What is added or removed.
    pub setting: String,
    pub is_removal: bool,
}

/// A tool that changes its own configuration.
pub struct ToolRun {
    pub name: &'static str,
    /// `None` if it is not installed.
    pub tool: Option<Tool>,
    pub arguments: Vec<String>,
}

impl Plan {
    /// Adds the edit unless it changes nothing.
    pub(super) fn edit(&mut self, edit: FileEdit) {
        if edit.before != edit.after {
            self.steps.push(Step::Edit(edit));
        }
    }

    /// Returns `true` if more changes than the records of the profile.
    pub fn changes_configuration(&self) -> bool {
        let mut steps = self.steps.iter();
        steps.any(|step| !matches!(step, Step::Allow(_) | Step::Forbid(_)))
    }

    /// Carries out the changes.
    ///
    /// # Errors
    /// [`InstallError`]; the changes before it stay.
    pub async fn apply(&self, session: ProfileSession<'_>) -> Result<(), ActionError> {
        for step in &self.steps {
            match step {
                Step::Edit(edit) => edit.apply()?,
                Step::Link { path, target } => create_link(path, target).map_err(failed(path))?,
                Step::Unlink { path } => remove_link(path).map_err(failed(path))?,
                Step::Run(run) => run.apply()?,
                Step::Allow(host) => {
                    session
                        .update_helper_hosts(std::slice::from_ref(host), &[])
                        .await?;
                }
                Step::Forbid(host) => {
                    session
                        .update_helper_hosts(&[], std::slice::from_ref(host))
                        .await?;
                }
            }
        }
        Ok(())
    }
}

fn failed(path: &Path) -> impl FnOnce(FileError) -> InstallError {
    |source| InstallError::Link {
        path: path.to_owned(),
        source,
    }
}

impl FileEdit {
    fn apply(&self) -> Result<(), InstallError> {
        if let (None, Some(parent)) = (&self.before, self.path.parent()) {
            let created = std::fs::create_dir_all(parent);
            created.map_err(|error| InstallError::Read(FileError::io("create", parent)(error)))?;
        }
        let (before, after) = (self.before.as_deref(), self.after.as_deref());
        let exchanged = exchange_user_file(
            &self.path,
            before.map(str::as_bytes),
            after.map(str::as_bytes),
        );
        exchanged.map_err(InstallError::Write)
    }
}

impl ToolRun {
    fn apply(&self) -> Result<(), InstallError> {
        let missing = || InstallError::NotInstalled { program: self.name };
        let tool = self.tool.as_ref().ok_or_else(missing)?;
        let ran = tool.run(&self.arguments);
        ran.map(drop).map_err(tool_failed(self.name))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edit(edit) if edit.is_removal => {
                write!(f, "remove {} from {}", edit.setting, quote_path(&edit.path))
            }
            Self::Edit(edit) => write!(f, "set {} in {}", edit.setting, quote_path(&edit.path)),
            Self::Link { path, target } => {
                write!(f, "link {} to {}", quote_path(path), quote_path(target))
            }
            Self::Unlink { path } => write!(f, "remove {}", quote_path(path)),
            Self::Run(run) => {
                let words = run.arguments.iter().map(|word| quote_word(word));
                write!(f, "{} {}", run.name, words.collect::<Vec<_>>().join(" "))
            }
            Self::Allow(host) => {
                write!(
                    f,
                    "give {} the credential for {}",
                    host.program.name(),
                    host.host
                )
            }
            Self::Forbid(host) => {
                let program = host.program.name();
                write!(f, "give {program} no credential for {}", host.host)
            }
        }
    }
}

/// Quotes a word only if a shell would change it.
fn quote_word(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    quote_for_shell(word)
}

pub(super) fn tool_failed(program: &'static str) -> impl Fn(ToolError) -> InstallError {
    move |error| match error {
        ToolError::Start(source) => InstallError::Start { program, source },
        ToolError::Failed { message, .. } => InstallError::Failed { program, message },
    }
}
