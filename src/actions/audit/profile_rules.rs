//! The rules about a profile: its interrupted operations, its number of tokens, and the credential in use.

use jiff::{SignedDuration, Timestamp};

use super::finding::{Fault, Remedy, format_days, whole_days};
use super::{Audit, AuditFacts, AuditPolicy, OwnCredential};
use crate::actions::token::revoked_env_key::RejectedEnvKey;
use crate::actions::token::unfinished::{delivery_state, rotation_state};
use crate::domain::{
    ApiToken, AuditRule, Severity, TokenExpiry, TokenId, format_count, plural, sanitize_line,
    token_state,
};
use crate::provider::QuotaScope;
use crate::vault::JournaledOperation;

pub(super) fn check_profile(
    facts: &AuditFacts,
    policy: &AuditPolicy,
    now: Timestamp,
    audit: &mut Audit,
) {
    for interrupted in &facts.interrupted {
        check_interrupted(facts, interrupted, now, audit);
    }
    check_quota(facts, now, audit);
    if let Some(own) = &facts.own {
        check_own(facts, own, policy, now, audit);
    }
    if let Some(RejectedEnvKey { variable, path }) = &facts.rejected_env_key {
        let path = sanitize_line(&path.to_string_lossy());
        let text = format!("{variable} in `{path}` is a key that no longer works");
        let fault = Fault::new(AuditRule::LocalCopy, Severity::Warning, text);
        let finding = fault.of_profile(&facts.profile, Some("credential explain"));
        audit.findings.push(finding);
    }
}

fn check_interrupted(
    facts: &AuditFacts,
    interrupted: &JournaledOperation,
    now: Timestamp,
    audit: &mut Audit,
) {
    let since = |began: &Timestamp| now.duration_since(*began).max(SignedDuration::ZERO);
    let fault = |text: String, age| {
        let fault = Fault::new(AuditRule::RotationOpen, Severity::Error, text);
        fault.value(whole_days(age))
    };
    let finding = match interrupted {
        JournaledOperation::Rotation(rotation) => {
            let age = since(&rotation.began_at);
            let state = rotation_state(rotation, &format!("{} ago", format_days(age)));
            let text = format!("its rotation {state}");
            let token = find_or_name(facts, &rotation.old);
            fault(text, age).of_token(facts, &token, Remedy::Rotate)
        }
        JournaledOperation::Creation {
            name,
            began_at,
            written_to,
            ..
        } => {
            let age = since(began_at);
            let text = format!(
                "its creation was interrupted {} ago: it may be valid, and {}",
                format_days(age),
                delivery_state(written_to)
            );
            let mut finding = fault(text, age).of_profile(&facts.profile, Some("token list"));
            finding.name = name.as_deref().map(sanitize_line);
            finding
        }
    };
    audit.findings.push(finding);
}

/// Returns the token; one that the service no longer lists has only its id.
fn find_or_name(facts: &AuditFacts, id: &TokenId) -> ApiToken {
    let mut tokens = facts.tokens.iter();
    let found = tokens.find(|token| token.id.as_ref() == Some(id));
    found.cloned().unwrap_or_else(|| ApiToken {
        id: Some(id.clone()),
        ..ApiToken::default()
    })
}

/// Four of five tokens are near the limit.
fn check_quota(facts: &AuditFacts, now: Timestamp, audit: &mut Audit) {
    let Some(quota) = &facts.service.quota else {
        return;
    };
    let counts = |token: &&ApiToken| {
        let is_counted = match quota.of {
            QuotaScope::Active => true,
            QuotaScope::Permanent => token.expiry() == TokenExpiry::Never,
        };
        is_counted && token_state(now, token).can_work()
    };
    let count = facts.tokens.iter().filter(counts).count() as u64;
    let limit = u64::from(quota.count);
    if count * 5 < limit * 4 {
        return;
    }
    let severity = if count < limit {
        Severity::Info
    } else {
        Severity::Warning
    };
    let kind = match quota.of {
        QuotaScope::Active => "active",
        QuotaScope::Permanent => "permanent",
    };
    let all = format_count(limit, &format!("{kind} token"));
    let verb = plural(count, "exists", "exist");
    let text = format!("{count} of {all} per {} {verb}", quota.per);
    let fault = Fault::new(AuditRule::NearLimit, severity, text);
    let numbers = (i64::try_from(count), i64::try_from(limit));
    let fault = match numbers {
        (Ok(count), Ok(limit)) => fault.numbers(count, limit),
        _ => fault,
    };
    let finding = fault.of_profile(&facts.profile, Some("token list --all"));
    audit.findings.push(finding);
}

fn check_own(
    facts: &AuditFacts,
    own: &OwnCredential,
    policy: &AuditPolicy,
    now: Timestamp,
    audit: &mut Audit,
) {
    // Its access token is replaced all the time, and the server decides when the session ends.
    if own.is_refreshable {
        return;
    }
    let label = own.label;
    let add = |audit: &mut Audit, text: String, number: SignedDuration, limit: SignedDuration| {
        let fault = Fault::new(AuditRule::OwnCredential, Severity::Warning, text);
        let fault = fault.numbers(whole_days(number), whole_days(limit));
        let finding = fault.of_profile(&facts.profile, Some("login"));
        audit.findings.push(finding);
    };
    match own.since.map(|since| now.duration_since(since)) {
        None => audit.add_unknown(facts, AuditRule::OwnCredential, "created_at"),
        Some(age) if age > policy.max_age => {
            let (age_text, limit) = (format_days(age), format_days(policy.max_age));
            let text = format!("the {label} in use is {age_text} old, more than {limit}");
            add(audit, text, age, policy.max_age);
        }
        Some(_) => {}
    }
    let window = policy.expiry_window(own.lifetime);
    match own.remaining {
        None => audit.add_unknown(facts, AuditRule::OwnCredential, "expires_at"),
        Some(left) if left <= window => {
            let left = left.max(SignedDuration::ZERO);
            let (left_text, limit) = (format_days(left), format_days(window));
            let text = format!("the {label} in use expires in {left_text}, within {limit}");
            add(audit, text, left, window);
        }
        Some(_) => {}
    }
}
