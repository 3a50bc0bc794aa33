//! Describes interrupted creations and rotations of tokens, and what to do about them.

use crate::actions::Context;
use crate::domain::{CommandLine, Hint, ProfileName, sanitize_line};
use crate::vault::{JournaledOperation, UnfinishedJournal};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnfinishedOperation {
    pub message: String,
    pub hint: Hint,
}

/// Returns the interrupted operations of all profiles, or of `only` one. Sends nothing.
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
                "a rotation of token {old} of profile \"{profile}\" was interrupted at {began_at:.0}: both tokens may be valid"
            ),
            hint: Hint::run(CommandLine::for_profile(
                profile,
                format!("token rotate {old}"),
            ))
            .text(" again, with the same options: it finishes the rotation or undoes it"),
        },
        Ok(JournaledOperation::Creation { name, began_at }) => {
            let name = name.as_ref();
            let name =
                name.map_or_else(String::new, |name| format!(" \"{}\"", sanitize_line(name)));
            UnfinishedOperation {
                message: format!(
                    "the creation of a token{name} of profile \"{profile}\" was interrupted at {began_at:.0}: it may be \
                     valid, and its secret was not delivered"
                ),
                hint: Hint::from("the next ")
                    .command(CommandLine::for_profile(profile, "token create"))
                    .text(" looks for it, or see ")
                    .command(CommandLine::for_profile(profile, "token list")),
            }
        }
        Err(error) => UnfinishedOperation {
            message: format!("a journal of profile \"{profile}\" cannot be read: {error}"),
            hint: Hint::from("the next ")
                .command("token create")
                .text(" or `token rotate` of the profile sets a damaged one aside"),
        },
    }
}
