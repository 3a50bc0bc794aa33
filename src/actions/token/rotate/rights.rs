//! Ensures that a rotation does not widen rights: unless the user accepts it, the new token must not have more rights
//! or a longer lifetime than the old one. Checks twice: before sending, by what the create call can express; and after
//! the creation, by what the service reports.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::listed::Listed;
use super::new_key::NewKey;
use super::reported::fetch_reported;
use crate::actions::{ActionError, Context, ProfileSession, RotationError, Target};
use crate::domain::{ApiToken, TokenFact, TokenId, TokenKind};
use crate::provider::{CreateArgument, CreateCall, DayLimit};
use crate::service::{
    ApiTransport, Lifetime, NewToken, RightsChange, Service, TokenRights, compare_rights,
};

const DAY: i64 = 86_400;

/// The rights of the old token, and the changes that the user accepts.
#[derive(Debug)]
pub(super) struct Limits {
    id: TokenId,
    rights: TokenRights,
    accepted: Vec<TokenFact>,
    now: Timestamp,
}

/// Compares the reported rights of the new token with those of the old one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RightsComparison {
    /// Equal facts that the service reports for both tokens.
    pub same: Vec<TokenFact>,
    /// Differences: narrower, or accepted by the user.
    pub changes: Vec<RightsChange>,
}

impl RightsComparison {
    /// Returns true if a fact is wider, or may be.
    pub fn is_wider(&self) -> bool {
        self.changes.iter().any(|change| change.is_wider)
    }

    /// Warns of each difference. The user requested the narrower rights of `--narrow`.
    pub(super) fn warn_about_changes(&self, context: &Context, is_narrowed: bool) {
        let is_requested = |change: &RightsChange| {
            let is_right = matches!(change.fact, TokenFact::Scopes | TokenFact::Permissions);
            is_narrowed && is_right && !change.is_wider
        };
        for change in self.changes.iter().filter(|it| !is_requested(it)) {
            context.warn(format!("the new token differs from the old one: {change}"));
        }
    }
}

impl Limits {
    pub(super) fn new(
        session: ProfileSession<'_>,
        old: &Listed,
        accepted: &[TokenFact],
    ) -> Result<Self, ActionError> {
        let origin = session.target.base()?.origin().to_string();
        let now = session.context.http.server_time(&origin);
        let now = now.unwrap_or_else(|| session.context.now());
        let fields = &session.target.descriptor.tokens.fields;
        Ok(Self {
            id: old.id.clone(),
            rights: TokenRights::from_token(&old.facts, fields, now),
            accepted: accepted.to_vec(),
            now,
        })
    }

    /// Returns the lifetime, in a unit of the create call, that does not exceed the old token's, and at least the service's
    /// minimum.
    pub(super) fn lifetime(
        &self,
        needs_whole_days: bool,
        limit: Option<DayLimit>,
    ) -> Option<SignedDuration> {
        let Some(Lifetime::Limited(lifetime)) = self.rights.lifetime else {
            return None;
        };
        let least = limit.map_or(1, |limit| limit.least.max(1));
        let least = SignedDuration::from_secs(i64::from(least) * DAY);
        if !needs_whole_days {
            return Some(match limit {
                Some(_) => lifetime.max(least),
                None => lifetime,
            });
        }
        // A service may set the expiry some seconds before or after the creation: tolerate a minute less than whole days.
        let days = (lifetime.as_secs() + 60) / DAY;
        Some(SignedDuration::from_secs(days * DAY).max(least))
    }

    /// Fails if the create call cannot express that the new token has no more rights. Nothing was sent.
    pub(super) fn check_before(
        &self,
        target: &Target,
        new_token: &NewToken,
    ) -> Result<(), ActionError> {
        let Some(call) = &target.descriptor.tokens.create else {
            return Ok(());
        };
        let mut changes = compare_rights(&self.rights, &self.expected(call, new_token));
        changes.extend(self.decided_by_service(call));
        changes.sort_by_key(|change| change.fact);
        changes.dedup_by_key(|change| change.fact);
        self.refuse_unaccepted(changes, |id, changes| RotationError::WouldWiden {
            id,
            changes,
        })
        .map(drop)
    }

    /// Compares what the service reports about the new token. Fails if it has more rights than the user accepts.
    pub(super) async fn check_after<C: ApiTransport<Error = ActionError>>(
        &self,
        target: &Target,
        service: &Service<'_, C>,
        new: &NewKey,
    ) -> Result<RightsComparison, ActionError> {
        let RightsComparison { same, changes } = self.compare(target, service, new).await?;
        let changes = self.refuse_unaccepted(changes, |id, changes| RotationError::Widened {
            id,
            changes,
        })?;
        Ok(RightsComparison { same, changes })
    }

