//! Posts a form to an endpoint of an authorization server and classifies the response as members, error or unusable.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Map, Value};
use url::Url;
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use super::OauthError;
use super::client_assertion::{self, AssertionSigner};
use super::error_code::{self, PollCode, ReportedError};
use crate::domain::{
    ClientAuthMethod, ClientAuthentication, ClientSecret, OAuthServer, Origin, Secret,
    sanitize_line,
};
use crate::http::{Client, HttpError, Method, Request, Response, StatusCode, header, redact_url};

/// Fields whose values are redacted from responses: some servers quote a rejected value.
const SECRET_FIELDS: [&str; 7] = [
    "assertion",
    "code",
    "code_verifier",
    "device_code",
    "refresh_token",
    "subject_token",
    "token",
];

/// The field of a client secret (RFC 6749 §2.3.1).
const CLIENT_SECRET: &str = "client_secret";

/// JSON pointers to the issued tokens in a successful response.
const TOKEN_POINTERS: [&str; 3] = ["/access_token", "/refresh_token", "/id_token"];

/// How many characters of a server's description are shown.
const MAX_DESCRIPTION: usize = 300;

/// A form that is posted to an endpoint.
pub(super) struct FormRequest<'a> {
    pub(super) endpoint: &'a Url,
    /// Names and values; empty values are omitted.
    pub(super) fields: &'a [(&'a str, &'a str)],
    /// The client whose secret or key authenticates the request.
    pub(super) client: Option<&'a OAuthServer>,
    /// Whether a failed request may be sent again: not while polling, which has its own interval.
    pub(super) can_retry: bool,
}

/// An OAuth 2.0 error code (RFC 6749 §5.2, RFC 8628 §3.5) in a response with any status below 500.
pub(super) struct ErrorResponse {
    pub(super) code: String,
    pub(super) error: OauthError,
    pub(super) retry_after: Option<Duration>,
}

/// A classified response.
pub(super) enum EndpointResponse {
    /// 2xx with a JSON object without an error code.
    Members(Map<String, Value>),
    Error(ErrorResponse),
    /// Anything else: 5xx and 429, a 4xx without a code, a body that is not a JSON object.
    Unusable(OauthError),
}

impl<'a> FormRequest<'a> {
    /// Returns the empty form that classifies the response to a GET of `endpoint`.
    pub(super) fn for_get(endpoint: &'a Url) -> Self {
        Self {
            endpoint,
            fields: &[],
            client: None,
            can_retry: true,
        }
    }
}

