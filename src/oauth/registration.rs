//! Registers this program as a client (RFC 7591), and describes it in a document (Client ID Metadata Documents).

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use url::Url;

use super::form_request::FormRequest;
use super::resource::LIMITS;
use super::{OauthError, Reach, json_fields};
use crate::domain::{ClientAuthMethod, ClientSecret, Secret};
use crate::http::{Client, Method, Request, header};

/// Shown to the user on the page of the server.
const CLIENT_NAME: &str = "brainmaps";

/// The redirect URIs in a document; servers accept any port of a loopback address (RFC 8252 §7.3).
const REDIRECT_URIS: [&str; 3] = [
    "http://127.0.0.1/callback",
    "http://[::1]/callback",
    "http://localhost/callback",
];

/// A client as the server registered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredClient {
    pub client_id: String,
    /// `None` for a public client.
    pub secret: Option<ClientSecret>,
    /// `None` if the secret does not expire.
    pub secret_expires_at: Option<Timestamp>,
}

/// Returns the document that a client id with the URL `url` refers to.
pub fn client_metadata_document(url: &Url) -> Value {
    let mut document = client_metadata(&REDIRECT_URIS, None);
    document["client_id"] = url.as_str().into();
    document
}

/// A native client, which is public (RFC 8252 §8.4) unless the server requires a secret.
fn client_metadata(redirect_uris: &[&str], auth_method: Option<ClientAuthMethod>) -> Value {
    let auth_method = match auth_method {
        None => "none",
        Some(ClientAuthMethod::Basic) => "client_secret_basic",
        Some(ClientAuthMethod::Post) => "client_secret_post",
    };
    json!({
        "client_name": CLIENT_NAME,
        "redirect_uris": redirect_uris,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": auth_method,
        "application_type": "native",
    })
}

#[derive(Debug, Clone, Copy)]
pub struct RegistrationRequest<'a> {
    pub endpoint: &'a Url,
    pub reach: Reach,
    pub redirect_uri: &'a Url,
    /// How the client is to authenticate; `None` for a public client.
    pub auth_method: Option<ClientAuthMethod>,
}

impl RegistrationRequest<'_> {
    /// Registers the client.
    ///
    /// # Errors
    /// [`OauthError`] if the server rejects the client, or registers it in a way that this program cannot use.
    pub async fn send(&self, client: &Client) -> Result<RegisteredClient, OauthError> {
        // Without `scope`: a client that is registered with scopes cannot request others later.
        let metadata = client_metadata(&[self.redirect_uri.as_str()], self.auth_method);
        let secrets = ["/client_secret", "/registration_access_token"];
        let request = Request::new(Method::POST, self.endpoint.clone())
            .with_limits(LIMITS)
            .header(header::ACCEPT, "application/json")?
            .expect_secrets_at(secrets.map(str::to_owned))
            .json(&metadata);
        let form = FormRequest {
            endpoint: self.endpoint,
            fields: &[],
            client: None,
            can_retry: true,
        };
        let response = client.send(self.reach.limit(request)).await?;
        let members = form.classify(&response).into_members()?;
        parse_registered(&form, members, self.redirect_uri)
    }
}

/// Reads what was registered, which may differ from what was requested (RFC 7591 §3.2.1).
fn parse_registered(
    form: &FormRequest<'_>,
    mut members: Map<String, Value>,
    redirect_uri: &Url,
) -> Result<RegisteredClient, OauthError> {
    let members = &mut members;
    let client_id = json_fields::take_text(members, "client_id");
    let client_id = client_id.ok_or_else(|| form.missing_field_error("client_id"))?;
    let redirect_uris = json_fields::take_list(members, "redirect_uris");
    let is_ours = redirect_uris.iter().any(|uri| uri == redirect_uri.as_str());
    if !redirect_uris.is_empty() && !is_ours {
        return Err(form.malformed_error("another redirect URI was registered"));
    }
    let secret = json_fields::take_secret(members, "client_secret");
    let method = json_fields::take_text(members, "token_endpoint_auth_method");
    let expires_at = json_fields::take_seconds(members, "client_secret_expires_at");
    let expires_at = expires_at.filter(|seconds| *seconds > 0);
    Ok(RegisteredClient {
        client_id,
        secret: client_secret(form, secret, method.as_deref())?,
        secret_expires_at: expires_at.and_then(|at| Timestamp::from_second(at).ok()),
    })
}

