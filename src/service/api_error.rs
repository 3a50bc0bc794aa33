//! Errors of a service's API, parsed from its error envelope. No response body is kept.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::missing_scope;
use crate::domain::{Hint, InvalidUrl, format_count, sanitize_line_to};
use crate::http::{HttpError, Response};
use crate::provider::{
    Descriptor, ErrorCall, ErrorMeaning, Pointer, Quota, QuotaScope, first_text, first_texts,
};

/// The kind of an error response; each has its own error code and exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiErrorKind {
    /// 401: the credential was rejected.
    CredentialRejected,
    /// 402, or the service's own equivalent.
    PaymentRequired,
    /// 403: the credential is valid, but lacks a permission.
    Forbidden,
    /// 404.
    NotFound,
    /// 429.
    RateLimited,
    /// 5xx.
    Unavailable,
    /// Every other 4xx: the request is invalid.
    Rejected,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    pub kind: ApiErrorKind,
    /// The service's name.
    pub service: String,
    pub status: u16,
    /// The service's own code.
    pub code: Option<String>,
    /// The service's own message.
    pub message: Option<String>,
    /// The id of the request for the service's support.
    pub request_id: Option<String>,
    /// The invalid fields of the request.
    pub fields: Vec<String>,
    /// Hints from the service's description and from the response.
    pub advice: Vec<Hint>,
    pub retry_after: Option<Duration>,
    /// A page where the user can resolve the error.
    pub link: Option<String>,
    /// Whether the body is an HTML page, which another machine sent instead of the service.
    pub is_html: bool,
    /// The documented rate limit of this call: `10 an hour`.
    pub limit: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    #[error("{0}")]
    Api(Box<ApiError>),
    /// The user name or the password is wrong.
    #[error("{} rejected the user name or password", .0.service)]
    WrongPassword(Box<ApiError>),
    /// The service rejected a call with a password or a one-time password that the user typed. It does not say whether the
    /// credential was wrong.
    #[error("{} rejected the credential{}", api_error.service, typed_text(*takes_password, *takes_one_time_password))]
    ConfirmationRejected {
        api_error: Box<ApiError>,
        takes_password: bool,
        takes_one_time_password: bool,
    },
    /// The refresh token is expired, revoked or already used. Only this error ends a session.
    #[error("{} rejected the session's refresh token", .0.service)]
    RefreshTokenRejected(Box<ApiError>),
    /// The response is not what the service documents.
    #[error("{service} sent {what}")]
    Malformed {
        service: String,
        /// What was received.
        what: String,
        /// The member of the description that found it, if one did.
        member: Option<&'static str>,
        /// The file of a description of the user's own.
        file: Option<PathBuf>,
    },
    /// The response to `whoami` has a status of success and names no account, as some services respond to any key.
    #[error("{service} did not confirm the credential: its response names no account")]
    Unproven {
        service: String,
        /// The file of a description of the user's own.
        file: Option<PathBuf>,
    },
    /// The ids of this service's tokens are secrets, and an argument is not one that the list showed.
    #[error("{service} addresses tokens by their secret")]
    SecretId { service: String },
    /// A value that the calls of the service need is not set.
    #[error("{service} requires the parameter \"{name}\"")]
    MissingParameter { service: String, name: String },
    /// A call requires a password, which the user did not type.
    #[error("{service} requires the {what} of the account for this call")]
    MissingConfirmation {
        service: String,
        /// `password` or `user name`.
        what: &'static str,
    },
    /// The service's description has no such call; nothing was sent.
    #[error("{service} does not support `{verb}`")]
    Unsupported {
        service: String,
        /// The requested command.
        verb: String,
        offered: Vec<&'static str>,
        /// The file of a description of the user's own.
        file: Option<PathBuf>,
    },
    /// An option that this service's tokens do not have.
    #[error("{service} tokens do not support {option}")]
    UnsupportedOption {
        service: String,
        option: &'static str,
        /// The file of a description of the user's own.
        file: Option<PathBuf>,
    },
    /// The service has several kinds of token, and the command is about none of them.
    #[error("{service} has several kinds of tokens: {}", kinds.join(", "))]
    KindRequired { service: String, kinds: Vec<String> },
    #[error("invalid value for --kind: {service} has no kind of tokens \"{kind}\"")]
    UnknownKind {
        service: String,
        kind: String,
        known: Vec<String>,
    },
    /// The ids of one command are of several kinds.
    #[error("the ids are of several kinds of {service} tokens")]
    SeveralKinds { service: String },
    /// A filter or an order by a fact that the service does not report.
    #[error("{service} does not report {fact}: {option} cannot be used")]
    UnreportedFact {
        service: String,
        /// In the plural, such as "the names of tokens".
        fact: &'static str,
        /// The option that requires it.
        option: String,
        /// What can be used instead.
        instead: Option<&'static str>,
    },
    /// A value that this service's tokens cannot have.
    #[error("{service} tokens {problem}")]
    InvalidArgument {
        service: String,
        /// What is wrong, after "tokens".
        problem: String,
    },
    /// The list has no token with this key.
    #[error("{service} lists no token with this key")]
    KeyNotFound { service: String },
    /// The list shows the same part of several keys.
    #[error("{service} shows too little of its keys to identify this token")]
    AmbiguousKey { service: String },
    /// An id that would change the path of the call.
    #[error("`{0}` is not a valid token id")]
    InvalidId(String),
    /// The API base URL and the call's path are not a valid URL.
    #[error(transparent)]
    Url(#[from] InvalidUrl),
    #[error(transparent)]
    Http(#[from] HttpError),
}

/// The message of an error response whose body is not the service's own.
const GATEWAY_PAGE: &str = "the response is an HTML page, probably of a gateway or firewall";

/// Returns what a call takes besides the credential, after "rejected the credential".
fn typed_text(takes_password: bool, takes_one_time_password: bool) -> &'static str {
    match (takes_password, takes_one_time_password) {
        (true, true) => ", the password or the one-time password",
        (true, false) => " or the password",
        _ => " or the one-time password",
    }
}

