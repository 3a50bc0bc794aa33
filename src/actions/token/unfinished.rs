//! Creations and rotations that were cut short: what is said of them, and what to do.

use crate::actions::Context;
use crate::domain::{ProfileName, sanitize_line};
use crate::vault::{JournaledOperation, UnfinishedJournal};

/// An open journal as a user reads of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnfinishedOperation {
    /// What it is.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// Returns what was cut short, of all profiles or of `only` one. Asks no server.
pub fn unfinished_operations(
    context: &Context,
    only: Option<&ProfileName>,
) -> Vec<UnfinishedOperation> {
    let open = context.vault.unfinished_journals(only);
    open.iter().map(describe).collect()
}

fn describe(open: &UnfinishedJournal) -> UnfinishedOperation {
    let profile = &open.profile;
    match &open.content {
        Ok(JournaledOperation::Rotation { old, began_at }) => UnfinishedOperation {
            message: format!(
                "a rotation of token {old} of profile \"{profile}\" was cut short at {began_at:.0}: two tokens may be live"
            ),
            hint: format!(
                "run `brainmaps --profile {profile} token rotate {old}` again, with the same options: it finishes the \
                 rotation or undoes it"
            ),
        },
        Ok(JournaledOperation::Creation { name, began_at }) => {
            let name = name.as_ref();
            let name = name.map_or_else(String::new, |name| format!(" \"{}\"", sanitize_line(name)));
            UnfinishedOperation {
                message: format!(
                    "the creation of a token{name} of profile \"{profile}\" was cut short at {began_at:.0}: it may be live, \
                     and nobody has its secret"
                ),
                hint: format!(
                    "the next `brainmaps --profile {profile} token create` looks for it, or see `brainmaps --profile \
                     {profile} token list`"
                ),
            }
        }
        Err(error) => UnfinishedOperation {
            message: format!("a journal of profile \"{profile}\" cannot be read: {error}"),
            hint: "the next `brainmaps token create` or `token rotate` of the profile sets a damaged one aside"
                .to_owned(),
        },
    }
}
