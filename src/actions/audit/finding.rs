//! The findings of an audit, and what it could not decide.

use jiff::SignedDuration;
use serde::Serialize;

use super::facts::AuditFacts;
use super::local_use::LocalUse;
use crate::domain::{
    ApiToken, AuditRule, ProfileName, Severity, TokenId, format_duration, shell_argument,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFinding {
    pub rule: AuditRule,
    pub severity: Severity,
    /// `None` if it is about the policy.
    pub profile: Option<ProfileName>,
    /// `None` if it is about no token that the service lists.
    pub token: Option<TokenId>,
    pub name: Option<String>,
    pub message: String,
    /// The number in the message: whole days, or a count.
    pub value: Option<i64>,
    /// The number that it is compared with.
    pub limit: Option<i64>,
    /// The arguments of the command that fixes it, without the profile.
    pub fix: Option<String>,
    /// The arguments of the command that follows, when the new token is in use.
    pub next: Option<String>,
    /// What this program can do about it.
    pub remedy: Option<Remedy>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    Rotate,
    /// A rotation to the rights that are used.
    Narrow,
    Revoke,
}

/// A rule that could not be applied to some tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnknownFact {
    pub rule: AuditRule,
    pub profile: ProfileName,
    /// The member of a token that is not known, or `tokens` if the service lists none.
    pub fact: &'static str,
    /// The number of tokens.
    pub count: usize,
}

/// What a rule found, before it is about a token.
pub(super) struct Fault {
    pub(super) rule: AuditRule,
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) value: Option<i64>,
    pub(super) limit: Option<i64>,
}

impl Fault {
    pub(super) fn new(rule: AuditRule, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity,
            message: message.into(),
            value: None,
            limit: None,
        }
    }

    pub(super) fn numbers(self, value: i64, limit: i64) -> Self {
        Self {
            value: Some(value),
            limit: Some(limit),
            ..self
        }
    }

    pub(super) fn value(self, value: i64) -> Self {
        Self {
            value: Some(value),
            ..self
        }
    }

    /// The finding about `profile` as a whole.
    pub(super) fn of_profile(self, profile: &ProfileName, command: Option<&str>) -> AuditFinding {
        AuditFinding {
            rule: self.rule,
            severity: self.severity,
            profile: Some(profile.clone()),
            token: None,
            name: None,
            message: self.message,
            value: self.value,
            limit: self.limit,
            fix: command.map(str::to_owned),
            next: None,
            remedy: None,
        }
    }

    /// The finding about `token`, which `remedy` fixes if the service offers it.
    pub(super) fn of_token(
        self,
        facts: &AuditFacts,
        token: &ApiToken,
        remedy: Remedy,
    ) -> AuditFinding {
        let id = token.id.as_ref().filter(|id| !id.is_secret());
        let remedy = id.and_then(|_| available(facts, remedy));
        let command = id.zip(remedy).map(|(id, remedy)| {
            let id = shell_argument(id.as_str());
            match remedy {
                Remedy::Rotate => format!("token rotate {id}"),
                Remedy::Narrow => format!("token rotate {id} --narrow"),
                Remedy::Revoke => format!("token revoke {id}"),
            }
        });
        AuditFinding {
            token: token.id.clone(),
            name: token.name.clone(),
            remedy,
            ..self.of_profile(&facts.profile, command.as_deref())
        }
    }
}

/// Returns the remedy that the service offers; a token that cannot be rotated can be revoked after its replacement.
fn available(facts: &AuditFacts, remedy: Remedy) -> Option<Remedy> {
    match remedy {
        Remedy::Rotate if facts.service.can_rotate => Some(Remedy::Rotate),
        Remedy::Narrow => facts.service.can_narrow.then_some(Remedy::Narrow),
        _ => facts.service.can_revoke.then_some(Remedy::Revoke),
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audit {
    /// The most severe first.
    pub findings: Vec<AuditFinding>,
    /// The number of tokens.
    pub checked: usize,
    /// The number of findings that the policy ignores.
    pub ignored: usize,
    pub unknown: Vec<UnknownFact>,
    /// The tokens whose last use is known from the audit log of this computer only.
    pub local_use: Vec<LocalUse>,
}

impl Audit {
    /// Counts a token to which a rule cannot be applied.
    pub(super) fn add_unknown(&mut self, facts: &AuditFacts, rule: AuditRule, fact: &'static str) {
        let is_same = |other: &&mut UnknownFact| {
            other.rule == rule && other.fact == fact && other.profile == facts.profile
        };
        if let Some(known) = self.unknown.iter_mut().find(is_same) {
            known.count += 1;
            return;
        }
        self.unknown.push(UnknownFact {
            rule,
            profile: facts.profile.clone(),
            fact,
            count: 1,
        });
    }
}

pub(super) fn whole_days(duration: SignedDuration) -> i64 {
    duration.as_hours() / 24
}

/// Formats a time in days, as policies have it; a shorter one in its own unit.
pub(super) fn format_days(duration: SignedDuration) -> String {
    match whole_days(duration) {
        days if days >= 2 => format!("{days} days"),
        _ => format_duration(duration.unsigned_abs()),
    }
}
