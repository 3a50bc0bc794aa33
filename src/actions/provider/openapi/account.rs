//! The call for the account.

use super::account_pointers::AccountPointers;
use super::calls::{call, find_pointer, last_segment};
use super::document::{Document, Operation};
use super::names::{ACCOUNT_PATHS, ACCOUNTS, rank};
use crate::actions::provider::skeleton::{Draft, quote};

/// How deep the name of the account is in a response.
const DEPTH: usize = 1;

/// Adds `[whoami]`.
pub(super) fn add(document: &Document, draft: &mut Draft) -> Option<AccountPointers> {
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

fn account(document: &Document, operation: &Operation<'_>) -> Option<AccountPointers> {
    let schema = operation.response(document)?;
    Some(AccountPointers {
        name: find_pointer(document, schema, ACCOUNTS, DEPTH)?,
        id: find_pointer(document, schema, &["id", "userid", "uuid"], DEPTH),
    })
}
