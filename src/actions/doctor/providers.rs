//! Checks that the user's own provider descriptions are valid.

use super::{Check, Finding};
use crate::actions::Context;
use crate::domain::format_count;
use crate::provider::ProviderError;

pub(super) fn check(context: &Context) -> Vec<Check> {
    let ids = match context.catalog.read_own_ids() {
        Ok(ids) => ids,
        Err(error) => {
            return vec![Finding::failure(ProviderError::File(error)).into_check("providers")];
        }
    };
    let mut findings: Vec<Finding> = ids
        .iter()
        .filter_map(|id| context.catalog.find(id).err())
        .map(Finding::failure)
        .collect();
    if findings.is_empty() {
        findings.push(Finding::Ok(match ids.len() {
            0 => "only built-in providers".to_owned(),
            count => format!("{}, valid", format_count(count, "own description")),
        }));
    }
    let checks = findings.into_iter();
    checks
        .map(|finding| finding.into_check("providers"))
        .collect()
}
