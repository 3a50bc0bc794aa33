//! Failures of this machine: storage, settings, descriptions, prompts, streams.

use super::similar::closest;
use super::{Code, Failure};
use crate::actions::{ConfigError, ImportError, RoutingError};
use crate::domain::{CommandLine, Hint};
use crate::files::shell_word;
use crate::host::ProjectError;
use crate::provider::{AccessViolation, ProviderError, gallery_ids, gallery_text};
use crate::ui::prompt::PromptError;
use crate::ui::{FilterError, OutputError};
use crate::vault::VaultError;

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let code = if matches!(
            error,
            VaultError::Busy { .. } | VaultError::LockReplaced { .. }
        ) {
            Code::Busy
        } else {
            Code::Storage
        };
        let hint = error.hint();
        Self::from_error(code, error).with_hints(hint)
    }
}

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Self {
        let hint = match &error {
            ProviderError::Unknown { id, .. } if gallery_text(id).is_some() => {
                Some(add_from_gallery(id))
            }
            ProviderError::Unknown { id, known } => Some(unknown_service_hint(id, known)),
            ProviderError::File(error) => error.hint().map(Hint::from),
            ProviderError::Invalid { path, .. } => {
                Some(Hint::run(format!("provider check {}", shell_word(path))))
            }
            ProviderError::FileNameMismatch { .. } => None,
            ProviderError::AccessViolation {
                violation, allow, ..
            } => Some(violation_hint(violation, allow.as_deref())),
        };
        Self::from_error(Code::Config, error).with_hints(hint)
    }
}

fn violation_hint(violation: &AccessViolation, allow: Option<&str>) -> Hint {
    match violation {
        AccessViolation::Variable { prefix, .. } => {
            let other = format!("name a variable that begins with {prefix}, or allow this one: ");
            Hint::from(other).command(format!("config set {}", allow.unwrap_or_default()))
        }
        AccessViolation::Reserved { prefix, .. } => Hint::from(format!(
            "name a variable of its own that begins with {prefix}"
        )),
        AccessViolation::Secret { .. } => {
            Hint::from("a parameter is part of URLs: name a variable without a secret")
        }
        AccessViolation::Origin { origin, id, .. } => {
            let add = format!("profile add NAME --provider {id}");
            Hint::from("if you trust that server, name it: ")
                .command(CommandLine::without_profile(add).api_url(origin))
                .text(format!(
                    ", or `--api-url {origin}` with each command; else delete the file"
                ))
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        match error {
            ConfigError::Vault(error) => error.into(),
            ConfigError::UnknownKey { .. }
            | ConfigError::UnknownAuditMember { .. }
            | ConfigError::InvalidValue { .. } => Self::from_error(Code::Usage, error),
            ConfigError::NotASetting { .. } => {
                let hint = Hint::from("edit [audit] in the file that ")
                    .command("config path")
                    .text(" prints");
                Self::from_error(Code::Usage, error).with_hint(hint)
            }
            ConfigError::UnknownParameter { .. } => {
                let hint = Hint::from("name the profile of another service: ")
                    .command("config set parameter.NAME.PROFILE VALUE");
                Self::from_error(Code::Usage, error).with_hint(hint)
            }
            ConfigError::File(ref file) => {
                let hint = file.hint().map_or_else(replace_settings_hint, Hint::from);
                Self::from_error(Code::Config, error).with_hint(hint)
            }
            ConfigError::LinkTarget { ref source, .. } => {
                let hint = source.hint();
                Self::from_error(Code::Storage, error).with_hints(hint)
            }
            ConfigError::Invalid { .. } => {
                Self::from_error(Code::Config, error).with_hint(replace_settings_hint())
            }
            ConfigError::NotSerializable(_) => Self::from_error(Code::Storage, error),
        }
    }
}

fn replace_settings_hint() -> Hint {
    Hint::from("fix the file, or delete it to use the default settings; ")
        .command("help environment")
        .text(" lists the variables that replace settings")
}

impl From<RoutingError> for Failure {
    fn from(error: RoutingError) -> Self {
        let (code, hint) = match &error {
            RoutingError::NoSuchProfile { name, known, .. } => {
                let bind = CommandLine::without_profile(BIND_PROFILE);
                let hint = unknown_profile_hint(name, known)
                    .text("; to bind the directory to another, run ")
                    .command(bind);
                (Code::Config, hint)
            }
            RoutingError::Local { .. } => {
                let hint = Hint::from("name a profile with --profile, or bind the directory: ");
                (Code::Unsupported, hint.command("project set-cloud"))
            }
            RoutingError::File(ProjectError::InvalidPolicy { .. }) => {
                let members = Hint::from("fix that line; for the members, see the options of ");
                (Code::Config, members.command("token audit --help"))
            }
            RoutingError::File(error) => {
                let hint = error.hint().map_or_else(delete_binding_hint, Hint::from);
                (Code::Config, hint.text("; --profile NAME works without it"))
            }
        };
        Self::from_error(code, error).with_hint(hint)
    }
}

const BIND_PROFILE: &str = "project set-cloud --profile NAME";

fn delete_binding_hint() -> Hint {
    Hint::from("delete it: ").command("project unbind")
}

fn did_you_mean(name: &str, known: &[String]) -> String {
    let meant = closest(name, known);
    meant.map_or_else(String::new, |meant| format!("did you mean `{meant}`? "))
}

/// Names the command that adds a service of the gallery.
fn unknown_service_hint(id: &str, known: &[String]) -> Hint {
    let all: Vec<String> = known
        .iter()
        .cloned()
        .chain(gallery_ids().map(str::to_owned))
        .collect();
    let text = format!(
        "{}known services: {}; for those in the gallery, run ",
        did_you_mean(id, &all),
        known.join(", ")
    );
    Hint::from(text).command(CommandLine::without_profile("provider list --all"))
}

fn add_from_gallery(id: &str) -> Hint {
    let add = CommandLine::without_profile("provider add").argument(id);
    Hint::from("this service is in the gallery; to add it, run ").command(add)
}

/// Names the profile that was probably meant, the others, and how to create one.
pub(super) fn unknown_profile_hint(name: &str, known: &[String]) -> Hint {
    if gallery_text(name).is_some() {
        return add_from_gallery(name);
    }
    let create = CommandLine::without_profile("profile add").argument(name);
    Hint::from(format!(
        "{}known profiles: {}; to create one, run ",
        did_you_mean(name, known),
        known.join(", ")
    ))
    .command(create.argument("--provider").argument("SERVICE"))
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        let (code, hint) = match &error {
            ImportError::NotFound {
                searched: places, ..
            } => (Code::LoginRequired, Some(searched_paths(places))),
            ImportError::OutsideServiceDirectory { path, .. } => {
                let import = format!("login --import {}", shell_word(path));
                let hint = Hint::from("if it is the right file, name it: ").command(import);
                (Code::Usage, Some(hint))
            }
            ImportError::Sandbox { .. } => {
                let hint = Hint::from("leave out --sandbox, or sign in to the sandbox: ");
                (Code::Unsupported, Some(hint.command("login")))
            }
            ImportError::MissingOauthDescription { .. } => {
                let hint = Hint::from("add client_id and token_endpoint to its [oauth]");
                (Code::Config, Some(hint))
            }
            ImportError::RelativePath { .. } => (Code::Config, None),
            ImportError::File(error) => (Code::Storage, error.hint().map(Hint::from)),
            ImportError::Malformed { .. } => (Code::Failed, Some(sign_in_hint())),
            ImportError::Expired { .. } => (Code::LoginExpired, Some(sign_in_hint())),
        };
        Self::from_error(code, error).with_hints(hint)
    }
}

