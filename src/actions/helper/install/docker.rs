//! Docker: `credHelpers` in `config.json`, and a link `docker-credential-brainmaps-PROFILE` in `PATH`.

use std::cell::Cell;
use std::path::PathBuf;

use super::step::FileEdit;
use super::{Installation, Installer, Plan, PlanResult, edit_failed, other_profile, read};
use crate::actions::InstallError;
use crate::domain::{HelperProgram, Origin};
use crate::helper::config_text::Remainder;
use crate::helper::config_text::json_text::{self, Place};
use crate::helper::parse_origin;

pub(super) const INSTALLER: Installer = Installer {
    install,
    uninstall,
    configured: Some(configured),
};

const SECTION: &str = "credHelpers";

/// Docker runs `docker-credential-` and this.
const OWN: &str = "brainmaps";

fn install(wanted: &Installation<'_>) -> PlanResult {
    wanted.require_service("docker")?;
    let mut plan = Plan::default();
    let link = link_path(wanted)?;
    wanted.plan_link(&mut plan, link.clone())?;
    let (path, helper) = (config_path(wanted)?, helper_name(wanted));
    let before = read(&path)?;
    let mut after = before.clone();
    for origin in &wanted.origins {
        let setting = setting(&[origin], &helper);
        let other = Cell::new(None);
        let is_own = |value: &str| {
            other.set(value.strip_prefix("brainmaps-").map(str::to_owned));
            value == OWN || value == helper
        };
        let edited = json_text::set(after.as_deref(), place(origin), &helper, is_own);
        after = Some(edited.map_err(|error| match other.take() {
            Some(other) => other_profile(HelperProgram::Docker, origin, &other),
            None => edit_failed(&path, origin.host(), &setting)(error),
        })?);
    }
    plan.edit(FileEdit {
        setting: setting(&wanted.origins.iter().collect::<Vec<_>>(), &helper),
        path,
        before,
        after,
        is_removal: false,
    });
    wanted.note_search_path(&mut plan, &link);
    Ok(plan)
}

fn uninstall(wanted: &Installation<'_>) -> PlanResult {
    let mut plan = Plan::default();
    let (path, helper) = (config_path(wanted)?, helper_name(wanted));
    let before = read(&path)?;
    let failed = edit_failed(&path, SECTION, "");
    let mut after = before.clone();
    for origin in &wanted.origins {
        let Some(text) = &after else { break };
        let place = place(origin);
        match json_text::remove(text, place, &helper).map_err(&failed)? {
            Remainder::Unchanged => {}
            Remainder::Text(text) => after = Some(text),
            Remainder::Nothing => after = None,
        }
    }
    let names = after
        .as_deref()
        .map(|text| json_text::names(text, SECTION, &helper));
    let others = names.transpose().map_err(&failed)?.unwrap_or_default();
    plan.edit(FileEdit {
        setting: setting(&wanted.origins.iter().collect::<Vec<_>>(), &helper),
        path,
        before,
        after,
        is_removal: true,
    });
    if others.is_empty() {
        wanted.plan_unlink(&mut plan, link_path(wanted)?);
    }
    Ok(plan)
}

fn configured(wanted: &Installation<'_>) -> Result<Vec<Origin>, InstallError> {
    let path = config_path(wanted)?;
    let text = read(&path)?.unwrap_or_default();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let names = json_text::names(&text, SECTION, &helper_name(wanted));
    let names = names.map_err(edit_failed(&path, SECTION, ""))?.into_iter();
    Ok(names
        .filter_map(|name| parse_origin("https", &name))
        .collect())
}

fn place(origin: &Origin) -> Place<'_> {
    Place {
        section: SECTION,
        name: origin.host(),
    }
}

fn helper_name(wanted: &Installation<'_>) -> String {
    format!("{OWN}-{}", wanted.profile())
}

fn link_path(wanted: &Installation<'_>) -> Result<PathBuf, InstallError> {
    let name = format!("docker-credential-{}", helper_name(wanted));
    wanted.link_path(&name, ".local/bin")
}

fn setting(origins: &[&Origin], helper: &str) -> String {
    let members = origins
        .iter()
        .map(|it| format!("\"{}\": \"{helper}\"", it.host()));
    let members: Vec<String> = members.collect();
    format!("\"{SECTION}\": {{{}}}", members.join(", "))
}

/// Podman, buildah and skopeo have a file of their own (containers-auth.json(5)), which they read before docker's.
fn config_path(wanted: &Installation<'_>) -> Result<PathBuf, InstallError> {
    let environment = wanted.environment();
    if !wanted.containers {
        let directory = environment.path("DOCKER_CONFIG");
        let directory = directory.map_or_else(|| Ok(wanted.home()?.join(".docker")), Ok)?;
        return Ok(directory.join("config.json"));
    }
    if let Some(path) = environment.path("REGISTRY_AUTH_FILE") {
        return Ok(path);
    }
    let directory = environment.path("XDG_RUNTIME_DIR");
    let directory = directory.map_or_else(|| Ok(wanted.home()?.join(".config")), Ok)?;
    Ok(directory.join("containers/auth.json"))
}
