//! Applies the part of a policy that accepts findings for some time.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::finding::{Audit, AuditFinding};
use crate::domain::{AuditRule, IgnoredFinding, Severity, TokenId, sanitize_line};

/// Removes the findings that `ignored` accepts, and adds one for each entry that has expired.
pub(super) fn apply_ignored(ignored: &[IgnoredFinding], now: Timestamp, audit: &mut Audit) {
    let today = TimeZone::UTC.to_datetime(now).date();
    let (current, expired): (Vec<_>, Vec<_>) =
        ignored.iter().partition(|entry| entry.until >= today);
    let before = audit.findings.len();
    audit
        .findings
        .retain(|finding| !current.iter().any(|entry| accepts(entry, finding)));
    audit.ignored = before - audit.findings.len();
    audit
        .findings
        .extend(expired.into_iter().map(expired_entry));
}

fn accepts(entry: &IgnoredFinding, finding: &AuditFinding) -> bool {
    let token = finding.token.as_ref().map(TokenId::as_str);
    let is_of_profile = entry.profile.is_none() || entry.profile == finding.profile;
    entry.rule == finding.rule && entry.token.as_deref() == token && is_of_profile
}

fn expired_entry(entry: &IgnoredFinding) -> AuditFinding {
    let (rule, until) = (entry.rule.name(), entry.until);
    let reason = entry.reason.as_deref().map(sanitize_line);
    let reason = reason.map_or_else(String::new, |reason| format!(" (reason: {reason})"));
    AuditFinding {
        rule: AuditRule::IgnoreExpired,
        severity: Severity::Warning,
        profile: entry.profile.clone(),
        token: entry.token.as_deref().map(TokenId::new),
        name: None,
        message: format!("the policy ignored \"{rule}\" until {until}{reason}"),
        value: None,
        limit: None,
        fix: None,
        next: None,
        remedy: None,
    }
}
