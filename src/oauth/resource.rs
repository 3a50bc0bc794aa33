//! Discovers how to sign in to a protected resource: from its challenge (RFC 9728 §5.1, RFC 6750 §3), its metadata (RFC 9728
//! §3) and the metadata of its authorization server, in the order of the Model Context Protocol's specification.

use std::time::Duration;

use serde_json::{Map, Value};
use url::Url;

use super::form_request::FormRequest;
use super::metadata::{fetch_metadata, most_relevant_error, parse_issuer};
use super::{Metadata, OauthError, ResourceError, json_fields};
use crate::domain::{ResourceUrl, Scopes, sanitize_line_to};
use crate::http::{
    Challenge, Client, HttpError, Request, RequestBody, ResponseLimits, StatusCode, challenges,
    header, redact_url,
};

/// The limits of a server that nothing is known about.
pub(super) const LIMITS: ResponseLimits = ResponseLimits {
    time: Duration::from_secs(5),
    body: 64 * 1024,
};

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// How many characters of a text of the server are shown.
const MAX_TEXT: usize = 200;

/// The URLs that a server may lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses only: the server itself has one.
    Public,
    /// Addresses of this network too.
    Anywhere,
}

/// How to sign in to a protected resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtectedResource {
    pub url: ResourceUrl,
    /// The issuers of its authorization servers, at least one.
    pub authorization_servers: Vec<String>,
    /// What to request: the scopes of the challenge, else those of the metadata.
    pub scopes: Scopes,
    pub reach: Reach,
}

/// What a request without a credential showed.
struct Probe {
    status: StatusCode,
    challenge: Option<Challenge>,
    reach: Reach,
}

impl Reach {
    /// Returns a request for a document at `url`, which another server named.
    fn request(self, url: Url) -> Request {
        self.limit(Request::get(url).with_limits(LIMITS))
    }

    /// Limits the address of a request.
    pub(super) fn limit(self, request: Request) -> Request {
        match self {
            Self::Public => request.require_public_address(),
            Self::Anywhere => request,
        }
    }
}

/// Requests `resource` without a credential, and its metadata.
///
/// # Errors
/// [`ResourceError`] without metadata, and if it is about another resource.
pub async fn discover_resource(
    client: &Client,
    resource: &ResourceUrl,
) -> Result<ProtectedResource, ResourceError> {
    let probe = send_probe(client, resource).await?;
    let named = probe.parameter("resource_metadata");
    let members = match named {
        Some(text) => fetch_named(client, resource, text, probe.reach).await?,
        None => fetch_well_known(client, resource, &probe).await?,
    };
    parse_resource(resource, &probe, members)
}

/// Fetches the metadata of `issuer`. Only the three addresses of the specification are tried.
///
/// # Errors
/// As [`super::discover`].
pub async fn discover_issuer(
    client: &Client,
    issuer: &str,
    reach: Reach,
) -> Result<Metadata, OauthError> {
    let mut tried = Vec::new();
    for url in issuer_addresses(&parse_issuer(issuer)?) {
        match fetch_metadata(client, issuer, reach.request(url)).await {
            Ok(found) => return Ok(found),
            Err(OauthError::Http(error)) if !error.is_response() => return Err(error.into()),
            Err(error) => tried.push(error),
        }
    }
    Err(most_relevant_error(issuer, tried))
}

/// Both names between host and path, then OpenID Connect's after the path.
fn issuer_addresses(issuer: &Url) -> Vec<Url> {
    let path = issuer.path().trim_end_matches('/');
    let mut paths = vec![
        format!("/.well-known/oauth-authorization-server{path}"),
        format!("/.well-known/openid-configuration{path}"),
    ];
    if !path.is_empty() {
        paths.push(format!("{path}/.well-known/openid-configuration"));
    }
    let at = |path: String| {
        let mut address = issuer.clone();
        address.set_path(&path);
        address
    };
    paths.into_iter().map(at).collect()
}

impl Probe {
    fn parameter(&self, name: &str) -> Option<&str> {
        self.challenge.as_ref()?.parameter(name)
    }
}

