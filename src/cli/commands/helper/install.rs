//! `helper install|uninstall`

use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::Protocol;
use crate::actions::{ActionError, ExecError, GitHelper, Target};
use crate::cli::app::{App, CommandOutput, Message};
use crate::cli::failure::{Code, ExitStatus, Failure};
use crate::domain::Origin;
use crate::host::GitConfig;
use crate::ui::{OutputError, Shell};

#[derive(Debug, Args)]
pub struct InstallArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// Print the commands instead of running them
    #[arg(long)]
    print: bool,
}

#[derive(Debug, Args)]
pub struct UninstallArgs {
    #[command(flatten)]
    place: PlaceArgs,
}

#[derive(Debug, Args)]
pub(super) struct PlaceArgs {
    /// Program to configure
    #[arg(value_name = "PROGRAM")]
    protocol: Protocol,
    /// Check that the profile's server is this host (repeatable) [default: the profile's server]
    #[arg(long, value_name = "HOST")]
    host: Vec<String>,
}

#[derive(Serialize)]
struct Commands {
    commands: Vec<String>,
}

impl CommandOutput for Commands {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        self.commands
            .iter()
            .try_for_each(|line| shell.result(line.as_str()))
    }
}

pub(super) fn install(app: &App, args: &InstallArgs) -> Result<ExitStatus, Failure> {
    let Protocol::Git = args.place.protocol;
    let entry = entry(app, &args.place)?;
    if args.print {
        let commands = entry.install_commands();
        return app.print(&Commands { commands });
    }
    let changed = entry.install(&git_config(app)?)?;
    let line = if changed {
        format!("set {} in git's configuration", entry.key)
    } else {
        format!("{} is set already", entry.key)
    };
    print_change(app, line, &entry, changed)
}

pub(super) fn uninstall(app: &App, args: &UninstallArgs) -> Result<ExitStatus, Failure> {
    let entry = entry(app, &args.place)?;
    let changed = entry.uninstall(&git_config(app)?)?;
    let line = if changed {
        format!("removed this program from {}", entry.key)
    } else {
        format!("{} does not name this program", entry.key)
    };
    print_change(app, line, &entry, changed)
}

fn print_change(
    app: &App,
    line: String,
    entry: &GitHelper,
    changed: bool,
) -> Result<ExitStatus, Failure> {
    let document = json!({ "key": entry.key, "command": entry.command, "changed": changed });
    app.print(&Message::new(line, document))
}

fn git_config(app: &App) -> Result<GitConfig, Failure> {
    let git = GitConfig::find(&app.environment);
    Ok(git.map_err(|error| ActionError::from(ExecError::Git(error)))?)
}

fn entry(app: &App, place: &PlaceArgs) -> Result<GitHelper, Failure> {
    let (context, target) = app.context_and_target()?;
    let origin = target.base()?.origin();
    check_hosts(&target, &origin, &place.host)?;
    let program = std::env::current_exe().map_err(|error| {
        let message = format!("cannot find the path of this program: {error}");
        Failure::new(Code::Failed, message)
    })?;
    Ok(GitHelper::new(context.session(&target), &program, &origin))
}

/// A helper responds only for the profile's own server, so that it would never give another host a credential.
fn check_hosts(target: &Target, origin: &Origin, hosts: &[String]) -> Result<(), Failure> {
    let is_other = |host: &&String| host.as_str() != origin.host() && **host != origin.to_string();
    if hosts.iter().any(|host| is_other(&host)) {
        let message = format!("profile \"{}\" is bound to {origin}", target.name);
        let hint = "leave out --host, or choose the profile of that server with --profile";
        return Err(Failure::new(Code::Usage, message).with_hint(hint));
    }
    Ok(())
}
