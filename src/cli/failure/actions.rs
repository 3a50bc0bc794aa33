//! Failures of use-cases.

use super::{Code, Failure, env_files};
use crate::actions::{ActionError, ENTERED, Source};
use crate::service::ApiError;
use crate::vault::VaultError;

impl From<ActionError> for Failure {
    fn from(error: ActionError) -> Self {
        let may_have_happened = error.may_have_been_processed();
        Self {
            may_have_been_processed: may_have_happened,
            ..Self::from_action_error(error)
        }
    }
}

impl Failure {
    fn from_action_error(error: ActionError) -> Self {
        match error {
            ActionError::Vault(error) => error.into(),
            ActionError::Oauth(error) => error.into(),
            ActionError::Service(error) => error.into(),
            ActionError::Http(error) => error.into(),
            ActionError::Provider(error) => error.into(),
            ActionError::Config(error) => error.into(),
            ActionError::Key(error) => error.into(),
            ActionError::SessionNotRevoked(behind) => session_still_alive((*behind).into()),
            ActionError::Rotation(error) => error.into(),
            ActionError::NotSaved(error) => error.into(),
            rejected @ ActionError::CredentialRejected { .. } => credential_rejected(rejected),
            ActionError::Import(error) => error.into(),
            ActionError::Origin(error) => error.into(),
            ActionError::Routing(error) => error.into(),
            ActionError::LoginRequired { ref reasons, .. } => {
                let hints: Vec<String> = reasons.iter().cloned().chain(hint(&error)).collect();
                Self::from_error(Code::LoginRequired, error).with_hints(hints)
            }
            other => {
                let (code, hint) = (code(&other), hint(&other));
                Self::from_error(code, other).with_hint(hint)
            }
        }
    }
}

fn credential_rejected(error: ActionError) -> Failure {
    let ActionError::CredentialRejected {
        refusal,
        source_name,
        is_session_expired,
    } = &error
    else {
        return Failure::from_error(Code::CredentialRejected, error);
    };
    let code = if *is_session_expired {
        Code::LoginExpired
    } else {
        Code::CredentialRejected
    };
    let (message, status, id) = rejection_details(refusal);
    let advice = refusal.advice.iter().cloned();
    let hints: Vec<String> = message
        .into_iter()
        .chain(advice)
        .chain(replacement_hint(source_name))
        .collect();
    Failure::from_error(code, error)
        .with_status(status, id)
        .with_hints(hints)
}

/// A login does not help while another source takes precedence over the stored credential.
fn replacement_hint(source_name: &str) -> Option<String> {
    if source_name == ENTERED {
        return None;
    }
    if source_name == Source::Stored.label() {
        return Some("run `brainmaps login`".to_owned());
    }
    Some(format!(
        "replace or remove {source_name}: it takes precedence over what `brainmaps login` stores"
    ))
}

pub(super) fn rejection_details(
    refusal: &ApiError,
) -> (Option<String>, Option<u16>, Option<String>) {
    let service_message = refusal
        .message
        .as_ref()
        .map(|text| format!("response of the service: {text}"));
    (
        service_message,
        Some(refusal.status),
        refusal.request_id.clone(),
    )
}

/// Uses the exit status of the failed request to the server.
fn session_still_alive(cause: Failure) -> Failure {
    let message = "signed out on this machine, but the session may still be valid at the server";
    cause
        .wrap(message)
        .with_hint("revoke it on the service's website, or wait until it expires".to_owned())
}

