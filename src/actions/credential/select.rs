//! Selects the credential: the first source that has one for this service and origin.

use crate::actions::credential::environment_lookup::{
    find_in_credentials_directory, find_in_environment, find_in_run_secrets,
};
use crate::actions::credential::lookup::{
    LookupResult, ResolvedCredential, Source, absent, check_found_key, origin_mismatch_reason,
};
use crate::actions::credential::workload_source::find_workload;
use crate::actions::{
    ActionError, Context, KeyError, ProfileSession, Routing, RoutingError, Target, UnusableKey,
};
use crate::domain::{BaseUrl, Secret};
use crate::host::project::PROJECT_FILE;
use crate::host::{DotEnv, ProjectBinding};

type SourceLookup = fn(ProfileSession<'_>) -> Result<LookupResult, ActionError>;

/// The sources in order of precedence.
pub(crate) const SOURCES: [SourceLookup; 7] = [
    find_in_environment,
    find_in_credentials_directory,
    find_in_run_secrets,
    find_in_dotenv,
    |session| Ok(find_in_project(session.target)),
    find_in_vault,
    find_workload,
];

impl ProfileSession<'_> {
    /// Returns the credential to use.
    ///
    /// # Errors
    /// `UNSUPPORTED` in a local directory, `CONFIG` for a key that is set and cannot be used, `LOGIN_REQUIRED` if no source
    /// has a credential for this server, and errors of reading the sources.
    pub fn resolve_credential(self) -> Result<ResolvedCredential, ActionError> {
        let mut reasons = Vec::new();
        for lookup in SOURCES {
            match lookup(self)? {
                LookupResult::Found(selected) => return Ok(*selected),
                LookupResult::Refused { source, reason } => {
                    warn_unless_stored(self.context, &source, &reason);
                    reasons.push(format!("{}: {reason}", source.label()));
                }
                LookupResult::Local { path } => return Err(RoutingError::Local { path }.into()),
                LookupResult::Unusable(key) => return Err(KeyError::Unusable(key).into()),
                LookupResult::Routes { .. } | LookupResult::Absent { .. } => {}
            }
        }
        Err(ActionError::LoginRequired {
            profile: self.target.name.to_string(),
            variable: self.target.descriptor.environment.api_key.clone(),
            reasons,
        })
    }
}

/// Warns about a source that is not used although the user set it. The stored credential is not such a source: another
/// server or service has it.
fn warn_unless_stored(context: &Context, source: &Source, reason: &str) {
    if *source != Source::Stored {
        context.warn(format!("{} is not used: {reason}", source.label()));
    }
}

fn find_in_dotenv(session: ProfileSession<'_>) -> Result<LookupResult, ActionError> {
    let names = &session.target.descriptor.environment;
    let Some(variable) = &names.api_key else {
        return Ok(absent(".env", "the service names no variable"));
    };
    let file = match find_dotenv(session, variable) {
        Ok(file) => file,
        Err(without_file) => return Ok(without_file),
    };
    let source = Source::DotEnv {
        variable: variable.clone(),
        path: file.path.clone(),
    };
    let Some(key) = file.get(variable) else {
        return Ok(absent(&source.label(), "not in the file"));
    };
    let url = names.api_url.as_deref().and_then(|name| file.get(name));
    match url {
        Some(url) => bind_key_to_own_url(session, source, url, key),
        None => check_found_key(session, source, session.target.base(), key.clone()),
    }
}

/// Returns the `.env` in effect, or the result of the lookup without one.
fn find_dotenv(session: ProfileSession<'_>, variable: &str) -> Result<DotEnv, LookupResult> {
    let names = &session.target.descriptor.environment;
    let variables: Vec<&str> = std::iter::once(variable)
        .chain(names.api_url.as_deref())
        .collect();
    let absent_with = |reason: &str| absent(&format!("{variable} in .env"), reason);
    match session.context.read_dotenv(&variables) {
        Ok(Some(file)) => Ok(file),
        Ok(None) => Err(absent_with("not found in this or any parent directory")),
        Err(error) => {
            let key = UnusableKey::in_file(variable, &error);
            Err(LookupResult::Unusable(Box::new(key)))
        }
    }
}

/// Returns the key in `.env` if it may be sent to the service.
pub(crate) fn find_dotenv_key(session: ProfileSession<'_>) -> Option<ResolvedCredential> {
    match find_in_dotenv(session) {
        Ok(LookupResult::Found(selected)) => Some(*selected),
        _ => None,
    }
}

