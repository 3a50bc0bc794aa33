//! What the audit log records: which process used or changed which credential. A record contains no secret.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::sanitize_line;

/// The longest text of a record, in bytes, so that a line fits into one write.
const MAX_TEXT: usize = 240;

/// What was done with a credential. The names are stable: scripts contain them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialEvent {
    Login,
    Logout,
    Refresh,
    Print,
    Helper,
    Exec,
    Proxy,
    Api,
    TokenCreate,
    TokenUpdate,
    TokenRevoke,
    TokenRotate,
    /// The setting `audit_log` was changed.
    LogSetting,
}

impl CredentialEvent {
    pub const ALL: [Self; 13] = [
        Self::Login,
        Self::Logout,
        Self::Refresh,
        Self::Print,
        Self::Helper,
        Self::Exec,
        Self::Proxy,
        Self::Api,
        Self::TokenCreate,
        Self::TokenUpdate,
        Self::TokenRevoke,
        Self::TokenRotate,
        Self::LogSetting,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Logout => "logout",
            Self::Refresh => "refresh",
            Self::Print => "print",
            Self::Helper => "helper",
            Self::Exec => "exec",
            Self::Proxy => "proxy",
            Self::Api => "api",
            Self::TokenCreate => "token-create",
            Self::TokenUpdate => "token-update",
            Self::TokenRevoke => "token-revoke",
            Self::TokenRotate => "token-rotate",
            Self::LogSetting => "log-setting",
        }
    }

    /// Returns `true` if the credential itself was used, so that its token was in use at that time.
    pub fn is_use(name: &str) -> bool {
        let uses = [
            Self::Print,
            Self::Helper,
            Self::Exec,
            Self::Proxy,
            Self::Api,
        ];
        uses.iter().any(|event| event.name() == name)
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallingProcess {
    pub pid: u32,
    #[serde(default)]
    pub parent_pid: Option<u32>,
    /// The executable of the parent process, where the system reports it.
    #[serde(default)]
    pub parent: Option<String>,
    /// Whether a standard stream is a terminal.
    #[serde(default)]
    pub terminal: bool,
    #[serde(default)]
    pub github_run_id: Option<String>,
}

/// One line of the audit log. Events and results are texts, because a later release may have others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRecord {
    pub time: Timestamp,
    pub event: String,
    #[serde(default)]
    pub profile: Option<String>,
    #[serde(default)]
    pub provider: Option<String>,
    #[serde(default)]
    pub origin: Option<String>,
    /// Where the credential comes from: `stored`, `environment:NAME` and so on.
    #[serde(default)]
    pub source: Option<String>,
    #[serde(default)]
    pub token_id: Option<String>,
    /// Finds the credential in the results of a scan.
    #[serde(default)]
    pub fingerprint: Option<String>,
    /// `ok` or an error code.
    pub result: String,
    #[serde(default)]
    pub sandbox: bool,
    #[serde(flatten)]
    pub process: CallingProcess,
}

impl EventRecord {
    pub const OK: &'static str = "ok";
    /// The result of a failure without a more precise code.
    pub const FAILED: &'static str = "FAILED";

    /// Makes every text short and free of control characters.
    #[must_use]
    pub fn sanitized(mut self) -> Self {
        for text in [&mut self.event, &mut self.result] {
            *text = shorten(text);
        }
        let texts = [
            &mut self.profile,
            &mut self.provider,
            &mut self.origin,
            &mut self.source,
            &mut self.token_id,
            &mut self.fingerprint,
            &mut self.process.parent,
            &mut self.process.github_run_id,
        ];
        for text in texts {
            *text = text.take().map(|text| shorten(&text));
        }
        self
    }
}

fn shorten(text: &str) -> String {
    let mut line = sanitize_line(text);
    if line.len() > MAX_TEXT {
        line.truncate(line.floor_char_boundary(MAX_TEXT));
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longest_record_fits_into_4_kib() {
        let long = || Some("\"\\".repeat(3000));
        let record = EventRecord {
            event: "token-create".to_owned(),
            result: "CREDENTIAL_REJECTED".to_owned(),
            profile: long(),
            provider: long(),
            origin: long(),
            source: Some("\u{1b}[2J\n".repeat(900)),
            token_id: Some("é".repeat(900)),
            fingerprint: Some("0".repeat(16)),
            process: CallingProcess {
                pid: u32::MAX,
                parent_pid: Some(u32::MAX),
                parent: long(),
                terminal: true,
                github_run_id: long(),
            },
            ..EventRecord::default()
        };
        let line = serde_json::to_string(&record.sanitized()).unwrap();
        assert!(line.len() < 4096 - 100, "{}", line.len());
        assert!(!line.contains("\\u001b") && !line.contains("\\n"), "{line}");
    }

    #[test]
    fn record_is_read_as_it_is_written_and_members_may_be_missing() {
        let record = EventRecord {
            event: "print".to_owned(),
            result: EventRecord::OK.to_owned(),
            profile: Some("work".to_owned()),
            ..EventRecord::default()
        };
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<EventRecord>(&text).unwrap(), record);
        let least = r#"{"time":"1970-01-01T00:00:00Z","event":"later","result":"ok","pid":1}"#;
        let read: EventRecord = serde_json::from_str(least).unwrap();
        assert_eq!((read.event.as_str(), read.process.pid), ("later", 1));
    }
}
