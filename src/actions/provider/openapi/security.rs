//! How a key is sent, and the OAuth 2.0 server: from the security schemes.

use serde_json::Value;
use url::Url;

use super::document::Document;
use super::names::normalize;
use super::schema::text;
use crate::actions::provider::skeleton::Draft;
use crate::domain::Origin;

/// The endpoints of a flow, and their members in a description.
const ENDPOINTS: [(&str, &str); 3] = [
    ("deviceAuthorizationUrl", "device_authorization_endpoint"),
    ("authorizationUrl", "authorization_endpoint"),
    ("tokenUrl", "token_endpoint"),
];

const FLOWS: [&str; 2] = ["deviceAuthorization", "authorizationCode"];

const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// Adds the header and `[oauth]`.
pub(super) fn add(document: &Document, draft: &mut Draft) {
    let schemes = document.pointer("/components/securitySchemes");
    let schemes = schemes.and_then(Value::as_object).into_iter().flatten();
    let schemes: Vec<&Value> = schemes
        .map(|(_, scheme)| document.resolve(scheme))
        .collect();
    let headers = schemes.iter().filter_map(|scheme| header(scheme));
    draft.header = headers
        .min_by_key(|(order, _)| *order)
        .map(|(_, header)| header);
    let is_basic = |scheme: &&Value| text(scheme, "scheme").eq_ignore_ascii_case("basic");
    if draft.header.is_none() {
        let note = if schemes.iter().any(is_basic) {
            "HTTP Basic is the only scheme for keys: set scheme = \"Basic\" and basic_user in headers.api_key"
        } else {
            "the document names no header for keys: verify headers.api_key"
        };
        draft.notes.push(note.to_owned());
    }
    if let Some(oauth) = schemes.iter().find_map(|scheme| oauth(scheme, draft)) {
        draft.oauth = oauth;
    }
}

/// Returns the header of a key, and how likely it is the one; a smaller number is better.
fn header(scheme: &Value) -> Option<(u8, (String, Option<String>))> {
    let name = text(scheme, "name");
    match text(scheme, "type") {
        "http" if text(scheme, "scheme").eq_ignore_ascii_case("bearer") => {
            Some((1, ("Authorization".to_owned(), Some("Bearer".to_owned()))))
        }
        "apiKey" if text(scheme, "in") == "header" && !name.is_empty() => {
            let is_other = ["otp", "sudo", "csrf"];
            let is_other = is_other.iter().any(|word| normalize(name).contains(word));
            let is_authorization = name.eq_ignore_ascii_case("authorization");
            let word = is_authorization.then(|| described_scheme(scheme).to_owned());
            let order = if is_other {
                9
            } else {
                2 - u8::from(is_authorization)
            };
            Some((order, (name.to_owned(), word)))
        }
        _ => None,
    }
}

/// Returns the word before a key that is sent in `Authorization`.
fn described_scheme(scheme: &Value) -> &'static str {
    let description = text(scheme, "description").to_lowercase();
    let words = [
        ("token ", "token"),
        ("\"token\"", "token"),
        ("apikey ", "ApiKey"),
    ];
    let found = words.iter().find(|(mark, _)| description.contains(mark));
    match found {
        Some((_, word)) if !description.contains("bearer") => word,
        _ => "Bearer",
    }
}

/// Returns the members of `[oauth]`, if all endpoints may be connected to.
fn oauth(scheme: &Value, draft: &mut Draft) -> Option<Vec<(&'static str, String)>> {
    if text(scheme, "type") == "openIdConnect" {
        let url = text(scheme, "openIdConnectUrl");
        let issuer = url
            .strip_suffix(WELL_KNOWN)
            .filter(|it| it.parse::<Origin>().is_ok())?;
        return Some(vec![("issuer", issuer.to_owned())]);
    }
    let flows = scheme
        .get("flows")
        .filter(|_| text(scheme, "type") == "oauth2")?;
    let flow = FLOWS.iter().find_map(|name| flows.get(*name))?;
    let endpoints = ENDPOINTS
        .iter()
        .filter_map(|(name, member)| Some((*member, flow.get(*name)?.as_str()?)));
    let endpoints: Vec<(&'static str, &str)> = endpoints.collect();
    let origins = endpoints
        .iter()
        .map(|(_, url)| Origin::of(&Url::parse(url).ok()?).ok());
    let origins: Option<Vec<Origin>> = origins.collect();
    let mut origins = origins.unwrap_or_default();
    origins.dedup();
    let [origin] = origins.as_slice() else {
        draft
            .notes
            .push("OAuth 2.0: add [oauth] with issuer and client_id".to_owned());
        return None;
    };
    let endpoints = endpoints
        .into_iter()
        .map(|(member, url)| (member, url.to_owned()));
    Some(
        std::iter::once(("issuer", origin.to_string()))
            .chain(endpoints)
            .collect(),
    )
}
