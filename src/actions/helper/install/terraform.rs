//! Terraform and `OpenTofu`: the `credentials_helper` block, of which the command line's configuration has at most one, and
//! a link `terraform-credentials-brainmaps`.

use std::path::PathBuf;

use super::step::FileEdit;
use super::{Installation, Installer, Plan, PlanResult, edit_failed, read};
use crate::actions::InstallError;
use crate::domain::HelperProgram;
use crate::helper::config_text::{EditError, lines};

pub(super) const INSTALLER: Installer = Installer {
    install,
    uninstall,
    configured: None,
};

const BLOCK: &str = "credentials_helper";
const SETTING: &str = "credentials_helper \"brainmaps\" {}";

fn install(wanted: &Installation<'_>) -> PlanResult {
    wanted.require_service("terraform")?;
    wanted.require_https("terraform")?;
    let mut plan = Plan::default();
    wanted.plan_link(&mut plan, link_path(wanted)?)?;
    let path = config_path(wanted)?;
    let before = read(&path)?;
    let blocks = before.as_deref().unwrap_or_default().lines();
    let mut blocks = blocks
        .filter(|line| line.trim_start().starts_with(BLOCK))
        .peekable();
    let is_free = blocks.peek().is_none();
    if !is_free && !blocks.all(|line| line == SETTING) {
        let failed = edit_failed(&path, BLOCK, SETTING);
        return Err(failed(EditError::Taken));
    }
    if is_free {
        plan.edit(FileEdit {
            setting: SETTING.to_owned(),
            after: Some(lines::append(before.as_deref(), SETTING)),
            path,
            before,
            is_removal: false,
        });
    }
    Ok(plan)
}

fn uninstall(wanted: &Installation<'_>) -> PlanResult {
    let mut plan = Plan::default();
    if wanted.is_still_used(HelperProgram::Terraform) {
        return Ok(plan);
    }
    let path = config_path(wanted)?;
    let before = read(&path)?;
    let rest = |text: String| lines::remove(&text, SETTING).apply_to(text);
    let after = before.clone().and_then(rest);
    plan.edit(FileEdit {
        setting: SETTING.to_owned(),
        path,
        before,
        after,
        is_removal: true,
    });
    wanted.plan_unlink(&mut plan, link_path(wanted)?);
    Ok(plan)
}

fn link_path(wanted: &Installation<'_>) -> Result<PathBuf, InstallError> {
    wanted.link_path("terraform-credentials-brainmaps", ".terraform.d/plugins")
}

fn config_path(wanted: &Installation<'_>) -> Result<PathBuf, InstallError> {
    let named = wanted.environment().path("TF_CLI_CONFIG_FILE");
    named.map_or_else(|| Ok(wanted.home()?.join(".terraformrc")), Ok)
}