/// Returns what the project file decides. It contains no key: it chooses a profile, or declares the directory local.
fn find_in_project(target: &Target) -> LookupResult {
    let project = match &target.routing {
        Routing::Unbound => {
            return absent(PROJECT_FILE, "not found in this or any parent directory");
        }
        Routing::Overridden(path) => {
            let reason = "not read because a profile was named for this command";
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
            reason: format!("chooses profile \"{name}\""),
        },
    }
}

/// Binds the key to the URL in the same `.env` file, so that neither a URL from another source nor the sandbox sends the key to
/// another server.
fn bind_key_to_own_url(
    session: ProfileSession<'_>,
    source: Source,
    url: &Secret,
    key: &Secret,
) -> Result<LookupResult, ActionError> {
    let own_url: BaseUrl = match url.expose().parse() {
        Ok(own_url) => own_url,
        Err(error) => {
            let key = UnusableKey::in_source(session.context, &source, &invalid_url_reason(&error));
            return Ok(LookupResult::Unusable(Box::new(key)));
        }
    };
    let target = session.target;
    let is_settled = target.is_base_explicit || session.context.options.sandbox;
    match &target.base {
        Some(requested) if is_settled && requested.origin() != own_url.origin() => {
            let reason = origin_mismatch_reason(&own_url.origin(), &requested.origin());
            Ok(LookupResult::Refused { source, reason })
        }
        _ => check_found_key(session, source, Ok(&own_url), key.clone()),
    }
}

pub(super) fn find_in_vault(session: ProfileSession<'_>) -> Result<LookupResult, ActionError> {
    let source = Source::Stored;
    let Some(stored) = session.find_stored()? else {
        return Ok(absent(
            &source.label(),
            &format!(
                "no credential is stored for profile \"{}\"",
                session.target.name
            ),
        ));
    };
    if stored.provider != session.target.descriptor.id {
        let reason = format!("it belongs to provider \"{}\"", stored.provider);
        return Ok(LookupResult::Refused { source, reason });
    }
    let base = session.target.base()?;
    if stored.origin != base.origin() {
        return Ok(LookupResult::Refused {
            source,
            reason: origin_mismatch_reason(&stored.origin, &base.origin()),
        });
    }
    let bound = stored.bound_base();
    let is_outside = |bound: &&BaseUrl| base.join("").is_ok_and(|url| !bound.covers(&url));
    if let Some(bound) = bound.as_ref().filter(is_outside) {
        let reason = format!("it belongs to {bound} and is not sent to {base}");
        return Ok(LookupResult::Refused { source, reason });
    }
    let credential = stored.credential.clone();
    Ok(LookupResult::Found(Box::new(ResolvedCredential {
        source,
        base: base.clone(),
        credential,
        stored: Some(stored),
    })))
}

impl ProfileSession<'_> {
    /// Fails for a key that is set and cannot be used, and for nothing else.
    ///
    /// # Errors
    /// [`KeyError::Unusable`].
    pub fn require_usable_sources(self) -> Result<(), ActionError> {
        match self.resolve_credential() {
            Err(error @ ActionError::Key(KeyError::Unusable(_))) => Err(error),
            _ => Ok(()),
        }
    }
}

/// Returns the variable or file whose key takes precedence over the stored credential.
pub(crate) fn find_shadowing_source(session: ProfileSession<'_>) -> Option<String> {
    let lookups: [SourceLookup; 4] = [
        find_in_environment,
        find_in_credentials_directory,
        find_in_run_secrets,
        find_in_dotenv,
    ];
    lookups
        .iter()
        .find_map(|lookup| match lookup(session).ok()? {
            LookupResult::Found(selected) => Some(selected.source.label()),
            LookupResult::Unusable(key) => Some(key.label),
            _ => None,
        })
}

/// Returns every secret that a command could use here, from any source.
pub(crate) fn all_secrets(session: ProfileSession<'_>) -> Vec<Secret> {
    let results = SOURCES.iter().filter_map(|lookup| lookup(session).ok());
    results
        .filter_map(|result| match result {
            LookupResult::Found(selected) => Some(selected),
            _ => None,
        })
        .flat_map(|selected| {
            let refresh = selected.stored.and_then(|stored| stored.refresh_token);
            [Some(selected.credential.secret), refresh]
        })
        .flatten()
        // The session of a workload identity has no secret before its first request.
        .filter(|secret| !secret.is_empty())
        .collect()
}

fn invalid_url_reason(error: &crate::domain::InvalidUrl) -> String {
    format!("the URL beside it is invalid: {error}")
}