/// Without a method, RFC 7591 §2 has a default.
fn client_secret(
    form: &FormRequest<'_>,
    secret: Option<Secret>,
    method: Option<&str>,
) -> Result<Option<ClientSecret>, OauthError> {
    let method = match method {
        Some("none") => return Ok(None),
        None if secret.is_none() => return Ok(None),
        Some("client_secret_basic") | None => ClientAuthMethod::Basic,
        Some("client_secret_post") => ClientAuthMethod::Post,
        Some(_) => {
            let what = "the registered `token_endpoint_auth_method` is not supported";
            return Err(form.malformed_error(what));
        }
    };
    let value = secret.ok_or_else(|| form.missing_field_error("client_secret"))?;
    Ok(Some(ClientSecret { value, method }))
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::http::testing::{Stub, url};

    async fn registered(status: u16, body: &str) -> Result<RegisteredClient, OauthError> {
        let (client, stub) = Stub::responding(status, body);
        let redirect_uri = url("http://127.0.0.1:4711/callback");
        let endpoint = url("https://id.example.com/register");
        let request = RegistrationRequest {
            endpoint: &endpoint,
            reach: Reach::Public,
            redirect_uri: &redirect_uri,
            auth_method: None,
        };
        let result = request.send(&client).await;
        let sent: Value = serde_json::from_slice(&stub.bodies()[0]).unwrap();
        let expected = json!({
            "client_name": "brainmaps",
            "redirect_uris": ["http://127.0.0.1:4711/callback"],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
            "application_type": "native",
        });
        assert_eq!(sent, expected);
        result
    }

    #[tokio::test]
    async fn rfc7591_3_1_client_is_native_and_public_and_what_was_registered_is_used() {
        let public = r#"{"client_id":"c","token_endpoint_auth_method":"none"}"#;
        let client = registered(201, public).await.unwrap();
        assert_eq!((client.client_id.as_str(), client.secret), ("c", None));
        for (method, expected) in [
            (r#""client_secret_basic""#, ClientAuthMethod::Basic),
            (r#""client_secret_post""#, ClientAuthMethod::Post),
            ("null", ClientAuthMethod::Basic),
        ] {
            let body = format!(
                r#"{{"client_id":"c","client_secret":"s3cret","client_secret_expires_at":1790000000,
                "token_endpoint_auth_method":{method},"redirect_uris":["http://127.0.0.1:4711/callback"]}}"#
            );
            let client = registered(201, &body).await.unwrap();
            let secret = client.secret.unwrap();
            assert_eq!((secret.value.expose(), secret.method), ("s3cret", expected));
            assert_eq!(client.secret_expires_at.unwrap().as_second(), 1_790_000_000);
        }
        let never = r#"{"client_id":"c","client_secret":"s","client_secret_expires_at":0}"#;
        let client = registered(201, never).await.unwrap();
        assert_eq!(client.secret_expires_at, None);
    }

    #[tokio::test]
    async fn rfc7591_3_2_unusable_registrations_are_errors() {
        for (status, body, text) in [
            (
                400,
                r#"{"error":"invalid_redirect_uri","error_description":"no loopback"}"#,
                "invalid_redirect_uri",
            ),
            (401, "{}", "HTTP 401"),
            (201, r#"{"client_secret":"s"}"#, "no `client_id`"),
            (
                201,
                r#"{"client_id":"c","redirect_uris":["https://evil.example/"]}"#,
                "another redirect URI",
            ),
            (
                201,
                r#"{"client_id":"c","token_endpoint_auth_method":"private_key_jwt"}"#,
                "not supported",
            ),
            (
                201,
                r#"{"client_id":"c","token_endpoint_auth_method":"client_secret_post"}"#,
                "no `client_secret`",
            ),
            (201, "<html>", "HTML page"),
        ] {
            let error = registered(status, body).await.unwrap_err().to_string();
            assert!(error.contains(text), "{error}");
        }
    }

    #[test]
    fn cimd_document_names_its_own_url_and_the_loopback_redirects() {
        let document = client_metadata_document(&url("https://a.b/client.json"));
        assert_eq!(document["client_id"], "https://a.b/client.json");
        assert_eq!(document["token_endpoint_auth_method"], "none");
        assert_eq!(document["redirect_uris"][0], "http://127.0.0.1/callback");
    }
}
