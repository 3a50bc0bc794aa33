//! Which credential is used: the first source that has one for this service at this origin.

use std::path::PathBuf;

use super::choice::shown;
use super::key_check::{KeyFault, key_fault};
use super::{ActionError, Context, KeyError, Routing, RoutingError, Target};
use crate::domain::{BaseUrl, Credential, CredentialKind, Origin, Secret, StoredCredential};
use crate::host::{Bound, DotEnvError, dotenv, project::PROJECT_FILE};

/// Where a credential was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A variable of the process environment.
    Environment {
        /// Its name.
        variable: String,
    },
    /// A `.env` file.
    DotEnv {
        /// The variable in it.
        variable: String,
        /// The file.
        path: PathBuf,
    },
    /// What `login` stored.
    Stored,
}

impl Source {
    /// How people read it.
    pub fn label(&self) -> String {
        match self {
            Self::Environment { variable } => format!("environment variable {variable}"),
            Self::DotEnv { variable, path } => format!("{variable} in {}", path.display()),
            Self::Stored => "the stored sign-in".to_owned(),
        }
    }

    /// How programs read it: `environment:NAME`, `dotenv:PATH`, `stored`.
    pub fn word(&self) -> String {
        match self {
            Self::Environment { variable } => format!("environment:{variable}"),
            Self::DotEnv { path, .. } => format!("dotenv:{}", path.display()),
            Self::Stored => "stored".to_owned(),
        }
    }
}

/// The credential in use, and the place it goes to.
#[derive(Debug, Clone)]
pub struct Selected {
    /// Where it was found.
    pub source: Source,
    /// Where the service is.
    pub base: BaseUrl,
    /// What requests carry.
    pub credential: Credential,
    /// The rest of it, when it was stored.
    pub stored: Option<StoredCredential>,
}

/// A key that is set and cannot be used. No other source takes its place, and nothing is sent: a mistyped key must not
/// make a command act as somebody else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot use {label}: {reason}")]
pub struct UnusableKey {
    /// The variable, and the file that it stands in.
    pub label: String,
    /// The same as `status` shows it: `environment:NAME`, `dotenv:PATH`.
    pub source_word: String,
    /// Why; nothing of the value.
    pub reason: String,
    /// What to do.
    pub hint: String,
}

impl UnusableKey {
    fn in_source(context: &Context, source: &Source, reason: &impl ToString) -> Self {
        let (label, hint) = match source {
            Source::DotEnv { variable, path } => {
                let file = shown(&context.directory, path);
                let hint = format!(
                    "write the key alone behind `{variable}=` in {file}, or delete that line"
                );
                (format!("{variable} in {file}"), hint)
            }
            Source::Environment { variable } => {
                let hint = format!("set {variable} to the key alone, or run `unset {variable}`");
                (variable.clone(), hint)
            }
            Source::Stored => (source.label(), "run `brainmaps login`".to_owned()),
        };
        Self {
            label,
            source_word: source.word(),
            reason: reason.to_string(),
            hint,
        }
    }

    /// A `.env` that is there and cannot be read, so that nobody knows whether the key is in it.
    fn in_file(variable: &str, wrong: &DotEnvError) -> Self {
        let cause = std::error::Error::source(wrong);
        let cause = cause.map_or_else(String::new, |cause| format!(": {cause}"));
        Self {
            label: format!("{variable} from .env"),
            source_word: "dotenv".to_owned(),
            reason: format!("{wrong}{cause}"),
            hint: wrong
                .hint()
                .unwrap_or_else(|| "fix the file, or delete it".to_owned()),
        }
    }
}

/// What one source holds.
pub(super) enum Finding {
    Here(Box<Selected>),
    Refused {
        source: Source,
        reason: String,
    },
    Routes {
        source: String,
        reason: String,
    },
    /// Set, and not to a key of this service.
    Unusable(Box<UnusableKey>),
    /// From here on no credential is needed.
    Local {
        path: PathBuf,
    },
    Absent {
        source: String,
        reason: String,
    },
}

/// The sources in their order.
type Look = fn(&Context, &Target) -> Result<Finding, ActionError>;
pub(super) const ORDER: [Look; 4] = [
    in_environment,
    in_dotenv,
    |_, target| Ok(in_project(target)),
    in_vault,
];

