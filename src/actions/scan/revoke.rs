//! Revokes keys that the scan found: chooses the request with the least risk for each, and sends a key only to its own service.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use serde::Serialize;

use super::issuer::{is_issuer, revoke_at_issuer};
use super::sign_out::{NO_REVOCATION_CALL, SignedOut, Unrevoked};
use super::verify::{FoundKey, KeyState, origin_of, verify_at};
use crate::actions::{ActionError, Context};
use crate::domain::{CommandLine, EventRecord, Hint, Origin, ProfileName, TokenId, Warning};
use crate::provider::TokenVerb;
use crate::scan::KeyKind;
use crate::service::ensure_supported;
use crate::vault::CreatedKeys;

/// A request that revokes a key.
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
}

/// How the revocation of a key begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstStep {
    /// With the logout of the profiles that store the session.
    Logout,
    /// On the website of the service.
    Manual,
    #[serde(untagged)]
    Request(RevocationStep),
}

/// How a key is revoked.
enum Method {
    /// The profiles that store the session are signed out.
    SignOut,
    /// By the first of these that succeeds; none if no request is possible.
    Requests(Vec<RevocationStep>),
}

impl Method {
    fn first_step(&self) -> FirstStep {
        match self {
            Self::SignOut => FirstStep::Logout,
            Self::Requests(steps) => steps
                .first()
                .map_or(FirstStep::Manual, |step| FirstStep::Request(*step)),
        }
    }
}

/// The first step of a revocation.
#[derive(Debug, Clone)]
pub struct PlannedRevocation {
    pub step: FirstStep,
    /// The profiles that are signed out.
    pub profiles: Vec<ProfileName>,
}

/// The first step for each key, by fingerprint.
pub type RevocationPlan = BTreeMap<String, PlannedRevocation>;

/// Returns how [`revoke_keys`] would begin. Sends nothing.
pub fn plan_revocation(context: &Context, keys: &[&FoundKey]) -> RevocationPlan {
    let created = context.vault.created_keys().unwrap_or_default();
    let first = |key: &FoundKey| PlannedRevocation {
        step: choose_method(context, &created, key).first_step(),
        profiles: key.profiles().cloned().collect(),
    };
    let keys = keys.iter();
    let keys = keys.filter(|key| !created.is_revoked(&key.finding().key));
    keys.map(|key| (key.fingerprint(), first(key))).collect()
}

/// What [`revoke_keys`] did.
#[derive(Debug, Default)]
pub struct Revoked {
    /// The fingerprints of the keys that no server accepts any more.
    pub keys: Vec<String>,
    /// The profiles that were signed out.
    pub profiles: BTreeSet<ProfileName>,
}

/// Revokes each key, and warns about those that a server may still accept.
pub async fn revoke_keys(context: &Context, keys: &[&FoundKey]) -> Revoked {
    let mut revocation = Revocation {
        context,
        created: context.vault.created_keys().unwrap_or_default(),
        signed_out: SignedOut::default(),
    };
    let mut revoked = Vec::new();
    for key in keys {
        let failures = Box::pin(revocation.revoke(key)).await;
        if failures.is_empty() {
            revoked.push(key.fingerprint());
            continue;
        }
        context.record_failures(EventRecord::FAILED);
        for failure in failures {
            warn_not_revoked(context, key, &failure);
        }
    }
    Revoked {
        keys: revoked,
        profiles: revocation.signed_out.into_profiles(),
    }
}

/// Returns how the key is revoked. Of the possible requests, the one with the least risk is first: each key is sent to its own
/// service only, and not at all if the id of its token is known. A stored session is always revoked as a whole: its refresh
/// token would issue the next access token.
fn choose_method(context: &Context, created: &CreatedKeys, key: &FoundKey) -> Method {
    if key.sessions().next().is_some() {
        return Method::SignOut;
    }
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
            has_credential && !is_jwt && !key.is_refresh_token() && can(TokenVerb::List),
        ),
        (
            RevocationStep::Issuer,
            issuer.is_some_and(|issuer| is_issuer(session, issuer)),
        ),
        (
            RevocationStep::Key,
            !key.is_refresh_token() && session.can_revoke_itself(key.credential().kind),
        ),
    ];
    let possible = steps.into_iter().filter(|(_, is_possible)| *is_possible);
    Method::Requests(possible.map(|(step, _)| step).collect())
}

