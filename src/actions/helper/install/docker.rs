//! Docker: `credHelpers` in `config.json`, and a link `docker-credential-brainmaps-PROFILE` in `PATH`.

use std::path::PathBuf;

use super::step::FileEdit;
use super::{Installation, Installer, Plan, PlanResult, edit_failed, read};
use crate::actions::InstallError;
use crate::domain::Origin;
use crate::helper::config_text::Remainder;
use crate::helper::config_text::json_text::{self, Place};

pub(super) const INSTALLER: Installer = Installer { install, uninstall };

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
        let is_own = |value: &str| value == OWN || value.starts_with("brainmaps-");
        let place = place(origin);
        let edited = json_text::set(after.as_deref(), place, &helper, is_own);
        after = Some(edited.map_err(edit_failed(&path, origin.host(), &setting))?);
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
