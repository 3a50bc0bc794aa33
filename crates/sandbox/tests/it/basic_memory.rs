//! Basic Memory's own API.

use brainmaps_sandbox::CANARY;
use serde_json::json;

use super::fixture::{Device, Fixture, SERVICES};

const KEYS: &str = "/basic-memory/api/keys";
const HEALTH: &str = "/basic-memory/proxy/health";

async fn bearer(fixture: &Fixture) -> String {
    let device = Device::at(fixture, SERVICES[1]).await;
    format!("Bearer {}", device.tokens().await.access)
}

#[tokio::test]
async fn key_is_created_used_listed_and_revoked() {
    let fixture = Fixture::new();
    let bearer = bearer(&fixture).await;
    let made = fixture.post(KEYS, &bearer, json!({"name": "server"})).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.text("/name"), "server");
    assert!(!made.text("/created_at").is_empty());
    let key = made.text("/key");
    let random = key.strip_prefix("bmc_").unwrap();
    assert_eq!(random.len(), 32);
    assert!(random.bytes().all(|letter| letter.is_ascii_alphanumeric()));
    assert!(key.contains(CANARY));

    let key = format!("Bearer {key}");
    assert_eq!(
        fixture.get(HEALTH, &key).await.json(),
        json!({"status": "ok"})
    );
    let list = fixture.get(KEYS, &key).await;
    assert_eq!(list.text("/keys/0/id"), made.text("/id"));
    assert!(!list.body.contains(CANARY));

    let path = format!("{KEYS}/{}", made.text("/id"));
    assert_eq!(fixture.delete(&path, &bearer).await.status, 204);
    assert_eq!(fixture.get(HEALTH, &key).await.status, 401);
    assert_eq!(fixture.delete(&path, &bearer).await.status, 404);
    assert_eq!(fixture.get(KEYS, &bearer).await.json(), json!({"keys": []}));
}

#[tokio::test]
async fn invalid_requests_are_explained() {
    let fixture = Fixture::new();
    let bearer = bearer(&fixture).await;
    for body in [json!({}), json!({"name": ""}), json!({"name": null})] {
        let reply = fixture.post(KEYS, &bearer, body).await;
        assert_eq!(reply.status, 422);
        assert!(!reply.text("/detail").is_empty());
    }
    assert_eq!(fixture.post(KEYS, &bearer, json!("text")).await.status, 400);
    assert_eq!(
        fixture.raw_form(KEYS, "name=x").await.status,
        401,
        "the credential is checked before the body"
    );
    for path in ["/basic-memory/api/keys/", "/basic-memory/nothing"] {
        assert_eq!(
            fixture.get(path, &bearer).await.text("/detail"),
            "Not Found"
        );
    }
}

#[tokio::test]
async fn only_valid_credentials_of_this_service_work() {
    let fixture = Fixture::new();
    let foreign = Device::new(&fixture).await.tokens().await.access;
    for (authorization, challenge) in [
        (String::new(), "Bearer"),
        ("Basic YTpi".to_owned(), "Bearer"),
        (
            format!("Bearer {foreign}"),
            "Bearer error=\"invalid_token\"",
        ),
        (
            "Bearer bmc_00000000000000000000000000000000".to_owned(),
            "Bearer error=\"invalid_token\"",
        ),
        ("Bearer ".to_owned(), "Bearer error=\"invalid_token\""),
    ] {
        let reply = fixture.get(HEALTH, &authorization).await;
        assert_eq!(reply.status, 401, "{authorization}");
        assert_eq!(reply.header("www-authenticate"), challenge);
        assert!(!reply.text("/detail").is_empty());
    }
}
