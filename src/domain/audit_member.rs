//! The members of `[audit]` that are single settings.

use super::{AuditSettings, DurationText, Severity};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditMember {
    AllProfiles,
    AllowPermission,
    AllowScope,
    FailOn,
    MaxAge,
    Observed,
    Unused,
    Within,
}

impl AuditMember {
    pub const ALL: [Self; 8] = [
        Self::AllProfiles,
        Self::AllowPermission,
        Self::AllowScope,
        Self::FailOn,
        Self::MaxAge,
        Self::Observed,
        Self::Unused,
        Self::Within,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::AllProfiles => "all_profiles",
            Self::AllowPermission => "allow_permission",
            Self::AllowScope => "allow_scope",
            Self::FailOn => "fail_on",
            Self::MaxAge => "max_age",
            Self::Observed => "observed",
            Self::Unused => "unused",
            Self::Within => "within",
        }
    }

    /// Returns the value as text; `None` if it is not set.
    pub fn get(self, settings: &AuditSettings) -> Option<String> {
        let list = |words: &Option<Vec<String>>| words.as_ref().map(|words| words.join(","));
        match self {
            Self::AllProfiles => settings.all_profiles.map(|all| all.to_string()),
            Self::AllowPermission => list(&settings.allow_permission),
            Self::AllowScope => list(&settings.allow_scope),
            Self::FailOn => settings.fail_on.map(|severity| severity.name().to_owned()),
            Self::MaxAge => settings.max_age.map(String::from),
            Self::Observed => settings.observed.map(String::from),
            Self::Unused => settings.unused.map(String::from),
            Self::Within => settings.within.map(String::from),
        }
    }

    /// Sets the value; `None` removes it.
    ///
    /// # Errors
    /// The expected form.
    pub fn set(self, settings: &mut AuditSettings, text: Option<&str>) -> Result<(), String> {
        let duration = || {
            text.map(str::to_owned)
                .map(DurationText::try_from)
                .transpose()
        };
        match self {
            Self::AllProfiles => settings.all_profiles = text.map(parse_bool).transpose()?,
            Self::AllowPermission => {
                settings.allow_permission = text.map(parse_words).transpose()?;
            }
            Self::AllowScope => settings.allow_scope = text.map(parse_words).transpose()?,
            Self::FailOn => settings.fail_on = text.map(parse_severity).transpose()?,
            Self::MaxAge => settings.max_age = duration()?,
            Self::Observed => settings.observed = duration()?,
            Self::Unused => settings.unused = duration()?,
            Self::Within => settings.within = duration()?,
        }
        Ok(())
    }
}

fn parse_bool(text: &str) -> Result<bool, String> {
    let expected = || "expected \"true\" or \"false\"".to_owned();
    text.parse().map_err(|_| expected())
}

fn parse_severity(text: &str) -> Result<Severity, String> {
    let mut severities = Severity::ALL.into_iter();
    let found = severities.find(|severity| severity.name() == text);
    found.ok_or_else(|| "expected \"info\", \"warning\" or \"error\"".to_owned())
}

/// An empty text allows none.
fn parse_words(text: &str) -> Result<Vec<String>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let words = text.split(',').map(str::trim);
    let word = |word: &str| {
        let is_word = !word.is_empty() && !word.contains(char::is_control);
        let expected = || "expected names, separated by commas".to_owned();
        is_word.then(|| word.to_owned()).ok_or_else(expected)
    };
    words.map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn member_is_returned_as_it_is_set_and_removed_without_a_value() {
        let mut settings = AuditSettings::default();
        for (member, text, wrong) in [
            (AuditMember::AllProfiles, "true", "yes"),
            (AuditMember::AllowPermission, "read,write", "read,,write"),
            (AuditMember::AllowScope, "", "a,\n"),
            (AuditMember::FailOn, "error", "fatal"),
            (AuditMember::MaxAge, "90d", "soon"),
            (AuditMember::Observed, "30d", "long"),
            (AuditMember::Unused, "45s", "-1d"),
            (AuditMember::Within, "14d", ""),
        ] {
            assert_eq!(member.get(&settings), None);
            assert!(member.set(&mut settings, Some(wrong)).is_err(), "{wrong}");
            member.set(&mut settings, Some(text)).unwrap();
            assert_eq!(member.get(&settings).as_deref(), Some(text));
        }
        for member in AuditMember::ALL {
            member.set(&mut settings, None).unwrap();
        }
        assert!(settings.is_empty());
    }
}
