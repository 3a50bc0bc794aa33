//! The client credentials grant (RFC 6749 §4.4).

use super::fixture::{BASIC_MEMORY, Device, Fixture, SERVICES, TestResponse, basic};

async fn tokens(fixture: &Fixture, prefix: &str, scope: &str) -> TestResponse {
    let fields = [("grant_type", "client_credentials"), ("scope", scope)];
    let path = format!("{prefix}/oauth2/token");
    fixture.form_as(&path, &basic(), &fields).await
}

#[tokio::test]
async fn client_gets_an_access_token_for_itself() {
    let fixture = Fixture::new();
    let reply = tokens(&fixture, "", "brains:read openid offline_access").await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.text("/scope"), "brains:read");
    assert_eq!(reply.json().get("refresh_token"), None);
    assert_eq!(reply.json().get("id_token"), None);
    let token = reply.text("/access_token");
    let bearer = format!("Bearer {token}");
    assert_eq!(fixture.get("/api/brains/", &bearer).await.status, 200);
    assert_eq!(fixture.get("/api/tokens/", &bearer).await.status, 403);
    let device = Device::new(&fixture).await;
    let facts = device.introspect(&token).await;
    assert_eq!(facts["sub"], "sandbox-service");
    assert_eq!(facts["client_id"], "sandbox-service");
    assert_eq!(facts.get("username"), None);
}

#[tokio::test]
async fn all_scopes_of_the_service_are_granted_if_none_are_requested() {
    let fixture = Fixture::new();
    let reply = tokens(&fixture, "", "").await;
    assert_eq!(reply.text("/scope"), "brains:read tokens:read tokens:write");
    let reply = tokens(&fixture, BASIC_MEMORY, "").await;
    assert_eq!(reply.json().get("scope"), None);
    let bearer = format!("Bearer {}", reply.text("/access_token"));
    let keys = fixture.get("/basic-memory/api/keys", &bearer).await;
    assert_eq!(keys.status, 200);
}

#[tokio::test]
async fn public_clients_and_scopes_of_a_person_are_rejected() {
    let fixture = Fixture::new();
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", SERVICES[0].1),
    ];
    let reply = fixture.form("/oauth2/token", &fields).await;
    assert_eq!(reply.error(), (400, "unauthorized_client".to_owned()));
    let reply = tokens(&fixture, "", "openid email").await;
    assert_eq!(reply.error(), (400, "invalid_scope".to_owned()));
}

#[tokio::test]
async fn client_revokes_its_own_tokens_only() {
    let fixture = Fixture::new();
    let token = tokens(&fixture, "", "").await.text("/access_token");
    let device = Device::new(&fixture).await;
    device.revoke(&token).await;
    assert!(device.is_active(&token).await, "another client's token");
    let fields = [("token", token.as_str())];
    let reply = fixture.form_as("/oauth2/revoke", &basic(), &fields).await;
    assert_eq!(reply.status, 200);
    assert!(!device.is_active(&token).await);
}
