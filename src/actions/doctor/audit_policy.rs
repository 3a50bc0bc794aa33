//! Checks the policy of audits in the project file. The one in the settings file is checked with the settings.

use super::{Check, Finding};
use crate::actions::{Context, RoutingError};
use crate::domain::sanitize_line;
use crate::host::{ProjectError, project};

pub(super) fn check(context: &Context) -> Option<Check> {
    let finding = match project::read_audit_settings(&context.search_scope()) {
        Ok(Some((path, _))) => {
            let path = sanitize_line(&path.to_string_lossy());
            Finding::Ok(format!("[audit] of `{path}` is valid"))
        }
        Err(error @ ProjectError::InvalidPolicy { .. }) => {
            Finding::failure(RoutingError::from(error))
        }
        // The check of the profile reports another problem of the file.
        Ok(None) | Err(_) => return None,
    };
    Some(finding.into_check("audit policy"))
}
