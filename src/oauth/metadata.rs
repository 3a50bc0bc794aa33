//! Authorization server metadata (RFC 8414, OpenID Connect Discovery 1.0).

use serde_json::{Map, Value};
use url::Url;

use super::form_request::FormRequest;
use super::verified_server::parse_issuer_origin;
use super::{AuthorizationEndpoint, AuthorizationPolicy, LoginEndpoints, OauthError, json_fields};
use crate::domain::{ClientAuthMethod, Origin, Scopes, sanitize_line};
use crate::http::{Client, Request, redact_url};

/// How many characters of an invalid URL are shown.
const MAX_ADDRESS: usize = 200;

/// The members of a server's metadata that this program uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// The issuer; equal to the requested one, character by character.
    pub issuer: String,
    /// RFC 8628 §4.
    pub device_authorization_endpoint: Option<Url>,
    pub token_endpoint: Option<Url>,
    /// RFC 6749 §3.1.
    pub authorization_endpoint: Option<Url>,
    /// RFC 9126 §5.
    pub pushed_authorization_request_endpoint: Option<Url>,
    pub authorization_policy: AuthorizationPolicy,
    /// RFC 7009.
    pub revocation_endpoint: Option<Url>,
    /// RFC 7662.
    pub introspection_endpoint: Option<Url>,
    /// OpenID Connect.
    pub userinfo_endpoint: Option<Url>,
    pub scopes_supported: Option<Scopes>,
    /// RFC 7591 §3.
    pub registration_endpoint: Option<Url>,
    /// `client_id_metadata_document_supported`: whether a client id may be the URL of a document about the client.
    pub supports_client_documents: bool,
    /// Whether `code_challenge_methods_supported` lists S256.
    pub lists_s256: bool,
    /// `token_endpoint_auth_methods_supported` (RFC 8414 §2).
    client_auth_methods: Vec<String>,
    /// `token_endpoint_auth_signing_alg_values_supported`; empty if it is not listed.
    pub assertion_algorithms: Vec<String>,
    /// The endpoints that are listed with a URL that must not be used: name and URL.
    unusable: Vec<(&'static str, String)>,
}

impl Metadata {
    /// Returns the token endpoint.
    ///
    /// # Errors
    /// [`OauthError::NoEndpoint`] if it is not listed, and [`OauthError::UnusableEndpoint`] if its URL cannot be used.
    pub fn required_token_endpoint(&self) -> Result<Url, OauthError> {
        let endpoint = self.token_endpoint.clone();
        endpoint.ok_or_else(|| {
            self.unusable_endpoint("token_endpoint")
                .unwrap_or_else(|| self.missing_endpoint_error("token"))
        })
    }

    /// Checks that the server has an authorization endpoint and supports PKCE, without which another program could use a stolen
    /// code.
    ///
    /// # Errors
    /// [`OauthError::NoPkce`] unless S256 is announced, and [`OauthError::NoEndpoint`].
    pub fn check_authorization_endpoint(&self) -> Result<(), OauthError> {
        if !self.lists_s256 {
            let issuer = sanitize_line(&self.issuer);
            return Err(OauthError::NoPkce { issuer });
        }
        let endpoint = self.authorization_endpoint.as_ref();
        endpoint
            .map(drop)
            .ok_or_else(|| self.missing_endpoint_error("authorization"))
    }

    fn missing_endpoint_error(&self, name: &'static str) -> OauthError {
        OauthError::NoEndpoint {
            issuer: sanitize_line(&self.issuer),
            name,
        }
    }

    /// Returns the endpoints that only a login uses, as they are listed.
    pub fn login_endpoints(&self) -> LoginEndpoints {
        let page = self.authorization_endpoint.clone();
        LoginEndpoints {
            device: self.device_authorization_endpoint.clone(),
            authorization: page.map(|url| AuthorizationEndpoint {
                url,
                is_described: false,
            }),
            pushed_authorization: self.pushed_authorization_request_endpoint.clone(),
            policy: self.authorization_policy,
        }
    }

    /// Returns the registration endpoint, which must be at the issuer's origin as all other endpoints.
    ///
    /// # Errors
    /// [`OauthError::ForeignEndpoint`].
    pub fn own_registration_endpoint(&self) -> Result<Option<&Url>, OauthError> {
        let issuer = parse_issuer_origin(&self.issuer)?;
        match &self.registration_endpoint {
            Some(endpoint) if !issuer.contains(endpoint) => Err(OauthError::ForeignEndpoint {
                issuer: sanitize_line(&self.issuer),
                name: "registration",
                found: endpoint.origin().ascii_serialization(),
                expected: issuer.to_string(),
            }),
            endpoint => Ok(endpoint.as_ref()),
        }
    }

