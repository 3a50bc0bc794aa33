//! Checks a parsed description for members that contradict each other or cannot work. The calls are checked in
//! [`super::calls`].

use toml::de::{DeTable, DeValue};

use super::spans::{Findings, path_from};
use crate::domain::{CredentialKind, Origin};
use crate::provider::{Descriptor, EnvironmentNames, Source};

pub(super) fn check(
    service: &Descriptor,
    document: &DeTable<'_>,
    stem: Option<&str>,
    findings: &mut Findings,
) {
    if let Some(stem) = stem.filter(|stem| *stem != service.id.as_str()) {
        let text = format!(
            "the id differs from the file name: rename the file to {}.toml, or write id = \"{stem}\"",
            service.id
        );
        findings.push((path_from("id"), text));
    }
    if service.name.trim().is_empty() {
        let text = "expected the service's name, found an empty string";
        findings.push((path_from("name"), text.to_owned()));
    }
    check_source(service, findings);
    check_variables(&service.environment, findings);
    check_headers(service, document, findings);
    check_credential_kinds(service, findings);
    check_key_format(service, findings);
    check_oauth(service, findings);
    check_methods(service, findings);
    check_import(service, findings);
}

fn check_source(service: &Descriptor, findings: &mut Findings) {
    let is_complete = |source: &Source| {
        let verified = source.verified.as_ref();
        let has_version = verified.is_none_or(|text| !text.trim().is_empty());
        has_version && (verified.is_some() || source.documentation.is_some())
    };
    if !service.source.as_ref().is_none_or(is_complete) {
        let text = "expected `verified`, the server and its version, or `documentation`, the URL of a page";
        findings.push((path_from("source"), text.to_owned()));
    }
}

fn check_variables(names: &EnvironmentNames, findings: &mut Findings) {
    let is_inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_valid =
        |name: &str| !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(is_inside);
    let mut known = Vec::new();
    for (member, name) in names.entries() {
        if name.is_empty() || !is_valid(name) {
            let text = "expected the name of an environment variable, such as MAPS_API_KEY";
            findings.push((path_from(member), text.to_owned()));
        } else if known.contains(&name) {
            let text = format!("{name} is already the variable of another setting");
            findings.push((path_from(member), text));
        }
        known.push(name);
    }
}

/// Every kind of credential that a login method yields needs a header, and every header a login method that yields it.
fn check_headers(service: &Descriptor, document: &DeTable<'_>, findings: &mut Findings) {
    if service.headers.is_empty() {
        let text = "no credential kind has a header: write api_key = { name = \"Authorization\", scheme = \"Bearer\" }";
        findings.push((path_from("headers"), text.to_owned()));
    }
    for kind in CredentialKind::ALL {
        let has_header = service.headers.contains_key(&kind);
        let text = match section_for_kind(service, document, kind) {
            Some(section) if !has_header => {
                format!("`{section}` uses this credential kind, but it has no header")
            }
            // A user can always bring an API key.
            None if has_header && kind != CredentialKind::ApiKey => {
                "no login method yields this credential kind, so the header is never used"
                    .to_owned()
            }
            _ => continue,
        };
        findings.push((path_from(&format!("headers.{}", kind.name())), text));
    }
}

/// Returns the member that yields or uses credentials of `kind`.
fn section_for_kind(
    service: &Descriptor,
    document: &DeTable<'_>,
    kind: CredentialKind,
) -> Option<&'static str> {
    let mentions = |section: &str| {
        let value = document.get(section);
        value.is_some_and(|value| mentions_kind(value.get_ref(), kind.name()))
    };
    match kind {
        CredentialKind::AccessToken if service.oauth.is_some() => Some("oauth"),
        CredentialKind::ApiKey if service.key.is_some() => Some("key"),
        CredentialKind::ApiKey if service.environment.api_key.is_some() => {
            Some("environment.api_key")
        }
        _ if mentions("login") => Some("login"),
        _ if mentions("logout") => Some("logout"),
        _ => None,
    }
}

