//! `helper install|uninstall`: configures another program to run a helper, or undoes that.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum, ValueHint};
use serde::Serialize;

use crate::actions::{
    ActionError, Context, Installation, Plan, Target, plan_install, plan_uninstall,
};
use crate::cli::app::{App, CommandOutput, block_on_interruptible};
use crate::cli::failure::{Code, ExitStatus, Failure};
use crate::domain::{BaseUrl, HelperProgram, Origin, ProfileName};
use crate::helper::parse_origin;
use crate::host::find_own_program;
use crate::ui::{Line, OutputError, Shell};

#[derive(Debug, Args)]
pub struct InstallArgs {
    /// Program to configure
    #[arg(value_name = "PROGRAM")]
    program: HelperProgram,
    /// Give the program the credential for this host as well (repeatable) [default: the profile's server]
    #[arg(long, value_name = "HOST", value_hint = ValueHint::Hostname)]
    host: Vec<String>,
    /// Put the link to this program into another directory
    #[arg(long, value_name = "DIRECTORY", value_hint = ValueHint::DirPath)]
    dir: Option<PathBuf>,
    /// Change auth.json of podman, buildah and skopeo instead of docker's config.json
    #[arg(long)]
    containers: bool,
    /// Print the changes instead of making them
    #[arg(long)]
    print: bool,
}

// A doc comment here would become the help.
#[derive(Debug, Args)]
#[command(
    mut_arg("program", |arg| arg.help("Program to restore")),
    mut_arg("host", |arg| arg.help("Undo the installation for this host (repeatable) [default: all hosts]")),
    mut_arg("dir", |arg| arg.help("Directory that was given to `helper install`")),
    mut_arg("containers", |arg| {
        arg.help("Restore auth.json of podman, buildah and skopeo instead of docker's config.json")
    })
)]
pub struct UninstallArgs {
    #[command(flatten)]
    args: InstallArgs,
}

impl ValueEnum for HelperProgram {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let value = PossibleValue::new(self.name());
        Some(match self {
            Self::Keyring => value.aliases(["pip", "uv", "twine"]),
            _ => value,
        })
    }
}

/// What was changed, or would be.
#[derive(Serialize)]
struct Outcome {
    program: HelperProgram,
    profile: ProfileName,
    changed: bool,
    changes: Vec<String>,
    remaining: Vec<String>,
    #[serde(skip)]
    heading: Option<Line>,
    /// The heading of what remains, between that and the changes.
    #[serde(skip)]
    next_heading: Option<&'static str>,
}

impl CommandOutput for Outcome {
    fn print(&self, shell: &Shell) -> Result<(), OutputError> {
        if let Some(heading) = &self.heading {
            shell.status(heading.clone());
        }
        let print = |line: &String| shell.result(line.as_str());
        self.changes.iter().try_for_each(print)?;
        if let Some(heading) = self.next_heading {
            shell.status(heading);
        }
        self.remaining.iter().try_for_each(print)
    }
}

struct Operation {
    plan: fn(HelperProgram, Installation<'_>) -> Result<Plan, ActionError>,
    /// Chooses the profile.
    target: fn(&Context) -> Result<Target, ActionError>,
    heading: fn(HelperProgram, &Target, &Plan) -> Line,
    /// The heading of the lines that the user runs or adds to a file.
    next_heading: &'static str,
}

pub(super) fn install(app: &App, args: &InstallArgs) -> Result<ExitStatus, Failure> {
    let operation = Operation {
        plan: plan_install,
        target: Target::resolve,
        heading: installed,
        next_heading: "to finish, run these commands:",
    };
    run(app, args, &operation)
}

pub(super) fn uninstall(app: &App, args: &UninstallArgs) -> Result<ExitStatus, Failure> {
    let operation = Operation {
        plan: plan_uninstall,
        // The configuration may name a profile that was renamed or deleted.
        target: |context| Target::for_login(context, true),
        heading: uninstalled,
        next_heading: "remove these lines from the files that contain them:",
    };
    run(app, &args.args, &operation)
}

fn installed(program: HelperProgram, _target: &Target, plan: &Plan) -> Line {
    let name = program.name();
    if plan.steps.is_empty() {
        return Line::from(format!("{name} is configured already"));
    }
    Line::success(format!("configured {name}:"))
}

fn uninstalled(program: HelperProgram, target: &Target, plan: &Plan) -> Line {
    let (name, profile) = (program.name(), &target.name);
    let is_missing = program.has_entry_per_server() && !plan.changes_configuration();
    if plan.steps.is_empty() {
        return Line::from(format!("{name} is not configured for profile `{profile}`"));
    }
    if is_missing {
        let text = "only its recorded hosts are removed";
        return Line::from(format!(
            "{name} is not configured for profile `{profile}`; {text}:"
        ));
    }
    Line::success(format!("undid the configuration of {name}:"))
}

fn run(app: &App, args: &InstallArgs, operation: &Operation) -> Result<ExitStatus, Failure> {
    if args.containers && args.program != HelperProgram::Docker {
        let message = "--containers is only for docker";
        return Err(Failure::new(Code::Usage, message));
    }
    let context = app.context()?;
    let target = (operation.target)(&context)?;
    let session = context.session(&target);
    let wanted = Installation {
        session,
        program: find_own_program(&app.environment)
            .context("cannot find the path of this program")?,
        origins: origins(&target, &args.host)?,
        directory: args.dir.as_deref().map(absolute).transpose()?,
        containers: args.containers,
    };
    let plan = (operation.plan)(args.program, wanted)?;
    let changed = !args.print && !plan.steps.is_empty();
    if changed {
        block_on_interruptible(&context, || plan.apply(session))?;
    }
    let heading = match plan.missing {
        Some(tool) => Line::from(format!("{tool} is not installed; these settings remain:")),
        None => (operation.heading)(args.program, &target, &plan),
    };
    let has_next = !args.print && plan.missing.is_none() && !plan.remaining.is_empty();
    let exit = app.print(&Outcome {
        program: args.program,
        profile: target.name.clone(),
        changed,
        changes: plan.steps.iter().map(ToString::to_string).collect(),
        remaining: plan.remaining,
        heading: (!args.print).then_some(heading),
        next_heading: has_next.then_some(operation.next_heading),
    })?;
    if let Some(warning) = plan.warning {
        app.shell.warning(warning);
    }
    Ok(exit)
}

fn absolute(path: &std::path::Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(|error| {
        let message = format!("invalid directory \"{}\": {error}", path.display());
        Failure::new(Code::Usage, message)
    })
}

/// Reads the hosts: a URL, or a host with an optional port, which means https unless it is the profile's own server.
fn origins(target: &Target, hosts: &[String]) -> Result<Vec<Origin>, Failure> {
    let own = target.base.as_ref().map(BaseUrl::origin);
    let read = |host: &String| {
        if let Some(own) = own.as_ref().filter(|own| own.host() == host) {
            return Ok(own.clone());
        }
        let (scheme, name) = host.split_once("://").unwrap_or(("https", host));
        let origin = parse_origin(scheme, name.trim_end_matches('/'));
        origin.ok_or_else(|| {
            let message = "invalid --host: expected a host with an optional port";
            let hint = "for example registry.example.com or registry.example.com:5000";
            Failure::new(Code::Usage, message).with_hint(hint)
        })
    };
    hosts.iter().map(read).collect()
}
