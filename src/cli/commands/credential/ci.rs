//! The options of `credential print` that pass the credential to later steps of a CI job.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use crate::actions::{
    CiVariableName, ProfileSession, ResolvedCredential, RunnerFile, require_ci_job,
};
use crate::cli::app::{App, CommandOutput, OfProfile};
use crate::cli::commands::exec::refuse_json;
use crate::cli::failure::{ExitStatus, Failure};
use crate::domain::{CiPlatform, CredentialKind, Secret, StoredCredential, sanitize_line};
use crate::helper::ci_commands;
use crate::ui::{Line, OutputError, Shell};

#[derive(Debug, Default, Args)]
#[group(id = "target", multiple = false, conflicts_with = "format")]
pub(super) struct CiTarget {
    /// Set this variable of later steps of a GitHub Actions job instead of printing it
    #[arg(long, value_name = "NAME")]
    github_env: Option<CiVariableName>,
    /// Set this output of a GitHub Actions step
    #[arg(long, value_name = "NAME")]
    github_output: Option<CiVariableName>,
    /// Set this secret variable of an Azure Pipelines job
    #[arg(long, value_name = "NAME")]
    azure_variable: Option<CiVariableName>,
    /// Write the credential to a dotenv report for later jobs of a GitLab pipeline
    #[arg(long, value_name = "FILE[:VARIABLE]")]
    dotenv: Option<DotenvReport>,
}

/// `FILE` or `FILE:VARIABLE`
#[derive(Debug, Clone)]
pub(super) struct DotenvReport {
    path: PathBuf,
    variable: Option<CiVariableName>,
}

impl FromStr for DotenvReport {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (path, variable) = match text.rsplit_once(':') {
            Some((path, name)) => (path, Some(name.parse()?)),
            None => (text, None),
        };
        if path.is_empty() {
            return Err("expected FILE or FILE:VARIABLE");
        }
        let path = path.into();
        Ok(Self { path, variable })
    }
}

/// A place that was checked before the credential is refreshed.
pub(super) enum CiDelivery<'a> {
    Github {
        name: &'a CiVariableName,
        file: RunnerFile,
    },
    Azure(&'a CiVariableName),
    Gitlab(&'a DotenvReport),
}

pub(super) struct CiValue {
    pub(super) selected: ResolvedCredential,
    /// Whether it is the whole HTTP header.
    pub(super) is_header: bool,
}

impl CiTarget {
    /// Returns `None` if no option was given.
    pub(super) fn prepare(&self, app: &App) -> Result<Option<CiDelivery<'_>>, Failure> {
        let github = [
            (&self.github_env, "--github-env", "GITHUB_ENV"),
            (&self.github_output, "--github-output", "GITHUB_OUTPUT"),
        ];
        for (name, option, variable) in github {
            if let Some(name) = name {
                require_ci_job(&app.environment, CiPlatform::GitHub, option)?;
                let file = RunnerFile::open(&app.environment, variable)?;
                return Ok(Some(CiDelivery::Github { name, file }));
            }
        }
        if let Some(name) = &self.azure_variable {
            refuse_json(app, "--azure-variable")?;
            require_ci_job(&app.environment, CiPlatform::Azure, "--azure-variable")?;
            return Ok(Some(CiDelivery::Azure(name)));
        }
        Ok(self.dotenv.as_ref().map(CiDelivery::Gitlab))
    }
}

impl CiDelivery<'_> {
    pub(super) fn deliver(
        self,
        app: &App,
        session: ProfileSession<'_>,
        value: CiValue,
    ) -> Result<ExitStatus, Failure> {
        let CiValue {
            selected,
            is_header,
        } = value;
        let text = if is_header {
            session.grant(&selected).header.line()
        } else {
            selected.credential.secret.clone()
        };
        let message = self.write(app, session, &selected, &text)?;
        let stored = selected.stored.as_ref();
        let delivered = DeliveredCredential {
            kind: selected.credential.kind,
            origin: selected.base.origin().to_string(),
            expires_at: stored.and_then(StoredCredential::expires_at),
            message,
        };
        app.print(&OfProfile::new(session.target, delivered))
    }

    /// Passes `text` to later steps, and returns the message about that.
    fn write(
        self,
        app: &App,
        session: ProfileSession<'_>,
        selected: &ResolvedCredential,
        text: &Secret,
    ) -> Result<String, Failure> {
        let secret = &selected.credential.secret;
        Ok(match self {
            Self::Github { name, file } => {
                mask(app, CiPlatform::GitHub, secret)?;
                file.set(name, text)?;
                format!("Set {} for later steps", name.as_str())
            }
            Self::Azure(name) => {
                mask(app, CiPlatform::Azure, secret)?;
                let command = ci_commands::set_azure_variable(name.as_str(), text);
                app.shell.verbatim(&command)?;
                format!("Set the secret variable {}", name.as_str())
            }
            Self::Gitlab(report) => {
                let variable = report.variable.as_ref();
                session.write_dotenv_report(&report.path, variable, selected)?;
                let path = sanitize_line(&report.path.to_string_lossy());
                format!("Wrote the credential to {path}")
            }
        })
    }
}

/// Nothing else is on stdout, where the runner reads commands, unless a document was asked for.
fn mask(app: &App, platform: CiPlatform, secret: &Secret) -> Result<(), Failure> {
    if app.shell.options().json {
        app.shell.mask(secret);
        return Ok(());
    }
    Ok(app.shell.verbatim(&ci_commands::mask(platform, secret))?)
}

/// The result, without the credential.
#[derive(Serialize)]
struct DeliveredCredential {
    kind: CredentialKind,
    origin: String,
    expires_at: Option<Timestamp>,
    #[serde(skip)]
    message: String,
}

impl CommandOutput for OfProfile<DeliveredCredential> {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        shell.status(Line::success(self.result.message.as_str()));
        Ok(())
    }
}
