//! What went wrong at a service, read from its own error envelope. No answer's body is kept.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::missing_scope;
use crate::domain::{Hint, InvalidUrl, sanitize_line};
use crate::http::{HttpError, Response};
use crate::provider::{
    Descriptor, ErrorMeaning, Pointer, Quota, QuotaScope, first_text, first_texts,
};

/// The class of an error response; each has its own code and exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiErrorKind {
    /// 401: the credential is not accepted.
    CredentialRejected,
    /// 402, or what a service says instead.
    PaymentRequired,
    /// 403: accepted, but not for this.
    Forbidden,
    /// 404.
    NotFound,
    /// 429.
    RateLimited,
    /// 5xx.
    Unavailable,
    /// Every other 4xx: the request itself is at fault.
    Rejected,
}

/// A service's "no", in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// What it amounts to.
    pub kind: ApiErrorKind,
    /// The service's name.
    pub service: String,
    /// The HTTP status.
    pub status: u16,
    /// The service's own code.
    pub code: Option<String>,
    /// The service's own message.
    pub message: Option<String>,
    /// What the service's support asks for.
    pub request_id: Option<String>,
    /// The fields of the request that are at fault.
    pub fields: Vec<String>,
    /// What to do about it, as far as the service's description and its answer tell.
    pub advice: Vec<Hint>,
    /// How long to wait before another try.
    pub retry_after: Option<Duration>,
    /// Where the matter can be settled.
    pub link: Option<String>,
    /// How often the service allows this call, where that is documented: `10 an hour`.
    pub limit: Option<String>,
}

/// Why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The service returned an error response.
    #[error("{0}")]
    Api(Box<ApiError>),
    /// Name and password do not belong together.
    #[error("{} does not accept this name with this password", .0.service)]
    WrongPassword(Box<ApiError>),
    /// The refresh token is dead: expired, revoked, or used already. The one error that ends a session.
    #[error("{} no longer accepts the session's refresh token", .0.service)]
    RefreshTokenRejected(Box<ApiError>),
    /// The service answered something that is not what it documents.
    #[error("{service} sent {what}")]
    Malformed {
        /// The service's name.
        service: String,
        /// What came.
        what: String,
    },
    /// No source documents such a call, so nothing was sent.
    #[error("{service} documents no `{verb}` call")]
    Unsupported {
        /// The service's name.
        service: String,
        /// The verb asked for.
        verb: String,
        /// The token verbs that it documents.
        offered: Vec<&'static str>,
    },
    /// An option that this service's tokens do not have.
    #[error("{service} tokens take no {option}")]
    UnsupportedOption {
        /// The service's name.
        service: String,
        /// The option.
        option: &'static str,
    },
    /// A value that this service's tokens cannot have.
    #[error("{service} tokens {problem}")]
    InvalidArgument {
        /// The service's name.
        service: String,
        /// What is wrong, after "tokens".
        problem: String,
    },
    /// The list has no token of this key.
    #[error("{service} lists no token with this key")]
    KeyNotFound {
        /// The service's name.
        service: String,
    },
    /// The list shows the same part of several keys.
    #[error("{service} shows too little of its keys to tell which token this is")]
    AmbiguousKey {
        /// The service's name.
        service: String,
    },
    /// An id that would change the meaning of the call.
    #[error("`{0}` cannot be the id of a token")]
    InvalidId(String),
    /// The service's address and the call make no URL.
    #[error(transparent)]
    Url(#[from] InvalidUrl),
    /// The exchange itself failed.
    #[error(transparent)]
    Http(#[from] HttpError),
}

impl ServiceError {
    /// No source documents `verb` for the service.
    pub fn unsupported(descriptor: &Descriptor, verb: impl Into<String>) -> Self {
        Self::Unsupported {
            service: descriptor.name.clone(),
            verb: verb.into(),
            offered: descriptor.tokens.supported_verbs(),
        }
    }
}

impl ApiError {
    /// Reads `response` by the service's error map.
    pub fn from_response(descriptor: &Descriptor, response: &Response) -> Self {
        let body = response.json().unwrap_or(Value::Null);
        let map = &descriptor.errors;
        let status = response.status.as_u16();
        let special = map.find_special(status, &body);
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
        }
    }

    /// Adds the documented limit of tokens to the advice if it may be the reason of the error. `permanent` is the requested
    /// lifetime and `field` the service's name for it.
    pub(super) fn explain_quota(
        &mut self,
        limit: &Quota,
        permanent: Option<bool>,
        field: Option<&str>,
    ) {
        let may_be_why = matches!(self.kind, ApiErrorKind::Rejected | ApiErrorKind::Forbidden);
        let (counts, what) = match limit.of {
            QuotaScope::Active => (true, "active"),
            QuotaScope::Permanent => (permanent == Some(true), "permanent"),
        };
        // An error about another field has its own reason.
        let is_about_it = self
            .fields
            .iter()
            .all(|at_fault| Some(at_fault.as_str()) == field);
        if may_be_why && counts && is_about_it {
            let (service, count, per) = (&self.service, limit.count, &limit.per);
            let limit = format!("{service} allows at most {count} {what} tokens per {per}");
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
        if let Some(detail) = detail {
            write!(f, ": {}", detail.trim_end_matches('.'))?;
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
            Self::PaymentRequired => "asks for payment first",
            Self::Forbidden => "does not allow this",
            Self::NotFound => "has no such thing",
            Self::RateLimited => "got too many requests",
            Self::Unavailable => "is not available",
            Self::Rejected => "refused the request",
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

/// Whole seconds, rounded up.
fn parse_seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.parse().ok()?;
    Duration::try_from_secs_f64(seconds.ceil()).ok()
}

/// Returns the first 8 texts at `pointers`.
fn sanitized_texts(pointers: &[Pointer], body: &Value) -> Vec<String> {
    let texts = first_texts(pointers, body);
    let shown = texts.iter().take(8);
    shown.map(|text| sanitize_detail(text)).collect()
}

/// A service's words are quoted on one line, up to 300 characters.
fn sanitize_detail(text: &str) -> String {
    const LONGEST: usize = 300;
    let text = sanitize_line(text);
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}
