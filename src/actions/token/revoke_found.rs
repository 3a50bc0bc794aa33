//! Revokes a key that was found in a file: with the stored credential, with the key itself, or at its issuer.

use crate::actions::credential::fixed_credential::FixedCredential;
use crate::actions::credential::session_server::{default_issuer, session_server};
use crate::actions::login::authorization_server::{Requirement, configured_issuer, find_server};
use crate::actions::token::created_keys;
use crate::actions::token::credential_hint::with_credential_hint;
use crate::actions::token::revoke::warn_if_own;
use crate::actions::{ActionError, LoginOptions, ProfileSession, ScanError};
use crate::domain::{Credential, CredentialKind, OAuthServer, Secret, TokenId};
use crate::oauth;
use crate::oauth::TokenHint;
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
        let ids = [id];
        Box::pin(created_keys::mark_revoked(self.context, &service, &ids)).await;
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
        let client = FixedCredential::of(self, self.target.base()?, credential, "the found key");
        if is_key {
            client.service().revoke_self().await
        } else {
            client.service().logout(None).await
        }
    }

    /// Returns true if the service's JWTs are of `issuer`, and its client is known.
    pub(crate) fn is_issuer(self, issuer: &str) -> bool {
        if self.stored_server(issuer).is_some() {
            return true;
        }
        let Some(oauth) = &self.target.descriptor.oauth else {
            return false;
        };
        let usual = configured_issuer(self, &LoginOptions::default());
        let usual = usual.or_else(|| default_issuer(self.target, oauth));
        usual.is_some_and(|usual| is_same_issuer(&usual, issuer))
    }

    /// Revokes `token`, a JWT of `issuer`, at this issuer (RFC 7009).
    ///
    /// # Errors
    /// If the issuer cannot be reached or does not revoke tokens.
    pub(crate) async fn revoke_at_issuer(
        self,
        token: &Secret,
        issuer: &str,
    ) -> Result<(), ActionError> {
        let server = match self.stored_server(issuer) {
            Some(server) => session_server(self, &server)?,
            None => {
                let options = LoginOptions::default();
                Box::pin(find_server(self, &options, Requirement::Token))
                    .await?
                    .0
            }
        };
        if !is_same_issuer(&server.details().issuer, issuer) {
            return Err(ScanError::OtherIssuer.into());
        }
        let hint = TokenHint::AccessToken;
        Ok(oauth::revoke(&self.context.http, &server, token, hint).await?)
    }

    /// Returns the server of the stored session if it is `issuer`.
    fn stored_server(self, issuer: &str) -> Option<OAuthServer> {
        let server = self.read_stored().ok()??.oauth_server?;
        is_same_issuer(&server.issuer, issuer).then_some(server)
    }
}

fn is_same_issuer(one: &str, other: &str) -> bool {
    one.trim_end_matches('/') == other.trim_end_matches('/')
}
