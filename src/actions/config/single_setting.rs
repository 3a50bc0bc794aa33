//! The settings that have one value and no service or profile in their names.

/// A setting, by its name in `config.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SingleSetting {
    AuditLog,
    ClientMetadataUrl,
    Completion,
    LoginMethod,
    Notices,
    Storage,
    UsageRecord,
}

impl SingleSetting {
    pub const ALL: [Self; 7] = [
        Self::AuditLog,
        Self::ClientMetadataUrl,
        Self::Completion,
        Self::LoginMethod,
        Self::Notices,
        Self::Storage,
        Self::UsageRecord,
    ];

    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|setting| setting.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::AuditLog => "audit_log",
            Self::ClientMetadataUrl => "client_metadata_url",
            Self::Completion => "completion",
            Self::LoginMethod => "login_method",
            Self::Notices => "notices",
            Self::Storage => "storage",
            Self::UsageRecord => "usage_record",
        }
    }

    /// Returns the words that the setting accepts. `audit_log` and `client_metadata_url` accept other texts as well.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::AuditLog => &["off", "syslog"],
            Self::ClientMetadataUrl => &[],
            Self::Completion => &["local", "server"],
            Self::LoginMethod => &["device", "browser"],
            Self::Notices | Self::UsageRecord => &["on", "off"],
            Self::Storage => &["file", "keyring"],
        }
    }

    pub fn default_value(self) -> Option<&'static str> {
        match self {
            Self::ClientMetadataUrl | Self::LoginMethod => None,
            Self::AuditLog
            | Self::Completion
            | Self::Notices
            | Self::Storage
            | Self::UsageRecord => self.words().first().copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::SETTING_KEYS;

    #[test]
    fn every_setting_is_in_the_message_about_an_unknown_one() {
        for name in SingleSetting::ALL.map(SingleSetting::name) {
            assert!(SETTING_KEYS.split(", ").any(|it| it == name), "{name}");
        }
    }
}
