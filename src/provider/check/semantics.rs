//! What can be read and cannot be meant.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::calls;
use super::repair::unquoted;
use super::spans::Path;
use crate::domain::{CredentialKind, Origin};
use crate::provider::{Descriptor, EnvironmentNames, ServiceLogins};

/// Mistakes as they are found: the member, and what is wrong with it.
pub(super) type Findings = Vec<(Path, String)>;

/// A member's path from its text.
pub(super) fn path_from(text: &str) -> Path {
    text.split('.').map(str::to_owned).collect()
}

pub(super) fn check_semantics(
    service: &Descriptor,
    document: &Spanned<DeTable<'_>>,
    stem: Option<&str>,
) -> Findings {
    let mut found = Findings::new();
    if let Some(stem) = stem.filter(|stem| *stem != service.id.as_str()) {
        let text = format!(
            "the file must be called {}.toml, or the id be `{stem}`",
            service.id
        );
        found.push((path_from("id"), text));
    }
    if service.name.trim().is_empty() {
        found.push((path_from("name"), "a service has a name".to_owned()));
    }
    check_variables(&service.environment, &mut found);
    check_headers(service, &mut found);
    check_header_use(service, document.get_ref(), &mut found);
    check_credential_kinds(service, &mut found);
    check_key_format(service, &mut found);
    check_oauth(service, &mut found);
    check_import(&service.login, service, &mut found);
    calls::check_calls(service, &mut found);
    found
}

fn check_variables(names: &EnvironmentNames, found: &mut Findings) {
    let all = [
        ("api_key", &names.api_key),
        ("api_url", &names.api_url),
        ("issuer", &names.issuer),
        ("client_id", &names.client_id),
    ];
    let good = |name: &str| {
        let inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(inside)
    };
    for (place, (member, name)) in all.iter().enumerate() {
        let Some(name) = name else { continue };
        let path = path_from(&format!("environment.{member}"));
        if !good(name) {
            let text = "the value is no name of a variable; write it like MAPS_API_KEY";
            found.push((path, text.to_owned()));
        } else if all[..place]
            .iter()
            .any(|(_, other)| other.as_ref() == Some(name))
        {
            found.push((path, format!("{name} stands for another setting already")));
        }
    }
}

fn check_headers(service: &Descriptor, found: &mut Findings) {
    if service.headers.is_empty() {
        let text = "no kind of credential has a header: write api_key = { name = \"Authorization\", scheme = \"Bearer\" }";
        found.push((path_from("headers"), text.to_owned()));
    }
}

const KINDS: [CredentialKind; 4] = [
    CredentialKind::ApiKey,
    CredentialKind::SessionToken,
    CredentialKind::AccessToken,
    CredentialKind::Cookie,
];

pub(super) fn kind_name(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::ApiKey => "api_key",
        CredentialKind::SessionToken => "session_token",
        CredentialKind::AccessToken => "access_token",
        CredentialKind::Cookie => "cookie",
    }
}

/// A credential needs a header to travel in, and a header is there for a credential that a sign-in gives.
fn check_header_use(service: &Descriptor, document: &DeTable<'_>, found: &mut Findings) {
    for kind in KINDS {
        let by = section_for_kind(service, document, kind);
        let has_header = service.headers.contains_key(&kind);
        let label = kind.label();
        match by {
            Some(by) if !has_header => {
                let text = format!("`{by}` gives an {label}, and there is no header for it");
                found.push((path_from(&format!("headers.{}", kind_name(kind))), text));
            }
            // A key can always be stored, so its header is never in vain.
            None if has_header && kind != CredentialKind::ApiKey => {
                let text = format!("no sign-in gives an {label}, so this header is never used");
                found.push((path_from(&format!("headers.{}", kind_name(kind))), text));
            }
            _ => {}
        }
    }
}

/// The member by which a user comes to a credential of `kind`.
fn section_for_kind(
    service: &Descriptor,
    document: &DeTable<'_>,
    kind: CredentialKind,
) -> Option<&'static str> {
    let says = |section: &str| {
        document
            .get(section)
            .is_some_and(|value| mentions_kind(value.get_ref(), kind_name(kind)))
    };
    match kind {
        CredentialKind::AccessToken if service.oauth.is_some() => Some("oauth"),
        CredentialKind::ApiKey if service.key.is_some() => Some("key"),
        CredentialKind::ApiKey if service.environment.api_key.is_some() => {
            Some("environment.api_key")
        }
        _ if says("login") => Some("login"),
        _ if says("logout") => Some("logout"),
        _ => None,
    }
}

/// Whether a value says `kind` somewhere, or a table bears its name.
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

/// What a call is documented with is a kind of credential that the service takes.
fn check_credential_kinds(service: &Descriptor, found: &mut Findings) {
    let tokens = service.tokens.credential;
    let tokens = tokens.map(|kind| ("tokens.credential".to_owned(), kind));
    let whoami = service.whoami.iter().flat_map(|call| call.with.keys());
    let whoami = whoami.map(|kind| (format!("whoami.with.{}", kind_name(*kind)), *kind));
    for (path, kind) in tokens.into_iter().chain(whoami) {
        if !service.headers.contains_key(&kind) {
            let text = format!("there is no header for an {}", kind.label());
            found.push((path_from(&path), text));
        }
    }
}

fn check_key_format(service: &Descriptor, found: &mut Findings) {
    let Some(form) = &service.key else { return };
    if form.prefix.is_empty() || form.prefix.chars().any(|c| !c.is_ascii_graphic()) {
        let text =
            "keys begin with something that tells them apart; leave [key] out where they do not";
        found.push((path_from("key.prefix"), text.to_owned()));
    }
    if form.length == Some(0) {
        let text = "what follows the prefix is at least one character".to_owned();
        found.push((path_from("key.length"), text));
    }
    if form.separator.as_ref().is_some_and(String::is_empty) {
        let text = "the separator stands between the key's id and its secret; it is not empty";
        found.push((path_from("key.separator"), text.to_owned()));
    }
}

fn check_oauth(service: &Descriptor, found: &mut Findings) {
    let Some(oauth) = &service.oauth else { return };
    if let Some(issuer) = &oauth.issuer
        && let Err(wrong) = issuer.parse::<Origin>()
    {
        found.push((path_from("oauth.issuer"), unquoted(&wrong.to_string())));
    }
    if oauth
        .scopes
        .iter()
        .any(|scope| scope.split_whitespace().count() != 1)
    {
        let text = "each scope is one word: write scopes = [\"openid\", \"profile\"]".to_owned();
        found.push((path_from("oauth.scopes"), text));
    }
}

/// An imported session is bound to what the description says, so that has to be said.
fn check_import(login: &ServiceLogins, service: &Descriptor, found: &mut Findings) {
    let Some(import) = &login.import else { return };
    if import.files.is_empty() {
        let text = "name at least one place: files = [\"~/.example/token.json\"]".to_owned();
        found.push((path_from("login.import.files"), text));
    }
    let oauth = service.oauth.as_ref();
    let is_said =
        oauth.is_some_and(|oauth| oauth.client_id.is_some() && oauth.token_endpoint.is_some());
    if !is_said {
        let text = "an import needs [oauth] with client_id and token_endpoint: the session is bound to them";
        found.push((path_from("login.import"), text.to_owned()));
    }
}
