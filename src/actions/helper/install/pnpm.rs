//! pnpm: a line `//HOST/:tokenHelper=PATH` in the user's `.npmrc`, with a link `brainmaps-token-PROFILE`.

use std::path::{Path, PathBuf};

use super::{Installation, Installer, Plan, PlanResult, edit_failed, other_profile, read};
use crate::actions::InstallError;
use crate::domain::{HelperProgram, Origin};
use crate::helper::config_text::{EditError, lines};
use crate::helper::parse_origin;

pub(super) const INSTALLER: Installer = Installer {
    install,
    uninstall,
    configured: Some(configured),
};

const LINK: &str = "brainmaps-token-";

/// The settings by which npm and pnpm authenticate.
const CREDENTIALS: [&str; 5] = [
    "tokenHelper",
    "_authToken",
    "_auth",
    "_password",
    "username",
];

fn install(wanted: &Installation<'_>) -> PlanResult {
    wanted.require_service("pnpm")?;
    let mut plan = Plan::default();
    let (path, link) = (config_path(wanted)?, link_path(wanted)?);
    wanted.plan_link(&mut plan, link.clone())?;
    let edit = wanted.edit_for_servers(&path, settings(wanted, &link), |text, origin| {
        let wanted_line = line(origin, &link);
        let present = text.as_deref().and_then(|text| find(text, origin));
        let Some(present) = present else {
            return Ok(Some(lines::append(text.as_deref(), &wanted_line)));
        };
        if present == wanted_line {
            return Ok(text);
        }
        match owner(present, origin) {
            Some(own) if own == wanted.profile() => {
                let text = text.as_deref().unwrap_or_default();
                Ok(Some(replace_part(text, present, &wanted_line)))
            }
            Some(other) => Err(other_profile(HelperProgram::Pnpm, origin, other)),
            None => {
                let subject = format!("//{}/", origin.host());
                Err(edit_failed(&path, &subject, &wanted_line)(EditError::Taken))
            }
        }
    })?;
    plan.edit(edit);
    Ok(plan)
}

fn uninstall(wanted: &Installation<'_>) -> PlanResult {
    let mut plan = Plan::default();
    let (path, link) = (config_path(wanted)?, link_path(wanted)?);
    let edit = wanted.removal_for_servers(&path, settings(wanted, &link), |text, origin| {
        Ok(lines::remove(text, &line(origin, &link)))
    })?;
    plan.edit(edit);
    if !wanted.is_profile_used(HelperProgram::Pnpm) {
        wanted.plan_unlink(&mut plan, link);
    }
    Ok(plan)
}

fn configured(wanted: &Installation<'_>) -> Result<Vec<Origin>, InstallError> {
    let (path, link) = (config_path(wanted)?, link_path(wanted)?);
    let text = read(&path)?.unwrap_or_default();
    let origin = |text: &str| {
        let (host, _) = text.strip_prefix("//")?.split_once("/:tokenHelper=")?;
        let origin = parse_origin("https", host)?;
        (line(&origin, &link) == text).then_some(origin)
    };
    Ok(text.lines().filter_map(origin).collect())
}

/// Replaces `part`, which is a slice of `text`.
fn replace_part(text: &str, part: &str, by: &str) -> String {
    let start = part.as_ptr().addr() - text.as_ptr().addr();
    let (before, after) = (&text[..start], &text[start + part.len()..]);
    format!("{before}{by}{after}")
}

/// Returns the line with which npm or pnpm authenticates at `origin`.
fn find<'t>(text: &'t str, origin: &Origin) -> Option<&'t str> {
    text.lines().find(|line| {
        let key = line.split('=').next().unwrap_or_default().trim();
        let rest = key.strip_prefix(&key_prefix(origin));
        rest.is_some_and(|name| CREDENTIALS.contains(&name))
    })
}

fn key_prefix(origin: &Origin) -> String {
    format!("//{}/:", origin.host())
}

/// Returns the profile in a line of this program.
fn owner<'t>(line: &'t str, origin: &Origin) -> Option<&'t str> {
    let value = line.strip_prefix(&format!("{}tokenHelper=", key_prefix(origin)))?;
    let name = Path::new(value).file_name()?.to_str()?;
    name.strip_prefix(LINK)
}

fn line(origin: &Origin, link: &Path) -> String {
    format!("{}tokenHelper={}", key_prefix(origin), link.display())
}

fn settings(wanted: &Installation<'_>, link: &Path) -> String {
    let lines = wanted.origins.iter().map(|origin| line(origin, link));
    lines.collect::<Vec<_>>().join(", ")
}

fn link_path(wanted: &Installation<'_>) -> Result<PathBuf, InstallError> {
    wanted.library_link(&format!("{LINK}{}", wanted.profile()))
}

/// Pnpm accepts the setting only in the user's file, not in a project.
fn config_path(wanted: &Installation<'_>) -> Result<PathBuf, InstallError> {
    let variables = ["npm_config_userconfig", "NPM_CONFIG_USERCONFIG"];
    let named = variables
        .iter()
        .find_map(|name| wanted.environment().path(name));
    named.map_or_else(|| Ok(wanted.home()?.join(".npmrc")), Ok)
}
