//! Docker: `credHelpers` in `config.json`, and a link `docker-credential-brainmaps-PROFILE` in `PATH`.

use std::cell::Cell;
use std::path::PathBuf;

use super::{Installation, Installer, Plan, PlanResult, edit_failed, other_profile, read};
use crate::actions::InstallError;
use crate::domain::{HelperProgram, Origin};
use crate::helper::config_text::json_text::{self, MemberPath};
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
    let all = setting(&wanted.origins.iter().collect::<Vec<_>>(), &helper);
    let edit = wanted.edit_for_servers(&path, all, |text, origin| {
        let setting = setting(&[origin], &helper);
        let other = Cell::new(None);
        let is_own = |value: &str| {
            other.set(value.strip_prefix("brainmaps-").map(str::to_owned));
            value == OWN || value == helper
        };
        let edited = json_text::set(text.as_deref(), member_path(origin), &helper, is_own);
        let edited = edited.map_err(|error| match other.take() {
            Some(other) => other_profile(HelperProgram::Docker, origin, &other),
            None => edit_failed(&path, origin.host(), &setting)(error),
        });
        edited.map(Some)
    })?;
    plan.edit(edit);
    wanted.note_search_path(&mut plan, &link);
    Ok(plan)
}

fn uninstall(wanted: &Installation<'_>) -> PlanResult {
    let mut plan = Plan::default();
    let (path, helper) = (config_path(wanted)?, helper_name(wanted));
    let failed = edit_failed(&path, SECTION, "");
    let all = setting(&wanted.origins.iter().collect::<Vec<_>>(), &helper);
    let edit = wanted.removal_for_servers(&path, all, |text, origin| {
        json_text::remove(text, member_path(origin), &helper).map_err(&failed)
    })?;
    let after = edit.after.as_deref();
    let names = after.map(|text| json_text::names(text, SECTION, &helper));
    let others = names.transpose().map_err(&failed)?.unwrap_or_default();
    plan.edit(edit);
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

fn member_path(origin: &Origin) -> MemberPath<'_> {
    MemberPath {
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
