//! Where a response names the account.

use super::names::normalize;

/// JSON pointers to what the service reports about the account.
#[derive(Debug)]
pub(super) struct AccountPointers {
    pub(super) name: String,
    pub(super) id: Option<String>,
}

impl AccountPointers {
    /// Returns the JSON pointer to the value of a path parameter.
    pub(super) fn pointer_for(&self, parameter: &str) -> String {
        let is_id = normalize(parameter).ends_with("id");
        let id = self.id.as_ref().filter(|_| is_id);
        id.unwrap_or(&self.name).clone()
    }
}