/// Requests the resource without a credential. Only the head of the response is read: the body may be an endless stream.
async fn send_probe(client: &Client, resource: &ResourceUrl) -> Result<Probe, ResourceError> {
    let accept = "application/json, text/event-stream";
    let request = Request::get(resource.url().clone())
        .with_limits(LIMITS)
        .header(header::ACCEPT, accept)?;
    let public = request.clone().require_public_address();
    let (reach, response) = match client.open(&public, RequestBody::none()).await {
        Err(HttpError::PrivateAddress { .. }) => {
            let response = client.open(&request, RequestBody::none()).await;
            (Reach::Anywhere, response)
        }
        response => (Reach::Public, response),
    };
    let head = response?.head();
    if head.status.is_server_error() || head.status == StatusCode::TOO_MANY_REQUESTS {
        return Err(OauthError::Status {
            endpoint: redact_url(resource.url()),
            status: head.status,
            retry_after: None,
            request_id: head.request_id(),
        }
        .into());
    }
    let bearer = challenges(&head.headers).into_iter();
    let mut bearer = bearer
        .filter(|it| it.scheme == "bearer")
        .collect::<Vec<_>>();
    // A server may accept tokens of several kinds, each with a challenge.
    bearer.sort_by_key(|challenge| challenge.parameter("resource_metadata").is_none());
    Ok(Probe {
        status: head.status,
        challenge: bearer.into_iter().next(),
        reach,
    })
}

/// Fetches the document that the challenge names. It may be on another host; what it says is checked.
async fn fetch_named(
    client: &Client,
    resource: &ResourceUrl,
    text: &str,
    reach: Reach,
) -> Result<Map<String, Value>, ResourceError> {
    let url = Url::parse(text).ok();
    let url = url.filter(|url| resource.origin().may_link_to(url));
    let url = url.ok_or_else(|| ResourceError::UnusableMetadataUrl {
        resource: resource.to_string(),
        address: shorten(text),
    })?;
    Ok(fetch_document(client, reach.request(url)).await?)
}

/// Fetches the document at the address for the path, then at the one for the host.
async fn fetch_well_known(
    client: &Client,
    resource: &ResourceUrl,
    probe: &Probe,
) -> Result<Map<String, Value>, ResourceError> {
    let mut tried = Vec::new();
    for url in well_known_addresses(resource) {
        match fetch_document(client, probe.reach.request(url)).await {
            Ok(found) => return Ok(found),
            Err(OauthError::Http(error)) if !error.is_response() => return Err(error.into()),
            Err(error) if error.is_transient() => return Err(error.into()),
            Err(error) => tried.push(error.to_string()),
        }
    }
    Err(ResourceError::NoMetadata {
        resource: resource.to_string(),
        status: probe.status,
        tried: tried.join("; "),
    })
}

/// The well-known part is between the host and the path (RFC 9728 §3.1).
fn well_known_addresses(resource: &ResourceUrl) -> Vec<Url> {
    let path = resource.url().path().trim_end_matches('/');
    let mut at_path = resource.url().clone();
    at_path.set_path(&format!("{WELL_KNOWN}{path}"));
    let mut at_host = resource.url().clone();
    at_host.set_path(WELL_KNOWN);
    at_host.set_query(None);
    let mut addresses = vec![at_path, at_host];
    addresses.dedup();
    addresses
}

async fn fetch_document(
    client: &Client,
    request: Request,
) -> Result<Map<String, Value>, OauthError> {
    let url = request.url().clone();
    FormRequest::for_get(&url).get(client, request).await
}

fn parse_resource(
    resource: &ResourceUrl,
    probe: &Probe,
    mut members: Map<String, Value>,
) -> Result<ProtectedResource, ResourceError> {
    let found = json_fields::take_text(&mut members, "resource").unwrap_or_default();
    if !resource.is_named_by(&found) {
        return Err(ResourceError::Mismatch {
            expected: resource.to_string(),
            found: shorten(&found),
        });
    }
    let mut authorization_servers = json_fields::take_list(&mut members, "authorization_servers");
    authorization_servers.dedup();
    if authorization_servers.is_empty() {
        let resource = resource.to_string();
        return Err(ResourceError::NoServer { resource });
    }
    let challenged = probe.parameter("scope").map(Scopes::parse);
    let listed = || json_fields::take_scopes(&mut members, "scopes_supported");
    Ok(ProtectedResource {
        url: resource.clone(),
        authorization_servers,
        scopes: challenged.or_else(listed).unwrap_or_default(),
        reach: probe.reach,
    })
}

fn shorten(text: &str) -> String {
    sanitize_line_to(MAX_TEXT, text)
}

#[cfg(test)]
mod tests;