struct Revocation<'a> {
    context: &'a Context,
    created: CreatedKeys,
    signed_out: SignedOut,
}

impl Revocation<'_> {
    /// Returns the profiles whose server may still accept the key.
    async fn revoke<'k>(&mut self, key: &'k FoundKey) -> Vec<Unrevoked<'k>> {
        if self.created.is_revoked(&key.finding().key) {
            return Vec::new();
        }
        let mut failures = match choose_method(self.context, &self.created, key) {
            Method::SignOut => {
                let signing_out = self.signed_out.sign_out(self.context, key);
                Box::pin(signing_out).await
            }
            Method::Requests(steps) => {
                let error = Box::pin(self.take_steps(key, steps)).await.err();
                let target = key.target();
                let failure = error.map(|error| Unrevoked { target, error });
                failure.into_iter().collect()
            }
        };
        failures.extend(self.find_other_accepting_servers(key).await);
        failures
    }

    /// Returns the profiles at other servers than those that were asked to revoke the key, if they may still accept it.
    async fn find_other_accepting_servers<'k>(&self, key: &'k FoundKey) -> Vec<Unrevoked<'k>> {
        let asked: BTreeSet<Origin> = iter::once(key.target())
            .chain(key.sessions())
            .filter_map(origin_of)
            .collect();
        let mut failures = Vec::new();
        for holder in key.holders() {
            if asked.contains(&holder.stored.origin) {
                continue;
            }
            if verify_at(self.context, key, holder).await != KeyState::Rejected {
                let reason = "its server was not asked to revoke it".to_owned();
                failures.push(Unrevoked::new(&holder.target, reason));
            }
        }
        failures
    }

    /// Takes the first step that succeeds.
    async fn take_steps(
        &self,
        key: &FoundKey,
        mut steps: Vec<RevocationStep>,
    ) -> Result<(), ActionError> {
        if steps.is_empty() && key.is_refresh_token() {
            return Err(Unrevoked::new(key.target(), NO_REVOCATION_CALL.to_owned()).error);
        }
        if steps.is_empty() {
            // The error of this step names what is missing.
            steps.push(RevocationStep::List);
        }
        let mut failure = None;
        for step in steps {
            match self.take_step(key, step).await {
                Ok(()) => return Ok(()),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(()), Err)
    }

    async fn take_step(&self, key: &FoundKey, step: RevocationStep) -> Result<(), ActionError> {
        let session = key.session(self.context);
        let secret = &key.finding().key;
        match step {
            RevocationStep::Id => {
                let id = created_id(&self.created, key);
                session.revoke_with_stored_credential(secret, id).await
            }
            RevocationStep::List => session.revoke_with_stored_credential(secret, None).await,
            RevocationStep::Key => session.revoke_with_itself(key.credential()).await,
            RevocationStep::Issuer => {
                let issuer = key.finding().issuer.as_deref().unwrap_or_default();
                revoke_at_issuer(session, secret, issuer).await
            }
        }
    }
}

/// Returns the id of the token if this computer created the key, and the credential of the target is of the same account.
fn created_id(created: &CreatedKeys, key: &FoundKey) -> Option<TokenId> {
    let target = key.target();
    let found = created.find(&key.finding().key)?;
    let is_at_server =
        found.provider == target.descriptor.id && Some(&found.origin) == origin_of(target).as_ref();
    // The credential of a holder is the key.
    let is_same_account = !key.holders().is_empty() || found.is_of_profile(&target.name);
    (is_at_server && is_same_account).then(|| found.id.clone())
}

fn warn_not_revoked(context: &Context, key: &FoundKey, failure: &Unrevoked<'_>) {
    let Unrevoked { target, error } = failure;
    let service = &target.descriptor.name;
    let fingerprint = key.fingerprint();
    let place = origin_of(target).map_or_else(String::new, |origin| format!(" ({origin})"));
    let text = format!(
        "cannot revoke the key {fingerprint}: {error}; revoke it on the website of {service}{place}"
    );
    let is_session = key.profiles().any(|profile| *profile == target.name);
    let hint = is_session.then(|| {
        let command = CommandLine::for_profile(&target.name, "login");
        Hint::from("then sign in again: ").command(command)
    });
    context.warn(Warning { text, hint });
}
