//! Checks that each credential file is readable, by its owner only.

use super::{Check, Finding};
use crate::actions::Context;
use crate::domain::{format_count, sanitize_line};
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
    let irreplaceable = context.vault.find_irreplaceable_files(&names);
    findings.extend(irreplaceable.into_iter().map(Finding::failure));
    if findings.is_empty() {
        findings.push(Finding::Ok(match names.len() {
            0 => "no credential files".to_owned(),
            count => format!(
                "{}, readable only by you",
                format_count(count, "credential file")
            ),
        }));
    }
    let aside = context.vault.quarantined_files().into_iter().map(|path| {
        let path = sanitize_line(&path.to_string_lossy());
        Finding::warning(
            format!("\"{path}\" is a quarantined damaged file that may contain a token"),
            format!("if you do not need it, run `rm '{path}'`"),
        )
    });
    findings.extend(aside);
    let checks = findings.into_iter();
    checks
        .map(|finding| finding.into_check("credentials"))
        .collect()
}
