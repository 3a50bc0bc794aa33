//! The rules about one token, and about tokens with the same name.

use jiff::Timestamp;

use super::finding::{Fault, Remedy, format_days, whole_days};
use super::usage_rules::check_usage;
use super::{Audit, AuditFacts, AuditPolicy, LocalUse};
use crate::domain::{
    ApiToken, AuditRule, Severity, TokenExpiry, TokenFact, TokenState, shell_argument, token_state,
};

pub(super) fn check_tokens(
    facts: &AuditFacts,
    policy: &AuditPolicy,
    now: Timestamp,
    audit: &mut Audit,
) {
    if !facts.service.can_list {
        audit.add_unknown(facts, AuditRule::Old, "tokens");
    }
    for token in &facts.tokens {
        let mut check = TokenCheck {
            facts,
            policy,
            now,
            token,
            audit,
        };
        match token_state(now, token) {
            // The service keeps it in the list; nothing can be done about it.
            TokenState::Revoked => {}
            TokenState::Inactive => check.add_inactive(),
            TokenState::Expired => check.add_expired(),
            TokenState::Active | TokenState::ExpiresSoon | TokenState::Unknown => {
                check.check_age();
                check.check_use();
                check.check_expiry();
                check.check_rights();
                check_usage(facts, token, policy, now, audit);
            }
        }
    }
    check_names(facts, now, audit);
}

struct TokenCheck<'a> {
    facts: &'a AuditFacts,
    policy: &'a AuditPolicy,
    now: Timestamp,
    token: &'a ApiToken,
    audit: &'a mut Audit,
}

impl<'a> TokenCheck<'a> {
    fn add(&mut self, fault: Fault, remedy: Remedy) {
        let finding = fault.of_token(self.facts, self.token, remedy);
        self.audit.findings.push(finding);
    }

    fn add_unknown(&mut self, rule: AuditRule, fact: &'static str) {
        self.audit.add_unknown(self.facts, rule, fact);
    }

    fn add_inactive(&mut self) {
        let text = "is inactive, and can be activated again";
        let fault = Fault::new(AuditRule::Inactive, Severity::Info, text);
        self.add(fault, Remedy::Revoke);
    }

    fn add_expired(&mut self) {
        let Some(end) = self.token.expires_at else {
            return;
        };
        let since = self.now.duration_since(end);
        let text = format!("expired {} ago, and is still listed", format_days(since));
        let fault = Fault::new(AuditRule::ExpiredButListed, Severity::Info, text);
        self.add(fault.value(whole_days(since)), Remedy::Revoke);
    }

    fn check_age(&mut self) {
        let Some(created) = self.token.created_at else {
            return self.add_unknown(AuditRule::Old, "created_at");
        };
        let (age, limit) = (self.now.duration_since(created), self.policy.max_age);
        if age > limit {
            let (age_text, limit_text) = (format_days(age), format_days(limit));
            let text = format!("created {age_text} ago, more than {limit_text}");
            let fault = Fault::new(AuditRule::Old, Severity::Warning, text);
            self.add(
                fault.numbers(whole_days(age), whole_days(limit)),
                Remedy::Rotate,
            );
        }
    }

    fn check_use(&mut self) {
        if !self.facts.service.reports_last_use {
            return self.check_local_use();
        }
        let (since, limit, text) = match (self.token.last_used_at, self.token.created_at) {
            (Some(used), _) => (used, self.policy.unused, "last used"),
            (None, Some(created)) => (created, self.policy.never_used, "never used, created"),
            (None, None) => return self.add_unknown(AuditRule::Unused, "created_at"),
        };
        let idle = self.now.duration_since(since);
        if idle > limit {
            let (idle_text, limit_text) = (format_days(idle), format_days(limit));
            let text = format!("{text} {idle_text} ago, more than {limit_text}");
            let fault = Fault::new(AuditRule::Unused, Severity::Warning, text);
            self.add(
                fault.numbers(whole_days(idle), whole_days(limit)),
                Remedy::Revoke,
            );
        }
    }

