//! Builds a request from the arguments of the user, and sends it.

use std::path::PathBuf;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use url::Url;

use crate::actions::api::field::{self, ApiField};
use crate::actions::api::header::ApiHeader;
use crate::actions::{ActionError, ApiCallError, AuthenticatedClient, Purpose};
use crate::domain::{BaseUrl, InvalidUrl, Origin};
use crate::host::{ByteSource, read_file, read_pipe};
use crate::http::{
    HttpError, Method, Request, RequestBody, Response, StatusCode, StreamedResponse, header,
    redact_url,
};

#[derive(Debug, Default)]
pub struct ApiArguments {
    pub method: Option<Method>,
    /// A path below the API base URL, or a whole URL. Empty for the base URL itself.
    pub path: String,
    pub fields: Vec<ApiField>,
    pub headers: Vec<ApiHeader>,
    /// A file with the body; `-` is stdin.
    pub input: Option<PathBuf>,
}

/// A request without a credential, and its body.
#[derive(Debug)]
pub struct ApiCall {
    pub request: Request,
    pub body: RequestBody,
}

impl ApiArguments {
    /// Returns the method: POST with fields or a body, else GET.
    pub fn method(&self) -> Method {
        let default = if self.fields.is_empty() && self.input.is_none() {
            Method::GET
        } else {
            Method::POST
        };
        self.method.clone().unwrap_or(default)
    }

    /// Returns whether the request only reads.
    pub fn purpose(&self) -> Purpose {
        if matches!(self.method(), Method::GET | Method::HEAD) {
            return Purpose::Read;
        }
        Purpose::Change
    }

    /// Returns true if the fields are the query: the method has no body, or the body is given.
    fn are_fields_in_query(&self) -> bool {
        self.input.is_some() || matches!(self.method(), Method::GET | Method::HEAD)
    }
}

/// Parses a method.
///
/// # Errors
/// [`ApiCallError::InvalidMethod`]; `CONNECT` and `TRACE` would send the credential elsewhere, or return it.
pub fn parse_method(text: &str) -> Result<Method, ApiCallError> {
    let is_word = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let method = Method::from_bytes(text.to_ascii_uppercase().as_bytes());
    method
        .ok()
        .filter(|method| is_word && !matches!(*method, Method::CONNECT | Method::TRACE))
        .ok_or(ApiCallError::InvalidMethod)
}

