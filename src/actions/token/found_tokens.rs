//! The tokens that the arguments of a command name, and what the list of tokens reports about them.

use std::collections::BTreeMap;

use crate::domain::{ApiToken, TokenId, sanitize_line};

#[derive(Debug, Default)]
pub struct FoundTokens {
    pub ids: Vec<TokenId>,
    /// Those that the service does not list, as far as the list was read. They may be new.
    pub unlisted: Vec<TokenId>,
    /// Those that the service lists as revoked.
    pub revoked: Vec<TokenId>,
    /// By the ids.
    names: BTreeMap<String, String>,
}

impl FoundTokens {
    /// Adds what the list of tokens reports about the ids.
    pub(super) fn add_facts(&mut self, tokens: &[ApiToken]) {
        let mut listed: BTreeMap<&str, Vec<&ApiToken>> = BTreeMap::new();
        for token in tokens {
            if let Some(id) = &token.id {
                listed.entry(id.as_str()).or_default().push(token);
            }
        }
        for id in &self.ids {
            let same = listed.get(id.as_str()).into_iter().flatten();
            let Some(token) = same.into_iter().find(|token| token.id.as_ref() == Some(id)) else {
                self.unlisted.push(id.clone());
                continue;
            };
            if token.revoked {
                self.revoked.push(id.clone());
            }
            if let Some(name) = &token.name {
                self.names
                    .insert(id.as_str().to_owned(), sanitize_line(name));
            }
        }
    }

    /// Returns the name and the id of a token; the id alone if the list was not read or has no name for it.
    pub fn label(&self, id: &TokenId) -> String {
        let name = self.names.get(id.as_str());
        name.map_or_else(|| id.to_string(), |name| format!("`{name}` (id {id})"))
    }
}
