//! Whether the data directory, and that of the credentials in it, are private.

use super::{Check, Finding};
use crate::actions::Context;
use crate::domain::one_line;
use crate::vault::DirectoryState;

pub(super) fn look(context: &Context) -> Vec<Check> {
    let directories = context.vault.directories().into_iter();
    directories
        .map(|(path, state)| {
            let path = one_line(&path.to_string_lossy());
            let finding = match state {
                Ok(DirectoryState::Private) => {
                    Finding::Fine(format!("`{path}` is closed to others"))
                }
                Ok(DirectoryState::Missing) => {
                    Finding::Fine(format!("`{path}` is made at the first login"))
                }
                Ok(DirectoryState::Open { mode }) => Finding::warning(
                    format!("`{path}` is open to other users of this machine (mode {mode:04o})"),
                    format!("run `chmod 700 '{path}'`; the next login or refresh does it, too"),
                ),
                Err(error) => Finding::failure(error),
            };
            finding.named("directory")
        })
        .collect()
}
