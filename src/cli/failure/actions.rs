//! Failures of use-cases.

use jiff::Timestamp;

use super::local::unknown_profile_hint;
use super::{Code, ErrorResponse, Failure, env_files};
use crate::actions::{ActionError, CreationError, ENTERED, Source};
use crate::domain::{CommandLine, Hint};
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
    fn from_audit_log_error(error: VaultError) -> Self {
        let hints = vec![error.audit_log_hint()];
        let is_refused = error.is_refused_file();
        let failure = Self::from(error);
        Self {
            // The user chose the file.
            code: if is_refused {
                Code::Config
            } else {
                failure.code
            },
            hints,
            ..failure
        }
    }

    fn from_action_error(error: ActionError) -> Self {
        match error {
            ActionError::Vault(error) => error.into(),
            ActionError::AuditLog(error) => Self::from_audit_log_error(error),
            ActionError::Oauth(error) => error.into(),
            ActionError::Service(error) => error.into(),
            ActionError::Http(error) => error.into(),
            ActionError::Provider(error) => error.into(),
            ActionError::Config(error) => error.into(),
            ActionError::Exec(error) => error.into(),
            ActionError::Install(error) => error.into(),
            ActionError::Scan(error) => error.into(),
            ActionError::Api(error) => error.into(),
            ActionError::Key(error) => error.into(),
            ActionError::SessionNotRevoked { expires_at, source } => {
                session_still_alive((*source).into(), expires_at)
            }
            ActionError::Rotation(error) => error.into(),
            ActionError::Creation(error) => created_another(error),
            ActionError::NotSaved(error) => error.into(),
            rejected @ ActionError::CredentialRejected { .. } => credential_rejected(rejected),
            ActionError::Import(error) => error.into(),
            ActionError::BrowserLogin(error) => error.into(),
            ActionError::Client(error) => error.into(),
            ActionError::Description(error) => error.into(),
            ActionError::Workload(error) => error.into(),
            ActionError::Session(error) => error.into(),
            ActionError::Origin(error) => error.into(),
            ActionError::Resource(error) => error.into(),
            ActionError::Routing(error) => error.into(),
            ActionError::LoginRequired { ref reasons, .. } => {
                let reasons = reasons.iter().map(Hint::from);
                let hints: Vec<Hint> = reasons.chain(hint(&error)).collect();
                Self::from_error(Code::LoginRequired, error).with_hints(hints)
            }
            other => {
                let (code, hint) = (code(&other), hint(&other));
                Self::from_error(code, other).with_hints(hint)
            }
        }
    }
}

fn created_another(error: CreationError) -> Failure {
    let CreationError::Deviates {
        id,
        revoked,
        existed,
        ..
    } = &error;
    let hint = match (id, revoked) {
        _ if *existed => Hint::from(
            "look for a new token with `token list`; `tokens.fields.id` in the description may point to another id",
        ),
        (Some(id), Err(Some(_))) => Hint::run(CommandLine::from("token revoke").argument(id)),
        (_, Err(_)) => Hint::from("revoke it on the website of the service"),
        (_, Ok(())) => Hint::from(
            "the service may not allow it, or `tokens.create` in its description may have the wrong member or unit",
        ),
    };
    Failure::from_error(Code::Failed, error).with_hint(hint)
}

