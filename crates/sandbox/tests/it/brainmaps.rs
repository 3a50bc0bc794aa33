//! BrainMaps' own API.

use std::time::Duration;

use brainmaps_sandbox::CANARY;
use serde_json::json;

use super::fixture::{Device, Fixture, SERVICES};

async fn session(fixture: &Fixture) -> String {
    let body = json!({"email": "Demo@brainmaps.test", "password": "demo"});
    let reply = fixture.post("/api/auth/login/", "", body).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.text("/user/email"), "demo@brainmaps.test");
    assert!(reply.text("/token").contains(CANARY));
    format!("Token {}", reply.text("/token"))
}

#[tokio::test]
async fn login_creates_a_session_and_logout_revokes_it() {
    let fixture = Fixture::new();
    let session = session(&fixture).await;
    assert_eq!(
        fixture
            .get("/api/auth/me/", &session)
            .await
            .text("/first_name"),
        "Demo"
    );
    assert_eq!(
        fixture
            .post("/api/auth/logout/", &session, json!({}))
            .await
            .status,
        204
    );
    let reply = fixture.get("/api/auth/me/", &session).await;
    assert_eq!(
        (reply.status.as_u16(), reply.text("/detail").as_str()),
        (401, "Invalid token.")
    );
}

#[tokio::test]
async fn idle_session_expires_and_use_extends_a_session() {
    let fixture = Fixture::new();
    let session = session(&fixture).await;
    for _ in 0..4 {
        fixture.advance(Duration::from_hours(24 * 13));
        assert_eq!(fixture.get("/api/auth/me/", &session).await.status, 200);
    }
    fixture.advance(Duration::from_hours(24 * 14));
    assert_eq!(fixture.get("/api/auth/me/", &session).await.status, 401);
}

#[tokio::test]
async fn wrong_and_missing_passwords_are_different_errors() {
    let fixture = Fixture::new();
    for (body, status) in [
        (
            json!({"email": "demo@brainmaps.test", "password": "wrong"}),
            401,
        ),
        (
            json!({"email": "nobody@brainmaps.test", "password": "demo"}),
            401,
        ),
        (json!({"email": "demo@brainmaps.test"}), 400),
        (json!({"email": "demo@brainmaps.test", "password": 7}), 400),
        (json!([]), 400),
    ] {
        let reply = fixture.post("/api/auth/login/", "", body.clone()).await;
        assert_eq!(reply.status, status, "{body}");
        assert!(!reply.text("/detail").is_empty());
        assert_eq!(reply.json().get("error").is_some(), status == 400);
    }
}

#[tokio::test]
async fn personal_access_token_is_shown_once_and_revoked_at_once() {
    let fixture = Fixture::new();
    let session = session(&fixture).await;
    let made = fixture
        .post("/api/tokens/", &session, json!({"name": " laptop "}))
        .await;
    assert_eq!(made.status, 201);
    assert_eq!(made.text("/name"), "laptop");
    assert_eq!(made.json()["expires_at"], json!(null));
    let (id, pat) = (made.text("/id"), format!("Token {}", made.text("/token")));

    let list = fixture.get("/api/tokens/", &pat).await;
    let listed = &list.json()["results"];
    assert_eq!(
        listed.as_array().unwrap().len(),
        1,
        "session tokens are not listed"
    );
    assert_eq!(listed[0]["is_revoked"], false);
    assert!(!list.body.contains(CANARY));

    let path = format!("/api/tokens/{id}/revoke/");
    let reply = fixture.post(&path, &pat, json!({})).await;
    assert_eq!(reply.json(), json!({"status": "token revoked"}));
    assert_eq!(fixture.get("/api/auth/me/", &pat).await.status, 401);
    assert_eq!(
        fixture.post(&path, &session, json!({})).await.status,
        200,
        "a second revocation succeeds"
    );
    let list = fixture.get("/api/tokens/", &session).await;
    assert_eq!(list.json()["results"][0]["is_revoked"], true);
}

#[tokio::test]
async fn other_tokens_cannot_be_revoked() {
    let fixture = Fixture::new();
    let session = session(&fixture).await;
    let made = fixture
        .post("/api/tokens/", &session, json!({"name": "mine"}))
        .await;
    let body = json!({"email": "unpaid@brainmaps.test", "password": "demo"});
    let other = fixture.post("/api/auth/login/", "", body).await;
    let other = format!("Token {}", other.text("/token"));
    for id in [made.text("/id").as_str(), "nonsense", "%2e%2e"] {
        let path = format!("/api/tokens/{id}/revoke/");
        assert_eq!(fixture.post(&path, &other, json!({})).await.status, 404);
    }
    assert_eq!(
        fixture.get("/api/tokens/", &other).await.json(),
        json!({"results": []})
    );
}

