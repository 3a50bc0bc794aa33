//! Verifies the token with which a workload identifies itself (RFC 8693 §2.1, RFC 7523 §3): issuer, signature, audience and lifetime.
//!
//! The sandbox trusts its own issuer and every issuer on a loopback address: it protects invented data only, and reads keys from this
//! machine only. A real server trusts issuers and subjects that its administrator listed.

use serde_json::{Map, Value, json};
use url::Url;

use super::error::OauthError;
use super::jws::SignedJwt;
use super::signing_key;
use super::token_request::TokenRequest;
use crate::base::SandboxError;
use crate::base::secrets::{self, Secret};
use crate::state::Sandbox;
use crate::web::loopback;

/// How long a token of this server identifies a workload, in seconds.
const LIFETIME: i64 = 300;

/// Returns a token for `issuer`, signed by its own key.
pub(crate) fn sign_subject_token(sandbox: &Sandbox, issuer: &str) -> Result<Secret, SandboxError> {
    let id = secrets::uuid()?;
    sandbox.write(|tx, now| {
        let now = now / 1000;
        signing_key::get_or_create(tx)?.sign(&json!({
            "iss": issuer, "sub": "workload", "aud": issuer, "jti": id, "iat": now, "exp": now + LIFETIME,
        }))
    })
}

/// Verifies `token`, which must be meant for this server.
pub(super) async fn verify(request: &TokenRequest, token: &str) -> Result<(), OauthError> {
    let token =
        SignedJwt::parse(token).ok_or(OauthError::grant("the token is not a signed JWT"))?;
    let issuer = token.issuer().ok_or(OauthError::grant("iss is missing"))?;
    let (keys, is_own) = if issuer == request.issuer {
        (signing_key::public_keys(&request.server)?, true)
    } else {
        (fetch_keys(issuer).await?, false)
    };
    let claims = token.verify(&keys).ok_or(OauthError::grant(
        "no key of the issuer verifies the signature of the token",
    ))?;
    check_audience(request, &claims, is_own)?;
    check_times(&claims, request.server.sandbox.now() / 1000)?;
    if claims.get("sub").and_then(Value::as_str).is_none() {
        return Err(OauthError::grant("sub is missing"));
    }
    Ok(())
}

/// Fetches the key set that the discovery document of `issuer` names (`OpenID` Connect Discovery §3, §4).
async fn fetch_keys(issuer: &str) -> Result<Value, OauthError> {
    let url = format!(
        "{}/.well-known/openid-configuration",
        issuer.trim_end_matches('/')
    );
    let url = Url::parse(&url).ok().filter(loopback::is_loopback);
    let url = url.ok_or_else(|| {
        let text = format!("the sandbox trusts issuers on loopback addresses only, not {issuer}");
        OauthError::Described("invalid_grant", text)
    })?;
    let unreachable = |what: &str, error: std::io::Error| {
        let text = format!("cannot read the {what} of {issuer}: {error}");
        OauthError::Described("invalid_grant", text)
    };
    let document = loopback::get_json(&url).await;
    let document = document.map_err(|error| unreachable("metadata", error))?;
    let jwks_url = document.get("jwks_uri").and_then(Value::as_str);
    let jwks_url = jwks_url.and_then(|text| Url::parse(text).ok());
    match jwks_url.filter(|found| found.origin() == url.origin()) {
        Some(jwks_url) if document.get("issuer").and_then(Value::as_str) == Some(issuer) => {
            let keys = loopback::get_json(&jwks_url).await;
            keys.map_err(|error| unreachable("keys", error))
        }
        _ => Err(OauthError::grant(
            "the metadata of the issuer names another issuer, or keys of another origin",
        )),
    }
}

/// The token must name this server: its issuer or its token endpoint (RFC 7523 §3). An ID token of this server names the client.
fn check_audience(
    request: &TokenRequest,
    claims: &Map<String, Value>,
    is_own: bool,
) -> Result<(), OauthError> {
    let issuer = &request.issuer;
    let endpoint = format!("{issuer}/oauth2/token");
    let is_meant =
        |name: &str| name == issuer || name == endpoint || is_own && name == request.client.id;
    let found = match claims.get("aud") {
        Some(Value::String(name)) => vec![name.as_str()],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => return Err(OauthError::grant("aud is missing")),
    };
    if found.iter().any(|name| is_meant(name)) {
        return Ok(());
    }
    let text = format!("aud must be {issuer}, and it is {}", found.join(", "));
    Err(OauthError::Described("invalid_grant", text))
}

/// `exp` is required, `nbf` is not (RFC 7523 §3).
fn check_times(claims: &Map<String, Value>, now: i64) -> Result<(), OauthError> {
    let seconds = |name: &str| claims.get(name).and_then(Value::as_i64);
    let expiry = seconds("exp").ok_or(OauthError::grant("exp is missing"))?;
    if expiry <= now {
        return Err(OauthError::grant("the token has expired"));
    }
    if seconds("nbf").is_some_and(|start| start > now) {
        return Err(OauthError::grant("the token is not valid yet (nbf)"));
    }
    Ok(())
}
