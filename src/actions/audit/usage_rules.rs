//! The rule about rights that a token does not use.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::finding::{Fault, Remedy, whole_days};
use super::{Audit, AuditFacts, AuditPolicy};
use crate::actions::usage::narrowest::{Observation, narrowest};
use crate::domain::{ApiToken, AuditRule, Severity};

/// Applies to services whose description says which rights requests need.
pub(super) fn check_usage(
    facts: &AuditFacts,
    token: &ApiToken,
    policy: &AuditPolicy,
    now: Timestamp,
    audit: &mut Audit,
) {
    let rule = AuditRule::WiderThanUsed;
    if facts.service.needs.is_empty() {
        return;
    }
    let usage = facts.usage.iter();
    let usage = usage.filter(|it| Some(&it.id) == token.id.as_ref());
    let seen = Observation {
        needs: &facts.service.needs,
        token,
        usage: usage.map(|it| &it.usage).next(),
        today: TimeZone::UTC.to_datetime(now).date(),
        required: whole_days(policy.observed),
    };
    let rights = match narrowest(&seen) {
        Ok(rights) => rights,
        Err(why) => return audit.add_unknown(facts, rule, why.fact()),
    };
    let unused = rights.unused(token);
    if unused.is_empty() {
        return;
    }
    let text = format!(
        "has rights that it did not use: {}; it needs {rights}",
        unused.join(", ")
    );
    let fault = Fault::new(rule, Severity::Warning, text);
    let fault = fault.value(i64::try_from(unused.len()).unwrap_or(i64::MAX));
    audit
        .findings
        .push(fault.of_token(facts, token, Remedy::Narrow));
}