#[tokio::test]
async fn token_requires_a_name() {
    let fixture = Fixture::new();
    let session = session(&fixture).await;
    for body in [
        json!({}),
        json!({"name": " "}),
        json!({"name": 1}),
        json!({"name": "x".repeat(101)}),
    ] {
        let reply = fixture.post("/api/tokens/", &session, body).await;
        assert_eq!(reply.error(), (400, "validation_error".into()));
        assert!(reply.text("/detail").starts_with("name:"));
    }
}

#[tokio::test]
async fn personal_access_token_cannot_log_out() {
    let fixture = Fixture::new();
    let session = session(&fixture).await;
    let made = fixture
        .post("/api/tokens/", &session, json!({"name": "ci"}))
        .await;
    let pat = format!("Token {}", made.text("/token"));
    let reply = fixture.post("/api/auth/logout/", &pat, json!({})).await;
    assert_eq!(reply.error(), (400, "not_a_session".into()));
    assert_eq!(fixture.get("/api/auth/me/", &pat).await.status, 200);
}

#[tokio::test]
async fn each_credential_has_its_own_scheme() {
    let fixture = Fixture::new();
    let session = session(&fixture).await;
    let access = Device::new(&fixture).await.tokens().await.access;
    let foreign = Device::at(&fixture, SERVICES[1])
        .await
        .tokens()
        .await
        .access;
    for (authorization, status, challenge) in [
        (session.clone(), 200, ""),
        (session.replacen("Token", "token", 1), 200, ""),
        (format!("Bearer {access}"), 200, ""),
        (
            session.replacen("Token", "Bearer", 1),
            401,
            "Bearer error=\"invalid_token\"",
        ),
        (format!("Token {access}"), 401, "Token"),
        (
            format!("Bearer {foreign}"),
            401,
            "Bearer error=\"invalid_token\"",
        ),
        ("Token".to_owned(), 401, "Token"),
        (access, 401, "Token"),
        (String::new(), 401, "Token"),
    ] {
        let reply = fixture.get("/api/brains/", &authorization).await;
        assert_eq!(reply.status, status, "{authorization}");
        assert_eq!(reply.header("www-authenticate"), challenge);
    }
}

#[tokio::test]
async fn oauth_token_is_limited_by_its_scopes() {
    let fixture = Fixture::new();
    let fields = [
        ("client_id", SERVICES[0].1),
        ("scope", "profile tokens:read"),
    ];
    let reply = fixture.form("/oauth2/device_authorization", &fields).await;
    fixture.sandbox.approve(&reply.text("/user_code")).unwrap();
    let fields = [
        ("client_id", SERVICES[0].1),
        ("grant_type", super::fixture::DEVICE_CODE),
        ("device_code", &reply.text("/device_code")),
    ];
    let token = fixture
        .form("/oauth2/token", &fields)
        .await
        .text("/access_token");
    let bearer = format!("Bearer {token}");
    assert_eq!(fixture.get("/api/auth/me/", &bearer).await.status, 200);
    assert_eq!(fixture.get("/api/tokens/", &bearer).await.status, 200);
    let reply = fixture.get("/api/brains/", &bearer).await;
    assert_eq!(reply.status, 403);
    assert!(
        reply
            .header("www-authenticate")
            .contains("scope=\"brains:read\"")
    );
    let reply = fixture
        .post("/api/tokens/", &bearer, json!({"name": "x"}))
        .await;
    assert_eq!(reply.status, 403);
}

#[tokio::test]
async fn lists_link_the_next_page() {
    let fixture = Fixture::new();
    let session = session(&fixture).await;
    let mut path = "/api/brains/".to_owned();
    let mut seen = 0;
    loop {
        let page = fixture.get(&path, &session).await.json();
        assert_eq!(page["count"], 5);
        seen += page["results"].as_array().unwrap().len();
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = next
            .strip_prefix("http://localhost:8000")
            .unwrap()
            .to_owned();
    }
    assert_eq!((seen, path.as_str()), (5, "/api/brains/?page=3"));
    let whole = fixture
        .get("/api/brains/?page_size=100", &session)
        .await
        .json();
    assert_eq!(whole["next"], json!(null));
    for page in ["0", "4", "x"] {
        let reply = fixture
            .get(&format!("/api/brains/?page={page}"), &session)
            .await;
        assert_eq!(reply.status, 404);
    }
}

#[tokio::test]
async fn trailing_slash_is_required() {
    let fixture = Fixture::new();
    let reply = fixture.get("/api/brains?page=2", "").await;
    assert_eq!(reply.status, 301);
    assert_eq!(reply.header("location"), "/api/brains/?page=2");
    assert_eq!(fixture.post("/api/tokens", "", json!({})).await.status, 404);
    assert_eq!(fixture.get("/nothing/here/", "").await.status, 404);
    assert_eq!(fixture.delete("/api/brains/", "").await.status, 405);
}
