//! Checks that `PATH` contains no other version of this program, and that the shell completes its commands.

use std::path::Path;

use super::{Check, Finding};
use crate::actions::Context;
use crate::domain::sanitize_line;
use crate::files::shell_word;
use crate::host::{Completions, Environment, find_other_programs, program_version};

const NAME: &str = "brainmaps";
const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(super) fn check(context: &Context) -> Vec<Check> {
    let environment = &context.environment;
    let mut findings = other_versions(environment);
    if findings.is_empty() {
        let message = format!("version {VERSION}, no other version is in PATH");
        findings.push(Finding::Ok(message));
    }
    let programs = findings.into_iter();
    let programs = programs.map(|finding| finding.into_check("program"));
    programs.chain(check_completions(environment)).collect()
}

/// After an update, another copy may precede the new one in `PATH`, and services and helpers may have been installed with
/// the old one.
fn other_versions(environment: &Environment) -> Vec<Finding> {
    let others = find_other_programs(environment, NAME).into_iter();
    others
        .filter_map(|path| match program_version(environment, &path) {
            Some(version) if version == VERSION => None,
            Some(version) => Some(other_version(&path, &format!("version {version}"))),
            None => Some(other_version(&path, "unknown version")),
        })
        .collect()
}

fn other_version(path: &Path, version: &str) -> Finding {
    let name = sanitize_line(&path.to_string_lossy());
    Finding::warning(
        format!("another {NAME} is in PATH: \"{name}\" ({version}; this is version {VERSION})"),
        format!("remove {} or update it", shell_word(path)),
    )
}

fn check_completions(environment: &Environment) -> Option<Check> {
    let completions = Completions::find(environment)?;
    let shell = completions.shell;
    let finding = match completions.file {
        Some(file) => {
            let file = sanitize_line(&file.to_string_lossy());
            Finding::Ok(format!("{shell} loads them from \"{file}\""))
        }
        None => Finding::warning(
            format!("{shell} does not complete the commands of {NAME}"),
            format!(
                "add this line to {}: {}",
                completions.startup_file, completions.line
            ),
        ),
    };
    Some(finding.into_check("completions"))
}
