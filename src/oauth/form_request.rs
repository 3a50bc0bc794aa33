//! One POST to an endpoint of an authorization server, and what its answer means before anybody looks for a token.

use std::time::Duration;

use jiff::Timestamp;
use oauth2::DeviceCodeErrorResponseType;
use serde_json::{Map, Value};
use url::Url;

use super::OauthError;
use crate::domain::{Secret, sanitize_line};
use crate::http::{Client, HttpError, Method, Request, Response, StatusCode, header, redact_url};

/// Fields whose values must not come back in an error: some servers quote what they refuse.
const SECRET_FIELDS: [&str; 4] = ["device_code", "refresh_token", "token", "code_verifier"];

/// Where a successful response hands out tokens.
const TOKEN_POINTERS: [&str; 3] = ["/access_token", "/refresh_token", "/id_token"];

/// How much of a server's own words is shown.
const MAX_DESCRIPTION: usize = 300;

/// A form that is posted to an endpoint.
pub(super) struct FormRequest<'a> {
    /// Where to.
    pub(super) endpoint: &'a Url,
    /// Names and values; empty ones are left out.
    pub(super) fields: &'a [(&'a str, &'a str)],
    /// Whether the transport may try again: not while polling, which has its own rhythm.
    pub(super) retry: bool,
}

/// A refusal with an OAuth2 error code (RFC 6749 §5.2, RFC 8628 §3.5), whatever the status was.
pub(super) struct ErrorResponse {
    pub(super) code: DeviceCodeErrorResponseType,
    pub(super) error: OauthError,
    pub(super) retry_after: Option<Duration>,
}

/// An answer, told apart by what it says.
pub(super) enum EndpointResponse {
    /// 2xx with a JSON object that is no error.
    Members(Map<String, Value>),
    /// An error code.
    Error(ErrorResponse),
    /// Anything else: 5xx and 429, a 4xx without a code, a body that is no JSON object.
    Unusable(OauthError),
}

impl FormRequest<'_> {
    /// Sends it.
    pub(super) async fn post(&self, client: &Client) -> Result<Response, HttpError> {
        let request = Request::new(Method::POST, self.endpoint.clone())
            .header(header::ACCEPT, "application/json")?
            .form(self.fields)
            .expect_secrets_at(TOKEN_POINTERS.map(str::to_owned));
        let secrets = self.fields.iter();
        let secrets = secrets.filter(|(name, _)| SECRET_FIELDS.contains(name));
        let request = secrets.fold(request, |request, (_, value)| {
            request.redact_if_echoed(&Secret::new(*value))
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
    pub(super) fn classify(&self, answer: &Response) -> EndpointResponse {
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
            _ if passing => EndpointResponse::Unusable(self.status_error(answer)),
            (Some(members), Some(code)) => self.classify_error(answer, code, members),
            _ if answer.status.is_client_error() => {
                EndpointResponse::Unusable(self.refused_error(answer, None, None))
            }
            _ if !answer.is_success() => EndpointResponse::Unusable(self.status_error(answer)),
            _ => self.classify_success(answer, members),
        }
    }

    fn classify_success(
        &self,
        answer: &Response,
        members: Option<Map<String, Value>>,
    ) -> EndpointResponse {
        match members {
            Some(members) if !members.contains_key("error") => EndpointResponse::Members(members),
            Some(_) => EndpointResponse::Unusable(self.malformed_error("its `error` is no text")),
            None => EndpointResponse::Unusable(self.malformed_error(describe_body(answer))),
        }
    }

    fn classify_error(
        &self,
        answer: &Response,
        code: &str,
        members: &Map<String, Value>,
    ) -> EndpointResponse {
        let kind = serde_json::from_value(Value::from(code));
        let Ok(kind) = kind else {
            return EndpointResponse::Unusable(self.malformed_error("its `error` is no text"));
        };
        let description = members.get("error_description").and_then(Value::as_str);
        EndpointResponse::Error(ErrorResponse {
            code: kind,
            error: self.refused_error(answer, Some(code), description),
            retry_after: retry_after(answer),
        })
    }

    fn refused_error(
        &self,
        answer: &Response,
        code: Option<&str>,
        description: Option<&str>,
    ) -> OauthError {
        OauthError::Refused {
            endpoint: redact_url(self.endpoint),
            status: answer.status,
            error: code.and_then(|code| self.redact_server_text(code)),
            description: description.and_then(|text| self.redact_server_text(text)),
            request_id: answer.request_id(),
        }
    }

    pub(super) fn status_error(&self, answer: &Response) -> OauthError {
        OauthError::Status {
            endpoint: redact_url(self.endpoint),
            status: answer.status,
            retry_after: retry_after(answer).map(|wait| wait.as_secs()),
            request_id: answer.request_id(),
        }
    }

    pub(super) fn malformed_error(&self, what: impl Into<String>) -> OauthError {
        OauthError::Malformed {
            endpoint: redact_url(self.endpoint),
            what: what.into(),
        }
    }

    pub(super) fn missing_field_error(&self, field: &'static str) -> OauthError {
        OauthError::MissingField {
            endpoint: redact_url(self.endpoint),
            field,
        }
    }

    pub(super) fn unsafe_address_error(&self, field: &'static str) -> OauthError {
        OauthError::UnsafeAddress {
            endpoint: redact_url(self.endpoint),
            field,
        }
    }

    /// The server's words without what we sent it in confidence.
    fn redact_server_text(&self, text: &str) -> Option<String> {
        let secrets = self
            .fields
            .iter()
            .filter(|(name, value)| SECRET_FIELDS.contains(name) && !value.is_empty());
        // Cleaned first: what is dropped could have stood in the middle of a secret.
        let sanitized = secrets.fold(sanitize_line(text), |told, (name, value)| {
            told.replace(value, &format!("[{name}]"))
        });
        let told: String = sanitized.chars().take(MAX_DESCRIPTION).collect();
        (!told.is_empty()).then_some(told)
    }
}

/// There is no clock here: a date counts only beside the server's own.
fn retry_after(answer: &Response) -> Option<Duration> {
    let wait = answer.retry_after(answer.date().unwrap_or(Timestamp::MAX));
    wait.filter(|wait| !wait.is_zero())
}

impl EndpointResponse {
    /// The members, or the error.
    pub(super) fn into_members(self) -> Result<Map<String, Value>, OauthError> {
        match self {
            Self::Members(members) => Ok(members),
            Self::Error(refusal) => Err(refusal.error),
            Self::Unusable(error) => Err(error),
        }
    }
}

/// What a body that is no JSON object looks like, without showing it.
fn describe_body(answer: &Response) -> String {
    let kind = answer
        .header(header::CONTENT_TYPE.as_str())
        .map(sanitize_line);
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
