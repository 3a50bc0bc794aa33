//! Returns the account of a credential: from the service's own call, else from the issuer of the session (OpenID Connect
//! Core §5.3).

use jiff::SignedDuration;
use url::Url;

use crate::actions::credential::session_server::{is_default_issuer, session_server};
use crate::actions::{
    ActionError, AuthenticatedClient, ProfileSession, ResolvedCredential, ScopeChange,
    SessionError, Source,
};
use crate::domain::{CredentialKind, OAuthServer, Scopes, StoredCredential, sanitize_line};
use crate::http::StatusCode;
use crate::oauth;
use crate::oauth::{OauthError, VerifiedServer};
use crate::service::{ApiError, ApiErrorKind, Identity, ServiceError};

/// The scope that a userinfo endpoint requires.
const OPENID: &str = "openid";

impl ProfileSession<'_> {
    /// Returns true if `whoami` can verify `stored`, or for `None` any credential that is not stored.
    pub fn can_verify(self, stored: Option<&StoredCredential>) -> bool {
        let server = |stored: &StoredCredential| oauth_server(stored).is_some_and(|it| it.is_ok());
        self.target.descriptor.whoami.is_some() || stored.is_some_and(server)
    }
}

impl AuthenticatedClient<'_> {
    /// Returns the account of the credential. A session that is rejected is refreshed once.
    ///
    /// # Errors
    /// `UNSUPPORTED` if neither the service nor the issuer reports it, and errors of both and of the network.
    pub async fn whoami(&self) -> Result<Identity, ActionError> {
        let has_call = self.session.target.descriptor.whoami.is_some();
        let mut selected = self.selected().await;
        // The issuer of the session of this process is known after the exchange.
        if selected.source == Source::Workload && !has_call {
            selected = self.refresh_if_expiring(SignedDuration::ZERO).await?;
        }
        let server = selected.stored.as_ref().and_then(oauth_server);
        match server.filter(|_| !has_call) {
            None => self.service().await.whoami().await,
            Some(server) => self.whoami_at_issuer(server?).await,
        }
    }

    async fn whoami_at_issuer(&self, server: &OAuthServer) -> Result<Identity, ActionError> {
        let server = find_userinfo(self.session, server).await?;
        let selected = self.refresh_if_expiring(SignedDuration::ZERO).await?;
        let rejected = match self.fetch_userinfo(&server, &selected).await {
            Err(error @ ActionError::CredentialRejected { .. }) => error,
            other => return other,
        };
        match self.refresh_after_401(&selected.credential).await? {
            Some(refreshed) => self.fetch_userinfo(&server, &refreshed).await,
            None => Err(rejected),
        }
    }

    async fn fetch_userinfo(
        &self,
        server: &VerifiedServer,
        selected: &ResolvedCredential,
    ) -> Result<Identity, ActionError> {
        let http = &self.session.context.http;
        let stored = selected.stored.as_ref();
        let subject = stored.and_then(|stored| stored.subject.as_deref());
        let claims = oauth::userinfo(http, server, &selected.credential.secret, subject).await;
        let claims = claims.map_err(|error| to_account_error(selected, server, error))?;
        Ok(Identity {
            account: claims.display_name(),
            space: None,
        })
    }
}

/// Returns the server that issued a session, or why its userinfo endpoint cannot be used; `None` for other credentials.
fn oauth_server(stored: &StoredCredential) -> Option<Result<&OAuthServer, SessionError>> {
    let is_access_token = stored.credential.kind == CredentialKind::AccessToken;
    let server = stored.oauth_server.as_ref().filter(|_| is_access_token)?;
    let issuer = || sanitize_line(&server.issuer);
    let is_openid = stored.subject.is_some() || stored.scopes.iter().any(|it| it == OPENID);
    Some(match &server.client.resource {
        Some(resource) => Err(SessionError::OtherResource {
            issuer: issuer(),
            resource: sanitize_line(resource),
        }),
        None if !is_openid => Err(SessionError::NotOpenid {
            issuer: issuer(),
            change: ScopeChange::of(stored),
        }),
        None => Ok(server),
    })
}

/// Returns the server with its userinfo endpoint: of the description, else of the session or the metadata.
async fn find_userinfo(
    session: ProfileSession<'_>,
    server: &OAuthServer,
) -> Result<VerifiedServer, ActionError> {
    let stored = session_server(session, server)?;
    if let Some(endpoint) = described_userinfo(session, &server.issuer)? {
        return Ok(stored.with_described_userinfo(endpoint)?);
    }
    if stored.userinfo_endpoint().is_ok() {
        return Ok(stored);
    }
    let userinfo_endpoint = match oauth::discover(&session.context.http, &server.issuer).await {
        Ok(metadata) => metadata.userinfo_endpoint,
        Err(OauthError::NoMetadata { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let listed = OAuthServer {
        userinfo_endpoint,
        ..server.clone()
    };
    Ok(session_server(session, &listed)?)
}

/// Returns the userinfo endpoint in the description of `issuer`.
fn described_userinfo(
    session: ProfileSession<'_>,
    issuer: &str,
) -> Result<Option<Url>, ActionError> {
    let oauth = session.target.descriptor.oauth.as_ref();
    let endpoint = oauth.and_then(|oauth| oauth.userinfo_endpoint.as_ref());
    let endpoint = endpoint.filter(|_| is_default_issuer(session, issuer));
    Ok(endpoint
        .map(|endpoint| endpoint.resolve(issuer))
        .transpose()?)
}

/// Converts a rejected token into the error of a rejected credential.
fn to_account_error(
    selected: &ResolvedCredential,
    server: &VerifiedServer,
    error: OauthError,
) -> ActionError {
    let stored = selected.stored.as_ref();
    let change = stored.map_or(ScopeChange::Add, ScopeChange::of);
    let api_error = match to_api_error(server, error, &change) {
        Ok(api_error) => Box::new(api_error),
        Err(other) => return other.into(),
    };
    if api_error.kind == ApiErrorKind::Forbidden {
        return ServiceError::Api(api_error).into();
    }
    selected.rejection(api_error)
}

/// Converts 401 and 403 (RFC 6750 §3.1); returns other errors unchanged.
fn to_api_error(
    server: &VerifiedServer,
    error: OauthError,
    change: &ScopeChange,
) -> Result<ApiError, OauthError> {
    let kind = match error.status() {
        Some(StatusCode::UNAUTHORIZED) => ApiErrorKind::CredentialRejected,
        Some(StatusCode::FORBIDDEN) => ApiErrorKind::Forbidden,
        _ => return Err(error),
    };
    let OauthError::Refused {
        status,
        error: code,
        description,
        request_id,
        is_html,
        ..
    } = error
    else {
        return Err(error);
    };
    let advice = change.hint(&Scopes::parse(OPENID));
    Ok(ApiError {
        kind,
        service: sanitize_line(&server.details().issuer),
        status: status.as_u16(),
        code,
        message: description,
        request_id,
        fields: Vec::new(),
        advice: Vec::from_iter((kind == ApiErrorKind::Forbidden).then_some(advice)),
        retry_after: None,
        link: None,
        is_html,
        limit: None,
    })
}