fn credential_rejected(error: ActionError) -> Failure {
    let ActionError::CredentialRejected {
        api_error,
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
    let response = ErrorResponse::from(&**api_error);
    let advice = api_error.advice.iter().cloned();
    let message = service_message(api_error).map(Hint::from);
    let hints: Vec<Hint> = message
        .into_iter()
        .chain(advice)
        .chain(replacement_hint(source_name))
        .collect();
    Failure::from_error(code, error)
        .with_response(response)
        .with_hints(hints)
}

/// A login does not help while another source takes precedence over the stored credential.
fn replacement_hint(source_name: &str) -> Option<Hint> {
    if source_name == ENTERED {
        return None;
    }
    if source_name == Source::Stored.label() {
        return Some(Hint::run("login"));
    }
    let replace = format!("replace or remove {source_name}, which takes precedence over what ");
    Some(Hint::from(replace).command("login").text(" stores"))
}

pub(super) fn service_message(api_error: &ApiError) -> Option<String> {
    let message = api_error.message.as_ref();
    message.map(|text| format!("response of the service: {text}"))
}

/// Uses the exit status of the failed request to the server.
fn session_still_alive(cause: Failure, expires_at: Option<Timestamp>) -> Failure {
    let message = "signed out on this machine, but the session may still be valid at the server";
    let end = expires_at.map_or_else(String::new, |end| format!(" ({end:.0})"));
    cause.wrap(message).with_hint(format!(
        "revoke it on the service's website, or wait until it expires{end}"
    ))
}

fn code(error: &ActionError) -> Code {
    match error {
        other if is_about_profile(other) => Code::Config,
        ActionError::NoApiUrl { .. }
        | ActionError::NoHeader { .. }
        | ActionError::IncompleteKey { .. } => Code::Config,
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
        ActionError::CopyNotDeleted(_)
        | ActionError::NotSaved(_)
        | ActionError::ClientSecretFile { .. } => Code::Storage,
        other if is_interruption(other) => Code::Interrupted,
        other if is_converted(other) => Code::Failed,
        // The other errors concern env files.
        _ => env_files::code(error),
    }
}

/// Returns `true` for an error that has its own conversion.
fn is_converted(error: &ActionError) -> bool {
    matches!(
        error,
        ActionError::SessionNotRevoked { .. }
            | ActionError::Rotation(_)
            | ActionError::Creation(_)
            | ActionError::Description(_)
            | ActionError::Origin(_)
            | ActionError::Import(_)
            | ActionError::BrowserLogin(_)
            | ActionError::Client(_)
            | ActionError::Session(_)
            | ActionError::Routing(_)
            | ActionError::Config(_)
            | ActionError::Exec(_)
            | ActionError::Install(_)
            | ActionError::Scan(_)
            | ActionError::Api(_)
            | ActionError::Key(_)
            | ActionError::Provider(_)
            | ActionError::Vault(_)
            | ActionError::AuditLog(_)
            | ActionError::Oauth(_)
            | ActionError::Service(_)
            | ActionError::Http(_)
    )
}

fn is_about_profile(error: &ActionError) -> bool {
    matches!(
        error,
        ActionError::NoSuchProfile { .. }
            | ActionError::ProfileExists { .. }
            | ActionError::ServiceProfile { .. }
            | ActionError::ServiceName { .. }
            | ActionError::StillSignedIn { .. }
    )
}

fn is_interruption(error: &ActionError) -> bool {
    matches!(
        error,
        ActionError::Interrupted
            | ActionError::InterruptedAfterRequest
            | ActionError::InterruptedBeforeRequest
    )
}

fn hint(error: &ActionError) -> Option<Hint> {
    command_hint(error)
        .or_else(|| text_hint(error).map(Hint::from))
        .or_else(|| env_files::hint(error))
}

/// What may have happened, and what to do.
const REFRESH_LOST: &str = "the server may have refreshed it, and then treats the stored refresh token as stolen (after a \
                            crash, a kill or a lost connection); run ";

fn undeleted_hint(error: &VaultError) -> Hint {
    match error {
        VaultError::Keyring(_) => Hint::from("unlock or start the keyring and run ")
            .command("logout")
            .text(" again; ")
            .command(CommandLine::without_profile("profile remove"))
            .text(" abandons a copy that is unreachable"),
        _ => Hint::from("delete the file"),
    }
}

/// The hints that name a command.
fn command_hint(error: &ActionError) -> Option<Hint> {
    if let ActionError::ClientSecretFile { hint, .. } = error {
        return hint.clone().map(Hint::from);
    }
    login_hint(error).or_else(|| other_command_hint(error))
}

/// The hints about signing in.
fn login_hint(error: &ActionError) -> Option<Hint> {
    Some(match error {
        ActionError::LoginRequired { variable, .. } => {
            let or = variable.as_ref().map(|name| format!(", or set {name}"));
            Hint::run("login").text(or.unwrap_or_default())
        }
        ActionError::KeyOfOtherService { profile, .. } => {
            let login = CommandLine::for_profile(profile, "login --with-token");
            Hint::from("store it there: ").command(login)
        }
        ActionError::UnsupportedLoginMethod { .. } => {
            Hint::from("store a key: ").command("login --with-token < FILE")
        }
        ActionError::LoginExpired { .. } | ActionError::RefreshRejected { .. } => {
            Hint::run("login")
        }
        ActionError::RefreshInterrupted { .. } => Hint::from(REFRESH_LOST).command("login"),
        ActionError::NoApiUrl { .. } | ActionError::MissingIssuer { .. } => {
            Hint::run("login --issuer URL --client-id ID")
                .text(", with --api-url URL where it differs")
        }
        ActionError::NotRefreshable { .. } => {
            Hint::from("only a session with a refresh token can be refreshed; run ")
                .command("login")
                .text(" for a new one")
        }
        ActionError::LifetimeTooShort { .. } => {
            Hint::run("login").text(", or ask for less with --min-ttl")
        }
        _ => return None,
    })
}

fn other_command_hint(error: &ActionError) -> Option<Hint> {
    Some(match error {
        ActionError::NoSuchProfile { name, known } => unknown_profile_hint(name, known),
        ActionError::StillSignedIn { name } => {
            Hint::run(CommandLine::for_profile(name, "logout")).text(" first")
        }
        ActionError::IncompleteKey { .. } => {
            Hint::from("give both values, separated by a colon, or run ").command("login")
        }
        ActionError::NoHeader { .. } => Hint::from("add it below [headers]; run ")
            .command("provider check FILE")
            .text(" to see what else is missing"),
        ActionError::CopyNotDeleted(error) => undeleted_hint(error),
        ActionError::InterruptedAfterRequest => {
            Hint::run("token list").text(" to see whether it still exists")
        }
        ActionError::ServiceProfile { name, new } => {
            let add = CommandLine::without_profile("profile add").argument(new);
            let add = add.argument("--provider").argument(name);
            Hint::from("add a profile and sign in to it: ")
                .command(add)
                .text(", ")
                .command(CommandLine::for_profile(new, "login"))
        }
        ActionError::ServiceName { .. } => Hint::from("choose another name; see ")
            .command(CommandLine::without_profile("provider list")),
        ActionError::ProfileExists { .. } => Hint::from("choose another name, or ")
            .command(CommandLine::without_profile("profile remove"))
            .text(" it first"),
        _ => return None,
    })
}

fn text_hint(error: &ActionError) -> Option<&'static str> {
    Some(match error {
        ActionError::NotInSandbox { .. } => "leave out --sandbox, or choose another profile",
        ActionError::InvalidCookie => {
            "copy the value of the Cookie header, as the browser's developer tools show it"
        }
        ActionError::MissingClientId { .. } => {
            "set the client id that is registered at the server: --client-id ID"
        }
        ActionError::ForeignKey { .. } => "choose the key's service with --profile",
        _ => return None,
    })
}
