//! `OpenID` Connect: discovery, ID tokens and userinfo.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use brainmaps_sandbox::CANARY_ID_TOKEN;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::authorization::{CLIENT_ID, approving, changed_parameters, code, parameters, redeem};
use super::fixture::{BASIC_MEMORY, Device, Fixture, SERVICES};

/// Verifies the signature with the published key, and returns the claims.
async fn verify(fixture: &Fixture, prefix: &str, token: &str) -> Value {
    let discovery = format!("{prefix}/.well-known/openid-configuration");
    let metadata = fixture.get(&discovery, "").await;
    assert_eq!(
        metadata.json()["id_token_signing_alg_values_supported"],
        json!(["ES256"])
    );
    let keys = metadata.text("/jwks_uri");
    let keys = keys.strip_prefix("http://localhost:8000").unwrap();
    let key = fixture.get(keys, "").await.json()["keys"][0].clone();
    let parts: Vec<&str> = token.split('.').collect();
    let decode = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).unwrap();
    let header: Value = serde_json::from_slice(&decode(parts[0])).unwrap();
    assert_eq!(header["alg"], "ES256");
    assert_eq!(header["kid"], key["kid"]);
    let coordinate = |name: &str| decode(key[name].as_str().unwrap());
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    let signed = format!("{}.{}", parts[0], parts[1]);
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
        .verify(signed.as_bytes(), &decode(parts[2]))
        .unwrap();
    serde_json::from_slice(&decode(parts[1])).unwrap()
}

#[tokio::test]
async fn discovery_is_served_at_both_urls_of_each_issuer() {
    let fixture = Fixture::new();
    for (path, issuer) in [
        ("/.well-known/openid-configuration", "http://localhost:8000"),
        (
            "/basic-memory/.well-known/openid-configuration",
            "http://localhost:8000/basic-memory",
        ),
        (
            "/.well-known/openid-configuration/basic-memory",
            "http://localhost:8000/basic-memory",
        ),
    ] {
        let reply = fixture.get(path, "").await;
        assert_eq!(reply.text("/issuer"), issuer, "{path}");
        for member in ["authorization_endpoint", "jwks_uri", "userinfo_endpoint"] {
            let pointer = format!("/{member}");
            assert!(reply.text(&pointer).starts_with(issuer), "{member}");
        }
        let metadata = reply.json();
        assert_eq!(metadata["subject_types_supported"], json!(["public"]));
        assert_eq!(metadata["response_types_supported"], json!(["code"]));
    }
}

#[tokio::test]
async fn id_token_of_the_code_flow_is_bound_to_the_request() {
    let fixture = approving();
    let parameters = changed_parameters(&[
        ("nonce", "n-0S6_WzA2Mj"),
        ("scope", "openid email profile"),
        ("max_age", "60"),
    ]);
    let code = code(&fixture, &parameters).await;
    let reply = redeem(&fixture, &code, &[]).await;
    let token = reply.text("/id_token");
    assert!(token.starts_with(CANARY_ID_TOKEN));
    let claims = verify(&fixture, "", &token).await;
    let hash = Sha256::digest(reply.text("/access_token"));
    let at_hash = BASE64_URL_SAFE_NO_PAD.encode(&hash[..16]);
    let expected = json!({
        "iss": "http://localhost:8000",
        "aud": CLIENT_ID,
        "sub": "user_01SANDBOXDEMO",
        "nonce": "n-0S6_WzA2Mj",
        "iat": 1_800_000_000,
        "exp": 1_800_003_600,
        "auth_time": 1_800_000_000,
        "at_hash": at_hash,
        "name": "Demo Person",
        "given_name": "Demo",
        "family_name": "Person",
        "email": "demo@brainmaps.test",
        "email_verified": true,
    });
    assert_eq!(claims, expected);
}

#[tokio::test]
async fn device_flow_returns_an_id_token_too() {
    for (prefix, client_id) in SERVICES {
        let fixture = Fixture::new();
        let device = Device::at(&fixture, (prefix, client_id)).await;
        fixture.sandbox.approve(&device.user_code).unwrap();
        let claims = verify(&fixture, prefix, &device.poll().await.text("/id_token")).await;
        assert_eq!(claims["aud"], client_id);
        assert_eq!(claims["iss"], format!("http://localhost:8000{prefix}"));
        assert_eq!(claims.get("nonce"), None);
        assert_eq!(claims.get("auth_time"), None);
    }
}

#[tokio::test]
async fn id_token_needs_the_scope_openid() {
    let fixture = approving();
    let code = code(&fixture, &changed_parameters(&[("scope", "brains:read")])).await;
    let reply = redeem(&fixture, &code, &[]).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.json().get("id_token"), None);
}

#[tokio::test]
async fn states_have_different_keys_and_processes_share_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.sqlite3");
    let keys = async |fixture: Fixture| fixture.get("/oauth2/jwks", "").await.json();
    let first = keys(Fixture::on_file(&path)).await;
    assert_eq!(first, keys(Fixture::on_file(&path)).await);
    assert_ne!(first, keys(Fixture::new()).await);
    let key = &first["keys"][0];
    assert_eq!((&key["kty"], &key["crv"]), (&json!("EC"), &json!("P-256")));
    assert_eq!(key.get("d"), None, "the private part is not published");
}

#[tokio::test]
async fn userinfo_returns_the_claims_of_the_granted_scopes() {
    let fixture = approving();
    for (scope, members) in [
        ("openid", vec!["sub"]),
        ("openid email", vec!["email", "email_verified", "sub"]),
        (
            "openid profile",
            vec!["family_name", "given_name", "name", "sub"],
        ),
    ] {
        let code = code(&fixture, &changed_parameters(&[("scope", scope)])).await;
        let token = redeem(&fixture, &code, &[]).await.text("/access_token");
        let bearer = format!("Bearer {token}");
        let reply = fixture.get("/oauth2/userinfo", &bearer).await;
        let claims = reply.json();
        let mut found: Vec<_> = claims.as_object().unwrap().keys().collect();
        found.sort_unstable();
        assert_eq!(found, members);
        assert_eq!(claims["sub"], "user_01SANDBOXDEMO");
    }
}

#[tokio::test]
async fn userinfo_rejects_other_tokens() {
    let fixture = approving();
    let code = code(&fixture, &changed_parameters(&[("scope", "brains:read")])).await;
    let token = redeem(&fixture, &code, &[]).await.text("/access_token");
    for (authorization, status, error) in [
        (format!("Bearer {token}"), 403, "insufficient_scope"),
        ("Bearer nonsense".to_owned(), 401, "invalid_token"),
        (String::new(), 401, "realm"),
    ] {
        let reply = fixture.get("/oauth2/userinfo", &authorization).await;
        assert_eq!(reply.status, status, "{authorization}");
        let challenge = reply.header("www-authenticate");
        assert!(challenge.starts_with("Bearer "), "{challenge}");
        assert!(challenge.contains(error), "{challenge}");
    }
    let code = super::authorization::code(&fixture, &parameters()).await;
    let token = redeem(&fixture, &code, &[]).await.text("/access_token");
    let bearer = format!("Bearer {token}");
    let path = format!("{BASIC_MEMORY}/oauth2/userinfo");
    assert_eq!(fixture.get(&path, &bearer).await.status, 401);
    fixture.advance(Duration::from_hours(1));
    assert_eq!(fixture.get("/oauth2/userinfo", &bearer).await.status, 401);
}
