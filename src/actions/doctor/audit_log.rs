//! Checks that the audit log can be written.

use super::{Check, Finding};
use crate::actions::{ActionError, Context};
use crate::files::quote_path;
use crate::vault::EventLog;

pub(super) fn check(context: &Context) -> Option<Check> {
    let log = context.recorder.log.as_ref()?;
    let (EventLog::File(path) | EventLog::Syslog(path)) = log;
    let finding = match log.check() {
        Ok(()) => Finding::Ok(format!("{} can be written", quote_path(path))),
        Err(error) => Finding::failure(ActionError::AuditLog(error)),
    };
    Some(finding.into_check("audit log"))
}