    /// Compares what the service reports about the new token, or else what its response says.
    pub(super) async fn compare<C: ApiTransport<Error = ActionError>>(
        &self,
        target: &Target,
        service: &Service<'_, C>,
        new: &NewKey,
    ) -> Result<RightsComparison, ActionError> {
        let fields = &target.descriptor.tokens.fields;
        let reported = match fetch_reported(target, service, &new.id).await? {
            Some(token) => TokenRights::from_token(&token, fields, self.now),
            None => self.rights_from_response(target, &new.created.token),
        };
        let changes = compare_rights(&self.rights, &reported);
        let known = reported.known_facts();
        let is_same = |fact: &TokenFact| {
            known.contains(fact) && !changes.iter().any(|change| change.fact == *fact)
        };
        let same = self
            .rights
            .known_facts()
            .into_iter()
            .filter(is_same)
            .collect();
        Ok(RightsComparison { same, changes })
    }

    /// Returns the rights in the create response, for a service that does not list the token. A missing expiry does not
    /// prove that the token never expires.
    fn rights_from_response(&self, target: &Target, created: &ApiToken) -> TokenRights {
        let fields = &target.descriptor.tokens.fields;
        let rights = TokenRights::from_token(created, fields, self.now);
        let lifetime = rights.lifetime.filter(|_| created.expires_at.is_some());
        TokenRights { lifetime, ..rights }
    }

    /// Returns the changes unless a wider one was not accepted.
    fn refuse_unaccepted(
        &self,
        changes: Vec<RightsChange>,
        error: impl Fn(String, Vec<RightsChange>) -> RotationError,
    ) -> Result<Vec<RightsChange>, ActionError> {
        let is_refused =
            |change: &&RightsChange| change.is_wider && !self.accepted.contains(&change.fact);
        let refused: Vec<RightsChange> = changes.iter().filter(is_refused).cloned().collect();
        if refused.is_empty() {
            return Ok(changes);
        }
        Err(error(self.id.to_string(), refused).into())
    }

    /// Returns the rights of the token that `call` creates, as far as the call determines them.
    fn expected(&self, call: &CreateCall, new_token: &NewToken) -> TokenRights {
        let requested = new_token.requested_rights(call);
        // An empty list cannot be sent. `check_after` detects a service that then grants its default.
        let empty = |values: &Option<BTreeSet<String>>| values.clone().filter(BTreeSet::is_empty);
        TokenRights {
            kind: new_token.permanent.map(kind_of),
            lifetime: requested
                .lifetime
                .or_else(|| self.temporary_lifetime(call, new_token)),
            scopes: requested.scopes.or_else(|| empty(&self.rights.scopes)),
            permissions: requested
                .permissions
                .or_else(|| empty(&self.rights.permissions)),
            unreadable: requested.unreadable,
        }
    }

    /// Returns the lifetime of a temporary token if the service decides it. `check_after` compares it.
    fn temporary_lifetime(&self, call: &CreateCall, new_token: &NewToken) -> Option<Lifetime> {
        if new_token.permanent != Some(false) || !call.takes(CreateArgument::Permanent) {
            return None;
        }
        let documented = call.limits.permanent.and_then(|limit| limit.lifetime);
        let documented = documented
            .map(|seconds| Lifetime::Limited(SignedDuration::from_secs(i64::from(seconds))));
        documented.or(self.rights.lifetime)
    }

    /// Returns a change for each fact that the create call sets and the service does not report for the old token: the new token
    /// would get the default of the service, which may be wider.
    fn decided_by_service(&self, call: &CreateCall) -> Vec<RightsChange> {
        let known = self.rights.known_facts();
        let decided = [
            (CreateArgument::Expiry, TokenFact::Expiry),
            (CreateArgument::Scopes, TokenFact::Scopes),
            (CreateArgument::Permissions, TokenFact::Permissions),
        ];
        let decided = decided
            .into_iter()
            .filter(|(argument, fact)| call.takes(*argument) && !known.contains(fact));
        let change = |fact| RightsChange {
            fact,
            old: "not reported".to_owned(),
            new: "the default for new tokens".to_owned(),
            is_wider: true,
        };
        decided.map(|(_, fact)| change(fact)).collect()
    }
}

fn kind_of(permanent: bool) -> TokenKind {
    if permanent {
        TokenKind::Permanent
    } else {
        TokenKind::Temporary
    }
}