/// The credential to use.
///
/// # Errors
/// `UNSUPPORTED` in a local directory, `CONFIG` for a key that is set and cannot be used, `LOGIN_REQUIRED` when no source has one that may be sent to this service, and what reading the sources says.
pub fn select(context: &Context, target: &Target) -> Result<Selected, ActionError> {
    let mut reasons = Vec::new();
    for look in ORDER {
        match look(context, target)? {
            Finding::Here(selected) => return Ok(*selected),
            Finding::Refused { source, reason } => {
                warn_unless_stored(context, &source, &reason);
                reasons.push(format!("{}: {reason}", source.label()));
            }
            Finding::Local { path } => return Err(RoutingError::Local { path }.into()),
            Finding::Unusable(key) => return Err(KeyError::Unusable(key).into()),
            Finding::Routes { .. } | Finding::Absent { .. } => {}
        }
    }
    Err(ActionError::LoginRequired {
        profile: target.profile.to_string(),
        variable: target.descriptor.environment.api_key.clone(),
        reasons,
    })
}

/// What the user set and is not used must not go by in silence.
fn warn_unless_stored(context: &Context, source: &Source, reason: &str) {
    if *source != Source::Stored {
        context.warn(format!("{} is not used: {reason}", source.label()));
    }
}

fn in_environment(context: &Context, target: &Target) -> Result<Finding, ActionError> {
    let Some(variable) = target.descriptor.environment.api_key.clone() else {
        return Ok(absent("environment variable", "the service names none"));
    };
    let is_malformed = context.environment.is_malformed(&variable);
    let value = context.environment.get(&variable).map(Secret::new);
    let source = Source::Environment { variable };
    if is_malformed {
        let key = UnusableKey::in_source(context, &source, &KeyFault::NotText);
        return Ok(Finding::Unusable(Box::new(key)));
    }
    match value {
        Some(key) => here(context, source, target, (target.base(), key)),
        None => Ok(absent(&source.label(), "not set")),
    }
}

