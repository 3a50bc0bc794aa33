//! Failures of commands that read a description of a service.

use std::path::Path;

use super::{Code, Failure};
use crate::actions::DescriptionError;
use crate::domain::{CommandLine, Hint};
use crate::files::shell_word;

/// Names the member of the user's own description that does not fit the response; otherwise the service is at fault.
pub(super) fn pointer_hint(member: Option<&str>, file: Option<&Path>) -> Hint {
    let (Some(member), Some(file)) = (member, file) else {
        return Hint::from("the service or a proxy returned an invalid response");
    };
    let see = format!(
        "see {member} in {}; to see what each pointer finds, run ",
        file.display()
    );
    Hint::from(see).command(command_for(file, "provider test", " --live"))
}

/// Names the member to add for a command that the user's own description does not cover.
pub(super) fn missing_call_hint(command: &str, file: Option<&Path>) -> Option<Hint> {
    let file = file?;
    let member = CALLS.iter().find(|(known, _)| *known == command);
    let Some((_, member)) = member else {
        let check = format!("provider check {}", shell_word(file));
        return Some(Hint::run(check).text(" lists what the description lacks"));
    };
    let add = format!(
        "add [{member}] to {}; for its members, run ",
        file.display()
    );
    Some(
        Hint::from(add).command(CommandLine::without_profile(format!(
            "provider explain {member}"
        ))),
    )
}

/// Names the placeholder to add for an option of `token create`.
pub(super) fn missing_option_hint(option: &str, file: Option<&Path>) -> Option<Hint> {
    let (_, placeholder) = OPTIONS.iter().find(|(known, _)| *known == option)?;
    let file = file?.display();
    Some(format!("if the service has it, add {placeholder} to `json` or `form` of [tokens.create] in {file}").into())
}

/// Commands, and the tables of their calls.
const CALLS: &[(&str, &str)] = &[
    ("whoami", "whoami"),
    ("logout", "logout"),
    ("token create", "tokens.create"),
    ("token list", "tokens.list"),
    ("token get", "tokens.get"),
    ("token update", "tokens.update"),
    ("token revoke", "tokens.revoke"),
];

/// Options, and their placeholders.
const OPTIONS: &[(&str, &str)] = &[
    (
        "--expires-in",
        "{expires:seconds}, {expires:rfc3339} or another form",
    ),
    ("--scope", "{scopes}"),
    ("--permission", "{permissions}"),
    ("--permanent or --temporary", "{permanent}"),
];

fn command_for(file: &Path, command: &str, options: &str) -> CommandLine {
    let id = file
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    CommandLine::from(format!("{command} {}{options}", id.unwrap_or_default()))
}

impl From<DescriptionError> for Failure {
    fn from(error: DescriptionError) -> Self {
        let (code, hint) = (code(&error), hint(&error));
        Self::from_error(code, error).with_hints(hint)
    }
}

fn code(error: &DescriptionError) -> Code {
    match error {
        DescriptionError::Url { .. }
        | DescriptionError::Exists { .. }
        | DescriptionError::Overwrite { .. }
        | DescriptionError::NotAdded { .. }
        | DescriptionError::OtherProfile { .. } => Code::Usage,
        DescriptionError::Status { status: 404, .. } => Code::NotFound,
        DescriptionError::Status { .. } | DescriptionError::NotSent => Code::Failed,
        DescriptionError::NotText { .. } => Code::Rejected,
        DescriptionError::NotOpenApi { .. }
        | DescriptionError::Invalid { .. }
        | DescriptionError::Origin { .. } => Code::Config,
    }
}

fn hint(error: &DescriptionError) -> Option<Hint> {
    let text = match error {
        DescriptionError::Invalid { name, .. } => {
            let check = format!("provider check {}", shell_word(name.as_ref()));
            return Some(Hint::run(check).text(" for all errors"));
        }
        DescriptionError::NotAdded { name } => {
            let add = format!("provider add {}", shell_word(name.as_ref()));
            let hint = Hint::from("the credential belongs to a service; to add it, run ");
            return Some(hint.command(add));
        }
        DescriptionError::OtherProfile { id, .. } => {
            return Some(format!("name a profile of {id} with --profile, or none").into());
        }
        DescriptionError::Url { .. } => {
            "plain http is accepted on loopback only; download the file, or fetch it with https"
        }
        DescriptionError::Status { .. } => "check the URL; no credential is sent to it",
        DescriptionError::Origin { .. } => {
            "give the description another id, or use the built-in service with --api-url URL"
        }
        DescriptionError::Overwrite { .. } => "name another file, or delete this one",
        DescriptionError::NotOpenApi { .. } => {
            "OpenAPI 3.0 and 3.1 are supported, as JSON and as YAML"
        }
        DescriptionError::Exists { .. } => {
            "add --replace to replace it; the lines that differ are listed above"
        }
        DescriptionError::NotText { .. } | DescriptionError::NotSent => return None,
    };
    Some(text.into())
}
