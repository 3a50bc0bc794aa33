//! The rule about tokens whose keys were written to the same place, where only the newest can be.

use jiff::Timestamp;

use super::finding::{Fault, Remedy};
use super::{Audit, AuditFacts};
use crate::domain::{ApiToken, AuditRule, Severity, TokenId, token_state};
use crate::vault::{RememberedTargets, SecretDestination};

/// Adds each working token whose key another working token's key has replaced.
pub(super) fn check_targets(facts: &AuditFacts, now: Timestamp, audit: &mut Audit) {
    let works = |token: &&ApiToken| token_state(now, token).can_work();
    let working: Vec<&ApiToken> = facts.tokens.iter().filter(works).collect();
    let has_token = |id: &TokenId| working.iter().any(|token| token.id.as_ref() == Some(id));
    for token in &working {
        let entry = find_entry(facts, token);
        let Some((old, newer)) = entry.and_then(|old| {
            let written_later = |new: &&RememberedTargets| {
                new.since > old.since && new.token.id != old.token.id && has_token(&new.token.id)
            };
            let newer = facts.targets.iter().filter(written_later);
            let newer = newer.filter(|new| shared(old, new).is_some());
            Some((old, newer.max_by_key(|new| new.since)?))
        }) else {
            continue;
        };
        let Some(target) = shared(old, newer) else {
            continue;
        };
        let text = format!(
            "its key was replaced by the one of token {} in {target}",
            newer.token.id
        );
        let fault = Fault::new(AuditRule::SamePurpose, Severity::Warning, text);
        let finding = fault.of_token(facts, token, Remedy::Revoke);
        audit.findings.push(finding);
    }
}

fn find_entry<'a>(facts: &'a AuditFacts, token: &ApiToken) -> Option<&'a RememberedTargets> {
    let mut entries = facts.targets.iter();
    entries.find(|entry| token.id.as_ref() == Some(&entry.token.id))
}

/// Returns the first target of both tokens which holds one secret at a time.
fn shared<'a>(
    old: &'a RememberedTargets,
    new: &RememberedTargets,
) -> Option<&'a SecretDestination> {
    old.targets
        .iter()
        .filter(|target| !matches!(target, SecretDestination::Command(it) if it.names_token()))
        .find(|target| new.targets.contains(target))
}
