//! Failures of a login with the identity of a workload.

use super::{Code, Failure};
use crate::actions::WorkloadError;
use crate::domain::{Hint, sanitize_line};
use crate::host::MissingIdentity;
use crate::oauth::OauthError;

impl From<WorkloadError> for Failure {
    fn from(error: WorkloadError) -> Self {
        match error {
            WorkloadError::Request(cause) => {
                Self::from(cause).wrap("cannot request an ID token from GitHub Actions")
            }
            WorkloadError::Exchange {
                what,
                claims,
                requested,
                source,
            } => {
                let is_scope = matches!(
                    &*source,
                    OauthError::Refused { error: Some(code), .. } if code == "invalid_scope"
                );
                let claims = claims.filter(|_| !is_scope).map(|claims| {
                    format!("the server must trust a token with these claims: {claims}")
                });
                Self::from(*source)
                    .wrap(format!("cannot exchange {what} for an access token"))
                    .with_hints(claims)
                    .with_hint(format!("requested: {requested}"))
            }
            other => {
                let (code, hint) = (code(&other), hint(&other));
                Self::from_error(code, other).with_hints(hint)
            }
        }
    }
}

fn code(error: &WorkloadError) -> Code {
    match error {
        WorkloadError::NothingStored => Code::Unsupported,
        WorkloadError::Refused { .. } => Code::Rejected,
        WorkloadError::File { .. } => Code::Storage,
        _ => Code::Config,
    }
}

fn hint(error: &WorkloadError) -> Option<Hint> {
    let text = match error {
        WorkloadError::Missing(missing) => WorkloadError::missing_hint(*missing),
        WorkloadError::File { hint, .. } => return hint.clone().map(Hint::from),
        WorkloadError::NothingStored => {
            let hint = Hint::from("each command gets a token of its own; to store one: ");
            return Some(hint.command("login --workload"));
        }
        WorkloadError::RequestUrl => {
            "the runner sets this variable; remove the other setting of it"
        }
        WorkloadError::Refused { .. } => {
            WorkloadError::missing_hint(MissingIdentity::GitHubPermission)
        }
        WorkloadError::NotJwt { .. } => {
            "an opaque token needs --subject-token-type access_token, an option of `login --workload` and `profile add`"
        }
        WorkloadError::ForeignAudience {
            expected, claims, ..
        } => {
            let expected = sanitize_line(expected);
            return Some(Hint::from(format!(
                "it was not sent; its claims: {claims}; give it the audience {expected}, or name the right one with \
                 --subject-token-audience, an option of `login --workload` and `profile add`"
            )));
        }
        WorkloadError::Request(_) | WorkloadError::Exchange { .. } => return None,
    };
    Some(Hint::from(text))
}
