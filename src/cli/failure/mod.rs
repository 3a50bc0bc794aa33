//! Failures as users see them: a code, a message, hints, an exit status.

mod actions;
mod api;
mod browser;
mod ci;
mod client;
mod description;
mod env_files;
mod exec;
mod exit;
mod install;
mod keys;
mod local;
mod narrow;
mod origins;
mod proxy;
mod remote;
mod report;
mod resource;
mod rotation;
mod scan;
mod session;
mod similar;
mod unsaved;
mod workload;

use serde::Serialize;

use crate::domain::{Hint, ProfileName, RepeatedOptions, Secret, sanitize_line_untrimmed};
use crate::oauth::OauthError;
use crate::service::ApiError;

pub(crate) use exit::{ExitStatus, SUCCESS};
pub(crate) use report::{
    is_broken_pipe, print_unstored_secret, report_failure, report_on_stderr, with_error,
};
pub(crate) use similar::closest;

/// The codes that programs see with `--json`; each has one exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "docs/reference/exit-codes.md explains each")]
pub enum Code {
    Failed,
    Storage,
    Usage,
    Config,
    Unsupported,
    Denied,
    Forbidden,
    PaymentRequired,
    LoginRequired,
    LoginExpired,
    CredentialRejected,
    CodeExpired,
    Unreachable,
    Unavailable,
    RateLimited,
    Busy,
    NotFound,
    Rejected,
    Findings,
    Interrupted,
}

impl Code {
    /// Returns the name in JSON.
    pub fn name(self) -> String {
        let name = serde_json::to_value(self).ok();
        let name = name.and_then(|name| name.as_str().map(str::to_owned));
        name.unwrap_or_default()
    }

    /// The exit status that goes with the code.
    pub fn exit(self) -> u8 {
        match self {
            Self::Failed | Self::Storage => 1,
            Self::Usage | Self::Config | Self::Unsupported => 2,
            Self::Denied | Self::Forbidden | Self::PaymentRequired => 3,
            Self::LoginRequired | Self::LoginExpired | Self::CredentialRejected => 4,
            Self::CodeExpired => 5,
            Self::Unreachable | Self::Unavailable | Self::RateLimited | Self::Busy => 6,
            Self::NotFound => 7,
            Self::Rejected => 8,
            Self::Findings => 9,
            Self::Interrupted => 130,
        }
    }
}

/// A failure at the edge of the program.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// For programs.
    pub code: Code,
    /// For people: one sentence, lower case, no full stop.
    pub message: String,
    /// The cause.
    #[source]
    pub source: Option<anyhow::Error>,
    /// What to do next.
    pub hints: Vec<Hint>,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// The number that the service's support asks for.
    pub request_id: Option<String>,
    /// Whether the server may have processed the request although no response was received.
    pub may_have_been_processed: bool,
    /// A new secret that is stored nowhere, and is printed with the failure.
    pub unstored_secret: Option<Secret>,
}

/// The failure as `--json` shows it.
#[derive(Debug, Serialize)]
pub(crate) struct JsonFailure<'a> {
    code: Code,
    message: String,
    hint: Option<String>,
    exit: u8,
    status: Option<u16>,
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'a str>,
}

/// An error of the system, with the failed operation as its context.
impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        let message = error.to_string();
        Self {
            source: Some(error),
            ..Self::new(Code::Failed, message)
        }
    }
}

impl Failure {
    /// Creates a failure without hint and cause.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            source: None,
            hints: Vec::new(),
            status: None,
            request_id: None,
            may_have_been_processed: false,
            unstored_secret: None,
        }
    }

    /// Ctrl-C.
    pub fn interrupted() -> Self {
        Self::new(Code::Interrupted, "interrupted")
    }

    /// Adds `hint` if the server may have processed the request: after Ctrl-C or a lost response.
    #[must_use]
    pub fn hint_if_response_lost(self, hint: impl Into<Hint>) -> Self {
        if self.code != Code::Interrupted && !self.may_have_been_processed {
            return self;
        }
        self.with_hint(hint)
    }

    /// Returns the failure for programs, with `options` in the commands that its hints name.
    pub(crate) fn to_json(&self, options: &RepeatedOptions) -> JsonFailure<'_> {
        let hint = self.hint_line(options);
        JsonFailure {
            code: self.code,
            message: sanitize_line_untrimmed(&self.to_line()),
            hint: hint.map(|hint| sanitize_line_untrimmed(&hint)),
            exit: self.code.exit(),
            status: self.status,
            request_id: self.request_id.as_deref(),
            secret: self.unstored_secret.as_ref().map(Secret::expose),
        }
    }

    /// Returns all hints in one line.
    pub fn hint_line(&self, options: &RepeatedOptions) -> Option<String> {
        let hints: Vec<String> = self.hints.iter().map(|hint| hint.render(options)).collect();
        (!hints.is_empty()).then(|| hints.join("; "))
    }

    /// The causes, outermost first.
    pub fn causes(&self) -> Vec<String> {
        let chain = self
            .source
            .iter()
            .flat_map(|source| source.chain().map(ToString::to_string));
        let mut causes: Vec<String> = Vec::new();
        for cause in chain {
            let is_part_of = |before: &str| before.contains(cause.as_str());
            if !is_part_of(&self.message) && !causes.iter().any(|before| is_part_of(before)) {
                causes.push(cause);
            }
        }
        causes
    }

    /// Returns the message and its causes in one line.
    pub fn to_line(&self) -> String {
        [vec![self.message.clone()], self.causes()]
            .concat()
            .join(": ")
    }

    /// `message` as the headline of this failure, which becomes its cause and keeps its code.
    fn wrap(self, message: impl Into<String>) -> Self {
        let code = self.code;
        Self {
            status: self.status,
            source: Some(self.into()),
            ..Self::new(code, message)
        }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<Hint>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Names `profile` in the commands of the hints: the failure is about one of several profiles.
    #[must_use]
    pub(crate) fn about_profile(mut self, profile: &ProfileName) -> Self {
        let hints = self.hints.into_iter();
        self.hints = hints.map(|hint| hint.about_profile(profile)).collect();
        self
    }

    /// Adds several hints, or the one in an `Option`.
    #[must_use]
    pub(crate) fn with_hints(self, hints: impl IntoIterator<Item = impl Into<Hint>>) -> Self {
        hints.into_iter().fold(self, Self::with_hint)
    }

    pub(crate) fn from_error(
        code: Code,
        error: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        let message = error.to_string();
        Self {
            source: Some(error.into()),
            ..Self::new(code, message)
        }
    }

    fn with_response(mut self, response: ErrorResponse) -> Self {
        self.status = response.status;
        self.request_id = response.request_id;
        self
    }
}

/// What a failure reports of the server's error response.
#[derive(Default)]
struct ErrorResponse {
    status: Option<u16>,
    request_id: Option<String>,
}

impl From<&ApiError> for ErrorResponse {
    fn from(error: &ApiError) -> Self {
        Self {
            status: Some(error.status),
            request_id: error.request_id.clone(),
        }
    }
}

impl From<&OauthError> for ErrorResponse {
    fn from(error: &OauthError) -> Self {
        Self {
            status: error.status().map(|status| status.as_u16()),
            request_id: error.request_id().map(str::to_owned),
        }
    }
}
