//! Records tokens for shell completion. A failure is not reported: no command requires the record.

use crate::actions::ProfileSession;
use crate::domain::{ApiToken, TokenId};
use crate::vault::{SeenToken, SeenTokensChange, TokenServer};

impl ProfileSession<'_> {
    /// Returns the tokens that this profile saw in the last hour.
    pub fn seen_tokens(self) -> Vec<SeenToken> {
        let now = self.context.now();
        let server = self.token_server();
        let seen = server.map(|server| self.vault().seen_tokens(&self.target.name, &server, now));
        seen.unwrap_or_default()
    }

    /// Returns the id of a token called `name` that works, as far as this computer has a record of it. Sends nothing.
    pub fn find_recorded_name(self, name: &str) -> Option<TokenId> {
        let seen = self.seen_tokens().into_iter();
        let mut seen = seen.filter(|token| token.active && token.name.as_deref() == Some(name));
        seen.next().map(|token| token.id)
    }

    pub(crate) fn remember_tokens<'t>(self, tokens: impl IntoIterator<Item = &'t ApiToken>) {
        let now = self.context.now();
        let tokens = tokens.into_iter();
        let added: Vec<_> = tokens
            .filter_map(|token| SeenToken::new(token, now))
            .collect();
        self.update(&added, &[]);
    }

    pub(crate) fn remember_seen(self, added: &[SeenToken]) {
        self.update(added, &[]);
    }

    pub(crate) fn forget_tokens(self, removed: &[TokenId]) {
        self.update(&[], removed);
    }

    pub(crate) fn forget_all_tokens(self) {
        let _kept = self.vault().delete_seen_tokens(&self.target.name);
    }

    /// CI jobs complete nothing.
    fn update(self, added: &[SeenToken], removed: &[TokenId]) {
        if self.context.environment.is_ci() {
            return;
        }
        let change = SeenTokensChange {
            added,
            removed,
            now: self.context.now(),
        };
        if let Some(server) = self.token_server() {
            let profile = &self.target.name;
            let _lost = self.vault().update_seen_tokens(profile, &server, change);
        }
    }

    fn token_server(self) -> Option<TokenServer> {
        Some(TokenServer {
            provider: self.target.descriptor.id.clone(),
            origin: self.target.base.as_ref()?.origin(),
        })
    }
}
