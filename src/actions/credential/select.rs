//! Which credential is used: the first source that has one for this service at this origin.

use std::path::PathBuf;

use crate::actions::credential::file_choice::display_path;
use crate::actions::credential::key_check::{KeyFault, find_key_fault};
use crate::actions::{ActionError, Context, KeyError, Routing, RoutingError, Target};
use crate::domain::{BaseUrl, Credential, CredentialKind, Origin, Secret, StoredCredential};
use crate::host::{DotEnvError, ProjectBinding, dotenv, project::PROJECT_FILE};

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
    pub fn id(&self) -> String {
        match self {
            Self::Environment { variable } => format!("environment:{variable}"),
            Self::DotEnv { path, .. } => format!("dotenv:{}", path.display()),
            Self::Stored => "stored".to_owned(),
        }
    }
}

/// The credential in use, and the place it goes to.
#[derive(Debug, Clone)]
pub struct ResolvedCredential {
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
    pub source_id: String,
    /// Why; nothing of the value.
    pub reason: String,
    /// What to do.
    pub hint: String,
}

impl UnusableKey {
    fn in_source(context: &Context, source: &Source, reason: &impl ToString) -> Self {
        let (label, hint) = match source {
            Source::DotEnv { variable, path } => {
                let file = display_path(&context.directory, path);
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
            source_id: source.id(),
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
            source_id: "dotenv".to_owned(),
            reason: format!("{wrong}{cause}"),
            hint: wrong
                .hint()
                .unwrap_or_else(|| "fix the file, or delete it".to_owned()),
        }
    }
}

/// What one source holds.
pub(crate) enum LookupResult {
    Found(Box<ResolvedCredential>),
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
type SourceLookup = fn(&Context, &Target) -> Result<LookupResult, ActionError>;
pub(crate) const SOURCES: [SourceLookup; 4] = [
    find_in_environment,
    find_in_dotenv,
    |_, target| Ok(find_in_project(target)),
    find_in_vault,
];

/// The credential to use.
///
/// # Errors
/// `UNSUPPORTED` in a local directory, `CONFIG` for a key that is set and cannot be used, `LOGIN_REQUIRED` when no source has one that may be sent to this service, and what reading the sources says.
pub fn resolve_credential(
    context: &Context,
    target: &Target,
) -> Result<ResolvedCredential, ActionError> {
    let mut reasons = Vec::new();
    for look in SOURCES {
        match look(context, target)? {
            LookupResult::Found(selected) => return Ok(*selected),
            LookupResult::Refused { source, reason } => {
                warn_unless_stored(context, &source, &reason);
                reasons.push(format!("{}: {reason}", source.label()));
            }
            LookupResult::Local { path } => return Err(RoutingError::Local { path }.into()),
            LookupResult::Unusable(key) => return Err(KeyError::Unusable(key).into()),
            LookupResult::Routes { .. } | LookupResult::Absent { .. } => {}
        }
    }
    Err(ActionError::LoginRequired {
        profile: target.name.to_string(),
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

fn find_in_environment(context: &Context, target: &Target) -> Result<LookupResult, ActionError> {
    let Some(variable) = target.descriptor.environment.api_key.clone() else {
        return Ok(absent("environment variable", "the service names none"));
    };
    let is_malformed = context.environment.is_malformed(&variable);
    let value = context.environment.get(&variable).map(Secret::new);
    let source = Source::Environment { variable };
    if is_malformed {
        let key = UnusableKey::in_source(context, &source, &KeyFault::NotText);
        return Ok(LookupResult::Unusable(Box::new(key)));
    }
    match value {
        Some(key) => usable_key(context, source, target, (target.base(), key)),
        None => Ok(absent(&source.label(), "not set")),
    }
}

fn find_in_dotenv(context: &Context, target: &Target) -> Result<LookupResult, ActionError> {
    let names = &target.descriptor.environment;
    let Some(variable) = names.api_key.clone() else {
        return Ok(absent(".env", "the service names no variable"));
    };
    let wanted: Vec<&str> = [names.api_key.as_deref(), names.api_url.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    let file = match dotenv::read_nearest(&context.search_scope(), &wanted) {
        Ok(Some(file)) => file,
        Ok(None) => {
            return Ok(absent(
                &format!("{variable} in .env"),
                "no .env here or above",
            ));
        }
        // The user named a profile for this command, so the directory's files do not decide.
        Err(wrong) if context.options.profile.is_some() => {
            context.warn(format!("ignoring .env: {wrong}"));
            return Ok(absent(&format!("{variable} in .env"), &wrong.to_string()));
        }
        Err(wrong) => {
            return Ok(LookupResult::Unusable(Box::new(UnusableKey::in_file(
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
        Some(url) => key_with_own_url(context, source, target, (url, key)),
        None => usable_key(context, source, target, (target.base(), key.clone())),
    }
}

/// Returns the key in the `.env` that is found here, where it may be sent to the service.
pub(crate) fn find_dotenv_key(context: &Context, target: &Target) -> Option<ResolvedCredential> {
    match find_in_dotenv(context, target) {
        Ok(LookupResult::Found(selected)) => Some(*selected),
        _ => None,
    }
}

/// What the directory is bound to stands here: behind a key that the environment has for the service.
fn find_in_project(target: &Target) -> LookupResult {
    let project = match &target.routing {
        Routing::Unbound => return absent(PROJECT_FILE, "none here or above"),
        Routing::Overridden(path) => {
            let reason = "not read, since a profile was named for this command";
            return absent(&path.display().to_string(), reason);
        }
        Routing::Bound(project) => project,
    };
    match &project.binding {
        ProjectBinding::Local => LookupResult::Local {
            path: project.path.clone(),
        },
        ProjectBinding::Profile(name) => LookupResult::Routes {
            source: project.path.display().to_string(),
            reason: format!("names the profile `{name}`"),
        },
    }
}

/// A `.env` that names a URL binds its key to it; a URL from elsewhere does not move the key, nor does the sandbox.
fn key_with_own_url(
    context: &Context,
    source: Source,
    target: &Target,
    (url, key): (&Secret, &Secret),
) -> Result<LookupResult, ActionError> {
    let own: BaseUrl = match url.expose().parse() {
        Ok(own) => own,
        Err(wrong) => {
            let key = UnusableKey::in_source(context, &source, &invalid_url_reason(&wrong));
            return Ok(LookupResult::Unusable(Box::new(key)));
        }
    };
    let is_settled = target.base_is_explicit || context.options.sandbox;
    match &target.base {
        Some(asked) if is_settled && asked.origin() != own.origin() => {
            let reason = origin_mismatch(&own.origin(), &asked.origin());
            Ok(LookupResult::Refused { source, reason })
        }
        _ => usable_key(context, source, target, (Ok(&own), key.clone())),
    }
}

fn find_in_vault(context: &Context, target: &Target) -> Result<LookupResult, ActionError> {
    let source = Source::Stored;
    let Some(stored) = context
        .vault
        .read_current(&target.name, target.profile.storage)?
    else {
        return Ok(absent(
            &source.label(),
            &format!("profile `{}` has none", target.name),
        ));
    };
    if stored.provider != target.descriptor.id {
        let reason = format!("it belongs to the service `{}`", stored.provider);
        return Ok(LookupResult::Refused { source, reason });
    }
    let base = target.base()?;
    if stored.origin != base.origin() {
        return Ok(LookupResult::Refused {
            source,
            reason: origin_mismatch(&stored.origin, &base.origin()),
        });
    }
    let credential = stored.credential.clone();
    Ok(LookupResult::Found(Box::new(ResolvedCredential {
        source,
        base: base.clone(),
        credential,
        stored: Some(stored),
    })))
}

/// A key from outside the vault. What cannot be a key of this service leaves the machine for no other.
fn usable_key(
    context: &Context,
    source: Source,
    target: &Target,
    (base, secret): (Result<&BaseUrl, ActionError>, Secret),
) -> Result<LookupResult, ActionError> {
    if let Some(fault) = find_key_fault(context, &target.descriptor, &secret) {
        let key = UnusableKey::in_source(context, &source, &fault);
        return Ok(LookupResult::Unusable(Box::new(key)));
    }
    let credential = Credential {
        kind: CredentialKind::ApiKey,
        secret,
    };
    Ok(LookupResult::Found(Box::new(ResolvedCredential {
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
    match resolve_credential(context, target) {
        Err(error @ ActionError::Key(KeyError::Unusable(_))) => Err(error),
        _ => Ok(()),
    }
}

/// The variable or file whose key takes precedence over what is stored.
pub(crate) fn find_shadowing_source(context: &Context, target: &Target) -> Option<String> {
    let outside: [SourceLookup; 2] = [find_in_environment, find_in_dotenv];
    outside
        .iter()
        .find_map(|look| match look(context, target).ok()? {
            LookupResult::Found(selected) => Some(selected.source.label()),
            LookupResult::Unusable(key) => Some(key.label),
            _ => None,
        })
}

/// Every secret that a command for `target` could use here, in whichever source it is.
pub(crate) fn all_secrets(context: &Context, target: &Target) -> Vec<Secret> {
    let found = SOURCES.iter().filter_map(|look| look(context, target).ok());
    found
        .filter_map(|finding| match finding {
            LookupResult::Found(selected) => Some(selected),
            _ => None,
        })
        .flat_map(|selected| {
            let refresh = selected.stored.and_then(|stored| stored.refresh_token);
            [Some(selected.credential.secret), refresh]
        })
        .flatten()
        .collect()
}

fn absent(source: &str, reason: &str) -> LookupResult {
    LookupResult::Absent {
        source: source.to_owned(),
        reason: reason.to_owned(),
    }
}

fn origin_mismatch(own: &Origin, asked: &Origin) -> String {
    format!("it belongs to {own} and is not sent to {asked}")
}

fn invalid_url_reason(wrong: &crate::domain::InvalidUrl) -> String {
    format!("the address beside it cannot be used: {wrong}")
}
