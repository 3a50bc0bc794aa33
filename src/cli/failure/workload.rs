//! Failures of a login with the identity of a workload.

use super::{Code, Failure};
use crate::actions::WorkloadError;
use crate::domain::{Hint, sanitize_line};
use crate::host::MissingIdentity;

impl From<WorkloadError> for Failure {
    fn from(error: WorkloadError) -> Self {
        match error {
            WorkloadError::Missing(missing) => Self::from_error(Code::Config, error)
                .with_hint(WorkloadError::missing_hint(missing)),
            WorkloadError::File { ref hint, .. } => {
                let hint = hint.clone();
                Self::from_error(Code::Config, error).with_hints(hint.map(Hint::from))
            }
            WorkloadError::NothingStored => Self::from_error(Code::Unsupported, error).with_hint(
                Hint::from("each command gets a token of its own; to store one: ")
                    .command("login --workload"),
            ),
            WorkloadError::RequestUrl => Self::from_error(Code::Config, error)
                .with_hint("the runner sets this variable; remove the other setting of it"),
            WorkloadError::Request(cause) => {
                Self::from(cause).wrap("cannot request an ID token from GitHub Actions")
            }
            WorkloadError::Refused { .. } => Self::from_error(Code::Rejected, error).with_hint(
                WorkloadError::missing_hint(MissingIdentity::GitHubPermission),
            ),
            WorkloadError::NotJwt { .. } => Self::from_error(Code::Config, error)
                .with_hint("an opaque token needs --subject-token-type access_token"),
            WorkloadError::ForeignAudience {
                ref expected,
                ref claims,
                ..
            } => {
                let hint = format!(
                    "it was not sent; its claims: {claims}; give it the audience {}, or name the right one with --subject-token-audience",
                    sanitize_line(expected)
                );
                Self::from_error(Code::Config, error).with_hint(hint)
            }
            WorkloadError::Exchange {
                what,
                claims,
                requested,
                source,
            } => {
                let claims = claims.map(|claims| {
                    format!("the server must trust a token with these claims: {claims}")
                });
                Self::from(*source)
                    .wrap(format!("cannot exchange {what} for an access token"))
                    .with_hints(claims)
                    .with_hint(format!("requested: {requested}"))
            }
        }
    }
}
