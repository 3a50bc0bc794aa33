//! Rotates a token to the rights that its recorded requests need.
//!
//! The rights are derived before anything is sent that changes something. The new token is then verified: the service
//! reports exactly these rights, and does not refuse the recorded GET requests of single resources.

use jiff::SignedDuration;

use super::creation::NewKey;
use super::install::revoke_new_token;
use super::plan::Plan;
use super::{RotationRequest, find_old_token, rights};
use crate::actions::credential::fixed_credential::send_with;
use crate::actions::error::NarrowError;
use crate::actions::token::propagation::retry_while_rejected;
use crate::actions::usage::narrowest::{NarrowRights, Observation, narrowest};
use crate::actions::{ActionError, AuthenticatedClient, ProfileSession, Purpose, RotationError};
use crate::domain::{ApiToken, Credential, CredentialKind, CredentialUsage, TokenId, UsedRequest};
use crate::http::Request;
use crate::provider::TokenVerb;
use crate::service::{ApiTransport, NewToken, Service, ensure_supported};
use crate::vault::RotationJournal;

const DAY: SignedDuration = SignedDuration::from_hours(24);
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

impl ProfileSession<'_> {
    /// Derives the rights that a token needs. Changes nothing.
    ///
    /// # Errors
    /// [`NarrowError`] if they are not known for certain, or the token has no others; as [`Self::rotate_token`].
    pub async fn plan_narrowing(
        self,
        request: RotationRequest<'_>,
        observed: SignedDuration,
    ) -> Result<NarrowPlan, ActionError> {
        ensure_supported(&self.target.descriptor, TokenVerb::Rotate)?;
        let access = AuthenticatedClient::open(self, Purpose::Change)?;
        let service = access.service().await;
        let mut places = Plan::new(self, request.id, request.named()?)?;
        let found = Box::pin(find_old_token(self, &service, request, &mut places)).await?;
        let (id, token) = (&found.listed.id, &found.listed.facts);
        let error = |error: NarrowError| RotationError::from(error);
        if self.target.descriptor.tokens.rotate.is_some() {
            return Err(error(NarrowError::OwnCall { id: id.to_string() }).into());
        }
        let key = found.main().read_secret(self)?;
        let record = self.vault().usage_record()?;
        let server = self.usage_server(&service.base_url);
        let by_key = key.and_then(|key| record.of_key(&server, &key));
        let usage = by_key.or_else(|| record.of_token(&server, id));
        let seen = Observation {
            needs: &self.target.descriptor.tokens.needs,
            token,
            usage: usage.as_ref(),
            today: self.context.today(),
            required: observed.as_secs() / DAY.as_secs(),
        };
        let plan = plan(id, &seen).map_err(error)?;
        let kind = found.main().kind();
        Ok(NarrowPlan { kind, ..plan })
    }
}

fn plan(id: &TokenId, seen: &Observation<'_>) -> Result<NarrowPlan, NarrowError> {
    let id = id.to_string();
    let rights = match narrowest(seen) {
        Ok(rights) => rights,
        Err(why) => return Err(NarrowError::Undecided { id, why }),
    };
    if rights.unused(seen.token).is_empty() {
        return Err(NarrowError::NothingUnused { id });
    }
    Ok(NarrowPlan {
        old: seen.token.clone(),
        rights,
        kind: CredentialKind::ApiKey,
        requests: seen.usage.map(concrete_requests).unwrap_or_default(),
    })
}

/// Returns the requests that can be repeated without an effect.
fn concrete_requests(usage: &CredentialUsage) -> Vec<UsedRequest> {
    let requests = usage.requests.iter();
    let repeatable = requests.filter(|it| it.method == "GET" && it.is_concrete());
    repeatable.take(MAX_REQUESTS).cloned().collect()
}

/// Sets the rights of the new token.
pub(super) fn apply(plan: Option<&NarrowPlan>, wanted: &mut NewToken) {
    let Some(NarrowPlan { rights, .. }) = plan else {
        return;
    };
    if let Some(permissions) = &rights.permissions {
        wanted.permissions.clone_from(permissions);
    }
    if let Some(scopes) = &rights.scopes {
        wanted.scopes.clone_from(scopes);
    }
}

/// Verifies the new token, and revokes it if it has other rights or may not do what the old one was used for.
pub(super) async fn prove_or_revoke<C: ApiTransport<Error = ActionError>>(
    session: ProfileSession<'_>,
    journal: &RotationJournal,
    plan: Option<&NarrowPlan>,
    service: &Service<'_, C>,
    new: &NewKey,
) -> Result<(), ActionError> {
    let Some(plan) = plan else { return Ok(()) };
    match Box::pin(prove(session, plan, service, new)).await {
        Ok(()) => Ok(()),
        Err(why) => Err(revoke_new_token(session, journal, &new.id, why).await),
    }
}

async fn prove<C: ApiTransport<Error = ActionError>>(
    session: ProfileSession<'_>,
    plan: &NarrowPlan,
    service: &Service<'_, C>,
    new: &NewKey,
) -> Result<(), ActionError> {
    let id = || {
        let id = plan.old.id.as_ref();
        id.map(ToString::to_string).unwrap_or_default()
    };
    let reported = rights::fetch_reported(session.target, service, &new.id).await?;
    let reported = reported.as_ref().unwrap_or(&new.created.token);
    if !plan.rights.are_rights_of(reported) {
        return Err(RotationError::from(NarrowError::OtherRights { id: id() }).into());
    }
    for used in &plan.requests {
        let url = service.base_url.join(&used.path)?;
        let credential = || Credential {
            kind: plan.kind,
            secret: new.created.secret.clone(),
        };
        let send = async || {
            let request = Request::get(url.clone());
            send_with(session, &service.base_url, credential(), request).await
        };
        let status = retry_while_rejected(send).await?.status.as_u16();
        if matches!(status, 401 | 403) {
            let request = format!("GET {}", used.path);
            let id = id();
            return Err(RotationError::from(NarrowError::Refused {
                id,
                request,
                status,
            })
            .into());
        }
    }
    Ok(())
}