fn sign_in_hint() -> Hint {
    Hint::from("sign in with ").command("login")
}

fn searched_paths(paths: &[std::path::PathBuf]) -> Hint {
    let places: Vec<_> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    Hint::from(format!("searched: {}", places.join(", ")))
}

impl From<PromptError> for Failure {
    fn from(error: PromptError) -> Self {
        match error {
            PromptError::Interrupted => Self::interrupted(),
            PromptError::Io(_) => Self::from_error(Code::Failed, error),
            PromptError::NoTerminal => {
                Self::from_error(Code::Usage, error).with_hint("pipe the secret in on stdin")
            }
            PromptError::NoConfirmation => Self::from_error(Code::Usage, error)
                .with_hint("show stderr on the terminal, or add --yes"),
            PromptError::Ended | PromptError::Empty => Self::from_error(Code::Usage, error)
                .with_hint("type it at the prompt, or pipe it in on stdin"),
            PromptError::TooLong | PromptError::SeveralLines | PromptError::NotText => {
                Self::from_error(Code::Usage, error)
            }
        }
    }
}

impl From<FilterError> for Failure {
    fn from(error: FilterError) -> Self {
        OutputError::from(error).into()
    }
}

/// An expression may fail because of what the service sent.
fn filter_code(error: &FilterError) -> Code {
    match error {
        FilterError::InvalidJq(_)
        | FilterError::InvalidTemplate(_)
        | FilterError::UnknownField { .. } => Code::Usage,
        FilterError::Interrupted => Code::Interrupted,
        FilterError::Jq(_) | FilterError::NotJson => Code::Failed,
    }
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Self {
        let (code, hint) = match &error {
            OutputError::TooLong { .. } => {
                let hint = "list it in parts, with `--limit N --offset N`, or leave out `--json`";
                (Code::Failed, Some(hint.to_owned()))
            }
            OutputError::Filter(filter) => (filter_code(filter), filter.hint()),
            OutputError::Closed | OutputError::Failed(_) => (Code::Failed, None),
        };
        Self::from_error(code, error).with_hints(hint)
    }
}