    /// Returns how to send a client secret. Servers that do not list their methods accept it in the form, whatever the
    /// default of RFC 8414 is.
    pub fn client_auth_method(&self) -> ClientAuthMethod {
        let lists = |name: &str| self.client_auth_methods.iter().any(|method| method == name);
        if lists("client_secret_basic") {
            ClientAuthMethod::Basic
        } else {
            ClientAuthMethod::Post
        }
    }

    /// Returns how a client authenticates that this program registers: not at all, unless the server lists only methods with
    /// a secret. In the form, no server decodes the secret wrongly (RFC 6749 §2.3.1), and some look for it only there.
    pub fn registration_auth_method(&self) -> Option<ClientAuthMethod> {
        let lists = |name: &str| self.client_auth_methods.iter().any(|method| method == name);
        if lists("none") {
            None
        } else if lists("client_secret_post") {
            Some(ClientAuthMethod::Post)
        } else {
            lists("client_secret_basic").then_some(ClientAuthMethod::Basic)
        }
    }

    /// Returns `true` if the server lists methods of client authentication, and signed assertions (RFC 7523 §2.2) are not
    /// among them.
    pub fn excludes_assertions(&self) -> bool {
        let lists = |name: &str| self.client_auth_methods.iter().any(|method| method == name);
        !self.client_auth_methods.is_empty() && !lists("private_key_jwt")
    }

    /// Returns the error for an endpoint that is listed with a URL that must not be used.
    pub fn unusable_endpoint(&self, field: &'static str) -> Option<OauthError> {
        let listed = self.unusable.iter().find(|(name, _)| *name == field);
        listed.map(|(field, address)| OauthError::UnusableEndpoint {
            issuer: sanitize_line(&self.issuer),
            field,
            address: address.clone(),
        })
    }
}

const AUTH_METHODS: &str = "token_endpoint_auth_methods_supported";
const ASSERTION_ALGORITHMS: &str = "token_endpoint_auth_signing_alg_values_supported";

/// The names of metadata documents below `/.well-known/`.
const METADATA_NAMES: [&str; 2] = ["oauth-authorization-server", "openid-configuration"];

/// Returns the issuer of a metadata URL, which users paste instead of the issuer; any other text is returned unchanged.
pub fn issuer_from_metadata_url(text: &str) -> String {
    let text = text.trim();
    let issuer = METADATA_NAMES.iter().find_map(|name| {
        let (start, rest) = text.split_once(&format!("/.well-known/{name}"))?;
        let is_end = rest.is_empty() || rest.starts_with('/');
        is_end.then(|| format!("{start}{}", rest.trim_end_matches('/')))
    });
    issuer.unwrap_or_else(|| text.to_owned())
}

/// Fetches the metadata of `issuer`, from the address of RFC 8414 §3.1 first, then from OpenID Connect's. A document without
/// device endpoint is used if no other one has it: some servers list it in one of them only.
///
/// # Errors
/// [`OauthError::Http`] immediately if the network fails; otherwise the first specific error, or
/// [`OauthError::NoMetadata`] with the error of each address.
pub async fn discover(client: &Client, issuer: &str) -> Result<Metadata, OauthError> {
    let mut errors = Vec::new();
    let mut incomplete = None;
    for url in well_known_urls(issuer)? {
        match fetch_metadata(client, issuer, Request::get(url)).await {
            Ok(found) if found.device_authorization_endpoint.is_some() => return Ok(found),
            Ok(found) => drop(incomplete.get_or_insert(found)),
            Err(_) if incomplete.is_some() => {}
            Err(OauthError::Http(error)) if !error.is_response() => return Err(error.into()),
            Err(error) => errors.push(error),
        }
    }
    incomplete.ok_or_else(|| most_relevant_error(issuer, errors))
}

/// Returns the most specific of the errors.
pub(super) fn most_relevant_error(issuer: &str, mut errors: Vec<OauthError>) -> OauthError {
    if let Some(at) = errors.iter().position(is_specific) {
        return errors.swap_remove(at);
    }
    let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
    OauthError::NoMetadata {
        issuer: sanitize_line(issuer),
        tried: errors.join("; "),
    }
}

fn is_specific(error: &OauthError) -> bool {
    matches!(error, OauthError::IssuerMismatch { .. }) || error.is_transient()
}

/// Sends `request` for the metadata of `issuer`.
pub(super) async fn fetch_metadata(
    client: &Client,
    issuer: &str,
    request: Request,
) -> Result<Metadata, OauthError> {
    let url = request.url().clone();
    let form = FormRequest::for_get(&url);
    let members = form.get(client, request).await?;
    parse_metadata(issuer, &form, members)
}

