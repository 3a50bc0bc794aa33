//! Errors of the creation of a token.

use super::ActionError;
use crate::domain::TokenId;
use crate::service::RightsChange;

/// The secret of the new token was neither printed nor written.
#[derive(Debug, thiserror::Error)]
pub enum CreationError {
    /// The service created a token with another expiry, or with more rights.
    #[error("{service} created another token than requested: {}; {}", super::list_changes(changes), outcome(revoked, id.as_ref(), *existed))]
    Deviates {
        service: String,
        changes: Vec<RightsChange>,
        id: Option<TokenId>,
        /// Whether the new token was revoked, or why it was not.
        revoked: Result<(), Option<Box<ActionError>>>,
        /// Whether the token of the response existed before the request.
        existed: bool,
    },
}

fn outcome(
    revoked: &Result<(), Option<Box<ActionError>>>,
    id: Option<&TokenId>,
    existed: bool,
) -> String {
    if existed {
        let id = id.map_or_else(String::new, |id| format!(" (id {id})"));
        return format!("the token in the response{id} existed before, and nothing was revoked");
    }
    let name = id.map_or_else(
        || "the new token, whose id is unknown,".to_owned(),
        |id| format!("the new token (id {id})"),
    );
    match revoked {
        Ok(()) => format!("{name} was revoked"),
        Err(None) => format!("{name} is still valid: it cannot be revoked with this program"),
        Err(Some(error)) => format!("{name} is still valid: {error}"),
    }
}
