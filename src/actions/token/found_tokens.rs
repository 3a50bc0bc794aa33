//! The tokens that the arguments of a command name, and what the list of tokens reports about them.

use std::collections::HashMap;

use crate::domain::{ApiToken, TokenId, sanitize_line_to};

/// The longest part of a name in a message, in characters.
const MAX_NAME: usize = 60;

#[derive(Debug, Default)]
pub struct FoundTokens {
    pub ids: Vec<TokenId>,
    /// Those that the service does not list, as far as the list was read. They may be new.
    pub unlisted: Vec<TokenId>,
    /// Those that the service lists as revoked.
    pub revoked: Vec<TokenId>,
    names: HashMap<TokenId, String>,
}

impl FoundTokens {
    /// Adds what the list of tokens reports about the ids.
    pub(super) fn add_facts(&mut self, tokens: &[ApiToken]) {
        let listed = tokens
            .iter()
            .filter_map(|token| Some((token.id.as_ref()?, token)));
        let listed: HashMap<&TokenId, &ApiToken> = listed.collect();
        for id in &self.ids {
            let Some(token) = listed.get(id) else {
                self.unlisted.push(id.clone());
                continue;
            };
            if token.revoked {
                self.revoked.push(id.clone());
            }
            let name = token.name.as_deref().unwrap_or_default();
            let name = sanitize_line_to(MAX_NAME, &name.replace('`', "'"));
            if !name.is_empty() {
                self.names.insert(id.clone(), name);
            }
        }
    }

    /// Returns the name and the id of a token; the id alone if the list was not read or has no name for it.
    pub fn label(&self, id: &TokenId) -> String {
        let name = self.names.get(id);
        name.map_or_else(|| id.to_string(), |name| format!("`{name}` (id {id})"))
    }
}
