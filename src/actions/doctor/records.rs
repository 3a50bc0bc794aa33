//! Checks that the records of registered clients, targets, created keys and uses are readable.

use super::{Check, Finding};
use crate::actions::Context;

pub(super) fn check(context: &Context) -> Vec<Check> {
    let errors = context.vault.find_unreadable_records().into_iter();
    let mut findings: Vec<Finding> = errors
        .map(|error| {
            if error.is_damage() {
                let hint = "the next command that writes the file renames it and starts a new one";
                return Finding::warning(error.to_line(), hint);
            }
            Finding::failure(error)
        })
        .collect();
    if findings.is_empty() {
        let message = "the records of clients, targets, created keys and uses are readable";
        findings.push(Finding::Ok(message.to_owned()));
    }
    let checks = findings.into_iter();
    checks
        .map(|finding| finding.into_check("records"))
        .collect()
}