impl FormRequest<'_> {
    /// Sends `request`, a GET of the form's endpoint, and returns the members of the JSON document.
    pub(super) async fn get(
        &self,
        client: &Client,
        request: Request,
    ) -> Result<Map<String, Value>, OauthError> {
        let request = request.header(header::ACCEPT, "application/json")?;
        let response = client.send(request).await?;
        self.classify(&response).into_members()
    }

    /// Sends the form, each time with a new assertion if the client has a key.
    pub(super) async fn post(&self, client: &Client) -> Result<Response, OauthError> {
        let signer = self.client.and_then(AssertionSigner::new).transpose()?;
        let origin = self.endpoint.origin().ascii_serialization();
        let build = || {
            let sign = |signer: &AssertionSigner<'_>| signer.sign(client.time_at(&origin));
            let assertion = signer.as_ref().map(sign).transpose()?;
            Ok::<_, OauthError>(self.build(assertion.as_ref())?)
        };
        let time_before = client.time_at(&origin);
        // Boxed to keep the futures of all callers small.
        let response = Box::pin(client.send_rebuilt(build)).await?;
        let is_clock_wrong = client_assertion::is_clock_wrong(time_before, client.time_at(&origin));
        if signer.is_some() && is_clock_wrong && self.rejects_client(&response) {
            return Box::pin(client.send_rebuilt(build)).await;
        }
        Ok(response)
    }

    fn rejects_client(&self, response: &Response) -> bool {
        match self.classify(response) {
            EndpointResponse::Error(error) => error.code == "invalid_client",
            _ => false,
        }
    }

    fn build(&self, assertion: Option<&Secret>) -> Result<Request, HttpError> {
        let request = Request::new(Method::POST, self.endpoint.clone())
            .header(header::ACCEPT, "application/json")?
            .expect_secrets_at(TOKEN_POINTERS.map(str::to_owned));
        let request = match assertion {
            Some(assertion) => self.add_assertion(request, assertion),
            None => self.authenticate(request)?,
        };
        let secrets = self.fields.iter();
        let secrets = secrets.filter(|(name, _)| SECRET_FIELDS.contains(name));
        let request = secrets.fold(request, |request, (_, value)| {
            request.redact_if_echoed(&Secret::new(*value))
        });
        Ok(if self.can_retry {
            request
        } else {
            request.no_retry()
        })
    }

    /// Sets the form with an assertion (RFC 7523 §2.2).
    fn add_assertion(&self, request: Request, assertion: &Secret) -> Request {
        let fields = [
            ("client_assertion_type", client_assertion::TYPE),
            ("client_assertion", assertion.expose()),
        ];
        let request = request.form(&[self.fields, &fields].concat());
        request.redact_if_echoed(assertion)
    }

    /// Sets the form, and adds the client secret if the client has one.
    fn authenticate(&self, request: Request) -> Result<Request, HttpError> {
        let secret = self
            .client
            .and_then(|server| match &server.client.authentication {
                ClientAuthentication::Secret(secret) => Some((&server.client_id, secret)),
                ClientAuthentication::None | ClientAuthentication::Key(_) => None,
            });
        match secret {
            Some((id, secret)) => self.add_secret(request, id, secret),
            None => Ok(request.form(self.fields)),
        }
    }

    fn add_secret(
        &self,
        request: Request,
        id: &str,
        secret: &ClientSecret,
    ) -> Result<Request, HttpError> {
        let request = request.redact_if_echoed(&secret.value);
        match secret.method {
            ClientAuthMethod::Post => {
                let field = (CLIENT_SECRET, secret.value.expose());
                Ok(request.form(&[self.fields, &[field]].concat()))
            }
            ClientAuthMethod::Basic => {
                let not_permitted = |_| HttpError::NotPermitted {
                    url: redact_url(self.endpoint),
                };
                let origin = Origin::of(self.endpoint).map_err(not_permitted)?;
                let header = basic_credentials(id, &secret.value);
                let request = request.form(self.fields);
                request.authorize(&origin, header::AUTHORIZATION, &header)
            }
        }
    }

    /// Classifies `response`. A 5xx is a server failure whatever its body contains, and so are 408 and 429, unless the body
    /// has an error code of the device flow.
    pub(super) fn classify(&self, response: &Response) -> EndpointResponse {
        let members = match response.json() {
            Some(Value::Object(members)) => Some(members),
            _ => None,
        };
        let is_success = response.is_success();
        let reports_error = |members: &Map<String, Value>| !is_success || is_error(members);
        let error = members.as_ref().filter(|members| reports_error(members));
        let error = error.map(ReportedError::from_members);
        if is_transient(response.status, error.as_ref()) {
            return EndpointResponse::Unusable(self.status_error(response));
        }
        match (error, members) {
            (Some(error), _) => self.classify_error(response, error),
            (None, Some(members)) => EndpointResponse::Members(members),
            (None, None) if is_success => {
                EndpointResponse::Unusable(self.malformed_error(describe_body(response)))
            }
            (None, None) => EndpointResponse::Unusable(self.bodiless_error(response)),
        }
    }

    fn classify_error(&self, response: &Response, error: ReportedError) -> EndpointResponse {
        let code = error.code.as_deref();
        let refused = self.refused_error(response, code, error.text.as_deref());
        match error.code {
            Some(code) => EndpointResponse::Error(ErrorResponse {
                code,
                error: refused,
                retry_after: retry_after(response),
            }),
            _ if response.status.is_client_error() => EndpointResponse::Unusable(refused),
            _ if response.is_success() => {
                EndpointResponse::Unusable(self.malformed_error("its `error` is not a string"))
            }
            _ => EndpointResponse::Unusable(self.status_error(response)),
        }
    }

    /// Returns the error of a response that is neither a success nor a JSON object.
    fn bodiless_error(&self, response: &Response) -> OauthError {
        match response.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if response.is_html() => {
                OauthError::GatewayPage {
                    endpoint: redact_url(self.endpoint),
                    status: response.status,
                }
            }
            status if status.is_client_error() => self.refused_error(response, None, None),
            _ => self.status_error(response),
        }
    }

    fn refused_error(
        &self,
        response: &Response,
        code: Option<&str>,
        description: Option<&str>,
    ) -> OauthError {
        OauthError::Refused {
            endpoint: redact_url(self.endpoint),
            status: response.status,
            error: code.and_then(|code| self.redact_server_text(code)),
            description: description.and_then(|text| self.redact_server_text(text)),
            request_id: response.request_id(),
            is_html: response.is_html(),
        }
    }

    pub(super) fn status_error(&self, response: &Response) -> OauthError {
        OauthError::Status {
            endpoint: redact_url(self.endpoint),
            status: response.status,
            retry_after: retry_after(response).map(|wait| wait.as_secs()),
            request_id: response.request_id(),
        }
    }

    pub(super) fn malformed_error(&self, problem: impl Into<String>) -> OauthError {
        OauthError::Malformed {
            endpoint: redact_url(self.endpoint),
            problem: problem.into(),
        }
    }

    pub(super) fn unusable_token_error(
        &self,
        problem: String,
        refresh_token: Option<Secret>,
    ) -> OauthError {
        OauthError::UnusableAccessToken {
            endpoint: redact_url(self.endpoint),
            problem,
            refresh_token,
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

    /// Redacts the form's secrets from a text of the server, sanitizes and truncates it.
    fn redact_server_text(&self, text: &str) -> Option<String> {
        let secrets = self
            .fields
            .iter()
            .filter(|(name, value)| SECRET_FIELDS.contains(name) && !value.is_empty());
        // Sanitized first, since a control character may split a secret.
        let redacted = secrets.fold(sanitize_line(text), |text, (name, value)| {
            text.replace(value, &format!("[{name}]"))
        });
        let shown: String = redacted.chars().take(MAX_DESCRIPTION).collect();
        (!shown.is_empty()).then_some(shown)
    }
}

/// Returns the delay of `Retry-After`. A date in it is compared with the `Date` of the response, because the local clock may be
/// wrong; without a `Date` it is ignored.
fn retry_after(response: &Response) -> Option<Duration> {
    let wait = response.retry_after(response.date().unwrap_or(Timestamp::MAX));
    wait.filter(|wait| !wait.is_zero())
}

/// Returns the value of the `Authorization` header. Id and secret are form-encoded first (RFC 6749 §2.3.1).
fn basic_credentials(client_id: &str, secret: &Secret) -> Secret {
    let encode = |text: &str| -> Zeroizing<String> {
        Zeroizing::new(byte_serialize(text.as_bytes()).collect())
    };
    let pair = Zeroizing::new(format!(
        "{}:{}",
        *encode(client_id),
        *encode(secret.expose())
    ));
    Secret::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())))
}

