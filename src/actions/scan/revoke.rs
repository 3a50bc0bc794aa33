//! Revokes found keys.

use std::collections::BTreeMap;

use serde::Serialize;

use super::issuer::{is_issuer, revoke_at_issuer};
use super::verify::FoundKey;
use crate::actions::{ActionError, Context};
use crate::domain::{EventRecord, TokenId};
use crate::provider::TokenVerb;
use crate::scan::KeyKind;
use crate::service::ensure_supported;
use crate::vault::{CreatedKeys, IssuingService};

/// A way to revoke a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationStep {
    /// With the stored credential and the id of the token, which was recorded when it was created.
    Id,
    /// With the stored credential and the list of tokens, which identifies the token.
    List,
    /// With a call that the key itself is sent with.
    Key,
    /// At the issuer of the JWT (RFC 7009).
    Issuer,
    /// On the website of the service.
    Manual,
}

/// The first step for each key, by fingerprint.
pub type RevocationPlan = BTreeMap<String, RevocationStep>;

/// Returns how [`revoke_keys`] would begin. Sends nothing.
pub fn plan_revocation(context: &Context, keys: &[&FoundKey]) -> RevocationPlan {
    let created = context.vault.created_keys().unwrap_or_default();
    let first = |key: &FoundKey| {
        let steps = steps(context, &created, key);
        steps.first().copied().unwrap_or(RevocationStep::Manual)
    };
    let keys = keys.iter();
    let keys = keys.filter(|key| !created.is_revoked(&key.finding().key));
    keys.map(|key| (key.fingerprint(), first(key))).collect()
}

/// Revokes each key. Returns the fingerprints of the revoked keys, and warns about the others.
pub async fn revoke_keys(context: &Context, keys: &[&FoundKey]) -> Vec<String> {
    let created = context.vault.created_keys().unwrap_or_default();
    let mut revoked = Vec::new();
    for key in keys {
        match Box::pin(revoke(context, &created, key)).await {
            Ok(()) => revoked.push(key.fingerprint()),
            Err(error) => {
                context.record_failures(EventRecord::FAILED);
                warn_not_revoked(context, key, &error);
            }
        }
    }
    revoked
}

/// Returns the steps that are possible, the one with the least risk first: each key is sent to its own service only, and not
/// at all if the id of its token is known.
fn steps(context: &Context, created: &CreatedKeys, key: &FoundKey) -> Vec<RevocationStep> {
    let session = key.session(context);
    let service = &session.target.descriptor;
    let is_jwt = key.finding().kind == KeyKind::Jwt;
    let can = |verb| ensure_supported(service, verb).is_ok();
    let has_credential = can(TokenVerb::Revoke) && session.has_stored_credential();
    let issuer = key.finding().issuer.as_deref();
    let steps = [
        (
            RevocationStep::Id,
            has_credential && created_id(created, key).is_some(),
        ),
        (
            RevocationStep::List,
            has_credential && !is_jwt && can(TokenVerb::List),
        ),
        (
            RevocationStep::Issuer,
            issuer.is_some_and(|issuer| is_issuer(session, issuer)),
        ),
        (
            RevocationStep::Key,
            session.can_revoke_itself(key.credential().kind),
        ),
    ];
    let possible = steps.into_iter().filter(|(_, is_possible)| *is_possible);
    possible.map(|(step, _)| step).collect()
}

async fn revoke(
    context: &Context,
    created: &CreatedKeys,
    key: &FoundKey,
) -> Result<(), ActionError> {
    if created.is_revoked(&key.finding().key) {
        return Ok(());
    }
    let mut steps = steps(context, created, key);
    if steps.is_empty() {
        // Its error says what is missing.
        steps.push(RevocationStep::List);
    }
    let mut failure = None;
    for step in steps {
        match take_step(context, created, key, step).await {
            Ok(()) => return Ok(()),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    failure.map_or(Ok(()), Err)
}

async fn take_step(
    context: &Context,
    created: &CreatedKeys,
    key: &FoundKey,
    step: RevocationStep,
) -> Result<(), ActionError> {
    let session = key.session(context);
    let secret = &key.finding().key;
    match step {
        RevocationStep::Id => {
            let id = created_id(created, key);
            session.revoke_with_stored_credential(secret, id).await
        }
        RevocationStep::List | RevocationStep::Manual => {
            session.revoke_with_stored_credential(secret, None).await
        }
        RevocationStep::Key => session.revoke_with_itself(key.credential()).await,
        RevocationStep::Issuer => {
            let issuer = key.finding().issuer.as_deref().unwrap_or_default();
            revoke_at_issuer(session, secret, issuer).await
        }
    }
}

/// Returns the id of the token if this computer created the key.
fn created_id(created: &CreatedKeys, key: &FoundKey) -> Option<TokenId> {
    let service = IssuingService {
        provider: key.provider(),
        origin: &key.origin()?,
    };
    created.id_of(service, &key.finding().key).cloned()
}

fn warn_not_revoked(context: &Context, key: &FoundKey, error: &ActionError) {
    let service = key.service();
    let fingerprint = key.fingerprint();
    let place = key
        .origin()
        .map_or_else(String::new, |origin| format!(" ({origin})"));
    context.warn(format!(
        "cannot revoke the key {fingerprint}: {error}; revoke it on the website of {service}{place}"
    ));
}
