//! Go: the command in `GOAUTH`, by `go env -w`.

use super::step::ToolRun;
use super::step::tool_failed;
use super::{Installation, Installer, Plan, PlanResult, Step, other_profile};
use crate::actions::InstallError;
use crate::domain::{HelperProgram, quote_for_shell};

pub(super) const INSTALLER: Installer = Installer {
    install,
    uninstall,
    configured: None,
};

const VARIABLE: &str = "GOAUTH";

/// The value of go without a setting.
const DEFAULT: &str = "netrc";

const COMMAND: &str = " helper goauth";

fn install(wanted: &Installation<'_>) -> PlanResult {
    wanted.require_https("go")?;
    let (own, present) = (command(wanted)?, value(wanted)?);
    let before = present.as_deref().unwrap_or(DEFAULT);
    check_servers(wanted, before)?;
    let value = with_command(before, &own, wanted.profile());
    let mut plan = Plan::default();
    match present {
        Some(present) if present == value => {}
        Some(_) => plan
            .steps
            .push(set(wanted, &["-w".to_owned(), assignment(&value)])),
        None => {
            plan.missing = Some("go");
            let value = quote_for_shell(&value);
            plan.remaining.push(format!("export {VARIABLE}={value}"));
        }
    }
    Ok(plan)
}

/// Fails if a command for another profile responds for a server: go takes the first response.
fn check_servers(wanted: &Installation<'_>, present: &str) -> Result<(), InstallError> {
    let owners = commands(present).filter_map(owner);
    for other in owners.filter(|it| *it != wanted.profile()) {
        let bound = wanted.bound_origins_of(other, HelperProgram::Goauth);
        if let Some(taken) = bound.iter().find(|it| wanted.origins.contains(it)) {
            return Err(other_profile(HelperProgram::Goauth, taken, other));
        }
    }
    Ok(())
}

fn uninstall(wanted: &Installation<'_>) -> PlanResult {
    let mut plan = Plan::default();
    // The command serves all servers.
    let present = if wanted.includes_own_server() {
        value(wanted)?
    } else {
        None
    };
    let Some(present) = present else {
        return Ok(plan);
    };
    let (own, profile) = (command(wanted)?, wanted.profile());
    if present == with_command(DEFAULT, &own, profile) {
        plan.steps
            .push(set(wanted, &["-u".to_owned(), VARIABLE.to_owned()]));
    } else if commands(&present).any(|it| owner(it) == Some(profile)) {
        let value = without_command(&present, profile);
        plan.steps
            .push(set(wanted, &["-w".to_owned(), assignment(&value)]));
    }
    Ok(plan)
}

fn assignment(value: &str) -> String {
    format!("{VARIABLE}={value}")
}

fn set(wanted: &Installation<'_>, arguments: &[String]) -> Step {
    Step::Run(ToolRun {
        name: "go",
        tool: wanted.tool("go"),
        arguments: [&["env".to_owned()], arguments].concat(),
    })
}

/// Returns the present value; `None` if go is not installed.
fn value(wanted: &Installation<'_>) -> Result<Option<String>, InstallError> {
    let Some(go) = wanted.tool("go") else {
        return Ok(None);
    };
    let printed = go.run(&["env", VARIABLE]).map_err(tool_failed("go"))?;
    Ok(Some(printed.trim().to_owned()))
}

fn command(wanted: &Installation<'_>) -> Result<String, InstallError> {
    let program = wanted.program.to_string_lossy();
    if program.contains([' ', ';']) {
        return Err(InstallError::Space { program: "go" });
    }
    Ok(format!("{program} {}{COMMAND}", wanted.options().join(" ")))
}

/// Commands for other profiles stay. The command for the profile is the last: a value that only `helper install` made has the default in front of it.
fn with_command(present: &str, own: &str, profile: &str) -> String {
    let others = commands(present).filter(|command| owner(command) != Some(profile));
    others.chain([own]).collect::<Vec<_>>().join("; ")
}

fn without_command(present: &str, profile: &str) -> String {
    let others = commands(present).filter(|command| owner(command) != Some(profile));
    others.collect::<Vec<_>>().join("; ")
}

fn commands(value: &str) -> impl Iterator<Item = &str> {
    value.split(';').map(str::trim).filter(|it| !it.is_empty())
}

/// Returns the profile in a command of this program.
fn owner(command: &str) -> Option<&str> {
    let start = command.strip_suffix(COMMAND)?;
    let profile = start.rsplit_once(" --profile ")?.1;
    (!profile.contains(' ')).then_some(profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_others_stay() {
        let own = "/x/brainmaps --profile work helper goauth";
        for (present, with, without) in [
            (
                "netrc",
                "netrc; /x/brainmaps --profile work helper goauth",
                "netrc",
            ),
            (
                "git /d; netrc",
                "git /d; netrc; /x/brainmaps --profile work helper goauth",
                "git /d; netrc",
            ),
            (
                "off",
                "off; /x/brainmaps --profile work helper goauth",
                "off",
            ),
            (
                "netrc; /old --sandbox --profile work helper goauth",
                "netrc; /x/brainmaps --profile work helper goauth",
                "netrc",
            ),
            (
                "netrc; /x --profile other helper goauth",
                "netrc; /x --profile other helper goauth; /x/brainmaps --profile work helper goauth",
                "netrc; /x --profile other helper goauth",
            ),
        ] {
            assert_eq!(with_command(present, own, "work"), with);
            assert_eq!(with_command(with, own, "work"), with);
            assert_eq!(without_command(with, "work"), without);
        }
    }
}
