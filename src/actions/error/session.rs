//! Errors of what a session can be used for: its account and its scopes.

use crate::domain::Scopes;
use crate::oauth::OauthError;

#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The userinfo endpoint requires the scope (OpenID Connect Core §5.3).
    #[error("cannot ask {issuer} for the account: the session does not have the scope `openid`")]
    NotOpenid { issuer: String },
    /// Tokens of one API are not for the userinfo endpoint (RFC 8707 §2).
    #[error("cannot ask {issuer} for the account: the access token is only for {resource}")]
    OtherResource { issuer: String, resource: String },
    /// `what` is the source of the credential.
    #[error("cannot choose scopes for {what}: it is not a session with a refresh token")]
    NotNarrowable { what: String },
    #[error("the session does not have these scopes: {scopes}")]
    NotGranted { scopes: Scopes },
    /// `invalid_scope` (RFC 6749 §5.2). The session is unchanged.
    #[error("the server issues no access token with only these scopes: {scopes}")]
    ScopesRefused {
        scopes: Scopes,
        source: Box<OauthError>,
    },
    /// The server ignored `scope`.
    #[error("{issuer} did not narrow the access token: it also has the scopes {scopes}")]
    NotNarrowed { issuer: String, scopes: Scopes },
    #[error("{issuer} issued an access token without these scopes: {scopes}")]
    Missing { issuer: String, scopes: Scopes },
    #[error("profile \"{profile}\" has no session that scopes can be added to")]
    NoSession { profile: String },
    #[error("cannot add scopes to the stored {kind} of profile \"{profile}\"")]
    NotExtensible { profile: String, kind: &'static str },
}
