//! Describes interrupted creations and rotations of tokens, and what to do about them.

use crate::actions::Context;
use crate::domain::{CommandLine, Hint, ProfileName, sanitize_line};
use crate::files::shell_word;
use crate::vault::{
    JournalKind, JournaledOperation, SecretDestination, UnfinishedJournal, UnfinishedRotation,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnfinishedOperation {
    pub kind: JournalKind,
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
    UnfinishedOperation {
        kind: open.kind,
        message: message(open),
        hint: hint(open),
    }
}

/// Describes a rotation and its tokens; `when` is the time of an interruption.
pub(crate) fn rotation_state(rotation: &UnfinishedRotation, when: &str) -> String {
    let tokens = if rotation.is_by_service {
        "its key may be replaced"
    } else {
        "both tokens may be valid"
    };
    let targets: Vec<String> = rotation.waits_for.iter().map(ToString::to_string).collect();
    match targets.join(", ").as_str() {
        "" => format!("was interrupted {when}: {tokens}"),
        targets => format!("waits for {targets}, without the new key yet: {tokens}"),
    }
}

fn message(open: &UnfinishedJournal) -> String {
    let profile = &open.profile;
    match &open.content {
        Ok(JournaledOperation::Rotation(rotation)) => {
            let state = rotation_state(rotation, &format!("at {:.0}", rotation.began_at));
            let old = &rotation.old;
            format!("a rotation of token {old} of profile \"{profile}\" {state}")
        }
        Ok(JournaledOperation::Creation {
            id,
            name,
            began_at,
            written_to,
        }) => {
            let name = name.as_ref();
            let name =
                name.map_or_else(String::new, |name| format!(" \"{}\"", sanitize_line(name)));
            let token = id
                .as_ref()
                .map_or_else(|| "it".to_owned(), |id| format!("token {id}"));
            let delivery = delivery_state(written_to);
            format!(
                "the creation of a token{name} of profile \"{profile}\" was interrupted at {began_at:.0}: {token} may be valid, \
                 and {delivery}"
            )
        }
        Err(error) => format!("a journal of profile \"{profile}\" cannot be read: {error}"),
    }
}

/// Describes which files have the secret of an interrupted creation.
pub fn delivery_state(written_to: &[SecretDestination]) -> String {
    let files: Vec<String> = written_to.iter().map(ToString::to_string).collect();
    match files.as_slice() {
        [] => "its secret was not delivered".to_owned(),
        [one] => format!("{one} has its secret"),
        several => format!("{} have its secret", several.join(", ")),
    }
}

fn hint(open: &UnfinishedJournal) -> Hint {
    let of_profile = |arguments: &str| CommandLine::for_profile(&open.profile, arguments);
    if open.kind == JournalKind::ReportedCreation {
        let path = shell_word(&open.path);
        return Hint::from(format!(
            "look for it on the website of the service, then run `rm {path}`"
        ));
    }
    match &open.content {
        Ok(JournaledOperation::Rotation(rotation)) => {
            let finish = Hint::run(of_profile("token rotate").argument(&rotation.old));
            if rotation.waits_for.is_empty() {
                finish.text(" again, with the same options: it finishes the rotation or undoes it")
            } else {
                finish.text(", which writes the new key there and revokes the old token")
            }
        }
        Ok(JournaledOperation::Creation {
            id: Some(id),
            written_to,
            ..
        }) if written_to.is_empty() => Hint::run(of_profile("token revoke").argument(id)),
        Ok(JournaledOperation::Creation { .. }) => Hint::from("the next ")
            .command(of_profile("token create"))
            .text(" looks for it, or see ")
            .command(of_profile("token list")),
        Err(_) => Hint::from("the next ")
            .command("token create")
            .text(" or `token rotate` of the profile sets a damaged one aside"),
    }
}
