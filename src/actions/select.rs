//! Which credential is used: the first source that has one for this service at this origin.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{ActionError, ConfigError, Context, Routing, RoutingError, Target};
use crate::domain::{BaseUrl, Credential, CredentialKind, Origin, Secret, StoredCredential};
use crate::host::{Bound, dotenv, project::PROJECT_FILE};
use crate::provider::KeyVerdict;

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

/// One source that was looked at.
#[derive(Debug, Clone, Serialize)]
pub struct Candidate {
    /// The source, as people read it.
    pub source: String,
    /// What came of it.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
}

/// What came of looking at a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is the one.
    Used,
    /// There is one, but an earlier source won.
    Shadowed,
    /// There is one, but it must not be used here.
    Refused,
    /// It has no credential and says whose to use, or that none is needed.
    Routes,
    /// There is none.
    Absent,
}

/// What one source holds.
enum Finding {
    Here(Box<Selected>),
    Refused {
        source: Source,
        reason: String,
    },
    Routes {
        source: String,
        reason: String,
    },
    /// Set to what can be no key: no other source takes its place unseen.
    Malformed {
        variable: String,
    },
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
const ORDER: [Look; 4] = [
    in_environment,
    in_dotenv,
    |_, target| Ok(in_project(target)),
    in_vault,
];

/// The credential to use.
///
/// # Errors
/// `UNSUPPORTED` in a local directory, `LOGIN_REQUIRED` when no source has one that may be sent to this service, and what reading the sources says.
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
            Finding::Malformed { variable } => {
                return Err(ConfigError::MalformedVariable { name: variable }.into());
            }
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

/// Every source, in order, with what came of it.
pub fn explain(context: &Context, target: &Target) -> Vec<Candidate> {
    let mut winner: Option<String> = None;
    ORDER
        .iter()
        .map(|look| candidate(look(context, target), &mut winner))
        .collect()
}

fn candidate(finding: Result<Finding, ActionError>, winner: &mut Option<String>) -> Candidate {
    let (source, verdict, reason) = match finding {
        Ok(Finding::Here(selected)) => {
            let source = selected.source.label();
            let what = format!(
                "{} for {}",
                selected.credential.kind.label(),
                selected.base.origin()
            );
            if let Some(first) = winner {
                let reason = format!("{what}, but {first} comes first");
                (source, Verdict::Shadowed, reason)
            } else {
                *winner = Some(source.clone());
                (source, Verdict::Used, what)
            }
        }
        Ok(Finding::Refused { source, reason }) => (source.label(), Verdict::Refused, reason),
        Ok(Finding::Malformed { variable }) => {
            let reason = "it is no UTF-8 text, or has control characters; no other source is used"
                .to_owned();
            (
                Source::Environment { variable }.label(),
                Verdict::Refused,
                reason,
            )
        }
        Ok(Finding::Routes { source, reason }) => (source, Verdict::Routes, reason),
        Ok(Finding::Local { path }) => local(&path, winner),
        Ok(Finding::Absent { source, reason }) => (source, Verdict::Absent, reason),
        Err(error) => (Source::Stored.label(), Verdict::Refused, error.to_string()),
    };
    Candidate {
        source,
        verdict,
        reason,
    }
}

/// A local directory wins where no credential came before it.
fn local(path: &Path, winner: &mut Option<String>) -> (String, Verdict, String) {
    let source = path.display().to_string();
    let what = "this directory is local: no credential is needed";
    if let Some(first) = winner {
        return (
            source,
            Verdict::Shadowed,
            format!("{what}, but {first} comes first"),
        );
    }
    *winner = Some(source.clone());
    (source, Verdict::Used, what.to_owned())
}

fn in_environment(context: &Context, target: &Target) -> Result<Finding, ActionError> {
    let Some(variable) = target.descriptor.environment.api_key.clone() else {
        return Ok(absent("environment variable", "the service names none"));
    };
    if context.environment.is_malformed(&variable) {
        return Ok(Finding::Malformed { variable });
    }
    let value = context.environment.get(&variable).map(Secret::new);
    let source = Source::Environment { variable };
    match value {
        Some(key) => Ok(here(source, target, target.base()?.clone(), key)),
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
    let file = match dotenv::find(&context.directory, &wanted) {
        Ok(Some(file)) => file,
        Ok(None) => {
            return Ok(absent(
                &format!("{variable} in .env"),
                "no .env here or above",
            ));
        }
        Err(wrong) => {
            context.warn(wrong.to_string());
            return Ok(absent(&format!("{variable} in .env"), &wrong.to_string()));
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
        Some(url) => Ok(at_own_url(context, source, target, (url, key))),
        None => Ok(here(source, target, target.base()?.clone(), key.clone())),
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
) -> Finding {
    let own: BaseUrl = match url.expose().parse() {
        Ok(own) => own,
        Err(wrong) => {
            let reason = wrong_url(&wrong);
            return Finding::Refused { source, reason };
        }
    };
    let is_settled = target.base_is_explicit || context.choice.sandbox;
    match &target.base {
        Some(asked) if is_settled && asked.origin() != own.origin() => {
            let reason = elsewhere(&own.origin(), &asked.origin());
            Finding::Refused { source, reason }
        }
        _ => here(source, target, own, key.clone()),
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

/// A key from outside the vault; what cannot be a key of this service leaves the machine for no other.
fn here(source: Source, target: &Target, base: BaseUrl, secret: Secret) -> Finding {
    let form = target.descriptor.key.as_ref();
    let is_foreign = form.is_some_and(|form| form.judge(&secret) == KeyVerdict::Foreign);
    if is_foreign || !secret.is_visible_ascii() {
        let reason = format!("it is no key of {}", target.descriptor.name);
        return Finding::Refused { source, reason };
    }
    let credential = Credential {
        kind: CredentialKind::ApiKey,
        secret,
    };
    Finding::Here(Box::new(Selected {
        source,
        base,
        credential,
        stored: None,
    }))
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
