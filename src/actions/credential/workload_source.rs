//! The identity of this process as a credential source (`BRAINMAPS_LOGIN=workload`): the last one, without a login.

use crate::actions::credential::lookup::{
    LookupResult, ResolvedCredential, Source, absent, origin_mismatch_reason,
};
use crate::actions::issuer::parse_issuer_origin;
use crate::actions::workload::identity_source;
use crate::actions::workload_sessions::NOT_YET;
use crate::actions::{ActionError, ProfileSession, UnusableKey, WorkloadError};
use crate::domain::{
    BaseUrl, Credential, CredentialKind, Expiry, Hint, RefreshMethod, Scopes, Secret,
    StoredCredential, WorkloadIdentity,
};
use crate::provider::Descriptor;

const VARIABLE: &str = "BRAINMAPS_LOGIN";

/// Finds the session that this process got for its identity, or one to get at the first use. Sends no request.
pub(super) fn find_workload(session: ProfileSession<'_>) -> Result<LookupResult, ActionError> {
    let (context, target) = (session.context, session.target);
    let source = Source::Workload;
    match context.environment.get(VARIABLE) {
        None => return Ok(absent(&source.label(), &format!("{VARIABLE} is not set"))),
        Some("workload") => {}
        Some(_) => {
            let hint = Hint::from(format!("set {VARIABLE} to \"workload\", or unset it"));
            return Ok(unusable("expected \"workload\"", hint));
        }
    }
    if target.descriptor.oauth.is_none() {
        let reason = "the service has no OAuth 2.0 server".to_owned();
        return Ok(LookupResult::Refused { source, reason });
    }
    let identity = target.profile.workload.clone().unwrap_or_default();
    match identity_source(context, &identity) {
        Err(error @ WorkloadError::Missing(missing)) => {
            let hint = Hint::from(WorkloadError::missing_hint(missing));
            return Ok(unusable(&error.to_string(), hint));
        }
        found => drop(found?),
    }
    let base = target.base()?.clone();
    if let Some(own) = foreign_base(session, &base) {
        let reason = origin_mismatch_reason(&own.origin(), &base.origin());
        return Ok(LookupResult::Refused { source, reason });
    }
    let held = context.workload.sessions.get(&target.name);
    let stored = held.unwrap_or_else(|| future_session(&target.descriptor, &base, identity));
    Ok(LookupResult::Found(Box::new(ResolvedCredential {
        source,
        base,
        credential: stored.credential.clone(),
        stored: Some(stored),
    })))
}

/// Returns the base URL that the session belongs to if `base` was named for this command and has another origin. Without an
/// issuer of its own, a profile asks the server at `base`.
fn foreign_base(session: ProfileSession<'_>, base: &BaseUrl) -> Option<BaseUrl> {
    let (context, target) = (session.context, session.target);
    if context.options.sandbox || !target.is_base_explicit {
        return None;
    }
    let variable = target.descriptor.environment.issuer.as_deref();
    let named = variable.and_then(|name| context.environment.get(name));
    let described = target.descriptor.oauth.as_ref();
    let described = described.and_then(|oauth| oauth.issuer.clone());
    let issuer = named.map(str::to_owned);
    let issuer = issuer
        .or_else(|| target.profile.issuer.clone())
        .or(described)?;
    let issuer: Option<BaseUrl> = parse_issuer_origin(&issuer)
        .ok()
        .and_then(|origin| origin.to_string().parse().ok());
    if issuer.as_ref().map(BaseUrl::origin) == Some(base.origin()) {
        return None;
    }
    let own = target.configured_base(context).or(issuer)?;
    (own.origin() != base.origin()).then_some(own)
}

/// Returns an expired session without a token: a command refreshes it before it sends a request.
fn future_session(
    service: &Descriptor,
    base: &BaseUrl,
    identity: WorkloadIdentity,
) -> StoredCredential {
    StoredCredential {
        provider: service.id.clone(),
        origin: base.origin(),
        credential: Credential {
            kind: CredentialKind::AccessToken,
            secret: Secret::new(""),
        },
        refresh_token: None,
        refresh_method: RefreshMethod::Workload(identity),
        oauth_server: None,
        expiry: Expiry {
            issued_at: NOT_YET,
            expires_at: Some(NOT_YET),
            clock_offset: None,
        },
        scopes: Scopes::default(),
        account: None,
        subject: None,
        login_method: None,
        token_id: None,
    }
}

fn unusable(reason: &str, hint: Hint) -> LookupResult {
    LookupResult::Unusable(Box::new(UnusableKey {
        label: VARIABLE.to_owned(),
        source_id: Source::Workload.id(),
        reason: reason.to_owned(),
        hint,
    }))
}
