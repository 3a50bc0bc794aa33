//! Revokes a key that was found in a file: with the stored credential, or with the key itself.

use crate::actions::credential::fixed_credential::FixedCredential;
use crate::actions::token::created_keys;
use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::token::revoke::warn_if_own;
use crate::actions::{ActionError, ProfileSession, ScanError};
use crate::domain::{Credential, CredentialEvent, CredentialKind, Secret, TokenId};
use crate::provider::TokenVerb;
use crate::service::ensure_supported;

impl ProfileSession<'_> {
    /// Revokes the token of `key`, or `id` if it is known, with the stored credential only: neither the environment nor a
    /// file of the directory chooses the server or the credential.
    ///
    /// # Errors
    /// If no credential is stored for the server, the list does not identify the token, and errors of the service.
    pub(crate) async fn revoke_with_stored_credential(
        self,
        key: &Secret,
        id: Option<TokenId>,
    ) -> Result<(), ActionError> {
        ensure_supported(&self.target.descriptor, TokenVerb::Revoke)?;
        self.begin_event(CredentialEvent::TokenRevoke);
        let client = FixedCredential::stored(self).await?;
        let service = client.service();
        let id = if let Some(id) = id {
            id
        } else {
            ensure_supported(&self.target.descriptor, TokenVerb::List)?;
            let token = Box::pin(service.find_token_by_key(key)).await;
            let token = token.map_err(|error| with_credential_hint(self.target, error))?;
            token.id.ok_or(ScanError::NoTokenId)?
        };
        let revoked = service.revoke_token(&id).await;
        revoked.map_err(|error| with_credential_hint(self.target, error))?;
        self.record_token(CredentialEvent::TokenRevoke, Some(&id));
        let ids = [id];
        Box::pin(created_keys::mark_revoked(self, &service, &ids)).await;
        created_keys::mark_key_revoked(self.context, key).await;
        self.forget_tokens(&ids);
        warn_if_own(self, &ids);
        Ok(())
    }

    /// Returns true if the service has a call that revokes the key or the session that it is sent with.
    pub(crate) fn can_revoke_itself(self, kind: CredentialKind) -> bool {
        let service = &self.target.descriptor;
        let has_call = if kind == CredentialKind::ApiKey {
            service.tokens.revoke_self.is_some()
        } else {
            let call = service.logout.as_ref();
            call.is_some_and(|it| it.ends.contains(&kind) && !it.call.needs_id())
        };
        has_call && service.header(kind).is_some() && self.target.base.is_some()
    }

    /// Revokes `credential` with a call that it is sent with.
    ///
    /// # Errors
    /// Errors of the service and the network.
    pub(crate) async fn revoke_with_itself(
        self,
        credential: Credential,
    ) -> Result<(), ActionError> {
        let is_key = credential.kind == CredentialKind::ApiKey;
        let key = credential.secret.clone();
        self.begin_event(CredentialEvent::TokenRevoke);
        let client = FixedCredential::of(self, self.target.base()?, credential, "the found key");
        if is_key {
            client.service().revoke_self().await?;
        } else {
            client.service().logout(None).await?;
        }
        self.record_revoked_key(&key);
        created_keys::mark_key_revoked(self.context, &key).await;
        created_keys::close_creations(self.context, |_, creation| {
            let mut fingerprint = creation.fingerprint.iter();
            fingerprint.any(|it| key.has_fingerprint(it))
        });
        Ok(())
    }
}
