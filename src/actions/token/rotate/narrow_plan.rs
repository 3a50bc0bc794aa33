//! The rights of a new token that its recorded requests need. The new token is verified: the service reports exactly these
//! rights, and does not refuse the recorded GET requests of single resources.

use super::new_key::NewKey;
use super::reported::fetch_reported;
use crate::actions::credential::fixed_credential::send_with;
use crate::actions::error::NarrowError;
use crate::actions::token::propagation::retry_while_rejected;
use crate::actions::usage::narrowest::{NarrowRights, Observation, narrowest};
use crate::actions::{ActionError, ProfileSession, RotationError};
use crate::domain::{ApiToken, Credential, CredentialKind, CredentialUsage, TokenId, UsedRequest};
use crate::http::Request;
use crate::service::{ApiTransport, NewToken, Service};

/// More requests are not sent to verify a key.
const MAX_REQUESTS: usize = 20;

/// The rights of a new token, and how they are verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NarrowPlan {
    /// The old token as the service reports it.
    pub old: ApiToken,
    pub rights: NarrowRights,
    /// The kind of the key, which decides its header.
    kind: CredentialKind,
    /// The requests that are sent with the new key.
    requests: Vec<UsedRequest>,
}

impl NarrowPlan {
    /// Returns the plan for token `id`, whose key is of `kind`.
    ///
    /// # Errors
    /// If the rights are not known for certain, or are those of the token.
    pub(super) fn derive(
        id: &TokenId,
        seen: &Observation<'_>,
        kind: CredentialKind,
    ) -> Result<Self, NarrowError> {
        let id = id.to_string();
        let rights = match narrowest(seen) {
            Ok(rights) => rights,
            Err(why) => return Err(NarrowError::Undecided { id, why }),
        };
        if rights.unused(seen.token).is_empty() {
            return Err(NarrowError::NothingUnused { id });
        }
        Ok(Self {
            old: seen.token.clone(),
            rights,
            kind,
            requests: seen.usage.map(concrete_requests).unwrap_or_default(),
        })
    }

    /// Sets the rights of the new token.
    pub(super) fn apply(&self, wanted: &mut NewToken) {
        if let Some(permissions) = &self.rights.permissions {
            wanted.permissions.clone_from(permissions);
        }
        if let Some(scopes) = &self.rights.scopes {
            wanted.scopes.clone_from(scopes);
        }
    }

    /// Fails if the new token has other rights, or may not do what the old one was used for.
    pub(super) async fn verify<C: ApiTransport<Error = ActionError>>(
        &self,
        session: ProfileSession<'_>,
        service: &Service<'_, C>,
        new: &NewKey,
    ) -> Result<(), ActionError> {
        let reported = fetch_reported(session.target, service, &new.id).await?;
        let reported = reported.as_ref().unwrap_or(&new.created.token);
        if !self.rights.are_rights_of(reported) {
            let id = self.old_id();
            return Err(RotationError::from(NarrowError::OtherRights { id }).into());
        }
        for used in &self.requests {
            let url = service.base_url.join(&used.path)?;
            let send = async || {
                let credential = Credential {
                    kind: self.kind,
                    secret: new.secret().clone(),
                };
                let request = Request::get(url.clone());
                send_with(session, &service.base_url, credential, request).await
            };
            let status = retry_while_rejected(send).await?.status.as_u16();
            if matches!(status, 401 | 403) {
                let refused = NarrowError::Refused {
                    id: self.old_id(),
                    request: format!("GET {}", used.path),
                    status,
                };
                return Err(RotationError::from(refused).into());
            }
        }
        Ok(())
    }

    fn old_id(&self) -> String {
        let id = self.old.id.as_ref();
        id.map(ToString::to_string).unwrap_or_default()
    }
}

/// Returns the requests that can be repeated without an effect.
fn concrete_requests(usage: &CredentialUsage) -> Vec<UsedRequest> {
    let requests = usage.requests.iter();
    let repeatable = requests.filter(|it| it.method == "GET" && it.is_concrete());
    repeatable.take(MAX_REQUESTS).cloned().collect()
}
