//! Errors of what a session can be used for: its account and its scopes.

#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The userinfo endpoint requires the scope (OpenID Connect Core §5.3).
    #[error("cannot ask {issuer} for the account: the session does not have the scope `openid`")]
    NotOpenid { issuer: String },
    /// Tokens of one API are not for the userinfo endpoint (RFC 8707 §2).
    #[error("cannot ask {issuer} for the account: the access token is only for {resource}")]
    OtherResource { issuer: String, resource: String },
}
