//! Failures of the account and the scopes of a session.

use super::{Code, Failure};
use crate::actions::SessionError;
use crate::domain::{CommandLine, Hint, Scopes};

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        let code = match &error {
            SessionError::NotOpenid { .. }
            | SessionError::OtherResource { .. }
            | SessionError::NotNarrowable { .. }
            | SessionError::OfProgram { .. }
            | SessionError::NotExtensible { .. } => Code::Unsupported,
            SessionError::OtherAccount { .. } => Code::Usage,
            SessionError::NotGranted { .. } => Code::Forbidden,
            SessionError::ScopesRefused { .. } => Code::Rejected,
            SessionError::NotNarrowed { .. } | SessionError::Missing { .. } => Code::Failed,
            SessionError::NoSession { .. } => Code::LoginRequired,
        };
        let hint = hint(&error);
        Self::from_error(code, error).with_hints(hint)
    }
}

fn hint(error: &SessionError) -> Option<Hint> {
    Some(match error {
        SessionError::NotOpenid { change, .. } => change.hint(&Scopes::parse("openid")),
        SessionError::OfProgram { change, added, .. } => change.hint(added),
        SessionError::NotNarrowable {
            program: Some(change),
            ..
        } => change.hint(&Scopes::default()),
        SessionError::NotGranted { scopes } => {
            Hint::run(CommandLine::from("login --add-scope").argument(scopes))
        }
        SessionError::NotNarrowed { .. } => {
            Hint::from("it was not printed; sign in to another profile with fewer scopes: ")
                .command("login --scope SCOPE")
        }
        SessionError::Missing { .. } => Hint::from("it was not printed"),
        SessionError::OtherAccount { .. } => Hint::from(
            "sign in with the account of the session on the page, or name another profile; --replace replaces the session",
        ),
        SessionError::NoSession { .. } => Hint::run("login --scope SCOPE"),
        SessionError::NotNarrowable { .. } | SessionError::NotExtensible { .. } => {
            Hint::from("sign in to an OAuth 2.0 server: ").command("login --scope SCOPE")
        }
        SessionError::OtherResource { .. } | SessionError::ScopesRefused { .. } => return None,
    })
}
