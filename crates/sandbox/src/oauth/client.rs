//! The clients of an OAuth server and their authentication (RFC 6749 §2.3, §3.2.1).

use rusqlite::{OptionalExtension, Row, params};
use subtle::ConstantTimeEq;
use url::Url;

use super::AuthServer;
use super::client_assertion;
use super::client_key::SIGNING_CLIENT_ID;
use super::error::OauthError;
use super::form::Form;
use crate::base::{SandboxError, secrets};

/// The confidential client of both OAuth servers.
pub const SERVICE_CLIENT_ID: &str = "sandbox-service";
/// The secret of [`SERVICE_CLIENT_ID`]. It is public: it protects invented data only.
pub const SERVICE_CLIENT_SECRET: &str = "sandbox-service-secret";

/// The redirect URIs of the public client. Any port is allowed (RFC 8252 §7.3).
const NATIVE_REDIRECT_URIS: [&str; 6] = [
    "http://127.0.0.1",
    "http://127.0.0.1/",
    "http://127.0.0.1/callback",
    "http://[::1]",
    "http://[::1]/",
    "http://[::1]/callback",
];

/// The redirect URIs of the confidential client.
const SERVICE_REDIRECT_URIS: [&str; 2] = [
    "http://localhost:3000/callback",
    "https://app.brainmaps.test/callback",
];

/// Parses a redirect URI that can be registered: a URL without a fragment (RFC 6749 §3.1.2).
///
/// # Errors
/// Returns a message for any other text.
pub fn parse_redirect_uri(text: &str) -> Result<String, String> {
    match Url::parse(text) {
        Ok(url) if url.fragment().is_none() && !SCRIPT_SCHEMES.contains(&url.scheme()) => {
            Ok(text.to_owned())
        }
        _ => Err(
            "expected a URL without a fragment, such as http://localhost:3000/callback".to_owned(),
        ),
    }
}

/// A browser would run or show the response instead of sending it to a client.
const SCRIPT_SCHEMES: [&str; 3] = ["javascript", "data", "about"];

/// How a client that registers itself may authenticate: it has no keys.
pub(super) const REGISTRABLE_METHODS: [&str; 3] =
    ["none", "client_secret_basic", "client_secret_post"];

/// How a client may authenticate.
pub(super) const AUTH_METHODS: [&str; 4] = [
    "none",
    "client_secret_basic",
    "client_secret_post",
    "private_key_jwt",
];

pub(super) struct Client {
    pub(super) id: String,
    /// Shown on the consent page.
    pub(super) name: String,
    /// The hash of the secret; `None` for a public client.
    pub(super) secret: Option<[u8; 32]>,
    pub(super) redirect_uris: Vec<String>,
    /// Accepts every redirect URI on loopback.
    pub(super) allows_any_loopback: bool,
}

impl Client {
    pub(super) fn is_confidential(&self) -> bool {
        self.secret.is_some() || self.id == SIGNING_CLIENT_ID
    }

    /// Returns the client with this id at `server`.
    pub(super) fn find(server: &AuthServer, id: &str) -> Result<Option<Self>, SandboxError> {
        let fixed = |name: &str, secret: Option<&str>, redirect_uris: &[&str]| Self {
            id: id.to_owned(),
            name: name.to_owned(),
            secret: secret.map(secrets::hash),
            redirect_uris: redirect_uris.iter().map(ToString::to_string).collect(),
            allows_any_loopback: false,
        };
        let found = if id == server.registration.client_id {
            let name = server.registration.client_name;
            Some(fixed(name, None, &NATIVE_REDIRECT_URIS))
        } else if id == SERVICE_CLIENT_ID {
            let secret = Some(SERVICE_CLIENT_SECRET);
            Some(fixed("Sandbox service", secret, &SERVICE_REDIRECT_URIS))
        } else if id == SIGNING_CLIENT_ID {
            Some(fixed("Sandbox signer", None, &SERVICE_REDIRECT_URIS))
        } else {
            Self::find_registered(server, id)?
        };
        let settings = server.sandbox.settings();
        Ok(found.map(|mut client| {
            client
                .redirect_uris
                .extend_from_slice(&settings.redirect_uris);
            client.allows_any_loopback = settings.any_loopback_redirect;
            client
        }))
    }

    fn find_registered(server: &AuthServer, id: &str) -> Result<Option<Self>, SandboxError> {
        let sql = "SELECT name, secret, redirect_uris FROM registered_clients WHERE id = ?1 AND service = ?2";
        let read = |row: &Row<'_>| {
            let redirect_uris: String = row.get(2)?;
            Ok(Self {
                id: id.to_owned(),
                name: row.get(0)?,
                secret: row.get(1)?,
                redirect_uris: redirect_uris.split(' ').map(ToOwned::to_owned).collect(),
                allows_any_loopback: false,
            })
        };
        server.sandbox.read(|connection, _| {
            let key = params![id, server.service.id];
            Ok(connection.query_row(sql, key, read).optional()?)
        })
    }

    /// Returns the client of a request if its credentials are valid. A public client sends its id only; some send it as HTTP Basic
    /// with an empty secret.
    pub(super) fn authenticate(server: &AuthServer, form: &Form) -> Result<Self, OauthError> {
        if let Some(id) = client_assertion::verify(server, form)? {
            return Self::find(server, &id)?.ok_or(OauthError::UNKNOWN_CLIENT);
        }
        let (id, secret) = credentials(form)?;
        let client = Self::find(server, id)?.ok_or(OauthError::UNKNOWN_CLIENT)?;
        let is_valid = match &client.secret {
            Some(expected) => secrets::hash(secret).ct_eq(expected).into(),
            None => secret.is_empty() && !client.is_confidential(),
        };
        if is_valid {
            return Ok(client);
        }
        Err(OauthError::Code(
            "invalid_client",
            "the client secret or assertion is wrong or missing",
        ))
    }

    /// Like [`Client::authenticate`], and rejects public clients.
    pub(super) fn authenticate_confidential(
        server: &AuthServer,
        form: &Form,
    ) -> Result<Self, OauthError> {
        let client = Self::authenticate(server, form)?;
        if client.is_confidential() {
            return Ok(client);
        }
        Err(OauthError::Code(
            "invalid_client",
            "a public client cannot authenticate; use a client with a secret or a key, or an access token",
        ))
    }
}

/// Returns the client id and secret. A client must not use more than one method (RFC 6749 §2.3).
fn credentials(form: &Form) -> Result<(&str, &str), OauthError> {
    let body_secret = form.get("client_secret");
    let Some(basic) = form.basic() else {
        let id = form.required("client_id", "client_id is missing")?;
        return Ok((id, body_secret.unwrap_or_default()));
    };
    if body_secret.is_some() {
        return Err(OauthError::request("the client sent its secret twice"));
    }
    if form.get("client_id").is_some_and(|id| id != basic.id) {
        return Err(OauthError::request(
            "client_id differs from the Authorization header",
        ));
    }
    Ok((&basic.id, &basic.secret))
}
