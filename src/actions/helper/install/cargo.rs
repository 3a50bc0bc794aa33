//! Cargo: `credential-provider` of the registries at a server in `config.toml`, with a link
//! `brainmaps-credential-provider-PROFILE`.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use super::{Installation, Installer, Plan, PlanResult, edit_failed, other_profile, read};
use crate::actions::InstallError;
use crate::domain::{HelperProgram, Origin};
use crate::helper::config_text::cargo_toml::{
    array, provided_origins, provider_program, remove, set,
};

pub(super) const INSTALLER: Installer = Installer {
    install,
    uninstall,
    configured: Some(configured),
};

const LINK: &str = "brainmaps-credential-provider-";

fn install(wanted: &Installation<'_>) -> PlanResult {
    wanted.require_service("cargo")?;
    let mut plan = Plan::default();
    let (path, link) = (config_path(wanted)?, link_path(wanted)?);
    wanted.plan_link(&mut plan, link.clone())?;
    let (program, setting) = (link.to_string_lossy(), setting(&link));
    let edit = wanted.edit_for_servers(&path, setting.clone(), |text, origin| {
        let text = text.unwrap_or_default();
        let other = Cell::new(None);
        let is_own = |value: &str| {
            let owner = owner(value);
            let is_own = owner.as_deref() == Some(wanted.profile());
            other.set(owner);
            is_own
        };
        let edited = set(&text, origin, &program, is_own);
        let subject = format!("the registry at {origin}");
        let edited = edited.map_err(|error| match other.take() {
            Some(other) => other_profile(HelperProgram::Cargo, origin, &other),
            None => edit_failed(&path, &subject, &setting)(error),
        })?;
        let edited = edited.ok_or_else(|| InstallError::NoRegistry {
            path: path.clone(),
            host: origin.clone(),
            setting: setting.clone(),
        })?;
        Ok(Some(edited))
    })?;
    plan.edit(edit);
    Ok(plan)
}

fn uninstall(wanted: &Installation<'_>) -> PlanResult {
    let mut plan = Plan::default();
    let (path, link) = (config_path(wanted)?, link_path(wanted)?);
    let program = link.to_string_lossy();
    let edit = wanted.removal_for_servers(&path, setting(&link), |text, origin| {
        remove(text, origin, &program).map_err(edit_failed(&path, "the registry", ""))
    })?;
    let after = edit.after.as_deref();
    let is_named = after.is_some_and(|text| text.contains(&*program));
    plan.edit(edit);
    if !is_named {
        wanted.plan_unlink(&mut plan, link);
    }
    Ok(plan)
}

fn configured(wanted: &Installation<'_>) -> Result<Vec<Origin>, InstallError> {
    let (path, link) = (config_path(wanted)?, link_path(wanted)?);
    let text = read(&path)?.unwrap_or_default();
    let origins = provided_origins(&text, &link.to_string_lossy());
    origins.map_err(edit_failed(&path, "the registry", ""))
}

/// Returns the profile in a provider of this program.
fn owner(value: &str) -> Option<String> {
    let program = provider_program(value)?;
    let name = Path::new(&program).file_name()?.to_str()?;
    name.strip_prefix(LINK).map(str::to_owned)
}

fn setting(link: &Path) -> String {
    format!("credential-provider = {}", array(&link.to_string_lossy()))
}

fn link_path(wanted: &Installation<'_>) -> Result<PathBuf, InstallError> {
    wanted.library_link(&format!("{LINK}{}", wanted.profile()))
}

/// Cargo prefers the name of earlier versions, if both exist.
fn config_path(wanted: &Installation<'_>) -> Result<PathBuf, InstallError> {
    let directory = wanted.environment().path("CARGO_HOME");
    let directory = directory.map_or_else(|| Ok(wanted.home()?.join(".cargo")), Ok)?;
    let earlier = directory.join("config");
    if earlier.is_file() {
        return Ok(earlier);
    }
    Ok(directory.join("config.toml"))
}
