//! Checks that a `.env` with the service's key is readable, by its owner only, and can be replaced.

use super::{Check, Finding};
use crate::actions::{ProfileSession, error_line};
use crate::files::shell_word;
use crate::vault::EnvFile;

const READABLE_BY_OTHERS: u32 = 0o044;

pub(super) fn check(session: ProfileSession<'_>) -> Option<Check> {
    let variable = session.target.descriptor.environment.api_key.as_deref()?;
    let file = match session.context.read_dotenv(&[variable]) {
        Ok(file) => file?,
        Err(error) => {
            let hint = error
                .hint()
                .unwrap_or_else(|| "fix the file, or delete it".to_owned());
            return Some(Finding::warning(error_line(&error), hint).into_check("env-file"));
        }
    };
    file.get(variable)?;
    if let Err(error) = EnvFile::check_replaceable_at(&file.path) {
        let hint = error.hint().unwrap_or_default();
        return Some(Finding::warning(error.to_string(), hint).into_check("env-file"));
    }
    let (path, mode) = (shell_word(&file.path), file.mode);
    let finding = if mode & READABLE_BY_OTHERS == 0 {
        Finding::Ok(format!("{path}, which sets {variable}, is private"))
    } else {
        Finding::warning(
            format!("{path} sets {variable} and is accessible to other users (mode {mode:04o})"),
            format!("run `chmod 600 {path}`"),
        )
    };
    Some(finding.into_check("env-file"))
}
