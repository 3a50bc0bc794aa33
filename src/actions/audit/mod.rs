//! Audits API tokens: collects what services and this computer report about them, and compares it with a policy.

mod facts;
mod finding;
mod ignored;
mod local_use;
mod open_rotations;
mod policy;
mod profile_rules;
mod target_rules;
#[cfg(test)]
mod tests;
mod token_rules;
mod usage_facts;
mod usage_rules;

use std::cmp::Reverse;

use jiff::Timestamp;

use crate::actions::{ActionError, Context, CredentialState, ProfileSession, Target, list_targets};
use crate::domain::ProfileName;

pub use self::facts::{AuditFacts, OwnCredential, ServiceFacts};
pub use self::finding::{Audit, AuditFinding, Remedy, UnknownFact};
pub use self::local_use::LocalUse;
pub use self::policy::{AuditPolicy, effective_policy};
pub use self::usage_facts::TokenUsage;

use self::ignored::apply_ignored;

/// Compares `facts` with `policy`. Sends nothing.
pub fn audit(facts: &[AuditFacts], policy: &AuditPolicy, now: Timestamp) -> Audit {
    let mut audit = Audit::default();
    for profile in facts {
        audit.checked += profile.tokens.len();
        token_rules::check_tokens(profile, policy, now, &mut audit);
        target_rules::check_targets(profile, now, &mut audit);
        open_rotations::leave_to_rotations(profile, &mut audit);
        profile_rules::check_profile(profile, policy, now, &mut audit);
    }
    apply_ignored(&policy.ignore, now, &mut audit);
    audit
        .findings
        .sort_by_key(|finding| Reverse(finding.severity));
    audit
}

/// The result of an audit of several profiles.
#[derive(Debug, Default)]
pub struct AuditReport {
    pub audit: Audit,
    /// The profiles that could not be audited.
    pub failed: Vec<FailedProfile>,
}

#[derive(Debug)]
pub struct FailedProfile {
    pub profile: ProfileName,
    pub error: ActionError,
}

/// Audits the active profile, or every profile that has a credential. One that cannot be audited does not end the audit.
///
/// # Errors
/// If no profile can be chosen, or the active one cannot be audited.
pub async fn audit_profiles(
    context: &Context,
    policy: &AuditPolicy,
) -> Result<AuditReport, ActionError> {
    let mut facts = Vec::new();
    let mut failed = Vec::new();
    if policy.all_profiles {
        for target in list_targets(context)? {
            match collect_if_signed_in(context.session(&target)).await {
                Ok(found) => facts.extend(found),
                Err(error) => failed.push(FailedProfile {
                    profile: target.name,
                    error,
                }),
            }
        }
    } else {
        let target = Target::resolve(context)?;
        facts::require_list(&target)?;
        facts.push(context.session(&target).collect_audit_facts().await?);
    }
    let audit = audit(&facts, policy, context.now());
    Ok(AuditReport { audit, failed })
}

/// Returns `None` for a profile without a credential.
async fn collect_if_signed_in(
    session: ProfileSession<'_>,
) -> Result<Option<AuditFacts>, ActionError> {
    let status = session.read_status()?;
    let is_unset = matches!(status.state, CredentialState::None | CredentialState::Local);
    if is_unset && status.problem.is_none() {
        return Ok(None);
    }
    session.collect_audit_facts().await.map(Some)
}
