//! The result of an audit.

use super::show_error_or_login;
use crate::domain::sanitize_line;
use crate::tui::model::{Loading, Model};
use crate::tui::msg::{AuditResult, Effect, ViewResult};

pub(super) fn on_audited(model: &mut Model, result: ViewResult<AuditResult>) -> Vec<Effect> {
    match result {
        Ok(AuditResult { audit, policy_file }) => {
            let path = |path: std::path::PathBuf| sanitize_line(&path.to_string_lossy());
            model.findings.policy_file = policy_file.map(path);
            model.findings.replace(audit);
            Vec::new()
        }
        Err(error) => {
            model.findings.loading = Loading::Failed;
            show_error_or_login(model, error)
        }
    }
}