fn in_dotenv(context: &Context, target: &Target) -> Result<Finding, ActionError> {
    let names = &target.descriptor.environment;
    let Some(variable) = names.api_key.clone() else {
        return Ok(absent(".env", "the service names no variable"));
    };
    let wanted: Vec<&str> = [names.api_key.as_deref(), names.api_url.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    let file = match dotenv::find(&context.search_scope(), &wanted) {
        Ok(Some(file)) => file,
        Ok(None) => {
            return Ok(absent(
                &format!("{variable} in .env"),
                "no .env here or above",
            ));
        }
        // The user named a profile for this command, so the directory's files do not decide.
        Err(wrong) if context.choice.profile.is_some() => {
            context.warn(format!("ignoring .env: {wrong}"));
            return Ok(absent(&format!("{variable} in .env"), &wrong.to_string()));
        }
        Err(wrong) => {
            return Ok(Finding::Unusable(Box::new(UnusableKey::in_file(
                &variable, &wrong,
            ))));
        }
    };
    let source = Source::DotEnv {
        variable: variable.clone(),
        path: file.path.clone(),
    };
    let Some(key) = file.get(&variable) else {
        return Ok(absent(&source.label(), "not in the file"));
    };
    let url = names.api_url.as_deref().and_then(|name| file.get(name));
    match url {
        Some(url) => at_own_url(context, source, target, (url, key)),
        None => here(context, source, target, (target.base(), key.clone())),
    }
}

/// Returns the key in the `.env` that is found here, where it may be sent to the service.
pub(super) fn key_in_dotenv(context: &Context, target: &Target) -> Option<Selected> {
    match in_dotenv(context, target) {
        Ok(Finding::Here(selected)) => Some(*selected),
        _ => None,
    }
}

/// What the directory is bound to stands here: behind a key that the environment has for the service.
fn in_project(target: &Target) -> Finding {
    let project = match &target.routing {
        Routing::Unbound => return absent(PROJECT_FILE, "none here or above"),
        Routing::Overruled(path) => {
            let reason = "not read, since a profile was named for this command";
            return absent(&path.display().to_string(), reason);
        }
        Routing::Bound(project) => project,
    };
    match &project.bound {
        Bound::Local => Finding::Local {
            path: project.path.clone(),
        },
        Bound::Profile(name) => Finding::Routes {
            source: project.path.display().to_string(),
            reason: format!("names the profile `{name}`"),
        },
    }
}

/// A `.env` that names a URL binds its key to it; a URL from elsewhere does not move the key, nor does the sandbox.
fn at_own_url(
    context: &Context,
    source: Source,
    target: &Target,
    (url, key): (&Secret, &Secret),
) -> Result<Finding, ActionError> {
    let own: BaseUrl = match url.expose().parse() {
        Ok(own) => own,
        Err(wrong) => {
            let key = UnusableKey::in_source(context, &source, &wrong_url(&wrong));
            return Ok(Finding::Unusable(Box::new(key)));
        }
    };
    let is_settled = target.base_is_explicit || context.choice.sandbox;
    match &target.base {
        Some(asked) if is_settled && asked.origin() != own.origin() => {
            let reason = elsewhere(&own.origin(), &asked.origin());
            Ok(Finding::Refused { source, reason })
        }
        _ => here(context, source, target, (Ok(&own), key.clone())),
    }
}

fn in_vault(context: &Context, target: &Target) -> Result<Finding, ActionError> {
    let source = Source::Stored;
    let Some(stored) = context.vault.find(&target.profile, target.kept.storage)? else {
        return Ok(absent(
            &source.label(),
            &format!("profile `{}` has none", target.profile),
        ));
    };
    if stored.provider != target.descriptor.id {
        let reason = format!("it belongs to the service `{}`", stored.provider);
        return Ok(Finding::Refused { source, reason });
    }
    let base = target.base()?;
    if stored.origin != base.origin() {
        return Ok(Finding::Refused {
            source,
            reason: elsewhere(&stored.origin, &base.origin()),
        });
    }
    let credential = stored.credential.clone();
    Ok(Finding::Here(Box::new(Selected {
        source,
        base: base.clone(),
        credential,
        stored: Some(stored),
    })))
}

/// A key from outside the vault. What cannot be a key of this service leaves the machine for no other.
fn here(
    context: &Context,
    source: Source,
    target: &Target,
    (base, secret): (Result<&BaseUrl, ActionError>, Secret),
) -> Result<Finding, ActionError> {
    if let Some(fault) = key_fault(context, &target.descriptor, &secret) {
        let key = UnusableKey::in_source(context, &source, &fault);
        return Ok(Finding::Unusable(Box::new(key)));
    }
    let credential = Credential {
        kind: CredentialKind::ApiKey,
        secret,
    };
    Ok(Finding::Here(Box::new(Selected {
        source,
        base: base?.clone(),
        credential,
        stored: None,
    })))
}

/// Fails for a key that is set and cannot be used, and for nothing else.
///
/// # Errors
/// [`KeyError::Unusable`].
pub fn require_usable_sources(context: &Context, target: &Target) -> Result<(), ActionError> {
    match select(context, target) {
        Err(error @ ActionError::Key(KeyError::Unusable(_))) => Err(error),
        _ => Ok(()),
    }
}

/// The variable or file whose key takes precedence over what is stored.
pub(super) fn shadow(context: &Context, target: &Target) -> Option<String> {
    let outside: [Look; 2] = [in_environment, in_dotenv];
    outside
        .iter()
        .find_map(|look| match look(context, target).ok()? {
            Finding::Here(selected) => Some(selected.source.label()),
            Finding::Unusable(key) => Some(key.label),
            _ => None,
        })
}

/// Every secret that a command for `target` could use here, in whichever source it is.
pub(super) fn reachable_secrets(context: &Context, target: &Target) -> Vec<Secret> {
    let found = ORDER.iter().filter_map(|look| look(context, target).ok());
    found
        .filter_map(|finding| match finding {
            Finding::Here(selected) => Some(selected),
            _ => None,
        })
        .flat_map(|selected| {
            let refresh = selected.stored.and_then(|stored| stored.refresh_token);
            [Some(selected.credential.secret), refresh]
        })
        .flatten()
        .collect()
}

fn absent(source: &str, reason: &str) -> Finding {
    Finding::Absent {
        source: source.to_owned(),
        reason: reason.to_owned(),
    }
}

fn elsewhere(own: &Origin, asked: &Origin) -> String {
    format!("it belongs to {own} and is not sent to {asked}")
}

fn wrong_url(wrong: &crate::domain::InvalidUrl) -> String {
    format!("the address beside it cannot be used: {wrong}")
}