impl AuthenticatedClient<'_> {
    /// Builds the request for the API of the credential's service. The credential is added when it is sent.
    ///
    /// # Errors
    /// [`ApiCallError`] if a URL has another origin, a header is not allowed, or the body cannot be opened.
    pub async fn build_api_call(&self, arguments: &ApiArguments) -> Result<ApiCall, ActionError> {
        let base = self.service().await.base_url;
        let mut url = self.resolve_url(&base, &arguments.path)?;
        if arguments.are_fields_in_query() && !arguments.fields.is_empty() {
            let parameters = arguments.fields.iter().filter_map(ApiField::as_parameter);
            url.query_pairs_mut().extend_pairs(parameters);
        }
        let mut request = Request::new(arguments.method(), url).header(header::ACCEPT, "*/*")?;
        let mut body = RequestBody::none();
        if let Some(path) = &arguments.input {
            body = open_body(path)?;
            request = request.header(header::CONTENT_TYPE, "application/json")?;
        } else if !arguments.are_fields_in_query() && !arguments.fields.is_empty() {
            request = request.json(&field::to_json(&arguments.fields)?);
        }
        let request = self.add_headers(request, &arguments.headers)?;
        Ok(ApiCall { request, body })
    }

    /// Sends `call` and returns the response, whatever its status.
    ///
    /// # Errors
    /// As [`AuthenticatedClient::open_stream`], and [`HttpError::Redirected`].
    pub async fn send_api_call(&self, call: ApiCall) -> Result<StreamedResponse, ActionError> {
        let response = self.open_stream(&call.request, call.body).await?;
        check_redirect(&call.request, &response.head())?;
        self.record_request(&call.request, response.status).await;
        Ok(response)
    }

    pub(super) async fn record_request(&self, request: &Request, status: StatusCode) {
        let selected = self.selected().await;
        self.session.record_request(&selected, request, status);
    }

    fn resolve_url(&self, base: &BaseUrl, path: &str) -> Result<Url, ApiCallError> {
        let origin = base.origin();
        let is_url = path.contains("://") && !path.starts_with('/');
        let url = if is_url {
            Url::parse(path).map_err(|_| ApiCallError::InvalidPath)?
        } else {
            if leads_above(path) {
                return Err(ApiCallError::PathAboveBase { base: base.clone() });
            }
            let below = format!("/{}", path.trim_start_matches('/'));
            // The base URL may be a resource that does not exist with a final slash.
            let below = if path.is_empty() { "" } else { &*below };
            let joined: Result<Url, InvalidUrl> = base.join(below);
            joined.map_err(|_| ApiCallError::InvalidPath)?
        };
        let found = url.origin().ascii_serialization();
        let is_own = Origin::of(&url).is_ok_and(|found| found == origin);
        if !is_own && found != origin.to_string() {
            return Err(ApiCallError::ForeignUrl {
                found: crate::domain::sanitize_line(&found),
                origin,
                profile: self.session.target.name.to_string(),
            });
        }
        // A URL with a user name.
        is_own.then_some(url).ok_or(ApiCallError::InvalidPath)
    }

    fn add_headers(
        &self,
        mut request: Request,
        headers: &[ApiHeader],
    ) -> Result<Request, ActionError> {
        let mut replaced = Vec::new();
        for ApiHeader { name, value } in headers {
            let header = ApiHeader {
                name: name.clone(),
                value: value.clone(),
            };
            header.check_not_credential(&self.session.target.descriptor)?;
            // The first one replaces the default, the others are added to it.
            request = if replaced.contains(name) {
                request.add_header(name.clone(), value)?
            } else {
                request.header(name.clone(), value)?
            };
            replaced.push(name.clone());
        }
        Ok(request)
    }
}

/// Returns true if the segments `..` of a path lead above its beginning, also as `%2e%2e`, with `\`, or between the
/// encoded slashes that some servers decode.
fn leads_above(path: &str) -> bool {
    let end = path.find(['?', '#']).unwrap_or(path.len());
    // URL parsers remove tabs and line feeds.
    let path = path[..end].replace(['\t', '\r', '\n'], "");
    let path = percent_decode_str(&path).decode_utf8_lossy();
    let path = path.replace('\\', "/");
    let mut depth = 0_usize;
    for segment in path.split('/') {
        depth = match segment {
            "" | "." => depth,
            ".." => match depth.checked_sub(1) {
                Some(above) => above,
                None => return true,
            },
            _ => depth + 1,
        };
    }
    false
}

fn open_body(path: &std::path::Path) -> Result<RequestBody, ApiCallError> {
    let source = ByteSource::open(path).map_err(|cause| ApiCallError::Input {
        path: path.to_owned(),
        cause,
    })?;
    Ok(match source {
        ByteSource::File(file, length) => {
            RequestBody::repeatable(move || read_file(Arc::clone(&file)), Some(length))
        }
        ByteSource::Pipe(pipe) => RequestBody::stream(read_pipe(pipe), None),
    })
}

/// Fails for a redirect, which must not be followed with a credential.
pub(super) fn check_redirect(request: &Request, head: &Response) -> Result<(), HttpError> {
    let is_redirect = matches!(head.status.as_u16(), 301 | 302 | 303 | 307 | 308);
    let Some(location) = head.header("location").filter(|_| is_redirect) else {
        return Ok(());
    };
    let target = request.url().join(location);
    Err(HttpError::Redirected {
        url: redact_url(request.url()),
        to: target.map_or_else(|_| "an invalid URL".to_owned(), |url| redact_url(&url)),
    })
}
