//! Whether an `.env` that holds the service's key can be read, and by its owner alone.

use super::{Check, Finding};
use crate::actions::{Context, Target};
use crate::files::shell_word;
use crate::host::dotenv;

/// The bits that let others read.
const READABLE_BY_OTHERS: u32 = 0o044;

pub(super) fn check(context: &Context, target: &Target) -> Option<Check> {
    let variable = target.descriptor.environment.api_key.as_deref()?;
    let file = match dotenv::read_nearest(&context.search_scope(), &[variable]) {
        Ok(file) => file?,
        Err(error) => {
            let hint = error
                .hint()
                .unwrap_or_else(|| "fix the file, or delete it".to_owned());
            return Some(Finding::warning(error.to_string(), hint).into_check("env-file"));
        }
    };
    file.get(variable)?;
    let (path, mode) = (shell_word(&file.path), file.mode);
    let finding = if mode & READABLE_BY_OTHERS == 0 {
        Finding::Ok(format!(
            "{path}, which sets {variable}, is closed to others"
        ))
    } else {
        Finding::warning(
            format!(
                "{path} sets {variable} and is open to other users of this machine (mode {mode:04o})"
            ),
            format!("run `chmod 600 {path}`"),
        )
    };
    Some(finding.into_check("env-file"))
}
