//! The call for the account.

use super::calls::{call, find_pointer, last_segment};
use super::document::{Document, Operation};
use super::names::{ACCOUNT_PATHS, ACCOUNTS, normalize, rank};
use crate::actions::provider::skeleton::{Draft, quote};

/// How deep the name of the account is in a response.
const DEPTH: usize = 1;

/// What the service reports about the account.
#[derive(Debug)]
pub(super) struct Account {
    name: String,
    id: Option<String>,
}

impl Account {
    /// Returns the JSON pointer to the value of a path parameter.
    pub(super) fn pointer_for(&self, parameter: &str) -> String {
        let is_id = normalize(parameter).ends_with("id");
        let id = self.id.as_ref().filter(|_| is_id);
        id.unwrap_or(&self.name).clone()
    }
}

/// Adds `[whoami]`.
pub(super) fn add(document: &Document, draft: &mut Draft) -> Option<Account> {
    let operations = document.operations();
    let candidates = operations.iter().filter_map(|operation| {
        let is_read = operation.method == "get" && !operation.path.contains('{');
        let rank = rank(last_segment(operation.path), ACCOUNT_PATHS).filter(|_| is_read)?;
        let account = account(document, operation)?;
        Some(((rank, operation.path.len()), operation, account))
    });
    let (_, operation, account) = candidates.min_by_key(|(order, ..)| *order)?;
    let members = vec![
        ("call", call(operation, None, None, draft)),
        ("account", quote(&account.name)),
    ];
    draft.add("whoami", members);
    Some(account)
}

fn account(document: &Document, operation: &Operation<'_>) -> Option<Account> {
    let schema = operation.response(document)?;
    Some(Account {
        name: find_pointer(document, schema, ACCOUNTS, DEPTH)?,
        id: find_pointer(document, schema, &["id", "userid", "uuid"], DEPTH),
    })
}
