//! The beginning of a device sign-in (RFC 8628 §3.1, §3.2), with PKCE (RFC 7636).

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

/// When the server does not name an interval (RFC 8628 §3.2).
const DEFAULT_INTERVAL: i64 = 5;

/// No code is waited for longer than this, in seconds, whatever the server says.
const MAX_SECONDS: i64 = 24 * 60 * 60;

/// A public client and the server it signs in at.
#[derive(Clone, Copy)]
pub struct DeviceClient<'a> {
    /// How requests are sent.
    pub http: &'a Client,
    /// The server and the public client.
    pub server: &'a VerifiedServer,
    /// What is asked for, perhaps nothing.
    pub scopes: &'a Scopes,
}

/// A sign-in that waits for its user. Show the code and the address, always both (RFC 8628 §3.3).
#[derive(Debug)]
pub struct DeviceAuthorization {
    /// What the user types, safe for a terminal.
    pub user_code: String,
    /// Where the user types it: https, or http on loopback for an issuer that is plain http itself.
    pub verification_uri: Url,
    /// The same with the code inside, on the same origin; `None` when there is none or it is not to be trusted.
    pub verification_uri_complete: Option<Url>,
    /// How long the code is valid.
    pub expires_in: Duration,
    pub(super) device_code: Secret,
    pub(super) code_verifier: Secret,
    pub(super) interval: Duration,
    pub(super) obtained_at: Instant,
}

impl DeviceClient<'_> {
    /// Asks for a code (RFC 8628 §3.1). Only on the user's wish, never by itself.
    ///
    /// # Errors
    /// [`OauthError`]: what the server refused or what its answer lacks.
    pub async fn authorize(&self) -> Result<DeviceAuthorization, OauthError> {
        // 32 random octets (RFC 7636 §4.1), new for each attempt (RFC 9700 §2.1.1).
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256_len(32);
        let authority = self.server.details();
        let form = FormRequest {
            endpoint: self.server.device_endpoint()?,
            fields: &[
                ("client_id", &authority.client_id),
                ("scope", &self.scopes.to_string()),
                ("code_challenge", challenge.as_str()),
                ("code_challenge_method", challenge.method().as_str()),
            ],
            retry: true,
        };
        let answer = form.post(self.http).await?;
        let members = form.classify(&answer).into_members()?;
        let issuer = parse_issuer_origin(&authority.issuer)?;
        let verifier = Secret::new(verifier.into_secret());
        parse_authorization(&form, members, (&issuer, verifier))
    }
}

fn parse_authorization(
    form: &FormRequest<'_>,
    mut members: Map<String, Value>,
    (issuer, code_verifier): (&Origin, Secret),
) -> Result<DeviceAuthorization, OauthError> {
    let members = &mut members;
    let missing = |field| move || form.missing_field_error(field);
    let device_code =
        json_fields::take_secret(members, "device_code").ok_or_else(missing("device_code"))?;
    let user_code = json_fields::take_text(members, "user_code")
        .map(|code| sanitize_line(&code))
        .filter(|code| !code.is_empty());
    let user_code = user_code.ok_or_else(missing("user_code"))?;
    // The second spelling is that of the drafts; some servers never changed it.
    let address = json_fields::take_text(members, "verification_uri")
        .or_else(|| json_fields::take_text(members, "verification_url"));
    let address = address.ok_or_else(missing("verification_uri"))?;
    let verification_uri = browser_url(issuer, &address)
        .ok_or_else(|| form.unsafe_address_error("verification_uri"))?;
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

/// A page that a browser may be sent to. Over plain http, somebody else could show the page and collect the code.
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
        _ => Err(form.malformed_error("the code has expired before it was shown (`expires_in`)")),
    }
}

/// At least a second, so that a server that says 0 is not flooded.
fn parse_interval(members: &mut Map<String, Value>) -> Duration {
    let given = json_fields::take_seconds(members, "interval").filter(|seconds| *seconds >= 0);
    let seconds = given.unwrap_or(DEFAULT_INTERVAL).clamp(1, MAX_SECONDS);
    Duration::from_secs(seconds.unsigned_abs())
}

#[cfg(test)]
mod tests;
