//! Checks that the data directories are private, and that other users cannot change the directories above them.

use std::path::Path;

use super::{Check, Finding};
use crate::actions::Context;
use crate::domain::sanitize_line;
use crate::files::{Directory, FileError, shell_word};
use crate::provider::ProviderError;
use crate::vault::DirectoryState;

pub(super) fn check(context: &Context) -> Vec<Check> {
    let directories = context.vault.directories().into_iter();
    directories
        .map(|(path, state)| {
            let word = shell_word(&path);
            let path = sanitize_line(&path.to_string_lossy());
            let finding = match state {
                Ok(DirectoryState::Private) => Finding::Ok(format!("\"{path}\" is private")),
                Ok(DirectoryState::Missing) => {
                    Finding::Ok(format!("\"{path}\" will be created at the first login"))
                }
                Ok(DirectoryState::Open { mode }) => Finding::warning(
                    format!("\"{path}\" is accessible to other users (mode {mode:04o})"),
                    format!("run `chmod 700 {word}`; the next login or refresh does that too"),
                ),
                Err(error) => Finding::failure(error),
            };
            finding.into_check("directory")
        })
        .chain(settings(context))
        .chain(check_parent_directories(context))
        .collect()
}

/// A user who can write the settings directory decides where credentials are sent, so commands reject such a directory.
fn settings(context: &Context) -> Vec<Check> {
    let providers = context.catalog.folder();
    let directories = providers.parent().into_iter().chain([providers]);
    let opened = directories.filter_map(|path| Directory::open_for_search(path).transpose());
    let refused = opened.filter_map(|opened| opened.and_then(|it| it.check_unchangeable()).err());
    // Nothing is read below a file.
    let refused = refused.filter(|error| !matches!(error, FileError::NotADirectory { .. }));
    refused
        .map(|error| Finding::failure(ProviderError::File(error)).into_check("directory"))
        .collect()
}

/// A user who can write to the home directory, or to a directory between it and the data directory, can replace the
/// data directory.
fn check_parent_directories(context: &Context) -> Vec<Check> {
    let data = context.vault.directory();
    let home = context.environment.home();
    let above = data.ancestors().skip(1);
    let up_to_home = above.take_while(|path| home.is_some_and(|home| path.starts_with(home)));
    let mut paths: Vec<&Path> = up_to_home.collect();
    if paths.is_empty() {
        paths.extend(data.parent());
    }
    paths.extend(home.filter(|home| !paths.contains(home)));
    let opened = paths
        .into_iter()
        .filter_map(|path| Directory::open_for_search(path).ok()?);
    opened
        .filter_map(|directory| directory.check_unchangeable().err())
        .map(|error| {
            let hint = error.hint().unwrap_or_default();
            Finding::warning(
                format!("{error}: they can replace the directories in it"),
                hint,
            )
            .into_check("directory")
        })
        .collect()
}