fn is_transient(status: StatusCode, error: Option<&ReportedError>) -> bool {
    let code = error.and_then(|error| error_code::poll_code(error.code.as_deref()?));
    let is_overload = matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
    );
    let keeps_polling = matches!(code, Some(PollCode::Pending | PollCode::SlowDown));
    status.is_server_error() || is_overload && !keeps_polling
}

/// Returns true if a 2xx body is an error: it has an error, and no access token beside an unknown error.
fn is_error(members: &Map<String, Value>) -> bool {
    let has_token = members
        .get("access_token")
        .and_then(Value::as_str)
        .is_some_and(|token| !token.is_empty());
    error_code::has_error(members) && (!has_token || error_code::is_standard(members))
}

impl EndpointResponse {
    pub(super) fn into_members(self) -> Result<Map<String, Value>, OauthError> {
        match self {
            Self::Members(members) => Ok(members),
            Self::Error(response) => Err(response.error),
            Self::Unusable(error) => Err(error),
        }
    }
}

/// Describes a body that is not a JSON object, without quoting it.
fn describe_body(response: &Response) -> String {
    let kind = response
        .header(header::CONTENT_TYPE.as_str())
        .map(sanitize_line);
    let problem = if response.body.iter().all(u8::is_ascii_whitespace) {
        "it is empty"
    } else if response.body.trim_ascii_start().starts_with(b"<") {
        "it is an HTML page, not JSON"
    } else if response.json().is_some() {
        "it is not a JSON object"
    } else {
        "it is not valid JSON, or truncated"
    };
    let encoding = response.header(header::CONTENT_ENCODING.as_str());
    let encoding = encoding.map(|name| format!("content encoding {}", sanitize_line(name)));
    let facts: Vec<String> = kind.into_iter().chain(encoding).collect();
    let facts = facts.join(", ");
    if facts.is_empty() {
        problem.to_owned()
    } else {
        format!("{problem} ({facts})")
    }
}
