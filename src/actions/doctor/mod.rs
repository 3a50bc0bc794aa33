//! Diagnoses the installation: one file per check. Must not change or repair anything, and sends no credential.

mod audit_log;
mod audit_policy;
mod certificates;
mod clock;
mod credential;
mod credentials;
mod directories;
mod env_file;
mod installation;
mod journals;
mod keyring;
mod lock;
mod profiles;
mod providers;
mod proxy;
mod records;
mod servers;

use crate::actions::{ActionError, Context, Routing, Target};
use crate::domain::Hint;
use crate::http::NetworkOptions;

#[derive(Debug, Clone, Default)]
pub struct DoctorOptions {
    pub offline: bool,
    /// Proxy and certificates, as the user and the environment set them.
    pub network: NetworkOptions,
}

#[derive(Debug)]
pub struct Check {
    /// One word, shown before the result.
    pub name: &'static str,
    pub finding: Finding,
}

#[derive(Debug)]
pub enum Finding {
    Ok(String),
    Warning {
        message: String,
        hint: Hint,
    },
    /// Commands that need it fail with this error.
    Failure(ActionError),
}

impl Finding {
    fn warning(message: impl Into<String>, hint: impl Into<Hint>) -> Self {
        Self::Warning {
            message: message.into(),
            hint: hint.into(),
        }
    }

    fn failure(error: impl Into<ActionError>) -> Self {
        Self::Failure(error.into())
    }

    fn into_check(self, name: &'static str) -> Check {
        let finding = self;
        Check { name, finding }
    }
}

/// Runs all checks. Those that need the network come last.
pub async fn run_checks(context: &Context, options: &DoctorOptions) -> Vec<Check> {
    let mut checks = installation::check(context);
    checks.extend(directories::check(context));
    checks.extend(providers::check(context));
    checks.push(profiles::check(context));
    checks.extend(credentials::check(context));
    checks.extend(journals::check(context));
    checks.extend(records::check(context));
    checks.extend(audit_log::check(context));
    checks.extend(audit_policy::check(context));
    let target = match resolve_target(context) {
        Ok(target) => {
            checks.push(profiles::check_active(context.session(&target)));
            Some(target)
        }
        Err(error) => {
            checks.push(Finding::Failure(error).into_check("profile"));
            None
        }
    };
    let session = target.as_ref().map(|target| context.session(target));
    if let Some(session) = session {
        checks.push(lock::check(session));
        checks.push(keyring::check(session));
        checks.extend(env_file::check(session));
        checks.extend(credential::check(session));
    }
    if !context.options.sandbox {
        checks.push(certificates::check(&options.network));
        checks.push(proxy::check(&context.environment, &options.network));
    }
    if let Some(session) = session.filter(|_| !options.offline) {
        checks.extend(servers::check(session).await);
        checks.extend(clock::check(context));
    }
    checks
}

/// The index was reported already if it cannot be read; the other checks run nevertheless.
fn resolve_target(context: &Context) -> Result<Target, ActionError> {
    let index = context.vault.index().unwrap_or_default();
    Target::resolve_with(context, &index, Routing::find(context)?)
}