fn code(error: &ActionError) -> Code {
    match error {
        ActionError::NoSuchProfile { .. }
        | ActionError::NoApiUrl { .. }
        | ActionError::NoHeader { .. }
        | ActionError::ProfileExists { .. }
        | ActionError::StillSignedIn { .. } => Code::Config,
        ActionError::NotInSandbox { .. }
        | ActionError::UnsupportedLoginMethod { .. }
        | ActionError::NotRefreshable { .. } => Code::Unsupported,
        ActionError::MissingClientId { .. }
        | ActionError::MissingIssuer { .. }
        | ActionError::ForeignKey { .. }
        | ActionError::Variable { .. }
        | ActionError::KeyOfOtherService { .. }
        | ActionError::InvalidCookie
        | ActionError::Name(_)
        | ActionError::Url(_) => Code::Usage,
        ActionError::LoginRequired { .. } => Code::LoginRequired,
        ActionError::LoginExpired { .. }
        | ActionError::RefreshInterrupted { .. }
        | ActionError::RefreshRejected { .. }
        | ActionError::LifetimeTooShort { .. } => Code::LoginExpired,
        ActionError::CredentialRejected { .. } => Code::CredentialRejected,
        ActionError::CopyNotDeleted(_) | ActionError::NotSaved(_) => Code::Storage,
        other if is_interruption(other) => Code::Interrupted,
        ActionError::SessionNotRevoked(_)
        | ActionError::Rotation(_)
        | ActionError::Origin(_)
        | ActionError::Import(_)
        | ActionError::Routing(_)
        | ActionError::Config(_)
        | ActionError::Key(_)
        | ActionError::Provider(_)
        | ActionError::Vault(_)
        | ActionError::Oauth(_)
        | ActionError::Service(_)
        | ActionError::Http(_) => Code::Failed,
        // What is left is about env files.
        _ => env_files::code(error),
    }
}

fn is_interruption(error: &ActionError) -> bool {
    matches!(
        error,
        ActionError::InterruptedAfterRequest | ActionError::InterruptedBeforeRequest
    )
}

fn hint(error: &ActionError) -> Option<String> {
    let hint = match error {
        ActionError::NoSuchProfile { name, known } => format!(
            "known profiles: {}; to create one, run `brainmaps profile add {name} --provider SERVICE`",
            known.join(", ")
        ),
        ActionError::LoginRequired {
            variable: Some(variable),
            ..
        } => format!("run `brainmaps login`, or set {variable}"),
        ActionError::KeyOfOtherService { profile, .. } => {
            format!("store it there: `brainmaps --profile {profile} login --with-token`")
        }
        ActionError::StillSignedIn { name } => {
            format!("run `brainmaps --profile {name} logout` first")
        }
        other => {
            let hint = static_hint(other).map(str::to_owned);
            return hint.or_else(|| env_files::hint(other));
        }
    };
    Some(hint)
}

/// What may have happened, and what to do.
const REFRESH_LOST: &str = "the server may have refreshed it, and then treats the stored refresh token as stolen (after a \
                            crash, a kill or a lost connection); run `brainmaps login`";

fn undeleted_hint(error: &VaultError) -> &'static str {
    match error {
        VaultError::Keyring(_) => {
            "unlock or start the keyring and run `brainmaps logout` again; `brainmaps profile remove` abandons a copy \
             that is unreachable"
        }
        _ => "delete the file",
    }
}

fn static_hint(error: &ActionError) -> Option<&'static str> {
    Some(match error {
        ActionError::NotInSandbox { .. } => "leave out --sandbox, or choose another profile",
        ActionError::InvalidCookie => {
            "copy the value of the Cookie header, as the browser's developer tools show it"
        }
        ActionError::NoHeader { .. } => {
            "add it below [headers]; run `brainmaps provider check FILE` to see what else is missing"
        }
        ActionError::UnsupportedLoginMethod { .. } => {
            "store a key: `brainmaps login --with-token < FILE`"
        }
        ActionError::LoginRequired { .. }
        | ActionError::LoginExpired { .. }
        | ActionError::RefreshRejected { .. } => "run `brainmaps login`",
        ActionError::RefreshInterrupted { .. } => REFRESH_LOST,
        ActionError::NoApiUrl { .. } | ActionError::MissingIssuer { .. } => {
            "run `brainmaps login --issuer URL --client-id ID`, with --api-url URL where it differs"
        }
        ActionError::CopyNotDeleted(error) => undeleted_hint(error),
        ActionError::InterruptedAfterRequest => {
            "run `brainmaps token list` to see whether it still exists"
        }
        ActionError::MissingClientId { .. } => {
            "set the client id that is registered at the server: --client-id ID"
        }
        ActionError::ForeignKey { .. } => "choose the key's service with --profile",
        ActionError::NotRefreshable { .. } => {
            "only a session with a refresh token can be refreshed; run `brainmaps login` for a new one"
        }
        ActionError::LifetimeTooShort { .. } => {
            "run `brainmaps login`, or ask for less with --min-ttl"
        }
        ActionError::ProfileExists { .. } => {
            "choose another name, or `brainmaps profile remove` it first"
        }
        _ => return None,
    })
}
