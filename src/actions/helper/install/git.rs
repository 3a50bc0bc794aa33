//! git: `credential.URL.helper` in the global configuration.

use super::step::ToolRun;
use super::step::tool_failed;
use super::{Installation, Installer, Plan, PlanResult, Step, other_profile};
use crate::actions::InstallError;
use crate::domain::{HelperProgram, Origin, quote_for_shell};
use crate::helper::parse_url_origin;
use crate::host::{Tool, ToolError};

pub(super) const INSTALLER: Installer = Installer {
    install,
    uninstall,
    configured: Some(configured),
};

/// The end of the command in the configuration, by which an entry of this program is found.
const COMMAND: &str = " helper git";

fn install(wanted: &Installation<'_>) -> PlanResult {
    let (command, profile) = (command(wanted), wanted.profile());
    plan(wanted, |origin, values| {
        let mut owners = values.iter().filter_map(|value| owner(value));
        match owners.find(|owner| *owner != profile) {
            Some(other) => Err(other_profile(HelperProgram::Git, origin, other)),
            None => Ok(with_entry(values, &command, profile)),
        }
    })
}

fn uninstall(wanted: &Installation<'_>) -> PlanResult {
    plan(wanted, |_, values| {
        Ok(without_entry(values, wanted.profile()))
    })
}

fn configured(wanted: &Installation<'_>) -> Result<Vec<Origin>, InstallError> {
    let Some(git) = wanted.tool("git") else {
        return Ok(Vec::new());
    };
    let entries = values(&git, "--get-regexp", "^credential\\..*\\.helper$")?;
    let origin = |entry: &String| {
        let (key, value) = entry.split_once('\n')?;
        (owner(value) == Some(wanted.profile())).then_some(())?;
        parse_url_origin(key.strip_prefix("credential.")?.strip_suffix(".helper")?)
    };
    Ok(entries.iter().filter_map(origin).collect())
}

fn plan(
    wanted: &Installation<'_>,
    edit: impl Fn(&Origin, &[String]) -> Result<Vec<String>, InstallError>,
) -> PlanResult {
    let git = wanted.tool("git");
    let mut plan = Plan::default();
    for origin in &wanted.origins {
        let key = key(origin);
        let before = match &git {
            Some(git) => values(git, "--get-all", &key)?,
            None => Vec::new(),
        };
        let after = edit(origin, &before)?;
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

/// Returns what git prints for `query` and `key`, in order.
fn values(git: &Tool, query: &str, key: &str) -> Result<Vec<String>, InstallError> {
    let text = match git.run(&["config", "--global", "--null", query, key]) {
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
fn with_entry(values: &[String], command: &str, profile: &str) -> Vec<String> {
    let mut kept = without_entry(values, profile);
    kept.extend([String::new(), command.to_owned()]);
    kept
}

/// Returns the profile in a command of this program, for whichever path.
fn owner(command: &str) -> Option<&str> {
    let start = command.strip_suffix(COMMAND)?;
    let (program, profile) = start.rsplit_once(" --profile ")?;
    (program.starts_with('!') && !profile.contains(' ')).then_some(profile)
}

/// Returns the values without this program's for the profile, and without the empty one in front of each.
fn without_entry(values: &[String], profile: &str) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for value in values {
        if owner(value) != Some(profile) {
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
        let old = "!'/a' --sandbox --profile work helper git";
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
            assert_eq!(with_entry(&before, own, "work"), with, "{before:?}");
            assert_eq!(with_entry(&with, own, "work"), with, "{before:?}");
            assert_eq!(without_entry(&before, "work"), without, "{before:?}");
            assert_eq!(without_entry(&with, "work"), without, "{before:?}");
        }
    }
}
