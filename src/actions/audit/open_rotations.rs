//! Leaves the tokens of open rotations to the command that finishes the rotation.

use super::{Audit, AuditFacts, AuditFinding};
use crate::domain::{AuditRule, TokenId};
use crate::vault::JournaledOperation;

/// Removes what the rotation itself causes, and proposes no command for its tokens: another one could revoke the key that is
/// in use.
pub(super) fn leave_to_rotations(facts: &AuditFacts, audit: &mut Audit) {
    let open: Vec<&TokenId> = rotating_tokens(facts).collect();
    let is_rotating = |finding: &AuditFinding| {
        let token = finding.token.as_ref();
        finding.profile.as_ref() == Some(&facts.profile)
            && token.is_some_and(|it| open.contains(&it))
    };
    let is_caused = |finding: &AuditFinding| {
        let rules = [AuditRule::DuplicateName, AuditRule::SamePurpose];
        rules.contains(&finding.rule) && is_rotating(finding)
    };
    audit.findings.retain(|finding| !is_caused(finding));
    for finding in &mut audit.findings {
        if is_rotating(finding) {
            finding.fix = None;
            finding.next = None;
            finding.remedy = None;
        }
    }
}

/// Returns the old and the new tokens of open rotations.
fn rotating_tokens(facts: &AuditFacts) -> impl Iterator<Item = &TokenId> {
    facts.interrupted.iter().flat_map(|operation| {
        let rotation = match operation {
            JournaledOperation::Rotation(rotation) => Some(rotation),
            JournaledOperation::Creation { .. } => None,
        };
        rotation
            .into_iter()
            .flat_map(|it| [&it.old].into_iter().chain(&it.new))
    })
}
