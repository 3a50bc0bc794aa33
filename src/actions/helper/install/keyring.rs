//! pip and uv: a link `keyring` in a directory of its own, so that it hides another `keyring` only where the user puts the
//! directory into `PATH`.

use std::path::PathBuf;

use super::{Installation, Installer, Plan, PlanResult};
use crate::actions::InstallError;
use crate::domain::HelperProgram;

pub(super) const INSTALLER: Installer = Installer {
    install,
    uninstall,
    configured: None,
};

fn install(wanted: &Installation<'_>) -> PlanResult {
    wanted.require_service("keyring")?;
    let mut plan = Plan::default();
    let link = link_path(wanted)?;
    wanted.plan_link(&mut plan, link.clone())?;
    wanted.note_search_path(&mut plan, &link);
    for variable in ["PIP_KEYRING_PROVIDER", "UV_KEYRING_PROVIDER"] {
        if wanted.environment().get(variable) != Some("subprocess") {
            plan.remaining.push(format!("export {variable}=subprocess"));
        }
    }
    Ok(plan)
}

fn uninstall(wanted: &Installation<'_>) -> PlanResult {
    let mut plan = Plan::default();
    if !wanted.is_still_used(HelperProgram::Keyring) {
        wanted.plan_unlink(&mut plan, link_path(wanted)?);
    }
    Ok(plan)
}

fn link_path(wanted: &Installation<'_>) -> Result<PathBuf, InstallError> {
    wanted.link_path("keyring", ".local/lib/brainmaps/keyring")
}
