//! Gets an access token with fewer scopes than the session (RFC 6749 §6). The session keeps its own access token.

use crate::actions::credential::file_choice::report_credential_file;
use crate::actions::credential::granted_scopes::compare_scopes;
use crate::actions::credential::refresh::{RefreshReason, on_invalid_grant, send_with_journal};
use crate::actions::credential::refresh_response::to_refresh_error;
use crate::actions::credential::session_read::read_session;
use crate::actions::credential::session_server::session_server;
use crate::actions::{
    ActionError, ProfileSession, Purpose, ResolvedCredential, ScopeChange, SessionError,
};
use crate::domain::{
    Credential, CredentialKind, Expiry, OAuthServer, Scopes, Secret, StoredCredential,
    sanitize_line,
};
use crate::oauth;
use crate::oauth::{OauthError, TokenResponse};

/// A refresh that requests only some of the scopes.
struct NarrowedRefresh<'a> {
    session: ProfileSession<'a>,
    server: &'a OAuthServer,
    /// The session that is refreshed.
    current: &'a StoredCredential,
    scopes: &'a Scopes,
}

impl ProfileSession<'_> {
    /// Returns the credential with an access token that has exactly `scopes`. Sends one refresh under the profile lock; a
    /// rotated refresh token is saved before this returns.
    ///
    /// # Errors
    /// [`SessionError`] if the credential is not an OAuth session with these scopes, or if the server issues a token with
    /// others; and as [`ProfileSession::refresh_session`].
    pub async fn narrow_credential(
        self,
        scopes: &Scopes,
    ) -> Result<ResolvedCredential, ActionError> {
        let selected = self.resolve_credential()?;
        report_credential_file(self, &selected, Purpose::Disclose);
        let stored = selected.stored.as_ref();
        let seen =
            stored.filter(|stored| stored.oauth_server.is_some() && stored.refresh_token.is_some());
        let seen = seen.ok_or_else(|| SessionError::NotNarrowable {
            what: selected.source.label(),
            program: stored.and_then(|stored| ScopeChange::of_program(stored, scopes)),
        })?;
        let narrowed = self.narrow_under_lock(seen, scopes).await?;
        Ok(ResolvedCredential {
            credential: narrowed.credential.clone(),
            stored: Some(narrowed),
            ..selected
        })
    }

    /// Fails if the session is a program's, to which no user can approve the scopes `added`.
    ///
    /// # Errors
    /// [`SessionError::OfProgram`], and errors of reading the session.
    pub fn refuse_session_of_program(self, added: &Scopes) -> Result<(), ActionError> {
        let change = self.find_stored()?.as_ref().map(ScopeChange::of);
        let Some(change @ ScopeChange::SignInAgain { .. }) = change else {
            return Ok(());
        };
        Err(SessionError::OfProgram {
            profile: self.target.name.to_string(),
            change,
            added: added.clone(),
        }
        .into())
    }

    async fn narrow_under_lock(
        self,
        seen: &StoredCredential,
        scopes: &Scopes,
    ) -> Result<StoredCredential, ActionError> {
        let lock = self.vault().lock(&self.target.name).await?;
        let target = self.target.reload_storage(self.context);
        let session = self.context.session(&target);
        let read = read_session(session, &lock, seen).await?;
        let current = &read.current;
        let expired = || ActionError::LoginExpired {
            profile: session.target.name.to_string(),
        };
        let server = current.oauth_server.as_ref().ok_or_else(expired)?;
        if current.refresh_token.is_none() {
            return Err(expired());
        }
        let missing = scopes.missing_from(&current.scopes);
        if !current.scopes.is_empty() && !missing.is_empty() {
            return Err(SessionError::NotGranted { scopes: missing }.into());
        }
        let request = NarrowedRefresh {
            session,
            server,
            current,
            scopes,
        };
        let send = async |token: &Secret| request.send(token).await;
        let rotated = |grant: &TokenResponse| request.rotated_session(grant);
        let work = async {
            let response = send_with_journal(session, &lock, &read, send, rotated).await;
            request.to_credential(response?)
        };
        match session.context.shutdown_guard.protect(Box::pin(work)).await {
            Err(ActionError::Oauth(OauthError::InvalidGrant { .. })) => {
                // A session that another program stored meanwhile has its own scopes.
                on_invalid_grant(session, &lock, read, RefreshReason::Requested)?;
                Err(expired())
            }
            other => other,
        }
    }
}

impl NarrowedRefresh<'_> {
    async fn send(&self, refresh_token: &Secret) -> Result<TokenResponse, ActionError> {
        let target = self.session.target;
        let server = session_server(self.session, self.server);
        let server = server.map_err(|error| to_refresh_error(target, error.into()))?;
        let http = &self.session.context.http;
        let sent = oauth::refresh_narrowed(http, &server, refresh_token, self.scopes).await;
        sent.map_err(|error| match error {
            OauthError::Refused {
                error: Some(ref code),
                ..
            } if code == "invalid_scope" => SessionError::ScopesRefused {
                scopes: self.scopes.clone(),
                source: Box::new(error),
            }
            .into(),
            other => to_refresh_error(target, other.into()),
        })
    }

    /// Returns the session with its own access token and the new refresh token; `None` if the server sent no new one.
    fn rotated_session(&self, grant: &TokenResponse) -> Option<StoredCredential> {
        let refresh_token = grant.refresh_token.clone();
        let is_new = refresh_token.is_some() && refresh_token != self.current.refresh_token;
        is_new.then(|| StoredCredential {
            refresh_token,
            ..self.current.clone()
        })
    }

    /// Returns the narrowed credential, unless its scopes are not the requested ones. Without `scope` in the response, they
    /// are (RFC 6749 §5.1).
    fn to_credential(&self, grant: TokenResponse) -> Result<StoredCredential, ActionError> {
        let granted = grant.scopes.unwrap_or_else(|| self.scopes.clone());
        let difference = compare_scopes(self.scopes, &granted);
        let issuer = sanitize_line(&self.server.issuer);
        if !difference.additional.is_empty() {
            let scopes = difference.additional;
            return Err(SessionError::NotNarrowed { issuer, scopes }.into());
        }
        if !difference.missing.is_empty() {
            let scopes = difference.missing;
            return Err(SessionError::Missing { issuer, scopes }.into());
        }
        let origin = self.server.token_endpoint.origin().ascii_serialization();
        let clock = self.session.context.clock_reading_at(&origin);
        Ok(StoredCredential {
            credential: Credential {
                kind: CredentialKind::AccessToken,
                secret: grant.access_token,
            },
            expiry: Expiry::from_lifetime(clock, grant.expires_in),
            scopes: granted,
            ..self.current.clone()
        })
    }
}
