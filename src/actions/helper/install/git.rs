//! git: `credential.URL.helper` in the global configuration.

use super::step::ToolRun;
use super::{Installation, Installer, Plan, PlanResult, Step, tool_failed};
use crate::actions::InstallError;
use crate::domain::{Origin, quote_for_shell};
use crate::host::{Tool, ToolError};

pub(super) const INSTALLER: Installer = Installer { install, uninstall };

/// The end of the command in the configuration, by which an entry of this program is found.
const COMMAND: &str = " helper git";

fn install(wanted: &Installation<'_>) -> PlanResult {
    let command = command(wanted);
    plan(wanted, |values| with_entry(values, &command))
}

fn uninstall(wanted: &Installation<'_>) -> PlanResult {
    plan(wanted, without_entry)
}

fn plan(wanted: &Installation<'_>, edit: impl Fn(&[String]) -> Vec<String>) -> PlanResult {
    let git = wanted.tool("git");
    let mut plan = Plan::default();
    for origin in &wanted.origins {
        let key = key(origin);
        let before = match &git {
            Some(git) => values(git, &key)?,
            None => Vec::new(),
        };
        let after = edit(&before);
        if before == after {
            continue;
        }
        let run = |arguments: &[&str]| {
            let arguments = ["config", "--global"].iter().chain(arguments);
            Step::Run(ToolRun {
                name: "git",
                tool: git.clone(),
                arguments: arguments.map(|it| (*it).to_owned()).collect(),
            })
        };
        let added = if let Some(added) = after.strip_prefix(&before[..]) {
            added
        } else {
            plan.steps.push(run(&["--unset-all", &key]));
            &after
        };
        let added = added.iter().map(|value| run(&["--add", &key, value]));
        plan.steps.extend(added);
    }
    Ok(plan)
}

fn key(origin: &Origin) -> String {
    format!("credential.{origin}.helper")
}

/// Returns the values of `key` in order.
fn values(git: &Tool, key: &str) -> Result<Vec<String>, InstallError> {
    let text = match git.run(&["config", "--global", "--null", "--get-all", key]) {
        // 1: the key has no value.
        Err(ToolError::Failed { code: Some(1), .. }) => return Ok(Vec::new()),
        printed => printed.map_err(tool_failed("git"))?,
    };
    let values = text.strip_suffix('\0').unwrap_or(&text).split('\0');
    Ok(values.map(str::to_owned).collect())
}

fn command(wanted: &Installation<'_>) -> String {
    let program = quote_for_shell(&wanted.program.to_string_lossy());
    format!("!{program} {}{COMMAND}", wanted.options().join(" "))
}

/// Returns the values with the entry. The empty value makes git forget the helpers of the system.
fn with_entry(values: &[String], command: &str) -> Vec<String> {
    let mut kept = without_entry(values);
    kept.extend([String::new(), command.to_owned()]);
    kept
}

/// Returns `true` for a command of this program, for whichever path and profile.
fn is_own(command: &str) -> bool {
    let program = command
        .strip_suffix(COMMAND)
        .and_then(|start| start.rsplit_once(" --profile "));
    program.is_some_and(|(program, profile)| program.starts_with('!') && !profile.contains(' '))
}

/// Returns the values without this program's, and without the empty one in front of each.
fn without_entry(values: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for value in values {
        if !is_own(value) {
            kept.push(value.clone());
        } else if kept.last().is_some_and(String::is_empty) {
            kept.pop();
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entry_replaces_an_earlier_one_and_leaves_those_of_others() {
        let own = "!'/b' --profile work helper git";
        let list = |values: &[&str]| values.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let old = "!'/a' --profile old helper git";
        for (before, with, without) in [
            (list(&[]), list(&["", own]), list(&[])),
            (
                list(&["store"]),
                list(&["store", "", own]),
                list(&["store"]),
            ),
            (
                list(&["!/opt/tool helper git"]),
                list(&["!/opt/tool helper git", "", own]),
                list(&["!/opt/tool helper git"]),
            ),
            (list(&["", old]), list(&["", own]), list(&[])),
            (
                list(&["", "store", "", old, "!other get"]),
                list(&["", "store", "!other get", "", own]),
                list(&["", "store", "!other get"]),
            ),
        ] {
            assert_eq!(with_entry(&before, own), with, "{before:?}");
            assert_eq!(with_entry(&with, own), with, "{before:?}");
            assert_eq!(without_entry(&before), without, "{before:?}");
            assert_eq!(without_entry(&with), without, "{before:?}");
        }
    }
}
