//! What a server tells about itself (RFC 8414, OpenID Connect Discovery 1.0).

use serde_json::{Map, Value};
use url::Url;

use super::form_request::FormRequest;
use super::verified_server::parse_issuer_origin;
use super::{OauthError, VerifiedServer, json_fields};
use crate::domain::{OAuthServer, Origin, Scopes, sanitize_line};
use crate::http::{Client, Request, header};

/// The parts of a server's metadata that are used here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Who the server is; equal to what was asked, character by character.
    pub issuer: String,
    /// Where a device sign-in begins (RFC 8628 §4).
    pub device_authorization_endpoint: Option<Url>,
    /// Where codes and refresh tokens become access tokens.
    pub token_endpoint: Option<Url>,
    /// Where tokens are ended (RFC 7009).
    pub revocation_endpoint: Option<Url>,
    /// Where a token can be asked about (RFC 7662).
    pub introspection_endpoint: Option<Url>,
    /// Who has signed in (OpenID Connect).
    pub userinfo_endpoint: Option<Url>,
    /// The scopes that the server lists.
    pub scopes_supported: Option<Scopes>,
}

impl Metadata {
    /// The server for `client_id`, with endpoints that were checked; `named` are the origins that a description names.
    ///
    /// # Errors
    /// [`OauthError::NoEndpoint`] when the server lists no token endpoint, and what [`VerifiedServer::verify`] says.
    pub fn server(&self, client_id: &str, named: &[Origin]) -> Result<VerifiedServer, OauthError> {
        let token_endpoint = self.token_endpoint.clone();
        let token_endpoint = token_endpoint.ok_or_else(|| OauthError::NoEndpoint {
            issuer: sanitize_line(&self.issuer),
            what: "token",
        })?;
        let authority = OAuthServer {
            issuer: self.issuer.clone(),
            client_id: client_id.to_owned(),
            token_endpoint,
            revocation_endpoint: self.revocation_endpoint.clone(),
        };
        VerifiedServer::verify(authority, self.device_authorization_endpoint.clone(), named)
    }
}

/// Asks `issuer` for its metadata, at the place of RFC 8414 §3.1 first, then at OpenID Connect's.
///
/// # Errors
/// [`OauthError::Http`] at once when the network fails; otherwise what is wrong with the metadata, or
/// [`OauthError::NoMetadata`] with what each place answered.
pub async fn discover(client: &Client, issuer: &str) -> Result<Metadata, OauthError> {
    let mut tried = Vec::new();
    for url in well_known_urls(issuer)? {
        match fetch_metadata(client, issuer, &url).await {
            Err(OauthError::Http(error)) if !error.is_response() => return Err(error.into()),
            Err(error) => tried.push(error),
            found => return found,
        }
    }
    Err(most_relevant_error(issuer, tried))
}

/// The most telling of what the places answered.
fn most_relevant_error(issuer: &str, mut tried: Vec<OauthError>) -> OauthError {
    if let Some(at) = tried.iter().position(is_specific) {
        return tried.swap_remove(at);
    }
    let tried: Vec<_> = tried.iter().map(ToString::to_string).collect();
    OauthError::NoMetadata {
        issuer: sanitize_line(issuer),
        tried: tried.join("; "),
    }
}

fn is_specific(error: &OauthError) -> bool {
    let wrong = matches!(
        error,
        OauthError::IssuerMismatch { .. } | OauthError::UnsafeAddress { .. }
    );
    wrong || error.is_transient()
}

async fn fetch_metadata(
    client: &Client,
    issuer: &str,
    place: &Url,
) -> Result<Metadata, OauthError> {
    let request = Request::get(place.clone()).header(header::ACCEPT, "application/json")?;
    let form = FormRequest {
        endpoint: place,
        fields: &[],
        retry: true,
    };
    let answer = client.send(request).await?;
    parse_metadata(issuer, &form, form.classify(&answer).into_members()?)
}

/// The well-known addresses: between host and path (RFC 8414 §3.1), after the path (OpenID Connect Discovery §4), and the
/// first one's name after the path, where some servers that are mounted below a path have it.
fn well_known_urls(issuer: &str) -> Result<Vec<Url>, OauthError> {
    let invalid = || OauthError::NotAnIssuer {
        issuer: sanitize_line(issuer),
    };
    let url = Url::parse(issuer).map_err(|_| invalid())?;
    let plain = url.query().is_none() && url.fragment().is_none();
    if !plain || Origin::of(&url).is_err() {
        return Err(invalid());
    }
    let path = url.path().trim_end_matches('/').to_owned();
    let at = |path: &str| {
        let mut place = url.clone();
        place.set_path(path);
        place
    };
    let mut places = vec![
        at(&format!("/.well-known/oauth-authorization-server{path}")),
        at(&format!("{path}/.well-known/openid-configuration")),
    ];
    if !path.is_empty() {
        places.push(at(&format!(
            "{path}/.well-known/oauth-authorization-server"
        )));
    }
    Ok(places)
}

fn parse_metadata(
    asked: &str,
    form: &FormRequest<'_>,
    mut members: Map<String, Value>,
) -> Result<Metadata, OauthError> {
    let issuer = json_fields::take_text(&mut members, "issuer")
        .ok_or_else(|| form.missing_field_error("issuer"))?;
    if issuer != asked {
        return Err(OauthError::IssuerMismatch {
            asked: sanitize_line(asked),
            found: sanitize_line(&issuer).chars().take(200).collect(),
        });
    }
    let at = parse_issuer_origin(&issuer)?;
    let mut address = |field| parse_endpoint(&mut members, form, &at, field);
    Ok(Metadata {
        issuer,
        device_authorization_endpoint: address("device_authorization_endpoint")?,
        token_endpoint: address("token_endpoint")?,
        revocation_endpoint: address("revocation_endpoint")?,
        introspection_endpoint: address("introspection_endpoint")?,
        userinfo_endpoint: address("userinfo_endpoint")?,
        scopes_supported: json_fields::take_scopes(&mut members, "scopes_supported"),
    })
}

/// An endpoint: absent, or a URL that the server at `origin` may name.
fn parse_endpoint(
    members: &mut Map<String, Value>,
    form: &FormRequest<'_>,
    origin: &Origin,
    field: &'static str,
) -> Result<Option<Url>, OauthError> {
    let text = match members.remove(field) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text,
        Some(_) => return Err(form.malformed_error(format!("`{field}` is no text"))),
    };
    let safe = Url::parse(&text).ok().filter(|url| origin.may_link_to(url));
    safe.map(Some)
        .ok_or_else(|| form.unsafe_address_error(field))
}

#[cfg(test)]
mod tests;
