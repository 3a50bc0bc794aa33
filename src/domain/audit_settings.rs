//! The settings of a token audit, from options, a project file or the settings file.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{DurationText, ProfileName};

/// The rules of an audit. Their names are stable: policies and scripts contain them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuditRule {
    Old,
    Unused,
    NeverExpires,
    ExpiresSoon,
    ExpiredButListed,
    Inactive,
    Wide,
    Unlimited,
    WiderThanUsed,
    DuplicateName,
    SamePurpose,
    RotationOpen,
    NearLimit,
    OwnCredential,
    LocalCopy,
    IgnoreExpired,
}

impl AuditRule {
    pub fn name(self) -> &'static str {
        match self {
            Self::Old => "old",
            Self::Unused => "unused",
            Self::NeverExpires => "never-expires",
            Self::ExpiresSoon => "expires-soon",
            Self::ExpiredButListed => "expired-but-listed",
            Self::Inactive => "inactive",
            Self::Wide => "wide",
            Self::Unlimited => "unlimited",
            Self::WiderThanUsed => "wider-than-used",
            Self::DuplicateName => "duplicate-name",
            Self::SamePurpose => "same-purpose",
            Self::RotationOpen => "rotation-open",
            Self::NearLimit => "near-limit",
            Self::OwnCredential => "own-credential",
            Self::LocalCopy => "local-copy",
            Self::IgnoreExpired => "ignore-expired",
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Info,
    #[default]
    Warning,
    Error,
}

impl Severity {
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Error];

    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// The policy of one source. What it omits is decided by the next source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuditSettings {
    /// The age from which a token is old.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<DurationText>,
    /// The time since its last use from which a token is unused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unused: Option<DurationText>,
    /// The time before its expiry from which a token expires soon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<DurationText>,
    /// The time for which the use of a token must be recorded before its rights are compared with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed: Option<DurationText>,
    /// The scopes that tokens may have; any if it is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_scope: Option<Vec<String>>,
    /// The permissions that tokens may have; any if it is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_permission: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_profiles: Option<bool>,
    /// The least severity that fails the audit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_on: Option<Severity>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<IgnoredFinding>,
}

/// A finding that is accepted for some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IgnoredFinding {
    pub rule: AuditRule,
    /// The id of the token; missing for a finding that is not about a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Ids are unique at one service only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileName>,
    /// The last day, in UTC.
    pub until: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl AuditSettings {
    /// Returns the values that are in effect if no source has one. A list has no default: everything is allowed.
    pub fn defaults() -> Self {
        let days = |days: i64| Some(DurationText(SignedDuration::from_hours(days * 24)));
        Self {
            max_age: days(90),
            unused: days(30),
            within: days(14),
            observed: days(14),
            all_profiles: Some(false),
            fail_on: Some(Severity::default()),
            ..Self::default()
        }
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns these settings, and those of `next` for what they omit. The lists of ignored findings are joined.
    #[must_use]
    pub fn or(self, next: Self) -> Self {
        Self {
            max_age: self.max_age.or(next.max_age),
            unused: self.unused.or(next.unused),
            within: self.within.or(next.within),
            observed: self.observed.or(next.observed),
            allow_scope: self.allow_scope.or(next.allow_scope),
            allow_permission: self.allow_permission.or(next.allow_permission),
            all_profiles: self.all_profiles.or(next.all_profiles),
            fail_on: self.fail_on.or(next.fail_on),
            ignore: [self.ignore, next.ignore].concat(),
        }
    }

    /// As [`Self::or`], but where both have a value, the stricter one counts.
    #[must_use]
    pub fn tighten(self, other: Self) -> Self {
        Self {
            max_age: combine(self.max_age, other.max_age, Ord::min),
            unused: combine(self.unused, other.unused, Ord::min),
            within: combine(self.within, other.within, Ord::max),
            // A shorter time would remove rights that are needed.
            observed: combine(self.observed, other.observed, Ord::max),
            allow_scope: combine(self.allow_scope, other.allow_scope, intersect),
            allow_permission: combine(self.allow_permission, other.allow_permission, intersect),
            all_profiles: combine(self.all_profiles, other.all_profiles, Ord::max),
            fail_on: combine(self.fail_on, other.fail_on, Ord::min),
            ignore: [self.ignore, other.ignore].concat(),
        }
    }
}

fn combine<T>(one: Option<T>, other: Option<T>, stricter: fn(T, T) -> T) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(stricter(one, other)),
        (one, other) => one.or(other),
    }
}

fn intersect(one: Vec<String>, other: Vec<String>) -> Vec<String> {
    let other = BTreeSet::from_iter(other);
    one.into_iter()
        .filter(|word| other.contains(word))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(days: i64) -> DurationText {
        DurationText(SignedDuration::from_hours(days * 24))
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn project_file_tightens_the_settings_of_the_user_and_an_option_overrides_both() {
        let project = AuditSettings {
            max_age: Some(days(30)),
            unused: Some(days(60)),
            within: Some(days(7)),
            allow_scope: Some(words(&["a", "x"])),
            fail_on: Some(Severity::Error),
            ..AuditSettings::default()
        };
        let own = AuditSettings {
            max_age: Some(days(90)),
            unused: Some(days(20)),
            within: Some(days(14)),
            allow_scope: Some(words(&["a", "b"])),
            fail_on: Some(Severity::Info),
            allow_permission: Some(words(&["read"])),
            ..AuditSettings::default()
        };
        let both = project.tighten(own);
        assert_eq!(both.max_age, Some(days(30)));
        assert_eq!(both.unused, Some(days(20)));
        assert_eq!(both.within, Some(days(14)));
        assert_eq!(both.allow_scope, Some(words(&["a"])));
        assert_eq!(both.allow_permission, Some(words(&["read"])));
        assert_eq!(both.fail_on, Some(Severity::Info));
        let option = AuditSettings {
            max_age: Some(days(365)),
            ..AuditSettings::default()
        };
        let effective = option.or(both);
        assert_eq!(effective.max_age, Some(days(365)));
        assert_eq!(effective.unused, Some(days(20)));
    }

    #[test]
    fn rule_is_written_in_files_and_documents_by_its_name() {
        for name in [
            "old",
            "unused",
            "never-expires",
            "expires-soon",
            "expired-but-listed",
            "inactive",
            "wide",
            "unlimited",
            "wider-than-used",
            "duplicate-name",
            "rotation-open",
            "near-limit",
            "own-credential",
            "local-copy",
            "ignore-expired",
        ] {
            let rule: AuditRule = serde_json::from_value(name.into()).unwrap();
            assert_eq!(rule.name(), name);
            assert_eq!(serde_json::to_value(rule).unwrap(), name);
        }
    }
}