impl ServiceError {
    /// Creates the error for a command that the service does not support.
    pub fn unsupported(descriptor: &Descriptor, verb: impl Into<String>) -> Self {
        Self::Unsupported {
            service: descriptor.name.clone(),
            verb: verb.into(),
            offered: descriptor.supported_verbs(),
            file: descriptor.file.clone(),
        }
    }
}

impl ApiError {
    /// Parses `response` by the error map of the service's description.
    pub fn from_response(descriptor: &Descriptor, response: &Response) -> Self {
        Self::from_response_to(None, descriptor, response)
    }

    /// As [`ApiError::from_response`], for the response to `call`.
    pub(super) fn from_response_to(
        call: Option<ErrorCall>,
        descriptor: &Descriptor,
        response: &Response,
    ) -> Self {
        let body = response.json().unwrap_or(Value::Null);
        let map = &descriptor.errors;
        let status = response.status.as_u16();
        let special = map.find_special(call, status, &body);
        let text =
            |pointers: &[Pointer]| first_text(pointers, &body).map(|text| sanitize_detail(&text));
        let kind = special.map_or_else(
            || kind_from_status(status),
            |case| kind_from_meaning(case.means),
        );
        let message = text(&map.message);
        let mut missing = sanitized_texts(&map.missing, &body);
        if kind == ApiErrorKind::Forbidden {
            let found = missing_scope::find_missing(descriptor, response, message.as_deref());
            missing.extend(found);
        }
        let in_body = text(&map.retry_after).and_then(|text| parse_seconds(&text));
        let in_header = response.retry_after(response.date().unwrap_or(Timestamp::MAX));
        Self {
            kind,
            service: descriptor.name.clone(),
            status,
            code: text(&map.code),
            message,
            request_id: text(&map.request_id).or_else(|| response.request_id()),
            fields: sanitized_texts(&map.fields, &body),
            advice: Vec::from_iter(missing_scope::missing_scope_hint(&missing)),
            retry_after: in_header.or(in_body),
            link: special.and_then(|case| text(&case.link)),
            limit: None,
            is_html: response.is_html(),
        }
    }

