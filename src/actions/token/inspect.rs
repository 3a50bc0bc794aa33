//! Decodes a token offline: the service by its format, and the claims of a JWT.
//!
//! The output contains no secret: only a fingerprint, and the prefix that the service itself shows.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::actions::Context;
use crate::domain::{ProviderId, Secret, json_seconds};
use crate::provider::{CatalogEntry, Descriptor, KeyClass};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenFormat {
    /// Matches the documented key format of a service.
    ApiKey,
    /// A signed JSON Web Token (RFC 7519, RFC 7515).
    Jwt,
    /// An encrypted JWT (RFC 7516), whose claims are unreadable.
    EncryptedJwt,
    /// No known format.
    Opaque,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceRef {
    pub provider: ProviderId,
    pub name: String,
}

/// The content of a JWT. The signature is not verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Jwt {
    /// Always `false`: the claims are unverified.
    pub verified: bool,
    pub header: Map<String, Value>,
    /// Empty if encrypted.
    pub claims: Map<String, Value>,
    /// `iat`
    pub issued_at: Option<Timestamp>,
    /// `nbf`
    pub not_before: Option<Timestamp>,
    /// `exp`
    pub expires_at: Option<Timestamp>,
    /// `None` without an expiry.
    pub expired: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inspection {
    pub form: TokenFormat,
    /// `None` without a known format.
    pub well_formed: Option<bool>,
    /// Services with this key format, or whose issuer the JWT names.
    pub services: Vec<ServiceRef>,
    /// Services without a documented key format. Empty if the format is known.
    pub possible: Vec<ServiceRef>,
    /// The part that the service itself shows.
    pub prefix: Option<String>,
    /// The first 8 digits of the SHA-256.
    pub fingerprint: String,
    pub length: usize,
    /// The scheme before the token, which is not part of it, such as `Bearer`.
    pub scheme: Option<String>,
    pub jwt: Option<Jwt>,
}

/// Skips invalid descriptions with a warning.
pub fn inspect_token(context: &Context, token: &Secret) -> Inspection {
    let services = load_descriptors(context);
    let (scheme, token) = split_scheme(&services, token);
    let mut found = Inspection {
        form: TokenFormat::Opaque,
        well_formed: None,
        services: Vec::new(),
        possible: Vec::new(),
        prefix: None,
        fingerprint: token.fingerprint(Secret::SHORT_FINGERPRINT),
        length: token.expose().chars().count(),
        scheme,
        jwt: None,
    };
    if classify_by_key_format(&services, &token, &mut found) {
        return found;
    }
    if let Some((form, jwt)) = parse_jwt(context.now(), &token) {
        let issuer = jwt.claims.get("iss").and_then(Value::as_str);
        let is_issuer =
            |service: &&Descriptor| issuer.is_some_and(|iss| is_issuer_of(service, iss));
        found.services = services.iter().filter(is_issuer).map(service_ref).collect();
        found.form = form;
        found.well_formed = Some(true);
        found.jwt = Some(jwt);
        return found;
    }
    let says_nothing = |service: &&Descriptor| service.key.is_none() && service.api_url.is_some();
    found.possible = services
        .iter()
        .filter(says_nothing)
        .map(service_ref)
        .collect();
    found
}

/// Returns the descriptions of all services. Skips invalid ones with a warning.
pub(crate) fn load_descriptors(context: &Context) -> Vec<Descriptor> {
    let ids = context.catalog.ids();
    let found = ids.iter().filter_map(|id| id.parse().ok());
    found
        .filter_map(|id: ProviderId| match context.catalog.find(&id) {
            Ok(CatalogEntry { descriptor, .. }) => Some(descriptor),
            Err(wrong) => {
                context.warn(wrong.to_string());
                None
            }
        })
        .collect()
}

fn service_ref(service: &Descriptor) -> ServiceRef {
    ServiceRef {
        provider: service.id.clone(),
        name: service.name.clone(),
    }
}

/// Users often paste the whole header value.
fn split_scheme(services: &[Descriptor], token: &Secret) -> (Option<String>, Secret) {
    let schemes = services
        .iter()
        .flat_map(|service| service.headers.values())
        .filter_map(|form| form.scheme.as_ref());
    for scheme in schemes {
        let scheme = scheme.as_str();
        let head = token.expose().get(..scheme.len());
        let rest = token.expose().get(scheme.len()..).unwrap_or_default();
        let is_it = head.is_some_and(|head| head.eq_ignore_ascii_case(scheme));
        if is_it && rest.starts_with(' ') {
            return (Some(scheme.to_owned()), Secret::new(rest));
        }
    }
    (None, token.clone())
}

/// Finds the services with the longest matching prefix: `ak_live_` is more specific than `ak_`.
fn classify_by_key_format(services: &[Descriptor], token: &Secret, found: &mut Inspection) -> bool {
    let fitting: Vec<_> = services
        .iter()
        .filter_map(|service| Some((service, service.key.as_ref()?)))
        .filter(|(_, form)| form.classify(token) != KeyClass::Foreign)
        .collect();
    let Some(longest) = fitting.iter().map(|(_, form)| form.prefix.len()).max() else {
        return false;
    };
    let best = || {
        fitting
            .iter()
            .filter(|(_, form)| form.prefix.len() == longest)
    };
    found.form = TokenFormat::ApiKey;
    found.services = best().map(|(service, _)| service_ref(service)).collect();
    found.well_formed = Some(best().any(|(_, form)| form.classify(token) == KeyClass::WellFormed));
    let shown = best().map(|(_, form)| form.visible_part(token));
    found.prefix = shown.min_by_key(|shown| shown.len()).map(str::to_owned);
    true
}

fn is_issuer_of(service: &Descriptor, issuer: &str) -> bool {
    let named = service
        .oauth
        .as_ref()
        .and_then(|oauth| oauth.issuer.clone());
    let expected = named.or_else(|| service.api_url.as_ref().map(ToString::to_string));
    expected.is_some_and(|expected| expected.trim_end_matches('/') == issuer.trim_end_matches('/'))
}

/// A JWS has three parts, a JWE five. The first is a JSON object with `alg` (RFC 7515 §4.1.1).
fn parse_jwt(now: Timestamp, token: &Secret) -> Option<(TokenFormat, Jwt)> {
    let parts: Vec<&str> = token.expose().split('.').collect();
    let (form, claims) = match parts.as_slice() {
        [_, payload, _] => (TokenFormat::Jwt, decode_object(payload)?),
        [_, _, _, _, _] => (TokenFormat::EncryptedJwt, Map::new()),
        _ => return None,
    };
    let header = decode_object(parts.first()?)?;
    header.get("alg")?;
    // A NumericDate (RFC 7519 §2) is a number, perhaps with a fraction.
    // A NumericDate is in seconds, and 0 is a time (RFC 7519 §2).
    let time = |name: &str| {
        let seconds = json_seconds(claims.get(name).filter(|it| it.is_number())?)?;
        Timestamp::from_second(seconds).ok()
    };
    let expires_at = time("exp");
    let jwt = Jwt {
        verified: false,
        issued_at: time("iat"),
        not_before: time("nbf"),
        expired: expires_at.map(|end| end <= now),
        expires_at,
        header,
        claims,
    };
    Some((form, jwt))
}

fn decode_object(part: &str) -> Option<Map<String, Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}
