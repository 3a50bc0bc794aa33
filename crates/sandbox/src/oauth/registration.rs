//! Dynamic client registration (RFC 7591), without an initial access token.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rusqlite::params;
use serde_json::{Value, json};
use url::Url;

use super::AuthServer;
use super::client;
use super::error::OauthError;
use super::metadata::GRANT_TYPES;
use super::redirect_uri::is_loopback;
use crate::base::secrets::Secret;
use crate::base::{SandboxError, secrets};
use crate::web::json_body::{JsonBody, NotJson};

pub(super) const SCHEMA: &str = "
    CREATE TABLE registered_clients (
        id TEXT PRIMARY KEY,
        service TEXT NOT NULL,
        name TEXT NOT NULL,
        secret BLOB,
        redirect_uris TEXT NOT NULL,
        created_at INTEGER NOT NULL
    ) STRICT;";

/// Keeps a client for 30 days, and as long as it has tokens.
pub(super) const DELETE_EXPIRED: &[&str] = &[
    "DELETE FROM registered_clients WHERE created_at < ?1 - 2592000000
        AND NOT EXISTS (SELECT 1 FROM grants WHERE client_id = registered_clients.id)",
];

/// More characters do not fit on the consent page.
const NAME_LENGTH: usize = 60;

/// The metadata of a client as it is registered.
pub(super) struct Metadata {
    name: String,
    redirect_uris: Vec<String>,
    /// `none`, or how the client sends its secret.
    auth_method: String,
    application_type: String,
    grant_types: Vec<String>,
}

pub(super) async fn register(
    State(server): State<AuthServer>,
    body: Result<JsonBody, NotJson>,
) -> Result<(StatusCode, Json<Value>), OauthError> {
    let body = body.map_err(|error| OauthError::Code("invalid_client_metadata", error.message))?;
    let metadata = Metadata::parse(&body)?;
    let id = format!("client_{}", secrets::uuid()?);
    let secret = match metadata.auth_method.as_str() {
        "none" => None,
        _ => Some(secrets::generate("cs_")?),
    };
    let created_at = store(&server, &metadata, &id, secret.as_ref())?;
    let mut response = json!({
        "client_id": id,
        "client_id_issued_at": created_at / 1000,
        "client_name": metadata.name,
        "redirect_uris": metadata.redirect_uris,
        "token_endpoint_auth_method": metadata.auth_method,
        "application_type": metadata.application_type,
        "grant_types": metadata.grant_types,
        "response_types": ["code"],
    });
    if let Some(secret) = &secret {
        response["client_secret"] = secret.expose().into();
        // The secret does not expire.
        response["client_secret_expires_at"] = 0.into();
    }
    Ok((StatusCode::CREATED, Json(response)))
}

fn store(
    server: &AuthServer,
    metadata: &Metadata,
    id: &str,
    secret: Option<&Secret>,
) -> Result<i64, SandboxError> {
    server.sandbox.write(|tx, now| {
        tx.execute(
            "INSERT OR REPLACE INTO registered_clients (id, service, name, secret, redirect_uris, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                id,
                server.service.id,
                metadata.name,
                secret.map(|secret| secrets::hash(secret.expose())),
                // No URI contains white space.
                metadata.redirect_uris.join(" "),
                now
            ],
        )?;
        Ok(now)
    })
}

/// Stores a client whose id is the URL of its document, in the place of an earlier version.
pub(super) fn store_document(
    server: &AuthServer,
    metadata: &Metadata,
    id: &str,
) -> Result<(), SandboxError> {
    store(server, metadata, id, None).map(drop)
}

impl Metadata {
    pub(super) fn is_public(&self) -> bool {
        self.auth_method == "none"
    }