fn mentions_kind(value: &DeValue<'_>, kind: &str) -> bool {
    match value {
        DeValue::String(text) => text == kind,
        DeValue::Array(items) => items.iter().any(|item| mentions_kind(item.get_ref(), kind)),
        DeValue::Table(table) => table
            .iter()
            .any(|(key, value)| key.get_ref() == kind || mentions_kind(value.get_ref(), kind)),
        _ => false,
    }
}

fn check_credential_kinds(service: &Descriptor, findings: &mut Findings) {
    let tokens = service.tokens.credential;
    let tokens = tokens.map(|kind| ("tokens.credential".to_owned(), kind));
    let whoami = service.whoami.iter().flat_map(|call| call.with.keys());
    let whoami = whoami.map(|kind| (format!("whoami.with.{}", kind.name()), *kind));
    for (path, kind) in tokens.into_iter().chain(whoami) {
        if !service.headers.contains_key(&kind) {
            let text = format!("the credential kind {} has no header", kind.name());
            findings.push((path_from(&path), text));
        }
    }
}

fn check_key_format(service: &Descriptor, findings: &mut Findings) {
    let Some(format) = &service.key else { return };
    if format.prefix.is_empty() || format.prefix.chars().any(|c| !c.is_ascii_graphic()) {
        let text = "expected visible ASCII characters; if keys have no common prefix, omit [key]";
        findings.push((path_from("key.prefix"), text.to_owned()));
    }
    if format.length == Some(0) {
        let text = "expected at least one character after the prefix";
        findings.push((path_from("key.length"), text.to_owned()));
    }
    if format.separator.as_ref().is_some_and(String::is_empty) {
        let text = "expected at least one character between the key's id and its secret";
        findings.push((path_from("key.separator"), text.to_owned()));
    }
}

fn check_oauth(service: &Descriptor, findings: &mut Findings) {
    let Some(oauth) = &service.oauth else { return };
    if let Some(issuer) = &oauth.issuer
        && let Err(error) = issuer.parse::<Origin>()
    {
        findings.push((path_from("oauth.issuer"), error.expectation().to_owned()));
    }
    let is_one_word = |scope: &String| scope.split_whitespace().count() == 1;
    if !oauth.scopes.iter().all(is_one_word) {
        let text = "expected one word per scope, such as scopes = [\"openid\", \"profile\"]";
        findings.push((path_from("oauth.scopes"), text.to_owned()));
    }
}

/// The order of login methods concerns OAuth2 only, and names each once.
fn check_methods(service: &Descriptor, findings: &mut Findings) {
    let methods = &service.login.methods;
    let is_repeated = |(at, method)| methods[..at].contains(method);
    let text = if !methods.is_empty() && service.oauth.is_none() {
        "`methods` orders the OAuth 2.0 methods, but there is no [oauth]"
    } else if methods.iter().enumerate().any(is_repeated) {
        "expected each method once, such as methods = [\"browser\", \"device\"]"
    } else {
        return;
    };
    findings.push((path_from("login.methods"), text.to_owned()));
}

/// An imported session is bound to the client and the token endpoint of the description, so both are required.
fn check_import(service: &Descriptor, findings: &mut Findings) {
    let Some(import) = &service.login.import else {
        return;
    };
    if import.files.is_empty() {
        let text = "expected at least one file, such as files = [\"~/.example/token.json\"]";
        findings.push((path_from("login.import.files"), text.to_owned()));
    }
    let oauth = service.oauth.as_ref();
    let is_bound =
        oauth.is_some_and(|oauth| oauth.client_id.is_some() && oauth.token_endpoint.is_some());
    if !is_bound {
        let text = "an import requires client_id and token_endpoint in [oauth]";
        findings.push((path_from("login.import"), text.to_owned()));
    }
}
