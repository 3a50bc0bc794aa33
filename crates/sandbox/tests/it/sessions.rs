//! Refresh tokens with rotation and reuse detection, revocation (RFC 7009) and introspection (RFC 7662).

use std::thread;
use std::time::Duration;

use serde_json::json;

use super::fixture::{Device, Fixture, SERVICES, Tokens};

fn invalid_grant() -> (u16, String) {
    (400, "invalid_grant".to_owned())
}

#[tokio::test]
async fn refresh_token_works_once_and_is_rotated() {
    for service in SERVICES {
        let fixture = Fixture::new();
        let device = Device::at(&fixture, service).await;
        let first = device.tokens().await;
        let second = Tokens::of(&device.refresh(&first.refresh).await);
        assert_ne!(first.refresh, second.refresh);
        assert_ne!(first.access, second.access);
        assert!(device.is_active(&second.access).await);
        assert!(device.is_active(&second.refresh).await);
        assert!(
            device.is_active(&first.access).await,
            "the old access token is valid until it expires"
        );
        assert!(!device.is_active(&first.refresh).await);
    }
}

#[tokio::test]
async fn reused_refresh_token_revokes_the_family() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let first = device.tokens().await;
    let second = Tokens::of(&device.refresh(&first.refresh).await);
    assert_eq!(
        device.refresh(&first.refresh).await.error(),
        invalid_grant()
    );
    assert_eq!(
        device.refresh(&second.refresh).await.error(),
        invalid_grant()
    );
    for token in [first.access, second.access, second.refresh] {
        assert!(!device.is_active(&token).await);
    }
}

#[tokio::test]
async fn revoking_one_family_keeps_the_others() {
    let fixture = Fixture::new();
    let one = Device::new(&fixture).await;
    let other = Device::new(&fixture).await;
    let (ones, others) = (one.tokens().await, other.tokens().await);
    one.revoke(&ones.refresh).await;
    assert!(!one.is_active(&ones.access).await);
    assert!(other.is_active(&others.access).await);
    assert_eq!(other.refresh(&others.refresh).await.status, 200);
}

#[test]
fn exactly_one_of_four_concurrent_refreshes_succeeds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
    };
    for _ in 0..10 {
        let fixture = Fixture::on_file(&path);
        let tokens = runtime().block_on(async { Device::new(&fixture).await.tokens().await });
        let racers: Vec<_> = (0..4)
            .map(|_| {
                let (path, token) = (path.clone(), tokens.refresh.clone());
                thread::spawn(move || {
                    let fixture = Fixture::on_file(&path);
                    let (prefix, client_id) = SERVICES[0];
                    let device = Device {
                        fixture: &fixture,
                        prefix,
                        client_id,
                        device_code: String::new(),
                        user_code: String::new(),
                    };
                    runtime().block_on(device.refresh(&token)).status.as_u16()
                })
            })
            .collect();
        let mut responses: Vec<u16> = racers
            .into_iter()
            .map(|racer| racer.join().unwrap())
            .collect();
        responses.sort_unstable();
        assert_eq!(responses, [200, 400, 400, 400]);
    }
}

#[tokio::test]
async fn refresh_can_reduce_scopes_but_not_extend_them() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let tokens = device.tokens().await;
    let refresh_with_scope = async |refresh: &str, scope: &str| {
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", device.client_id),
            ("refresh_token", refresh),
            ("scope", scope),
        ];
        fixture.form("/oauth2/token", &fields).await
    };
    let extended = refresh_with_scope(&tokens.refresh, "brains:read everything").await;
    assert_eq!(extended.error(), (400, "invalid_scope".into()));
    let reduced = refresh_with_scope(&tokens.refresh, "brains:read").await;
    assert_eq!(
        reduced.text("/scope"),
        "brains:read",
        "the rejected request did not use up the refresh token"
    );
    let again = device.refresh(&reduced.text("/refresh_token")).await;
    assert!(
        again.text("/scope").contains("tokens:write"),
        "the grant still has all scopes"
    );
}

#[tokio::test]
async fn access_token_expires_after_an_hour_and_refresh_token_after_30_days() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let tokens = device.tokens().await;
    fixture.advance(Duration::from_hours(1));
    assert!(!device.is_active(&tokens.access).await);
    assert!(device.is_active(&tokens.refresh).await);
    fixture.advance(Duration::from_hours(24 * 30));
    assert_eq!(
        device.refresh(&tokens.refresh).await.error(),
        invalid_grant()
    );
}

#[tokio::test]
async fn revoking_the_refresh_token_revokes_the_family_and_an_access_token_only_itself() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let tokens = device.tokens().await;
    assert_eq!(device.revoke(&tokens.access).await.status, 200);
    assert!(!device.is_active(&tokens.access).await);
    let tokens = Tokens::of(&device.refresh(&tokens.refresh).await);
    assert_eq!(device.revoke(&tokens.refresh).await.status, 200);
    assert!(!device.is_active(&tokens.access).await);
    assert_eq!(
        device.refresh(&tokens.refresh).await.error(),
        invalid_grant()
    );
}

#[tokio::test]
async fn revoking_an_unknown_token_succeeds_and_an_unknown_client_fails() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let tokens = device.tokens().await;
    for token in ["nonsense", &tokens.refresh, &tokens.refresh] {
        let reply = device.revoke(token).await;
        assert_eq!((reply.status.as_u16(), reply.body.as_str()), (200, ""));
    }
    let reply = fixture
        .form("/oauth2/revoke", &[("client_id", device.client_id)])
        .await;
    assert_eq!(reply.error(), (400, "invalid_request".into()));
    let reply = fixture
        .form("/oauth2/revoke", &[("client_id", "x"), ("token", "y")])
        .await;
    assert_eq!(reply.error(), (401, "invalid_client".into()));
}

#[tokio::test]
async fn introspection_returns_account_scopes_and_expiry() {
    let fixture = Fixture::new();
    let device = Device::new(&fixture).await;
    let tokens = device.tokens().await;
    let facts = device.introspect(&tokens.access).await;
    assert_eq!(facts["active"], true);
    assert_eq!(facts["client_id"], device.client_id);
    assert_eq!(facts["username"], "demo@brainmaps.test");
    assert_eq!(facts["token_type"], "Bearer");
    assert_eq!(facts["iat"], 1_800_000_000);
    assert_eq!(facts["exp"], 1_800_003_600);
    assert_eq!(facts["iss"], "http://localhost:8000");
    assert!(facts["sub"].as_str().is_some());
    assert!(facts["scope"].as_str().unwrap().contains("openid"));
    let facts = device.introspect(&tokens.refresh).await;
    assert_eq!(
        (&facts["active"], facts.get("token_type")),
        (&json!(true), None)
    );
    assert_eq!(
        device.introspect("nonsense").await,
        json!({"active": false})
    );
}

#[tokio::test]
async fn tokens_are_unknown_at_the_other_service() {
    let fixture = Fixture::new();
    let here = Device::at(&fixture, SERVICES[0]).await;
    let there = Device::at(&fixture, SERVICES[1]).await;
    let tokens = here.tokens().await;
    assert!(!there.is_active(&tokens.access).await);
    assert_eq!(
        there.refresh(&tokens.refresh).await.error(),
        invalid_grant()
    );
    there.revoke(&tokens.refresh).await;
    assert!(here.is_active(&tokens.refresh).await);
}
