//! What is known on this computer about which token a key belongs to.

use jiff::Timestamp;

use super::listed::Listed;
use crate::actions::{ActionError, ProfileSession};
use crate::domain::{ApiToken, Origin, Secret, StoredCredential, TokenId};
use crate::provider::Descriptor;
use crate::service::{ApiTransport, Service, matches_masked_key};
use crate::vault::CreatedKeys;

/// A key, the record of created keys, and the credential in use where it is stored.
pub(super) struct Known<'a> {
    session: ProfileSession<'a>,
    key: &'a Secret,
    origin: Origin,
    created: CreatedKeys,
    stored: Option<&'a StoredCredential>,
    now: Timestamp,
}

impl<'a> Known<'a> {
    pub(super) fn new<C: ApiTransport<Error = ActionError>>(
        session: ProfileSession<'a>,
        service: &Service<'a, C>,
        key: &'a Secret,
        stored: Option<&'a StoredCredential>,
    ) -> Self {
        let context = session.context;
        let created = context.vault.created_keys().unwrap_or_else(|error| {
            context.warn(format!("cannot read the record of created keys: {error}"));
            CreatedKeys::default()
        });
        Self {
            session,
            key,
            origin: service.base_url.origin(),
            created,
            stored,
            now: context.now(),
        }
    }

    fn descriptor(&self) -> &Descriptor {
        &self.session.target.descriptor
    }

    /// Returns whether the key belongs to token `id`; `None` if it is not known.
    pub(super) fn is_key_of(&self, id: &TokenId) -> Option<bool> {
        let issuer = self.session.issuing_profile(&self.origin);
        if let Some(is_key) = self.created.is_key_of(issuer, self.key, id) {
            return Some(is_key);
        }
        if let Some((stored_id, secret)) = self.stored_token() {
            let (is_same_id, is_same_key) = (stored_id == id.as_str(), secret == self.key);
            if is_same_id || is_same_key {
                return Some(is_same_id && is_same_key);
            }
        }
        // The recorded key of that token is another one.
        self.created.has(issuer, id).then_some(false)
    }

    /// Returns the ids of the active tokens besides `id` whose key it may be.
    pub(super) fn others(&self, listed: &Listed, id: &TokenId) -> Vec<String> {
        let others = listed.tokens.iter();
        let others = others.filter(|token| token.id.as_ref() != Some(id) && self.may_be_of(token));
        let shown = |token: &ApiToken| {
            let id = token.id.as_ref();
            id.map_or_else(|| "a token without an id".to_owned(), TokenId::to_string)
        };
        others.map(shown).collect()
    }

    /// Returns whether it certainly is the key of an active token besides `id`, or of another service, and would be lost if it
    /// was replaced.
    pub(super) fn is_of_other(&self, listed: &Listed, id: &TokenId) -> bool {
        let is_shown_for_id = self.is_shown_for(&listed.facts) == Some(true);
        let mut others = listed.tokens.iter();
        let is_identified = |token: &ApiToken| {
            let is_shown = self.is_shown_for(token) == Some(true) && !is_shown_for_id;
            is_shown || self.is_known_key_of(token) == Some(true)
        };
        self.is_of_another_service()
            || others.any(|token| {
                token.id.as_ref() != Some(id) && is_identified(token) && self.may_be_of(token)
            })
    }

    /// Returns whether it certainly is the key of the token that is rotated.
    pub(super) fn is_of(&self, listed: &Listed, id: &TokenId) -> bool {
        let known = self.is_key_of(id);
        known.or_else(|| self.is_shown_for(&listed.facts)) == Some(true)
    }

    /// Returns whether it was revoked here, so that nothing is lost if it is replaced.
    pub(super) fn is_revoked(&self) -> bool {
        self.created.is_revoked(self.key)
    }

    fn is_of_another_service(&self) -> bool {
        let found = self.created.find(self.key);
        let is_elsewhere =
            found.is_some_and(|it| it.provider != self.descriptor().id || it.origin != self.origin);
        is_elsewhere && !self.is_revoked()
    }

    fn may_be_of(&self, token: &ApiToken) -> bool {
        let is_over = token.expires_at.is_some_and(|end| end <= self.now);
        let is_excluded =
            self.is_shown_for(token) == Some(false) || self.is_known_key_of(token) == Some(false);
        token.active != Some(false) && !is_over && !is_excluded
    }

    fn is_known_key_of(&self, token: &ApiToken) -> Option<bool> {
        self.is_key_of(token.id.as_ref()?)
    }

    /// Returns whether the service's list shows a part of the key for the token; `None` if it shows too little.
    fn is_shown_for(&self, token: &ApiToken) -> Option<bool> {
        matches_masked_key(self.descriptor(), token.prefix.as_deref()?, self.key)
    }

    fn stored_token(&self) -> Option<(&str, &Secret)> {
        let stored = self.stored?;
        Some((stored.token_id.as_deref()?, &stored.credential.secret))
    }
}