    pub(super) fn parse(body: &JsonBody) -> Result<Self, OauthError> {
        let auth_method = body.text("token_endpoint_auth_method");
        let auth_method = auth_method.unwrap_or("client_secret_basic");
        if !client::REGISTRABLE_METHODS.contains(&auth_method) {
            return Err(invalid("token_endpoint_auth_method is not supported"));
        }
        let application_type = body.text("application_type").unwrap_or("web");
        if !["native", "web"].contains(&application_type) {
            return Err(invalid("application_type must be native or web"));
        }
        let response_types = texts(body, "response_types")?;
        if response_types.is_some_and(|types| types.iter().any(|kind| kind != "code")) {
            return Err(invalid("response_types must be code"));
        }
        let grant_types = texts(body, "grant_types")?;
        let mut grant_types = grant_types.unwrap_or_else(|| vec!["authorization_code".to_owned()]);
        grant_types.retain(|grant| GRANT_TYPES.contains(&grant.as_str()));
        Ok(Self {
            name: name(body.text("client_name")),
            redirect_uris: redirect_uris(body, application_type, &grant_types)?,
            auth_method: auth_method.to_owned(),
            application_type: application_type.to_owned(),
            grant_types,
        })
    }
}

fn invalid(reason: &'static str) -> OauthError {
    OauthError::Code("invalid_client_metadata", reason)
}

/// Returns the name without control characters.
fn name(requested: Option<&str>) -> String {
    let name = requested.unwrap_or("A registered client");
    let printable = name.chars().filter(|letter| !letter.is_control());
    printable.take(NAME_LENGTH).collect()
}

/// Returns a member that is a list of strings.
fn texts(body: &JsonBody, member: &str) -> Result<Option<Vec<String>>, OauthError> {
    let Some(value) = body.0.get(member) else {
        return Ok(None);
    };
    let list = value.as_array().map(|list| {
        list.iter()
            .map(|text| text.as_str().map(ToOwned::to_owned))
            .collect::<Option<Vec<_>>>()
    });
    match list.flatten() {
        Some(list) => Ok(Some(list)),
        None => Err(invalid("expected a list of strings")),
    }
}

fn redirect_uris(
    body: &JsonBody,
    application_type: &str,
    grant_types: &[String],
) -> Result<Vec<String>, OauthError> {
    let uris = texts(body, "redirect_uris")?.unwrap_or_default();
    let needs_uri = grant_types
        .iter()
        .any(|grant| grant == "authorization_code");
    let is_native = application_type == "native";
    if (uris.is_empty() && needs_uri) || uris.iter().any(|uri| !is_allowed(uri, is_native)) {
        return Err(OauthError::Code(
            "invalid_redirect_uri",
            "expected https, http on loopback, or the scheme of a native client, and no fragment",
        ));
    }
    Ok(uris)
}

/// Allows `https`, loopback, and for native clients private schemes, which contain a period (RFC 8252 §7.1).
fn is_allowed(uri: &str, is_native: bool) -> bool {
    let Ok(url) = Url::parse(uri) else {
        return false;
    };
    let is_plain = client::parse_redirect_uri(uri).is_ok() && !uri.contains(char::is_whitespace);
    let is_allowed = match url.scheme() {
        "https" => true,
        "http" => is_loopback(&url),
        scheme => is_native && scheme.contains('.'),
    };
    is_plain && is_allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirect_uris_lead_to_the_client_only() {
        for (uri, native, web) in [
            ("https://app.test/callback", true, true),
            ("http://127.0.0.1/callback", true, true),
            ("http://localhost:4242", true, true),
            ("com.example.app:/callback", true, false),
            ("http://app.test/callback", false, false),
            ("https://app.test/#x", false, false),
            ("javascript:alert(1)", false, false),
            ("data:text/html,x", false, false),
            ("https://app.test/ x", false, false),
            ("callback", false, false),
        ] {
            assert_eq!(is_allowed(uri, true), native, "{uri}");
            assert_eq!(is_allowed(uri, false), web, "{uri}");
        }
    }
}
