//! Clients that authenticate with a signed assertion (RFC 7523 §2.2 and §3).

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use brainmaps_sandbox::SIGNING_CLIENT_ID;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};

use super::fixture::{Fixture, TestResponse};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const NOW: i64 = 1_800_000_000;

fn pair() -> EcdsaKeyPair {
    let pem = include_str!("../../../../src/oauth/client_key/testdata/p256.pem");
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = BASE64_STANDARD.decode(body).unwrap();
    let random = SystemRandom::new();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, &random).unwrap()
}

/// Signs the usual header and claims with these changes; `null` removes a member.
fn assertion(header: &Value, claims: &Value) -> String {
    let usual = json!({"alg": "ES256", "kid": "sandbox-p256"});
    let usual_claims = json!({
        "iss": SIGNING_CLIENT_ID,
        "sub": SIGNING_CLIENT_ID,
        "aud": "http://localhost:8000",
        "jti": "one",
        "iat": NOW,
        "exp": NOW + 60,
    });
    let merge = |usual: &Value, changes: &Value| {
        let mut merged = usual.as_object().unwrap().clone();
        merged.extend(changes.as_object().unwrap().clone());
        merged.retain(|_, value| !value.is_null());
        BASE64_URL_SAFE_NO_PAD.encode(Value::from(merged).to_string())
    };
    let signed = format!("{}.{}", merge(&usual, header), merge(&usual_claims, claims));
    let signature = pair()
        .sign(&SystemRandom::new(), signed.as_bytes())
        .unwrap();
    format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

async fn request_token(fixture: &Fixture, assertion: &str) -> TestResponse {
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", TYPE),
        ("client_assertion", assertion),
    ];
    fixture.form("/oauth2/token", &fields).await
}

#[tokio::test]
async fn rfc7523_2_2_signed_assertion_authenticates_the_client_once() {
    let fixture = Fixture::new();
    let signed = assertion(&json!({}), &json!({}));
    let granted = request_token(&fixture, &signed).await;
    assert_eq!(granted.status, 200, "{granted:?}");
    let token = granted.text("/access_token");
    let again = request_token(&fixture, &signed).await;
    assert_eq!(again.error(), (401, "invalid_client".to_owned()));
    let revocation = assertion(&json!({"kid": null}), &json!({"jti": "two"}));
    let fields = [
        ("token", token.as_str()),
        ("client_id", SIGNING_CLIENT_ID),
        ("client_assertion_type", TYPE),
        ("client_assertion", &revocation),
    ];
    assert_eq!(fixture.form("/oauth2/revoke", &fields).await.status, 200);
    let bearer = format!("Bearer {token}");
    assert_eq!(fixture.get("/api/brains/", &bearer).await.status, 401);
}

#[tokio::test]
async fn rfc7523_3_audience_is_the_issuer_or_the_token_endpoint() {
    let fixture = Fixture::new();
    for (audience, status) in [
        (json!("http://localhost:8000"), 200),
        (json!("http://localhost:8000/oauth2/token"), 200),
        (json!("http://localhost:8000/"), 401),
        (json!("https://evil.test"), 401),
        (json!(["http://localhost:8000"]), 401),
        (json!(null), 401),
    ] {
        let claims = json!({"aud": audience, "jti": audience.to_string()});
        let reply = request_token(&fixture, &assertion(&json!({}), &claims)).await;
        assert_eq!(reply.status, status, "{audience} {reply:?}");
    }
}

#[tokio::test]
async fn rfc7523_3_invalid_assertions_are_rejected() {
    let rows = [
        (json!({}), json!({"iss": "sandbox-service"})),
        (json!({}), json!({"iss": null})),
        (
            json!({}),
            json!({"sub": "sandbox-service", "iss": "sandbox-service"}),
        ),
        (json!({}), json!({"exp": NOW})),
        (json!({}), json!({"exp": null})),
        (json!({}), json!({"exp": NOW + 3600})),
        (json!({}), json!({"iat": NOW + 45})),
        (json!({}), json!({"jti": null})),
        (json!({"kid": "sandbox-p384"}), json!({})),
        (json!({"alg": "none"}), json!({})),
        (json!({"alg": "RS256", "kid": "sandbox-rsa"}), json!({})),
    ];
    for (header, claims) in rows {
        let fixture = Fixture::new();
        let reply = request_token(&fixture, &assertion(&header, &claims)).await;
        let expected = (401, "invalid_client".to_owned());
        assert_eq!(reply.error(), expected, "{header} {claims}");
    }
    let fixture = Fixture::new();
    let mut forged = assertion(&json!({}), &json!({}));
    forged.replace_range(forged.len() - 8..forged.len() - 4, "AAAA");
    for text in [forged.as_str(), "a.b.c", "abc"] {
        let reply = request_token(&fixture, text).await;
        assert_eq!(reply.error(), (401, "invalid_client".to_owned()));
    }
}

#[tokio::test]
async fn client_with_a_key_needs_its_assertion() {
    let fixture = Fixture::new();
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", SIGNING_CLIENT_ID),
    ];
    let reply = fixture.form("/oauth2/token", &fields).await;
    assert_eq!(reply.error(), (401, "invalid_client".to_owned()));
    let signed = assertion(&json!({}), &json!({}));
    let fields = [("client_assertion", signed.as_str()), fields[0]];
    let reply = fixture.form("/oauth2/token", &fields).await;
    assert_eq!(reply.error(), (400, "invalid_request".to_owned()));
}

#[tokio::test]
async fn used_assertion_is_remembered_until_it_expires() {
    let fixture = Fixture::new();
    let signed = assertion(&json!({}), &json!({}));
    assert_eq!(request_token(&fixture, &signed).await.status, 200);
    fixture.advance(Duration::from_secs(61));
    let later = assertion(&json!({}), &json!({"exp": NOW + 120}));
    assert_eq!(request_token(&fixture, &signed).await.status, 401);
    assert_eq!(request_token(&fixture, &later).await.status, 401);
}
