//! What a token is, without any network: whose by its form, well formed or not, and what a JWT says of itself.
//!
//! The secret does not come out again: a fingerprint, and of a key the part that its service shows, too.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::actions::Context;
use crate::domain::{ProviderId, Secret, json_time};
use crate::provider::{CatalogEntry, Descriptor, KeyClass};

/// What a token looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenFormat {
    /// A key whose form a service documents.
    ApiKey,
    /// A signed JSON Web Token (RFC 7519, RFC 7515).
    Jwt,
    /// An encrypted one (RFC 7516): its claims are not for us.
    EncryptedJwt,
    /// Nothing can be told from it.
    Opaque,
}

/// A service that a token may belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceRef {
    /// The service.
    pub provider: ProviderId,
    /// Its name.
    pub name: String,
}

/// What a JWT says of itself. Nobody checked its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Jwt {
    /// Always `false`: this is what the token says, not what is true.
    pub verified: bool,
    /// The header.
    pub header: Map<String, Value>,
    /// The claims; empty where they are encrypted.
    pub claims: Map<String, Value>,
    /// When it was made (`iat`).
    pub issued_at: Option<Timestamp>,
    /// From when it counts (`nbf`).
    pub not_before: Option<Timestamp>,
    /// When it ends (`exp`).
    pub expires_at: Option<Timestamp>,
    /// Whether that is over; unknown without an end.
    pub expired: Option<bool>,
}

/// What can be said about a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// What it looks like.
    pub form: TokenFormat,
    /// Whether it is as its form demands; unknown where there is none.
    pub well_formed: Option<bool>,
    /// The services whose form it has, or that a JWT names as its issuer.
    pub services: Vec<ServiceRef>,
    /// The services that document no form: it could be theirs. Empty where the form tells.
    pub possible: Vec<ServiceRef>,
    /// The part that may be shown.
    pub prefix: Option<String>,
    /// The first 8 digits of its SHA-256, to compare with others.
    pub fingerprint: String,
    /// How many characters it has.
    pub length: usize,
    /// The word that stood before it and is no part of it: `Bearer`.
    pub scheme: Option<String>,
    /// What it says, for a JWT.
    pub jwt: Option<Jwt>,
}

/// Looks at `token`. A description that is wrong is told and left out.
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

fn load_descriptors(context: &Context) -> Vec<Descriptor> {
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

/// A header's value is often pasted whole.
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

/// The services with the longest prefix that fits: `ak_live_` tells more than `ak_`.
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

/// Whether `service` names `issuer` as its own.
fn is_issuer_of(service: &Descriptor, issuer: &str) -> bool {
    let named = service
        .oauth
        .as_ref()
        .and_then(|oauth| oauth.issuer.clone());
    let usual = named.or_else(|| service.api_url.as_ref().map(ToString::to_string));
    usual.is_some_and(|usual| usual.trim_end_matches('/') == issuer.trim_end_matches('/'))
}

/// Three parts, or five where it is encrypted; the first is a JSON object with `alg` (RFC 7515 §4.1.1).
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
    let time = |name: &str| json_time(claims.get(name).filter(|it| it.is_number())?);
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