    /// Returns true if a rejected refresh means that the user must sign in again. A page of a gateway does not.
    pub fn requires_login(&self) -> bool {
        let is_transient = matches!(self.status, 408 | 429);
        (400..500).contains(&self.status) && !is_transient && !self.is_html
    }

    /// Adds the documented token quota to the advice if it may be the reason for the error. `permanent` is the requested
    /// lifetime and `field` the service's name for it.
    pub(super) fn explain_quota(
        &mut self,
        limit: &Quota,
        permanent: Option<bool>,
        field: Option<&str>,
    ) {
        let may_be_quota = matches!(self.kind, ApiErrorKind::Rejected | ApiErrorKind::Forbidden);
        let (applies, kind) = match limit.of {
            QuotaScope::Active => (true, "active"),
            QuotaScope::Permanent => (permanent == Some(true), "permanent"),
        };
        // An error about another field has its own reason.
        let names_other_field = self.fields.iter().any(|name| Some(name.as_str()) != field);
        if may_be_quota && applies && !names_other_field {
            let (service, count, per) = (&self.service, limit.count, &limit.per);
            let count = format_count(count, &format!("{kind} token"));
            let limit = format!("{service} allows at most {count} per {per}");
            self.advice.push(
                Hint::from(format!("{limit}: list them with "))
                    .command("token list")
                    .text(", revoke one with ")
                    .command("token revoke ID"),
            );
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.service, self.kind.verb())?;
        let detail = self.message.as_ref().or(self.code.as_ref());
        match detail {
            Some(detail) => write!(f, ": {}", detail.trim_end_matches('.'))?,
            None if self.is_html && matches!(self.status, 401 | 403) => {
                write!(f, ": {GATEWAY_PAGE}")?;
            }
            None => {}
        }
        write!(f, " (HTTP {}", self.status)?;
        if let Some(code) = self.code.as_ref().filter(|code| Some(*code) != detail) {
            write!(f, ", {code}")?;
        }
        if !self.fields.is_empty() {
            write!(f, ", fields {}", self.fields.join(", "))?;
        }
        if let Some(id) = &self.request_id {
            write!(f, ", request {id}")?;
        }
        f.write_str(")")
    }
}

impl ApiErrorKind {
    fn verb(self) -> &'static str {
        match self {
            Self::CredentialRejected => "rejected the credential",
            Self::PaymentRequired => "requires payment",
            Self::Forbidden => "denied access",
            Self::NotFound => "found no such resource",
            Self::RateLimited => "rate limited the request",
            Self::Unavailable => "is unavailable",
            Self::Rejected => "rejected the request",
        }
    }
}

fn kind_from_status(status: u16) -> ApiErrorKind {
    match status {
        401 => ApiErrorKind::CredentialRejected,
        402 => ApiErrorKind::PaymentRequired,
        403 => ApiErrorKind::Forbidden,
        404 | 410 => ApiErrorKind::NotFound,
        429 => ApiErrorKind::RateLimited,
        500.. => ApiErrorKind::Unavailable,
        _ => ApiErrorKind::Rejected,
    }
}

fn kind_from_meaning(meaning: ErrorMeaning) -> ApiErrorKind {
    match meaning {
        ErrorMeaning::PaymentRequired => ApiErrorKind::PaymentRequired,
        ErrorMeaning::CredentialRejected => ApiErrorKind::CredentialRejected,
        ErrorMeaning::RateLimited => ApiErrorKind::RateLimited,
    }
}

/// Parses seconds, rounded up to whole ones.
fn parse_seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.parse().ok()?;
    Duration::try_from_secs_f64(seconds.ceil()).ok()
}

/// Returns the first 8 texts at `pointers`.
fn sanitized_texts(pointers: &[Pointer], body: &Value) -> Vec<String> {
    let texts = first_texts(pointers, body);
    let first = texts.iter().take(8);
    first.map(|text| sanitize_detail(text)).collect()
}

/// Returns a service's text on one line of at most 300 characters.
pub(super) fn sanitize_detail(text: &str) -> String {
    sanitize_line_to(300, text)
}