    /// A use on this computer shows that the token is in use; without one, another computer may use it.
    fn check_local_use(&mut self) {
        let id = self.token.id.as_ref();
        if let Some((token, at)) = id.and_then(|id| self.facts.local_use.get_key_value(id)) {
            self.audit.local_use.push(LocalUse {
                profile: self.facts.profile.clone(),
                token: token.clone(),
                name: self.token.name.clone(),
                at: *at,
            });
            if self.now.duration_since(*at) <= self.policy.unused {
                return;
            }
        }
        self.add_unknown(AuditRule::Unused, "last_used_at");
    }

    fn check_expiry(&mut self) {
        match self.token.expiry() {
            TokenExpiry::Unknown => self.add_unknown(AuditRule::NeverExpires, "expires_at"),
            TokenExpiry::Never => self.add_permanent(),
            TokenExpiry::At(end) => {
                let created = self.token.created_at;
                let lifetime = created.map(|created| end.duration_since(created));
                let limit = self.policy.expiry_window(lifetime);
                let left = end.duration_since(self.now);
                if left <= limit {
                    let (left_text, limit_text) = (format_days(left), format_days(limit));
                    let text = format!("expires in {left_text}, within {limit_text}");
                    let fault = Fault::new(AuditRule::ExpiresSoon, Severity::Warning, text);
                    let fault = fault.numbers(whole_days(left), whole_days(limit));
                    self.add(fault, Remedy::Rotate);
                }
            }
        }
    }

    /// A rotation keeps the lifetime, so that only a new token expires.
    fn add_permanent(&mut self) {
        let rule = AuditRule::NeverExpires;
        if let Some(option) = self.facts.service.expiry_option {
            let fault = Fault::new(rule, Severity::Warning, "never expires");
            let rights = join_options(self.rights().iter().map(Rights::options_of_replacement));
            let options = rights.map(|rights| [vec![option.to_owned()], rights].concat());
            return self.add_replaced(fault, options);
        }
        let text = "never expires: the service offers no expiry";
        self.add_replaced(Fault::new(rule, Severity::Info, text), None);
    }

    fn rights(&self) -> [Rights<'a>; 2] {
        let (service, token, policy) = (&self.facts.service, self.token, self.policy);
        let scopes = Rights {
            fact: TokenFact::Scopes,
            granted: token.scopes.as_deref(),
            allowed: policy.allow_scopes.as_deref(),
            is_offered: service.offers_scopes,
            is_reported: service.reports_scopes,
        };
        let permissions = Rights {
            fact: TokenFact::Permissions,
            granted: token.permissions.as_deref(),
            allowed: policy.allow_permissions.as_deref(),
            is_offered: service.offers_permissions,
            is_reported: service.reports_permissions,
        };
        [scopes, permissions]
    }

    fn check_rights(&mut self) {
        let rights = self.rights();
        for right in &rights {
            self.check_right(right, &rights);
        }
        let too_wide: Vec<String> = rights.iter().flat_map(Rights::beyond_policy).collect();
        if !too_wide.is_empty() {
            let text = format!("has more than the policy allows: {}", too_wide.join(", "));
            let fault = Fault::new(AuditRule::Wide, Severity::Error, text);
            let fault = fault.value(i64::try_from(too_wide.len()).unwrap_or(i64::MAX));
            let options = join_options(rights.iter().map(Rights::options_of_replacement));
            self.add_replaced(fault, options);
        }
    }

    /// Whether the token is limited at all.
    fn check_right(&mut self, right: &Rights<'_>, all: &[Rights<'_>]) {
        let is_unreadable = self.token.unreadable.contains(&right.fact);
        let is_unknown = is_unreadable || !right.is_reported;
        if right.allowed.is_some() && is_unknown {
            self.add_unknown(AuditRule::Wide, right.fact.name());
        }
        if !right.is_offered {
            return;
        }
        if is_unknown {
            self.add_unknown(AuditRule::Unlimited, right.fact.name());
        } else if right.granted.is_none_or(<[String]>::is_empty) {
            let text = format!("is not limited: it has no {}", right.fact.name());
            let fault = Fault::new(AuditRule::Unlimited, Severity::Warning, text);
            let options = all
                .iter()
                .map(|other| match other.options_of_replacement() {
                    Some(options) if options.is_empty() && other.fact == right.fact => {
                        Some(vec![right.placeholder()])
                    }
                    options => options,
                });
            self.add_replaced(fault, join_options(options));
        }
    }

    /// A token cannot be limited later: the command creates the one that takes its place. Without `options`, there is no
    /// command.
    fn add_replaced(&mut self, fault: Fault, options: Option<Vec<String>>) {
        let mut finding = fault.of_token(self.facts, self.token, Remedy::Revoke);
        finding.remedy = None;
        finding.next = finding.fix.take();
        if let Some(options) = options {
            let name = self.token.name.as_deref().unwrap_or("NAME");
            let create = vec!["token create".to_owned(), shell_argument(name)];
            finding.fix = Some([create, options].concat().join(" "));
        } else {
            finding.next = None;
        }
        self.audit.findings.push(finding);
    }
}

