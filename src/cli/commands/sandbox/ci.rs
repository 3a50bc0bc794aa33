//! `sandbox ci`: runs a command with the variables and the identity of a CI job.

use std::ffi::OsString;
use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::SignedDuration;
use tokio::net::TcpListener;

use crate::cli::app::embedded_sandbox::{BASE_URL, clock};
use crate::cli::app::{App, run_to_completion};
use crate::cli::commands::exec::{refuse_json, report_not_run};
use crate::cli::failure::{Code, ExitStatus, Failure};
use crate::cli::options::duration;
use crate::cli::options::help_text::{WITH_DETAILS, after_help};
use crate::domain::Secret;
use crate::host::ChildProgram;
use crate::sandbox::{CiClaim, CiSettings, CiSystem, SimulatedCi};

#[derive(Debug, Args)]
#[command(
    before_help = "Runs the command as a job of a CI system: with its variables, and with an issuer on a local port that signs the identity of the job as the real one does. The sandbox accepts these identities; a real server must not. The exit status is the command's.", help_template = WITH_DETAILS,
    after_help = after_help! {
    examples: [
        "brainmaps sandbox ci github -- brainmaps --sandbox login --workload",
        "brainmaps --sandbox sandbox ci github --claim environment=prod -- ./deploy.sh",
        "brainmaps sandbox ci gitlab --audience http://localhost:9000 -- ./deploy.sh",
    ],
    see: "brainmaps sandbox serve, brainmaps login"
}
)]
pub struct CiArgs {
    /// CI system to simulate
    #[arg(value_name = "SYSTEM")]
    system: System,
    /// Set the audience of the identity; jobs of GitHub Actions request their own
    #[arg(long, value_name = "AUDIENCE", default_value = BASE_URL, value_parser = crate::cli::options::text::parse_text)]
    audience: String,
    /// Set a claim of the identity, for example `repository=octo/app` (repeatable)
    #[arg(long = "claim", value_name = "NAME=VALUE")]
    claims: Vec<CiClaim>,
    /// Set the lifetime of an identity [default: as in the CI system]
    #[arg(long, value_name = "TIME", value_parser = duration::parse_positive)]
    lifetime: Option<SignedDuration>,
    /// Give the job no identity, as without `id-token: write` in GitHub Actions
    #[arg(long)]
    without_permission: bool,
    /// Command to run, with its arguments
    #[arg(last = true, required = true, value_name = "COMMAND", value_hint = clap::ValueHint::CommandWithArguments)]
    command: Vec<OsString>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum System {
    Github,
    Gitlab,
    Kubernetes,
}

impl From<System> for CiSystem {
    fn from(system: System) -> Self {
        match system {
            System::Github => Self::Github,
            System::Gitlab => Self::Gitlab,
            System::Kubernetes => Self::Kubernetes,
        }
    }
}

pub(super) fn run(app: &App, args: &CiArgs) -> Result<ExitStatus, Failure> {
    refuse_json(app, "sandbox ci")?;
    run_to_completion(|| async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.map_err(|error| cannot("listen on a local port", &error))?;
        let ci = SimulatedCi::new(settings(args), listener)?;
        let environment = ci.environment()?;
        let mut set: Vec<(&str, Secret)> = environment
            .set
            .into_iter()
            .map(|(name, value)| (name, Secret::verbatim(value)))
            .collect();
        if app.is_sandbox() {
            set.push(("BRAINMAPS_SANDBOX", Secret::new("1")));
        }
        let set = set.iter().map(|(name, value)| (*name, Some(value)));
        let unset = environment.unset.into_iter().map(|name| (name, None));
        let mut child = match ChildProgram::start(&args.command, set.chain(unset)) {
            Ok(child) => child,
            Err(error) => return Ok(report_not_run(app, &args.command, &error)),
        };
        tokio::select! {
            status = child.wait() => status.map_err(|error| cannot("wait for the command", &error)),
            failed = ci.serve() => Err(failed.map_or_else(Failure::from, |()| Failure::interrupted())),
        }
    })
}

fn settings(args: &CiArgs) -> CiSettings {
    let system = CiSystem::from(args.system);
    let lifetime = args.lifetime.and_then(|time| Duration::try_from(time).ok());
    CiSettings {
        system,
        audience: args.audience.clone(),
        claims: args.claims.clone(),
        lifetime: lifetime.unwrap_or(system.default_lifetime()),
        has_permission: !args.without_permission,
        clock: clock(),
    }
}

fn cannot(what: &str, error: &io::Error) -> Failure {
    Failure::new(Code::Failed, format!("cannot {what}: {error}"))
}
