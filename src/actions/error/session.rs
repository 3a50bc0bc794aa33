//! Errors of the account and the scopes of a session.

use crate::domain::{CommandLine, Hint, RefreshMethod, Scopes, StoredCredential};
use crate::oauth::OauthError;

#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// The userinfo endpoint requires the scope (OpenID Connect Core §5.3).
    #[error("cannot ask {issuer} for the account: the session does not have the scope `openid`")]
    NotOpenid { issuer: String, change: ScopeChange },
    /// Tokens of one API are not for the userinfo endpoint (RFC 8707 §2).
    #[error("cannot ask {issuer} for the account: the access token is only for {resource}")]
    OtherResource { issuer: String, resource: String },
    /// `what` is the source of the credential.
    #[error("cannot choose scopes for {what}: it is not a session with a refresh token")]
    NotNarrowable {
        what: String,
        /// Set for a session of a program, with the scopes to request.
        program: Option<ScopeChange>,
    },
    #[error("cannot add scopes to the session of profile \"{profile}\"")]
    OfProgram {
        profile: String,
        change: ScopeChange,
        added: Scopes,
    },
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
    /// Another user signed in on the page of the server.
    #[error("cannot add scopes to the session of profile \"{profile}\": another account signed in")]
    OtherAccount { profile: String },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeChange {
    /// With the approval of the user.
    Add,
    /// A program signs in again with `option`, for the scopes that it has and the new ones.
    SignInAgain {
        option: &'static str,
        granted: Scopes,
    },
}

impl ScopeChange {
    pub fn of(session: &StoredCredential) -> Self {
        let option = match session.refresh_method {
            RefreshMethod::RefreshToken => return Self::Add,
            RefreshMethod::ClientCredentials { .. } => "--client-credentials",
            RefreshMethod::Workload(_) => "--workload",
        };
        let granted = session.scopes.clone();
        Self::SignInAgain { option, granted }
    }

    /// Returns how a program signs in for `scopes` only; `None` for a session of a user.
    pub fn of_program(session: &StoredCredential, scopes: &Scopes) -> Option<Self> {
        match Self::of(session) {
            Self::Add => None,
            Self::SignInAgain { option, .. } => Some(Self::SignInAgain {
                option,
                granted: scopes.clone(),
            }),
        }
    }

    /// Returns the command that requests `added` too.
    pub fn hint(&self, added: &Scopes) -> Hint {
        match self {
            Self::Add => Hint::run(CommandLine::from("login --add-scope").argument(added)),
            Self::SignInAgain { option, granted } => {
                let login = CommandLine::from("login").argument(option);
                let login = login.argument("--scope").argument(granted.union(added));
                Hint::from("sessions of programs have no refresh token; run ").command(login)
            }
        }
    }
}
