//! Whether each credential file can be read, and by its owner alone.

use super::{Check, Finding};
use crate::actions::Context;
use crate::domain::sanitize_line;
use crate::vault::Storage;

pub(super) fn check(context: &Context) -> Vec<Check> {
    let names = match context.vault.profiles_with_credential_file() {
        Ok(names) => names,
        Err(error) => return vec![Finding::failure(error).into_check("credentials")],
    };
    let read = |name| context.vault.read(name, Storage::File);
    let mut findings: Vec<Finding> = names
        .iter()
        .filter_map(|name| read(name).err())
        .map(Finding::failure)
        .collect();
    if findings.is_empty() {
        let count = names.len();
        findings.push(Finding::Ok(match count {
            0 => "none is stored in a file".to_owned(),
            1 => "1 is stored in a file that only you can read".to_owned(),
            _ => format!("{count} are stored in files that only you can read"),
        }));
    }
    let aside = context.vault.quarantined_files().into_iter().map(|path| {
        let path = sanitize_line(&path.to_string_lossy());
        Finding::warning(
            format!("`{path}` is a damaged file that was kept aside; it may still hold a token"),
            format!("when you need nothing of it, run `rm '{path}'`"),
        )
    });
    findings.extend(aside);
    let checks = findings.into_iter();
    checks
        .map(|finding| finding.into_check("credentials"))
        .collect()
}