/// The scopes or the permissions of a token.
struct Rights<'a> {
    fact: TokenFact,
    granted: Option<&'a [String]>,
    /// `None` if any is allowed.
    allowed: Option<&'a [String]>,
    /// Whether new tokens can be limited.
    is_offered: bool,
    is_reported: bool,
}

impl Rights<'_> {
    /// The name of one, and of the option.
    fn one(&self) -> &'static str {
        match self.fact {
            TokenFact::Permissions => "permission",
            _ => "scope",
        }
    }

    fn beyond_policy(&self) -> Vec<String> {
        let Some(allowed) = self.allowed else {
            return Vec::new();
        };
        let granted = self.granted.unwrap_or_default().iter();
        let beyond = granted.filter(|word| !allowed.contains(word));
        beyond
            .map(|word| format!("{} {word}", self.one()))
            .collect()
    }

    /// Returns the options that give a new token the allowed part, or all that the policy allows if the token has none of it.
    /// Returns `None` if no option limits a new token to it: it would have all rights.
    fn options_of_replacement(&self) -> Option<Vec<String>> {
        if !self.is_offered {
            return self.beyond_policy().is_empty().then(Vec::new);
        }
        let granted = self.granted.unwrap_or_default();
        let option = |word: &String| format!("--{} {}", self.one(), shell_argument(word));
        let Some(allowed) = self.allowed else {
            return Some(granted.iter().map(option).collect());
        };
        let mut kept: Vec<&String> = granted.iter().filter(|it| allowed.contains(it)).collect();
        if kept.is_empty() {
            kept = allowed.iter().collect();
        }
        (!kept.is_empty()).then(|| kept.into_iter().map(option).collect())
    }

    /// An option for the user to complete.
    fn placeholder(&self) -> String {
        format!("--{0} {1}", self.one(), self.one().to_uppercase())
    }
}

fn join_options(rights: impl Iterator<Item = Option<Vec<String>>>) -> Option<Vec<String>> {
    let rights: Option<Vec<Vec<String>>> = rights.collect();
    rights.map(|rights| rights.concat())
}

/// Adds every token but the newest of each name.
fn check_names(facts: &AuditFacts, now: Timestamp, audit: &mut Audit) {
    let works = |token: &&ApiToken| token_state(now, token).can_work();
    let working: Vec<&ApiToken> = facts.tokens.iter().filter(works).collect();
    for (index, token) in working.iter().enumerate() {
        let Some(name) = token.name.as_deref().filter(|name| !name.is_empty()) else {
            continue;
        };
        let same = working.iter().enumerate();
        let same = same.filter(|(_, other)| other.name.as_deref() == Some(name));
        let others = same.clone().count() - 1;
        // With equal or unknown times, the first in the list.
        let newest =
            same.min_by_key(|(place, other)| (std::cmp::Reverse(other.created_at), *place));
        let Some((_, kept)) = newest.filter(|(newest, _)| *newest != index) else {
            continue;
        };
        let newest_id = kept
            .id
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let text = format!("has the name of the newer token {newest_id}");
        let fault = Fault::new(AuditRule::DuplicateName, Severity::Warning, text);
        let fault = fault.value(i64::try_from(others).unwrap_or(i64::MAX));
        audit
            .findings
            .push(fault.of_token(facts, token, Remedy::Revoke));
    }
}
