//! Starts a device login (RFC 8628 §3.1, §3.2) with PKCE (RFC 7636).

use std::time::Duration;

use oauth2::PkceCodeChallenge;
use serde_json::{Map, Value};
use tokio::time::Instant;
use url::Url;

use super::form_request::FormRequest;
use super::verified_server::parse_issuer_origin;
use super::{OauthError, VerifiedServer, json_fields};
use crate::domain::{Origin, Scopes, Secret, sanitize_line};
use crate::http::Client;

/// The interval in seconds if the server sends none (RFC 8628 §3.2).
const DEFAULT_INTERVAL: i64 = 5;

/// The maximum lifetime and interval, in seconds.
const MAX_SECONDS: i64 = 24 * 60 * 60;

/// A client of the device flow and its authorization server.
#[derive(Clone, Copy)]
pub struct DeviceClient<'a> {
    pub http: &'a Client,
    /// The server, with the client id.
    pub server: &'a VerifiedServer,
    /// The requested scopes, which may be empty.
    pub scopes: &'a Scopes,
}

/// A login that waits for the user. Always show both the user code and the verification URL (RFC 8628 §3.3).
#[derive(Debug)]
pub struct DeviceAuthorization {
    /// The code for the user, safe for a terminal.
    pub user_code: String,
    /// The page to open: https, or http on loopback if the issuer is plain http itself.
    pub verification_uri: Url,
    /// The page with the code in its URL, on the same origin; `None` if it is missing or unsafe.
    pub verification_uri_complete: Option<Url>,
    pub expires_in: Duration,
    pub(super) device_code: Secret,
    pub(super) code_verifier: Secret,
    pub(super) interval: Duration,
    pub(super) obtained_at: Instant,
}

impl DeviceClient<'_> {
    /// Requests a code (RFC 8628 §3.1). Call it only when the user asked to sign in.
    ///
    /// # Errors
    /// [`OauthError`] if the server rejects the request or its response is incomplete.
    pub async fn authorize(&self) -> Result<DeviceAuthorization, OauthError> {
        // 32 random octets (RFC 7636 §4.1), new for each attempt (RFC 9700 §2.1.1).
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256_len(32);
        let authority = self.server.details();
        let form = FormRequest {
            endpoint: self.server.device_endpoint()?,
            fields: &[
                ("client_id", &authority.client_id),
                ("scope", &self.scopes.to_string()),
                (
                    "resource",
                    authority.client.resource.as_deref().unwrap_or_default(),
                ),
                (
                    "audience",
                    authority.client.audience.as_deref().unwrap_or_default(),
                ),
                ("code_challenge", challenge.as_str()),
                ("code_challenge_method", challenge.method().as_str()),
            ],
            client: Some(authority),
            can_retry: true,
        };
        let response = form.post(self.http).await?;
        let members = form.classify(&response).into_members()?;
        let issuer = parse_issuer_origin(&authority.issuer)?;
        let verifier = Secret::new(verifier.into_secret());
        parse_authorization(&form, members, &issuer, verifier)
    }
}

fn parse_authorization(
    form: &FormRequest<'_>,
    mut members: Map<String, Value>,
    issuer: &Origin,
    code_verifier: Secret,
) -> Result<DeviceAuthorization, OauthError> {
    let members = &mut members;
    let missing = |field| move || form.missing_field_error(field);
    let device_code =
        json_fields::take_secret(members, "device_code").ok_or_else(missing("device_code"))?;
    let user_code = json_fields::take_text(members, "user_code")
        .map(|code| sanitize_line(&code))
        .filter(|code| !code.is_empty());
    let user_code = user_code.ok_or_else(missing("user_code"))?;
    // Drafts of the RFC used `verification_url`, and some servers still do.
    let page = json_fields::take_text(members, "verification_uri")
        .or_else(|| json_fields::take_text(members, "verification_url"));
    let page = page.ok_or_else(missing("verification_uri"))?;
    let verification_uri =
        browser_url(issuer, &page).ok_or_else(|| form.unsafe_address_error("verification_uri"))?;
    let complete = json_fields::take_text(members, "verification_uri_complete");
    let complete = complete.and_then(|text| browser_url(issuer, &text));
    Ok(DeviceAuthorization {
        user_code,
        verification_uri_complete: complete.filter(|url| url.origin() == verification_uri.origin()),
        verification_uri,
        expires_in: parse_lifetime(form, members)?,
        device_code,
        code_verifier,
        interval: parse_interval(members),
        obtained_at: Instant::now(),
    })
}

/// Parses a URL that a browser may open. Over plain http, an attacker could replace the page and collect the code.
fn browser_url(issuer: &Origin, text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    issuer.may_link_to(&url).then_some(url)
}

fn parse_lifetime(
    form: &FormRequest<'_>,
    members: &mut Map<String, Value>,
) -> Result<Duration, OauthError> {
    let seconds = json_fields::take_seconds(members, "expires_in")
        .ok_or_else(|| form.missing_field_error("expires_in"))?;
    match u64::try_from(seconds.min(MAX_SECONDS)) {
        Ok(seconds) if seconds > 0 => Ok(Duration::from_secs(seconds)),
        _ => Err(form.malformed_error("the code has already expired (`expires_in`)")),
    }
}

/// Reads the interval, at least one second, so that a server that sends 0 is not flooded.
fn parse_interval(members: &mut Map<String, Value>) -> Duration {
    let interval = json_fields::take_seconds(members, "interval").filter(|seconds| *seconds >= 0);
    let seconds = interval.unwrap_or(DEFAULT_INTERVAL).clamp(1, MAX_SECONDS);
    Duration::from_secs(seconds.unsigned_abs())
}

#[cfg(test)]
mod tests;
