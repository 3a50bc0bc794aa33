//! Whether an `.env` that holds the service's key can be read, and by its owner alone.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;

use super::{Check, Finding};
use crate::actions::{Context, Target};
use crate::domain::one_line;
use crate::host::dotenv;

/// The bits that let others read.
const READABLE_BY_OTHERS: u32 = 0o044;

pub(super) fn look(context: &Context, target: &Target) -> Option<Check> {
    let variable = target.descriptor.environment.api_key.as_deref()?;
    let file = match dotenv::find(&context.directory, &[variable]) {
        Ok(file) => file?,
        Err(wrong) => {
            let finding = Finding::warning(wrong.to_string(), "mend it or remove it");
            return Some(finding.named("env-file"));
        }
    };
    file.get(variable)?;
    let path = one_line(&file.path.to_string_lossy());
    let mode = std::fs::metadata(&file.path)
        .ok()
        .as_ref()
        .map(Metadata::mode)?;
    let finding = if mode & READABLE_BY_OTHERS == 0 {
        Finding::Fine(format!(
            "`{path}`, which sets {variable}, is closed to others"
        ))
    } else {
        let mode = mode & 0o7777;
        Finding::warning(
            format!(
                "`{path}` sets {variable} and is open to other users of this machine (mode {mode:04o})"
            ),
            format!("run `chmod 600 '{path}'`"),
        )
    };
    Some(finding.named("env-file"))
}
