//! The setting `audit_log`: where the audit log is written.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The usual socket of the system's log.
const SYSLOG_SOCKET: &str = "/dev/log";
const SYSLOG: &str = "syslog";
const OFF: &str = "off";

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AuditLogSetting {
    #[default]
    Off,
    /// The socket of the system's log.
    Syslog(PathBuf),
    /// An absolute path.
    File(PathBuf),
}

impl TryFrom<String> for AuditLogSetting {
    type Error = String;

    /// Accepts no relative path: each directory would have its own log, and a mistyped word would be a file.
    fn try_from(text: String) -> Result<Self, String> {
        let is_path =
            |path: &str| Path::new(path).is_absolute() && !path.contains(char::is_control);
        match (text.as_str(), text.strip_prefix("syslog:")) {
            (OFF, _) => Ok(Self::Off),
            (SYSLOG, _) => Ok(Self::Syslog(SYSLOG_SOCKET.into())),
            (_, Some(socket)) if is_path(socket) => Ok(Self::Syslog(socket.into())),
            (file, None) if is_path(file) && !file.ends_with('/') => Ok(Self::File(file.into())),
            _ => Err("expected the absolute path of a file, \"syslog\" or \"off\"".to_owned()),
        }
    }
}

impl From<AuditLogSetting> for String {
    fn from(setting: AuditLogSetting) -> Self {
        match setting {
            AuditLogSetting::Off => OFF.to_owned(),
            AuditLogSetting::Syslog(socket) if socket == Path::new(SYSLOG_SOCKET) => {
                SYSLOG.to_owned()
            }
            AuditLogSetting::Syslog(socket) => format!("{SYSLOG}:{}", socket.display()),
            AuditLogSetting::File(path) => path.display().to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn setting_is_written_as_it_is_read_and_relative_paths_are_refused() {
        for text in [
            "off",
            "syslog",
            "syslog:/run/log",
            "/var/log/brainmaps.jsonl",
        ] {
            let setting = AuditLogSetting::try_from(text.to_owned()).unwrap();
            assert_eq!(String::from(setting), text);
        }
        for text in [
            "",
            "sylog",
            "audit.jsonl",
            "../x",
            "syslog:run/log",
            "/var/log/",
            "/a\nb",
        ] {
            assert!(
                AuditLogSetting::try_from(text.to_owned()).is_err(),
                "{text}"
            );
        }
    }
}
