//! One POST to an endpoint of an authorization server, and what its answer means before anybody looks for a token.

use std::time::Duration;

use jiff::Timestamp;
use oauth2::DeviceCodeErrorResponseType;
use serde_json::{Map, Value};
use url::Url;

use super::OauthError;
use crate::domain::{Secret, one_line};
use crate::http::{Answer, Client, HttpError, Method, Request, StatusCode, header, shown};

/// Fields whose values must not come back in an error: some servers quote what they refuse.
const SECRET_FIELDS: [&str; 4] = ["device_code", "refresh_token", "token", "code_verifier"];

/// Where a successful response hands out tokens.
const HANDED_OUT: [&str; 3] = ["/access_token", "/refresh_token", "/id_token"];

/// How much of a server's own words is shown.
const MAX_DESCRIPTION: usize = 300;

/// A form that is posted to an endpoint.
pub(super) struct Form<'a> {
    /// Where to.
    pub(super) endpoint: &'a Url,
    /// Names and values; empty ones are left out.
    pub(super) fields: &'a [(&'a str, &'a str)],
    /// Whether the transport may try again: not while polling, which has its own rhythm.
    pub(super) retry: bool,
}

/// A refusal with an OAuth2 error code (RFC 6749 §5.2, RFC 8628 §3.5), whatever the status was.
pub(super) struct Refusal {
    pub(super) code: DeviceCodeErrorResponseType,
    pub(super) error: OauthError,
    pub(super) retry_after: Option<Duration>,
}

/// An answer, told apart by what it says.
pub(super) enum Reply {
    /// 2xx with a JSON object that is no error.
    Members(Map<String, Value>),
    /// An error code.
    Refusal(Refusal),
    /// Anything else: 5xx and 429, a 4xx without a code, a body that is no JSON object.
    Other(OauthError),
}

impl Form<'_> {
    /// Sends it.
    pub(super) async fn post(&self, client: &Client) -> Result<Answer, HttpError> {
        let request = Request::new(Method::POST, self.endpoint.clone())
            .header(header::ACCEPT, "application/json")?
            .form(self.fields)
            .handing_out(HANDED_OUT.map(str::to_owned));
        let secrets = self.fields.iter();
        let secrets = secrets.filter(|(name, _)| SECRET_FIELDS.contains(name));
        let request = secrets.fold(request, |request, (_, value)| {
            request.confiding(&Secret::new(*value))
        });
        client
            .send(if self.retry {
                request
            } else {
                request.no_retry()
            })
            .await
    }

    /// Reads what came. A 5xx is trouble at the server whatever its body says; a 429 too, unless it says that in
    /// the device grant's own words.
    pub(super) fn read(&self, answer: &Answer) -> Reply {
        let members = match answer.json() {
            Some(Value::Object(members)) => Some(members),
            _ => None,
        };
        let code = members
            .as_ref()
            .and_then(|members| members.get("error")?.as_str());
        let throttled = answer.status == StatusCode::TOO_MANY_REQUESTS;
        let passing = match code {
            Some("slow_down" | "authorization_pending") if throttled => false,
            _ => throttled || answer.status.is_server_error(),
        };
        match (&members, code) {
            _ if passing => Reply::Other(self.status(answer)),
            (Some(members), Some(code)) => self.refusal(answer, code, members),
            _ if answer.status.is_client_error() => Reply::Other(self.refused(answer, None, None)),
            _ if !answer.is_success() => Reply::Other(self.status(answer)),
            _ => self.success(answer, members),
        }
    }

    fn success(&self, answer: &Answer, members: Option<Map<String, Value>>) -> Reply {
        match members {
            Some(members) if !members.contains_key("error") => Reply::Members(members),
            Some(_) => Reply::Other(self.malformed("its `error` is no text")),
            None => Reply::Other(self.malformed(unreadable(answer))),
        }
    }

    fn refusal(&self, answer: &Answer, code: &str, members: &Map<String, Value>) -> Reply {
        let kind = serde_json::from_value(Value::from(code));
        let Ok(kind) = kind else {
            return Reply::Other(self.malformed("its `error` is no text"));
        };
        let description = members.get("error_description").and_then(Value::as_str);
        Reply::Refusal(Refusal {
            code: kind,
            error: self.refused(answer, Some(code), description),
            retry_after: retry_after(answer),
        })
    }

    fn refused(
        &self,
        answer: &Answer,
        code: Option<&str>,
        description: Option<&str>,
    ) -> OauthError {
        OauthError::Refused {
            endpoint: shown(self.endpoint),
            status: answer.status,
            error: code.and_then(|code| self.words(code)),
            description: description.and_then(|text| self.words(text)),
            request_id: answer.request_id(),
        }
    }

    pub(super) fn status(&self, answer: &Answer) -> OauthError {
        OauthError::Status {
            endpoint: shown(self.endpoint),
            status: answer.status,
            retry_after: retry_after(answer).map(|wait| wait.as_secs()),
            request_id: answer.request_id(),
        }
    }

    pub(super) fn malformed(&self, what: impl Into<String>) -> OauthError {
        OauthError::Malformed {
            endpoint: shown(self.endpoint),
            what: what.into(),
        }
    }

    pub(super) fn missing(&self, field: &'static str) -> OauthError {
        OauthError::MissingField {
            endpoint: shown(self.endpoint),
            field,
        }
    }

    pub(super) fn unsafe_address(&self, field: &'static str) -> OauthError {
        OauthError::UnsafeAddress {
            endpoint: shown(self.endpoint),
            field,
        }
    }

    /// The server's words without what we sent it in confidence.
    fn words(&self, text: &str) -> Option<String> {
        let secrets = self
            .fields
            .iter()
            .filter(|(name, value)| SECRET_FIELDS.contains(name) && !value.is_empty());
        // Cleaned first: what is dropped could have stood in the middle of a secret.
        let told = secrets.fold(one_line(text), |told, (name, value)| {
            told.replace(value, &format!("[{name}]"))
        });
        let told: String = told.chars().take(MAX_DESCRIPTION).collect();
        (!told.is_empty()).then_some(told)
    }
}

/// There is no clock here: a date counts only beside the server's own.
fn retry_after(answer: &Answer) -> Option<Duration> {
    let wait = answer.retry_after(answer.date().unwrap_or(Timestamp::MAX));
    wait.filter(|wait| !wait.is_zero())
}

impl Reply {
    /// The members, or the error.
    pub(super) fn members(self) -> Result<Map<String, Value>, OauthError> {
        match self {
            Self::Members(members) => Ok(members),
            Self::Refusal(refusal) => Err(refusal.error),
            Self::Other(error) => Err(error),
        }
    }
}

/// What a body that is no JSON object looks like, without showing it.
fn unreadable(answer: &Answer) -> String {
    let kind = answer.header(header::CONTENT_TYPE.as_str()).map(one_line);
    let what = if answer.body.iter().all(u8::is_ascii_whitespace) {
        "it is empty"
    } else if answer.body.trim_ascii_start().starts_with(b"<") {
        "it is a web page, not JSON"
    } else if answer.json().is_some() {
        "it is JSON, but no object"
    } else {
        "it is no JSON, or cut off"
    };
    kind.map_or_else(|| what.to_owned(), |kind| format!("{what} ({kind})"))
}
