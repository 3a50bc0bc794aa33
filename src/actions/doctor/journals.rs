//! Reports interrupted `token create` and `token rotate` commands.

use super::{Check, Finding};
use crate::actions::Context;
use crate::actions::token::unfinished::unfinished_operations;

pub(super) fn check(context: &Context) -> Vec<Check> {
    let found = unfinished_operations(context, None).into_iter();
    let mut findings: Vec<Finding> = found
        .map(|it| Finding::warning(it.message, it.hint))
        .collect();
    findings.extend(context.vault.check_journals().err().map(Finding::failure));
    if findings.is_empty() {
        findings.push(Finding::Ok("no interrupted token operations".to_owned()));
    }
    let checks = findings.into_iter();
    checks
        .map(|finding| finding.into_check("journals"))
        .collect()
}
