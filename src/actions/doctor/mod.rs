//! What may be wrong on this computer, looked at piece by piece: one file a check. Nothing is mended, nothing is changed,
//! and no credential is sent.

mod certificates;
mod clock;
mod credential;
mod credentials;
mod directories;
mod env_file;
mod journals;
mod keyring;
mod lock;
mod profiles;
mod providers;
mod proxy;
mod servers;

use crate::actions::{ActionError, Context, Target};
use crate::http::NetworkOptions;

/// What is looked at.
#[derive(Debug, Clone, Default)]
pub struct DoctorOptions {
    /// No server is asked.
    pub offline: bool,
    /// What the user and the environment say about the way to servers.
    pub network: NetworkOptions,
}

/// One thing that was looked at.
#[derive(Debug)]
pub struct Check {
    /// What it was, in one word.
    pub name: &'static str,
    /// How it stands.
    pub finding: Finding,
}

/// How a thing stands.
#[derive(Debug)]
pub enum Finding {
    /// As it should.
    Ok(String),
    /// It works, but should be looked after.
    Warning {
        /// What.
        message: String,
        /// What to do.
        hint: String,
    },
    /// A command that needs it fails with this.
    Failure(ActionError),
}

impl Finding {
    fn warning(message: impl Into<String>, hint: impl Into<String>) -> Self {
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

/// Looks at everything, the network last: what is known without it is told without it.
pub async fn run_checks(context: &Context, options: &DoctorOptions) -> Vec<Check> {
    let mut checks = directories::check(context);
    checks.extend(providers::look(context));
    checks.push(profiles::check(context));
    checks.extend(credentials::check(context));
    checks.extend(journals::check(context));
    let target = match resolve_target(context) {
        Ok(target) => Some(target),
        Err(error) => {
            checks.push(Finding::Failure(error).into_check("profile"));
            None
        }
    };
    if let Some(target) = &target {
        checks.push(lock::check(context, target));
        checks.push(keyring::check(context, target));
        checks.extend(env_file::check(context, target));
        checks.extend(credential::check(context, target));
    }
    if !context.options.sandbox {
        checks.push(certificates::check(&options.network));
        checks.push(proxy::check(&options.network));
    }
    if let Some(target) = target.filter(|_| !options.offline) {
        checks.extend(servers::check(context, &target).await);
        checks.extend(clock::check(context));
    }
    checks
}

/// An index that cannot be read was told before, and hides nothing else.
fn resolve_target(context: &Context) -> Result<Target, ActionError> {
    match context.vault.index() {
        Ok(_) => Target::resolve_or_warn(context),
        Err(_) => Target::for_login(context, false),
    }
}