/// Returns the well-known addresses: between host and path (RFC 8414 §3.1), after the path (OpenID Connect Discovery §4),
/// and RFC 8414's name after the path, which some servers below a path use.
fn well_known_urls(issuer: &str) -> Result<Vec<Url>, OauthError> {
    let url = parse_issuer(issuer)?;
    let path = url.path().trim_end_matches('/').to_owned();
    let with_path = |path: &str| {
        let mut address = url.clone();
        address.set_path(path);
        address
    };
    let mut addresses = vec![
        with_path(&format!("/.well-known/oauth-authorization-server{path}")),
        with_path(&format!("{path}/.well-known/openid-configuration")),
    ];
    if !path.is_empty() {
        addresses.push(with_path(&format!(
            "{path}/.well-known/oauth-authorization-server"
        )));
    }
    Ok(addresses)
}

/// Parses an issuer, a permitted URL without query and fragment (RFC 8414 §2).
pub(super) fn parse_issuer(issuer: &str) -> Result<Url, OauthError> {
    let url = Url::parse(issuer).ok();
    let is_plain = |url: &Url| url.query().is_none() && url.fragment().is_none();
    url.filter(|url| is_plain(url) && Origin::of(url).is_ok())
        .ok_or_else(|| OauthError::NotAnIssuer {
            issuer: sanitize_line(issuer),
        })
}

fn parse_metadata(
    expected: &str,
    form: &FormRequest<'_>,
    mut members: Map<String, Value>,
) -> Result<Metadata, OauthError> {
    let issuer = take_issuer(expected, form, &mut members)?;
    let origin = parse_issuer_origin(&issuer)?;
    let challenges = json_fields::take_list(&mut members, "code_challenge_methods_supported");
    let mut unusable = Vec::new();
    let mut endpoint = |field| match parse_endpoint(
        members.remove(field).filter(|value| !value.is_null())?,
        &origin,
    ) {
        Ok(url) => Some(url),
        Err(address) => {
            unusable.push((field, address));
            None
        }
    };
    Ok(Metadata {
        issuer,
        device_authorization_endpoint: endpoint("device_authorization_endpoint"),
        token_endpoint: endpoint("token_endpoint"),
        authorization_endpoint: endpoint("authorization_endpoint")
            .filter(|url| url.fragment().is_none()),
        pushed_authorization_request_endpoint: endpoint("pushed_authorization_request_endpoint"),
        revocation_endpoint: endpoint("revocation_endpoint"),
        introspection_endpoint: endpoint("introspection_endpoint"),
        userinfo_endpoint: endpoint("userinfo_endpoint"),
        registration_endpoint: endpoint("registration_endpoint"),
        scopes_supported: json_fields::take_scopes(&mut members, "scopes_supported"),
        client_auth_methods: json_fields::take_list(&mut members, AUTH_METHODS),
        supports_client_documents: is_true(&members, "client_id_metadata_document_supported"),
        lists_s256: lists_s256(&challenges),
        authorization_policy: authorization_policy(&members, &challenges),
        assertion_algorithms: json_fields::take_list(&mut members, ASSERTION_ALGORITHMS),
        unusable,
    })
}

fn take_issuer(
    expected: &str,
    form: &FormRequest<'_>,
    members: &mut Map<String, Value>,
) -> Result<String, OauthError> {
    let issuer = json_fields::take_text(members, "issuer");
    let issuer = issuer.ok_or_else(|| form.missing_field_error("issuer"))?;
    if issuer != expected {
        return Err(OauthError::IssuerMismatch {
            expected: sanitize_line(expected),
            found: sanitize_line(&issuer).chars().take(200).collect(),
        });
    }
    Ok(issuer)
}

fn is_true(members: &Map<String, Value>, name: &str) -> bool {
    members.get(name) == Some(&Value::Bool(true))
}

fn lists_s256(challenge_methods: &[String]) -> bool {
    challenge_methods.iter().any(|method| method == "S256")
}

fn authorization_policy(
    members: &Map<String, Value>,
    challenge_methods: &[String],
) -> AuthorizationPolicy {
    let requires_pushed_requests = is_true(members, "require_pushed_authorization_requests");
    let sends_issuer = is_true(members, "authorization_response_iss_parameter_supported");
    let lacks_pkce = !challenge_methods.is_empty() && !lists_s256(challenge_methods);
    AuthorizationPolicy {
        requires_pushed_requests,
        sends_issuer,
        lacks_pkce,
    }
}

/// Parses a URL that the server at `origin` may name; fails with its text, as far as that can be shown. The caller keeps the
/// text instead of failing, because a login may not need this endpoint.
fn parse_endpoint(value: Value, origin: &Origin) -> Result<Url, String> {
    let text = match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let url = Url::parse(&text).ok();
    match url {
        Some(url) if origin.may_link_to(&url) => Ok(url),
        Some(url) if url.has_host() => Err(redact_url(&url)),
        _ => Err(sanitize_line(&text).chars().take(MAX_ADDRESS).collect()),
    }
}

#[cfg(test)]
mod tests;
